/* vault/custody/tree.h - the trees of a vault: the open one, and those that a restart
 * closed. */
#ifndef WB_CUSTODY_TREE_H
#define WB_CUSTODY_TREE_H

#include "log.h"

struct wb_tree {
    uint32_t number;
    uint64_t first; /* log row of leaf 0 */
    uint64_t size;
    char origin[WB_ORIGIN_BYTES_MAX + 1];
    char checkpoint[WB_CHECKPOINT_BYTES_MAX + 1]; /* its newest, signed */
};

/* Tree `number`, 0 to the state's. INTEGRITY when a closed one is not there. */
WB_CHECKED enum wb_status wb_tree_find(
    struct wb_vault *v, struct wb_tree *t, uint32_t number, struct wb_error *e);

/* How many entries come from this leaf of this tree on. INTEGRITY where there is no
 * such place in the log. */
WB_CHECKED enum wb_status wb_tree_behind(struct wb_vault *v, uint64_t *entries,
    uint32_t number, uint64_t leaf, struct wb_error *e);

/* A node that was read, by its row and its place there; row 0: none. */
struct wb_kept_node {
    uint64_t row;
    unsigned level;
    uint8_t hash[WB_HASH_BYTES];
};

enum { WB_NODES_KEPT = 8192 };

/* Reads stored nodes of a tree. They never change, and the paths of many leaves share
 * most of theirs: where `kept` is not NULL it has room for WB_NODES_KEPT of them, of
 * whatever tree. */
struct wb_tree_nodes {
    struct wb_vault *v;
    uint64_t first;
    struct wb_kept_node *kept;
};
enum wb_status wb_tree_node(void *nodes, unsigned level, uint64_t index,
    uint8_t out[static WB_HASH_BYTES], struct wb_error *e);

/* The root that a tree had at `size` leaves. */
WB_CHECKED enum wb_status wb_tree_root(struct wb_vault *v, const struct wb_tree *t,
    uint64_t size, uint8_t root[static WB_ROOT_BYTES], struct wb_error *e);

/* Closes the open tree for good and begins a new, empty one under a new origin. In a
 * transaction; the caller appends its first entry. */
WB_CHECKED enum wb_status wb_tree_close(struct wb_vault *v, struct wb_error *e);

#endif
