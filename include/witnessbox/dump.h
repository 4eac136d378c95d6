/* include/witnessbox/dump.h - everything out as plain text, for other programs. */
#ifndef WITNESSBOX_DUMP_H
#define WITNESSBOX_DUMP_H

#include "query.h"
#include "record.h"
#include "vault.h"

enum wb_dump_format {
    WB_DUMP_JSONL, /* lines that wb_change_load reads back */
    WB_DUMP_CSV,   /* one kind in the import form of Uwazi */
};

struct wb_dump_request {
    enum wb_dump_format format;
    const char *kind;    /* CSV: which; JSONL: NULL */
    const char *purpose; /* a word of the list "purpose" */
    bool leave_out_refused;
    /* Records whose texts, or persons whose names in texts, were looked at; logged. */
    const struct wb_exception *keep_names;
    size_t keep_name_count;
};

/* A record that stays here, and whose decision keeps it. */
struct wb_dump_refusal {
    const struct wb_id *id;
    const char *kind;
    const struct wb_id *subject; /* who, or what, was asked for consent */
    const char *reason;
};

/* A name in a text, of somebody who may not go as who they are; for publication an id
 * of a record as well. */
struct wb_dump_name {
    const struct wb_id *id;
    const char *kind;
    const char *field;
    size_t value;               /* from 1; 0: the field has only one */
    const struct wb_id *person; /* or any record, where its id is what stands there */
    const char *name;           /* as it is recorded, not as the text has it */
    bool is_id;                 /* it is the id of `person` that stands there */
};

/* Who is told, and who takes the text. `write` is needed; the others may be NULL. */
struct wb_dump_watch {
    enum wb_status (*write)(
        void *cookie, const char *text, size_t size, struct wb_error *e);
    void (*refused)(void *cookie, const struct wb_dump_refusal *refusal);
    void (*named)(void *cookie, const struct wb_dump_name *name);
    void (*damaged)(void *cookie, const char *where, const char *what);
    void *cookie;
};

struct wb_dumped {
    uint64_t records;
    uint64_t refused;  /* consent keeps them here */
    uint64_t stay;     /* persons that go without a name and a pseudonym at most, and
                          what is about them */
    uint64_t reduced;  /* of the records: something in them identifies somebody, and is
                          left out */
    uint64_t withheld; /* of the records: something was withheld from us already */
    uint64_t files;    /* of the records: with a file, whose bytes are not in it */
    uint64_t damaged;  /* they do not open */
    uint64_t unknown;  /* of a kind or version that only a newer program knows */
};

/* Writes every record of the kinds that may be added by hand, by its newest revision,
 * in the order of saving. First everything is weighed: consent for `purpose` decides of
 * each record, and what it keeps here is told to `refused`; the texts that are left are
 * looked through for names of those who stay unnamed, told to `named` unless they are
 * kept. Then an entry `dump` with the roots is committed, and only then `write` is
 * called.
 *
 * JSONL is one {"kind","key","fields"} a line; `key` is the id here. What was withheld
 * from us, or is by consent, is left out. A file is named by name, size and SHA-256.
 * CSV is a head and one row a record; see vault/report/README.md. For publication both
 * have copies, under ids that were never used before and never will be again, and a
 * text that has an id of this vault is in the way as a name is.
 *
 * The consents, names and ties of all records are in memory meanwhile (the gate), no
 * texts. `*dumped` is filled on WB_OK and POLICY, and on INTEGRITY if something was
 * written.
 * Errors  POLICY     something is refused and not to be left out, or a name is in the
 *                    way: nothing is written or logged
 *         INTEGRITY  some do not open: all others are written
 *         USAGE      no such purpose or kind | VALUE nothing to write */
WB_API WB_CHECKED enum wb_status wb_dump(struct wb_vault *v,
    const struct wb_dump_request *request, const struct wb_dump_watch *watch,
    struct wb_dumped *dumped, struct wb_error *e);

#endif
