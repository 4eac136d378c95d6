/* vault/cli/head_file.c - --head-file: the newest head kept on a token, by itself. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum { HEAD_BYTES_MAX = 64 * 1024 };

enum wb_status
cli_head_file_check(struct cli *c, struct wb_error *e)
{
    const char *path = c->global.head_file;
    enum wb_standing standing = WB_STANDING_OTHER;
    struct cli_bytes b = {0};
    enum wb_status st;

    if (path == NULL || (access(path, F_OK) != 0 && errno == ENOENT))
        return WB_OK; /* the first time: there is nothing to compare with yet */
    if ((st = cli_read(c, &b, path, HEAD_BYTES_MAX, "--head-file", e)) == WB_OK)
        st = wb_head_check(c->vault, b.bytes, b.size, &standing, e);
    cli_bytes_free(&b);
    if (standing == WB_STANDING_LOST) { /* known: the restart says so in the log */
        cli_warn("%s: %s", path, e->message);
        return WB_OK;
    }
    return cli_within(e, st, path);
}

enum wb_status
cli_head_file_write(struct cli *c, struct wb_error *e)
{
    const char *path = c->global.head_file, *head;
    struct cli_bytes b = {0};
    enum wb_status st;

    if (path == NULL)
        return WB_OK;
    if ((st = wb_head(c->vault, &head, e)) != WB_OK)
        return st;
    if (access(path, F_OK) == 0 &&
        cli_read(c, &b, path, HEAD_BYTES_MAX, "--head-file", e) == WB_OK &&
        b.size == strlen(head) && memcmp(b.bytes, head, b.size) == 0) {
        cli_bytes_free(&b);
        return WB_OK; /* nothing was logged since */
    }
    cli_bytes_free(&b);
    return cli_replace_text(head, path, e);
}
