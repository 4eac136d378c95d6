/* vault/cli/watch.c - waiting for a key while signals are noted. */
#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGALRM};
enum { CLI_WATCHED = sizeof watched / sizeof watched[0] };

static volatile sig_atomic_t caught;

static void
note_signal(int number)
{
    caught = number;
}

/* Of the outermost watch; those within it are only counted. */
static struct {
    struct sigaction before[CLI_WATCHED];
    sigset_t mask; /* while waiting: as the process had it */
} outer;
static unsigned depth;

/* The signals are let in only while we wait for a key: one that came just before the
 * wait would otherwise be noted and slept over. */
static void
install(void)
{
    struct sigaction action = {.sa_handler = note_signal};
    sigset_t blocked;

    caught = 0;
    (void)sigemptyset(&action.sa_mask);
    (void)sigemptyset(&blocked);
    for (size_t i = 0; i < CLI_WATCHED; i++)
        (void)sigaddset(&blocked, watched[i]);
    (void)sigprocmask(SIG_BLOCK, &blocked, &outer.mask);
    for (size_t i = 0; i < CLI_WATCHED; i++)
        (void)sigaction(watched[i], &action, &outer.before[i]);
}

void
cli_watch_begin(void)
{
    if (depth++ == 0)
        install();
}

void
cli_watch_end(void)
{
    if (--depth > 0)
        return;
    for (size_t i = 0; i < CLI_WATCHED; i++)
        (void)sigaction(watched[i], &outer.before[i], NULL);
    (void)sigprocmask(SIG_SETMASK, &outer.mask, NULL);
}

int
cli_watch_take(void)
{
    const int number = caught;

    caught = 0;
    return number;
}

enum cli_wait
cli_watch_read(int fd, char *byte, long timeout_ms)
{
    const struct timespec time = {timeout_ms / 1000, timeout_ms % 1000 * 1000000};
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int ready = ppoll(&wait, 1, timeout_ms < 0 ? NULL : &time, &outer.mask);
    ssize_t n;

    if (ready == 0)
        return CLI_WAIT_TIME;
    if (ready < 0)
        return errno == EINTR ? CLI_WAIT_SIGNAL : CLI_WAIT_FAILED;
    n = read(fd, byte, 1);
    if (n == 1)
        return CLI_WAIT_BYTE;
    if (n < 0 && errno == EINTR)
        return CLI_WAIT_SIGNAL;
    /* a terminal whose other end is gone answers EIO */
    return n == 0 || errno == EIO ? CLI_WAIT_END : CLI_WAIT_FAILED;
}
