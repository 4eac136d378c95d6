/* vault/cli/sink.c - a file that grows while a command runs and has its name at the
 * end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum wb_status
cli_publish(int folder, const char *partial, const char *name, struct wb_error *e)
{
    if (renameat2(folder, partial, folder, name, RENAME_NOREPLACE) == 0)
        return WB_OK;
    if (errno != EINVAL && errno != ENOSYS)
        return cli_fail_os(e, errno, "%s", name);
    if (linkat(folder, partial, folder, name, 0) !=
        0) /* cannot promise it in a rename */
        return cli_fail_os(e, errno, "%s", name);
    (void)unlinkat(folder, partial, 0);
    return WB_OK;
}

enum wb_status
cli_sink_open(struct cli_sink *s, const char *path, struct wb_error *e)
{
    int size;

    *s = (struct cli_sink){.fd = -1};
    if (path == NULL || strcmp(path, "-") == 0)
        return WB_OK;
    size = snprintf(s->partial, sizeof s->partial, "%s.part", path);
    if (size < 0 || (size_t)size >= sizeof s->partial)
        return cli_fail(e, WB_ERR_USAGE, "%s: the path is too long", path);
    if (access(path, F_OK) == 0)
        return cli_fail(e, WB_ERR_USAGE,
            "%s: is there already; nothing was written, name another file", path);
    s->fd =
        open(s->partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (s->fd < 0 && errno == EEXIST)
        return cli_fail(e, WB_ERR_USAGE,
            "%s: left behind by a command that was interrupted; remove it", s->partial);
    if (s->fd < 0)
        return cli_fail_os(e, errno, "%s", s->partial);
    s->path = path;
    return WB_OK;
}

enum wb_status
cli_sink_write(void *cookie, const char *text, size_t size, struct wb_error *e)
{
    struct cli_sink *s = cookie;

    if (s->path == NULL) {
        if (fwrite(text, 1, size, stdout) != size)
            return cli_fail_os(e, errno, "standard output");
        return WB_OK;
    }
    while (size > 0) {
        ssize_t n = write(s->fd, text, size);

        if (n < 0 && errno != EINTR)
            return cli_fail_os(e, errno, "%s", s->partial);
        if (n > 0) {
            text += n;
            size -= (size_t)n;
        }
    }
    return WB_OK;
}

enum wb_status
cli_sink_close(struct cli_sink *s, enum wb_status st, struct wb_error *e)
{
    if (s->path == NULL)
        return st;
    if (st == WB_OK && fsync(s->fd) != 0)
        st = cli_fail_os(e, errno, "%s", s->path);
    if (close(s->fd) != 0 && st == WB_OK)
        st = cli_fail_os(e, errno, "%s", s->path);
    if (st == WB_OK)
        st = cli_publish(AT_FDCWD, s->partial, s->path, e);
    if (st != WB_OK)
        (void)unlink(s->partial);
    else
        st = cli_sync_folder_of(s->path, e);
    s->path = NULL;
    return st;
}
