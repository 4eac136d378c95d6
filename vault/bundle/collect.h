/* vault/bundle/collect.h - one run of collect. */
#ifndef WB_BUNDLE_COLLECT_H
#define WB_BUNDLE_COLLECT_H

#include <witnessbox/collect.h>

#include "../custody/tombs.h"
#include "../custody/tree.h"

struct wb_collecting {
    struct wb_vault *v, *field;
    struct wb_change *c;
    const struct wb_collect *how;
    struct wb_tree tree;                /* of the field vault: its only one */
    char key[WB_NOTE_KEY_TEXT_MAX + 1]; /* verifier key of its log */
    bool is_contact, is_head_kept;
    struct wb_tombs tombs;
    struct wb_prover *prover; /* of what the field vault's log says */
    struct wb_collected done;
};

/* ---- collect_check.c ---- */

/* The field vault holds only what a field vault can: its owner need not trust who made
 * it. INTEGRITY. */
WB_CHECKED enum wb_status wb_collect_check(struct wb_collecting *s, struct wb_error *e);

/* A record of it: new, its own, of a kind that is added by hand. INTEGRITY. */
WB_CHECKED enum wb_status wb_collect_check_record(
    const struct wb_collecting *s, const struct wb_record *r, struct wb_error *e);

/* Its log goes on from every head of it that is kept here. INTEGRITY with both heads;
 * sets is_head_kept. */
WB_CHECKED enum wb_status wb_collect_check_heads(
    struct wb_collecting *s, struct wb_error *e);

/* Whose log it is: sets is_contact, label and verified. INTEGRITY where the name of its
 * log is another one's. */
WB_CHECKED enum wb_status wb_collect_check_contact(
    struct wb_collecting *s, struct wb_error *e);

/* ---- collect_record.c ---- */

/* One row of the field vault, inside the change. */
WB_CHECKED enum wb_status wb_collect_take(
    struct wb_collecting *s, uint64_t row, struct wb_error *e);

#endif
