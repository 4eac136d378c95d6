/* vault/report/finish.c - gather, render, log, give out. */
#include "finish.h"

#include "../base/fail.h"
#include "../custody/change.h"

void
wb_finish_reason(struct wb_buf *out, const struct wb_exception *names, size_t count)
{
    char id[WB_ID_TEXT_BYTES];

    for (size_t i = 0; i < count; i++) {
        wb_id_text(id, &names[i].id);
        wb_buf_print(
            out, "%sname kept, %s: %s", i == 0 ? "" : "; ", id, names[i].reason);
    }
    if (count > 0)
        wb_buf_add(out, "", 1);
}

/* Plaintext leaves: the log says which revisions, for what, and which names were looked
 * at. */
static enum wb_status
log_it(struct wb_vault *v, const struct wb_set *s,
    const struct wb_report_request *request, struct wb_error *e)
{
    struct wb_detail detail = {
        .purpose = request->purpose == NULL ? "internal" : request->purpose,
        .roots = (const uint8_t(*)[WB_ROOT_BYTES])(void *)s->roots.data,
        .root_count = s->roots.size / WB_ROOT_BYTES,
    };
    struct wb_change *c = NULL;
    struct wb_buf reason;
    enum wb_status st;

    wb_buf_init(&reason, WB_RECORD_BYTES_MAX);
    wb_finish_reason(&reason, request->keep_names, request->keep_name_count);
    detail.reason = (const char *)reason.data;
    if ((st = wb_buf_check(&reason, e)) == WB_OK &&
        (st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_change_entry(c, WB_ACTION_REPORT, &detail, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    wb_buf_wipe(&reason);
    return st;
}

enum wb_status
wb_finish(struct wb_vault *v, const struct wb_report_request *request, const char *kind,
    enum wb_status (*render)(struct wb_buf *out, struct wb_vault *v,
        const struct wb_set *s, const struct wb_report_request *request,
        struct wb_error *e),
    char **html, struct wb_error *e)
{
    struct wb_set s;
    struct wb_buf out;
    size_t size;
    enum wb_status st;

    wb_set_init(&s);
    wb_buf_init(&out, WB_PAGE_BYTES_MAX);
    if ((st = wb_verify_log(v, e)) != WB_OK ||
        (st = wb_set_gather(&s, v, request, kind, e)) != WB_OK ||
        (st = render(&out, v, &s, request, e)) != WB_OK)
        goto done;
    wb_buf_add(&out, "", 1); /* the NUL */
    if ((st = wb_buf_check(&out, e)) == WB_OK &&
        (st = log_it(v, &s, request, e)) == WB_OK)
        *html = (char *)wb_buf_take(&out, &size);
done:
    wb_buf_wipe(&out);
    wb_set_wipe(&s);
    return st;
}
