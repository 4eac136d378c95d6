/* vault/bundle/allow.c - the consent gate over a plan. */
#include "allow.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"

/* Inside our own organisation is who was marked so. */
static enum wb_status
check_internal(
    const struct wb_plan *p, const struct wb_audience *to, struct wb_error *e)
{
    if (strcmp(p->purpose, "internal") != 0)
        return WB_OK;
    for (size_t i = 0; i < to->count; i++)
        if (!to->readers[i].own)
            return wb_fail(e, WB_ERR_POLICY,
                "purpose internal: %s is not marked as of our own organisation: "
                "`contact verify LABEL --organisation own`",
                to->readers[i].label);
    return WB_OK;
}

static enum wb_status
open_gate(struct wb_plan *p, struct wb_vault *v, const struct wb_audience *to,
    struct wb_error *e)
{
    struct wb_gate_request question = {.purpose = p->purpose,
        .recipients = to->asked,
        .recipient_count = 2 * to->count,
        .level = p->level,
        .overrides = p->request->overrides,
        .override_count = p->request->override_count};

    return wb_gate_open(&p->gate, v, &question, e);
}

static const char *
reason_of(const struct wb_verdict *v)
{
    if (v->answer == WB_STAYS) /* whatever consent there is */
        return WB_SAID("stays: the level is anonymous");
    return v->asked ? wb_reason_words(v->why.reason) : "";
}

static void
tell(const struct wb_plan *p, const struct wb_record *r, const struct wb_verdict *v,
    uint64_t withheld)
{
    static const enum wb_plan_state states[] = {[WB_GOES] = WB_PLAN_GOES,
        [WB_STAYS] = WB_PLAN_STAYS,
        [WB_REFUSED] = WB_PLAN_REFUSED};
    struct wb_plan_line line = {.state = states[v->answer],
        .id = &r->id,
        .kind = r->kind,
        .title = wb_record_title(r),
        .level = wb_level_word(v->level),
        .reason = reason_of(v),
        .subject = v->asked ? &v->why.subject : NULL,
        .consent = v->asked && v->why.by != NULL ? &v->why.by->id : NULL,
        .override = v->override,
        .withheld = withheld};

    if (p->request->tell != NULL)
        p->request->tell(p->request->cookie, &line);
}

/* Those of its own: what belongs to a record goes by that one's. */
static void
note_override(struct wb_plan *p, const struct wb_record *r, const struct wb_verdict *v)
{
    struct wb_exception one = {r->id, v->override};

    for (size_t i = 0; v->override != NULL && i < p->request->override_count; i++)
        if (wb_id_equal(&p->request->overrides[i].id, &r->id)) {
            wb_buf_add(&p->overridden, &one, sizeof one);
            return;
        }
}

/* A record asked for, and what would be withheld of it counted. */
static enum wb_status
ask(struct wb_plan *p, struct wb_vault *v, struct wb_plan_record *record,
    struct wb_verdict *verdict, struct wb_error *e)
{
    struct wb_record *r = NULL;
    uint64_t before;
    enum wb_status st = wb_custody_open_row(v, &r, record->from.row, e);

    if (st != WB_OK)
        return st;
    if ((st = wb_gate_ask(&p->gate, verdict, r, e)) == WB_OK) {
        record->from.level = verdict->level;
        note_override(p, r, verdict);
        before = wb_record_withheld(r);
        if (verdict->answer == WB_GOES)
            wb_gate_withhold(&p->gate, r, verdict->level);
        tell(p, r, verdict, wb_record_withheld(r) - before);
    }
    wb_record_free(&r);
    return st;
}

enum wb_status
wb_allow_plan(struct wb_plan *p, struct wb_vault *v, const struct wb_audience *to,
    struct wb_error *e)
{
    size_t count = wb_plan_record_count(p), kept = 0;
    uint64_t refused = 0;
    enum wb_status st;

    if ((st = check_internal(p, to, e)) != WB_OK ||
        (st = open_gate(p, v, to, e)) != WB_OK)
        return st;
    for (size_t i = 0; i < count; i++) {
        struct wb_verdict verdict;

        if ((st = ask(p, v, wb_plan_record(p, i), &verdict, e)) != WB_OK)
            return st;
        refused += verdict.answer == WB_REFUSED;
        if (verdict.answer == WB_GOES)
            *wb_plan_record(p, kept++) = *wb_plan_record(p, i);
    }
    p->records.size = kept * sizeof(struct wb_plan_record);
    if ((st = wb_buf_check(&p->overridden, e)) != WB_OK)
        return st;
    if (refused > 0 && !p->request->leave_out_refused && !p->request->plan_only)
        return wb_fail(e, WB_ERR_POLICY,
            "%" PRIu64 " of %zu records may not go: record the consent, or "
            "--leave-out-refused, or --override ID=REASON; --plan shows all",
            refused, count);
    if (kept == 0 && !p->request->plan_only)
        return wb_fail(e, WB_ERR_POLICY, "nothing of it may go; --plan says why");
    return WB_OK;
}
