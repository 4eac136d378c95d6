/* include/witnessbox/interrupt.h - somebody wants what is under way to end. */
#ifndef WITNESSBOX_INTERRUPT_H
#define WITNESSBOX_INTERRUPT_H

#include <stdbool.h>

#include "error.h"

/* From a signal handler or another thread: whatever the library does in this process
 * ends at its next row or block with WB_ERR_IO, os_errno EINTR, and undoes a change
 * that is under way as it does when a disk fails. What a commit has saved stays saved.
 * True holds until it is called with false. What it does not end: a key derivation,
 * burning a vault, wiping. */
WB_API void wb_interrupt(bool wanted);

#endif
