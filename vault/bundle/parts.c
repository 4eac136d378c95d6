/* vault/bundle/parts.c - a bundle as one file, or cut into numbered parts. */
#include "parts.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"

enum { SUFFIX_CHARS = 9 }; /* .03-of-12 */

/* ---- names ---- */

static bool
two_digits(unsigned *number, const char *text)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    *number = (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
    return true;
}

bool
wb_part_parse(struct wb_part_name *n, const char *path)
{
    const size_t size = strlen(path);
    const char *end;
    struct wb_part_name found;

    if (size <= SUFFIX_CHARS)
        return false;
    end = path + size - SUFFIX_CHARS;
    found.stem = size - SUFFIX_CHARS;
    if (end[0] != '.' || !two_digits(&found.number, end + 1) ||
        strncmp(end + 3, "-of-", 4) != 0 || !two_digits(&found.of, end + 7) ||
        found.number == 0 || found.number > found.of)
        return false;
    *n = found;
    return true;
}

/* ---- writing ---- */

static enum wb_status
begin_part(struct wb_parts *p, struct wb_error *e)
{
    char path[PATH_MAX];
    int size = p->size == 0
        ? snprintf(path, sizeof path, "%s", p->path)
        : snprintf(path, sizeof path, "%s.%02zu", p->path, p->count + 1);
    enum wb_status st;

    if (size < 0 || (size_t)size >= sizeof path)
        return wb_fail(e, WB_ERR_USAGE, "%s: the path is too long", p->path);
    if (p->count == WB_SPLIT_PARTS_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "%s: more than %d parts, make them larger",
            p->path, WB_SPLIT_PARTS_MAX);
    if ((st = wb_file_out_open(&p->outs[p->count], path, e)) != WB_OK)
        return st;
    p->count++;
    p->used = 0;
    return WB_OK;
}

enum wb_status
wb_parts_open(struct wb_parts *p, const char *path, uint64_t size, struct wb_error *e)
{
    *p = (struct wb_parts){.path = path, .size = size};
    if (size != 0 && size < WB_SPLIT_BYTES_MIN)
        return wb_fail(
            e, WB_ERR_USAGE, "split: parts of at least %d bytes", WB_SPLIT_BYTES_MIN);
    return begin_part(p, e);
}

/* The part is full: made durable, its descriptor given back. */
static enum wb_status
end_part(struct wb_parts *p, struct wb_error *e)
{
    struct wb_file_out *out = &p->outs[p->count - 1];
    enum wb_status st = wb_file_out_sync(out, e);

    wb_file_close(&out->fd);
    return st;
}

enum wb_status
wb_parts_write(struct wb_parts *p, const void *bytes, size_t size, struct wb_error *e)
{
    const uint8_t *from = bytes;
    enum wb_status st = WB_OK;

    while (size > 0 && st == WB_OK) {
        const uint64_t room = p->size == 0 ? size : p->size - p->used;
        const size_t n = size < room ? size : (size_t)room;

        if (n == 0) {
            if ((st = end_part(p, e)) == WB_OK)
                st = begin_part(p, e);
            continue;
        }
        st = wb_file_write(p->outs[p->count - 1].fd, from, n, e);
        p->used += n;
        from += n;
        size -= n;
    }
    return st;
}

enum wb_status
wb_parts_sync(struct wb_parts *p, struct wb_error *e)
{
    return end_part(p, e);
}

/* What is only known when all of them are written. */
static void
make_suffix(char suffix[static SUFFIX_CHARS], const struct wb_parts *p)
{
    suffix[0] = '\0';
    if (p->size > 0)
        (void)snprintf(suffix, SUFFIX_CHARS, "-of-%02u", (unsigned)p->count % 100);
}

void
wb_parts_keep(struct wb_parts *p)
{
    for (size_t i = 0; i < p->count; i++)
        wb_file_out_keep(&p->outs[i]);
}

enum wb_status
wb_parts_waiting(const struct wb_parts *p, size_t index, char line[static PATH_MAX],
    struct wb_error *e)
{
    const struct wb_file_out *out = &p->outs[index];
    const char *slash = strrchr(p->path, '/');
    const int folder = slash == NULL ? 0 : (int)(slash - p->path) + 1;
    char path[PATH_MAX], suffix[SUFFIX_CHARS];
    int size;

    make_suffix(suffix, p);
    size = snprintf(path, sizeof path, "%.*s%s%s/%s", folder, p->path, out->name,
        suffix, out->temporary);
    if (size < 0 || (size_t)size >= sizeof path)
        return wb_fail(e, WB_ERR_USAGE, "%s: the path is too long", p->path);
    return wb_file_absolute(line, path, e);
}

enum wb_status
wb_parts_publish(struct wb_parts *p, struct wb_error *e)
{
    char suffix[SUFFIX_CHARS];
    enum wb_status st = WB_OK;

    make_suffix(suffix, p);
    for (size_t i = 0; i < p->count && st == WB_OK; i++)
        if (p->size == 0 || (st = wb_file_out_name(&p->outs[i], suffix, e)) == WB_OK)
            st = wb_file_out_publish(&p->outs[i], e);
    return st;
}

void
wb_parts_close(struct wb_parts *p)
{
    for (size_t i = 0; i < p->count; i++)
        wb_file_out_close(&p->outs[i]);
    p->count = 0;
}

/* ---- reading ---- */

/* The part of that number among those given. */
static const char *
find_part(const char *const *parts, size_t count, size_t stem, unsigned number)
{
    struct wb_part_name n;

    for (size_t i = 0; i < count; i++)
        if (wb_part_parse(&n, parts[i]) && n.stem == stem && n.number == number)
            return parts[i];
    return NULL;
}

static enum wb_status
open_one(struct wb_source *s, const char *path, struct wb_error *e)
{
    const uint64_t begins = s->count == 0 ? 0 : s->parts[s->count - 1].ends;
    uint64_t size;
    int fd = -1;
    enum wb_status st;

    if ((st = wb_file_open(&fd, path, e)) != WB_OK)
        return st;
    if ((st = wb_file_size(fd, &size, e)) != WB_OK) {
        wb_file_close(&fd);
        return st;
    }
    s->parts[s->count].fd = fd;
    s->parts[s->count].begins = begins;
    s->parts[s->count++].ends = begins + size;
    return WB_OK;
}

static enum wb_status
check_part(const struct wb_part_name *n, const char *path, const char *first,
    unsigned of, struct wb_error *e)
{
    if (n->of != of || strncmp(path, first, n->stem) != 0)
        return wb_fail(
            e, WB_ERR_USAGE, "%s: not a part of the same file as %s", path, first);
    return WB_OK;
}

static enum wb_status
open_parts(
    struct wb_source *s, const char *const *parts, size_t count, struct wb_error *e)
{
    struct wb_part_name first, n;
    enum wb_status st = WB_OK;

    if (!wb_part_parse(&first, parts[0]))
        return wb_fail(e, WB_ERR_USAGE, "%s: not named as a part", parts[0]);
    for (size_t i = 0; i < count && st == WB_OK; i++)
        st = !wb_part_parse(&n, parts[i])
            ? wb_fail(e, WB_ERR_USAGE, "%s: not named as a part", parts[i])
            : check_part(&n, parts[i], parts[0], first.of, e);
    if (st == WB_OK && count > first.of)
        return wb_fail(e, WB_ERR_USAGE, "%s: a part is given twice", parts[0]);
    for (unsigned number = 1; number <= first.of && st == WB_OK; number++) {
        const char *path = find_part(parts, count, first.stem, number);

        st = path != NULL ? open_one(s, path, e)
                          : wb_fail(e, WB_ERR_NOT_FOUND,
                                "part %.*s.%02u-of-%02u is missing: give all %u",
                                (int)first.stem, parts[0], number, first.of, first.of);
    }
    return st;
}

enum wb_status
wb_source_open(struct wb_source *s, const char *path, const char *const *parts,
    size_t count, struct wb_error *e)
{
    s->count = 0;
    return count == 0 ? open_one(s, path, e) : open_parts(s, parts, count, e);
}

uint64_t
wb_source_size(const struct wb_source *s)
{
    return s->count == 0 ? 0 : s->parts[s->count - 1].ends;
}

enum wb_status
wb_source_read_at(const struct wb_source *s, uint64_t offset, void *bytes, size_t size,
    size_t *got, struct wb_error *e)
{
    uint8_t *to = bytes;
    size_t done = 0;
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < s->count && done < size && st == WB_OK; i++) {
        const uint64_t at = offset + done;
        uint64_t left = s->parts[i].ends - at;
        size_t n = 0, want = size - done;

        if (at < s->parts[i].begins || at >= s->parts[i].ends)
            continue;
        /* the last one to its end, wherever that is by now */
        want = i + 1 < s->count && left < want ? (size_t)left : want;
        st = wb_file_read_at(
            s->parts[i].fd, at - s->parts[i].begins, to + done, want, &n, e);
        done += n;
        if (n < want)
            break;
    }
    if (st == WB_OK)
        *got = done;
    return st;
}

void
wb_source_close(struct wb_source *s)
{
    for (size_t i = 0; i < s->count; i++)
        wb_file_close(&s->parts[i].fd);
    s->count = 0;
}
