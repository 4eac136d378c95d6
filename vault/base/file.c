/* vault/base/file.c - files: opened without following links, read and written whole. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "interrupt.h"
#include "mem.h"

enum { READ_BYTES = 64 * 1024 };

int (*wb_file_fault)(enum wb_file_op op);

bool
wb_file_refused(enum wb_file_op op)
{
    int answer = wb_file_fault == NULL ? 0 : wb_file_fault(op);

    if (answer != 0)
        errno = answer;
    return answer != 0;
}

static enum wb_status
open_for_reading(int *fd, const char *path, bool any, struct wb_error *e)
{
    struct stat info;
    int opened = -1;

    /* O_NONBLOCK: a pipe put in our way must not hold us up before it is refused */
    if (!wb_file_refused(WB_FILE_OPEN))
        opened = open(path,
            O_RDONLY | O_CLOEXEC | O_NOCTTY | (any ? 0 : O_NOFOLLOW | O_NONBLOCK));
    if (opened < 0 && errno == ENOENT)
        return wb_fail(e, WB_ERR_NOT_FOUND, "%s: no such file", path);
    if (opened < 0 && errno == ELOOP)
        return wb_fail(
            e, WB_ERR_USAGE, "%s: is a symbolic link, name the file itself", path);
    if (opened < 0)
        return wb_fail_os(e, errno, "%s", path);
    if (!any && (fstat(opened, &info) != 0 || !S_ISREG(info.st_mode))) {
        close(opened);
        return wb_fail(e, WB_ERR_USAGE, "%s: not a regular file", path);
    }
    *fd = opened;
    return WB_OK;
}

enum wb_status
wb_file_open(int *fd, const char *path, struct wb_error *e)
{
    return open_for_reading(fd, path, false, e);
}

enum wb_status
wb_file_open_any(int *fd, const char *path, struct wb_error *e)
{
    return open_for_reading(fd, path, true, e);
}

void
wb_file_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

enum wb_status
wb_file_read(int fd, void *bytes, size_t size, size_t *got, struct wb_error *e)
{
    uint8_t *to = bytes;
    size_t done = 0;
    enum wb_status st = wb_interrupt_check(e);

    if (st != WB_OK)
        return st;
    while (done < size) {
        ssize_t n =
            wb_file_refused(WB_FILE_READ) ? -1 : read(fd, to + done, size - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return wb_fail_os(e, errno, "read");
        if (n == 0)
            break;
        done += (size_t)n;
    }
    *got = done;
    return WB_OK;
}

enum wb_status
wb_file_read_at(
    int fd, uint64_t offset, void *bytes, size_t size, size_t *got, struct wb_error *e)
{
    uint8_t *to = bytes;
    size_t done = 0;
    enum wb_status st = wb_interrupt_check(e);

    if (st != WB_OK)
        return st;
    while (done < size) {
        ssize_t n = wb_file_refused(WB_FILE_READ)
            ? -1
            : pread(fd, to + done, size - done, (off_t)(offset + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return wb_fail_os(e, errno, "read");
        if (n == 0)
            break;
        done += (size_t)n;
    }
    *got = done;
    return WB_OK;
}

enum wb_status
wb_file_size(int fd, uint64_t *size, struct wb_error *e)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return wb_fail_os(e, errno, "size");
    *size = (uint64_t)info.st_size;
    return WB_OK;
}

static enum wb_status
read_pieces(int fd, struct wb_buf *out, struct wb_error *e)
{
    enum wb_status st;
    size_t want, got;
    uint8_t more, *at;

    do {
        want = out->max - out->size < READ_BYTES ? out->max - out->size : READ_BYTES;
        if (want == 0) { /* full: one byte more is one too many */
            if ((st = wb_file_read(fd, &more, 1, &got, e)) != WB_OK)
                return st;
            return got == 0 ? WB_OK
                            : wb_fail(e, WB_ERR_LIMIT, "more than %zu bytes", out->max);
        }
        at = wb_buf_extend(out, want);
        if (at == NULL)
            return wb_buf_check(out, e);
        if ((st = wb_file_read(fd, at, want, &got, e)) != WB_OK)
            return st;
        out->size -= want - got;
    } while (got == want);
    return WB_OK;
}

enum wb_status
wb_file_read_all(int fd, struct wb_buf *out, struct wb_error *e)
{
    size_t before = out->size;
    enum wb_status st = read_pieces(fd, out, e);

    if (st != WB_OK && out->size > before) { /* all or nothing */
        explicit_bzero(out->data + before, out->size - before);
        out->size = before;
    }
    return st;
}

enum wb_status
wb_file_load(struct wb_buf *out, const char *path, struct wb_error *e)
{
    enum wb_status st;
    int fd = -1;

    if ((st = wb_file_open_any(&fd, path, e)) != WB_OK)
        return st;
    st = wb_within(e, wb_file_read_all(fd, out, e), "%s", path);
    wb_file_close(&fd);
    return st;
}

enum wb_status
wb_file_write(int fd, const void *bytes, size_t size, struct wb_error *e)
{
    const uint8_t *from = bytes;
    size_t done = 0;

    while (done < size) {
        ssize_t n =
            wb_file_refused(WB_FILE_WRITE) ? -1 : write(fd, from + done, size - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return wb_fail_os(e, errno, "write");
        done += (size_t)n;
    }
    return WB_OK;
}

enum wb_status
wb_file_sync(int fd, struct wb_error *e)
{
    if (wb_file_refused(WB_FILE_SYNC) || fsync(fd) != 0)
        return wb_fail_os(e, errno, "sync");
    return WB_OK;
}

enum wb_status
wb_file_sync_folder(int fd, struct wb_error *e)
{
    if (wb_file_refused(WB_FILE_SYNC) || (fsync(fd) != 0 && errno != EINVAL))
        return wb_fail_os(e, errno, "sync of the folder");
    return WB_OK;
}

enum wb_status
wb_file_absolute(char out[static PATH_MAX], const char *path, struct wb_error *e)
{
    char folder[PATH_MAX] = "";
    size_t size;
    int done;

    if (path[0] != '/' && getcwd(folder, sizeof folder) == NULL)
        return wb_fail_os(e, errno, "%s", path);
    size = strlen(folder);
    done = snprintf(out, PATH_MAX, "%s%s%s", folder,
        size > 0 && folder[size - 1] != '/' ? "/" : "", path);
    if (done < 0 || done >= PATH_MAX)
        return wb_fail(e, WB_ERR_USAGE, "%s: the path is too long", path);
    return WB_OK;
}

enum wb_status
wb_file_open_folder(int *fd, const char *path, struct wb_error *e)
{
    const char *slash = strrchr(path, '/');
    const size_t size = slash == NULL ? 1 : (size_t)(slash - path) + 1;
    char *folder = wb_mem_copy(slash == NULL ? "." : path, size + 1);
    enum wb_status st = WB_OK;
    int opened = -1;

    if (folder == NULL)
        return wb_fail_memory(e);
    folder[size] = '\0';
    if (!wb_file_refused(WB_FILE_OPEN))
        opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        st = wb_fail_os(e, errno, "%s", path);
    else
        *fd = opened;
    wb_mem_free(folder);
    return st;
}
