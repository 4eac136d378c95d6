/* vault/cli/same_bytes.c - whether a file is here already, as evidence. */
#include "cli.h"

struct seeking {
    const struct wb_id *own;
    char *same;
    bool found;
};

/* Newest first: the last one that is seen is the oldest. */
static bool
see(void *cookie, const struct wb_record *r)
{
    struct seeking *s = cookie;

    if (wb_id_equal(wb_record_id(r), s->own))
        return true;
    s->found = true;
    wb_id_text(s->same, wb_record_id(r));
    return true;
}

bool
cli_same_bytes(struct cli *c, char same[static WB_ID_TEXT_BYTES], const char *sha256,
    const struct wb_id *own)
{
    const struct wb_list_filter filter = {.kind = "evidence", .sha256 = sha256};
    struct seeking s = {.own = own, .same = same};
    uint64_t damaged;

    return wb_list(c->vault, &filter, see, &s, &damaged, NULL) == WB_OK && s.found;
}
