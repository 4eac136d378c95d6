/* include/witnessbox/query.h - finding and opening what is stored. */
#ifndef WITNESSBOX_QUERY_H
#define WITNESSBOX_QUERY_H

#include "record.h"
#include "vault.h"

/* A whole id, or a unique beginning of 4 characters or more. WB_ERR_NOT_FOUND,
 * WB_ERR_AMBIGUOUS (names how many), WB_ERR_USAGE for what cannot be an id. */
WB_API WB_CHECKED enum wb_status wb_find(
    struct wb_vault *v, struct wb_id *id, const char *text, struct wb_error *e);

/* A record for which somebody answers by a reason, which is logged. */
struct wb_exception {
    struct wb_id id;
    const char *reason;
};

/* Which records `wb_list` shows. Zeros and NULLs mean: all. */
struct wb_list_filter {
    const char *kind;
    const struct wb_id *refers_to; /* some reference of the record names this one */
    const char *sha256; /* evidence of the file with this hash, 64 hex digits */
    const char *since;  /* EDTF: records whose date may be on or after its first day */
    const char *until;  /* EDTF: records whose date may be on or before its last day */
    const char *received_since; /* EDTF: came in a bundle, on or after its first day */
    uint64_t limit;             /* 0: no limit */
};

/* Newest first by the order of saving, each record once by its newest revision;
 * what only the program writes when asked for by kind. A record that cannot
 * be opened is passed over and counted in *damaged. Stops when `each` answers false.
 * `each` must not change the vault. */
WB_API WB_CHECKED enum wb_status wb_list(struct wb_vault *v,
    const struct wb_list_filter *filter,
    bool (*each)(void *cookie, const struct wb_record *r), void *cookie,
    uint64_t *damaged, struct wb_error *e);

/* Names every stored revision that does not open, in the order of saving: `where` has
 * its id, or no more than "row 12", `what` the reason. Opens them all: for when
 * something was passed over. */
WB_API WB_CHECKED enum wb_status wb_damaged_each(struct wb_vault *v,
    void (*each)(void *cookie, const char *where, const char *what), void *cookie,
    struct wb_error *e);

/* ---- what a court would miss ---- */

struct wb_gap {
    const struct wb_id *id; /* what lacks it: the record asked for, or a part of it */
    const char *kind;
    const char *fields; /* names, one of which would do: "from source"; or "" */
    const char *record; /* the kind of a record about it that is not there; or "" */
    const char *why;    /* in plain words */
    const char *source; /* the rule or practice that asks for it: "ICC RPE 111(1)" */
};

/* Advice, no rule of ours: what a statement, an item of evidence, a custody record or a
 * derivative lacks, and the custody records and derivatives about it. `unknown` and
 * `refused` are answers, and so is what was withheld from us. Borrowed until `each`
 * answers; false ends it. Records that do not open are counted in *damaged.
 * WB_ERR_USAGE for other kinds. */
WB_API WB_CHECKED enum wb_status wb_gaps(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_gap *gap), void *cookie,
    uint64_t *damaged, struct wb_error *e);

/* ---- search: records by their words ---- */

/* What `wb_search` looks for: words that must all be there, in any order and field,
 *   azat              a word, in any script and spelling: without case and accents, and
 *                     as it sounds (gadoev, Gadoyev, Гадоев)
 *   "police are here" words behind each other in one value
 *   turkmen*          a word that begins so
 *   witness:amon      each of these in one field: in its text, or in a record that it
 *                     refers to */
struct wb_search {
    const char *words;  /* UTF-8 */
    bool all_revisions; /* also what was amended since */
    uint64_t limit;     /* 0: none */
};

/* Borrowed until `each` returns. */
struct wb_hit {
    const struct wb_record *record;
    const char *field; /* where the first word stands, NULL: in a record it refers to */
    const char *text;  /* some of that value around it, on one line; "" likewise */
    size_t size;
};

/* Newest first by the order of saving, without what only the program writes. Each was
 * opened and looked through just now. Else as wb_list; WB_ERR_USAGE names the word that
 * cannot be looked for. */
WB_API WB_CHECKED enum wb_status wb_search(struct wb_vault *v,
    const struct wb_search *search,
    bool (*each)(void *cookie, const struct wb_hit *hit), void *cookie,
    uint64_t *damaged, struct wb_error *e);

/* ---- one timeline: what the log says of a record, and what happened to the thing ----
 */

struct wb_log_entry; /* custody.h */

struct wb_event {
    const struct wb_log_entry *entry; /* by this device's clock; or NULL */
    const struct wb_record *custody;  /* a record of kind custody about it; or NULL */
    /* Of a custody record: whole days between the last day that its `when` allows and
     * the day it was written down by the device's clock; 0 the same day or unknown. */
    uint64_t days_later;
};

/* Log entries of the record `id` and the custody records about it in one order: by the
 * time of the entry, and by the first day that `when` allows, else by when it was
 * written down. Borrowed until the next call of `each`. */
WB_API WB_CHECKED enum wb_status wb_timeline(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_event *event), void *cookie,
    struct wb_error *e);

/* ---- all revisions of one record ---- */

/* A revision with what our log says of how it came here. Borrowed until the call of
 * `each` returns. */
struct wb_revision {
    const struct wb_record *record;
    bool is_head;       /* no revision that is stored here names it as predecessor */
    const char *action; /* "add", "amend", "import", ... */
    const char *time;   /* by the device's clock, 2026-11-23T05:40:39Z */
    const char *actor;  /* label of the passphrase that opened */
    const char *reason; /* "" without one */
};

/* Every stored revision in the order in which they came, ours and foreign ones; more
 * than one head is a fork. Stops when `each` answers false. One that does not open
 * never blocks the others: INTEGRITY says so at the end. */
WB_API WB_CHECKED enum wb_status wb_history(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_revision *revision), void *cookie,
    struct wb_error *e);

/* ---- what belongs to a record, and what names it ---- */

struct wb_part {
    const struct wb_record *record; /* borrowed until the call of `each` returns */
    const char *field;              /* through which it names the one above it */
    const char *date;               /* of what it tells, or when it was; "" */
    unsigned depth;                 /* 1: names the record that was asked for */
};
enum wb_parts_which {
    WB_PARTS,    /* what belongs to it (WB_PART_OF), what belongs to that, and so on */
    WB_MENTIONS, /* what names it in any other way */
};

/* Each record once where it comes first, by kind in the order of the table, then by
 * date (first day, last day, text; none comes last), title and id; what belongs to it
 * stands behind it. What does not open is
 * counted in *damaged. Stops when `each` answers false. */
WB_API WB_CHECKED enum wb_status wb_parts(struct wb_vault *v, const struct wb_id *id,
    enum wb_parts_which which, bool (*each)(void *cookie, const struct wb_part *part),
    void *cookie, uint64_t *damaged, struct wb_error *e);

#endif
