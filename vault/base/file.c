/* vault/base/file.c - files: opened without following links, written aside and renamed.
 */
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

enum { READ_BYTES = 64 * 1024, TEMPORARY_TRIES = 100 };

int (*wb_file_fault)(enum wb_file_op op);

int
wb_file_ask(enum wb_file_op op)
{
    return wb_file_fault == NULL ? 0 : wb_file_fault(op);
}

/* True when the seam refuses; errno is then what it answered. */
static bool
refused(enum wb_file_op op)
{
    int answer = wb_file_ask(op);

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
    if (!refused(WB_FILE_OPEN))
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
        ssize_t n = refused(WB_FILE_READ) ? -1 : read(fd, to + done, size - done);

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
        ssize_t n = refused(WB_FILE_READ)
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
        ssize_t n = refused(WB_FILE_WRITE) ? -1 : write(fd, from + done, size - done);

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
    if (refused(WB_FILE_SYNC) || fsync(fd) != 0)
        return wb_fail_os(e, errno, "sync");
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

/* Splits a path into its directory, opened, and its last part, copied. */
static enum wb_status
open_directory(struct wb_file_out *out, const char *path, struct wb_error *e)
{
    const char *slash = strrchr(path, '/');
    char *folder;

    out->name = wb_mem_string(slash == NULL ? path : slash + 1);
    folder = slash == NULL ? wb_mem_string(".")
        : slash == path    ? wb_mem_string("/")
                           : wb_mem_copy(path, (size_t)(slash - path) + 1);
    if (folder != NULL && slash != NULL && slash != path)
        folder[slash - path] = '\0';
    if (out->name == NULL || folder == NULL) {
        wb_mem_free(folder);
        return wb_fail_memory(e);
    }
    if (!refused(WB_FILE_OPEN))
        out->directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (out->directory < 0) {
        int os_errno = errno;

        wb_mem_free(folder);
        return wb_fail_os(e, os_errno, "%s", path);
    }
    wb_mem_free(folder);
    if (out->name[0] == '\0')
        return wb_fail(e, WB_ERR_USAGE, "%s: names a folder, not a file", path);
    return WB_OK;
}

/* A name beside the target that nobody else uses: O_EXCL decides. */
static enum wb_status
open_temporary(struct wb_file_out *out, const char *path, struct wb_error *e)
{
    size_t room = strlen(out->name) + 32;

    out->temporary = wb_mem_new(room);
    if (out->temporary == NULL)
        return wb_fail_memory(e);
    for (int i = 0; i < TEMPORARY_TRIES && out->fd < 0; i++) {
        (void)snprintf(out->temporary, room, ".%s.part%d", out->name, i);
        if (refused(WB_FILE_OPEN))
            break;
        out->fd = openat(out->directory, out->temporary,
            O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (out->fd < 0 && errno != EEXIST)
            break;
    }
    if (out->fd < 0) {
        wb_mem_free(out->temporary);
        out->temporary = NULL;
        return wb_fail_os(e, errno, "%s", path);
    }
    return WB_OK;
}

enum wb_status
wb_file_out_open(struct wb_file_out *out, const char *path, struct wb_error *e)
{
    struct stat info;
    enum wb_status st;

    *out = (struct wb_file_out){.fd = -1, .directory = -1};
    if ((st = open_directory(out, path, e)) != WB_OK)
        goto failed;
    st = WB_ERR_USAGE;
    if (fstatat(out->directory, out->name, &info, AT_SYMLINK_NOFOLLOW) == 0)
        wb_fail(e, st, "%s: exists already and is left alone, name a new file", path);
    else
        st = open_temporary(out, path, e);
failed:
    if (st != WB_OK)
        wb_file_out_close(out);
    return st;
}

char *
wb_file_out_path(const struct wb_file_out *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    size_t room = folder + strlen(out->temporary) + 1;
    char *temporary = wb_mem_new(room);

    if (temporary != NULL)
        (void)snprintf(temporary, room, "%.*s%s", (int)folder, path, out->temporary);
    return temporary;
}

enum wb_status
wb_file_out_sync(struct wb_file_out *out, struct wb_error *e)
{
    enum wb_status st = wb_file_sync(out->fd, e);

    if (st == WB_OK)
        st = wb_file_sync(out->directory, e);
    return wb_within(e, st, "%s", out->name);
}

void
wb_file_out_keep(struct wb_file_out *out)
{
    out->kept = true;
}

enum wb_status
wb_file_out_resume(struct wb_file_out *out, const char *path, const char *temporary,
    struct wb_error *e)
{
    enum wb_status st;

    *out = (struct wb_file_out){.fd = -1, .directory = -1, .kept = true};
    if ((st = open_directory(out, path, e)) == WB_OK &&
        (out->temporary = wb_mem_string(temporary)) == NULL)
        st = wb_fail_memory(e);
    if (st != WB_OK)
        wb_file_out_close(out);
    return st;
}

enum wb_status
wb_file_out_name(struct wb_file_out *out, const char *suffix, struct wb_error *e)
{
    size_t room = strlen(out->name) + strlen(suffix) + 1;
    char *name = wb_mem_new(room);

    if (name == NULL)
        return wb_fail_memory(e);
    (void)snprintf(name, room, "%s%s", out->name, suffix);
    wb_mem_free(out->name);
    out->name = name;
    return WB_OK;
}

enum wb_status
wb_file_out_publish(struct wb_file_out *out, struct wb_error *e)
{
    /* never onto a file that somebody has put there meanwhile; a file system that
     * cannot promise that by renaming can by linking */
    int rc = refused(WB_FILE_RENAME) ? -1
                                     : renameat2(out->directory, out->temporary,
                                           out->directory, out->name, RENAME_NOREPLACE);

    if (rc != 0 && errno == EINVAL) {
        rc = linkat(out->directory, out->temporary, out->directory, out->name, 0);
        if (rc == 0)
            (void)unlinkat(out->directory, out->temporary, 0);
    }
    if (rc != 0)
        return wb_fail_os(e, errno, "%s", out->name);
    wb_mem_free(out->temporary);
    out->temporary = NULL;
    if (refused(WB_FILE_SYNC) || fsync(out->directory) != 0)
        return wb_fail_os(e, errno, "%s: sync of its folder", out->name);
    return WB_OK;
}

void
wb_file_out_close(struct wb_file_out *out)
{
    if (out->temporary != NULL && out->directory >= 0 && !out->kept)
        (void)unlinkat(out->directory, out->temporary, 0);
    if (out->fd >= 0)
        close(out->fd);
    if (out->directory >= 0)
        close(out->directory);
    wb_mem_free(out->name);
    wb_mem_free(out->temporary);
    *out = (struct wb_file_out){.fd = -1, .directory = -1};
}
