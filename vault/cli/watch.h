/* vault/cli/watch.h - waiting for a key: signals are let in only then, and are noted
 * instead of obeyed, so that what must be put right before can be. */
#ifndef WB_CLI_WATCH_H
#define WB_CLI_WATCH_H

/* Interrupt, end, hang-up, quit, stop and alarm are noted from here to the end. A watch
 * may stand within another. */
void cli_watch_begin(void);
void cli_watch_end(void);
/* The last signal that was noted, or 0; it is not told again. */
int cli_watch_take(void);

enum cli_wait {
    CLI_WAIT_BYTE,
    CLI_WAIT_END,    /* nobody is there any more */
    CLI_WAIT_TIME,   /* the time is over */
    CLI_WAIT_SIGNAL, /* one of ours, or another that was handled (a resized window) */
    CLI_WAIT_FAILED, /* errno */
};
/* During a watch: one byte within `timeout_ms` (negative: however long it takes). */
enum cli_wait cli_watch_read(int fd, char *byte, long timeout_ms);

#endif
