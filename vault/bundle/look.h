/* vault/bundle/look.h - the names of people in the texts of a plan. */
#ifndef WB_BUNDLE_LOOK_H
#define WB_BUNDLE_LOOK_H

#include "plan.h"

/* Looks through every text that would go, what is redacted and withheld left out, for
 * the names of those whose name stays here, and tells the request's listener of each.
 * After wb_allow_plan.
 *   POLICY  a name that the request does not keep, unless it only plans */
WB_CHECKED enum wb_status wb_look_plan(
    struct wb_plan *p, struct wb_vault *v, struct wb_error *e);

#endif
