/* vault/store/store.h - the vault file below its records: session, keys, sealed rows.
 */
#ifndef WB_STORE_STORE_H
#define WB_STORE_STORE_H

#include <witnessbox/id.h>
#include <witnessbox/vault.h>

#include "../base/buf.h"
#include "../crypto/hash.h"
#include "../crypto/kdf.h"
#include "../formats/merkle.h"
#include "header.h"

struct wb_vault; /* session.h has the inside, for this room only */

/* ---- the file (create.c, session.c) ---- */

/* Lays out a vault in the empty file at `path`. The answer is an unlocked vault whose
 * header and state come to the file with the first transaction, which is custody's. */
WB_CHECKED enum wb_status wb_store_create(struct wb_vault **v, const char *path,
    const struct wb_kdf_params *kdf, const struct wb_pass *pass,
    const uint8_t *owner /* NULL, or a field vault's collect point */,
    struct wb_error *e);

/* A random name for a log: "witnessbox/" and an id. */
void wb_store_origin_new(char out[static WB_ORIGIN_BYTES_MAX + 1]);

/* The decoded state: what section 5 of FORMAT.md lists. Changed only inside a
 * transaction; a rollback restores it. */
struct wb_vault_state *wb_store_state(struct wb_vault *v);
const uint8_t *wb_store_vault_id(const struct wb_vault *v); /* 16 bytes */
/* The label of the slot that opened it: who, as far as a vault can know. */
const char *wb_store_actor(const struct wb_vault *v);
WB_CHECKED enum wb_status wb_store_need_unlocked(
    const struct wb_vault *v, struct wb_error *e);

/* ---- slots (slots.c) ---- */

/* The hash of a key file (FORMAT.md section 4), read from the open `fd` to its end, at
 * most 16 MiB; WB_ERR_VALUE for an empty one. */
WB_CHECKED enum wb_status wb_store_key_file_read(
    struct wb_secret **hash, int fd, struct wb_error *e);
/* The one that the vault is opened with, NULL for none; _set takes the secret. */
const struct wb_secret *wb_store_key_file(const struct wb_vault *v);
void wb_store_key_file_set(struct wb_vault *v, struct wb_secret **hash);

/* The slot that opened. */
unsigned wb_store_slot(const struct wb_vault *v);
/* P of a passphrase under the salt and parameters as they are now. */
WB_CHECKED enum wb_status wb_store_stretch(struct wb_vault *v, struct wb_secret **p,
    const struct wb_pass *pass, struct wb_error *e);

/* In a transaction: a slot for P (or a recovery key) with a key pair of its own; a slot
 * like those never used; other parameters with a new salt. */
WB_CHECKED enum wb_status wb_store_slot_put(struct wb_vault *v, unsigned slot,
    enum wb_slot_kind kind, const char *label, const struct wb_secret *p,
    struct wb_error *e);
WB_CHECKED enum wb_status wb_store_slot_clear(
    struct wb_vault *v, unsigned slot, struct wb_error *e);
WB_CHECKED enum wb_status wb_store_set_kdf(
    struct wb_vault *v, const struct wb_kdf_params *kdf, struct wb_error *e);

/* Unlocks with P or a recovery key; with the keys of another session of a copy of the
 * same vault. As wb_vault_unlock. */
WB_CHECKED enum wb_status wb_store_unlock(
    struct wb_vault *v, const struct wb_secret *p, struct wb_error *e);
WB_CHECKED enum wb_status wb_store_unlock_as(
    struct wb_vault *copy, const struct wb_vault *v, struct wb_error *e);

/* ---- field vaults (field.c) ---- */

/* True in a field vault that was not opened by its owner: it can only add. */
bool wb_store_is_blind(const struct wb_vault *v);
/* WB_ERR_POLICY there: for what needs to read, or changes what only an owner may. */
WB_CHECKED enum wb_status wb_store_need_sight(
    const struct wb_vault *v, struct wb_error *e);
/* Unlocks a field vault with its owner's collect secret. WB_ERR_POLICY where it was
 * made for somebody else, WB_ERR_INTEGRITY as wb_vault_unlock. Read only: what an owner
 * opens is a copy. */
WB_CHECKED enum wb_status wb_store_unlock_owner(
    struct wb_vault *v, const struct wb_secret *collect, struct wb_error *e);

/* ---- rekey.c ---- */

/* In a transaction: a new root key and a new epoch; all slots, wraps and lookups are
 * rewritten for it (FORMAT.md section 4). Calls `tell` (may be NULL) now and then with
 * how many rows are done, of how many. Memory does not depend on the number. LIMIT
 * after WB_EPOCHS_MAX epochs; INTEGRITY names a row whose wrap does not open. */
WB_CHECKED enum wb_status wb_store_rekey(struct wb_vault *v,
    void (*tell)(void *cookie, uint64_t done, uint64_t total, const char *what),
    void *cookie, struct wb_error *e);

/* ---- copy.c ---- */

/* Writes all pages, as the last transaction left them, into the empty file at `path`
 * (sqlite3_backup). Not synced. */
WB_CHECKED enum wb_status wb_store_copy(
    struct wb_vault *v, const char *path, struct wb_error *e);

/* ---- transactions (transaction.c) ---- */

WB_CHECKED enum wb_status wb_store_begin(struct wb_vault *v, struct wb_error *e);
/* Writes the state row and commits; on error everything is as before the begin. */
WB_CHECKED enum wb_status wb_store_commit(struct wb_vault *v, struct wb_error *e);
void wb_store_rollback(struct wb_vault *v);

/* Whether index pages could be written: no transaction is under way, the file is
 * writable, and it is not a field vault, which has none. */
bool wb_store_may_index(const struct wb_vault *v);

/* What a room above derives from the records and keeps with the open vault, as the
 * first member of a struct of its own. `undone`: a transaction was rolled back.
 * `forget`, in a transaction: nothing of this record (NULL: of any) may stay, not in
 * the file either; called before its keys are destroyed. `close`: the vault is being
 * closed. */
struct wb_derived {
    void (*undone)(struct wb_derived *d);
    enum wb_status (*forget)(
        struct wb_derived *d, const struct wb_id *id, struct wb_error *e);
    void (*close)(struct wb_derived *d);
};
struct wb_derived *wb_store_derived(struct wb_vault *v); /* NULL: none yet */
void wb_store_set_derived(struct wb_vault *v, struct wb_derived *d);
/* Asks it to forget; where there is none the index pages go as a whole. */
WB_CHECKED enum wb_status wb_store_forget(
    struct wb_vault *v, const struct wb_id *id, struct wb_error *e);

/* ---- revisions (rows.c): wraps, bodies, lookups ---- */

struct wb_wrap {
    uint64_t row;
    uint8_t root[WB_ROOT_BYTES];
    struct wb_id id;
    uint32_t ordinal;
    uint32_t tree;
    uint64_t leaf;
};

/* row.c: a revision on its way in, in three steps, of which the one between computes
 * and does nothing else: another thread may do it. The struct begins as {0} and serves
 * for any number of revisions, one after the other. */
struct wb_row {
    struct wb_wrap wrap;
    struct wb_secret *key; /* of the record; nobody else sees it */
    struct wb_buf plain, box;
    uint8_t vault[WB_VAULT_ID_BYTES];
};
void wb_row_wipe(struct wb_row *r);
/* Takes the next row number, draws the record key and pads the encoded revision. */
WB_CHECKED enum wb_status wb_row_begin(struct wb_vault *v, struct wb_row *r,
    const struct wb_id *id, uint32_t ordinal, const uint8_t *body, size_t size,
    struct wb_error *e);
/* Seals the body to its root. `scratch`: WB_KEY_BYTES, of this thread. */
void wb_row_seal(struct wb_row *r, const uint8_t root[static WB_ROOT_BYTES],
    struct wb_secret *scratch);
/* Writes wrap, body and lookup; `wrap` has been given tree and leaf. */
WB_CHECKED enum wb_status wb_row_put(
    struct wb_vault *v, struct wb_row *r, struct wb_error *e);

/* All three for one revision: id, root, ordinal, tree and leaf given, `w->row` set. */
WB_CHECKED enum wb_status wb_rows_put(struct wb_vault *v, struct wb_wrap *w,
    const uint8_t *body, size_t size, struct wb_error *e);

/* Opens the wrap of a row. WB_ERR_NOT_FOUND: no such row; WB_ERR_INTEGRITY: does not
 * open, or belongs to another row (said so). */
WB_CHECKED enum wb_status wb_rows_wrap(
    struct wb_vault *v, struct wb_wrap *w, uint64_t row, struct wb_error *e);

/* Opens the body that belongs to the wrap that wb_rows_wrap has just opened; `body`
 * receives the encoded revision. NOT_FOUND without a body, INTEGRITY. */
WB_CHECKED enum wb_status wb_rows_body(struct wb_vault *v, const struct wb_wrap *w,
    struct wb_buf *body, struct wb_error *e);

/* Removes wrap, body and lookup of a revision: its row, id and ordinal. The bytes are
 * overwritten where they lay (secure_delete), in the journal too. */
WB_CHECKED enum wb_status wb_rows_remove(
    struct wb_vault *v, const struct wb_wrap *w, struct wb_error *e);

/* The row of revision number `ordinal` of an id. WB_ERR_NOT_FOUND. */
WB_CHECKED enum wb_status wb_rows_lookup(struct wb_vault *v, uint64_t *row,
    const struct wb_id *id, uint32_t ordinal, struct wb_error *e);

/* The next row after `row` (0: the first) in the table of wraps; WB_ERR_NOT_FOUND at
 * the end. */
WB_CHECKED enum wb_status wb_rows_next(
    struct wb_vault *v, uint64_t *row, struct wb_error *e);

/* ---- sealed rows of the log tables (sealed.c) ---- */

enum wb_table {
    WB_TABLE_LOG,
    WB_TABLE_NODES,
    WB_TABLE_HEADS,
    WB_TABLE_DRAFTS,
    WB_TABLE_PAGES
};

WB_CHECKED enum wb_status wb_sealed_put(struct wb_vault *v, enum wb_table table,
    uint64_t row, const void *plain, size_t size, struct wb_error *e);
/* WB_ERR_NOT_FOUND; WB_ERR_INTEGRITY when it does not open under its row's key. */
WB_CHECKED enum wb_status wb_sealed_get(struct wb_vault *v, enum wb_table table,
    uint64_t row, struct wb_buf *out, struct wb_error *e);
/* The same of rows that are all `size` bytes long, into `out`; INTEGRITY also for one
 * of another size. */
WB_CHECKED enum wb_status wb_sealed_read(struct wb_vault *v, enum wb_table table,
    uint64_t row, uint8_t *out, size_t size, struct wb_error *e);
/* How many rows each table has, for verify. Attachments are counted by file number;
 * last_...: what sqlite_sequence says of the highest row number given out. */
struct wb_counts {
    uint64_t wraps, bodies, lookups, log, nodes, heads, drafts, pages, staging, files;
    uint64_t states, last_wrap, last_log, last_head, last_draft;
};
WB_CHECKED enum wb_status wb_sealed_counts(
    struct wb_vault *v, struct wb_counts *counts, struct wb_error *e);

/* ---- unlogged.c: heads, drafts and index pages, which the log does not name; the
 * state keeps the set of their rows ---- */

/* Appends a row (FORMAT.md sections 10 and 13; its own number in front is the
 * caller's). */
WB_CHECKED enum wb_status wb_unlogged_put(struct wb_vault *v, enum wb_table table,
    const void *plain, size_t size, struct wb_error *e);
/* The row after *row (0: the first). NOT_FOUND at the end; INTEGRITY when it does not
 * open, and then *row is that row: one can go on behind it. */
WB_CHECKED enum wb_status wb_unlogged_next(struct wb_vault *v, enum wb_table table,
    uint64_t *row, struct wb_buf *out, struct wb_error *e);
/* Takes a draft or a page away, whether it opens or not. NOT_FOUND. */
WB_CHECKED enum wb_status wb_unlogged_remove(
    struct wb_vault *v, enum wb_table table, uint64_t row, struct wb_error *e);
/* Writes a page under the caller's number, new or in the place of the one before. */
WB_CHECKED enum wb_status wb_unlogged_replace(struct wb_vault *v, enum wb_table table,
    uint64_t row, const void *plain, size_t size, struct wb_error *e);
/* Whether the rows are exactly those that the state has counted. */
WB_CHECKED enum wb_status wb_unlogged_check(
    struct wb_vault *v, enum wb_table table, bool *same, struct wb_error *e);

/* ---- pages.c: the search index is a database of its own, whose pages are such rows
 * ----
 */

/* What is kept of a page of it: all but its reserved bytes, which are zero. */
enum {
    WB_PAGE_BYTES = 16384,
    WB_PAGE_RESERVED = 96,
    WB_PAGE_KEPT = WB_PAGE_BYTES - WB_PAGE_RESERVED,
};

/* The highest page number there is, 0 for none. */
WB_CHECKED enum wb_status wb_pages_last(
    struct wb_vault *v, uint64_t *last, struct wb_error *e);
/* In a transaction: removes all pages behind `last`; 0: every one, and the index has
 * read nothing. */
WB_CHECKED enum wb_status wb_pages_cut(
    struct wb_vault *v, uint64_t last, struct wb_error *e);

/* What SQLite finds wrong with the pages of the file: free lists, order, reach. Reads
 * all of it; `each` gets at most four lines. */
WB_CHECKED enum wb_status wb_sealed_pages(struct wb_vault *v,
    void (*each)(void *cookie, const char *what), void *cookie, struct wb_error *e);

/* ---- staging (sealed.c): a table that is empty between transactions ---- */

/* `tag` is hashed under a key before it is stored. A tag that is there already is
 * WB_ERR_USAGE. */
WB_CHECKED enum wb_status wb_staging_put(struct wb_vault *v, const void *tag,
    size_t tag_size, const void *plain, size_t size, struct wb_error *e);
WB_CHECKED enum wb_status wb_staging_get(struct wb_vault *v, const void *tag,
    size_t tag_size, struct wb_buf *out, struct wb_error *e);
/* Replaces what a tag that is there stands for. */
WB_CHECKED enum wb_status wb_staging_replace(struct wb_vault *v, const void *tag,
    size_t tag_size, const void *plain, size_t size, struct wb_error *e);
/* Empties it. */
WB_CHECKED enum wb_status wb_staging_clear(struct wb_vault *v, struct wb_error *e);

/* ---- attachments (chunks.c) ---- */

enum { WB_CHUNK_BYTES = 256 * 1024 };

/* Where an attachment lies: the private part of its evidence record, encoded by
 * wb_attachment_encode. */
struct wb_attachment {
    uint64_t number;
    struct wb_secret *key; /* WB_KEY_BYTES; owned by the struct */
    uint64_t size;
};
enum { WB_ATTACHMENT_BYTES = 1 + 8 + WB_KEY_BYTES + 8 };
WB_CHECKED enum wb_status wb_attachment_new(
    struct wb_attachment *a, struct wb_error *e);
void wb_attachment_wipe(struct wb_attachment *a);
void wb_attachment_encode(
    const struct wb_attachment *a, uint8_t out[static WB_ATTACHMENT_BYTES]);
WB_CHECKED enum wb_status wb_attachment_decode(
    struct wb_attachment *a, const uint8_t *bytes, size_t size, struct wb_error *e);

/* Writing: bytes in any portions, then the end. One buffer of a chunk is all it needs.
 * The file number is taken from the state. */
struct wb_chunk_writer;
WB_CHECKED enum wb_status wb_chunk_writer_new(struct wb_chunk_writer **w,
    struct wb_vault *v, struct wb_attachment *a, struct wb_error *e);
WB_CHECKED enum wb_status wb_chunk_writer_add(
    struct wb_chunk_writer *w, const void *bytes, size_t size, struct wb_error *e);
/* Pads, writes the last chunk, sets a->size. */
WB_CHECKED enum wb_status wb_chunk_writer_end(
    struct wb_chunk_writer *w, struct wb_error *e);
void wb_chunk_writer_free(struct wb_chunk_writer **w);

/* Reading: `each` gets the true bytes (without padding) in portions of at most a chunk;
 * stops at its first error. WB_ERR_INTEGRITY names the chunk. */
WB_CHECKED enum wb_status wb_chunks_read(struct wb_vault *v,
    const struct wb_attachment *a,
    enum wb_status (*each)(
        void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e),
    void *cookie, struct wb_error *e);

/* What can be wrong with a chunk. */
enum wb_chunk_fault {
    WB_CHUNK_MISSING,
    WB_CHUNK_MOVED,     /* it belongs to another place of this attachment */
    WB_CHUNK_TRUNCATED, /* neither it nor any behind it is there */
    WB_CHUNK_ALTERED,
    WB_CHUNK_EXTRA, /* more of them than its size needs */
};

/* Reads on to the end whatever it finds; for verify. `each` gets what opens, `fault`
 * the number of a chunk that does not, and why. */
struct wb_chunk_watch {
    enum wb_status (*each)(
        void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e);
    void (*fault)(void *cookie, uint64_t chunk, enum wb_chunk_fault fault);
    void *cookie;
};
WB_CHECKED enum wb_status wb_chunks_examine(struct wb_vault *v,
    const struct wb_attachment *a, const struct wb_chunk_watch *watch,
    struct wb_error *e);

/* Removes an attachment's chunks (an import that found the file already claimed,
 * shred). */
WB_CHECKED enum wb_status wb_chunks_remove(
    struct wb_vault *v, const struct wb_attachment *a, struct wb_error *e);

#endif
