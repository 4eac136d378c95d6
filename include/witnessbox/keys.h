/* include/witnessbox/keys.h - passphrases, rekey, recovery shares, backup, restore. */
#ifndef WITNESSBOX_KEYS_H
#define WITNESSBOX_KEYS_H

#include "custody.h"
#include "progress.h"
#include "vault.h"

/* Every function that changes the vault is one transaction with an entry in the log:
 * all or nothing, whenever it is killed. An image that somebody took before opens with
 * what opened it then, for ever. What was opened by an old passphrase and an old image
 * also opens the records of today as far as their keys are those of then: until a
 * rekey. */

/* ---- slots ---- */

enum { WB_SLOT_COUNT = 8, WB_SLOT_LABEL_BYTES = 65 };

struct wb_slot_view {
    unsigned number;  /* 0 to 7 */
    const char *kind; /* "passphrase", "recovery", "owner" */
    char label[WB_SLOT_LABEL_BYTES];
    bool opened; /* the one that this session was opened with */
};

/* The slots in use, by number; *count of them. WB_ERR_LOCKED. */
WB_API WB_CHECKED enum wb_status wb_slots(struct wb_vault *v,
    struct wb_slot_view slots[static WB_SLOT_COUNT], size_t *count, struct wb_error *e);

/* The number of the slot in use that has this label, or this number ("3").
 * WB_ERR_NOT_FOUND. */
WB_API WB_CHECKED enum wb_status wb_slot_find(
    struct wb_vault *v, unsigned *number, const char *name, struct wb_error *e);

/* ---- passphrases ---- */

enum wb_key_file_use {
    WB_KEY_FILE_AS_OPENED, /* the key file that this vault was opened with, or none */
    WB_KEY_FILE_GIVEN,     /* that of `key_file` */
    WB_KEY_FILE_NONE,
};

/* A passphrase to be set: 1 to 1,024 bytes, normalized as FORMAT.md section 4 says. The
 * caller wipes its copy. */
struct wb_new_passphrase {
    const char *text;
    size_t size;
    enum wb_key_file_use key_file_use;
    int key_file; /* open descriptor, read to its end */
};

/* The passphrase of the slot that opened this session becomes another one, in a new
 * slot key pair. `kdf` (NULL: as they are) are other parameters, with a new salt: only
 * while no other passphrase slot is in use, else WB_ERR_POLICY naming those to remove
 * first. WB_ERR_VALUE for a passphrase that cannot be one. */
struct wb_kdf_choice {
    uint32_t memory_mib; /* ranges as in struct wb_vault_options; none is 0 */
    uint32_t passes;
    uint32_t lanes;
};
WB_API WB_CHECKED enum wb_status wb_passphrase_change(struct wb_vault *v,
    const struct wb_new_passphrase *passphrase, const struct wb_kdf_choice *kdf,
    struct wb_error *e);

/* One more, in a free slot: *number. `label` is one line of at most 64 bytes that no
 * other slot has and that is no number; NULL: "slot N". WB_ERR_LIMIT when all eight are
 * in use. */
WB_API WB_CHECKED enum wb_status wb_passphrase_add(struct wb_vault *v, unsigned *number,
    const struct wb_new_passphrase *passphrase, const char *label, struct wb_error *e);

/* Takes a slot (of a passphrase, or the recovery slot with all its shares) out of use
 * and rekeys. WB_ERR_POLICY for the last passphrase. The session stays open. */
WB_API WB_CHECKED enum wb_status wb_passphrase_remove(struct wb_vault *v,
    unsigned number, const struct wb_progress *progress, struct wb_error *e);

/* Another root key and another epoch: what was copied of the keys before opens nothing
 * that is added from now on, and with the file as it is now not even what was there.
 * Costs time by the number of revisions, not by their size. */
WB_API WB_CHECKED enum wb_status wb_rekey(
    struct wb_vault *v, const struct wb_progress *progress, struct wb_error *e);

/* `words` (4 to 24) words drawn by lot from the list of BIP 39, 11 bits each. *text is
 * freed with wb_text_free. Needs no vault. */
WB_API WB_CHECKED enum wb_status wb_passphrase_suggest(
    char **text, unsigned words, struct wb_error *e);

/* About 2^bits guesses for a passphrase that somebody chose; *why (a constant) says
 * what the estimate goes by. It never refuses. */
WB_API unsigned wb_passphrase_guesses(const char *text, size_t size, const char **why);

/* ---- recovery ---- */

enum { WB_SHARES_MIN = 2, WB_SHARES_MAX = 15 };

/* A random key in a slot of its own, in `count` shares of which any `needed` give it
 * back (WB_SHARES_MIN <= needed <= count <= WB_SHARES_MAX; FORMAT.md section 11).
 * `each` gets every share, number 1 first, as one line without its end; the text is
 * wiped when it returns. Nothing is changed before the last: what `each` answers other
 * than WB_OK ends it. All sets of `needed` shares are tried before the first is told.
 * Where there was a recovery slot its shares are void from then on. WB_ERR_LIMIT
 * without a free slot. */
WB_API WB_CHECKED enum wb_status wb_recovery_split(struct wb_vault *v, unsigned needed,
    unsigned count,
    enum wb_status (*each)(
        void *cookie, unsigned number, const char *share, struct wb_error *e),
    void *cookie, struct wb_error *e);

/* Shares being gathered for a vault that is open and locked. */
struct wb_recovery;
WB_API WB_CHECKED enum wb_status wb_recovery_new(
    struct wb_recovery **r, struct wb_vault *v, struct wb_error *e);

/* One share as it was typed, in any order; *missing: how many more are needed.
 * WB_ERR_VALUE says what is wrong with it (mistyped, of another vault, of another
 * split, given already as which) and leaves what was gathered as it was. */
WB_API WB_CHECKED enum wb_status wb_recovery_add(struct wb_recovery *r,
    unsigned *missing, const char *text, size_t size, struct wb_error *e);

/* Unlocks with the shares (WB_ERR_USAGE: not enough yet; WB_ERR_PASSPHRASE: void, or of
 * different splits). */
WB_API WB_CHECKED enum wb_status wb_recovery_unlock(
    struct wb_recovery *r, struct wb_error *e);

/* After that: puts the passphrase into a free slot, takes the recovery slot out of use
 * and rekeys, in one transaction. *number is the slot. `label` as above. */
WB_API WB_CHECKED enum wb_status wb_recovery_restore(struct wb_recovery *r,
    unsigned *number, const struct wb_new_passphrase *passphrase, const char *label,
    const struct wb_progress *progress, struct wb_error *e);

/* Wipes, frees, nulls; NULL is fine. */
WB_API void wb_recovery_free(struct wb_recovery **r);

/* ---- who we are ---- */

enum wb_rotate_flags {
    WB_ROTATE_UNLINKED = 1, /* the card after it is not signed by the keys before */
};

/* Draws all secrets of our identity anew: signing, log, cosigner, age and collect. The
 * log goes on under another name, as after wb_head_restart. What was sent to the keys
 * before, bundles and field vaults, still opens. The card (wb_identity_export) is to be
 * given to everybody again; those who know the old one learn that the new keys are
 * ours, and compare them anew. For when somebody else may have copied the secrets,
 * which a rekey does not change. */
WB_API WB_CHECKED enum wb_status wb_identity_rotate(
    struct wb_vault *v, int flags, struct wb_error *e);

/* ---- copies ---- */

/* Logs it, then writes the whole vault as it is to a new file at `path`, mode 0600:
 * whole or not at all, opened and its header, state and log verified before it gets its
 * name. It opens with all passphrases of this moment. WB_ERR_USAGE where `path` exists.
 */
WB_API WB_CHECKED enum wb_status wb_backup(
    struct wb_vault *v, const char *path, struct wb_error *e);

/* When the last backup was logged (by the device's clock, as in struct wb_log_entry);
 * WB_ERR_NOT_FOUND without one among the last 100,000 entries. */
WB_API WB_CHECKED enum wb_status wb_backup_last(
    struct wb_vault *v, char time[static 21], struct wb_error *e);

struct wb_restore {
    const char *reason; /* for the log; NULL: "restored from a backup" */
    const char *head;   /* a head known to be later, as wb_head_check takes; or NULL */
    size_t head_size;
    const struct wb_verify_watch *watch; /* of the verify; may be NULL */
};
struct wb_restored {
    uint64_t size; /* entries that the backup's log has */
    uint64_t
        lost; /* entries after them that the later head proves to have been there */
    struct wb_verified verified;
};

/* Makes the vault at `path`, which must not exist, from an open and unlocked backup:
 * copied, verified with every chunk (WB_ERR_INTEGRITY, and nothing is made, where that
 * finds problems), and its log begun anew under a new origin. The first entry, action
 * `restore`, commits to the last head of the backup, to the later head where one was
 * given, and to the reason: an honest restart, not a forgery. */
WB_API WB_CHECKED enum wb_status wb_vault_restore(struct wb_vault *backup,
    const char *path, const struct wb_restore *how, struct wb_restored *done,
    struct wb_error *e);

#endif
