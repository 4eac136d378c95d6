/* vault/record/record.h - a revision in memory: places, values, proofs. */
#ifndef WB_RECORD_RECORD_H
#define WB_RECORD_RECORD_H

#include <witnessbox/record.h>

#include "../base/arena.h"
#include "../base/buf.h"

enum {
    WB_SALT16_BYTES = 16,
    WB_SEED_BYTES = 32,
    WB_KIND_NAME_MAX = 32,
    WB_PREVIOUS_MAX = 64,
    WB_FIELDS_MAX = 512,
    WB_PROOFS_MAX = 16,
    WB_PROOF_BYTES_MAX = 64 * 1024,
    WB_VALUES_MAX = 65536, /* of a record that can travel */
    WB_FIELD_ORIGIN = 0,
};
#define WB_PARAGRAPH_BYTES_MAX (16u * 1024 * 1024)
/* Of an encoded revision, and of its JSON, which is the longer one. */
#define WB_RECORD_BYTES_MAX (64u * 1024 * 1024)
/* Of what a draft's values take in JSON: leaves room for the head and 16 proofs. */
#define WB_DRAFT_BYTES_MAX (60u * 1024 * 1024)

/* One value, or the hash that stands for it (state WB_STATE_WITHHELD: only `hash`).
 * `salt` is always filled in memory: kept when foreign, computed from the seed when
 * ours. */
struct wb_value {
    enum wb_state state;
    const char *text; /* NUL behind it, not counted; "" unless WB_STATE_TEXT */
    size_t size;
    uint8_t salt[WB_SALT16_BYTES];
    uint8_t hash[WB_ROOT_BYTES]; /* the element or single place */
};

enum wb_form { WB_FORM_SINGLE = 0, WB_FORM_LIST = 1, WB_FORM_CLOSED = 2 };

struct wb_place {
    uint16_t field;
    const char *name; /* the table's; "origin" for 0, "field-N" where unknown */
    enum wb_form form;
    uint8_t salt[WB_SALT16_BYTES]; /* of the list; a single's is in its value */
    uint8_t hash[WB_ROOT_BYTES];
    struct wb_value *values; /* 1 for a single, count for a list, NULL when closed */
    size_t count;
};

/* A tlog-proof of the record's leaf; `time` is "" and salt zero where the time is
 * closed. */
struct wb_record_proof {
    const char *text;
    size_t size;
    uint8_t salt[WB_SALT16_BYTES];
    const char *time;
};

struct wb_provenance {
    bool present;
    uint8_t sender[32]; /* Ed25519 key of the bundle's signature */
    uint8_t bundle[16];
    uint8_t trust;     /* enum wb_trust */
    uint64_t received; /* seconds since 1970 */
};

/* All memory is in the arena. Places are sorted by field number and are exactly those
 * of the kind's schema, 0 (origin) first. */
struct wb_record {
    struct wb_arena arena;
    const char *kind;
    const char *title; /* as wb_record_title gives it */
    const struct wb_kind
        *table; /* NULL: a kind or schema version that is not known here */
    uint16_t schema;
    struct wb_id id;
    uint32_t revision;
    uint8_t (*previous)[WB_ROOT_BYTES];
    size_t previous_count;
    uint8_t root[WB_ROOT_BYTES];
    bool foreign;
    bool adopted;     /* foreign, but ours by our own word */
    bool latest_said; /* foreign: the sender's word */
    uint8_t seed[WB_SEED_BYTES];
    struct wb_place *places;
    size_t place_count;
    const uint8_t *private_part;
    size_t private_size;
    struct wb_provenance provenance;
    struct wb_record_proof *proofs;
    size_t proof_count;
    /* where it lies; filled by custody when loaded or stored */
    uint64_t row;
    uint32_t ordinal;
    uint32_t tree;
    uint64_t leaf;
};

/* ---- record.c ---- */

/* An empty record with an arena; freed with wb_record_free. */
WB_CHECKED enum wb_status wb_record_new(struct wb_record **r, struct wb_error *e);
/* What every reader and maker of a record ends with, kind, schema, lineage and places
 * being there: checks them (kind a word of a-z, 0-9, -; revision 1 exactly without
 * predecessors, those ascending; places ascending from 0, of a known kind and schema
 * exactly its fields, lists where they repeat), then sets table, names and title.
 * Errors  FORMAT | MEMORY; the record is then only fit for wb_record_free */
WB_CHECKED enum wb_status wb_record_settle(struct wb_record *r, struct wb_error *e);
/* Written here, or adopted. */
bool wb_record_is_ours(const struct wb_record *r);
/* The place of a field, or NULL. */
struct wb_place *wb_record_place(const struct wb_record *r, uint16_t field);
/* The first text of a field by name; "" where it has none. */
const char *wb_record_text(const struct wb_record *r, const char *field);

/* texts.c: calls for every value in words that is open: lines and texts, and what a
 * newer schema has. `value` counts from 1; 0: the field has only one. */
void wb_record_each_text(const struct wb_record *r,
    void (*each)(
        void *cookie, const char *field, size_t value, const char *text, size_t size),
    void *cookie);

/* ---- commit.c: salts, places, roots (vault/store/FORMAT.md section 7) ---- */

/* Fills salts from the seed (ours only) and the hashes of all open places. */
void wb_record_commit_places(struct wb_record *r);
/* What stands in a copy where another bundle has a hash that is the same for all: it
 * opens to nothing. From the seed, as the salt of that place would be. */
void wb_record_veil(uint8_t hash[static WB_ROOT_BYTES], const struct wb_record *r,
    uint16_t field, uint32_t index);
/* The root over the places as they stand. */
void wb_record_commit_root(
    const struct wb_record *r, uint8_t root[static WB_ROOT_BYTES]);
/* Places, then root into r->root. */
void wb_record_commit(struct wb_record *r);

/* ---- codec.c: the bytes inside a body (section 6) ---- */

/* Appends the encoded revision. */
void wb_record_encode(struct wb_buf *out, const struct wb_record *r);
/* Reads it whole, strictly, recomputing places and root: r->root is computed, not read.
 * The record does not point into `bytes`. Texts are checked as UTF-8, not again by
 * their value kind: what a body seals was checked when it was made.
 * Errors  FORMAT | TOO_NEW | LIMIT more than 64 MiB | MEMORY */
WB_CHECKED enum wb_status wb_record_decode(
    struct wb_record **r, const uint8_t *bytes, size_t size, struct wb_error *e);

/* ---- foreign.c ---- */

/* Nothing empty lies open where something is withheld; values of a known kind obey
 * their value kind, codes aside. WB_ERR_FORMAT names the place. */
WB_CHECKED enum wb_status wb_record_check_foreign(
    const struct wb_record *r, struct wb_error *e);

/* ---- record_json.c, record_json_read.c: canonical JSON (vault/bundle/FORMAT.md
 * section 4) ---- */

#define WB_RECORD_JSON_VERSION "record/1"

/* latest: 1 yes, 0 no, -1 left out. */
void wb_record_json_write(struct wb_buf *out, const struct wb_record *r, int latest);
/* The bytes are exactly what wb_record_json_write writes of this record, else
 * WB_ERR_FORMAT with the position of the first other byte. */
WB_CHECKED enum wb_status wb_record_json_check(const struct wb_record *r, int latest,
    const uint8_t *bytes, size_t size, struct wb_error *e);
/* Accepts exactly what wb_record_json_write would write of the same content; only names
 * of places may be the sender's (record_json.h), and are ours afterwards. The root in
 * it must be the one computed. Values of a known kind obey their value kind; a code may
 * be a word that is not in the list here. The record is foreign; provenance is empty.
 * Its proofs are decoded as text only: custody checks them. `latest` as above. Kinds
 * that never travel are refused. Before the first call: wb_crypto_start. Errors FORMAT,
 * naming the place ("places 4: ...", from 1) | INTEGRITY another root | TOO_NEW | LIMIT
 * more than 64 MiB | MEMORY */
WB_CHECKED enum wb_status wb_record_json_read(struct wb_record **r, int *latest,
    const uint8_t *bytes, size_t size, struct wb_error *e);

/* ---- draft.c ---- */

struct wb_draft {
    struct wb_arena arena;
    const struct wb_kind *kind;
    struct wb_draft_field *fields; /* one for each field of the kind, same order */
};
struct wb_draft_field {
    struct wb_draft_value *first, *last;
    size_t count;
};
struct wb_draft_value {
    struct wb_draft_value *next;
    enum wb_state state;
    const char *text;
    size_t size;
};

/* A draft of any kind, also those that only the program adds. */
WB_CHECKED enum wb_status wb_draft_new_any(
    struct wb_draft **d, const struct wb_kind *kind, struct wb_error *e);
/* Adds without the rule that WB_OURS fields are not set by hand; a reference may be any
 * line that wb_draft_each_ref will replace (a load key). */
WB_CHECKED enum wb_status wb_draft_put(struct wb_draft *d, const char *field,
    enum wb_state state, const char *text, size_t size, struct wb_error *e);
/* Appends what was checked already; with the other values of the field, a list. */
WB_CHECKED enum wb_status wb_draft_append(struct wb_draft *d,
    struct wb_draft_field *values, enum wb_state state, const char *text, size_t size,
    struct wb_error *e);
/* Calls `each` for every WB_REF text value, which may replace text and size (load keys,
 * checks); the new text must live as long as the draft. Stops at the first error and
 * puts the field's name in front. */
WB_CHECKED enum wb_status wb_draft_each_ref(const struct wb_draft *d,
    enum wb_status (*each)(void *cookie, const struct wb_field *field,
        struct wb_draft_value *value, struct wb_error *e),
    void *cookie, struct wb_error *e);
/* Required fields are there, references are whole ids, everything together is at most
 * WB_DRAFT_BYTES_MAX and, where the kind may travel, WB_VALUES_MAX values; WB_ERR_VALUE
 * names the first field that is not so. (make.c, as the next two) */
WB_CHECKED enum wb_status wb_draft_check(const struct wb_draft *d, struct wb_error *e);
/* The draft that would write the same values as the newest revision `r` (known kind,
 * nothing withheld, else WB_ERR_POLICY). */
WB_CHECKED enum wb_status wb_draft_from(
    struct wb_draft **d, const struct wb_record *r, struct wb_error *e);
/* A record of ours from a draft: places in order, origin in place 0, a new seed, root
 * computed. id and revision as given, previous copied (sorted here). The draft is
 * checked as wb_draft_check does. */
struct wb_lineage {
    struct wb_id id;
    uint32_t revision;
    const uint8_t (*previous)[WB_ROOT_BYTES];
    size_t previous_count;
    const char *origin;
};
WB_CHECKED enum wb_status wb_record_from_draft(struct wb_record **r,
    const struct wb_draft *d, const struct wb_lineage *lineage, struct wb_error *e);
/* The same before wb_record_commit, which another thread may do. */
WB_CHECKED enum wb_status wb_record_make(struct wb_record **r, const struct wb_draft *d,
    const struct wb_lineage *lineage, struct wb_error *e);

/* ---- terms.c: the lists of WB_TERM; wb_code_at reads them behind those of codes.c
 * ---- */

extern const struct wb_code wb_terms[];
extern const size_t wb_term_count;

/* ---- value.c ---- */

/* Checks a text against its field's value kind. Names no content. */
WB_CHECKED enum wb_status wb_value_check(
    const struct wb_field *f, const char *text, size_t size, struct wb_error *e);
/* As wb_value_check for what somebody else wrote: the word of a code may come from a
 * newer list. */
WB_CHECKED enum wb_status wb_value_check_foreign(
    const struct wb_field *f, const char *text, size_t size, struct wb_error *e);

#endif
