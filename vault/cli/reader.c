/* vault/cli/reader.c - a line typed on the terminal, into locked memory of our own. */
#include "reader.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES_MAX = 16 * 1024 * 1024, FALLBACK_COLUMNS = 80, FALLBACK_ROWS = 24 };

/* A paste is sent between two marks: DEC private mode 2004. */
static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

/* Time in which the computer slept counts. */
static int64_t
now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
put(const struct cli_reader *r, const char *text)
{
    ssize_t n = write(r->fd, text, strlen(text));

    (void)n; /* a terminal that cannot show it is no reason to stop */
}

/* ---- the terminal, raw and back ---- */

static void
measure(struct cli_reader *r)
{
    struct winsize size = {0};

    (void)ioctl(r->fd, TIOCGWINSZ, &size);
    r->columns = size.ws_col > 1 ? size.ws_col : FALLBACK_COLUMNS;
    r->rows = size.ws_row > 1 ? size.ws_row : FALLBACK_ROWS;
}

static bool
begin(struct cli_reader *r)
{
    struct termios raw;

    r->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    r->own = r->fd >= 0;
    if (!r->own)
        r->fd = STDIN_FILENO;
    if (tcgetattr(r->fd, &r->before) != 0 || !cli_bytes_grow(&r->line, 0))
        return false;
    cli_watch_begin();
    raw = r->before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
    raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    raw.c_cc[VSUSP] = _POSIX_VDISABLE; /* who is stopped cannot lock itself */
    raw.c_cc[VQUIT] = _POSIX_VDISABLE;
    if (tcsetattr(r->fd, TCSADRAIN, &raw) != 0) {
        cli_watch_end();
        return false;
    }
    put(r, paste_on);
    return true;
}

static void
end(struct cli_reader *r)
{
    cli_reader_pass(r);
    put(r, paste_off);
    (void)tcsetattr(r->fd, TCSADRAIN, &r->before);
    cli_watch_end();
    if (r->own)
        (void)close(r->fd);
}

void
cli_reader_clear(struct cli_reader *r)
{
    cli_bytes_cut(&r->line, 0, r->line.size);
    r->at = 0;
}

void
cli_reader_free(struct cli_reader *r)
{
    cli_bytes_free(&r->line);
    cli_bytes_free(&r->shown);
    r->at = 0;
    r->has_ahead = false;
    r->ahead = 0;
}

/* ---- editing ---- */

static void
insert(struct cli_reader *r, const char *text, size_t size)
{
    if (size > LINE_BYTES_MAX - r->line.size ||
        !cli_bytes_put(&r->line, r->at, text, size)) {
        put(r, "\a");
        return;
    }
    r->at += size;
}

static void
cut(struct cli_reader *r, size_t from, size_t to)
{
    cli_bytes_cut(&r->line, from, to);
    r->at = from;
}

static bool
is_blank(const struct cli_reader *r, size_t at)
{
    return r->line.bytes[at] == ' ' || r->line.bytes[at] == '\n' ||
        r->line.bytes[at] == '\t';
}

static size_t
word_before(const struct cli_reader *r)
{
    size_t at = r->at;

    while (at > 0 && is_blank(r, at - 1))
        at--;
    while (at > 0 && !is_blank(r, at - 1))
        at--;
    return at;
}

static size_t
word_behind(const struct cli_reader *r)
{
    size_t at = r->at;

    while (at < r->line.size && is_blank(r, at))
        at++;
    while (at < r->line.size && !is_blank(r, at))
        at++;
    return at;
}

/* True for a key that moves or deletes. */
static bool
edit(struct cli_reader *r, enum cli_key key)
{
    const size_t before = r->at - cli_reader_step_back(r, r->at);
    const size_t behind = r->at + cli_reader_step(r, r->at);

    switch (key) {
    case CLI_KEY_LEFT:
        r->at = before;
        return true;
    case CLI_KEY_RIGHT:
        r->at = behind;
        return true;
    case CLI_KEY_WORD_LEFT:
        r->at = word_before(r);
        return true;
    case CLI_KEY_WORD_RIGHT:
        r->at = word_behind(r);
        return true;
    case CLI_KEY_HOME:
        r->at = 0;
        return true;
    case CLI_KEY_END:
        r->at = r->line.size;
        return true;
    case CLI_KEY_BACKSPACE:
        cut(r, before, r->at);
        return true;
    case CLI_KEY_DELETE:
        cut(r, r->at, behind);
        return true;
    case CLI_KEY_CUT_WORD:
        cut(r, word_before(r), r->at);
        return true;
    case CLI_KEY_CUT_BEFORE:
        cut(r, 0, r->at);
        return true;
    case CLI_KEY_CUT_BEHIND:
        cut(r, r->at, r->line.size);
        return true;
    default:
        return false;
    }
}

/* ---- reading ---- */

/* Of what is pasted: ends of lines as line feeds, one for a return and a line feed. */
static void
paste(struct cli_reader *r, enum cli_key key, const char *text, size_t size)
{
    const bool second = r->after_return && key == CLI_KEY_ENTER && text[0] == '\n';

    r->after_return = key == CLI_KEY_ENTER && text[0] == '\r';
    if (key == CLI_KEY_TEXT || key == CLI_KEY_TAB)
        insert(r, text, key == CLI_KEY_TAB ? 1 : size);
    else if (key == CLI_KEY_ENTER && !second)
        insert(r, "\n", 1);
}

static bool
ends(struct cli_reader *r, enum cli_key key, enum cli_end *why)
{
    const bool empty = r->line.size == 0;

    r->key = key;
    *why = CLI_END_KEY;
    if (key >= CLI_KEY_F1 || (key == CLI_KEY_UP && empty && r->other == NULL))
        return true;
    *why = key == CLI_KEY_CLOSE ? CLI_END_CLOSED : CLI_END_LINE;
    return key == CLI_KEY_ENTER || (key == CLI_KEY_CLOSE && empty);
}

/* One key; true when the reading ends with it. */
static bool
take(struct cli_reader *r, enum cli_key key, const char *text, size_t size,
    enum cli_end *why)
{
    if (key == CLI_KEY_PASTE || key == CLI_KEY_PASTED)
        r->pasting = key == CLI_KEY_PASTE;
    else if (r->pasting ||
        (key == CLI_KEY_ENTER && r->paragraphs && cli_reader_has_more(r))) {
        paste(r, key, text, size);
        return false;
    } else if (key == CLI_KEY_TEXT)
        insert(r, text, size);
    else if (key == CLI_KEY_CLOSE && r->line.size > 0)
        return !edit(r, CLI_KEY_DELETE);
    else if (r->other != NULL &&
        (key == CLI_KEY_TAB || key == CLI_KEY_UP || key == CLI_KEY_DOWN))
        r->other(r->cookie, r, key);
    else if (!edit(r, key))
        return ends(r, key, why);
    r->after_return = false;
    return false;
}

/* How long to wait for a key, negative for ever; a tick that is due is done first. */
static long
patience(struct cli_reader *r)
{
    const int64_t now = now_ms();
    int64_t left = INT64_MAX;

    if (r->changed_ms != 0 && r->tick_ms > 0 && now - r->changed_ms >= r->tick_ms) {
        r->changed_ms = 0;
        r->tick(r->cookie);
        r->stale = true; /* it may have said something */
    }
    if (cli_idle_ms >= 0)
        left = r->last_key_ms + cli_idle_ms - now;
    if (r->changed_ms != 0 && r->tick_ms > 0 && left > r->changed_ms + r->tick_ms - now)
        left = r->changed_ms + r->tick_ms - now;
    return left == INT64_MAX ? -1 : left < 0 ? 0 : (long)left;
}

static bool
is_idle(const struct cli_reader *r)
{
    return cli_idle_ms >= 0 && now_ms() - r->last_key_ms >= cli_idle_ms;
}

/* Whether the reading ends here, and why. A key that comes too late (the computer had
 * slept) is none. */
static bool
stops(struct cli_reader *r, enum cli_wait got, enum cli_end *why)
{
    switch (got) {
    case CLI_WAIT_BYTE:
    case CLI_WAIT_TIME:
        *why = CLI_END_IDLE;
        return is_idle(r);
    case CLI_WAIT_SIGNAL:
        r->signal = cli_watch_take();
        *why = CLI_END_SIGNAL;
        return r->signal != 0;
    case CLI_WAIT_END:
        *why = CLI_END_CLOSED;
        return true;
    case CLI_WAIT_FAILED:
        break;
    }
    *why = CLI_END_FAILED;
    return true;
}

enum cli_end
cli_reader_read(struct cli_reader *r)
{
    enum cli_end why = CLI_END_FAILED;
    struct cli_waiting w;
    char text[4];
    size_t size = 0;
    bool done = false;

    if (!begin(r))
        return CLI_END_FAILED;
    r->at = r->line.size;
    r->row = 0;
    r->stale = true;
    r->changed_ms = 0;
    r->last_key_ms = now_ms();
    while (!done) {
        enum cli_key key;

        if (r->stale && !cli_reader_has_more(r)) { /* of a paste only the end */
            measure(r);
            cli_reader_draw(r);
        }
        w.timeout_ms = patience(r);
        key = cli_reader_key(r, text, &size, &w);
        done = stops(r, w.got, &why);
        if (done || w.got != CLI_WAIT_BYTE)
            continue;
        r->last_key_ms = now_ms();
        if (r->changed_ms == 0)
            r->changed_ms = r->last_key_ms;
        done = take(r, key, text, size, &why);
        r->stale |= !done;
    }
    wb_text_wipe(text, sizeof text);
    end(r);
    return why;
}
