/* include/witnessbox/sandbox.h - a process that cannot leak: what it forbids itself. */
#ifndef WITNESSBOX_SANDBOX_H
#define WITNESSBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

/* What may be done with a path. A file need not exist. */
enum wb_sandbox_use {
    WB_SANDBOX_READ,   /* a file (or pipe): read; of a folder: everything below it */
    WB_SANDBOX_WRITE,  /* a folder: files in it read, written, made and removed */
    WB_SANDBOX_BESIDE, /* a file to be made: the folder that it lies in, as WRITE */
    WB_SANDBOX_MAKE,   /* as BESIDE, and the folders above it that are missing */
};

struct wb_sandbox_path {
    const char *path;
    enum wb_sandbox_use use;
};

/* All files that will be opened from now on by name. Descriptors that are open stay. */
struct wb_sandbox_rules {
    const struct wb_sandbox_path *paths;
    size_t count;
};

/* Gives up for good, for this process, before anything hostile is opened:
 *
 *   with seccomp    sockets, new programs, other processes (threads stay), tracing and
 *                   reading other processes, mounts, kernel keys, io_uring, bpf, perf
 *                   and typing into a terminal: such calls fail with EPERM
 *   with Landlock   all files but those of the rules, /proc, /dev/null, /dev/zero,
 *                   /dev/urandom and /dev/tty: opening them fails with EACCES
 *
 * Needs no privilege. To be called while there is only one thread. Where the kernel has
 * one or the other not, the rest is in force and WB_OK is the answer:
 * wb_sandbox_protections tells. WB_ERR_IO, WB_ERR_MEMORY where what the kernel has
 * could not be put in force. */
WB_API WB_CHECKED enum wb_status wb_sandbox_enter(
    const struct wb_sandbox_rules *rules, struct wb_error *e);

/* What is in force in this process. */
struct wb_protections {
    bool calls;      /* the system calls above are refused */
    unsigned files;  /* Landlock's version, 0: files are not limited */
    bool unreadable; /* no core dump, and no other process of the user reads memory */
};
WB_API void wb_sandbox_protections(struct wb_protections *p);

#endif
