/* vault/bundle/evidence.c - files and the evidence records that name them, matched. */
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "reader.h"
#include "rules.h"

/* Says which file: the beginning of its hash is enough to find it. */
static enum wb_status
refuse(struct wb_error *e, const uint8_t *sha256, enum wb_rule rule)
{
    char hex[2 * 8 + 1];

    wb_hex_encode(hex, sha256, 8);
    return wb_within(e, wb_rule_refuse(e, rule), "file %s...", hex);
}

static enum wb_status
match(struct wb_bundle_report *report, const struct wb_named_file *name,
    struct wb_error *e)
{
    struct wb_report_file *file = wb_report_file_find(report, name->sha256);

    if (file == NULL)
        return refuse(e, name->sha256, WB_RULE_FILE_MISSING);
    if (file->size != name->size)
        return refuse(e, name->sha256, WB_RULE_FILE_SIZE);
    file->claimed = true;
    file->wanted = file->wanted || name->is_new;
    return WB_OK;
}

enum wb_status
wb_evidence_match(
    struct wb_bundle_report *report, const struct wb_buf *names, struct wb_error *e)
{
    const struct wb_named_file *name = (const void *)names->data;
    size_t count = names->size / sizeof *name;
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < count && st == WB_OK; i++)
        st = match(report, &name[i], e);
    for (size_t i = 0; i < wb_report_file_count(report) && st == WB_OK; i++)
        if (!wb_report_file_at(report, i)->claimed)
            st =
                refuse(e, wb_report_file_at(report, i)->sha256, WB_RULE_FILE_UNCLAIMED);
    return st;
}
