/* vault/report/incident.c - the dossier of an incident, section by section. */
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "fields.h"
#include "finish.h"
#include "incident.h"
#include "seal.h"
#include "span.h"

/* What stands on the timeline: which date of which kind, and what it is of. */
static const struct {
    const char *kind, *date, *end, *words, *what;
} dated[] = {
    {"incident", "date", "date-end", "date-words", "title"},
    {"act", "date", "date-end", "date-words", "type"},
    {"statement", "date", "", "date-words", "type"},
    {"evidence", "date", "", "date-words", "description"},
    {"source", "date", "", "date-words", "title"},
    {"intervention", "date", "", "date-words", "type"},
};

/* The records that are listed one by one under a heading of their own, in this order.
 */
static const struct {
    const char *kind, *heading;
} sections[] = {
    {"person", WB_SAID("People and groups")},
    {"statement", WB_SAID("Statements")},
    {"evidence", WB_SAID("Evidence")},
    {"derivative", WB_SAID("Translations, transcripts and redactions")},
    {"source", WB_SAID("Sources")},
    {"intervention", WB_SAID("What was done to help")},
    {"relation", WB_SAID("Relations")},
    {"judgment", WB_SAID("Judgments of the analysts")},
    {"consent", WB_SAID("Consent")},
    {"custody", WB_SAID("Custody of things and files")},
};

static bool
is_kind(const struct wb_record *r, const char *kind)
{
    return strcmp(wb_record_kind(r), kind) == 0;
}

/* ---- timeline ---- */

/* From the first day of `date` to the last of `end`, where both are there. */
static bool
read_span(struct wb_span *span, const struct wb_record *r, size_t row)
{
    const char *date = wb_record_text(r, dated[row].date);
    const char *end =
        dated[row].end[0] == '\0' ? "" : wb_record_text(r, dated[row].end);
    struct wb_edtf last;

    if (date[0] == '\0' ||
        wb_edtf_range(&span->date, date, strlen(date), NULL) != WB_OK)
        return false;
    if (end[0] != '\0' && wb_edtf_range(&last, end, strlen(end), NULL) == WB_OK &&
        last.latest > span->date.latest)
        span->date.latest = last.latest;
    span->words = wb_record_text(r, dated[row].words);
    span->what = wb_record_text(r, dated[row].what);
    span->kind = wb_record_kind(r);
    return true;
}

static enum wb_status
put_timeline(struct wb_buf *out, const struct wb_set *s, struct wb_error *e)
{
    struct wb_buf spans;
    struct wb_span span;
    enum wb_status st;

    wb_buf_init(&spans, WB_PAGE_BYTES_MAX);
    for (size_t i = 0; i < wb_set_count(s); i++)
        for (size_t k = 0; k < sizeof dated / sizeof *dated; k++)
            if (is_kind(wb_set_at(s, i), dated[k].kind) &&
                read_span(&span, wb_set_at(s, i), k))
                wb_buf_add(&spans, &span, sizeof span);
    if ((st = wb_buf_check(&spans, e)) == WB_OK && spans.size > 0) {
        wb_page_say(out, "h2", "When");
        wb_span_put(
            out, (struct wb_span *)(void *)spans.data, spans.size / sizeof span);
    }
    wb_buf_wipe(&spans);
    return st;
}

/* ---- who did what to whom ---- */

/* The alleged perpetrators of an act, one on a line, each with the part taken. */
static void
put_perpetrators(
    struct wb_buf *out, const struct wb_set *s, const struct wb_record *act)
{
    for (size_t i = 0; i < wb_set_count(s); i++) {
        const struct wb_record *r = wb_set_at(s, i);

        if (!is_kind(r, "involvement") || !wb_set_refers(r, "act", wb_record_id(act)))
            continue;
        wb_buf_add_text(out, "<div dir=\"auto\">");
        wb_fields_line(out, s, r, "perpetrator");
        wb_buf_add_text(out, "</div><div class=\"small\" dir=\"auto\">");
        wb_fields_line(out, s, r, "degree");
        wb_buf_add_text(out, "</div>\n");
    }
}

static void
put_cell(struct wb_buf *out, const struct wb_set *s, const struct wb_record *r,
    const char *label, const char *const *fields)
{
    wb_buf_print(out, "<td data-label=\"%s\">", wb_word(label));
    for (; *fields != NULL; fields++) {
        wb_buf_add_text(out, "<div dir=\"auto\">");
        wb_fields_line(out, s, r, *fields);
        wb_buf_add_text(out, "</div>");
    }
    wb_buf_add_text(out, "</td>\n");
}

static void
put_act(struct wb_buf *out, const struct wb_set *s, const struct wb_record *act)
{
    static const char *const what[] = {"type", "method", "description", NULL};
    static const char *const whom[] = {"victim", "status-end", NULL};
    static const char *const when[] = {
        "date", "date-end", "date-words", "place", "place-exact", "place-end", NULL};
    static const char *const sure[] = {"status", "official-position", NULL};

    wb_buf_add_text(out, "<tr>");
    put_cell(out, s, act, "What", what);
    put_cell(out, s, act, "To whom", whom);
    wb_buf_print(out, "<td data-label=\"%s\">", wb_word("Alleged perpetrators"));
    put_perpetrators(out, s, act);
    wb_buf_add_text(out, "</td>\n");
    put_cell(out, s, act, "When and where", when);
    put_cell(out, s, act, "How certain", sure);
    wb_buf_add_text(out, "</tr>\n");
}

static void
put_head(struct wb_buf *out)
{
    wb_page_say(out, "h2", "Who is alleged to have done what to whom");
    wb_buf_add_text(out, "<table>\n<thead><tr>");
    wb_page_say(out, "th", "What");
    wb_page_say(out, "th", "To whom");
    wb_page_say(out, "th", "Alleged perpetrators");
    wb_page_say(out, "th", "When and where");
    wb_page_say(out, "th", "How certain");
    wb_buf_add_text(out, "</tr></thead>\n<tbody>\n");
}

static void
put_acts(struct wb_buf *out, const struct wb_set *s)
{
    bool begun = false;

    for (size_t i = 0; i < wb_set_count(s); i++) {
        if (!is_kind(wb_set_at(s, i), "act"))
            continue;
        if (!begun)
            put_head(out);
        begun = true;
        put_act(out, s, wb_set_at(s, i));
    }
    if (begun)
        wb_buf_add_text(out, "</tbody>\n</table>\n");
}

/* ---- the rest ---- */

static void
put_one(struct wb_buf *out, const struct wb_set *s, const struct wb_record *r)
{
    wb_fields_heading(out, "h3", s, r);
    wb_fields_put(out, s, r, NULL);
    wb_seal_line(out, s, r);
}

static void
put_sections(struct wb_buf *out, const struct wb_set *s)
{
    for (size_t k = 0; k < sizeof sections / sizeof *sections; k++) {
        bool begun = false;

        for (size_t i = 0; i < wb_set_count(s); i++) {
            if (!is_kind(wb_set_at(s, i), sections[k].kind))
                continue;
            if (!begun)
                wb_page_say(out, "h2", sections[k].heading);
            begun = true;
            put_one(out, s, wb_set_at(s, i));
        }
    }
}

enum wb_status
wb_incident_put(struct wb_buf *out, const struct wb_set *s, const struct wb_record *r,
    struct wb_error *e)
{
    static const char *const apart[] = {"title", NULL};
    enum wb_status st;

    if (r != NULL)
        wb_fields_put(out, s, r, apart);
    if ((st = put_timeline(out, s, e)) != WB_OK)
        return st;
    put_acts(out, s);
    put_sections(out, s);
    return WB_OK;
}

static enum wb_status
render(struct wb_buf *out, struct wb_vault *v, const struct wb_set *s,
    const struct wb_report_request *request, struct wb_error *e)
{
    const struct wb_record *r = wb_set_find(s, &request->id);
    enum wb_status st;

    if (r == NULL)
        return wb_fail(e, WB_ERR_POLICY,
            "consent lets nothing of it be shown for this purpose; `show` has its "
            "consents");
    wb_page_begin(out, wb_record_title(r));
    wb_fields_heading(out, "h1", s, r);
    wb_seal_notice(out, s, request);
    if ((st = wb_incident_put(out, s, r, e)) != WB_OK ||
        (st = wb_seal_put(out, v, s, r, e)) != WB_OK)
        return st;
    wb_page_end(out);
    return WB_OK;
}

enum wb_status
wb_report_incident(struct wb_vault *v, const struct wb_report_request *request,
    char **html, struct wb_error *e)
{
    return wb_finish(v, request, "incident", render, html, e);
}
