/* vault/report/set.c - planned like a bundle, opened from the very bytes that would
 * travel. */
#include "set.h"

#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../bundle/allow.h"
#include "../bundle/look.h"

enum { ID_SHORT = 8 };
#define RECORDS_MAX ((size_t)1 << 24)

void
wb_set_init(struct wb_set *s)
{
    *s = (struct wb_set){0};
    wb_buf_init(&s->list, RECORDS_MAX * sizeof(struct wb_record *));
    wb_buf_init(&s->roots, RECORDS_MAX * WB_ROOT_BYTES);
}

size_t
wb_set_count(const struct wb_set *s)
{
    return s->list.size / sizeof(struct wb_record *);
}

struct wb_record *
wb_set_at(const struct wb_set *s, size_t index)
{
    return ((struct wb_record **)(void *)s->list.data)[index];
}

void
wb_set_wipe(struct wb_set *s)
{
    for (size_t i = 0; s->whole == NULL && i < wb_set_count(s); i++) {
        struct wb_record *r = wb_set_at(s, i);

        wb_record_free(&r);
    }
    wb_buf_wipe(&s->list);
    wb_buf_wipe(&s->roots);
    wb_buf_wipe(&s->copies);
}

struct wb_record *
wb_set_find(const struct wb_set *s, const struct wb_id *id)
{
    const struct wb_copy *copy;

    if (s->whole != NULL)
        s = s->whole;
    if ((copy = wb_copies_find(&s->copies, id)) != NULL)
        id = &copy->id;
    for (size_t i = 0; i < wb_set_count(s); i++)
        if (wb_id_equal(wb_record_id(wb_set_at(s, i)), id))
            return wb_set_at(s, i);
    return NULL;
}

bool
wb_set_refers(const struct wb_record *r, const char *field, const struct wb_id *id)
{
    struct wb_value_view value;
    struct wb_id named;

    for (size_t i = 0; wb_record_value(r, field, i, &value); i++)
        if (value.state == WB_STATE_TEXT &&
            wb_id_parse(&named, value.text, value.size) && wb_id_equal(&named, id))
            return true;
    return false;
}

bool
wb_set_has_ids(const struct wb_set *s)
{
    return s->level != WB_LEVEL_ANONYMOUS && !s->unlinked;
}

void
wb_set_call(struct wb_buf *out, const struct wb_set *s, const struct wb_record *r)
{
    const char *title = wb_record_title(r), *pseudonym = wb_record_text(r, "pseudonym");
    char id[WB_ID_TEXT_BYTES];

    if (title[0] == '\0')
        title = pseudonym;
    if (title[0] != '\0') {
        wb_buf_add_text(out, title);
        return;
    }
    wb_buf_add_text(out, wb_record_kind(r));
    if (!wb_set_has_ids(s))
        return;
    wb_id_text(id, wb_record_id(r));
    wb_buf_print(out, " %.*s", ID_SHORT, id);
}

/* ---- gathering ---- */

static int
by_row(const void *a, const void *b)
{
    const struct wb_plan_record *const *left = a, *const *right = b;

    return ((*left)->from.row > (*right)->from.row) -
        ((*left)->from.row < (*right)->from.row);
}

static enum wb_status
take(struct wb_set *s, struct wb_vault *v, const struct wb_plan *plan,
    const struct wb_plan_record *planned, struct wb_error *e)
{
    uint8_t root[WB_ROOT_BYTES];
    struct wb_record *r = NULL;
    struct wb_buf json;
    struct wb_id id;
    int latest;
    enum wb_status st;

    wb_buf_init(&json, WB_RECORD_BYTES_MAX);
    if ((st = wb_outgoing_json(&json, v, plan, planned, e)) == WB_OK &&
        (st = wb_record_json_read(&r, &latest, json.data, json.size, e)) == WB_OK) {
        r->row = planned->from.row;
        wb_buf_add(&s->list, &r, sizeof(struct wb_record *));
        if ((st = wb_buf_check(&s->list, e)) != WB_OK)
            wb_record_free(&r);
    }
    wb_unlink_original(planned, &id, root);
    wb_buf_add(&s->roots, root, sizeof root);
    wb_buf_wipe(&json);
    return st == WB_OK ? wb_buf_check(&s->roots, e) : st;
}

static enum wb_status
check_kind(
    struct wb_vault *v, const struct wb_id *id, const char *kind, struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st = wb_record_load(v, &r, id, e);

    if (st == WB_OK && strcmp(wb_record_kind(r), kind) != 0)
        st = wb_fail(e, WB_ERR_USAGE, "this is a record of kind %s, not %s",
            wb_record_kind(r), kind);
    wb_record_free(&r);
    return st;
}

/* In the order of saving; the plan is in that of the archive. */
enum wb_status
wb_set_take(struct wb_set *s, struct wb_vault *v, const struct wb_plan *plan,
    struct wb_error *e)
{
    size_t count = wb_plan_record_count(plan);
    const struct wb_plan_record **order =
        wb_mem_new_array(count, sizeof(const struct wb_plan_record *));
    enum wb_status st = WB_OK;

    if (order == NULL)
        return wb_fail(e, WB_ERR_MEMORY, "not enough memory");
    for (size_t i = 0; i < count; i++)
        order[i] = wb_plan_record(plan, i);
    qsort(order, count, sizeof(const struct wb_plan_record *), by_row);
    for (size_t i = 0; i < count && st == WB_OK; i++)
        st = take(s, v, plan, order[i], e);
    wb_mem_free(order);
    s->level = plan->level;
    memcpy(s->time, plan->time, sizeof s->time);
    return st;
}

enum wb_status
wb_set_part(
    struct wb_set *s, const struct wb_set *whole, const bool *goes, struct wb_error *e)
{
    wb_set_init(s);
    s->level = whole->level;
    s->unlinked = whole->unlinked;
    s->whole = whole;
    for (size_t i = 0; i < wb_set_count(whole); i++) {
        struct wb_record *r = wb_set_at(whole, i);

        if (goes[i])
            wb_buf_add(&s->list, &r, sizeof(struct wb_record *));
    }
    return wb_buf_check(&s->list, e);
}

/* What would go: copies, where nothing may lead back. */
static enum wb_status
take_planned(
    struct wb_set *s, struct wb_vault *v, struct wb_plan *plan, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    s->unlinked = plan->unlinked;
    if (s->unlinked)
        st = wb_unlink_plan(plan, v, e);
    if (st == WB_OK)
        st = wb_set_take(s, v, plan, e);
    s->copies = plan->copies;
    wb_buf_init(&plan->copies, 0);
    return st;
}

enum wb_status
wb_set_gather(struct wb_set *s, struct wb_vault *v,
    const struct wb_report_request *request, const char *kind, struct wb_error *e)
{
    const struct wb_export_request leaving = {
        .purpose = request->purpose == NULL ? "internal" : request->purpose,
        .incident = &request->id,
        .level = request->level,
        .leave_out_refused = true,
        .keep_names = request->keep_names,
        .keep_name_count = request->keep_name_count,
        .tell = request->tell,
        .cookie = request->cookie,
    };
    static const struct wb_audience nobody; /* in particular */
    struct wb_plan plan;
    enum wb_status st = check_kind(v, &request->id, kind, e);

    if (st != WB_OK)
        return st;
    wb_plan_init(&plan);
    if ((st = wb_plan_choose(&plan, v, &leaving, e)) == WB_OK &&
        (st = wb_allow_plan(&plan, v, &nobody, e)) == WB_OK &&
        (st = wb_look_plan(&plan, v, e)) == WB_OK)
        st = take_planned(s, v, &plan, e);
    wb_plan_wipe(&plan);
    return st;
}
