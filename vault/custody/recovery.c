/* vault/custody/recovery.c - a recovery key in shares, and back from them. */
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "../crypto/random.h"
#include "../crypto/shamir.h"
#include "../formats/share.h"
#include "slots.h"

enum { ABOUT_BYTES = 160 };

static const char recovery_label[] = "recovery";

/* ---- split ---- */

/* A split being made: the key, the bytes of its shares, and their lines. */
struct split {
    unsigned needed, count;
    struct wb_secret *key, *shares, *some, *again;
    struct wb_secret *lines[WB_SHARES_MAX];
};

static void
split_wipe(struct split *s)
{
    wb_secret_free(&s->key);
    wb_secret_free(&s->shares);
    wb_secret_free(&s->some);
    wb_secret_free(&s->again);
    for (int i = 0; i < WB_SHARES_MAX; i++)
        wb_secret_free(&s->lines[i]);
}

/* Writes the lines, and reads each back. */
static enum wb_status
write_lines(struct split *s, const uint8_t *vault_id, struct wb_error *e)
{
    struct wb_share share = {.needed = (uint8_t)s->needed}, read = {0};
    enum wb_status st = wb_secret_new(&share.bytes, WB_KEY_BYTES, e);

    wb_share_mark(share.mark, vault_id);
    for (unsigned i = 0; i < s->count && st == WB_OK; i++) {
        const uint8_t *bytes = wb_secret_bytes(s->shares) + i * WB_KEY_BYTES;

        share.number = (uint8_t)(i + 1);
        memcpy(wb_secret_room(share.bytes), bytes, WB_KEY_BYTES);
        if ((st = wb_share_encode(&s->lines[i], &share, e)) != WB_OK ||
            (st = wb_share_decode(&read, (const char *)wb_secret_bytes(s->lines[i]),
                 WB_SHARE_TEXT_BYTES - 1, e)) != WB_OK)
            break;
        if (read.number != share.number || read.needed != share.needed ||
            !wb_equal(wb_secret_bytes(read.bytes), bytes, WB_KEY_BYTES))
            st = wb_fail(e, WB_ERR_INTERNAL, "share %u does not read back", i + 1);
        wb_secret_free(&read.bytes);
    }
    wb_secret_free(&share.bytes);
    return st;
}

/* The next set of `needed` numbers out of 1 to `count`, ascending; false past the last.
 */
static bool
next_set(uint8_t *numbers, unsigned needed, unsigned count)
{
    unsigned i = needed;

    while (i > 0 && numbers[i - 1] == count - needed + i)
        i--;
    if (i == 0)
        return false;
    numbers[i - 1]++;
    for (; i < needed; i++)
        numbers[i] = (uint8_t)(numbers[i - 1] + 1);
    return true;
}

/* All sets: 6,435 at most. */
static enum wb_status
try_all(struct split *s, struct wb_error *e)
{
    uint8_t numbers[WB_SHARES_MAX];

    for (unsigned i = 0; i < s->needed; i++)
        numbers[i] = (uint8_t)(i + 1);
    do {
        for (unsigned i = 0; i < s->needed; i++)
            memcpy(wb_secret_room(s->some) + i * WB_KEY_BYTES,
                wb_secret_bytes(s->shares) + (numbers[i] - 1u) * WB_KEY_BYTES,
                WB_KEY_BYTES);
        wb_shamir_join(s->again, s->some, numbers, s->needed);
        if (!wb_equal(wb_secret_bytes(s->again), wb_secret_bytes(s->key), WB_KEY_BYTES))
            return wb_fail(e, WB_ERR_INTERNAL, "shares do not give the key back");
    } while (next_set(numbers, s->needed, s->count));
    return WB_OK;
}

static enum wb_status
split_make(struct split *s, const uint8_t *vault_id, struct wb_error *e)
{
    enum wb_status st;

    if ((st = wb_secret_new(&s->key, WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&s->again, WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&s->shares, (size_t)s->count * WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&s->some, (size_t)s->needed * WB_KEY_BYTES, e)) != WB_OK)
        return st;
    wb_random_secret(s->key);
    if ((st = wb_shamir_split(s->shares, s->key, s->needed, s->count, e)) != WB_OK ||
        (st = try_all(s, e)) != WB_OK)
        return st;
    return write_lines(s, vault_id, e);
}

/* The recovery slot, or else a free one. */
static enum wb_status
find_slot(struct wb_vault *v, unsigned *slot, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(v);

    for (unsigned i = 0; i < WB_SLOTS; i++)
        if (s->slots[i].kind == WB_SLOT_RECOVERY) {
            *slot = i;
            return WB_OK;
        }
    return wb_slots_free(v, slot, e);
}

/* A passphrase may have the label that the recovery slot has by default. */
static enum wb_status
choose_label(struct wb_vault *v, char *label, unsigned slot, struct wb_error *e)
{
    const struct wb_slot_note *note = &wb_store_state(v)->slots[slot];

    if (note->kind == WB_SLOT_RECOVERY) {
        memcpy(label, note->label, sizeof note->label);
        return WB_OK;
    }
    if (wb_slots_label(v, label, slot, recovery_label, NULL) == WB_OK)
        return WB_OK;
    return wb_slots_label(v, label, slot, NULL, e);
}

static enum wb_status
split_store(struct wb_vault *v, const struct split *s, struct wb_error *e)
{
    char label[WB_LABEL_BYTES_MAX + 1], what[ABOUT_BYTES];
    struct wb_change *c = NULL;
    unsigned slot;
    enum wb_status st;

    if ((st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    (void)snprintf(what, sizeof what, "recovery split, %u of %u", s->needed, s->count);
    if ((st = find_slot(v, &slot, e)) == WB_OK &&
        (st = choose_label(v, label, slot, e)) == WB_OK &&
        (st = wb_store_slot_put(v, slot, WB_SLOT_RECOVERY, label, s->key, e)) ==
            WB_OK &&
        (st = wb_slots_entry(c, what, slot, label, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}

enum wb_status
wb_recovery_split(struct wb_vault *v, unsigned needed, unsigned count,
    enum wb_status (*each)(
        void *cookie, unsigned number, const char *share, struct wb_error *e),
    void *cookie, struct wb_error *e)
{
    struct split s = {.needed = needed, .count = count};
    unsigned slot;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = wb_store_need_sight(v, e)) != WB_OK)
        return st;
    if (needed < WB_SHARES_MIN || needed > count || count > WB_SHARES_MAX)
        return wb_fail(e, WB_ERR_USAGE,
            "shares: %u of %u; at least %d are needed, at most %d are made", needed,
            count, WB_SHARES_MIN, WB_SHARES_MAX);
    if ((st = find_slot(v, &slot, e)) == WB_OK)
        st = split_make(&s, wb_store_vault_id(v), e);
    for (unsigned i = 0; i < count && st == WB_OK; i++)
        st = each(cookie, i + 1, (const char *)wb_secret_bytes(s.lines[i]), e);
    if (st == WB_OK)
        st = split_store(v, &s, e);
    split_wipe(&s);
    return st;
}

/* ---- restore ---- */

struct wb_recovery {
    struct wb_vault *v;
    unsigned needed, count;
    uint8_t numbers[WB_SHARES_MAX];
    struct wb_secret *shares; /* WB_SHARES_MAX, end to end */
};

enum wb_status
wb_recovery_new(struct wb_recovery **r, struct wb_vault *v, struct wb_error *e)
{
    struct wb_recovery *made = wb_mem_new(sizeof *made);
    enum wb_status st;

    if (made == NULL)
        return wb_fail_memory(e);
    made->v = v;
    st = wb_secret_new(&made->shares, (size_t)WB_SHARES_MAX * WB_KEY_BYTES, e);
    if (st == WB_OK)
        *r = made;
    else
        wb_mem_free(made);
    return st;
}

void
wb_recovery_free(struct wb_recovery **r)
{
    if (*r == NULL)
        return;
    wb_secret_free(&(*r)->shares);
    wb_mem_free(*r);
    *r = NULL;
}

static enum wb_status
check_share(
    const struct wb_recovery *r, const struct wb_share *share, struct wb_error *e)
{
    uint8_t mark[WB_SHARE_MARK_BYTES];
    char ours[2 * WB_SHARE_MARK_BYTES + 1], theirs[2 * WB_SHARE_MARK_BYTES + 1];

    wb_share_mark(mark, wb_store_vault_id(r->v));
    if (memcmp(mark, share->mark, sizeof mark) != 0) {
        wb_hex_encode(ours, mark, sizeof mark);
        wb_hex_encode(theirs, share->mark, sizeof mark);
        return wb_fail(e, WB_ERR_VALUE,
            "a share of another vault: its mark is %s, this vault's %s", theirs, ours);
    }
    for (unsigned i = 0; i < r->count; i++)
        if (r->numbers[i] == share->number)
            return wb_fail(e, WB_ERR_VALUE, "share number %u was given already, as %u",
                share->number, i + 1);
    if (r->count > 0 && share->needed != r->needed)
        return wb_fail(e, WB_ERR_VALUE,
            "a share of another split: it needs %u, those before need %u",
            share->needed, r->needed);
    return WB_OK;
}

enum wb_status
wb_recovery_add(struct wb_recovery *r, unsigned *missing, const char *text, size_t size,
    struct wb_error *e)
{
    struct wb_share share = {0};
    enum wb_status st;

    if ((st = wb_share_decode(&share, text, size, e)) != WB_OK ||
        (st = check_share(r, &share, e)) != WB_OK)
        goto out;
    r->needed = share.needed;
    if (r->count < r->needed) { /* more than are needed are only looked at */
        r->numbers[r->count] = share.number;
        memcpy(wb_secret_room(r->shares) + r->count * WB_KEY_BYTES,
            wb_secret_bytes(share.bytes), WB_KEY_BYTES);
        r->count++;
    }
    *missing = r->needed - r->count;
out:
    wb_secret_free(&share.bytes);
    return st;
}

enum wb_status
wb_recovery_unlock(struct wb_recovery *r, struct wb_error *e)
{
    struct wb_secret *key = NULL;
    enum wb_status st;

    if (r->count == 0 || r->count < r->needed)
        return wb_fail(e, WB_ERR_USAGE,
            r->count == 0 ? "no share was given"
                          : "%u of the %u shares that are needed",
            r->count, r->needed);
    if ((st = wb_secret_new(&key, WB_KEY_BYTES, e)) != WB_OK)
        return st;
    wb_shamir_join(key, r->shares, r->numbers, r->count);
    st = wb_store_unlock(r->v, key, e);
    if (st == WB_ERR_PASSPHRASE)
        st = wb_fail(e, st,
            "the shares open no slot: a later split or the removal of the recovery "
            "slot "
            "has made them void, or they are of different splits");
    wb_secret_free(&key);
    return st;
}

/* The slot that the new passphrase goes to; that of the shares where no other is free.
 */
static unsigned
passphrase_slot(struct wb_vault *v, unsigned used)
{
    unsigned slot;

    return wb_slots_free(v, &slot, NULL) == WB_OK ? slot : used;
}

enum wb_status
wb_recovery_restore(struct wb_recovery *r, unsigned *number,
    const struct wb_new_passphrase *passphrase, const char *label,
    const struct wb_progress *progress, struct wb_error *e)
{
    char name[WB_LABEL_BYTES_MAX + 1];
    unsigned used = wb_store_slot(r->v), slot;
    struct wb_secret *p = NULL;
    struct wb_change *c = NULL;
    enum wb_status st;

    if ((st = wb_change_begin(&c, r->v, e)) != WB_OK)
        return st;
    if (wb_store_state(r->v)->slots[used].kind != WB_SLOT_RECOVERY) {
        st = wb_fail(e, WB_ERR_USAGE, "this session was not opened with shares");
        goto out;
    }
    slot = passphrase_slot(r->v, used);
    if ((st = wb_slots_label(r->v, name, slot, label, e)) == WB_OK &&
        (st = wb_slots_stretch(r->v, &p, NULL, passphrase, e)) == WB_OK &&
        (st = wb_slots_rekey(c, progress, e)) == WB_OK &&
        (st = wb_slots_entry(c, "recovery used, passphrase set", slot, name, e)) ==
            WB_OK &&
        (st = wb_store_slot_clear(r->v, used, e)) == WB_OK &&
        (st = wb_store_slot_put(r->v, slot, WB_SLOT_PASSPHRASE, name, p, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    if (st == WB_OK)
        *number = slot;
out:
    wb_change_rollback(&c);
    wb_secret_free(&p);
    return st;
}
