/* vault/report/bundle.c - the page inside a bundle, an incident after the other. */
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../bundle/closure.h"
#include "fields.h"
#include "incident.h"
#include "seal.h"

enum { RECORDS_MAX = 5000 };

/* The records of a bundle, and how far the page is. */
struct chapters {
    struct wb_buf *out;
    struct wb_set all;
    bool *goes; /* of the chapter at hand */
    bool *told; /* in some chapter */
};

static bool
is_incident(const struct wb_record *r)
{
    return strcmp(wb_record_kind(r), "incident") == 0;
}

static size_t
count_incidents(const struct wb_set *s)
{
    size_t count = 0;

    for (size_t i = 0; i < wb_set_count(s); i++)
        count += is_incident(wb_set_at(s, i));
    return count;
}

/* What belongs to an incident, by the references that go. */
static enum wb_status
choose(struct chapters *c, const struct wb_record *incident, struct wb_error *e)
{
    struct wb_closure graph;
    enum wb_status st;

    wb_closure_init(&graph);
    for (size_t i = 0; i < wb_set_count(&c->all); i++)
        wb_closure_record(&graph, wb_set_at(&c->all, i));
    st = wb_closure_take(&graph, wb_record_id(incident), e);
    for (size_t i = 0; st == WB_OK && i < wb_set_count(&c->all); i++) {
        c->goes[i] = wb_closure_took(&graph, wb_record_id(wb_set_at(&c->all, i)));
        c->told[i] |= c->goes[i];
    }
    wb_closure_wipe(&graph);
    return st;
}

/* One chapter; without an incident (NULL) of the records that are chosen. */
static enum wb_status
put_chapter(struct chapters *c, const struct wb_record *incident, struct wb_error *e)
{
    struct wb_set part;
    enum wb_status st = wb_set_part(&part, &c->all, c->goes, e);

    if (st == WB_OK)
        st = wb_incident_put(c->out, &part, incident, e);
    if (st == WB_OK && incident != NULL)
        wb_seal_line(c->out, &part, incident);
    wb_set_wipe(&part);
    return st;
}

static enum wb_status
put_incidents(struct chapters *c, bool several, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < wb_set_count(&c->all) && st == WB_OK; i++) {
        const struct wb_record *r = wb_set_at(&c->all, i);

        if (!is_incident(r))
            continue;
        if (several)
            wb_fields_heading(c->out, "h1", &c->all, r);
        if ((st = choose(c, r, e)) == WB_OK)
            st = put_chapter(c, r, e);
    }
    return st;
}

/* What goes without its incident: a source, a statement by itself. */
static enum wb_status
put_rest(struct chapters *c, bool apart, struct wb_error *e)
{
    bool some = false;

    for (size_t i = 0; i < wb_set_count(&c->all); i++) {
        c->goes[i] = !c->told[i];
        some |= c->goes[i];
    }
    if (!some)
        return WB_OK;
    if (apart)
        wb_page_say(c->out, "h1", "What belongs to none of the incidents here");
    return put_chapter(c, NULL, e);
}

/* The heading of the page: its one incident, or what it is. */
static void
put_title(struct chapters *c, size_t incidents)
{
    static const char words[] = WB_SAID("What is in this bundle");

    wb_page_begin(c->out, wb_word(words));
    if (incidents != 1)
        wb_page_say(c->out, "h1", words);
    for (size_t i = 0; incidents == 1 && i < wb_set_count(&c->all); i++)
        if (is_incident(wb_set_at(&c->all, i)))
            wb_fields_heading(c->out, "h1", &c->all, wb_set_at(&c->all, i));
}

static enum wb_status
render(struct chapters *c, const struct wb_plan *plan, struct wb_error *e)
{
    size_t count = wb_set_count(&c->all), incidents = count_incidents(&c->all);
    enum wb_status st;

    if ((c->goes = wb_mem_new_array(count, sizeof *c->goes)) == NULL ||
        (c->told = wb_mem_new_array(count, sizeof *c->told)) == NULL)
        return wb_fail_memory(e);
    put_title(c, incidents);
    wb_seal_notice_bundle(c->out, &c->all, plan);
    if ((st = put_incidents(c, incidents > 1, e)) == WB_OK)
        st = put_rest(c, incidents > 0, e);
    wb_page_end(c->out);
    return st;
}

enum wb_status
wb_report_page(struct wb_buf *page, struct wb_vault *v, const struct wb_plan *plan,
    struct wb_error *e)
{
    struct chapters c = {.out = page};
    enum wb_status st;

    if (wb_plan_record_count(plan) > RECORDS_MAX)
        return wb_fail(e, WB_ERR_LIMIT,
            "%zu records, limit is %d: a bundle for each incident, or without a page",
            wb_plan_record_count(plan), RECORDS_MAX);
    wb_set_init(&c.all);
    if ((st = wb_set_take(&c.all, v, plan, e)) == WB_OK)
        st = render(&c, plan, e);
    wb_set_wipe(&c.all);
    wb_mem_free(c.goes);
    wb_mem_free(c.told);
    return st;
}
