/* vault/cli/files.h - memory that is wiped, files in and out of it. */
#ifndef WB_CLI_FILES_H
#define WB_CLI_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <witnessbox/error.h>

struct cli; /* cli.h */

/* ---- bytes.c: memory that is wiped ----------------------------------------------- */

/* Zeroed memory outside of every core dump, kept until it is released or the process
 * ends; NULL without memory. */
void *cli_take(size_t count, size_t size);
/* What was taken last; everything that is taken after it is wiped and given back. */
const void *cli_taken(void);
void cli_release(const void *since);

struct cli_bytes {
    char *bytes; /* a NUL behind the last, not counted */
    size_t size;
    size_t room;
};
void cli_bytes_free(struct cli_bytes *b); /* wipes */
/* Room for `more` bytes and a NUL; false without memory, everything as before. */
bool cli_bytes_grow(struct cli_bytes *b, size_t more);
/* Bytes put in before offset `at`. */
bool cli_bytes_put(struct cli_bytes *b, size_t at, const char *bytes, size_t size);
/* Bytes taken out; what is left over behind is wiped. */
void cli_bytes_cut(struct cli_bytes *b, size_t from, size_t to);

/* ---- input.c --------------------------------------------------------------------- */

/* Reads a file, or standard input where `path` is "-" (`user` says what for, as two
 * cannot share it), of at most `most` bytes: WB_ERR_LIMIT above. */
WB_CHECKED enum wb_status cli_read(struct cli *c, struct cli_bytes *b, const char *path,
    size_t most, const char *user, struct wb_error *e);
WB_CHECKED enum wb_status cli_read_fd(
    struct cli_bytes *b, int fd, size_t most, struct wb_error *e);

/* Claims standard input for `user`; WB_ERR_USAGE names who has it. */
WB_CHECKED enum wb_status cli_claim_stdin(
    struct cli *c, const char *user, struct wb_error *e);

/* Opens a regular file for reading; refuses the vault itself, because closing a second
 * descriptor would drop its locks. */
WB_CHECKED enum wb_status cli_open_file(
    const struct cli *c, int *fd, const char *path, struct wb_error *e);

bool cli_is_folder(const char *path);

/* The last part of a path. */
const char *cli_base_name(const char *path);

/* ---- write.c: text into files ---- */

/* Makes what an open folder names durable, or the folder in which `path` lies. Where a
 * file system cannot do that for a folder (EINVAL) it is not an error. */
WB_CHECKED enum wb_status cli_sync_folder(
    int fd, const char *where, struct wb_error *e);
WB_CHECKED enum wb_status cli_sync_folder_of(const char *path, struct wb_error *e);
/* Writes to a file that is not there yet, mode 0600; NULL or "-": standard output, and
 * made safe where that is a terminal: others' names may stand in it. */
WB_CHECKED enum wb_status cli_write_text(
    const char *text, const char *path, struct wb_error *e);
/* Writes to an open descriptor, which may be a pipe; `where` names it. */
WB_CHECKED enum wb_status cli_write_fd(
    int fd, const char *text, const char *where, struct wb_error *e);
/* Puts a file in the place of another, whole. */
WB_CHECKED enum wb_status cli_replace_text(
    const char *text, const char *path, struct wb_error *e);

/* ---- sink.c: a file that grows, and has its name only when it is whole ---- */

struct cli_sink {
    const char *path; /* NULL: standard output, or nothing is open */
    int fd;
    char partial[PATH_MAX];
};
/* A new file, mode 0600; NULL or "-": standard output. USAGE where it is there. */
WB_CHECKED enum wb_status cli_sink_open(
    struct cli_sink *s, const char *path, struct wb_error *e);
/* `cookie` is the sink. */
WB_CHECKED enum wb_status cli_sink_write(
    void *cookie, const char *text, size_t size, struct wb_error *e);
/* With WB_OK in `st` the file gets its name, else it goes. Answers `st`, or why not.
 * Does nothing where nothing is open. */
WB_CHECKED enum wb_status cli_sink_close(
    struct cli_sink *s, enum wb_status st, struct wb_error *e);
/* Gives a file its name in the same folder, never in the place of another. */
WB_CHECKED enum wb_status cli_publish(
    int folder, const char *partial, const char *name, struct wb_error *e);

#endif
