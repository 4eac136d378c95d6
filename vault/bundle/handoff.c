/* vault/bundle/handoff.c - what a vault keeps of a bundle that left. */
#include "handoff.h"

#include "unlink.h"

#include <stdio.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"

size_t wb_handoff_records = 50000;

/* What left, and a share of its records: from `first` on, `count` of them. */
struct leaf {
    const struct wb_plan *plan;
    const struct wb_address *to;
    const struct wb_info *info;
    char bundle[WB_ID_TEXT_BYTES];
    char sha256[2 * WB_HASH_BYTES + 1];
    size_t first, count;
};

static enum wb_status
put(struct wb_draft *d, const char *field, const char *text, struct wb_error *e)
{
    return wb_draft_put(d, field, WB_STATE_TEXT, text, strlen(text), e);
}

static enum wb_status
put_record(struct wb_draft *d, const char *field, const struct wb_id *id,
    const uint8_t root[static WB_ROOT_BYTES], struct wb_error *e)
{
    char text[WB_ID_TEXT_BYTES + 1 + WB_ROOT_TEXT_BYTES];

    wb_id_text(text, id);
    text[WB_ID_TEXT_BYTES - 1] = '@';
    wb_hex_encode(text + WB_ID_TEXT_BYTES, root, WB_ROOT_BYTES);
    return put(d, field, text, e);
}

static enum wb_status
put_records(struct wb_draft *d, const struct leaf *l, struct wb_error *e)
{
    uint8_t root[WB_ROOT_BYTES];
    struct wb_id id;
    enum wb_status st = WB_OK;

    for (size_t i = l->first; i < l->first + l->count && st == WB_OK; i++) {
        const struct wb_plan_record *record = wb_plan_record(l->plan, i);

        wb_unlink_original(record, &id, root);
        st = put_record(d, "records", &id, root, e);
        if (st == WB_OK && record->from.copy != NULL)
            st = put_record(d, "copies", &record->id, record->root, e);
    }
    return st;
}

/* What was warned of and answered for: "override ID: reason". */
static enum wb_status
put_warned(struct wb_draft *d, const char *option, const struct wb_exception *list,
    size_t count, struct wb_error *e)
{
    char id[WB_ID_TEXT_BYTES];
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < count && st == WB_OK; i++) {
        struct wb_buf line;

        wb_buf_init(&line, WB_RECORD_BYTES_MAX);
        wb_id_text(id, &list[i].id);
        wb_buf_print(&line, "%s %s: %s", option, id, list[i].reason);
        if ((st = wb_buf_check(&line, e)) == WB_OK)
            st = wb_within(e, put(d, "warned", wb_buf_text(&line), e), "%s", option);
        wb_buf_wipe(&line);
    }
    return st;
}

static enum wb_status
fill(struct wb_draft *d, const struct leaf *l, struct wb_error *e)
{
    const struct wb_export_request *request = l->plan->request;
    char now[WB_TIME_TEXT_BYTES];
    enum wb_status st;

    wb_clock_text(now, wb_clock_now());
    if ((st = put(d, "bundle", l->bundle, e)) != WB_OK ||
        (st = put(d, "direction", "out", e)) != WB_OK ||
        (st = put(d, "time", now, e)) != WB_OK ||
        (st = put(d, "contact", l->to->names, e)) != WB_OK)
        return st;
    for (size_t i = 0; i < l->to->count && st == WB_OK; i++)
        st = put(d, "recipient", l->to->recipients[i], e);
    if (st != WB_OK || (st = put(d, "purpose", l->info->purpose, e)) != WB_OK ||
        (st = put(d, "level", l->info->level, e)) != WB_OK ||
        (st = put(d, "sha256", l->sha256, e)) != WB_OK ||
        (st = put_warned(
             d, "override", request->overrides, request->override_count, e)) != WB_OK ||
        (st = put_warned(d, "keep-name", request->keep_names, request->keep_name_count,
             e)) != WB_OK)
        return st;
    return put_records(d, l, e);
}

static enum wb_status
store_record(struct wb_change *c, const struct leaf *l, struct wb_error *e)
{
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st;

    if ((st = wb_draft_new_any(&d, wb_kind_find("handoff"), e)) == WB_OK &&
        (st = fill(d, l, e)) == WB_OK)
        st = wb_change_add(c, d, &saved, e);
    wb_draft_free(&d);
    return wb_within(e, st, "handoff");
}

static enum wb_status
store_entry(struct wb_change *c, const struct leaf *l, struct wb_error *e)
{
    uint8_t(*roots)[WB_ROOT_BYTES] = wb_mem_new_array(l->count, sizeof *roots);
    struct wb_detail detail = {
        .counterpart = l->to->names,
        .purpose = l->info->purpose,
        .bundle = l->bundle,
        .sha256 = l->sha256,
        .roots = (const uint8_t(*)[WB_ROOT_BYTES])roots,
        .root_count = l->count,
    };
    struct wb_id id;
    enum wb_status st;

    if (roots == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; i < l->count; i++)
        wb_unlink_original(wb_plan_record(l->plan, l->first + i), &id, roots[i]);
    st = wb_change_entry(c, WB_ACTION_EXPORT, &detail, e);
    wb_mem_free(roots);
    return st;
}

enum wb_status
wb_handoff_record(struct wb_vault *v, const struct wb_plan *plan,
    const struct wb_address *to, const struct wb_info *info,
    const uint8_t file_hash[static WB_HASH_BYTES], struct wb_error *e)
{
    struct leaf l = {.plan = plan, .to = to, .info = info};
    size_t total = wb_plan_record_count(plan);
    struct wb_change *c = NULL;
    enum wb_status st;

    wb_id_text(l.bundle, &info->bundle);
    wb_hex_encode(l.sha256, file_hash, WB_HASH_BYTES);
    if ((st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    for (; l.first < total && st == WB_OK; l.first += l.count) {
        l.count = total - l.first;
        if (l.count > wb_handoff_records)
            l.count = wb_handoff_records;
        if ((st = store_record(c, &l, e)) == WB_OK)
            st = store_entry(c, &l, e);
    }
    if (st == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}
