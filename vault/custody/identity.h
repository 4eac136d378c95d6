/* vault/custody/identity.h - a new identity; reading one is in change.h. */
#ifndef WB_CUSTODY_IDENTITY_H
#define WB_CUSTODY_IDENTITY_H

#include "change.h"

/* Draws all secrets and makes the record that holds them, ready to be stored. `k` is
 * wiped by the caller, on errors too. */
WB_CHECKED enum wb_status wb_identity_new(struct wb_record **r,
    struct wb_identity_keys *k, struct wb_vault *v, const char *name,
    struct wb_error *e);

#endif
