/* vault/bundle/audience.h - who will read a bundle, as consents may call them. */
#ifndef WB_BUNDLE_AUDIENCE_H
#define WB_BUNDLE_AUDIENCE_H

#include "../base/arena.h"
#include "../query/gate.h"
#include "address.h"

/* Starts as {0}. A recipient who is no contact is called only by the key, and whoever
 * has a passphrase not at all. */
struct wb_audience {
    struct wb_arena arena;
    struct wb_gate_recipient list[WB_RECIPIENTS_MAX];
    bool own[WB_RECIPIENTS_MAX]; /* a verified contact of our own organisation */
    size_t count;
};

WB_CHECKED enum wb_status wb_audience_find(struct wb_audience *a, struct wb_vault *v,
    const struct wb_address *to, struct wb_error *e);
void wb_audience_wipe(struct wb_audience *a);

#endif
