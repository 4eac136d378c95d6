/* vault/custody/refs.h - do the records that a draft refers to exist, and of the right
 * kind? */
#ifndef WB_CUSTODY_REFS_H
#define WB_CUSTODY_REFS_H

#include "change.h"

/* A field vault cannot look and takes all. Looks among the stored records and among
 * those that a load has announced. NOT_FOUND and VALUE name field and id. */
WB_CHECKED enum wb_status wb_refs_check(
    struct wb_vault *v, const struct wb_draft *d, struct wb_error *e);

/* A record that this transaction will still store (load): its id and kind, under its
 * key. */
WB_CHECKED enum wb_status wb_refs_announce(struct wb_vault *v, const char *key,
    size_t size, const struct wb_id *id, const char *kind, struct wb_error *e);
/* That record will not be stored after all: its key stays taken and leads nowhere. */
WB_CHECKED enum wb_status wb_refs_withdraw(
    struct wb_vault *v, const char *key, size_t size, struct wb_error *e);
/* The announced id of a key. NOT_FOUND; VALUE when it was withdrawn. */
WB_CHECKED enum wb_status wb_refs_announced(struct wb_vault *v, const char *key,
    size_t size, struct wb_id *id, struct wb_error *e);

/* wb_change_add with an id and a private part that are decided already (change.c). */
WB_CHECKED enum wb_status wb_change_add_as(struct wb_change *c,
    const struct wb_draft *d, const struct wb_id *id, const uint8_t *private_part,
    size_t private_size, struct wb_saved *saved, struct wb_error *e);

#endif
