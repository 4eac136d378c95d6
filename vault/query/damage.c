/* vault/query/damage.c - naming what does not open. */
#include <inttypes.h>
#include <stdio.h>
#include <witnessbox/query.h>

#include "../base/fail.h"
#include "../custody/open.h"

enum { WHERE_BYTES = WB_ID_TEXT_BYTES + 32 };

static void
put_where(char out[static WHERE_BYTES], uint64_t row, const struct wb_opened *o)
{
    char id[WB_ID_TEXT_BYTES];

    if (!o->has_wrap) {
        (void)snprintf(out, WHERE_BYTES, "row %" PRIu64, row);
        return;
    }
    wb_id_text(id, &o->wrap.id);
    (void)snprintf(out, WHERE_BYTES, "%s, row %" PRIu64, id, row);
}

enum wb_status
wb_damaged_each(struct wb_vault *v,
    void (*each)(void *cookie, const char *where, const char *what), void *cookie,
    struct wb_error *e)
{
    uint64_t row = 0;
    enum wb_status st = wb_store_need_unlocked(v, e);

    while (st == WB_OK && (st = wb_rows_next(v, &row, e)) == WB_OK) {
        struct wb_record *r = NULL;
        struct wb_opened o = {0};
        struct wb_error why = {0};
        char where[WHERE_BYTES];

        st = wb_open_staged(v, &r, row, &o, &why);
        wb_record_free(&r);
        if (wb_is_damage(st)) {
            put_where(where, row, &o);
            each(cookie, where, why.message);
            st = WB_OK;
        } else if (st != WB_OK && e != NULL)
            *e = why;
    }
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}
