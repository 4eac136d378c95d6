/* vault/base/file_out.c - files written aside and renamed: there whole, or not at all.
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

enum { TEMPORARY_TRIES = 100 };

static enum wb_status
open_directory(struct wb_file_out *out, const char *path, struct wb_error *e)
{
    const char *slash = strrchr(path, '/');
    enum wb_status st;

    out->name = wb_mem_string(slash == NULL ? path : slash + 1);
    if (out->name == NULL)
        return wb_fail_memory(e);
    if ((st = wb_file_open_folder(&out->directory, path, e)) != WB_OK)
        return st;
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
        if (wb_file_refused(WB_FILE_OPEN))
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
        st = wb_file_sync_folder(out->directory, e);
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
    int rc = wb_file_refused(WB_FILE_RENAME)
        ? -1
        : renameat2(out->directory, out->temporary, out->directory, out->name,
              RENAME_NOREPLACE);

    if (rc != 0 && errno == EINVAL) {
        rc = linkat(out->directory, out->temporary, out->directory, out->name, 0);
        if (rc == 0)
            (void)unlinkat(out->directory, out->temporary, 0);
    }
    if (rc != 0)
        return wb_fail_os(e, errno, "%s", out->name);
    wb_mem_free(out->temporary);
    out->temporary = NULL;
    return wb_within(e, wb_file_sync_folder(out->directory, e), "%s", out->name);
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
