/* vault/bundle/audience.h - who will read a bundle, as consents may call them. */
#ifndef WB_BUNDLE_AUDIENCE_H
#define WB_BUNDLE_AUDIENCE_H

#include "../base/arena.h"
#include "../query/gate.h"
#include "address.h"

/* One of those who will read it. A recipient who is no contact is called only by the
 * key. */
struct wb_reader {
    const char *label; /* or the key */
    bool own;          /* a verified contact of our own organisation */
};

/* Starts as {0}; nobody in it is whoever has a passphrase. The gate is asked twice
 * about each: by all that they have, or had, on a card, so that no other card closes
 * less; and by what we know to be theirs, so that one that nobody has compared opens
 * nothing. */
struct wb_audience {
    struct wb_arena arena;
    struct wb_reader readers[WB_RECIPIENTS_MAX];
    struct wb_gate_recipient asked[2 * WB_RECIPIENTS_MAX];
    size_t count;
};

WB_CHECKED enum wb_status wb_audience_find(struct wb_audience *a, struct wb_vault *v,
    const struct wb_address *to, struct wb_error *e);
void wb_audience_wipe(struct wb_audience *a);

#endif
