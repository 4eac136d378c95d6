/* include/witnessbox/destroy.h - destroying one record, or the vault. */
#ifndef WITNESSBOX_DESTROY_H
#define WITNESSBOX_DESTROY_H

#include <stdbool.h>
#include <stdint.h>

#include "id.h"
#include "vault.h"

/* What both destroy are keys: what they opened is noise from then on, in this file and
 * in what is left of it on the disk. Copies elsewhere (backups, images, bundles) are
 * not touched. Flash memory may keep what was overwritten until it reuses the cells.
 * That something was destroyed can be seen. */

/* ---- the vault ---- */

struct wb_burn {
    uint64_t bytes;         /* of the file */
    uint64_t journal_bytes; /* of a rollback journal beside it */
    bool burnt;             /* its header is gone already */
};

/* What wb_burn would destroy. Needs no passphrase and takes no lock; changes nothing. A
 * damaged vault is fine: either the head of the file or its header page says that it is
 * one, else WB_ERR_FORMAT. WB_ERR_NOT_FOUND, WB_ERR_USAGE (not a regular file). */
WB_API WB_CHECKED enum wb_status wb_burn_look(
    struct wb_burn *b, const char *path, struct wb_error *e);

/* Overwrites the header page in place: no slot is left, so that no passphrase, key file
 * or recovery share opens the file. Before that the head of a journal, so that nothing
 * is played back over it, after that the rest of the journal, which goes away. The
 * file stays. Takes well under a second for any size. Whoever has the vault open
 * can read on until he closes it, but changes nothing any more (WB_ERR_FORMAT). Errors
 * as above, and WB_ERR_IO: then it may have been done in part, and can be done again.
 */
WB_API WB_CHECKED enum wb_status wb_burn(const char *path, struct wb_error *e);

/* ---- a record ---- */

struct wb_shredded {
    uint64_t revisions;
    uint64_t files;
};

/* Destroys all revisions of a record, ours and others', with their keys, and its
 * attachments, in one transaction with one entry per revision: a tombstone of root,
 * time and `reason`, which are all that stays. `reason` is 1 to 1,024 bytes of one line
 * and stays for ever. Other records that refer to it stay. Works where bodies are
 * damaged. WB_ERR_NOT_FOUND; WB_ERR_POLICY for our own identity. */
WB_API WB_CHECKED enum wb_status wb_shred(struct wb_vault *v, const struct wb_id *id,
    const char *reason, struct wb_shredded *done, struct wb_error *e);

/* What is left of a shredded record. Freed with wb_tombstone_free. */
struct wb_tombstone {
    struct wb_id id;
    char time[21]; /* by the device's clock, 2026-11-23T05:40:39Z */
    char *reason;
    uint64_t revisions;
};

/* The newest tombstone whose id begins with `text` (4 characters or more, or all 26):
 * WB_ERR_NOT_FOUND where there is none, or where a revision of that id is stored again;
 * WB_ERR_AMBIGUOUS. */
WB_API WB_CHECKED enum wb_status wb_tombstone_find(
    struct wb_vault *v, struct wb_tombstone *t, const char *text, struct wb_error *e);
WB_API void wb_tombstone_free(struct wb_tombstone *t);

#endif
