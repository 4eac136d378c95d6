/* vault/cli/passphrase.c - a passphrase, from a descriptor, a file or the terminal;
 * never from arguments or the environment. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* Straight into its own buffer, so that no other page ever holds it. One line feed at
 * the end is taken away by the library. */
static enum wb_status
read_all(struct cli_passphrase *p, int fd, const char *where, struct wb_error *e)
{
    ssize_t n = 1;

    while (n != 0 && p->size < sizeof p->bytes) {
        n = read(fd, p->bytes + p->size, sizeof p->bytes - p->size);
        if (n < 0 && errno != EINTR)
            return cli_fail_os(e, errno, "%s: no passphrase can be read", where);
        if (n > 0)
            p->size += (size_t)n;
    }
    if (p->size == 0)
        return cli_fail(e, WB_ERR_VALUE, "%s: the passphrase is empty", where);
    if (p->size == sizeof p->bytes)
        return cli_fail(e, WB_ERR_VALUE, "%s: a passphrase has at most %d bytes", where,
            CLI_PASSPHRASE_MAX);
    return WB_OK;
}

static enum wb_status
from_fd(struct cli *c, struct cli_passphrase *p, int fd, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    if (fd == STDIN_FILENO)
        st = cli_claim_stdin(c, "the passphrase", e);
    return st == WB_OK ? read_all(p, fd, "passphrase descriptor", e) : st;
}

static enum wb_status
from_file(struct cli_passphrase *p, const char *path, struct wb_error *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    enum wb_status st;

    if (fd < 0 && errno == ENOENT)
        return cli_fail(e, WB_ERR_NOT_FOUND, "%s: no such file", path);
    if (fd < 0)
        return cli_fail_os(e, errno, "%s", path);
    st = read_all(p, fd, path, e);
    (void)close(fd);
    return st;
}

static enum wb_status
ask_twice(struct cli_passphrase *p, int fd, struct wb_error *e)
{
    struct cli_passphrase again = {0};
    enum wb_status st = cli_terminal_ask(&again, fd, cli_word("The same again: "), e);

    if (st == WB_OK &&
        (again.size != p->size || memcmp(again.bytes, p->bytes, p->size) != 0))
        st = cli_fail(e, WB_ERR_USAGE, "the two passphrases differ; nothing was done");
    wb_text_wipe(&again, sizeof again);
    return st;
}

static enum wb_status
from_terminal(
    struct cli_passphrase *p, const struct cli_source *source, struct wb_error *e)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    int own = fd;
    enum wb_status st;

    if (fd < 0)
        fd = STDIN_FILENO;
    st = cli_terminal_ask(p, fd, source->prompt, e);
    if (st == WB_OK && p->size == 0)
        st = cli_fail(e, WB_ERR_VALUE, "the passphrase is empty");
    if (st == WB_OK && source->twice)
        st = ask_twice(p, fd, e);
    if (own >= 0)
        (void)close(own);
    return st;
}

bool
cli_passphrase_is_asked(const struct cli_source *source)
{
    return !source->fd.given && source->file == NULL && isatty(STDIN_FILENO) == 1;
}

bool
cli_passphrase_is_there(const struct cli_source *source)
{
    return source->fd.given || source->file != NULL || cli_passphrase_is_asked(source);
}

enum wb_status
cli_passphrase(struct cli *c, struct cli_passphrase *p, const struct cli_source *source,
    struct wb_error *e)
{
    *p = (struct cli_passphrase){0};
    if (source->fd.given && source->file != NULL)
        return cli_fail(
            e, WB_ERR_USAGE, "passphrase: give a descriptor or a file, not both");
    if (source->fd.given)
        return from_fd(c, p, (int)source->fd.value, e);
    if (source->file != NULL)
        return from_file(p, source->file, e);
    if (cli_passphrase_is_asked(source))
        return from_terminal(p, source, e);
    return cli_fail(e, WB_ERR_USAGE,
        "passphrase: standard input is no terminal to ask on; give --passphrase-fd or "
        "--passphrase-file");
}
