/* vault/cli/terminal.c - one line from a terminal without echo; whatever signal comes,
 * the echo is back before it is obeyed. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli.h"
#include "watch.h"

/* Bytes until the line feed (left out) or the end; what does not fit is read and
 * dropped, so that it does not reach the shell. */
static enum wb_status
read_line(struct cli_passphrase *p, int fd, struct wb_error *e)
{
    bool too_long = false;
    enum cli_wait got;
    char byte = 0;

    p->size = 0;
    while ((got = cli_watch_read(fd, &byte, cli_idle_ms)) == CLI_WAIT_BYTE &&
        byte != '\n') {
        if (p->size < CLI_PASSPHRASE_MAX)
            p->bytes[p->size++] = byte;
        else
            too_long = true;
    }
    byte = 0;
    if (got == CLI_WAIT_FAILED || got == CLI_WAIT_SIGNAL)
        return cli_fail_os(e, errno, "terminal");
    if (got == CLI_WAIT_TIME)
        return cli_fail(e, WB_ERR_LOCKED, "nothing was typed for too long");
    if (got == CLI_WAIT_END && p->size == 0)
        return cli_fail(e, WB_ERR_USAGE, "no passphrase was given");
    if (too_long)
        return cli_fail(
            e, WB_ERR_VALUE, "passphrase: more than %d bytes", CLI_PASSPHRASE_MAX);
    return WB_OK;
}

static void
put(int fd, const char *text)
{
    ssize_t n = write(fd, text, strlen(text));

    (void)n; /* a prompt that cannot be shown is no reason to stop */
}

/* Asks once; *number is the signal that ended it, or 0. */
static enum wb_status
ask_once(struct cli_passphrase *p, int fd, const char *prompt, int *number,
    struct wb_error *e)
{
    struct termios shown, hidden;
    enum wb_status st;

    if (tcgetattr(fd, &shown) != 0)
        return cli_fail_os(e, errno, "terminal");
    cli_watch_begin();
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    if (tcsetattr(fd, TCSAFLUSH, &hidden) != 0)
        st = cli_fail_os(e, errno, "terminal: the echo cannot be switched off");
    else {
        put(fd == STDIN_FILENO ? STDERR_FILENO : fd, prompt);
        st = read_line(p, fd, e);
        put(fd == STDIN_FILENO ? STDERR_FILENO : fd, "\n");
    }
    while (tcsetattr(fd, TCSAFLUSH, &shown) != 0 && errno == EINTR)
        continue;
    cli_watch_end();
    *number = cli_watch_take();
    return st;
}

enum wb_status
cli_terminal_ask(
    struct cli_passphrase *p, int fd, const char *prompt, struct wb_error *e)
{
    enum wb_status st;
    int number;

    do {
        number = 0;
        st = ask_once(p, fd, prompt, &number, e);
        if (number != 0) {
            wb_text_wipe(p, sizeof *p);
            (void)raise(number); /* most end here; after a stop we ask again */
        }
    } while (number == SIGTSTP);
    if (number != 0)
        return cli_fail(e, WB_ERR_USAGE, "interrupted");
    return st;
}
