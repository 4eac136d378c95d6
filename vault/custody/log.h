/* vault/custody/log.h - entries of the custody log: rows, leaves, the tree (store
 * FORMAT.md 9). */
#ifndef WB_CUSTODY_LOG_H
#define WB_CUSTODY_LOG_H

#include "change.h"

/* One entry. `detail` is owned by the struct when it was read (wb_entry_wipe). */
struct wb_entry {
    uint64_t row;
    unsigned action;
    bool has_root;
    uint8_t root[WB_ROOT_BYTES];
    uint8_t time_salt[WB_SALT16_BYTES];
    uint64_t seconds;
    uint8_t detail_salt[WB_SALT16_BYTES];
    char *detail;
    size_t detail_size;
    struct wb_id id;     /* zeros where no single revision is meant */
    uint64_t record_row; /* likewise */
};

enum { WB_LEAF_BYTES_MAX = 256 };

/* The five lines of the leaf. */
WB_CHECKED enum wb_status wb_entry_leaf(
    struct wb_buf *out, const struct wb_entry *entry, struct wb_error *e);

/* What a leaf shows instead of a time. */
void wb_log_time_hash(uint8_t out[static WB_HASH_BYTES],
    const uint8_t salt[static WB_SALT16_BYTES], const char *time);

/* Draws salts, takes the time, appends row, node row and leaf to the newest tree. In a
 * transaction. */
WB_CHECKED enum wb_status wb_log_append(
    struct wb_vault *v, struct wb_entry *entry, struct wb_error *e);

/* Reads a row of the log strictly. NOT_FOUND, INTEGRITY. */
WB_CHECKED enum wb_status wb_log_read(
    struct wb_vault *v, struct wb_entry *entry, uint64_t row, struct wb_error *e);
void wb_entry_wipe(struct wb_entry *entry);

/* The hashes in the node row of a leaf: leaf hash first. */
WB_CHECKED enum wb_status wb_log_nodes(
    struct wb_vault *v, struct wb_merkle_row *nodes, uint64_t row, struct wb_error *e);

/* Signs the head of the tree as it stands into the state. */
WB_CHECKED enum wb_status wb_log_sign(
    struct wb_vault *v, const struct wb_secret *log_seed, struct wb_error *e);

/* The verifier key of our log under one of its origins. */
WB_CHECKED enum wb_status wb_log_key(struct wb_note_key *key, const char *origin,
    const struct wb_secret *log_seed, struct wb_error *e);

#endif
