/* vault/bundle/collect.c - a field vault's records become part of its owner's vault. */
#include "collect.h"

#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../custody/heads.h"
#include "../custody/identity.h"
#include "contact.h"

/* ---- opening ---- */

/* With every collect secret that we have had: who made the field vault may have had an
 * older card. */
static enum wb_status
unlock(struct wb_collecting *s, struct wb_error *e)
{
    struct wb_identity_keys keys = {0};
    enum wb_status st = WB_ERR_POLICY;

    for (uint32_t n = 0; st == WB_ERR_POLICY; n++) {
        struct wb_error reason = {0};

        st = wb_identity_older(s->v, &keys, n, &reason);
        if (st == WB_ERR_NOT_FOUND)
            return wb_fail(
                e, WB_ERR_POLICY, "a field vault that was made for another owner");
        if (st == WB_OK)
            st = wb_store_unlock_owner(s->field, keys.collect, &reason);
        if (st != WB_OK && st != WB_ERR_POLICY)
            wb_fail(e, st, "%s", reason.message);
        wb_identity_wipe(&keys);
    }
    return st;
}

static enum wb_status
open_field(struct wb_collecting *s, const char *path, struct wb_error *e)
{
    uint8_t public[WB_SIGN_PUBLIC_BYTES];
    struct wb_vault_state *state;
    struct wb_note_key key;
    struct wb_buf text;
    enum wb_status st;

    if ((st = wb_vault_open(&s->field, path, WB_OPEN_READ, e)) != WB_OK)
        return st;
    if (!wb_vault_is_field(s->field))
        return wb_fail(e, WB_ERR_USAGE, "%s: not a field vault", path);
    if ((st = unlock(s, e)) != WB_OK)
        return wb_within(e, st, "%s", path);
    state = wb_store_state(s->field);
    wb_buf_init(&text, WB_NOTE_KEY_TEXT_MAX);
    if ((st = wb_log_key(&key, state->origin, state->field_log, e)) == WB_OK &&
        (st = wb_sign_public(public, state->field_log, e)) == WB_OK &&
        (st = wb_log_mark(s->done.mark, public, e)) == WB_OK) {
        wb_note_key_encode(&text, &key);
        if ((st = wb_buf_check(&text, e)) == WB_OK)
            memcpy(s->key, wb_buf_text(&text), text.size + 1);
    }
    memcpy(s->done.origin, state->origin, sizeof s->done.origin);
    s->done.size = state->edge.size;
    wb_buf_wipe(&text);
    return st;
}

/* ---- looking ---- */

struct finding {
    const struct wb_verify_watch *watch;
    struct wb_error first;
};

static void
find_problem(void *cookie, const struct wb_problem *p)
{
    struct finding *f = cookie;

    if (f->watch != NULL && f->watch->problem != NULL)
        f->watch->problem(f->watch->cookie, p);
    if (f->first.status == WB_OK)
        wb_fail(&f->first, WB_ERR_INTEGRITY, "%s: %s: %s", p->kind, p->where, p->what);
}

/* References are looked up in both vaults later: what dangles here is not told twice.
 */
static void
skip_notes(void *cookie, const struct wb_problem *p)
{
    if (strcmp(p->kind, "note") != 0)
        find_problem(cookie, p);
}

static void
pass_progress(void *cookie, uint64_t done, uint64_t total)
{
    const struct finding *f = cookie;

    if (f->watch != NULL && f->watch->progress != NULL)
        f->watch->progress(f->watch->cookie, done, total);
}

static enum wb_status
check_whole(struct wb_collecting *s, struct wb_error *e)
{
    struct finding f = {.watch = s->how->watch};
    const struct wb_verify_watch watch = {skip_notes, pass_progress, &f};
    struct wb_verified verified;
    enum wb_status st = wb_verify(s->field, WB_VERIFY_DEEP, &verified, &watch, e);

    if (st == WB_OK && verified.problems > 0)
        st = wb_fail(e, WB_ERR_INTEGRITY, "%llu problem%s, nothing was taken in: %s",
            (unsigned long long)verified.problems, verified.problems == 1 ? "" : "s",
            f.first.message);
    return st;
}

static enum wb_status
check(struct wb_collecting *s, struct wb_error *e)
{
    enum wb_status st;

    if ((st = check_whole(s, e)) != WB_OK ||
        (st = wb_tree_find(s->field, &s->tree, 0, e)) != WB_OK ||
        (st = wb_collect_check(s, e)) != WB_OK ||
        (st = wb_collect_check_heads(s, e)) != WB_OK)
        return st;
    return wb_collect_check_contact(s, e);
}

/* ---- taking ---- */

static enum wb_status
take_all(struct wb_collecting *s, struct wb_error *e)
{
    const char *head = s->tree.checkpoint;
    uint64_t row = 0;
    enum wb_status st = WB_OK;

    if (!s->is_contact)
        st = wb_contact_add_log(s->c, s->done.label, s->key, e);
    if (st == WB_OK)
        st = wb_prover_new(&s->prover, s->field, e);
    while (st == WB_OK && (st = wb_rows_next(s->field, &row, e)) == WB_OK)
        st = wb_collect_take(s, row, e);
    if (st == WB_ERR_NOT_FOUND)
        st = wb_head_keep(s->v, WB_HEAD_FOREIGN, head, strlen(head), e);
    return st;
}

static bool
has_changed(const struct wb_collecting *s)
{
    return s->done.added + s->done.ours > 0 || !s->is_contact || !s->is_head_kept;
}

/* Nothing new: nothing is written. */
static enum wb_status
store(struct wb_collecting *s, struct wb_error *e)
{
    enum wb_status st = wb_change_begin(&s->c, s->v, e);

    if (st == WB_OK && (st = take_all(s, e)) == WB_OK && has_changed(s))
        st = wb_change_commit(&s->c, e);
    wb_change_rollback(&s->c);
    return st;
}

enum wb_status
wb_collect(struct wb_vault *v, const char *path, const struct wb_collect *how,
    struct wb_collected *done, struct wb_error *e)
{
    struct wb_collecting *s;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = wb_store_need_sight(v, e)) != WB_OK)
        return st;
    s = wb_mem_new(sizeof *s);
    if (s == NULL)
        return wb_fail_memory(e);
    s->v = v;
    s->how = how;
    if ((st = open_field(s, path, e)) == WB_OK) {
        if ((st = check(s, e)) == WB_OK)
            st = store(s, e);
        st = wb_within(e, st, "%s", path);
    }
    if (st == WB_OK)
        *done = s->done;
    wb_tombs_wipe(&s->tombs);
    wb_prover_free(&s->prover);
    wb_vault_close(&s->field);
    wb_mem_free(s);
    return st;
}
