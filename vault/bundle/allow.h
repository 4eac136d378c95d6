/* vault/bundle/allow.h - the consent gate over a plan. */
#ifndef WB_BUNDLE_ALLOW_H
#define WB_BUNDLE_ALLOW_H

#include "audience.h"
#include "plan.h"

/* Asks the gate for every record of the plan, tells the request's listener, and takes
 * out what stays. `p->gate` is open afterwards, on errors too.
 *   POLICY     a record is refused that is not left out; purpose internal to somebody
 *              who is not of our organisation
 *   USAGE      no such level; nothing is left
 *   INTEGRITY  a record does not open */
WB_CHECKED enum wb_status wb_allow_plan(struct wb_plan *p, struct wb_vault *v,
    const struct wb_audience *to, struct wb_error *e);

#endif
