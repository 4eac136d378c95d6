/* vault/custody/identity.h - a new identity; reading one is in change.h. */
#ifndef WB_CUSTODY_IDENTITY_H
#define WB_CUSTODY_IDENTITY_H

#include <witnessbox/field.h>

#include "change.h"

/* Draws all secrets and makes the record that holds them, ready to be stored. `k` is
 * wiped by the caller, on errors too. */
WB_CHECKED enum wb_status wb_identity_new(struct wb_record **r,
    struct wb_identity_keys *k, struct wb_vault *v, const char *name,
    struct wb_error *e);

/* The secrets of our identity as it was `n` revisions before the newest, which is 0:
 * what was sent to an older card still opens. NOT_FOUND past the oldest. */
WB_CHECKED enum wb_status wb_identity_older(
    struct wb_vault *v, struct wb_identity_keys *k, uint32_t n, struct wb_error *e);

/* The seed that signs this vault's log: our identity's, or a field vault's own. A new
 * secret. */
WB_CHECKED enum wb_status wb_identity_log(
    struct wb_vault *v, struct wb_secret **seed, struct wb_error *e);

/* As wb_owner_mark, of a key that signs a log (mark.c). */
WB_CHECKED enum wb_status wb_log_mark(
    char mark[static WB_MARK_BYTES], const uint8_t key[static 32], struct wb_error *e);

#endif
