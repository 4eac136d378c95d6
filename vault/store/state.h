/* vault/store/state.h - the sealed state: what must stay true of the whole vault. */
#ifndef WB_STORE_STATE_H
#define WB_STORE_STATE_H

#include <witnessbox/id.h>

#include "../base/buf.h"
#include "../crypto/hash.h"
#include "../formats/merkle.h"

enum {
    WB_SLOTS = 8,
    WB_LABEL_BYTES_MAX = 64,
    WB_ORIGIN_BYTES_MAX = 64,
    WB_CHECKPOINT_BYTES_MAX = 2048,
    WB_EPOCHS_MAX = 1024,
};

enum wb_slot_kind {
    WB_SLOT_FREE = 0,
    WB_SLOT_PASSPHRASE = 1,
    WB_SLOT_RECOVERY = 2,
    WB_SLOT_OWNER = 3,
};

struct wb_slot_note {
    enum wb_slot_kind kind;
    uint8_t point[32];
    char label[WB_LABEL_BYTES_MAX + 1];
};

/* Rows that the log does not name (heads, drafts, index pages): how many, and the XOR
 * of their tags. */
struct wb_row_set {
    uint64_t count;
    uint8_t hash[WB_HASH_BYTES];
};

/* FORMAT.md section 5, decoded. A plain copy is a snapshot: its secrets are shared by
 * both. */
struct wb_vault_state {
    uint64_t generation;
    uint8_t header_hash[WB_HASH_BYTES];
    struct wb_slot_note slots[WB_SLOTS];
    struct wb_id identity;
    struct wb_secret *epochs; /* epoch_count keys of WB_KEY_BYTES, end to end */
    uint16_t epoch_count;
    uint64_t next_row, next_log, next_head, next_draft, next_file;
    uint64_t rows, files; /* live wraps, live attachments */
    uint32_t tree;
    uint64_t tree_first; /* log row of leaf 0 */
    char origin[WB_ORIGIN_BYTES_MAX + 1];
    struct wb_merkle_edge edge;
    char checkpoint[WB_CHECKPOINT_BYTES_MAX + 1]; /* signed note; "" before the first */
    uint64_t last_time;
    struct wb_row_set heads, drafts, pages;
    uint32_t index_tree;
    uint64_t index_leaf;
    struct wb_secret *field_log; /* field vault: its log's seed, shared; else NULL */
    uint8_t field_owner[32];     /* field vault: the owner's collect point */
};

/* The plaintext of the state row, padded; *out is a new secret. */
WB_CHECKED enum wb_status wb_state_encode(
    struct wb_secret **out, const struct wb_vault_state *s, struct wb_error *e);

/* Reads it whole; its secrets are new ones, freed with wb_state_wipe. */
WB_CHECKED enum wb_status wb_state_decode(
    struct wb_vault_state *s, const struct wb_secret *plain, struct wb_error *e);

void wb_state_wipe(struct wb_vault_state *s);

#endif
