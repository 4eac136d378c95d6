/* vault/report/statement.c - the sheet that a witness checks and signs. */
#include <string.h>

#include "../base/fail.h"
#include "fields.h"
#include "finish.h"
#include "seal.h"

/* The incident is not on the sheet: what it is called is not the witness's word. */
static const char *const apart[] = {"incident", "text", "declaration", "observations",
    "remarks", "reliability", "source-reliability", NULL};

static const char *const signers[] = {WB_SAID("Witness: name or mark, place, date"),
    WB_SAID("Interviewer: name, place, date"),
    WB_SAID("Interpreter: name, language, place, date"),
    WB_SAID("Others present: name, as what, date"), NULL};

static void
put_declaration(struct wb_buf *out, const struct wb_record *r)
{
    const char *words = wb_record_text(r, "declaration");

    wb_page_say(out, "h2", "Declaration");
    if (words[0] != '\0')
        wb_page_put(out, "p", words, strlen(words));
    else
        wb_page_say(out, "p", "No words of a declaration were recorded.");
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
    wb_page_begin(out, wb_word("Statement"));
    wb_page_say(out, "h1", "Statement");
    wb_seal_notice(out, s, request);
    wb_fields_put(out, s, r, apart);
    wb_page_say(out, "h2", "In the witness's own words");
    wb_fields_paragraphs(out, r, "text");
    put_declaration(out, r);
    wb_seal_signatures(out, signers);
    if ((st = wb_seal_put(out, v, s, r, e)) != WB_OK)
        return st;
    wb_page_end(out);
    return WB_OK;
}

enum wb_status
wb_report_statement(struct wb_vault *v, const struct wb_report_request *request,
    char **html, struct wb_error *e)
{
    return wb_finish(v, request, "statement", render, html, e);
}
