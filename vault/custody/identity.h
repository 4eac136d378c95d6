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

/* Draws other secrets into `k`; the name stays. */
WB_CHECKED enum wb_status wb_identity_draw(
    struct wb_identity_keys *k, struct wb_error *e);

/* Stores the next revision of our identity, with these secrets and the log as it is
 * named now. */
WB_CHECKED enum wb_status wb_identity_amend(
    struct wb_change *c, struct wb_identity_keys *k, struct wb_error *e);

/* The secrets in one revision of our identity; the record is freed. */
WB_CHECKED enum wb_status wb_identity_take(
    struct wb_identity_keys *k, struct wb_record **r, struct wb_error *e);

/* The seed that signs this vault's log: our identity's, or a field vault's own. A new
 * secret. */
WB_CHECKED enum wb_status wb_identity_log(
    struct wb_vault *v, struct wb_secret **seed, struct wb_error *e);

/* As wb_owner_mark, of a key that signs a log (mark.c). */
WB_CHECKED enum wb_status wb_log_mark(
    char mark[static WB_MARK_BYTES], const uint8_t key[static 32], struct wb_error *e);

#endif
