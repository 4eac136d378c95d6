/* vault/cli/confirm.c - a question on the terminal, answered with the echo on. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "fit.h"

enum { NOTHING_TYPED = -2 };

bool
cli_is_terminal(void)
{
    return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

/* As read(2), but waits only as long as a question may. An interrupt that comes after
 * it was asked for and before the wait begins ends the wait too (ppoll(2)). */
static ssize_t
read_byte(int fd, char *byte)
{
    const struct timespec limit = {cli_idle_ms / 1000, cli_idle_ms % 1000 * 1000000};
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    sigset_t interrupt, before;
    int ready = -1;

    (void)sigemptyset(&interrupt);
    (void)sigaddset(&interrupt, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &interrupt, &before);
    while (!cli_is_interrupted() && ready < 0) {
        ready = ppoll(&wait, 1, cli_idle_ms < 0 ? NULL : &limit, &before);
        if (ready < 0 && errno != EINTR)
            break;
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return ready == 0 ? NOTHING_TYPED : ready < 0 ? -1 : read(fd, byte, 1);
}

enum wb_status
cli_ask(char *answer, size_t room, const char *prompt, struct wb_error *e)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    const int own = fd;
    enum wb_status st = WB_OK;
    size_t size = 0;
    ssize_t n;
    char byte = 0;

    if (fd < 0)
        fd = STDIN_FILENO;
    cli_fit_end();
    (void)fflush(stdout); /* what is asked about stands above the question */
    n = write(own < 0 ? STDERR_FILENO : fd, prompt, strlen(prompt));
    while ((n = read_byte(fd, &byte)) == 1 && byte != '\n')
        if (size + 1 < room)
            answer[size++] = byte;
    answer[size] = '\0';
    if (n == NOTHING_TYPED)
        st = cli_fail(e, WB_ERR_LOCKED, "nothing was typed for too long");
    else if (cli_is_interrupted())
        st = cli_fail(e, WB_ERR_IO, "interrupted");
    else if (n < 0)
        st = cli_fail_os(e, errno, "terminal");
    else if (n == 0 && size == 0)
        st = cli_fail(e, WB_ERR_USAGE, "nothing was answered");
    if (own >= 0)
        (void)close(own);
    return st;
}

enum wb_status
cli_confirm(bool *yes, const char *question, struct wb_error *e)
{
    char answer[8];
    enum wb_status st = cli_ask(answer, sizeof answer, question, e);

    if (st == WB_OK)
        *yes = strcmp(answer, "y") == 0 || strcmp(answer, "yes") == 0;
    return st;
}

enum wb_status
cli_offer(const struct cli *c, bool *yes, const char *question, const char *words,
    struct wb_error *e)
{
    *yes = false;
    if (!c->global.json && !c->global.quiet && cli_is_terminal())
        return cli_confirm(yes, question, e);
    cli_note(c, "%s", cli_word(words));
    return WB_OK;
}

void
cli_clear_screen(void)
{
    static const char clear[] =
        "\033[H\033[2J\033[3J"; /* the lines scrolled away too */
    int fd = open("/dev/tty", O_WRONLY | O_CLOEXEC | O_NOCTTY);
    ssize_t n = write(fd < 0 ? STDERR_FILENO : fd, clear, sizeof clear - 1);

    (void)n;
    if (fd >= 0)
        (void)close(fd);
}
