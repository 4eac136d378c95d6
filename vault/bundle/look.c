/* vault/bundle/look.c - names of people, and ids, in the texts of a plan. */
#include "look.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../query/id_scan.h"

#define IDS_BYTES_MAX ((size_t)1 << 36)

enum { PEOPLE_TOLD_MAX = 64 }; /* of one text once; who comes later perhaps again */

/* Where we are, and who was found there already. */
struct looking {
    struct wb_vault *v;
    struct wb_plan *plan;
    struct wb_name_scan scan;
    struct wb_plan_line line;
    size_t told[PEOPLE_TOLD_MAX], told_count;
    uint64_t in_the_way;
};

static const char *
find_kept(const struct wb_export_request *request, const struct wb_id *record,
    const struct wb_id *person)
{
    for (size_t i = 0; i < request->keep_name_count; i++)
        if (wb_id_equal(&request->keep_names[i].id, record) ||
            wb_id_equal(&request->keep_names[i].id, person))
            return request->keep_names[i].reason;
    return NULL;
}

/* `whom` is the record that the name or id leads to. */
static void
tell(struct looking *l, const struct wb_id *whom, const char *name, bool is_id)
{
    const struct wb_export_request *request = l->plan->request;

    l->line.person = whom;
    l->line.name = name;
    l->line.is_id = is_id;
    l->line.keep = find_kept(request, l->line.id, whom);
    l->in_the_way += l->line.keep == NULL;
    if (request->tell != NULL)
        request->tell(request->cookie, &l->line);
}

static void
found(void *cookie, size_t number, const char *name)
{
    struct looking *l = cookie;

    for (size_t i = 0; i < l->told_count; i++)
        if (l->told[i] == number)
            return;
    if (l->told_count < PEOPLE_TOLD_MAX)
        l->told[l->told_count++] = number;
    tell(l, &wb_gate_person_at(&l->plan->gate, number)->id, name, false);
}

/* Copies have ids of their own; one that somebody wrote into a text would tie them to
 * what it is the id of here. */
static void
found_id(void *cookie, const struct wb_id *id, const char *name)
{
    tell(cookie, id, name, true);
}

static void
look_at(void *cookie, const char *field, size_t value, const char *text, size_t size)
{
    struct looking *l = cookie;

    l->line.field = field;
    l->line.value = value;
    l->told_count = 0;
    wb_name_scan_text(&l->scan, text, size, found, l);
    if (l->plan->unlinked)
        wb_id_scan_text(l->v, text, size, found_id, l);
}

static void
look_at_record(struct looking *l, const struct wb_record *r)
{
    l->line = (struct wb_plan_line){.state = WB_PLAN_NAME,
        .id = &r->id,
        .kind = r->kind,
        .title = wb_record_title(r),
        .level = "",
        .reason = ""};
    wb_record_each_text(r, look_at, l);
    for (size_t i = 0; i < l->plan->overridden.size / sizeof(struct wb_exception);
         i++) {
        const struct wb_exception *one =
            (const struct wb_exception *)(const void *)l->plan->overridden.data + i;

        if (wb_id_equal(&one->id, &r->id))
            look_at(l, "override", 0, one->reason, strlen(one->reason));
    }
}

static enum wb_status
look_at_all(struct looking *l, struct wb_vault *v, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < wb_plan_record_count(l->plan) && st == WB_OK; i++) {
        struct wb_record *r = NULL;

        st = wb_outgoing_open(&r, v, l->plan, &wb_plan_record(l->plan, i)->from, e);
        if (st == WB_OK)
            look_at_record(l, r);
        wb_record_free(&r);
    }
    return st;
}

static enum wb_status
gather_names(struct looking *l, struct wb_error *e)
{
    struct wb_buf ids;
    enum wb_status st;

    wb_buf_init(&ids, IDS_BYTES_MAX);
    for (size_t i = 0; i < wb_plan_record_count(l->plan); i++)
        wb_buf_add(&ids, &wb_plan_record(l->plan, i)->id, sizeof(struct wb_id));
    if ((st = wb_buf_check(&ids, e)) == WB_OK)
        st = wb_gate_names(&l->plan->gate, &l->scan,
            (const struct wb_id *)(const void *)ids.data,
            ids.size / sizeof(struct wb_id), e);
    wb_buf_wipe(&ids);
    return st;
}

enum wb_status
wb_look_plan(struct wb_plan *p, struct wb_vault *v, struct wb_error *e)
{
    struct looking l = {.v = v, .plan = p};
    enum wb_status st;

    wb_name_scan_init(&l.scan);
    if ((st = gather_names(&l, e)) == WB_OK)
        st = look_at_all(&l, v, e);
    wb_name_scan_wipe(&l.scan);
    if (st != WB_OK || l.in_the_way == 0 || p->request->plan_only)
        return st;
    if (p->unlinked)
        return wb_fail(e, WB_ERR_POLICY,
            "%" PRIu64 " names or ids that lead back would go in the texts: --redact "
            "ID:FIELD.N, or --keep-name ID=REASON; --plan shows all",
            l.in_the_way);
    return wb_fail(e, WB_ERR_POLICY,
        "%" PRIu64 " name%s of those who stay unnamed would go in the texts: "
        "--redact ID:FIELD.N, or --keep-name ID=REASON; --plan shows all",
        l.in_the_way, l.in_the_way == 1 ? "" : "s");
}
