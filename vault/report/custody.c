/* vault/report/custody.c - what a qualified person certifies of an evidence item. */
#include <inttypes.h>
#include <string.h>
#include <witnessbox/custody.h>
#include <witnessbox/query.h>

#include "../base/fail.h"
#include "fields.h"
#include "finish.h"
#include "seal.h"

enum { NUMBER_BYTES = 64 };

static const char *const signers[] = {
    WB_SAID("Qualified person: name, position, place, date"),
    WB_SAID("Witness to the signature"), NULL};

static void
put_pair(struct wb_buf *out, const char *term, const char *text)
{
    wb_page_say(out, "dt", term);
    if (text[0] == '\0')
        text = wb_word("(withheld)");
    wb_page_put(out, "dd", text, strlen(text));
}

/* What consent or level closes in the record the process does not tell either. */
static void
withhold(struct wb_process *p, const struct wb_set *s, const struct wb_record *r)
{
    if (wb_record_text(r, "file-name")[0] == '\0')
        p->file_name[0] = '\0';
    if (wb_record_text(r, "sha256")[0] == '\0')
        p->sha256[0] = p->computed[0] = '\0';
    if (s->level < WB_LEVEL_NAMED || s->unlinked)
        p->actor[0] = p->origin[0] = '\0';
}

static void
put_process(struct wb_buf *out, const struct wb_process *p)
{
    struct wb_buf number;

    wb_buf_init(&number, NUMBER_BYTES);
    if (p->sha256[0] != '\0') /* they go together */
        wb_buf_print(&number, wb_word("%" PRIu64 " bytes"), p->size);
    wb_buf_add_text(out, "<dl>\n");
    put_pair(out, "File name as received", p->file_name);
    put_pair(out, "Size", wb_buf_text(&number));
    put_pair(out, "Method", p->method);
    put_pair(out, "Hash recorded", p->sha256);
    put_pair(out, "Recorded by", p->actor);
    put_pair(out, "Recorded on", p->hashed);
    put_pair(out, "Log", p->origin);
    wb_buf_clear(&number);
    wb_buf_print(&number, "%" PRIu64 " (%s)", p->index, p->action);
    put_pair(out, "Entry of the log", wb_buf_text(&number));
    put_pair(out, "Read again and hashed on", p->compared);
    put_pair(out, "Hash computed then", p->computed);
    put_pair(out, "Outcome",
        p->same ? wb_word("the same") : wb_word("NOT the same: the file is altered"));
    wb_buf_add_text(out, "</dl>\n");
    wb_buf_wipe(&number);
}

/* ---- the events ---- */

static void
put_withheld(struct wb_buf *out)
{
    wb_buf_print(out, "<td class=\"none\">%s</td>", wb_word("(withheld)"));
}

struct events {
    struct wb_buf *out;
    const struct wb_set *s;
    bool with_detail; /* of log entries: nobody looks for names in it */
};

static void
put_entry(const struct events *events, const struct wb_log_entry *entry)
{
    struct wb_buf *out = events->out;

    wb_page_put(out, "td", entry->time, strlen(entry->time));
    wb_buf_add_text(out, "<td>");
    wb_buf_print(
        out, wb_word("log entry %" PRIu64 ": %s"), entry->index, entry->action);
    wb_buf_add_text(out, "</td>");
    if (events->with_detail)
        wb_page_put(out, "td", entry->detail, strlen(entry->detail));
    else
        put_withheld(out);
}

static void
put_late(struct wb_buf *out, uint64_t days)
{
    wb_buf_add_text(out, "<p>");
    wb_buf_print(out, wb_word("Days until it was written down: %" PRIu64), days);
    wb_buf_add_text(out, "</p>");
}

static void
put_custody(const struct events *events, const struct wb_event *event)
{
    struct wb_buf *out = events->out;
    const struct wb_record *r = wb_set_find(events->s, wb_record_id(event->custody));

    if (r == NULL) { /* consent keeps it back */
        wb_buf_add_text(out, "<td></td>");
        put_withheld(out);
        wb_buf_add_text(out, "<td></td>");
        return;
    }
    wb_buf_add_text(out, "<td dir=\"auto\">");
    wb_fields_line(out, events->s, r, "when");
    wb_buf_add_text(out, "</td>\n<td dir=\"auto\">");
    wb_fields_line(out, events->s, r, "type");
    wb_buf_add_text(out, "</td>\n<td>");
    wb_fields_put(out, events->s, r, NULL);
    if (event->days_later > 0)
        put_late(out, event->days_later);
    wb_buf_add_text(out, "</td>");
}

static bool
put_event(void *cookie, const struct wb_event *event)
{
    const struct events *events = cookie;

    wb_buf_add_text(events->out, "<tr>");
    if (event->entry != NULL)
        put_entry(events, event->entry);
    else
        put_custody(events, event);
    wb_buf_add_text(events->out, "</tr>\n");
    return true;
}

static bool
is_ours(const struct wb_set *s, const struct wb_report_request *request)
{
    return s->level == WB_LEVEL_NAMED &&
        (request->purpose == NULL || strcmp(request->purpose, "internal") == 0);
}

static enum wb_status
put_events(struct wb_buf *out, struct wb_vault *v, const struct wb_set *s,
    const struct wb_report_request *request, struct wb_error *e)
{
    struct events events = {out, s, is_ours(s, request)};
    enum wb_status st;

    wb_page_say(out, "h2", "What happened to it");
    wb_buf_add_text(out, "<table>\n<thead><tr>");
    wb_page_say(out, "th", "When");
    wb_page_say(out, "th", "What");
    wb_page_say(out, "th", "Particulars");
    wb_buf_add_text(out, "</tr></thead>\n<tbody>\n");
    st = wb_timeline(v, &request->id, put_event, &events, e);
    wb_buf_add_text(out, "</tbody>\n</table>\n");
    return st;
}

static enum wb_status
render(struct wb_buf *out, struct wb_vault *v, const struct wb_set *s,
    const struct wb_report_request *request, struct wb_error *e)
{
    static const char *const apart[] = {"about", "file-name", "sha256", "size", NULL};
    const struct wb_record *r = wb_set_find(s, &request->id);
    struct wb_process p;
    enum wb_status st;

    if (r == NULL)
        return wb_fail(e, WB_ERR_POLICY,
            "consent lets nothing of it be shown for this purpose; `show` has its "
            "consents");
    if ((st = wb_process_describe(v, &request->id, &p, e)) != WB_OK)
        return st;
    withhold(&p, s, r);
    wb_page_begin(out, wb_word("Custody of an item of evidence"));
    wb_page_say(out, "h1", "Custody of an item of evidence");
    wb_seal_notice(out, s, request);
    wb_fields_put(out, s, r, apart);
    wb_page_say(out, "h2", "The process, for a certificate");
    put_process(out, &p);
    if ((st = put_events(out, v, s, request, e)) != WB_OK)
        return st;
    wb_page_say(out, "h2", "Certificate");
    wb_page_say(out, "p",
        "The person who signs states that the above was produced by a process of "
        "digital identification: that the file was hashed when it was recorded and "
        "again when this page was made, by the method named, and that the two hashes "
        "compare as said.");
    wb_seal_signatures(out, signers);
    if ((st = wb_seal_put(out, v, s, r, e)) != WB_OK)
        return st;
    wb_page_end(out);
    return WB_OK;
}

enum wb_status
wb_report_custody(struct wb_vault *v, const struct wb_report_request *request,
    char **html, struct wb_error *e)
{
    return wb_finish(v, request, "evidence", render, html, e);
}
