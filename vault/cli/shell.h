/* vault/cli/shell.h - commands one after another in one session of an open vault. */
#ifndef WB_CLI_SHELL_H
#define WB_CLI_SHELL_H

#include "reader.h"

enum { SHELL_WORDS_MAX = 256, SHELL_HISTORY = 32, SHELL_LINE_BYTES = 4096 };

/* What was typed before, in locked memory, until the lock. */
struct shell_history {
    char lines[SHELL_HISTORY][SHELL_LINE_BYTES];
    size_t sizes[SHELL_HISTORY];
    size_t count; /* all that were kept; the newest SHELL_HISTORY are there */
    size_t at;    /* that is shown, counted back from the newest; 0: none */
};

struct shell {
    struct cli *c; /* of the session: path and vault, NULL while locked */
    struct cli_reader reader;
    struct shell_history *history;
    char name[64]; /* of the vault, for the prompt */
    bool ends;
};

/* Wipes what was typed, now and before. */
void shell_forget(struct shell *s);

/* ---- shell_words.c ---- */

/* Cuts a line into words, in place: blanks part them; '...' and "..." keep what is in
 * them together, a backslash the character behind it. `words` gets room for NULL at the
 * end. WB_ERR_USAGE for a quote without its end, or more than SHELL_WORDS_MAX. */
WB_CHECKED enum wb_status shell_words(char *line,
    char *words[static SHELL_WORDS_MAX + 1], int *count, struct wb_error *e);

/* ---- shell_complete.c ---- */

/* Tab: completes the word before the cursor, or shows what it may become. */
void shell_complete(struct shell *s);

/* ---- shell_history.c ---- */

void shell_history_keep(struct shell_history *h, const struct cli_bytes *line);
/* The line becomes an older (1) or newer (-1) one. */
void shell_history_step(struct shell_history *h, struct cli_reader *r, int step);

#endif
