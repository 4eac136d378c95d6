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

/* Holds a head that is said to be of ours against the tree of its origin. INTEGRITY
 * names "rolled back" when it is later than the tree and "fork" when it is another
 * history, both heads in the words; NOT_FOUND when no tree of ours has this origin. */
WB_CHECKED enum wb_status wb_head_compare(
    struct wb_vault *v, const struct wb_checkpoint *c, struct wb_error *e);

/* The twelve words of a head: 128 bits of SHA-256("witnessbox/v1 head" || short(origin)
 * || u64 size || root), then 4 bits of the SHA-256 of those 16 bytes. */
void wb_head_spell(struct wb_buf *out, const struct wb_checkpoint *c);

#endif
