/* vault/cli/ask.h - passphrases, the idle lock, questions. */
#ifndef WB_CLI_ASK_H
#define WB_CLI_ASK_H

#include "row.h"

/* ---- passphrase.c ---------------------------------------------------------------- */

enum { CLI_PASSPHRASE_MAX = 1024 };

struct cli_passphrase {
    size_t size;
    char bytes[CLI_PASSPHRASE_MAX + 2]; /* a line feed and one byte too many */
};

/* Where a passphrase comes from: a descriptor, a file, or (neither, and standard input
 * is a terminal) the terminal with its echo off. */
struct cli_source {
    struct cli_number fd;
    const char *file;
    const char *prompt;
    bool twice; /* ask again on a terminal and compare */
};

/* The caller wipes *p with wb_text_wipe, also after an error. */
WB_CHECKED enum wb_status cli_passphrase(struct cli *c, struct cli_passphrase *p,
    const struct cli_source *source, struct wb_error *e);
/* Whether it would be asked for on the terminal, and whether there is any source. */
bool cli_passphrase_is_asked(const struct cli_source *source);
bool cli_passphrase_is_there(const struct cli_source *source);
/* One line from an open terminal, echo off, without its line feed. */
WB_CHECKED enum wb_status cli_terminal_ask(
    struct cli_passphrase *p, int fd, const char *prompt, struct wb_error *e);

/* The desk's: unlocks c->vault, which is the file at `path`, with the passphrase and
 * key file of the global options, or asks. */
WB_CHECKED enum wb_status cli_unlock(
    struct cli *c, const char *path, struct wb_error *e);

/* ---- lock.c: the idle lock ---- */

/* How long a question waits for a key before it ends; negative: for ever. */
extern long cli_idle_ms;
/* Test seam: a second, in milliseconds. */
extern long cli_second_ms;
/* From here on questions wait as long as --idle says. */
void cli_idle_begin(const struct cli *c);
/* Closes the vault with all its keys, empties the screen, wipes what was left on the
 * stack. What the caller has of a plaintext it wipes before. */
void cli_lock(struct cli *c);
/* Opens the vault again with a passphrase from the terminal, however often it takes. */
WB_CHECKED enum wb_status cli_unlock_again(struct cli *c, struct wb_error *e);

/* ---- confirm.c: questions on the terminal, the echo on ---- */

/* Somebody is there to ask. */
bool cli_is_terminal(void);
/* One line, cut to `room` with its NUL. */
WB_CHECKED enum wb_status cli_ask(
    char *answer, size_t room, const char *prompt, struct wb_error *e);
/* "y" or "yes". */
WB_CHECKED enum wb_status cli_confirm(
    bool *yes, const char *question, struct wb_error *e);
/* Offers what could be done next: a question where somebody is there to answer, else
 * the words as a note. */
WB_CHECKED enum wb_status cli_offer(const struct cli *c, bool *yes,
    const char *question, const char *words, struct wb_error *e);
void cli_clear_screen(void);

#endif
