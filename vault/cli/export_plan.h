/* vault/cli/export_plan.h - what an export would take along, told line by line. */
#ifndef WB_CLI_EXPORT_PLAN_H
#define WB_CLI_EXPORT_PLAN_H

#include "cli.h"

/* Told of the lines of one export: all of them for --plan, else what is in the way. */
struct cli_export_plan {
    struct cli *c;
    bool whole;  /* --plan */
    bool naming; /* the records are told, names follow */
    uint64_t counts[WB_PLAN_NAME + 1];
};

/* `request` tells its lines to `p` from now on. */
void cli_export_plan_begin(
    struct cli_export_plan *p, struct cli *c, struct wb_export_request *request);

/* The sums, after wb_export has answered for a plan. */
void cli_export_plan_end(
    struct cli_export_plan *p, const char *to, const struct wb_exported *done);

/* ID=REASON, each; the list is kept until the process ends. WB_ERR_USAGE names the
 * option that is not so. */
WB_CHECKED enum wb_status cli_exceptions(struct cli *c,
    const struct wb_exception **exceptions, const struct cli_list *list,
    const char *option, struct wb_error *e);

#endif
