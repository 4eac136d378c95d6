/* vault/cli/input.c - files and standard input, into memory that no core dump holds. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

enum wb_status
cli_read_fd(struct cli_bytes *b, int fd, size_t most, struct wb_error *e)
{
    struct cli_bytes got = {0};
    enum wb_status st = WB_OK;
    ssize_t n = 1;

    while (st == WB_OK && n != 0) {
        if (!cli_bytes_grow(&got, 1)) {
            st = cli_fail(e, WB_ERR_MEMORY, "not enough memory");
            break;
        }
        n = read(fd, got.bytes + got.size, got.room - got.size - 1);
        if (n > 0)
            got.size += (size_t)n;
        else if (n < 0 && (errno != EINTR || cli_is_interrupted()))
            st = cli_fail_os(e, errno, "cannot be read");
        if (got.size > most)
            st = cli_fail(e, WB_ERR_LIMIT, "more than %zu bytes", most);
    }
    if (st != WB_OK)
        cli_bytes_free(&got);
    else
        *b = got;
    return st;
}

enum wb_status
cli_claim_stdin(struct cli *c, const char *user, struct wb_error *e)
{
    if (c->stdin_user != NULL)
        return cli_fail(e, WB_ERR_USAGE,
            "%s: standard input was already read for %s; use a file for one of them",
            user, c->stdin_user);
    c->stdin_user = user;
    return WB_OK;
}

static enum wb_status
refuse_open(struct wb_error *e, int os_errno, const char *path)
{
    if (os_errno == ENOENT)
        return cli_fail(e, WB_ERR_NOT_FOUND, "%s: no such file", path);
    return cli_fail_os(e, os_errno, "%s", path);
}

/* POSIX locks die when any descriptor of the file is closed, so the vault itself is
 * found out before it is opened. */
static enum wb_status
refuse_vault(const struct cli *c, const char *path, struct wb_error *e)
{
    struct stat vault, other;

    if (c->vault == NULL || stat(c->path, &vault) != 0)
        return WB_OK;
    if (stat(path, &other) != 0)
        return refuse_open(e, errno, path);
    if (vault.st_dev == other.st_dev && vault.st_ino == other.st_ino)
        return cli_fail(e, WB_ERR_USAGE, "%s: this is the open vault itself", path);
    return WB_OK;
}

enum wb_status
cli_open_file(const struct cli *c, int *fd, const char *path, struct wb_error *e)
{
    enum wb_status st;
    struct stat info;
    int opened;

    if ((st = refuse_vault(c, path, e)) != WB_OK)
        return st;
    opened = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (opened < 0)
        return refuse_open(e, errno, path);
    if (fstat(opened, &info) != 0 || !S_ISREG(info.st_mode)) {
        (void)close(opened);
        return cli_fail(e, WB_ERR_USAGE, "%s: not a regular file", path);
    }
    *fd = opened;
    return WB_OK;
}

enum wb_status
cli_read(struct cli *c, struct cli_bytes *b, const char *path, size_t most,
    const char *user, struct wb_error *e)
{
    enum wb_status st;
    int fd;

    if (strcmp(path, "-") == 0) {
        if ((st = cli_claim_stdin(c, user, e)) != WB_OK)
            return st;
        return cli_within(e, cli_read_fd(b, STDIN_FILENO, most, e), "standard input");
    }
    if ((st = refuse_vault(c, path, e)) != WB_OK)
        return st;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY); /* a pipe is fine: @<(...) */
    if (fd < 0)
        return refuse_open(e, errno, path);
    st = cli_within(e, cli_read_fd(b, fd, most, e), path);
    (void)close(fd);
    return st;
}

bool
cli_is_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

const char *
cli_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}
