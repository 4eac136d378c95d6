/* vault/custody/detail.c - the detail of a log entry: lines "name value". */
#include "detail.h"

#include <stdlib.h>
#include <string.h>

#include "../base/text.h"

/* Control characters would break the lines: they become spaces. */
static void
add_line(struct wb_buf *out, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    wb_buf_print(out, "%s ", name);
    for (; *value != '\0'; value++) {
        char c = (unsigned char)*value < 0x20 || *value == 0x7f ? ' ' : *value;

        wb_buf_add(out, &c, 1);
    }
    wb_buf_add_text(out, "\n");
}

static int
compare_roots(const void *a, const void *b)
{
    return memcmp(a, b, WB_ROOT_BYTES);
}

/* Ascending, in a copy: the caller's order is the caller's. */
static void
add_roots(struct wb_buf *out, const uint8_t (*roots)[WB_ROOT_BYTES], size_t count)
{
    char hex[WB_ROOT_TEXT_BYTES];
    struct wb_buf sorted;

    wb_buf_init(&sorted, SIZE_MAX / 4);
    if (count > 0)
        wb_buf_add(&sorted, roots, count * WB_ROOT_BYTES);
    if (sorted.failed != WB_OK) {
        out->failed = sorted.failed;
        return;
    }
    if (count > 0)
        qsort(sorted.data, count, WB_ROOT_BYTES, compare_roots);
    for (size_t i = 0; i < count; i++) {
        wb_hex_encode(hex, sorted.data + i * WB_ROOT_BYTES, WB_ROOT_BYTES);
        add_line(out, "root", hex);
    }
    wb_buf_wipe(&sorted);
}

void
wb_detail_write(
    struct wb_buf *out, const char *actor, const char *clock, const struct wb_detail *d)
{
    static const struct wb_detail nothing;

    if (d == NULL)
        d = &nothing;
    add_line(out, "actor", actor);
    add_line(out, "reason", d->reason);
    add_line(out, "counterpart", d->counterpart);
    add_line(out, "purpose", d->purpose);
    add_line(out, "bundle", d->bundle);
    add_line(out, "sha256", d->sha256);
    add_line(out, "about", d->about);
    add_line(out, "clock", clock);
    add_line(out, "head", d->head);
    add_roots(out, d->roots, d->root_count);
}
