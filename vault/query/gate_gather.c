/* vault/query/gate_gather.c - one walk over a vault: consents, persons, ties. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../custody/change.h"
#include "gate.h"

#define PEOPLE_BYTES_MAX ((size_t)1 << 36)

enum { DAY_SECONDS = 24 * 60 * 60 };

/* ---- persons ---- */

static enum wb_status
read_names(struct wb_gate *g, struct wb_gate_person *person, const struct wb_record *r,
    struct wb_error *e)
{
    static const char *const fields[] = {"name", "other-names"};
    size_t count = 0;
    struct wb_value_view v;

    for (size_t f = 0; f < 2; f++)
        for (size_t i = 0; wb_record_value(r, fields[f], i, &v); i++)
            count++;
    if (count == 0)
        return WB_OK;
    person->names = wb_arena_new_array(&g->arena, count, sizeof *person->names);
    if (person->names == NULL)
        return wb_fail_memory(e);
    for (size_t f = 0; f < 2; f++)
        for (size_t i = 0; wb_record_value(r, fields[f], i, &v); i++) {
            const char *name = wb_arena_copy(&g->arena, v.text, v.size);

            if (name == NULL)
                return wb_fail_memory(e);
            person->names[person->name_count++] = name;
        }
    return WB_OK;
}

static enum wb_status
add_person(struct wb_gate *g, const struct wb_record *r, struct wb_error *e)
{
    struct wb_gate_person person = {.id = r->id};
    enum wb_status st;

    person.known = strcmp(wb_record_text(r, "public"), "yes") == 0;
    if ((st = read_names(g, &person, r, e)) != WB_OK)
        return st;
    wb_buf_add(&g->people, &person, sizeof person);
    return wb_buf_check(&g->people, e);
}

static int
compare_people(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct wb_id));
}

/* Two entries of one person become one: a name that was amended is a name still. */
static enum wb_status
join(struct wb_gate *g, struct wb_gate_person *into, const struct wb_gate_person *from,
    struct wb_error *e)
{
    size_t count = into->name_count + from->name_count;
    const char **names;

    into->known &= from->known;
    if (from->name_count == 0)
        return WB_OK;
    if ((names = wb_arena_new_array(&g->arena, count, sizeof *names)) == NULL)
        return wb_fail_memory(e);
    if (into->name_count > 0)
        memcpy(names, into->names, into->name_count * sizeof *names);
    memcpy(names + into->name_count, from->names, from->name_count * sizeof *names);
    into->names = names;
    into->name_count = count;
    return WB_OK;
}

static enum wb_status
settle_people(struct wb_gate *g, struct wb_error *e)
{
    struct wb_gate_person *list = (void *)g->people.data;
    size_t count = g->people.size / sizeof *list, kept = 0;
    enum wb_status st = WB_OK;

    if (count > 1)
        qsort(list, count, sizeof *list, compare_people);
    for (size_t i = 0; i < count && st == WB_OK; i++)
        if (kept == 0 || !wb_id_equal(&list[kept - 1].id, &list[i].id))
            list[kept++] = list[i];
        else
            st = join(g, &list[kept - 1], &list[i], e);
    g->people.size = kept * sizeof *list;
    return st;
}

const struct wb_gate_person *
wb_gate_person(const struct wb_gate *g, const struct wb_id *id)
{
    if (g->people.size == 0)
        return NULL;
    return bsearch(id, g->people.data, g->people.size / sizeof(struct wb_gate_person),
        sizeof(struct wb_gate_person), compare_people);
}

/* ---- the walk ---- */

static enum wb_status
take(struct wb_gate *g, const struct wb_record *r, struct wb_error *e)
{
    enum wb_status st = wb_consents_add(&g->consents, r, e);

    if (st == WB_OK && strcmp(r->kind, "person") == 0)
        st = add_person(g, r, e);
    wb_ties_add(&g->ties, r);
    return st;
}

/* All revisions: heads are found among them, and names that were written once. `lost`
 * counts those that do not open or are not there any more. */
static enum wb_status
walk(struct wb_gate *g, uint64_t *lost, struct wb_error *e)
{
    const uint64_t expected = wb_store_state(g->vault)->rows;
    uint64_t row = 0, opened = 0;
    enum wb_status st;

    while ((st = wb_rows_next(g->vault, &row, e)) == WB_OK) {
        struct wb_record *r = NULL;

        if ((st = wb_custody_open_row(g->vault, &r, row, e)) == WB_OK)
            st = take(g, r, e);
        wb_record_free(&r);
        if (st != WB_OK && !wb_is_damage(st))
            return st;
        opened += st == WB_OK;
    }
    *lost = opened < expected ? expected - opened : 0;
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

/* A clock that was set back does not make a consent valid again. */
static int64_t
today(struct wb_vault *v)
{
    int64_t now = wb_clock_now(), last = (int64_t)wb_store_state(v)->last_time;

    return (last > now ? last : now) / DAY_SECONDS;
}

enum wb_status
wb_gate_gather(struct wb_gate *g, struct wb_error *e)
{
    uint64_t lost = 0;
    enum wb_status st;

    wb_ties_init(&g->ties);
    wb_buf_init(&g->people, PEOPLE_BYTES_MAX);
    wb_buf_init(&g->unnamed, PEOPLE_BYTES_MAX);
    if ((st = wb_store_need_unlocked(g->vault, e)) != WB_OK ||
        (st = walk(g, &lost, e)) != WB_OK)
        return st;
    if (lost > 0 && strcmp(g->request.purpose, "internal") != 0)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "%" PRIu64 " records are gone or do not open, and one of them may say no; "
            "`verify` names them",
            lost);
    g->today = today(g->vault);
    wb_consents_settle(&g->consents);
    if ((st = wb_ties_settle(&g->ties, e)) != WB_OK)
        return st;
    return settle_people(g, e);
}

void
wb_gate_wipe(struct wb_gate *g)
{
    wb_consents_wipe(&g->consents);
    wb_ties_wipe(&g->ties);
    wb_buf_wipe(&g->people);
    wb_buf_wipe(&g->unnamed);
    wb_arena_free(&g->arena);
    *g = (struct wb_gate){0};
}
