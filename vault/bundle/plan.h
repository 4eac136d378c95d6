/* vault/bundle/plan.h - what goes into a bundle, weighed before anything is written. */
#ifndef WB_BUNDLE_PLAN_H
#define WB_BUNDLE_PLAN_H

#include <witnessbox/bundle.h>

#include "../base/clock.h"
#include "../custody/change.h"
#include "../query/gate.h"
#include "names.h"
#include "redact.h"

struct wb_copy; /* unlink.h */

/* A stored revision and what is withheld of it. */
struct wb_plan_from {
    uint64_t row;
    bool named;                 /* asked for by id: what is redacted is redacted here */
    enum wb_level level;        /* by consent */
    const struct wb_copy *copy; /* that goes instead, or NULL */
};

/* A record that goes, with the id and root that it goes by: 120 bytes. */
struct wb_plan_record {
    uint8_t root[WB_ROOT_BYTES];
    struct wb_plan_from from;
    struct wb_id id;
    uint8_t json_hash[WB_HASH_BYTES];
    uint64_t json_size;
};

/* A file that goes, once however many evidence records name it. */
struct wb_plan_file {
    uint8_t sha256[WB_HASH_BYTES];
    uint64_t size;
    struct wb_plan_from from; /* an evidence record that holds it */
    size_t first, count;      /* its pieces */
};

/* A member that holds a file or a part of one. */
struct wb_plan_piece {
    uint8_t hash[WB_HASH_BYTES];
    uint64_t size;
};

/* Lists sorted as the members of the archive are: files by hash, records by root. */
struct wb_plan {
    const struct wb_export_request *request;
    const char *purpose;      /* a word of the list */
    enum wb_level level;      /* identities go no further */
    struct wb_prover *prover; /* NULL: no origins and proofs go along */
    bool unlinked;            /* copies go, under keys of one use */
    struct wb_gate gate;
    struct wb_buf overridden; /* of struct wb_exception: records that go by one */
    struct wb_buf records, files, pieces;
    struct wb_buf copies;          /* of struct wb_copy, by original; unlink.c */
    uint64_t octets, members;      /* of the payload */
    char time[WB_TIME_TEXT_BYTES]; /* of the bundle, as it says */
    struct wb_buf page;            /* for a browser; empty: none goes */
    uint8_t page_hash[WB_HASH_BYTES];
    struct wb_redaction redaction;
    bool *used; /* its items that fit some record; owned */
};

void wb_plan_init(struct wb_plan *p);
void wb_plan_wipe(struct wb_plan *p);
size_t wb_plan_record_count(const struct wb_plan *p);
size_t wb_plan_file_count(const struct wb_plan *p);
struct wb_plan_record *wb_plan_record(const struct wb_plan *p, size_t index);
struct wb_plan_file *wb_plan_file(const struct wb_plan *p, size_t index);
struct wb_plan_piece *wb_plan_piece(const struct wb_plan *p, size_t index);

/* Chooses the records: those asked for, newest revisions only, private kinds never, and
 * what only the program writes (receipts, notices) only by id. The
 * request is borrowed from here on.
 *   NOT_FOUND  an id that is not here | USAGE nothing asked for, or nothing there; no
 *              such purpose or level
 *   POLICY     a record of a private kind was asked for by id, or of one that tells of
 *              other bundles where nothing may be tied to them
 *   INTEGRITY  a record does not open: nothing may be left out unseen */
WB_CHECKED enum wb_status wb_plan_choose(struct wb_plan *p, struct wb_vault *v,
    const struct wb_export_request *request, struct wb_error *e);

/* By root, which is the order of the archive. */
void wb_plan_sort(struct wb_plan *p);

/* Makes every record's JSON once, for its size and hash, finds the files and their
 * parts, and has the page made where one was asked for. INTEGRITY when an evidence
 * record's file is not here, USAGE when something to be redacted is in none of the
 * named records. */
WB_CHECKED enum wb_status wb_plan_weigh(
    struct wb_plan *p, struct wb_vault *v, struct wb_error *e);

/* Calls `take` with the lines of manifest-sha256.txt, in order. */
WB_CHECKED enum wb_status wb_plan_manifest(const struct wb_plan *p,
    enum wb_status (*take)(
        void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e),
    void *cookie, struct wb_error *e);

/* ---- outgoing.c: a record as it leaves ---- */

/* A record without what is redacted and what consent withholds. */
WB_CHECKED enum wb_status wb_outgoing_open(struct wb_record **r, struct wb_vault *v,
    const struct wb_plan *p, const struct wb_plan_from *from, struct wb_error *e);

/* Appends the JSON of a record. Its proofs, where any go along: what it came
 * with, then ours against the newest checkpoint, so that twice under one checkpoint
 * gives the same. */
WB_CHECKED enum wb_status wb_outgoing_json(struct wb_buf *out, struct wb_vault *v,
    const struct wb_plan *p, const struct wb_plan_record *record, struct wb_error *e);

/* The same of one that was opened, whose proofs grow by it. */
WB_CHECKED enum wb_status wb_outgoing_write(struct wb_buf *out, const struct wb_plan *p,
    const struct wb_plan_record *record, struct wb_record *r, struct wb_error *e);

/* The file of an evidence record; `has` is false where it names none, or its hash is
 * redacted. The attachment is wiped by the caller, on errors too. INTEGRITY where the
 * file is not here. */
struct wb_outgoing_file {
    bool has;
    uint8_t sha256[WB_HASH_BYTES];
    struct wb_attachment attachment;
};
WB_CHECKED enum wb_status wb_outgoing_find(struct wb_outgoing_file *f,
    struct wb_vault *v, const struct wb_plan *p, const struct wb_plan_from *from,
    struct wb_error *e);

/* The same of one that was opened. */
WB_CHECKED enum wb_status wb_outgoing_file(
    struct wb_outgoing_file *f, const struct wb_record *r, struct wb_error *e);

#endif
