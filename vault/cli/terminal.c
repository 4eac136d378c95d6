/* vault/cli/terminal.c - one line from a terminal without echo; whatever signal comes,
 * the echo is back before it is obeyed. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli.h"

static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGALRM};
enum { WATCHED = sizeof watched / sizeof watched[0] };

static volatile sig_atomic_t caught;

static void catch (int number)
{
    caught = number;
}

struct watch {
    struct sigaction before[WATCHED];
    sigset_t mask; /* while waiting: as the process had it */
};

/* The signals are let in only while we wait for a key: one that came just before the
 * wait would otherwise be noted and slept over. */
static void
watch_signals(struct watch *w)
{
    struct sigaction action = {.sa_handler = catch};
    sigset_t blocked;

    caught = 0;
    (void)sigemptyset(&action.sa_mask);
    (void)sigemptyset(&blocked);
    for (size_t i = 0; i < WATCHED; i++)
        (void)sigaddset(&blocked, watched[i]);
    (void)sigprocmask(SIG_BLOCK, &blocked, &w->mask);
    for (size_t i = 0; i < WATCHED; i++)
        (void)sigaction(watched[i], &action, &w->before[i]);
}

static void
unwatch_signals(const struct watch *w)
{
    for (size_t i = 0; i < WATCHED; i++)
        (void)sigaction(watched[i], &w->before[i], NULL);
    (void)sigprocmask(SIG_SETMASK, &w->mask, NULL);
}

/* One byte, as read(2); -1 with EINTR when a signal came. */
static ssize_t
read_byte(int fd, char *byte, const sigset_t *mask)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};

    if (ppoll(&wait, 1, NULL, mask) < 0)
        return -1;
    return read(fd, byte, 1);
}

/* Bytes until the line feed (left out) or the end; what does not fit is read and
 * dropped, so that it does not reach the shell. */
static enum wb_status
read_line(struct cli_passphrase *p, int fd, const sigset_t *mask, struct wb_error *e)
{
    bool too_long = false;
    char byte = 0;
    ssize_t n;

    p->size = 0;
    while ((n = read_byte(fd, &byte, mask)) == 1 && byte != '\n') {
        if (p->size < CLI_PASSPHRASE_MAX)
            p->bytes[p->size++] = byte;
        else
            too_long = true;
    }
    byte = 0;
    if (n < 0)
        return cli_fail_os(e, errno, "terminal");
    if (n == 0 && p->size == 0)
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
    struct watch w;
    struct termios shown, hidden;
    enum wb_status st;

    if (tcgetattr(fd, &shown) != 0)
        return cli_fail_os(e, errno, "terminal");
    watch_signals(&w);
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    if (tcsetattr(fd, TCSAFLUSH, &hidden) != 0)
        st = cli_fail_os(e, errno, "terminal: the echo cannot be switched off");
    else {
        put(fd == STDIN_FILENO ? STDERR_FILENO : fd, prompt);
        st = read_line(p, fd, &w.mask, e);
        put(fd == STDIN_FILENO ? STDERR_FILENO : fd, "\n");
    }
    while (tcsetattr(fd, TCSAFLUSH, &shown) != 0 && errno == EINTR)
        continue;
    unwatch_signals(&w);
    *number = caught;
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
