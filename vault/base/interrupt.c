/* vault/base/interrupt.c - asked at every row and block: shall this go on? */
#include "interrupt.h"

#include <errno.h>
#include <signal.h>

#include "fail.h"

static volatile sig_atomic_t end_wanted;

bool (*wb_interrupt_fault)(void);

void
wb_interrupt(bool wanted)
{
    end_wanted = wanted;
}

enum wb_status
wb_interrupt_check(struct wb_error *e)
{
    if (end_wanted == 0 && (wb_interrupt_fault == NULL || !wb_interrupt_fault()))
        return WB_OK;
    (void)wb_fail(e, WB_ERR_IO, "interrupted, what was not finished is undone");
    if (e != NULL)
        e->os_errno = EINTR;
    return WB_ERR_IO;
}
