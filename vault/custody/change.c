/* vault/custody/change.c - the only door for writes: records and their log entries
 * together. */
#include "change.h"

#include <stdio.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/mem.h"
#include "../crypto/random.h"
#include "detail.h"
#include "identity.h"
#include "log.h"
#include "refs.h"

enum { DETAIL_BYTES_MAX = 64 * 1024 * 1024, REASON_BYTES = 48 };

struct wb_change {
    struct wb_vault *v;
};

enum wb_status
wb_change_begin(struct wb_change **c, struct wb_vault *v, struct wb_error *e)
{
    struct wb_change *made = wb_mem_new(sizeof *made);
    enum wb_status st;

    if (made == NULL)
        return wb_fail_memory(e);
    made->v = v;
    if ((st = wb_store_begin(v, e)) == WB_OK)
        *c = made;
    else
        wb_mem_free(made);
    return st;
}

struct wb_vault *
wb_change_vault(struct wb_change *c)
{
    return c->v;
}

void
wb_change_rollback(struct wb_change **c)
{
    if (*c == NULL)
        return;
    wb_store_rollback((*c)->v);
    wb_mem_free(*c);
    *c = NULL;
}

enum wb_status
wb_change_commit(struct wb_change **c, struct wb_error *e)
{
    struct wb_vault *v = (*c)->v;
    struct wb_secret *seed = NULL;
    enum wb_status st;

    if ((st = wb_identity_log(v, &seed, e)) == WB_OK &&
        (st = wb_log_sign(v, seed, e)) == WB_OK)
        st = wb_store_commit(v, e);
    wb_secret_free(&seed);
    wb_change_rollback(c); /* nothing is left to undo after a commit */
    return st;
}

/* What is worth saying of the clock: only that it ran backwards. */
static const char *
clock_remark(char *text, size_t size, uint64_t last, int64_t now)
{
    if (now >= 0 && (uint64_t)now >= last)
        return NULL;
    (void)snprintf(
        text, size, "%lld s behind the entry before", (long long)((int64_t)last - now));
    return text;
}

/* Appends one entry; `w` is NULL where no single revision is meant. */
static enum wb_status
append_entry(struct wb_vault *v, enum wb_action action, const struct wb_wrap *w,
    const struct wb_detail *detail, struct wb_error *e)
{
    int64_t now = wb_clock_now();
    struct wb_entry entry = {.action = action, .seconds = now < 0 ? 0 : (uint64_t)now};
    char remark[64];
    struct wb_buf text;
    enum wb_status st;

    wb_buf_init(&text, DETAIL_BYTES_MAX);
    wb_detail_write(&text, wb_store_actor(v),
        clock_remark(remark, sizeof remark, wb_store_state(v)->last_time, now), detail);
    if (w != NULL) {
        entry.has_root = true;
        memcpy(entry.root, w->root, WB_ROOT_BYTES);
        entry.id = w->id;
        entry.record_row = w->row;
    }
    if ((st = wb_buf_check(&text, e)) == WB_OK) {
        entry.detail = (char *)text.data;
        entry.detail_size = text.size;
        st = wb_log_append(v, &entry, e);
    }
    wb_buf_wipe(&text);
    return st;
}

enum wb_status
wb_change_entry(struct wb_change *c, enum wb_action action,
    const struct wb_detail *detail, struct wb_error *e)
{
    return append_entry(c->v, action, NULL, detail, e);
}

enum wb_status
wb_change_entry_on(struct wb_change *c, enum wb_action action, const struct wb_wrap *w,
    const struct wb_detail *detail, struct wb_error *e)
{
    return append_entry(c->v, action, w, detail, e);
}

static enum wb_status
count_revisions(
    struct wb_vault *v, const struct wb_id *id, uint32_t *count, struct wb_error *e)
{
    uint64_t row;
    enum wb_status st = WB_OK;

    for (*count = 0; st == WB_OK; *count += st == WB_OK)
        st = wb_rows_lookup(v, &row, id, *count, e);
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

static enum wb_status
store_as(struct wb_change *c, enum wb_action action, struct wb_record *r,
    uint32_t ordinal, const struct wb_detail *detail, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(c->v);
    struct wb_wrap w = {
        .id = r->id, .ordinal = ordinal, .tree = s->tree, .leaf = s->edge.size};
    struct wb_buf body;
    enum wb_status st;

    wb_buf_init(&body, WB_RECORD_BYTES_MAX);
    memcpy(w.root, r->root, WB_ROOT_BYTES);
    wb_record_encode(&body, r);
    if ((st = wb_buf_check(&body, e)) != WB_OK ||
        (st = wb_rows_put(c->v, &w, body.data, body.size, e)) != WB_OK)
        goto out;
    r->row = w.row;
    r->ordinal = w.ordinal;
    r->tree = w.tree;
    r->leaf = w.leaf;
    st = append_entry(c->v, action, &w, detail, e);
out:
    wb_buf_wipe(&body);
    return st;
}

enum wb_status
wb_change_store(struct wb_change *c, enum wb_action action, struct wb_record *r,
    const struct wb_detail *detail, struct wb_error *e)
{
    uint32_t count;
    enum wb_status st = count_revisions(c->v, &r->id, &count, e);

    return st == WB_OK ? store_as(c, action, r, count, detail, e) : st;
}

/* Of a revision that is replaced, unless the new one has the same. */
static enum wb_status
remove_attachment(struct wb_vault *v, const struct wb_record *r,
    const struct wb_record *by, struct wb_error *e)
{
    struct wb_attachment a = {0};
    enum wb_status st;

    if (r->private_size == 0 ||
        (r->private_size == by->private_size &&
            memcmp(r->private_part, by->private_part, r->private_size) == 0))
        return WB_OK;
    if ((st = wb_attachment_new(&a, e)) == WB_OK &&
        (st = wb_attachment_decode(&a, r->private_part, r->private_size, e)) == WB_OK)
        st = wb_chunks_remove(v, &a, e);
    wb_attachment_wipe(&a);
    return st;
}

enum wb_status
wb_change_replace(struct wb_change *c, enum wb_action action, struct wb_record *r,
    uint64_t before, const struct wb_detail *detail, struct wb_error *e)
{
    struct wb_record *old = NULL;
    struct wb_wrap w = {0};
    enum wb_status st;

    if ((st = wb_custody_open_row(c->v, &old, before, e)) == WB_OK &&
        (st = remove_attachment(c->v, old, r, e)) == WB_OK &&
        (st = wb_rows_wrap(c->v, &w, before, e)) == WB_OK &&
        (st = wb_store_forget(c->v, NULL, e)) == WB_OK &&
        (st = wb_rows_remove(c->v, &w, e)) == WB_OK)
        st = store_as(c, action, r, w.ordinal, detail, e);
    wb_record_free(&old);
    return st;
}

static void
answer(struct wb_saved *saved, const struct wb_record *r)
{
    saved->id = r->id;
    saved->revision = r->revision;
    memcpy(saved->root, r->root, WB_ROOT_BYTES);
}

enum wb_status
wb_change_add_as(struct wb_change *c, const struct wb_draft *d, const struct wb_id *id,
    const uint8_t *private_part, size_t private_size, struct wb_saved *saved,
    struct wb_error *e)
{
    struct wb_lineage lineage = {
        .id = *id, .revision = 1, .origin = wb_store_state(c->v)->origin};
    struct wb_record *r = NULL;
    enum wb_status st;

    if ((st = wb_record_from_draft(&r, d, &lineage, e)) != WB_OK ||
        (st = wb_refs_check(c->v, d, e)) != WB_OK)
        goto out;
    r->private_part = private_part;
    r->private_size = private_size;
    if ((st = store_as(c, WB_ACTION_ADD, r, 0, NULL, e)) == WB_OK)
        answer(saved, r);
out:
    wb_record_free(&r);
    return st;
}

enum wb_status
wb_change_add(struct wb_change *c, const struct wb_draft *d, struct wb_saved *saved,
    struct wb_error *e)
{
    struct wb_id id;

    wb_random(id.bytes, sizeof id.bytes);
    return wb_change_add_as(c, d, &id, NULL, 0, saved, e);
}

/* The newest revision, which must be ours to be amended. */
static enum wb_status
load_ours(struct wb_vault *v, struct wb_record **r, const struct wb_id *id,
    struct wb_error *e)
{
    enum wb_status st = wb_record_load(v, r, id, e);

    if (st == WB_OK && !wb_record_is_ours(*r)) {
        wb_record_free(r);
        return wb_fail(e, WB_ERR_POLICY,
            "a record of another origin is not amended here: `adopt` it first, or add "
            "one of your own");
    }
    return st;
}

enum wb_status
wb_change_draft(struct wb_change *c, struct wb_draft **d, const struct wb_id *id,
    struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st = load_ours(c->v, &r, id, e);

    if (st == WB_OK)
        st = wb_draft_from(d, r, e);
    wb_record_free(&r);
    return st;
}

static bool
same_place(const struct wb_place *p, const struct wb_place *q)
{
    if (p->count != q->count)
        return false;
    for (size_t n = 0; n < p->count; n++)
        if (p->values[n].state != q->values[n].state ||
            p->values[n].size != q->values[n].size ||
            memcmp(p->values[n].text, q->values[n].text, p->values[n].size) != 0)
            return false;
    return true;
}

/* The first field with all of `flags` whose values are not those of before; NULL: none.
 */
static const struct wb_field *
find_difference(
    const struct wb_record *before, const struct wb_record *after, unsigned flags)
{
    for (size_t i = 0; i < after->table->count; i++) {
        const struct wb_field *f = &after->table->fields[i];
        const struct wb_place *old = wb_record_place(before, f->number);

        if ((f->flags & flags) == flags &&
            (old == NULL || !same_place(old, &after->places[i + 1])))
            return f;
    }
    return NULL;
}

/* How the witness made it their own; NULL: not yet. */
static const char *
confirmation_of(const struct wb_record *r)
{
    const char *is_signed = wb_record_text(r, "signed");
    const char *read_back = wb_record_text(r, "read-back");

    if (is_signed[0] != '\0' && strcmp(is_signed, "none") != 0)
        return "signed";
    return read_back[0] != '\0' && strcmp(read_back, "no") != 0 ? "read back" : NULL;
}

static enum wb_status
check_confirmed(const struct wb_record *before, const struct wb_field *changed,
    const struct wb_amendment *why, struct wb_error *e)
{
    char id[WB_ID_TEXT_BYTES];

    if (changed == NULL || why->over_signature)
        return WB_OK;
    wb_id_text(id, &before->id);
    return wb_fail(e, WB_ERR_POLICY,
        "%s: the statement was %s and stands as it is; add a supplementary one: "
        "`add statement -F type=supplementary -F supplements=%s` (or "
        "insist: --over-signature)",
        changed->name, confirmation_of(before), id);
}

static bool
is_reason(const char *reason)
{
    static const char *const reasons[] = {
        "transcription", "witness", "translation", "other"};

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(reason, reasons[i]) == 0)
            return true;
    return false;
}

enum wb_status
wb_change_amend(struct wb_change *c, const struct wb_id *id, const struct wb_draft *d,
    const struct wb_amendment *why, struct wb_saved *saved, struct wb_error *e)
{
    char reason[REASON_BYTES];
    struct wb_detail detail = {.reason = reason};
    const struct wb_field *confirmed = NULL;
    struct wb_record *before = NULL, *after = NULL;
    struct wb_fork fork = {0};
    struct wb_lineage lineage;
    enum wb_status st;

    if (!is_reason(why->reason))
        return wb_fail(e, WB_ERR_USAGE,
            "reason: one of transcription, witness, translation, other");
    if ((st = load_ours(c->v, &before, id, e)) != WB_OK)
        return st;
    lineage = (struct wb_lineage){.id = *id,
        .revision = before->revision + 1,
        .previous = (const uint8_t(*)[WB_ROOT_BYTES]) & before->root,
        .previous_count = 1,
        .origin = wb_store_state(c->v)->origin};
    if (why->join && (st = wb_fork_join(c->v, &lineage, &fork, e)) != WB_OK)
        goto out;
    if ((st = wb_draft_check(d, e)) != WB_OK ||
        (st = wb_refs_check(c->v, d, e)) != WB_OK ||
        (st = wb_record_from_draft(&after, d, &lineage, e)) != WB_OK)
        goto out;
    if (!why->join && find_difference(before, after, 0) == NULL) {
        st = wb_fail(e, WB_ERR_USAGE, "nothing changed, nothing was saved");
        goto out;
    }
    if (confirmation_of(before) != NULL)
        confirmed = find_difference(before, after, WB_CONFIRMED);
    if ((st = check_confirmed(before, confirmed, why, e)) != WB_OK)
        goto out;
    (void)snprintf(reason, sizeof reason, "%s%s", why->reason,
        confirmed != NULL ? ", over a signature" : "");
    after->private_part = before->private_part; /* the attachment stays the record's */
    after->private_size = before->private_size;
    if ((st = wb_change_store(c, WB_ACTION_AMEND, after, &detail, e)) == WB_OK)
        answer(saved, after);
out:
    wb_fork_wipe(&fork);
    wb_record_free(&after);
    wb_record_free(&before);
    return st;
}
