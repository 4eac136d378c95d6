/* vault/custody/heads.h - heads kept beside the log: noted, cosigned, of others
 * (FORMAT.md 10). */
#ifndef WB_CUSTODY_HEADS_H
#define WB_CUSTODY_HEADS_H

#include "../base/wire.h"
#include "tree.h"

enum wb_head_kind {
    WB_HEAD_FOREIGN = 1,     /* of somebody else's log */
    WB_HEAD_OURS = 2,        /* of ours, that somebody outside has seen or cosigned */
    WB_HEAD_CLOSED_TREE = 3, /* tree.h */
    WB_HEAD_COSIGNED = 4,    /* of somebody else's log, cosigned by us */
};

enum { WB_HEAD_BYTES_MAX = WB_NOTE_BYTES_MAX + 256 };

/* Starts reading a row if it is number `row` and of this kind; the cursor stands behind
 * both. */
bool wb_head_begin(struct wb_cursor *c, const struct wb_buf *plain, uint64_t row,
    enum wb_head_kind kind);

/* Keeps a note (checkpoint with signature lines) unless it is there to the byte. In a
 * transaction. */
WB_CHECKED enum wb_status wb_head_keep(struct wb_vault *v, enum wb_head_kind kind,
    const char *note, size_t size, struct wb_error *e);

/* Calls `each` with every kept note of this kind and its checkpoint, oldest first,
 * until one answers other than WB_OK. */
WB_CHECKED enum wb_status wb_head_each(struct wb_vault *v, enum wb_head_kind kind,
    enum wb_status (*each)(void *cookie, const struct wb_checkpoint *c,
        const char *note, size_t size, struct wb_error *e),
    void *cookie, struct wb_error *e);

/* Holds a head that our log key has signed against the tree of its origin: as
 * wb_head_check (custody.h). A log of ours that is not here was begun by another copy:
 * rolled back. `standing` may be NULL. */
WB_CHECKED enum wb_status wb_head_compare(struct wb_vault *v,
    const struct wb_checkpoint *c, enum wb_standing *standing, struct wb_error *e);

/* head.c: closes the log and begins a new one, whose first entry is `action` (restart
 * or restore) with the last head, `reason` and `about` (may be NULL) in its detail; our
 * identity record follows, with the secrets of `other` unless NULL. A transaction of
 * its own. */
WB_CHECKED enum wb_status wb_head_begin_again(struct wb_vault *v, enum wb_action action,
    const char *reason, const char *about, struct wb_identity_keys *other,
    struct wb_error *e);

/* What twelve words stand for: 128 bits of SHA-256("witnessbox/v1 head" ||
 * short(origin) || u64 size || root), then 4 bits of the SHA-256 of those 16 bytes; the
 * last 4 bits are zero. */
enum { WB_HEAD_WORDS = 12, WB_HEAD_DIGEST_BYTES = 17 };
void wb_head_digest(
    uint8_t out[static WB_HEAD_DIGEST_BYTES], const struct wb_checkpoint *c);
/* Twelve words of any SHA-256: its first 128 bits and the check bits. */
void wb_head_digest_of(
    uint8_t out[static WB_HEAD_DIGEST_BYTES], const uint8_t hash[static WB_HASH_BYTES]);
/* Whether the check bits are those of the 128 before them: words that were heard
 * right. */
bool wb_head_digest_fits(const uint8_t digest[static WB_HEAD_DIGEST_BYTES]);

#endif
