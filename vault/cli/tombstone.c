/* vault/cli/tombstone.c - what is told of a record that was shredded. */
#include "cli.h"

enum wb_status
cli_tombstone_or(struct cli *c, const char *word, enum wb_status st, struct wb_error *e)
{
    struct wb_tombstone t = {0};
    char id[WB_ID_TEXT_BYTES];

    if (st != WB_ERR_NOT_FOUND || wb_tombstone_find(c->vault, &t, word, NULL) != WB_OK)
        return st;
    wb_id_text(id, &t.id);
    st = cli_fail(e, WB_ERR_NOT_FOUND, "%s: shredded on %s: %s", id, t.time, t.reason);
    wb_tombstone_free(&t);
    return st;
}
