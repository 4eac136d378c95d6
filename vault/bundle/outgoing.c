/* vault/bundle/outgoing.c - a record and its file as they leave. */
#include <string.h>

#include "../base/fail.h"
#include "../record/withhold.h"
#include "claim.h"
#include "plan.h"
#include "unlink.h"

/* Where it was written is withheld, and all that would say it. */
static void
drop_proofs(struct wb_record *r)
{
    wb_withhold_place(&r->places[0]);
    wb_withhold_end(r);
    r->proof_count = 0;
}

enum wb_status
wb_outgoing_open(struct wb_record **r, struct wb_vault *v, const struct wb_plan *p,
    const struct wb_plan_from *from, struct wb_error *e)
{
    enum wb_status st = wb_custody_open_row(v, r, from->row, e);

    if (st != WB_OK)
        return st;
    if ((st = wb_redact(*r, &p->redaction, from->named, p->used, e)) != WB_OK) {
        wb_record_free(r);
        return st;
    }
    wb_gate_withhold(&p->gate, *r, from->level);
    if (from->copy != NULL)
        st = wb_unlink_record(*r, &p->copies, from->copy, e);
    else if (p->prover == NULL)
        drop_proofs(*r);
    if (st != WB_OK)
        wb_record_free(r);
    return st;
}

enum wb_status
wb_outgoing_write(struct wb_buf *out, const struct wb_plan *p,
    const struct wb_plan_record *record, struct wb_record *r, struct wb_error *e)
{
    enum wb_status st;

    /* after what it came with; where that is nothing ours would stand in the author's
     * place, and say in whose hands it was */
    if (p->prover != NULL && (!r->foreign || r->proof_count > 0) &&
        (st = wb_prove_onto(p->prover, r, e)) != WB_OK)
        return st;
    /* only newest revisions are chosen; a copy is of no line */
    wb_record_json_write(out, r, record->from.copy == NULL ? 1 : -1);
    return wb_buf_check(out, e);
}

enum wb_status
wb_outgoing_json(struct wb_buf *out, struct wb_vault *v, const struct wb_plan *p,
    const struct wb_plan_record *record, struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st = wb_outgoing_open(&r, v, p, &record->from, e);

    if (st == WB_OK)
        st = wb_outgoing_write(out, p, record, r, e);
    wb_record_free(&r);
    return st;
}

enum wb_status
wb_outgoing_file(
    struct wb_outgoing_file *f, const struct wb_record *r, struct wb_error *e)
{
    char id[WB_ID_TEXT_BYTES];
    struct wb_claim claim;
    enum wb_status st;

    *f = (struct wb_outgoing_file){0};
    if ((st = wb_claim_read(&claim, r, e)) != WB_OK || !claim.has)
        return st; /* also an object, or a file that was withheld from us */
    wb_id_text(id, &r->id);
    memcpy(f->sha256, claim.sha256, sizeof f->sha256);
    if (r->private_size == 0)
        st = wb_fail(e, WB_ERR_INTEGRITY, "its file is not here");
    else if ((st = wb_attachment_new(&f->attachment, e)) == WB_OK)
        st = wb_attachment_decode(&f->attachment, r->private_part, r->private_size, e);
    f->has = st == WB_OK;
    if (f->has && f->attachment.size != claim.size)
        st = wb_fail(e, WB_ERR_INTEGRITY, "its file has another size");
    return wb_within(e, st, "evidence %s", id);
}

enum wb_status
wb_outgoing_find(struct wb_outgoing_file *f, struct wb_vault *v,
    const struct wb_plan *p, const struct wb_plan_from *from, struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st;

    *f = (struct wb_outgoing_file){0};
    if ((st = wb_outgoing_open(&r, v, p, from, e)) == WB_OK)
        st = wb_outgoing_file(f, r, e);
    wb_record_free(&r);
    return st;
}
