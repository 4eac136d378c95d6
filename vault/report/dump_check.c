/* vault/report/dump_check.c - what can be asked of a dump. */
#include "../base/fail.h"
#include "../bundle/info.h"
#include "dump.h"

enum wb_status
wb_dump_check(const struct wb_dump_request *q, struct wb_error *e)
{
    const struct wb_kind *kind = q->kind != NULL ? wb_kind_find(q->kind) : NULL;

    if (wb_info_word("purpose", q->purpose) == NULL)
        return wb_fail(
            e, WB_ERR_USAGE, "purpose: not one of the list, see `kinds consent`");
    if (q->format == WB_DUMP_JSONL && q->kind != NULL)
        return wb_fail(
            e, WB_ERR_USAGE, "kind: for CSV only, lines of JSON hold all kinds");
    if (q->format == WB_DUMP_CSV && q->kind == NULL)
        return wb_fail(
            e, WB_ERR_USAGE, "kind: a CSV file holds one, `kinds` lists them");
    if (q->kind != NULL && (kind == NULL || (kind->flags & WB_BY_HAND) == 0))
        return wb_fail(e, WB_ERR_USAGE,
            "kind: none of that name can be dumped, `kinds` lists them");
    return WB_OK;
}
