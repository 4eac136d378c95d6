/* vault/formats/proof.h - proof that a log holds an entry, as text (C2SP tlog-proof).
 */
#ifndef WB_FORMATS_PROOF_H
#define WB_FORMATS_PROOF_H

#include "checkpoint.h"

enum {
    WB_PROOF_EXTRA_MAX = 4096, /* bytes */
    WB_PROOF_TEXT_MAX =
        WB_NOTE_BYTES_MAX + 16 * 1024, /* bytes, more than any can take */
};

/* Owns nothing. `extra` is what the leaf hash is computed from or other context: public
 * and not authenticated, absent when extra_size is 0. `checkpoint` is a signed note,
 * verbatim, not ended by a NUL. */
struct wb_proof {
    uint64_t index;
    struct wb_merkle_proof inclusion;
    const uint8_t *extra;
    size_t extra_size;
    const char *checkpoint;
    size_t checkpoint_size;
};

/* Appends the text. LIMIT for an index above WB_MERKLE_SIZE_MAX, more than
 * WB_MERKLE_PROOF_MAX hashes, an extra above WB_PROOF_EXTRA_MAX, a checkpoint above
 * WB_NOTE_BYTES_MAX; VALUE for an empty checkpoint. No bytes are added on an error; a
 * full buffer sticks (buf.h). */
WB_CHECKED enum wb_status wb_proof_encode(
    struct wb_buf *out, const struct wb_proof *p, struct wb_error *e);

/* Reads exactly what wb_proof_encode writes: one text for one proof. The bytes of extra
 * are decoded into `extra`, which is initialized, loses its old content and maximum,
 * and is wiped by the caller; p->extra points into it, p->checkpoint points into
 * `text`. The checkpoint is only bounded here, and nothing is verified. Errors TOO_NEW
 * a tlog-proof of another version LIMIT    as above FORMAT   anything else MEMORY */
WB_CHECKED enum wb_status wb_proof_decode(struct wb_proof *p, struct wb_buf *extra,
    const char *text, size_t size, struct wb_error *e);

/* The steps 2 and 4 of "Verifying a tlog proof": the checkpoint is signed by the key of
 * this log and the entry with this leaf hash is in its tree. Hands out the checkpoint.
 * Cosignatures (step 3) are the caller's, by wb_note_verify. Errors of wb_note_decode,
 * wb_checkpoint_open and wb_merkle_check_inclusion. */
WB_CHECKED enum wb_status wb_proof_check(struct wb_checkpoint *c,
    const struct wb_proof *p, const uint8_t leaf[static WB_HASH_BYTES],
    const struct wb_note_key *log, struct wb_error *e);

#endif
