/* vault/base/file.h - files: opened without following links, written aside and renamed.
 */
#ifndef WB_BASE_FILE_H
#define WB_BASE_FILE_H

#include <limits.h>

#include "buf.h"

/* Opens for reading: a regular file, no symbolic link as its last part. A missing file
 * is WB_ERR_NOT_FOUND. The descriptor is the caller's, closed with wb_file_close. */
WB_CHECKED enum wb_status wb_file_open(int *fd, const char *path, struct wb_error *e);

/* As wb_file_open, but a pipe or a terminal is fine (key material by <(...),
 * @/dev/stdin). */
WB_CHECKED enum wb_status wb_file_open_any(
    int *fd, const char *path, struct wb_error *e);

/* NULL-safe in spirit: -1 is fine. */
void wb_file_close(int *fd);

/* Reads up to `size` bytes; *got < size only at the end of the file. */
WB_CHECKED enum wb_status wb_file_read(
    int fd, void *bytes, size_t size, size_t *got, struct wb_error *e);
WB_CHECKED enum wb_status wb_file_read_at(
    int fd, uint64_t offset, void *bytes, size_t size, size_t *got, struct wb_error *e);
WB_CHECKED enum wb_status wb_file_size(int fd, uint64_t *size, struct wb_error *e);

/* Appends everything up to the end of the file; WB_ERR_LIMIT above the buffer's
 * maximum. Nothing is appended on an error. */
WB_CHECKED enum wb_status wb_file_read_all(
    int fd, struct wb_buf *out, struct wb_error *e);

/* Opens, reads all, closes; the path stands in front of a refusal. */
WB_CHECKED enum wb_status wb_file_load(
    struct wb_buf *out, const char *path, struct wb_error *e);

WB_CHECKED enum wb_status wb_file_write(
    int fd, const void *bytes, size_t size, struct wb_error *e);
WB_CHECKED enum wb_status wb_file_sync(int fd, struct wb_error *e);

/* The folder that `path` lies in, which need not be there itself; closed with
 * wb_file_close. */
WB_CHECKED enum wb_status wb_file_open_folder(
    int *fd, const char *path, struct wb_error *e);
/* As wb_file_sync for an open folder: its names. Where the file system cannot do that
 * for a folder (EINVAL: shared folders of CIFS and of virtual machines), it is not an
 * error.
 */
WB_CHECKED enum wb_status wb_file_sync_folder(int fd, struct wb_error *e);

/* `path` as it is called from any folder, at most PATH_MAX bytes. */
WB_CHECKED enum wb_status wb_file_absolute(
    char out[static PATH_MAX], const char *path, struct wb_error *e);

/* A file that appears whole or not at all: written under a temporary name in the same
 * directory (mode 0600), then synced, renamed, and the directory synced. */
struct wb_file_out {
    int fd;
    int directory;
    char *name;
    char *temporary;
    bool kept; /* it stays, though it was not published */
};

/* Refuses (WB_ERR_USAGE) where `path` exists already: nothing of the user's is
 * overwritten. */
WB_CHECKED enum wb_status wb_file_out_open(
    struct wb_file_out *out, const char *path, struct wb_error *e);

/* The temporary file as a path, beside `path`, for those who open files themselves; to
 * be freed with wb_mem_free. NULL without memory. */
char *wb_file_out_path(const struct wb_file_out *out, const char *path);

/* Makes bytes and temporary name durable; the file is not yet there under its own. */
WB_CHECKED enum wb_status wb_file_out_sync(struct wb_file_out *out, struct wb_error *e);

/* Appends `suffix` to the name that it will have. */
WB_CHECKED enum wb_status wb_file_out_name(
    struct wb_file_out *out, const char *suffix, struct wb_error *e);

/* From here on the temporary file is not removed, whatever comes. */
void wb_file_out_keep(struct wb_file_out *out);

/* A temporary file that was kept, to be published: `temporary` lies in the folder of
 * `path`, the name that it is to have. */
WB_CHECKED enum wb_status wb_file_out_resume(struct wb_file_out *out, const char *path,
    const char *temporary, struct wb_error *e);

/* Gives it its name (again refusing to overwrite) and syncs the directory. */
WB_CHECKED enum wb_status wb_file_out_publish(
    struct wb_file_out *out, struct wb_error *e);

/* Removes the temporary file if it was not published or kept. NULL-safe after a failed
 * open. */
void wb_file_out_close(struct wb_file_out *out);

/* Test seam: asked before every call to the operating system; an errno other than 0
 * makes the call fail with it. */
enum wb_file_op {
    WB_FILE_OPEN,
    WB_FILE_READ,
    WB_FILE_WRITE,
    WB_FILE_SYNC,
    WB_FILE_RENAME,
    WB_FILE_TRUNCATE,
    WB_FILE_LOCK,
    WB_FILE_UNLINK,
};
extern int (*wb_file_fault)(enum wb_file_op op);

/* The seam's answer, for each who calls the operating system: true where the call is to
 * fail, and errno is then what it was told. */
bool wb_file_refused(enum wb_file_op op);

#endif
