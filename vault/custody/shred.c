/* vault/custody/shred.c - one record destroyed: keys, bodies, lookups, attachments; its
 * roots stay in the log. */
#include <string.h>
#include <witnessbox/destroy.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "log.h"

enum { REASON_BYTES_MAX = 1024, NUMBERS_BYTES_MAX = 1 << 24 };

struct shredding {
    struct wb_change *c;
    struct wb_vault *v;
    const struct wb_id *id;
    struct wb_detail detail;
    struct wb_buf numbers; /* u64 file numbers whose chunks are gone */
    struct wb_shredded done;
};

static enum wb_status
check_reason(const char *reason, struct wb_error *e)
{
    size_t size = strlen(reason);
    enum wb_status st;

    if (size == 0 || size > REASON_BYTES_MAX)
        return wb_fail(
            e, WB_ERR_USAGE, "reason: %zu bytes, from 1 to %d", size, REASON_BYTES_MAX);
    for (const char *at = reason; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return wb_fail(e, WB_ERR_USAGE, "reason: one line, no control characters");
    st = wb_text_check(reason, size, e);
    return wb_within(e, st, "reason");
}

/* ---- attachments ---- */

/* Amended evidence keeps its file: its revisions name the same one. */
static bool
is_gone(const struct wb_buf *numbers, uint64_t number)
{
    for (size_t at = 0; at < numbers->size; at += sizeof number)
        if (memcmp(numbers->data + at, &number, sizeof number) == 0)
            return true;
    return false;
}

static enum wb_status
remove_file(struct shredding *s, const struct wb_record *r, struct wb_error *e)
{
    struct wb_attachment a = {0};
    enum wb_status st = wb_attachment_new(&a, e);

    if (st == WB_OK)
        st = wb_attachment_decode(&a, r->private_part, r->private_size, e);
    if (st == WB_OK && !is_gone(&s->numbers, a.number)) {
        wb_buf_add(&s->numbers, &a.number, sizeof a.number);
        if ((st = wb_buf_check(&s->numbers, e)) == WB_OK &&
            (st = wb_chunks_remove(s->v, &a, e)) == WB_OK)
            s->done.files++;
    }
    wb_attachment_wipe(&a);
    return st;
}

/* ---- revisions ---- */

/* The root that the log has for a row whose wrap does not open any more. */
static enum wb_status
find_root(struct shredding *s, struct wb_wrap *w, struct wb_error *e)
{
    for (uint64_t row = 1; row < wb_store_state(s->v)->next_log; row++) {
        struct wb_entry entry = {0};
        bool found = false;

        if (wb_log_read(s->v, &entry, row, NULL) == WB_OK)
            found = entry.has_root && entry.record_row == w->row &&
                wb_id_equal(&entry.id, s->id);
        if (found)
            memcpy(w->root, entry.root, sizeof w->root);
        wb_entry_wipe(&entry);
        if (found)
            return WB_OK;
    }
    return wb_fail(e, WB_ERR_INTEGRITY, "row %llu: the log does not name it",
        (unsigned long long)w->row);
}

static bool
is_gone_or_damaged(enum wb_status st)
{
    return wb_is_damage(st) || st == WB_ERR_NOT_FOUND;
}

/* What is damaged goes all the same: its key is what must not stay. What is sound and
 * of another record must stay: somebody has changed the lookup. */
static enum wb_status
shred_row(struct shredding *s, uint64_t row, uint32_t ordinal, struct wb_error *e)
{
    struct wb_wrap w = {.row = row};
    struct wb_record *r = NULL;
    enum wb_status st = wb_rows_wrap(s->v, &w, row, e);

    if (is_gone_or_damaged(st))
        st = find_root(s, &w, e);
    else if (st == WB_OK && (!wb_id_equal(&w.id, s->id) || w.ordinal != ordinal))
        st = wb_custody_find_wrap(s->v, &w, s->id, ordinal, e);
    if (st != WB_OK)
        return st;
    w.id = *s->id;
    w.ordinal = ordinal;
    st = wb_custody_open_row(s->v, &r, row, e);
    if (st == WB_OK && r->private_size != 0 && strcmp(r->kind, "evidence") == 0)
        st = remove_file(s, r, e);
    wb_record_free(&r);
    if (st != WB_OK && !is_gone_or_damaged(st))
        return st;
    if ((st = wb_rows_remove(s->v, &w, e)) != WB_OK)
        return st;
    s->done.revisions++;
    return wb_change_entry_on(s->c, WB_ACTION_SHRED, &w, &s->detail, e);
}

/* Opening one looks at its lookup, so they go one by one, the last first: what is left
 * is always numbered from 0. */
static enum wb_status
shred_all(struct shredding *s, struct wb_error *e)
{
    uint32_t count = 0;
    uint64_t row;
    enum wb_status st;

    while ((st = wb_rows_lookup(s->v, &row, s->id, count, e)) == WB_OK)
        count++;
    if (st != WB_ERR_NOT_FOUND)
        return st;
    if (count == 0)
        return wb_fail(e, st, "no such record");
    for (st = WB_OK; st == WB_OK && count > 0; count--)
        if ((st = wb_rows_lookup(s->v, &row, s->id, count - 1, e)) == WB_OK)
            st = shred_row(s, row, count - 1, e);
    return st;
}

enum wb_status
wb_shred(struct wb_vault *v, const struct wb_id *id, const char *reason,
    struct wb_shredded *done, struct wb_error *e)
{
    struct shredding s = {.v = v, .id = id, .detail = {.reason = reason}};
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = check_reason(reason, e)) != WB_OK)
        return st;
    if (wb_id_equal(id, &wb_store_state(v)->identity))
        return wb_fail(e, WB_ERR_POLICY,
            "our own identity is not shredded: the vault could not sign any more");
    if ((st = wb_change_begin(&s.c, v, e)) != WB_OK)
        return st;
    wb_buf_init(&s.numbers, NUMBERS_BYTES_MAX);
    if ((st = wb_store_forget(v, id, e)) == WB_OK && (st = shred_all(&s, e)) == WB_OK)
        st = wb_change_commit(&s.c, e);
    wb_change_rollback(&s.c);
    wb_buf_wipe(&s.numbers);
    if (st == WB_OK)
        *done = s.done;
    return st;
}
