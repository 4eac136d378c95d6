/* vault/cli/damage.c - one unreadable record never blocks the others: it is named. */
#include <inttypes.h>

#include "cli.h"

static void
name_one(void *cookie, const char *where, const char *what)
{
    uint64_t *count = cookie;

    ++*count;
    cli_warn("%s does not open: %s", where, what);
}

enum wb_status
cli_damaged(struct cli *c, struct wb_error *e)
{
    uint64_t count = 0;
    enum wb_status st = wb_damaged_each(c->vault, name_one, &count, e);

    if (st != WB_OK)
        return st;
    return cli_fail(e, WB_ERR_INTEGRITY,
        "damaged: %" PRIu64 " stored revision%s left out; `%sverify` says more", count,
        cli_s(count), cli_program());
}
