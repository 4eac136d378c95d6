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

    if ((size_t)size >= sizeof path)
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
    if ((size_t)size >= sizeof path)
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

static enum wb_status
open_one(struct wb_source *s, const char *path, struct wb_error *e)
{
    const uint64_t begins = wb_source_size(s);
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

/* Those that were given, by their numbers. */
struct given {
    struct wb_part_name first; /* whichever came first: all are of its file */
    const char *parts[WB_SPLIT_PARTS_MAX];
};

static enum wb_status
sort_parts(struct given *g, const char *const *parts, size_t count, struct wb_error *e)
{
    struct wb_part_name n;

    for (size_t i = 0; i < count; i++) {
        if (!wb_part_parse(&n, parts[i]))
            return wb_fail(e, WB_ERR_USAGE, "%s: not named as a part", parts[i]);
        if (i == 0)
            g->first = n;
        if (n.of != g->first.of || n.stem != g->first.stem ||
            strncmp(parts[i], parts[0], n.stem) != 0)
            return wb_fail(e, WB_ERR_USAGE, "%s: not a part of the same file as %s",
                parts[i], parts[0]);
        if (g->parts[n.number - 1] != NULL)
            return wb_fail(e, WB_ERR_USAGE, "%s: a part is given twice", parts[i]);
        g->parts[n.number - 1] = parts[i];
    }
    return WB_OK;
}

static enum wb_status
open_parts(
    struct wb_source *s, const char *const *parts, size_t count, struct wb_error *e)
{
    struct given g = {0};
    enum wb_status st = sort_parts(&g, parts, count, e);

    for (unsigned i = 0; st == WB_OK && i < g.first.of; i++)
        st = g.parts[i] != NULL
            ? open_one(s, g.parts[i], e)
            : wb_fail(e, WB_ERR_NOT_FOUND,
                  "part %.*s.%02u-of-%02u is missing: give all %u", (int)g.first.stem,
                  parts[0], i + 1, g.first.of, g.first.of);
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

        if (at >= s->parts[i].ends)
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
