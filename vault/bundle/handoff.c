/* vault/bundle/handoff.c - what a vault keeps of a bundle that left or came. */
#include "handoff.h"

#include <string.h>
#include <witnessbox/query.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "rules.h"

size_t wb_handoff_records = 50000;

/* A share of the records: from `first` on, `count` of them. */
struct share {
    const struct wb_handoff *h;
    char bundle[WB_ID_TEXT_BYTES];
    size_t first, count;
};

static enum wb_status
put(struct wb_draft *d, const char *field, const char *text, struct wb_error *e)
{
    if (text == NULL)
        return WB_OK;
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
put_records(struct wb_draft *d, const struct share *s, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (size_t i = s->first; i < s->first + s->count && st == WB_OK; i++) {
        struct wb_handed one;

        s->h->record(s->h->source, i, &one);
        st = put_record(d, "records", &one.id, one.root, e);
        if (st == WB_OK && one.copied)
            st = put_record(d, "copies", &one.copy_id, one.copy_root, e);
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
put_answers(
    struct wb_draft *d, const struct wb_export_request *request, struct wb_error *e)
{
    enum wb_status st;

    if (request == NULL)
        return WB_OK;
    st = put_warned(d, "override", request->overrides, request->override_count, e);
    if (st != WB_OK)
        return st;
    return put_warned(d, "keep-name", request->keep_names, request->keep_name_count, e);
}

/* Whom it was for, and who signed it where that was not us. */
static enum wb_status
put_people(struct wb_draft *d, const struct wb_handoff *h, struct wb_error *e)
{
    char sender[WB_MINISIGN_KEY_CHARS + 1];
    enum wb_status st = put(d, "contact", h->contact, e);

    for (size_t i = 0; i < h->info->recipient_count && st == WB_OK; i++)
        st = put(d, "recipient", h->info->recipients[i], e);
    if (st != WB_OK || strcmp(h->direction, "in") != 0)
        return st;
    wb_minisign_key_encode(sender, &h->info->sender);
    return put(d, "sender", sender, e);
}

/* A path that is no line of text is not kept: then nothing can be offered after a
 * crash, and nothing else is lost. */
static enum wb_status
put_waiting(struct wb_draft *d, const struct wb_parts *out, struct wb_error *e)
{
    char line[PATH_MAX];
    enum wb_status st = WB_OK;

    for (size_t i = 0; out != NULL && i < out->count && st == WB_OK; i++)
        if ((st = wb_parts_waiting(out, i, line, e)) == WB_OK)
            st = put(d, "file", line, e);
    return st == WB_ERR_VALUE ? wb_draft_clear(d, "file", e) : st;
}

static enum wb_status
fill(struct wb_draft *d, const struct share *s, struct wb_error *e)
{
    const struct wb_handoff *h = s->h;
    char tag_manifest[2 * WB_HASH_BYTES + 1];
    enum wb_status st;

    wb_hex_encode(tag_manifest, h->tag_manifest, WB_HASH_BYTES);
    if ((st = put(d, "bundle", s->bundle, e)) != WB_OK ||
        (st = put(d, "direction", h->direction, e)) != WB_OK ||
        (st = put(d, "time", h->time, e)) != WB_OK ||
        (st = put_people(d, h, e)) != WB_OK ||
        (st = put(d, "purpose", h->info->purpose, e)) != WB_OK ||
        (st = put(d, "level", h->info->level, e)) != WB_OK ||
        (st = put(d, "sha256", h->sha256, e)) != WB_OK ||
        (st = put(d, "tag-manifest", tag_manifest, e)) != WB_OK ||
        (s->first == 0 && (st = put_waiting(d, h->out, e)) != WB_OK))
        return st;
    for (size_t i = 0; i < h->withheld_count && st == WB_OK; i++)
        st = put(d, "withheld", h->withheld[i], e);
    if (st != WB_OK || (st = put_answers(d, h->answered, e)) != WB_OK)
        return st;
    return put_records(d, s, e);
}

static enum wb_status
store_record(
    struct wb_change *c, struct wb_id *first, const struct share *s, struct wb_error *e)
{
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st;

    if ((st = wb_draft_new_any(&d, wb_kind_find("handoff"), e)) == WB_OK &&
        (st = fill(d, s, e)) == WB_OK)
        st = wb_change_add(c, d, &saved, e);
    if (st == WB_OK && s->first == 0)
        *first = saved.id;
    wb_draft_free(&d);
    return wb_within(e, st, "handoff");
}

static enum wb_status
store_entry(struct wb_change *c, const struct share *s, struct wb_error *e)
{
    uint8_t(*roots)[WB_ROOT_BYTES] = wb_mem_new_array(s->count, sizeof *roots);
    const struct wb_detail detail = {
        .counterpart = s->h->contact,
        .purpose = s->h->info->purpose,
        .bundle = s->bundle,
        .sha256 = s->h->sha256,
        .roots = (const uint8_t(*)[WB_ROOT_BYTES])roots,
        .root_count = s->count,
    };
    enum wb_status st;

    if (roots == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; i < s->count; i++) {
        struct wb_handed one;

        s->h->record(s->h->source, s->first + i, &one);
        memcpy(roots[i], one.root, sizeof one.root);
    }
    st = wb_change_entry(c, WB_ACTION_EXPORT, &detail, e);
    wb_mem_free(roots);
    return st;
}

enum wb_status
wb_handoff_put(struct wb_change *c, struct wb_id *first, const struct wb_handoff *h,
    struct wb_error *e)
{
    const bool leaves = strcmp(h->direction, "out") == 0;
    struct share s = {.h = h};
    enum wb_status st = WB_OK;

    wb_id_text(s.bundle, &h->info->bundle);
    for (; s.first < h->total && st == WB_OK; s.first += s.count) {
        s.count = h->total - s.first;
        if (s.count > wb_handoff_records)
            s.count = wb_handoff_records;
        st = store_record(c, first, &s, e);
        if (st == WB_OK && leaves)
            st = store_entry(c, &s, e);
    }
    return st;
}

static bool
says_where(const struct wb_draft *d)
{
    const struct wb_field *file = wb_field_find(d->kind, "file");

    return d->fields[file - d->kind->fields].count > 0;
}

enum wb_status
wb_handoff_named(struct wb_vault *v, const struct wb_id *first, struct wb_error *e)
{
    static const struct wb_amendment why = {.reason = "other"};
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st;

    if ((st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_change_draft(c, &d, first, e)) == WB_OK && says_where(d) &&
        (st = wb_draft_clear(d, "file", e)) == WB_OK &&
        (st = wb_change_amend(c, first, d, &why, &saved, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_draft_free(&d);
    wb_change_rollback(&c);
    return st;
}

/* ---- found again ---- */

struct finding {
    const char *direction, *bundle;
    bool (*each)(void *cookie, const struct wb_record *r);
    void *cookie;
};

static bool
visit(void *cookie, const struct wb_record *r)
{
    const struct finding *f = cookie;

    if (strcmp(wb_record_text(r, "direction"), f->direction) != 0 ||
        strcmp(wb_record_text(r, "bundle"), f->bundle) != 0)
        return true;
    return f->each(f->cookie, r);
}

enum wb_status
wb_handoff_each(struct wb_vault *v, const char *direction, const char *bundle,
    bool (*each)(void *cookie, const struct wb_record *r), void *cookie,
    struct wb_error *e)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    struct finding f = {direction, bundle, each, cookie};
    uint64_t damaged;

    return wb_list(v, &handoffs, visit, &f, &damaged, e);
}

struct reuse {
    char sender[WB_MINISIGN_KEY_CHARS + 1];
    char tag_manifest[2 * WB_HASH_BYTES + 1];
    bool found;
};

/* By the same sender only: who else has seen the id could keep his bundle out. */
static bool
is_other(void *cookie, const struct wb_record *r)
{
    struct reuse *u = cookie;

    u->found |= strcmp(wb_record_text(r, "sender"), u->sender) == 0 &&
        strcmp(wb_record_text(r, "tag-manifest"), u->tag_manifest) != 0;
    return !u->found;
}

enum wb_status
wb_handoff_check_reused(struct wb_vault *v, const struct wb_info *info,
    const uint8_t tag_manifest[static WB_HASH_BYTES], struct wb_error *e)
{
    struct reuse u = {.found = false};
    char bundle[WB_ID_TEXT_BYTES];
    enum wb_status st;

    wb_id_text(bundle, &info->bundle);
    wb_minisign_key_encode(u.sender, &info->sender);
    wb_hex_encode(u.tag_manifest, tag_manifest, WB_HASH_BYTES);
    if ((st = wb_handoff_each(v, "in", bundle, is_other, &u, e)) != WB_OK)
        return st;
    return u.found ? wb_rule_refuse(e, WB_RULE_BUNDLE_REUSED) : WB_OK;
}
