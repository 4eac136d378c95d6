/* vault/custody/adopt.c - somebody else's revision becomes ours by our own word. */
#include <string.h>

#include "../base/fail.h"
#include "change.h"

enum wb_status
wb_adopt(struct wb_vault *v, const struct wb_id *id, const char *root,
    struct wb_saved *saved, struct wb_error *e)
{
    struct wb_change *c = NULL;
    struct wb_record *r = NULL;
    enum wb_status st = wb_record_load_root(v, &r, id, root, e);

    if (st == WB_OK && wb_record_is_ours(r))
        st = wb_fail(e, WB_ERR_USAGE, "this revision is ours already");
    if (st != WB_OK || (st = wb_change_begin(&c, v, e)) != WB_OK)
        goto out;
    r->adopted = true;
    if ((st = wb_change_replace(c, WB_ACTION_ADOPT, r, r->row, NULL, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    if (st != WB_OK)
        goto out;
    saved->id = r->id;
    saved->revision = r->revision;
    memcpy(saved->root, r->root, WB_ROOT_BYTES);
out:
    wb_change_rollback(&c);
    wb_record_free(&r);
    return st;
}
