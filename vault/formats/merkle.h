/* vault/formats/merkle.h - the Merkle tree of a log (RFC 6962 section 2.1): roots,
 * proofs. */
#ifndef WB_FORMATS_MERKLE_H
#define WB_FORMATS_MERKLE_H

#include "../crypto/hash.h"

/* Node (level, index) is the root of the complete subtree over the leaves
 * [index * 2^level, (index + 1) * 2^level); level 0 is the leaf hashes. A store keeps
 * one row per leaf: the leaf hash and the roots of all complete subtrees that end with
 * that leaf. So node (level, index) lies in the row of leaf (index + 1) * 2^level - 1,
 * at position `level`, and never changes once written. */
enum {
    WB_MERKLE_LEVELS = 64,    /* positions in a row, subtrees in an edge */
    WB_MERKLE_PROOF_MAX = 64, /* hashes in a proof of a tree of WB_MERKLE_SIZE_MAX */
};

/* Leaves in a tree: what a row number of SQLite can count. */
#define WB_MERKLE_SIZE_MAX ((uint64_t)INT64_MAX)

/* SHA-256(0x00 || entry), SHA-256(0x01 || left || right), and SHA-256() of the empty
 * tree. `out` may be `left` or `right`. */
void wb_merkle_leaf(uint8_t out[static WB_HASH_BYTES], const void *entry, size_t size);
void wb_merkle_node(uint8_t out[static WB_HASH_BYTES],
    const uint8_t left[static WB_HASH_BYTES],
    const uint8_t right[static WB_HASH_BYTES]);
void wb_merkle_empty(uint8_t out[static WB_HASH_BYTES]);

/* The right edge: the roots of the complete subtrees that make up a tree, largest
 * first. All that appending and the root need. {0} is the empty tree. `count` is the
 * number of one bits of `size` (wb_merkle_edge_count): who decodes an edge must see to
 * that. */
struct wb_merkle_edge {
    uint64_t size;
    unsigned count;
    uint8_t hashes[WB_MERKLE_LEVELS][WB_HASH_BYTES];
};

/* The row of one leaf: the leaf hash first, then level 1 and up. */
struct wb_merkle_row {
    unsigned count;
    uint8_t hashes[WB_MERKLE_LEVELS][WB_HASH_BYTES];
};

unsigned wb_merkle_edge_count(uint64_t size);

/* Appends leaf number edge->size and fills its row (NULL where nobody keeps rows).
 * WB_ERR_LIMIT when the tree is full; both are untouched then. */
WB_CHECKED enum wb_status wb_merkle_append(struct wb_merkle_edge *edge,
    struct wb_merkle_row *row, const uint8_t leaf[static WB_HASH_BYTES],
    struct wb_error *e);

/* The root hash of the tree, as it stands in a checkpoint. */
void wb_merkle_root(
    uint8_t out[static WB_HASH_BYTES], const struct wb_merkle_edge *edge);

/* How stored nodes are read. Asked only for nodes that lie inside the tree whose size
 * was given. What `node` answers other than WB_OK comes back unchanged. */
struct wb_merkle_reader {
    enum wb_status (*node)(void *context, unsigned level, uint64_t index,
        uint8_t out[static WB_HASH_BYTES], struct wb_error *e);
    void *context;
};

/* The edge that the tree had at `size` leaves: to continue from there, or to compare
 * the root with a head noted earlier. At most 63 reads. WB_ERR_LIMIT above
 * WB_MERKLE_SIZE_MAX. */
WB_CHECKED enum wb_status wb_merkle_edge_read(struct wb_merkle_edge *edge,
    uint64_t size, const struct wb_merkle_reader *reader, struct wb_error *e);

/* A proof, in the order of RFC 6962: from the bottom of the tree to its root. */
struct wb_merkle_proof {
    unsigned count;
    uint8_t hashes[WB_MERKLE_PROOF_MAX][WB_HASH_BYTES];
};

/* The audit path of leaf `index` in the tree of `size` leaves (RFC 6962 section 2.1.1);
 * the proof that the tree of `size` leaves begins with the tree of `old_size` (section
 * 2.1.2), which is empty for old_size 0 and for equal sizes. Less than 3 log2(size)
 * reads. WB_ERR_VALUE for an index or an old size outside the tree, WB_ERR_LIMIT above
 * WB_MERKLE_SIZE_MAX. */
WB_CHECKED enum wb_status wb_merkle_prove_inclusion(struct wb_merkle_proof *proof,
    uint64_t index, uint64_t size, const struct wb_merkle_reader *reader,
    struct wb_error *e);
WB_CHECKED enum wb_status wb_merkle_prove_consistency(struct wb_merkle_proof *proof,
    uint64_t old_size, uint64_t size, const struct wb_merkle_reader *reader,
    struct wb_error *e);

/* One tree, as a checkpoint states it. */
struct wb_merkle_head {
    uint64_t size;
    uint8_t root[WB_HASH_BYTES];
};

/* RFC 9162 section 2.1.3.2: the tree holds this leaf hash at `index`. Errors
 *   LIMIT      a size above WB_MERKLE_SIZE_MAX
 *   INTEGRITY  the index is outside the tree, the proof has another number of hashes
 * than this place needs, or it does not lead to the root */
WB_CHECKED enum wb_status wb_merkle_check_inclusion(const struct wb_merkle_head *head,
    const uint8_t leaf[static WB_HASH_BYTES], uint64_t index,
    const struct wb_merkle_proof *proof, struct wb_error *e);

/* RFC 9162 section 2.1.4.2: `head` is `old` with leaves appended. Nothing is needed to
 * show that any tree begins with the empty one, or with itself: the proof must then be
 * empty. A head of size 0 must have the root of the empty tree. Errors as above;
 * INTEGRITY too when `head` is the smaller one. */
WB_CHECKED enum wb_status wb_merkle_check_consistency(const struct wb_merkle_head *head,
    const struct wb_merkle_head *old, const struct wb_merkle_proof *proof,
    struct wb_error *e);

#endif
