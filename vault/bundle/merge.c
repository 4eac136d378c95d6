/* vault/bundle/merge.c - the same revision from two bundles: what each withheld of it.
 */
#include "merge.h"

#include <string.h>

#include "../base/fail.h"
#include "claim.h"

bool
wb_gain_any(const struct wb_gain *g)
{
    return g->opened || g->proved || g->known || g->filed;
}

static enum wb_status
refuse(const struct wb_place *p, struct wb_error *e)
{
    return wb_fail(
        e, WB_ERR_INTEGRITY, "%s: what was withheld opens to something else", p->name);
}

/* Values of a list that both have open: one may know what the other withheld. */
static enum wb_status
merge_values(struct wb_gain *g, struct wb_place *here, const struct wb_place *more,
    struct wb_error *e)
{
    if (here->form != more->form || here->count != more->count)
        return refuse(here, e);
    for (size_t i = 0; i < here->count; i++) {
        if (memcmp(here->values[i].hash, more->values[i].hash, WB_ROOT_BYTES) != 0)
            return refuse(here, e);
        if (here->values[i].state != WB_STATE_WITHHELD ||
            more->values[i].state == WB_STATE_WITHHELD)
            continue;
        here->values[i] = more->values[i];
        g->opened = true;
    }
    return WB_OK;
}

static enum wb_status
merge_place(struct wb_gain *g, struct wb_place *here, const struct wb_place *more,
    struct wb_error *e)
{
    const char *name = here->name;

    if (here->field != more->field ||
        memcmp(here->hash, more->hash, WB_ROOT_BYTES) != 0)
        return refuse(here, e);
    if (more->form == WB_FORM_CLOSED)
        return WB_OK;
    if (here->form != WB_FORM_CLOSED)
        return merge_values(g, here, more, e);
    *here = *more;
    here->name = name;
    g->opened = true;
    return WB_OK;
}

/* Whether the other bundle has the bytes of an attachment that is not here. */
static enum wb_status
look_for_file(struct wb_gain *g, const struct wb_record *here,
    const struct wb_record *more, struct wb_error *e)
{
    struct wb_claim claim;
    enum wb_status st = wb_claim_read(&claim, more, e);

    g->filed = claim.has && here->private_size == 0;
    return st;
}

enum wb_status
wb_merge(struct wb_gain *g, struct wb_record *here, const struct wb_record *more,
    uint8_t trust, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    *g = (struct wb_gain){0};
    if (!here->foreign)
        return WB_OK;
    if (here->place_count != more->place_count)
        return refuse(here->places, e);
    for (size_t i = 0; st == WB_OK && i < here->place_count; i++)
        st = merge_place(g, &here->places[i], &more->places[i], e);
    if (st != WB_OK)
        return st;
    g->proved = here->proof_count == 0 && more->proof_count > 0;
    if (g->proved) {
        here->proofs = more->proofs;
        here->proof_count = more->proof_count;
    }
    g->known = trust < here->provenance.trust;
    return look_for_file(g, here, more, e);
}
