/* vault/cli/write.c - text that a command writes: to a new file, or to standard output.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum wb_status
cli_write_fd(int fd, const char *text, const char *where, struct wb_error *e)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t n = write(fd, text, left);

        if (n < 0 && errno != EINTR)
            return cli_fail_os(e, errno, "%s", where);
        if (n > 0) {
            text += n;
            left -= (size_t)n;
        }
    }
    return WB_OK;
}

enum wb_status
cli_sync_folder(int fd, const char *where, struct wb_error *e)
{
    if (fsync(fd) != 0 && errno != EINVAL)
        return cli_fail_os(e, errno, "%s", where);
    return WB_OK;
}

enum wb_status
cli_sync_folder_of(const char *path, struct wb_error *e)
{
    const char *name = cli_base_name(path);
    char folder[PATH_MAX] = ".";
    enum wb_status st;
    int fd;

    if (name != path)
        (void)snprintf(folder, sizeof folder, "%.*s", (int)(name - path), path);
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return cli_fail_os(e, errno, "%s", folder);
    st = cli_sync_folder(fd, folder, e);
    (void)close(fd);
    return st;
}

/* A file that is not there yet; gone again when it could not be written whole. */
static enum wb_status
write_new(const char *text, const char *path, struct wb_error *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    enum wb_status st;

    if (fd < 0 && errno == EEXIST)
        return cli_fail(e, WB_ERR_USAGE,
            "%s: is there already; nothing was written, name another file", path);
    if (fd < 0)
        return cli_fail_os(e, errno, "%s", path);
    st = cli_write_fd(fd, text, path, e);
    if (st == WB_OK && fsync(fd) != 0)
        st = cli_fail_os(e, errno, "%s", path);
    if (close(fd) != 0 && st == WB_OK)
        st = cli_fail_os(e, errno, "%s", path);
    if (st != WB_OK)
        (void)unlink(path);
    return st;
}

enum wb_status
cli_write_text(const char *text, const char *path, struct wb_error *e)
{
    enum wb_status st;

    if (path == NULL || strcmp(path, "-") == 0) {
        if (isatty(STDOUT_FILENO))
            cli_print_block(text, strlen(text), 0);
        else
            cli_print("%s", text);
        return WB_OK;
    }
    if ((st = write_new(text, path, e)) == WB_OK)
        st = cli_sync_folder_of(path, e);
    return st;
}

enum wb_status
cli_replace_text(const char *text, const char *path, struct wb_error *e)
{
    char aside[PATH_MAX];
    int size = snprintf(aside, sizeof aside, "%s.new", path);
    enum wb_status st;

    if (size < 0 || (size_t)size >= sizeof aside)
        return cli_fail(e, WB_ERR_USAGE, "%s: the path is too long", path);
    (void)unlink(aside); /* left by a crash */
    if ((st = write_new(text, aside, e)) != WB_OK)
        return st;
    if (rename(aside, path) != 0) {
        st = cli_fail_os(e, errno, "%s", path);
        (void)unlink(aside);
    }
    return st == WB_OK ? cli_sync_folder_of(path, e) : st;
}
