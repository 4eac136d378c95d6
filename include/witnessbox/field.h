/* include/witnessbox/field.h - field vaults: one hand adds, another one reads. */
#ifndef WITNESSBOX_FIELD_H
#define WITNESSBOX_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "vault.h"

/* A field vault is made for an owner (wb_vault_options.owner). Its passphrase adds
 * records and files and opens none of them again: they are sealed to the owner's
 * collect key, and whoever is made to give up the passphrase gives up no testimony.
 *
 * What works there: wb_change_add, _attach and _load (whole ids, not looked up),
 * wb_head, wb_head_words, wb_head_check, wb_verify (header, state, tree, checkpoint,
 * numbers of rows), wb_vault_info, wb_passphrase_change, wb_backup, wb_burn. Everything
 * that reads or leaves answers WB_ERR_POLICY. */

/* Also of a vault that is still locked. */
WB_API bool wb_vault_is_field(const struct wb_vault *v);

/* Four words that stand for a public key, to be compared by eye or voice: 44 bits
 * behind Argon2id, so that a key with the same words is not found by trying. Lower
 * case, a space between. */
enum { WB_MARK_BYTES = 4 * 9 };

/* Of the owner's collect key (a card's `collect`, decoded). */
WB_API WB_CHECKED enum wb_status wb_owner_mark(char mark[static WB_MARK_BYTES],
    const uint8_t collect[static 32], struct wb_error *e);

/* What an unlocked field vault shows in each session. A vault that was put in this
 * one's place for another owner has another first mark; the owner compares the second
 * one before taking what comes from here as ours. WB_ERR_USAGE: not a field vault. */
struct wb_field_marks {
    char owner[WB_MARK_BYTES];
    char vault[WB_MARK_BYTES]; /* of the key that signs its log */
};
WB_API WB_CHECKED enum wb_status wb_field_marks(
    struct wb_vault *v, struct wb_field_marks *marks, struct wb_error *e);

#endif
