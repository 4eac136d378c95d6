/* vault/custody/lines.c - the lines of a file, one at a time, in flat memory. */
#include "lines.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/file.h"
#include "../base/mem.h"
#include "../base/progress.h"

enum { READ_BYTES = 64 * 1024 };

enum wb_status
wb_lines_init(struct wb_lines *l, int fd, size_t most, struct wb_error *e)
{
    uint64_t size;
    enum wb_status st;

    *l = (struct wb_lines){.fd = fd, .bytes = wb_mem_new(READ_BYTES)};
    wb_buf_init(&l->line, most);
    if (l->bytes == NULL)
        return wb_fail_memory(e);
    if ((st = wb_file_size(fd, &size, e)) == WB_OK) /* of a pipe 0 */
        wb_progress_begin(size);
    return st;
}

void
wb_lines_wipe(struct wb_lines *l)
{
    wb_buf_wipe(&l->line);
    wb_mem_free(l->bytes);
    l->bytes = NULL;
}

enum wb_status
wb_lines_next(struct wb_lines *l, bool *found, struct wb_error *e)
{
    enum wb_status st;

    wb_buf_clear(&l->line);
    *found = false;
    while (!l->ended) {
        const uint8_t *from = l->bytes + l->at;
        const uint8_t *end = memchr(from, '\n', l->got - l->at);
        size_t part = end == NULL ? l->got - l->at : (size_t)(end - from);

        wb_buf_add(&l->line, from, part);
        if ((st = wb_buf_check(&l->line, e)) != WB_OK)
            return wb_within(e, st, "line %llu", (unsigned long long)l->number + 1);
        l->at += part + (end != NULL);
        if (end != NULL) {
            *found = true;
            break;
        }
        if ((st = wb_file_read(l->fd, l->bytes, READ_BYTES, &l->got, e)) != WB_OK)
            return st;
        wb_progress_add(l->got);
        l->at = 0;
        l->ended = l->got == 0;
    }
    *found |= l->line.size > 0;
    l->number += *found;
    return WB_OK;
}
