/* vault/bundle/witness.h - what asking, cosigning and taking in heads have in common.
 */
#ifndef WB_BUNDLE_WITNESS_H
#define WB_BUNDLE_WITNESS_H

#include <witnessbox/bundle.h>

#include "../custody/heads.h"

/* A key on a contact's card: filled by wb_witness_key from the wanted parts. A cosigner
 * key of that name counts too where they had it before their present card: it proves
 * what it signed then. Of a log only the present one is cosigned or taken in. */
struct wb_witness_key {
    const char *field; /* "log" or "cosigner" */
    const char *label; /* wanted, or NULL */
    const char *name;  /* of the key, wanted, or NULL */
    bool found;
    struct wb_note_key key;
    struct wb_id id;       /* of the contact */
    char found_label[129]; /* cut where it is longer */
};

/* NOT_FOUND without such a contact, USAGE where it has no such key, being a field
 * vault's log, POLICY when no contact has such a key. */
WB_CHECKED enum wb_status wb_witness_key(
    struct wb_vault *v, struct wb_witness_key *k, struct wb_error *e);

/* Calls `each` for every cosigner key that a contact has and had, the newest first,
 * until it answers false. */
WB_CHECKED enum wb_status wb_witness_cosigners(struct wb_vault *v,
    const struct wb_id *contact,
    bool (*each)(void *cookie, const struct wb_note_key *key), void *cookie,
    struct wb_error *e);

/* The newest head of somebody's log that is kept here, of one kind or the other. */
struct wb_witness_head {
    const char *origin;
    bool found;
    struct wb_merkle_head head;
};
WB_CHECKED enum wb_status wb_witness_newest(struct wb_vault *v,
    struct wb_witness_head *r, enum wb_head_kind kind, struct wb_error *e);

/* INTEGRITY where a head of the same log and size but of another root is kept. */
WB_CHECKED enum wb_status wb_witness_check_same_size(
    struct wb_vault *v, const struct wb_checkpoint *given, struct wb_error *e);

/* INTEGRITY with both heads in words. */
enum wb_status wb_witness_fail(const struct wb_witness_head *ours,
    const struct wb_merkle_head *given, const char *what, struct wb_error *e);

/* Keeps a head in a transaction of its own; with an entry where it was cosigned. */
WB_CHECKED enum wb_status wb_witness_keep(struct wb_vault *v, enum wb_head_kind kind,
    const char *note, size_t size, const struct wb_detail *cosigned,
    struct wb_error *e);

void wb_witness_describe(struct wb_head_note *note, const struct wb_checkpoint *c,
    const char *label, bool ours);

/* The buffer's text, handed over. */
WB_CHECKED enum wb_status wb_witness_take(
    char **text, struct wb_buf *b, struct wb_error *e);

#endif
