/* vault/custody/slots.h - changes of the slots, shared by passphrases and recovery. */
#ifndef WB_CUSTODY_SLOTS_H
#define WB_CUSTODY_SLOTS_H

#include <witnessbox/keys.h>

#include "change.h"

/* The lowest free slot; WB_ERR_LIMIT when all are in use. */
WB_CHECKED enum wb_status wb_slots_free(
    struct wb_vault *v, unsigned *slot, struct wb_error *e);

/* The label a new slot gets: as given, or "slot N". WB_ERR_VALUE for one that cannot
 * be, or is in use. `out` has WB_LABEL_BYTES_MAX + 1 bytes. */
WB_CHECKED enum wb_status wb_slots_label(struct wb_vault *v, char *out, unsigned slot,
    const char *label, struct wb_error *e);

/* P of a new passphrase under the parameters as they are, with the key file that it
 * shall have; *key_file (may be NULL) gets its hash or NULL, the caller's to free. */
WB_CHECKED enum wb_status wb_slots_stretch(struct wb_vault *v, struct wb_secret **p,
    struct wb_secret **key_file, const struct wb_new_passphrase *passphrase,
    struct wb_error *e);

/* An entry `keys`: "WHAT: slot N, LABEL". */
WB_CHECKED enum wb_status wb_slots_entry(struct wb_change *c, const char *what,
    unsigned slot, const char *label, struct wb_error *e);

/* Rekeys inside a change, with its entry. What the change logs before it stands under
 * the epoch before. */
WB_CHECKED enum wb_status wb_slots_rekey(
    struct wb_change *c, const struct wb_progress *progress, struct wb_error *e);

#endif
