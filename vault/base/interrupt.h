/* vault/base/interrupt.h - asked at every row and block: shall this go on? */
#ifndef WB_BASE_INTERRUPT_H
#define WB_BASE_INTERRUPT_H

#include <witnessbox/interrupt.h>

/* WB_ERR_IO, os_errno EINTR, once somebody wants it to end. */
WB_CHECKED enum wb_status wb_interrupt_check(struct wb_error *e);

/* Test seam: asked at each check; true is an interrupt. */
extern bool (*wb_interrupt_fault)(void);

#endif
