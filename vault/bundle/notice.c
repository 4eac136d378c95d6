/* vault/bundle/notice.c - what notices that came name of what is here. */
#include <string.h>
#include <witnessbox/query.h>

#include "../base/fail.h"
#include "report.h"
#include "withdraw.h"

struct telling {
    struct wb_vault *v;
    bool (*each)(void *cookie, const struct wb_noticed *noticed);
    void *cookie;
    bool stopped;
};

/* `from` must live as long as what is told. */
static enum wb_status
describe(struct wb_noticed *one, struct wb_received *from, struct wb_vault *v,
    const struct wb_record *notice, struct wb_error *e)
{
    enum wb_status st = wb_record_received(v, notice, from, e);

    if (st == WB_OK)
        *one = (struct wb_noticed){.notice = notice->id,
            .type = wb_record_text(notice, "type"),
            .reason = wb_record_text(notice, "reason"),
            .time = wb_record_text(notice, "time"),
            .is_ours = wb_record_is_ours(notice),
            .from = from->is_known ? from->label : ""};
    return st;
}

/* The id of a line id@root. */
static bool
named_in(struct wb_id *id, const struct wb_value_view *line)
{
    return line->size >= WB_ID_TEXT_BYTES &&
        wb_id_parse(id, line->text, WB_ID_TEXT_BYTES - 1);
}

static enum wb_status
tell_record(struct telling *t, const struct wb_record *notice, const struct wb_id *id,
    struct wb_error *e)
{
    struct wb_record *r = NULL;
    struct wb_received from;
    struct wb_noticed one;
    enum wb_status st = wb_record_load(t->v, &r, id, e);

    if (st == WB_OK && (st = describe(&one, &from, t->v, notice, e)) == WB_OK) {
        one.record = (struct wb_concerned){*id, r->kind, wb_record_title(r)};
        t->stopped = !t->each(t->cookie, &one);
    }
    wb_record_free(&r);
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

static enum wb_status
tell_notice(struct telling *t, const struct wb_id *id, struct wb_error *e)
{
    struct wb_record *notice = NULL;
    struct wb_value_view line;
    struct wb_id named;
    enum wb_status st = wb_record_load(t->v, &notice, id, e);

    for (size_t i = 0;
         st == WB_OK && !t->stopped && wb_record_value(notice, "records", i, &line);
         i++)
        if (named_in(&named, &line))
            st = tell_record(t, notice, &named, e);
    wb_record_free(&notice);
    return st;
}

enum wb_status
wb_noticed_each(struct wb_vault *v, const struct wb_bundle_report *report,
    bool (*each)(void *cookie, const struct wb_noticed *noticed), void *cookie,
    struct wb_error *e)
{
    struct telling t = {.v = v, .each = each, .cookie = cookie};
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < wb_report_record_count(report) && st == WB_OK && !t.stopped;
         i++) {
        const struct wb_report_record *r = wb_report_record_at(report, i);

        if (strcmp(r->kind, "notice") == 0 && !r->refused)
            st = tell_notice(&t, &r->id, e);
    }
    return st;
}

/* ---- of one record ---- */

struct asking {
    struct wb_vault *v;
    const struct wb_id *id;
    bool (*each)(void *cookie, const struct wb_noticed *noticed);
    void *cookie;
    enum wb_status st;
    struct wb_error why; /* listing has an error of its own */
};

static bool
visit(void *cookie, const struct wb_record *notice)
{
    struct asking *a = cookie;
    struct wb_value_view line;
    struct wb_received from;
    struct wb_noticed one;
    struct wb_id named;

    for (size_t i = 0; wb_record_value(notice, "records", i, &line); i++)
        if (named_in(&named, &line) && wb_id_equal(&named, a->id)) {
            a->st = describe(&one, &from, a->v, notice, &a->why);
            return a->st == WB_OK && a->each(a->cookie, &one);
        }
    return true;
}

enum wb_status
wb_notice_each(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_noticed *noticed), void *cookie,
    struct wb_error *e)
{
    const struct wb_list_filter notices = {.kind = "notice"};
    struct asking a = {.v = v, .id = id, .each = each, .cookie = cookie};
    uint64_t damaged;
    enum wb_status st = wb_list(v, &notices, visit, &a, &damaged, e);

    return st == WB_OK && a.st != WB_OK ? wb_fail(e, a.st, "%s", a.why.message) : st;
}
