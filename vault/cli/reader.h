/* vault/cli/reader.h - a line typed on the terminal, into locked memory of our own:
 * testimony never passes through a library that keeps copies.
 *
 * UTF-8 in any script; wide and combining characters; moving, deleting and pasting
 * (several paragraphs too, as terminals mark a paste, or as they send it unmarked).
 * What is shown is made safe. Signals are noted, the terminal is put right before
 * anything comes back. */
#ifndef WB_CLI_READER_H
#define WB_CLI_READER_H

#include <termios.h>

#include "cli.h"
#include "watch.h"

/* Keys that are no text. */
enum cli_key {
    CLI_KEY_NONE,
    CLI_KEY_TEXT,
    CLI_KEY_ENTER,
    CLI_KEY_TAB,
    CLI_KEY_LEFT,
    CLI_KEY_RIGHT,
    CLI_KEY_WORD_LEFT,
    CLI_KEY_WORD_RIGHT,
    CLI_KEY_UP,
    CLI_KEY_DOWN,
    CLI_KEY_HOME,
    CLI_KEY_END,
    CLI_KEY_BACKSPACE,
    CLI_KEY_DELETE,
    CLI_KEY_CUT_WORD,
    CLI_KEY_CUT_BEFORE,
    CLI_KEY_CUT_BEHIND,
    CLI_KEY_CLOSE, /* control D */
    CLI_KEY_REDRAW,
    CLI_KEY_PASTE,
    CLI_KEY_PASTED,
    CLI_KEY_F1,
    CLI_KEY_F2,
    CLI_KEY_F3,
    CLI_KEY_F4,
};

/* Why a reading ended. */
enum cli_end {
    CLI_END_LINE,   /* Enter: the line is in `line` */
    CLI_END_KEY,    /* a function key, or up in an empty line: `key` says which */
    CLI_END_CLOSED, /* control D in an empty line, or nobody is there any more */
    CLI_END_IDLE,   /* nothing was typed for cli_idle_ms */
    CLI_END_SIGNAL, /* `signal` */
    CLI_END_FAILED, /* the terminal or memory */
};

struct cli_reader {
    struct cli_bytes line; /* what is being typed; stays for the next reading */
    size_t at;             /* the cursor, in bytes */
    enum cli_key key;
    int signal;
    /* of the caller, before reading: */
    const char *prompt; /* safe text, one line */
    bool paragraphs;    /* an Enter with more right behind it is part of a paste */
    long tick_ms;       /* 0: no ticks */
    void (*tick)(void *cookie); /* so long after a change, while it lasts */
    /* Tab, up, down; may change the line, and print after cli_reader_pass. */
    void (*other)(void *cookie, struct cli_reader *r, enum cli_key key);
    void *cookie;
    /* of the reader */
    int fd;
    bool own;
    bool pasting;
    bool after_return; /* a line feed now belongs to the return before it */
    char ahead;        /* a byte that was read too far */
    bool has_ahead;
    int64_t changed_ms; /* when it was changed first since the last tick; 0: not */
    int64_t last_key_ms;
    struct termios before;
    struct cli_bytes shown; /* what is being drawn */
    bool stale;             /* what is drawn is not the line as it is */
    size_t row;             /* of the cursor, below the first row that is drawn */
    size_t columns, rows;   /* of the terminal */
};

/* Reads until the end that is answered. The line begins with what is in it. */
enum cli_end cli_reader_read(struct cli_reader *r);

/* The line is emptied; all memory is wiped and given back. */
void cli_reader_clear(struct cli_reader *r);
void cli_reader_free(struct cli_reader *r);

/* ---- reader_keys.c ---- */

struct cli_waiting {
    long timeout_ms; /* as of cli_watch_read */
    enum cli_wait got;
};
/* The next key; of CLI_KEY_TEXT the bytes of one character. CLI_KEY_NONE for what is to
 * be passed over, and when none came: w->got says why. */
enum cli_key cli_reader_key(
    struct cli_reader *r, char text[static 4], size_t *size, struct cli_waiting *w);
/* More is there to be read right now. */
bool cli_reader_has_more(struct cli_reader *r);

/* ---- reader_draw.c ---- */

void cli_reader_draw(struct cli_reader *r);
/* The cursor goes below the line, which stays as it is drawn. */
void cli_reader_pass(struct cli_reader *r);
/* The number of bytes of the character at `at`, or before it, those that combine with
 * it included. */
size_t cli_reader_step(const struct cli_reader *r, size_t at);
size_t cli_reader_step_back(const struct cli_reader *r, size_t at);

#endif
