/* vault/custody/load.c - many records from JSONL, in passes over the file. */
#include <string.h>
#include <unistd.h>

#include "../base/fail.h"
#include "../crypto/random.h"
#include "adding.h"
#include "lines.h"
#include "load_line.h"
#include "refs.h"

/* One load. What is known of keys and rejected lines lies in the staging table, so that
 * memory does not depend on the number of lines. */
struct load {
    struct wb_vault *v;
    struct wb_adding *adding;
    const struct wb_rejects *rejects; /* NULL: the first bad line ends it */
    struct wb_loaded loaded;
    bool key_rejected; /* in this pass: lines that name it fall with it */
};

/* ---- rejected lines ---- */

/* What stops the whole load whatever was asked for: the machine fails, not a line. */
static bool
is_fatal(enum wb_status st)
{
    return st == WB_ERR_IO || st == WB_ERR_MEMORY || st == WB_ERR_INTERNAL;
}

/* "r" and the number: where the reason of a rejected line is staged. */
static void
line_tag(uint8_t tag[static 9], uint64_t number)
{
    tag[0] = 'r';
    memcpy(tag + 1, &number, sizeof number);
}

static enum wb_status
find_rejected(struct load *load, const struct wb_lines *l, struct wb_buf *reason,
    bool *rejected, struct wb_error *e)
{
    uint8_t tag[9];
    enum wb_status st;

    *rejected = false;
    if (load->rejects == NULL)
        return WB_OK;
    line_tag(tag, l->number);
    wb_buf_clear(reason);
    st = wb_staging_get(load->v, tag, sizeof tag, reason, e);
    *rejected = st == WB_OK;
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

static enum wb_status
stage_rejected(struct load *load, const struct wb_lines *l, struct wb_error *e)
{
    uint8_t tag[9];

    line_tag(tag, l->number);
    load->loaded.rejected++;
    return wb_staging_put(load->v, tag, sizeof tag, e->message, strlen(e->message), e);
}

/* ---- passes: each is called for every line that is not rejected ---- */

/* Only such a line can have a key: most have none, and are read once. */
static bool
may_have_key(const struct wb_buf *line)
{
    return memchr(line->data, '\\', line->size) != NULL ||
        memmem(line->data, line->size, "\"key\"", 5) != NULL;
}

/* First: keyed lines get their ids, so that any line may name any other. What is wrong
 * with a line is found when it is its turn. */
static enum wb_status
announce(struct load *load, const struct wb_load_item *item, struct wb_error *e)
{
    struct wb_id id;
    enum wb_status st;

    if (item->key == NULL)
        return WB_OK;
    wb_random(id.bytes, sizeof id.bytes);
    st = wb_refs_announce(load->v, item->key, item->key_size, &id, item->kind->name, e);
    return wb_within(e, st, "key");
}

struct resolving {
    struct wb_vault *v;
    struct wb_draft *d;
};

/* A reference that is a key of this file becomes the id that the key stands for. */
static enum wb_status
resolve(void *cookie, const struct wb_field *field, struct wb_draft_value *value,
    struct wb_error *e)
{
    struct resolving *r = cookie;
    char text[WB_ID_TEXT_BYTES];
    struct wb_id id;
    enum wb_status st;

    (void)field;
    st = wb_refs_announced(r->v, value->text, value->size, &id, e);
    if (st == WB_ERR_NOT_FOUND)
        return wb_id_parse(&id, value->text, value->size)
            ? WB_OK
            : wb_fail(e, WB_ERR_VALUE, "no such key in this file, and not an id");
    if (st != WB_OK)
        return st;
    wb_id_text(text, &id);
    value->text = wb_arena_copy(&r->d->arena, text, sizeof text - 1);
    value->size = sizeof text - 1;
    return value->text == NULL ? wb_fail_memory(e) : WB_OK;
}

/* The draft of a line, keys resolved. */
static enum wb_status
make_draft(struct load *load, struct wb_draft **d, const struct wb_load_item *item,
    struct wb_error *e)
{
    struct resolving r = {.v = load->v};
    enum wb_status st = wb_load_fill(&r.d, item, e);

    if (st == WB_OK && (st = wb_draft_each_ref(r.d, resolve, &r, e)) != WB_OK)
        wb_draft_free(&r.d);
    if (st == WB_OK)
        *d = r.d;
    return st;
}

/* Between, where lines may be rejected: what is left of each must hold, and a line that
 * does not takes its key away. */
static enum wb_status
settle(struct load *load, const struct wb_load_item *item, struct wb_error *e)
{
    struct wb_draft *d = NULL;
    enum wb_status withdrawn, st = make_draft(load, &d, item, e);

    if (st == WB_OK)
        st = wb_draft_check(d, e);
    if (st == WB_OK)
        st = wb_refs_check(load->v, d, e);
    wb_draft_free(&d);
    if (st == WB_OK || is_fatal(st) || item->key == NULL)
        return st;
    load->key_rejected = true;
    withdrawn = wb_refs_withdraw(load->v, item->key, item->key_size, NULL);
    return withdrawn == WB_OK ? st : wb_fail(e, withdrawn, "staging: not writable");
}

/* Last: the record itself. */
static enum wb_status
store(struct load *load, const struct wb_load_item *item, struct wb_error *e)
{
    struct wb_draft *d = NULL;
    struct wb_id id;
    enum wb_status st = make_draft(load, &d, item, e);

    if (st != WB_OK)
        return st;
    if (item->key == NULL)
        wb_random(id.bytes, sizeof id.bytes);
    else
        st = wb_refs_announced(load->v, item->key, item->key_size, &id, e);
    if (st == WB_OK)
        st = wb_adding_add(load->adding, d, &id, e);
    wb_draft_free(&d);
    if (st == WB_OK && load->loaded.added++ == 0)
        load->loaded.first = id;
    if (st == WB_OK)
        load->loaded.last = id;
    return st;
}

/* ---- going through the file ---- */

struct pass {
    enum wb_status (*line)(
        struct load *load, const struct wb_load_item *item, struct wb_error *e);
    bool only_keyed; /* lines that cannot have a key are passed over */
    bool hands_over; /* rejected lines go to whoever wants them */
};

static enum wb_status
take_line(struct load *load, const struct pass *p, const struct wb_lines *l,
    struct wb_error *e)
{
    struct wb_load_item item;
    struct wb_error own = {0}; /* the reason of a rejected line is kept by it */
    struct wb_error *why = e != NULL ? e : &own;
    enum wb_status st = wb_load_parse(&item, &l->line, why);

    if (st == WB_OK)
        st = p->line(load, &item, why);
    wb_arena_free(&item.nodes);
    if (st == WB_OK)
        return WB_OK;
    if (load->rejects != NULL && !is_fatal(st) && !p->hands_over)
        return stage_rejected(load, l, why);
    return wb_within(why, st, "line %llu", (unsigned long long)l->number);
}

static enum wb_status
run_pass(struct load *load, int fd, const struct pass *p, struct wb_error *e)
{
    struct wb_lines l;
    struct wb_buf reason;
    bool found = true, rejected = false;
    enum wb_status st;

    wb_buf_init(&reason, WB_ERROR_MESSAGE_BYTES);
    if ((st = wb_lines_init(&l, fd, WB_LOAD_LINE_BYTES_MAX, e)) == WB_OK &&
        lseek(fd, 0, SEEK_SET) != 0)
        st = wb_fail(e, WB_ERR_USAGE, "must be a file that can be read twice, no pipe");
    while (st == WB_OK && (st = wb_lines_next(&l, &found, e)) == WB_OK && found) {
        if (l.line.size > 0 && l.line.data[0] == '#')
            continue;
        if (p->only_keyed && !may_have_key(&l.line))
            continue;
        if ((st = find_rejected(load, &l, &reason, &rejected, e)) != WB_OK)
            break;
        if (!rejected)
            st = take_line(load, p, &l, e);
        else if (p->hands_over)
            st = load->rejects->each(load->rejects->cookie, l.number,
                (const char *)l.line.data, l.line.size, wb_buf_text(&reason), e);
    }
    wb_buf_wipe(&reason);
    wb_lines_wipe(&l);
    return st;
}

enum wb_status
wb_change_load(struct wb_change *c, int fd, const struct wb_rejects *rejects,
    struct wb_loaded *loaded, struct wb_error *e)
{
    static const struct pass first = {announce, true, false},
                             between = {settle, false, false},
                             last = {store, false, true};
    struct load load = {.v = wb_change_vault(c), .rejects = rejects};
    enum wb_status st = wb_adding_new(&load.adding, c, e);

    if (st == WB_OK)
        st = run_pass(&load, fd, &first, e);
    load.key_rejected = rejects != NULL;
    while (st == WB_OK && load.key_rejected) {
        load.key_rejected = false;
        st = run_pass(&load, fd, &between, e);
    }
    if (st == WB_OK && (st = run_pass(&load, fd, &last, e)) == WB_OK)
        st = wb_adding_end(load.adding, e);
    wb_adding_free(&load.adding);
    if (st == WB_OK && load.loaded.added == 0 && load.loaded.rejected == 0)
        st = wb_fail(e, WB_ERR_VALUE, "no records in it");
    if (st == WB_OK && (st = wb_staging_clear(load.v, e)) == WB_OK)
        *loaded = load.loaded;
    return st;
}
