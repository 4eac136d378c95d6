/* vault/bundle/collect_check.c - what collect demands of a field vault and of its log.
 */
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "collect.h"
#include "contact.h"
#include "witness.h"

enum { LABEL_CHARACTERS = 6 };

/* ---- only what a field vault can hold ---- */

static bool
may_be(const struct wb_entry *entry, uint64_t leaf)
{
    switch (entry->action) {
    case WB_ACTION_CREATE:
        return leaf == 0;
    case WB_ACTION_ADD:
    case WB_ACTION_KEYS:
    case WB_ACTION_BACKUP:
        return leaf != 0;
    default:
        return false;
    }
}

static enum wb_status
check_entries(struct wb_collecting *s, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (uint64_t leaf = 0; st == WB_OK && leaf < s->tree.size; leaf++) {
        struct wb_entry entry = {0};

        st = wb_log_read(s->field, &entry, s->tree.first + leaf, e);
        if (st == WB_OK && !may_be(&entry, leaf))
            st = wb_fail(e, WB_ERR_INTEGRITY,
                "log entry %llu: `%s` is nothing that a field vault does",
                (unsigned long long)leaf, wb_action_name(entry.action));
        wb_entry_wipe(&entry);
    }
    return st;
}

enum wb_status
wb_collect_check(struct wb_collecting *s, struct wb_error *e)
{
    static const struct wb_id none;
    const struct wb_vault_state *state = wb_store_state(s->field);

    if (state->tree != 0 || state->heads.count != 0 || state->pages.count != 0 ||
        !wb_id_equal(&state->identity, &none))
        return wb_fail(e, WB_ERR_INTEGRITY,
            "it has heads, an index or an identity, as no field vault has");
    return check_entries(s, e);
}

static const char *
find_fault(const struct wb_collecting *s, const struct wb_record *r)
{
    const struct wb_kind *kind = wb_kind_find(r->kind);

    if (kind != NULL && (kind->flags & WB_BY_HAND) == 0)
        return "its kind is not added by hand";
    if (r->foreign || r->proof_count > 0)
        return "it is of another origin";
    if (strcmp(wb_record_origin(r), s->tree.origin) != 0)
        return "it names another log as its origin";
    if (r->revision != 1 || r->ordinal != 0)
        return "it is an amendment";
    if (r->private_size != 0 && strcmp(r->kind, "evidence") != 0)
        return "it has a file and is no evidence";
    return NULL;
}

enum wb_status
wb_collect_check_record(
    const struct wb_collecting *s, const struct wb_record *r, struct wb_error *e)
{
    const char *fault = find_fault(s, r);
    char id[WB_ID_TEXT_BYTES];
    enum wb_status st;

    if (fault != NULL)
        st = wb_fail(e, WB_ERR_INTEGRITY, "%s", fault);
    else if ((st = wb_record_check_foreign(r, e)) == WB_ERR_FORMAT)
        st = WB_ERR_INTEGRITY;
    wb_id_text(id, &r->id);
    return wb_within(e, st, "%s %s", r->kind, id);
}

/* ---- its log ---- */

static enum wb_status
compare_head(void *cookie, const struct wb_checkpoint *c, const char *note, size_t size,
    struct wb_error *e)
{
    struct wb_collecting *s = cookie;
    const struct wb_witness_head kept = {c->origin, true, c->head};
    struct wb_merkle_head given = {.size = s->tree.size};
    enum wb_status st;

    if (strcmp(c->origin, s->tree.origin) != 0)
        return WB_OK;
    s->is_head_kept |= size == strlen(s->tree.checkpoint) &&
        memcmp(note, s->tree.checkpoint, size) == 0;
    wb_merkle_root(given.root, &wb_store_state(s->field)->edge);
    if (c->head.size > s->tree.size)
        return wb_witness_fail(&kept, &given, "rolled back", e);
    given.size = c->head.size;
    st = wb_tree_root(s->field, &s->tree, given.size, given.root, e);
    if (st == WB_OK && memcmp(given.root, c->head.root, sizeof given.root) != 0)
        st = wb_witness_fail(&kept, &given, "fork: another history of the same log", e);
    return st;
}

enum wb_status
wb_collect_check_heads(struct wb_collecting *s, struct wb_error *e)
{
    enum wb_status st = wb_head_each(s->v, WB_HEAD_FOREIGN, compare_head, s, e);

    return st == WB_OK ? wb_head_each(s->v, WB_HEAD_COSIGNED, compare_head, s, e) : st;
}

/* ---- whose it is ---- */

struct meeting {
    struct wb_collecting *s;
    bool clash;
};

static bool
meet(void *cookie, const struct wb_record *r)
{
    struct meeting *m = cookie;
    const char *log = wb_record_text(r, "log"), *label = wb_record_text(r, "label");
    const size_t name = strlen(m->s->tree.origin);

    if (r->foreign || strncmp(log, m->s->key, name + 1) != 0) /* with its plus */
        return true;
    m->clash = strcmp(log, m->s->key) != 0;
    m->s->is_contact = true;
    m->s->done.verified = strcmp(wb_record_text(r, "verified"), "yes") == 0;
    wb_text_copy(m->s->done.label, sizeof m->s->done.label, label);
    return false;
}

enum wb_status
wb_collect_check_contact(struct wb_collecting *s, struct wb_error *e)
{
    struct meeting m = {.s = s};
    const char *slash = strchr(s->tree.origin, '/');
    enum wb_status st = wb_contact_records(s->v, meet, &m, e);

    if (st != WB_OK)
        return st;
    if (m.clash || strcmp(wb_store_state(s->v)->origin, s->tree.origin) == 0)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "its log has the name of another log with another key");
    if (s->is_contact)
        return WB_OK;
    if (s->how->label != NULL)
        wb_text_copy(s->done.label, sizeof s->done.label, s->how->label);
    else
        (void)snprintf(s->done.label, sizeof s->done.label, "field %.*s",
            LABEL_CHARACTERS, slash == NULL ? s->tree.origin : slash + 1);
    return WB_OK;
}
