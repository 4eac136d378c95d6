/* vault/bundle/notice.c - what notices that came name of what is here. */
#include <string.h>

#include "../base/fail.h"
#include "report.h"
#include "withdraw.h"

struct telling {
    struct wb_vault *v;
    bool (*each)(void *cookie, const struct wb_noticed *noticed);
    void *cookie;
    bool stopped;
};

static enum wb_status
tell_record(struct telling *t, const struct wb_record *notice, const struct wb_id *id,
    struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st = wb_record_load(t->v, &r, id, e);

    if (st == WB_OK) {
        const struct wb_noticed one = {.notice = notice->id,
            .type = wb_record_text(notice, "type"),
            .reason = wb_record_text(notice, "reason"),
            .record = {.id = *id, .kind = r->kind, .title = wb_record_title(r)}};

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
        if (line.size >= WB_ID_TEXT_BYTES &&
            wb_id_parse(&named, line.text, WB_ID_TEXT_BYTES - 1))
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
