/* vault/custody/tombs.c - what the log says was shredded. */
#include "tombs.h"

#include <stdlib.h>
#include <string.h>
#include <witnessbox/destroy.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/mem.h"

enum { PREFIX_CHARACTERS_MIN = 4 };
#define TOMBS_BYTES_MAX ((size_t)1 << 36)

static int
compare(const void *a, const void *b)
{
    const struct wb_tomb *x = a, *y = b;
    int order = memcmp(x->id.bytes, y->id.bytes, sizeof x->id.bytes);

    if (order != 0)
        return order;
    return x->log_row < y->log_row ? -1 : x->log_row > y->log_row;
}

static size_t
count_of(const struct wb_tombs *t)
{
    return t->entries.size / sizeof(struct wb_tomb);
}

static const struct wb_tomb *
at(const struct wb_tombs *t, size_t index)
{
    return (const struct wb_tomb *)(const void *)t->entries.data + index;
}

static enum wb_status
take_entry(struct wb_tombs *t, struct wb_vault *v, uint64_t row)
{
    struct wb_entry entry = {0};
    struct wb_tomb tomb = {.log_row = row};
    enum wb_status st = wb_log_read(v, &entry, row, NULL);

    if (st == WB_OK && entry.action == WB_ACTION_SHRED && entry.has_root) {
        tomb.id = entry.id;
        memcpy(tomb.root, entry.root, sizeof tomb.root);
        wb_buf_add(&t->entries, &tomb, sizeof tomb);
    }
    wb_entry_wipe(&entry);
    return st == WB_ERR_INTEGRITY || st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

enum wb_status
wb_tombs_load(struct wb_tombs *t, struct wb_vault *v, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    if (t->loaded)
        return WB_OK;
    wb_buf_init(&t->entries, TOMBS_BYTES_MAX);
    for (uint64_t row = 1; st == WB_OK && row < wb_store_state(v)->next_log; row++)
        st = take_entry(t, v, row);
    if (st != WB_OK)
        return wb_fail(e, st, "log: it cannot be read");
    if ((st = wb_buf_check(&t->entries, e)) != WB_OK)
        return st;
    if (count_of(t) > 1)
        qsort(t->entries.data, count_of(t), sizeof(struct wb_tomb), compare);
    t->loaded = true;
    return WB_OK;
}

void
wb_tombs_wipe(struct wb_tombs *t)
{
    wb_buf_wipe(&t->entries);
    t->loaded = false;
}

/* The first entry whose id is not below `id`. */
static size_t
first_of(const struct wb_tombs *t, const struct wb_id *id)
{
    size_t low = 0, high = count_of(t);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (memcmp(at(t, middle)->id.bytes, id->bytes, sizeof id->bytes) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct wb_tomb *
wb_tombs_find(const struct wb_tombs *t, const struct wb_id *id, const uint8_t *root)
{
    const struct wb_tomb *newest = NULL;

    for (size_t i = first_of(t, id); i < count_of(t) && wb_id_equal(&at(t, i)->id, id);
         i++)
        if (root == NULL || memcmp(at(t, i)->root, root, WB_ROOT_BYTES) == 0)
            newest = at(t, i);
    return newest;
}

enum wb_status
wb_tombs_cover(struct wb_tombs *t, struct wb_vault *v, bool *covered,
    const struct wb_id *id, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(v);
    uint64_t row;
    enum wb_status st;

    *covered = false;
    if (s->next_row - 1 == s->rows) /* every row that was ever given out is there */
        return WB_OK;
    if ((st = wb_rows_lookup(v, &row, id, 0, e)) != WB_ERR_NOT_FOUND)
        return st;
    if ((st = wb_tombs_load(t, v, e)) == WB_OK)
        *covered = wb_tombs_find(t, id, NULL) != NULL;
    return st;
}

/* ---- for people ---- */

/* The value of the line "reason ..." of a detail. */
static char *
reason_of(const struct wb_entry *entry)
{
    static const char name[] = "reason ";
    const char *line = strstr(entry->detail, name), *end;
    char *reason;

    while (line != NULL && line != entry->detail && line[-1] != '\n')
        line = strstr(line + 1, name);
    if (line == NULL)
        return wb_mem_string("");
    line += sizeof name - 1;
    end = strchrnul(line, '\n');
    reason = wb_mem_new((size_t)(end - line) + 1);
    if (reason != NULL)
        memcpy(reason, line, (size_t)(end - line));
    return reason;
}

static enum wb_status
describe(struct wb_tombstone *out, struct wb_vault *v, const struct wb_tombs *t,
    const struct wb_tomb *tomb, struct wb_error *e)
{
    struct wb_tombstone made = {.id = tomb->id};
    struct wb_entry entry = {0};
    enum wb_status st = wb_log_read(v, &entry, tomb->log_row, e);

    if (st != WB_OK)
        return st;
    wb_clock_text(made.time, (int64_t)entry.seconds);
    made.reason = reason_of(&entry);
    for (size_t i = first_of(t, &tomb->id);
         i < count_of(t) && wb_id_equal(&at(t, i)->id, &tomb->id); i++)
        made.revisions++;
    wb_entry_wipe(&entry);
    if (made.reason == NULL)
        return wb_fail_memory(e);
    *out = made;
    return WB_OK;
}

/* The one id that begins so; NULL in *found without one. */
static enum wb_status
find_text(const struct wb_tombs *t, const char *text, const struct wb_tomb **found,
    struct wb_error *e)
{
    char id[WB_ID_TEXT_BYTES];

    *found = NULL;
    for (size_t i = 0; i < count_of(t); i++) {
        wb_id_text(id, &at(t, i)->id);
        if (strncmp(id, text, strlen(text)) != 0)
            continue;
        if (*found != NULL && !wb_id_equal(&(*found)->id, &at(t, i)->id))
            return wb_fail(e, WB_ERR_AMBIGUOUS,
                "%s: more than one shredded record begins so, give more of it", text);
        *found = at(t, i);
    }
    return WB_OK;
}

enum wb_status
wb_tombstone_find(
    struct wb_vault *v, struct wb_tombstone *t, const char *text, struct wb_error *e)
{
    struct wb_tombs tombs = {0};
    const struct wb_tomb *found = NULL;
    uint64_t row;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK)
        return st;
    if (strlen(text) < PREFIX_CHARACTERS_MIN)
        return wb_fail(e, WB_ERR_NOT_FOUND, "%s: no such record", text);
    if ((st = wb_tombs_load(&tombs, v, e)) == WB_OK &&
        (st = find_text(&tombs, text, &found, e)) == WB_OK) {
        if (found == NULL || wb_rows_lookup(v, &row, &found->id, 0, NULL) == WB_OK)
            st = wb_fail(e, WB_ERR_NOT_FOUND, "%s: no such record", text);
        else
            st = describe(t, v, &tombs, found, e);
    }
    wb_tombs_wipe(&tombs);
    return st;
}

void
wb_tombstone_free(struct wb_tombstone *t)
{
    wb_mem_free(t->reason);
    t->reason = NULL;
}
