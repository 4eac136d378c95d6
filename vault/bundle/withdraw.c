/* vault/bundle/withdraw.c - a withdrawal recorded: consents, notices, the log. */
#include "withdraw.h"

#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../custody/change.h"

enum { DATE_CHARS = 10 };

static const char asked[] =
    "Use it no further, tell those who have it from you, and destroy it.";

struct withdrawing {
    struct wb_withdrawal *w;
    struct wb_change *c;
    const char *reason;
    char now[WB_TIME_TEXT_BYTES], today[DATE_CHARS + 1];
};

static enum wb_status
put(struct wb_draft *d, const char *field, const char *text, struct wb_error *e)
{
    return wb_draft_put(d, field, WB_STATE_TEXT, text, strlen(text), e);
}

/* ---- consents ---- */

static enum wb_status
end_ours(
    struct withdrawing *x, const struct wb_withdrawn_consent *k, struct wb_error *e)
{
    static const struct wb_amendment why = {.reason = "witness"};
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st;

    if ((st = wb_change_draft(x->c, &d, &k->id, e)) == WB_OK &&
        (st = wb_draft_clear(d, "withdrawn", e)) == WB_OK &&
        (st = put(d, "withdrawn", x->today, e)) == WB_OK)
        st = wb_change_amend(x->c, &k->id, d, &why, &saved, e);
    wb_draft_free(&d);
    return st;
}

/* What others wrote is not ours to amend: our own word stands beside it. */
static enum wb_status
refuse_beside(
    struct withdrawing *x, const struct wb_withdrawn_consent *k, struct wb_error *e)
{
    char about[WB_ID_TEXT_BYTES];
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st;

    wb_id_text(about, &k->about);
    if ((st = wb_draft_new_any(&d, wb_kind_find("consent"), e)) == WB_OK &&
        (st = put(d, "about", about, e)) == WB_OK &&
        (st = put(d, "purpose", k->purpose, e)) == WB_OK &&
        (st = put(d, "decision", "no", e)) == WB_OK &&
        (st = put(d, "when", x->today, e)) == WB_OK &&
        (st = put(d, "withdrawn", x->today, e)) == WB_OK)
        st = wb_change_add(x->c, d, &saved, e);
    wb_draft_free(&d);
    return st;
}

static enum wb_status
end_consents(struct withdrawing *x, struct wb_error *e)
{
    const struct wb_withdrawn_consent *list =
        (const struct wb_withdrawn_consent *)(const void *)x->w->consents.data;
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < wb_withdrawal_consents(x->w) && st == WB_OK; i++)
        st = list[i].foreign ? refuse_beside(x, &list[i], e) : end_ours(x, &list[i], e);
    return wb_within(e, st, "consent");
}

/* ---- notices ---- */

static enum wb_status
put_purposes(struct wb_draft *d, const struct wb_withdrawal *w, struct wb_error *e)
{
    const struct wb_withdrawn_consent *list =
        (const struct wb_withdrawn_consent *)(const void *)w->consents.data;
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < wb_withdrawal_consents(w) && st == WB_OK; i++) {
        bool said = false;

        for (size_t n = 0; n < i; n++)
            said |= strcmp(list[n].purpose, list[i].purpose) == 0;
        if (!said)
            st = put(d, "purpose", list[i].purpose, e);
    }
    return st;
}

static enum wb_status
put_records(
    struct wb_draft *d, const struct wb_withdrawal *w, size_t told, struct wb_error *e)
{
    const struct wb_mention *list =
        (const struct wb_mention *)(const void *)w->mentions.data;
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < w->mentions.size / sizeof *list && st == WB_OK; i++)
        if (list[i].told == told)
            st = put(d, "records", list[i].line, e);
    return st;
}

/* Names only what this one has: nobody learns from it what others were given. */
static enum wb_status
write_notice(struct withdrawing *x, size_t number, struct wb_error *e)
{
    struct wb_told *told = (struct wb_told *)(void *)x->w->told.data + number;
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st;

    if (told->reach != WB_REACH_NOTICE)
        return WB_OK;
    if ((st = wb_draft_new_any(&d, wb_kind_find("notice"), e)) == WB_OK &&
        (st = put(d, "type", "withdrawal", e)) == WB_OK &&
        (st = put_records(d, x->w, number, e)) == WB_OK &&
        (st = put_purposes(d, x->w, e)) == WB_OK &&
        (st = put(d, "time", x->now, e)) == WB_OK &&
        (x->reason == NULL || (st = put(d, "reason", x->reason, e)) == WB_OK) &&
        (st = put(d, "asked", asked, e)) == WB_OK &&
        (st = wb_change_add(x->c, d, &saved, e)) == WB_OK)
        told->notice = saved.id;
    wb_draft_free(&d);
    return wb_within(e, st, "notice");
}

/* ---- the whole ---- */

static enum wb_status
log_it(struct withdrawing *x, struct wb_error *e)
{
    char about[WB_ID_TEXT_BYTES];
    const struct wb_detail detail = {.reason = x->reason,
        .about = about,
        .roots = (const uint8_t(*)[WB_ROOT_BYTES])(void *)x->w->roots.data,
        .root_count = x->w->roots.size / WB_ROOT_BYTES};

    wb_id_text(about, &x->w->target);
    return wb_change_entry(x->c, WB_ACTION_WITHDRAW, &detail, e);
}

enum wb_status
wb_withdraw(
    struct wb_withdrawal *w, struct wb_vault *v, const char *reason, struct wb_error *e)
{
    struct withdrawing x = {.w = w, .reason = reason};
    enum wb_status st;

    wb_clock_text(x.now, wb_clock_now());
    memcpy(x.today, x.now, DATE_CHARS);
    if ((st = wb_change_begin(&x.c, v, e)) != WB_OK)
        return st;
    st = end_consents(&x, e);
    for (size_t i = 0; i < w->told.size / sizeof(struct wb_told) && st == WB_OK; i++)
        st = write_notice(&x, i, e);
    if (st == WB_OK && (st = log_it(&x, e)) == WB_OK)
        st = wb_change_commit(&x.c, e);
    wb_change_rollback(&x.c);
    return st;
}
