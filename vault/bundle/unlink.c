/* vault/bundle/unlink.c - copies of records that nothing ties to their originals. */
#include "unlink.h"

#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../crypto/random.h"
#include "../record/withhold.h"

bool
wb_unlink_wanted(const char *purpose, enum wb_level level)
{
    return level == WB_LEVEL_ANONYMOUS || strcmp(purpose, "publication") == 0;
}

/* ---- one record ---- */

/* References follow the copies; to what is not there they are withheld. */
static enum wb_status
rename_refs(struct wb_record *r, struct wb_place *p, const struct wb_buf *copies,
    struct wb_error *e)
{
    for (size_t i = 0; p->form != WB_FORM_CLOSED && i < p->count; i++) {
        struct wb_value *v = &p->values[i];
        const struct wb_copy *copy = NULL;
        char text[WB_ID_TEXT_BYTES];
        struct wb_id id;

        if (v->state != WB_STATE_TEXT)
            continue;
        if (wb_id_parse(&id, v->text, v->size))
            copy = wb_copies_find(copies, &id);
        if (copy == NULL && p->form == WB_FORM_LIST) {
            wb_withhold_value(v);
        } else if (copy == NULL) {
            wb_withhold_place(p);
        } else {
            wb_id_text(text, &copy->id);
            if ((v->text = wb_arena_copy(&r->arena, text, v->size)) == NULL)
                return wb_fail_memory(e);
        }
    }
    return WB_OK;
}

/* In the place of hashes that other bundles have as well. */
static void
veil_closed(struct wb_record *r)
{
    for (size_t i = 0; i < r->place_count; i++) {
        struct wb_place *p = &r->places[i];

        if (p->form == WB_FORM_CLOSED)
            wb_record_veil(p->hash, r, p->field, 0);
        for (size_t n = 0; p->form == WB_FORM_LIST && n < p->count; n++)
            if (p->values[n].state == WB_STATE_WITHHELD)
                wb_record_veil(p->values[n].hash, r, p->field, (uint32_t)n + 1);
    }
}

enum wb_status
wb_unlink_record(struct wb_record *r, const struct wb_buf *copies,
    const struct wb_copy *copy, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    wb_withhold_place(&r->places[0]); /* the origin */
    for (size_t i = 1; i < r->place_count && st == WB_OK; i++) {
        const struct wb_field *f = r->table == NULL ? NULL : &r->table->fields[i - 1];

        if (f == NULL || (f->flags & WB_LINKS) != 0)
            wb_withhold_place(&r->places[i]); /* of an unknown kind all may be a tie */
        else if (f->kind == WB_REF)
            st = rename_refs(r, &r->places[i], copies, e);
    }
    if (st != WB_OK)
        return st; /* a value may be without its text */
    r->id = copy->id;
    r->revision = 1;
    r->previous_count = 0;
    r->proof_count = 0;
    r->foreign = false;
    memcpy(r->seed, copy->seed, sizeof r->seed);
    veil_closed(r);
    wb_record_commit(r);
    wb_withhold_end(r);
    return WB_OK;
}

/* ---- all of them ---- */

static int
compare_copies(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct wb_id)); /* begins with `of` */
}

void
wb_copies_draw(struct wb_buf *copies, const struct wb_id *of,
    const uint8_t of_root[static WB_ROOT_BYTES])
{
    struct wb_copy copy = {.of = *of};

    memcpy(copy.of_root, of_root, sizeof copy.of_root);
    wb_random(copy.id.bytes, sizeof copy.id.bytes);
    wb_random(copy.seed, sizeof copy.seed);
    wb_buf_add(copies, &copy, sizeof copy);
}

enum wb_status
wb_copies_settle(struct wb_buf *copies, struct wb_error *e)
{
    size_t count = copies->size / sizeof(struct wb_copy);
    enum wb_status st = wb_buf_check(copies, e);

    if (st == WB_OK && count > 1)
        qsort(copies->data, count, sizeof(struct wb_copy), compare_copies);
    return st;
}

const struct wb_copy *
wb_copies_find(const struct wb_buf *copies, const struct wb_id *of)
{
    if (copies->size == 0)
        return NULL;
    return bsearch(of, copies->data, copies->size / sizeof(struct wb_copy),
        sizeof(struct wb_copy), compare_copies);
}

void
wb_unlink_original(const struct wb_plan_record *record, struct wb_id *id,
    uint8_t root[static WB_ROOT_BYTES])
{
    const struct wb_copy *copy = record->from.copy;

    *id = copy == NULL ? record->id : copy->of;
    memcpy(root, copy == NULL ? record->root : copy->of_root, WB_ROOT_BYTES);
}

static enum wb_status
take_copy(struct wb_plan_record *record, struct wb_plan *p, struct wb_vault *v,
    struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st;

    record->from.copy = wb_copies_find(&p->copies, &record->id);
    if ((st = wb_outgoing_open(&r, v, p, &record->from, e)) != WB_OK)
        return st;
    record->id = r->id;
    memcpy(record->root, r->root, sizeof record->root);
    wb_record_free(&r);
    return WB_OK;
}

enum wb_status
wb_unlink_plan(struct wb_plan *p, struct wb_vault *v, struct wb_error *e)
{
    size_t count = wb_plan_record_count(p);
    enum wb_status st;

    for (size_t i = 0; i < count; i++)
        wb_copies_draw(
            &p->copies, &wb_plan_record(p, i)->id, wb_plan_record(p, i)->root);
    st = wb_copies_settle(&p->copies, e);
    for (size_t i = 0; i < count && st == WB_OK; i++)
        st = take_copy(wb_plan_record(p, i), p, v, e);
    if (st == WB_OK)
        wb_plan_sort(p);
    return st;
}
