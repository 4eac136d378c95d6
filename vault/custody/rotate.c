/* vault/custody/rotate.c - other keys for who we are, and what the ones before are
 * still good for. */
#include <string.h>

#include <witnessbox/keys.h>

#include "../base/fail.h"
#include "heads.h"
#include "identity.h"

enum wb_status
wb_identity_older(
    struct wb_vault *v, struct wb_identity_keys *k, uint32_t n, struct wb_error *e)
{
    const struct wb_id *id = &wb_store_state(v)->identity;
    struct wb_record *r = NULL;
    uint32_t count = 0;
    uint64_t row;
    enum wb_status st = wb_store_need_sight(v, e);

    while (st == WB_OK && (st = wb_rows_lookup(v, &row, id, count, e)) == WB_OK)
        count++;
    if (st != WB_ERR_NOT_FOUND)
        return st;
    if (n >= count)
        return wb_fail(e, WB_ERR_NOT_FOUND, "our identity: no older one");
    if ((st = wb_custody_open_revision(v, &r, id, count - 1 - n, e)) != WB_OK)
        return wb_within(e, st, "our identity");
    return wb_identity_take(k, &r, e);
}

/* Opens it with the log key of this seed under the head's own name. */
static enum wb_status
open_with(struct wb_checkpoint *c, struct wb_note_key *key, const struct wb_note *note,
    const char *origin, const struct wb_secret *seed, struct wb_error *e)
{
    enum wb_status st = wb_log_key(key, origin, seed, e);

    return st == WB_OK ? wb_checkpoint_open(c, note, key, e) : st;
}

enum wb_status
wb_identity_signed(struct wb_vault *v, struct wb_checkpoint *c, struct wb_note_key *key,
    const struct wb_note *note, struct wb_error *e)
{
    const struct wb_secret *field = wb_store_state(v)->field_log;
    struct wb_identity_keys keys = {0};
    struct wb_checkpoint head, opened;
    struct wb_note_key found;
    enum wb_status st = wb_checkpoint_decode(&head, note->text, note->text_size, e);

    if (st == WB_OK && field != NULL)
        st = open_with(&opened, &found, note, head.origin, field, e);
    else if (st == WB_OK)
        st = WB_ERR_NOT_FOUND;
    for (uint32_t n = 0; st == WB_ERR_NOT_FOUND && field == NULL; n++) {
        if ((st = wb_identity_older(v, &keys, n, e)) != WB_OK)
            break;
        st = open_with(&opened, &found, note, head.origin, keys.log, e);
        wb_identity_wipe(&keys);
    }
    if (st == WB_ERR_NOT_FOUND)
        return wb_fail(e, st, "%s: no log key of ours has signed this", head.origin);
    if (st == WB_OK) {
        *c = opened;
        if (key != NULL)
            *key = found;
    }
    return st;
}

/* The log goes on under another name, as it has another key: partners who know the old
 * one are not asked to believe two keys for one log. */
enum wb_status
wb_identity_rotate(struct wb_vault *v, int flags, struct wb_error *e)
{
    struct wb_identity_keys keys = {0};
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = wb_identity_open(v, &keys, e)) != WB_OK)
        return st;
    keys.linked = (flags & WB_ROTATE_UNLINKED) == 0;
    if ((st = wb_identity_draw(&keys, e)) == WB_OK)
        st = wb_head_begin_again(v, WB_ACTION_RESTART,
            keys.linked ? "identity rotated" : "identity rotated, unlinked", NULL,
            &keys, e);
    wb_identity_wipe(&keys);
    return st;
}
