/* vault/custody/change.h - the inside of a change: storing records, writing log
 * entries. */
#ifndef WB_CUSTODY_CHANGE_H
#define WB_CUSTODY_CHANGE_H

#include <witnessbox/custody.h>

#include "../formats/checkpoint.h"
#include "../record/record.h"
#include "../store/store.h"

/* Action numbers of the log, vault/store/FORMAT.md section 9. */
enum wb_action {
    WB_ACTION_ADD = 1,
    WB_ACTION_AMEND,
    WB_ACTION_ADOPT,
    WB_ACTION_COMPLETE,
    WB_ACTION_IMPORT,
    WB_ACTION_COLLECT,
    WB_ACTION_SHRED,
    WB_ACTION_CREATE,
    WB_ACTION_EXPORT,
    WB_ACTION_DUMP,
    WB_ACTION_REPORT,
    WB_ACTION_EXTRACT,
    WB_ACTION_COSIGN,
    WB_ACTION_KEYS,
    WB_ACTION_REKEY,
    WB_ACTION_WITHDRAW,
    WB_ACTION_CONTACT,
    WB_ACTION_IDENTITY,
    WB_ACTION_BACKUP,
    WB_ACTION_RESTORE,
    WB_ACTION_RESTART,
    WB_ACTION_END
};
const char *wb_action_name(unsigned action); /* NULL outside the list */

struct wb_vault *wb_change_vault(struct wb_change *c);

/* Detail lines of one entry, in the order of FORMAT.md section 9; control characters in
 * a value become spaces. The struct starts as {0}; NULL members are left out. */
struct wb_detail {
    const char *reason;
    const char *counterpart;
    const char *purpose;
    const char *bundle;
    const char *sha256;
    const char *about;
    const char *head;                      /* of a log: origin, size, root */
    const uint8_t (*roots)[WB_ROOT_BYTES]; /* sorted by the callee */
    size_t root_count;
};

/* Stores a complete record (root computed) as a new row with its log entry. Sets row,
 * ordinal, tree and leaf in the record. Used for every action with a root but complete,
 * adopt and shred. */
WB_CHECKED enum wb_status wb_change_store(struct wb_change *c, enum wb_action action,
    struct wb_record *r, const struct wb_detail *detail, struct wb_error *e);

/* As wb_change_store, in the place of the same revision in row `before` (same id and
 * root): adopted, completed or collected. The old key is destroyed, and so is the old
 * attachment where `r` has another. */
WB_CHECKED enum wb_status wb_change_replace(struct wb_change *c, enum wb_action action,
    struct wb_record *r, uint64_t before, const struct wb_detail *detail,
    struct wb_error *e);

/* An entry that names no single revision. */
WB_CHECKED enum wb_status wb_change_entry(struct wb_change *c, enum wb_action action,
    const struct wb_detail *detail, struct wb_error *e);

/* An entry on a revision that is stored, or was (shred): its id, root and row. */
WB_CHECKED enum wb_status wb_change_entry_on(struct wb_change *c, enum wb_action action,
    const struct wb_wrap *w, const struct wb_detail *detail, struct wb_error *e);

/* Opens what lies in a row and checks it against wrap, root, lookup and log entry. */
WB_CHECKED enum wb_status wb_custody_open_row(
    struct wb_vault *v, struct wb_record **r, uint64_t row, struct wb_error *e);

/* Revision number `ordinal` of a record, opened as by wb_custody_open_row. The row that
 * a lookup names lies open, so it is held against what is in it. NOT_FOUND: there are
 * no more; INTEGRITY also where its row is missing. */
WB_CHECKED enum wb_status wb_custody_open_revision(struct wb_vault *v,
    struct wb_record **r, const struct wb_id *id, uint32_t ordinal, struct wb_error *e);

/* The same of its wrap alone. */
WB_CHECKED enum wb_status wb_custody_find_wrap(struct wb_vault *v, struct wb_wrap *w,
    const struct wb_id *id, uint32_t ordinal, struct wb_error *e);

/* True when a revision with this id and root is stored here; *row is set if not NULL.
 */
WB_CHECKED enum wb_status wb_custody_has(struct wb_vault *v, bool *has, uint64_t *row,
    const struct wb_id *id, const uint8_t root[static WB_ROOT_BYTES],
    struct wb_error *e);

/* ---- fork.c ---- */

/* The revisions of a record that no stored one follows; more than one is a fork. */
struct wb_fork {
    struct wb_buf heads; /* roots, WB_ROOT_BYTES each, in the order of storing */
    uint32_t highest;    /* revision number among all that are stored */
    uint64_t damaged;    /* do not open: they may be heads, or follow one */
};
/* Wiped by the caller, on errors too. NOT_FOUND without any revision. */
WB_CHECKED enum wb_status wb_fork_heads(struct wb_vault *v, struct wb_fork *fork,
    const struct wb_id *id, struct wb_error *e);
bool wb_fork_is_head(
    const struct wb_fork *fork, const uint8_t root[static WB_ROOT_BYTES]);
/* Makes the next revision follow all heads; the lineage borrows them from the fork.
 * USAGE where there is only one, INTEGRITY where one may not have opened. */
WB_CHECKED enum wb_status wb_fork_join(
    struct wb_vault *v, struct wb_lineage *l, struct wb_fork *fork, struct wb_error *e);
void wb_fork_wipe(struct wb_fork *fork);

/* ---- identity.c: our secrets ---- */

/* Everything an identity is, secrets included; wiped with wb_identity_wipe. */
struct wb_identity_keys {
    char name[129];
    uint8_t key_id[8];          /* minisign */
    struct wb_secret *sign;     /* Ed25519 seed, bundles and cards */
    struct wb_secret *log;      /* Ed25519 seed, checkpoints */
    struct wb_secret *cosigner; /* Ed25519 seed, cosignatures */
    struct wb_secret *age;      /* X25519 */
    struct wb_secret *collect;  /* X25519 */
    bool linked; /* the keys before these vouch for them: `identity rotate` */
    uint8_t sign_public[32];
    uint8_t age_point[32];
};
WB_CHECKED enum wb_status wb_identity_open(
    struct wb_vault *v, struct wb_identity_keys *k, struct wb_error *e);
/* As it was `n` revisions before the newest, which is 0: what was sent to an older card
 * still opens. NOT_FOUND past the oldest. (rotate.c, as the next) */
WB_CHECKED enum wb_status wb_identity_older(
    struct wb_vault *v, struct wb_identity_keys *k, uint32_t n, struct wb_error *e);
/* Opens a head that a log key of ours signed, today's or an older one; *key (may be
 * NULL) is that key. NOT_FOUND where none did. */
WB_CHECKED enum wb_status wb_identity_signed(struct wb_vault *v,
    struct wb_checkpoint *c, struct wb_note_key *key, const struct wb_note *note,
    struct wb_error *e);
void wb_identity_wipe(struct wb_identity_keys *k);

/* ---- prove.c ---- */

/* Makes proofs of the records of a vault; for many of them one is enough. Borrows the
 * vault; freed with wb_prover_free, NULL is fine. */
struct wb_prover;
WB_CHECKED enum wb_status wb_prover_new(
    struct wb_prover **p, struct wb_vault *v, struct wb_error *e);
void wb_prover_free(struct wb_prover **p);

/* The tlog-proof text of a stored record of a tree of ours against the current head,
 * leaf in `extra`, and what opens the leaf's time, put behind the proofs that the
 * record has, in its memory only. */
WB_CHECKED enum wb_status wb_prove_onto(
    struct wb_prover *p, struct wb_record *r, struct wb_error *e);

/* Checks a proof that came with a record: form, leaf = record's root, action add or
 * amend where `author`, the opened time, inclusion, and that the checkpoint is signed
 * by the verifier key `vkey` where that is not NULL. `checkpoint` (may be NULL)
 * receives what it was proved against. WB_ERR_INTEGRITY says what does not hold. */
WB_CHECKED enum wb_status wb_custody_check_proof(const struct wb_record_proof *p,
    const uint8_t root[static WB_ROOT_BYTES], bool author, const char *vkey,
    struct wb_checkpoint *checkpoint, struct wb_error *e);

/* ---- verify.c ---- */

/* The log alone: rows, leaves, tree, checkpoint, state. First problem as
 * WB_ERR_INTEGRITY; WB_ERR_LOCKED. */
WB_CHECKED enum wb_status wb_verify_log(struct wb_vault *v, struct wb_error *e);

#endif
