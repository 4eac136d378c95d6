/* vault/bundle/received.c - who sent us a revision that is not ours. */
#include <string.h>

#include "../base/clock.h"
#include "contact.h"

enum wb_status
wb_record_received(struct wb_vault *v, const struct wb_record *r,
    struct wb_received *received, struct wb_error *e)
{
    struct wb_received got = {.is_known = r->provenance.present};
    struct wb_signer_contact contact = {0};
    enum wb_status st = WB_OK;

    if (got.is_known)
        st = wb_contact_by_key(v, &contact, r->provenance.sender, e);
    if (st != WB_OK)
        return st;
    got.trust = (enum wb_trust)r->provenance.trust;
    got.is_verified_now = contact.verified;
    memcpy(got.label, contact.label, sizeof got.label);
    if (got.is_known)
        wb_clock_text(got.time, (int64_t)r->provenance.received);
    *received = got;
    return WB_OK;
}
