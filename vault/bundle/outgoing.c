/* vault/bundle/outgoing.c - a record and its file as they leave. */
#include <string.h>

#include "../base/fail.h"
#include "claim.h"
#include "plan.h"

/* The record as it leaves. */
static enum wb_status
open_redacted(struct wb_vault *v, struct wb_record **r, const struct wb_plan *p,
    uint64_t row, bool named, struct wb_error *e)
{
    enum wb_status st = wb_custody_open_row(v, r, row, e);

    if (st != WB_OK || !named || p->redaction.count == 0)
        return st;
    if ((st = wb_redact(*r, &p->redaction, p->used, e)) != WB_OK)
        wb_record_free(r);
    return st;
}

enum wb_status
wb_outgoing_json(struct wb_buf *out, struct wb_vault *v, const struct wb_plan *p,
    const struct wb_plan_record *record, struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st;

    if ((st = open_redacted(v, &r, p, record->row, record->named, e)) != WB_OK)
        return st;
    if ((st = wb_prove_onto(v, r, e)) == WB_OK) { /* after what it came with */
        wb_record_json_write(out, r, 1);          /* only newest revisions are chosen */
        st = wb_buf_check(out, e);
    }
    wb_record_free(&r);
    return st;
}

enum wb_status
wb_outgoing_find(struct wb_outgoing_file *f, struct wb_vault *v,
    const struct wb_plan *p, uint64_t row, bool named, struct wb_error *e)
{
    struct wb_record *r = NULL;
    char id[WB_ID_TEXT_BYTES];
    struct wb_claim claim;
    enum wb_status st;

    *f = (struct wb_outgoing_file){0};
    if ((st = open_redacted(v, &r, p, row, named, e)) != WB_OK ||
        (st = wb_claim_read(&claim, r, e)) != WB_OK || !claim.has)
        goto out; /* also an object, or a file that was withheld from us */
    wb_id_text(id, &r->id);
    memcpy(f->sha256, claim.sha256, sizeof f->sha256);
    if (r->private_size == 0)
        st = wb_fail(e, WB_ERR_INTEGRITY, "its file is not here");
    else if ((st = wb_attachment_new(&f->attachment, e)) == WB_OK)
        st = wb_attachment_decode(&f->attachment, r->private_part, r->private_size, e);
    f->has = st == WB_OK;
    if (f->has && f->attachment.size != claim.size)
        st = wb_fail(e, WB_ERR_INTEGRITY, "its file has another size");
    st = wb_within(e, st, "evidence %s", id);
out:
    wb_record_free(&r);
    return st;
}
