/* vault/store/chunk_ring.h - the chunks of one file on their way: sealed and opened by
 * a second thread (FORMAT.md section 8). */
#ifndef WB_STORE_CHUNK_RING_H
#define WB_STORE_CHUNK_RING_H

#include "../base/worker.h"
#include "session.h"

enum {
    WB_CHUNK_SLOTS = 4,
    WB_FILE_FLOOR_BYTES = 16384,
    WB_CHUNK_NUMBER_BITS = 24, /* row = file number x 2^24 + chunk number */
};
#define WB_CHUNKS_MAX (UINT64_C(1) << WB_CHUNK_NUMBER_BITS)

struct wb_chunk_slot {
    uint8_t *plain, *box; /* WB_CHUNK_BYTES, and the tag more */
    size_t size;          /* of the plaintext */
    uint64_t number;
    bool last;
    enum wb_status st; /* of reading its row, then of opening it */
};

struct wb_chunk_ring {
    struct wb_secret *key;
    struct wb_chunk_slot slots[WB_CHUNK_SLOTS];
    struct wb_worker *worker;
};

/* The work of a ring, whose cookie is the ring itself. */
void wb_chunk_seal(void *ring, unsigned slot);
void wb_chunk_open(void *ring, unsigned slot);

/* A ring for the chunks of a file; wiped on errors. */
WB_CHECKED enum wb_status wb_chunk_ring_init(struct wb_chunk_ring *r,
    struct wb_vault *v, const struct wb_attachment *a,
    void (*work)(void *ring, unsigned slot), struct wb_error *e);
/* The slot that is filled next, with its memory, which small files do not need of every
 * slot. */
WB_CHECKED enum wb_status wb_chunk_ring_next(
    struct wb_chunk_ring *r, struct wb_chunk_slot **slot, struct wb_error *e);
/* Waits for the worker, then wipes. */
void wb_chunk_ring_wipe(struct wb_chunk_ring *r);

sqlite3_int64 wb_chunk_row(const struct wb_attachment *a, uint64_t number);
/* Of a box that may lie in another place (why a chunk did not open). */
void wb_chunk_nonce(
    uint8_t nonce[static WB_BOX_NONCE_BYTES], uint64_t number, bool last);

#endif
