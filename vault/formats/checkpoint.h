/* vault/formats/checkpoint.h - the head of a log as text (C2SP tlog-checkpoint). */
#ifndef WB_FORMATS_CHECKPOINT_H
#define WB_FORMATS_CHECKPOINT_H

#include "merkle.h"
#include "note.h"

enum {
    WB_DECIMAL_MAX = 19, /* digits of 2^63 - 1 */
    WB_CHECKPOINT_TEXT_MAX = WB_NOTE_NAME_MAX + WB_DECIMAL_MAX + 47, /* three lines */
};

/* Three lines: origin, size, root in base64. `origin` is 1 to WB_NOTE_NAME_MAX bytes of
 * UTF-8 without control characters; size at most WB_MERKLE_SIZE_MAX, and the root of
 * size 0 is that of the empty tree. */
struct wb_checkpoint {
    char origin[WB_NOTE_NAME_MAX + 1];
    struct wb_merkle_head head;
};

/* Appends the note text. No bytes are added on an error: VALUE for an origin, LIMIT for
 * a size, INTEGRITY for a root that cannot stand there; a full buffer sticks (buf.h).
 */
WB_CHECKED enum wb_status wb_checkpoint_encode(
    struct wb_buf *out, const struct wb_checkpoint *c, struct wb_error *e);

/* Reads exactly what wb_checkpoint_encode writes. Extension lines are refused: the
 * specification advises against them, and what we do not understand we do not keep.
 * Errors  FORMAT | LIMIT an origin or a size above its limit | INTEGRITY size 0 with a
 * root that is not the empty tree's */
WB_CHECKED enum wb_status wb_checkpoint_decode(
    struct wb_checkpoint *c, const char *text, size_t size, struct wb_error *e);

/* The checkpoint in a note, once the note is found to be signed by the key of this log:
 * wb_note_verify, wb_checkpoint_decode, and the origin is the key's name, or INTEGRITY.
 * The one way to a checkpoint that may be believed. */
WB_CHECKED enum wb_status wb_checkpoint_open(struct wb_checkpoint *c,
    const struct wb_note *note, const struct wb_note_key *log, struct wb_error *e);

/* A tree size or a leaf index as these formats write it: decimal digits, no leading
 * zero, at most WB_MERKLE_SIZE_MAX. False, `value` untouched, for anything else. */
WB_CHECKED bool wb_decimal_decode(uint64_t *value, const char *text, size_t size);

#endif
