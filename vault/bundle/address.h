/* vault/bundle/address.h - to whom a bundle goes: contacts and keys, resolved. */
#ifndef WB_BUNDLE_ADDRESS_H
#define WB_BUNDLE_ADDRESS_H

#include <witnessbox/bundle.h>

#include "../crypto/secret.h"
#include "info.h"

struct wb_address {
    char recipients[WB_RECIPIENTS_MAX][WB_AGE_RECIPIENT_CHARS + 1]; /* ascending */
    uint8_t points[WB_RECIPIENTS_MAX][WB_POINT_BYTES]; /* in the same order */
    size_t count;
    char names[1025]; /* the labels and keys as given, for the handoff and the log */
    struct wb_secret *passphrase; /* instead of keys, or NULL; owned */
    size_t passphrase_size;
};

/* Labels of contacts first, else age1... keys; each key once. Or a passphrase, whose
 * mark then is the only recipient.
 *   USAGE none, more than 16 keys, both | NOT_FOUND neither a contact nor a key
 * Wiped by the caller, on errors too. */
WB_CHECKED enum wb_status wb_address_resolve(struct wb_address *a, struct wb_vault *v,
    const struct wb_export_request *request, struct wb_error *e);
void wb_address_wipe(struct wb_address *a);

#endif
