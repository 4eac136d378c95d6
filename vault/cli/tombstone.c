/* vault/cli/tombstone.c - one record by what a person types; what is told of one that
 * was shredded. */
#include <stdio.h>
#include <string.h>

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

enum wb_status
cli_find_revision(struct cli *c, struct wb_id *id, const char **root, const char *word,
    struct wb_error *e)
{
    const char *at = strchr(word, '@');
    size_t size = at != NULL ? (size_t)(at - word) : strlen(word);
    char text[WB_ID_TEXT_BYTES];

    if (size >= sizeof text)
        return cli_fail(e, WB_ERR_USAGE, "%s: too long for an id", word);
    (void)snprintf(text, sizeof text, "%.*s", (int)size, word);
    *root = at != NULL ? at + 1 : NULL;
    return cli_tombstone_or(c, text, wb_find(c->vault, id, text, e), e);
}
