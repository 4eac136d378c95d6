/* include/witnessbox/custody.h - every change of a vault, and the log that proves it.
 */
#ifndef WITNESSBOX_CUSTODY_H
#define WITNESSBOX_CUSTODY_H

#include "record.h"
#include "vault.h"

/* ---- changes: one transaction, all or nothing ---- */

/* Everything between begin and commit is one transaction with its log entries and one
 * signed checkpoint. One change at a time per vault. */
struct wb_change;

/* What a save answers. */
struct wb_saved {
    struct wb_id id;
    uint32_t revision;
    uint8_t root[WB_ROOT_BYTES];
};

WB_API WB_CHECKED enum wb_status wb_change_begin(
    struct wb_change **c, struct wb_vault *v, struct wb_error *e);

/* Stores a new record. References must name records that exist here or were saved
 * earlier in this change (WB_ERR_NOT_FOUND names field and id); required fields must be
 * there. */
WB_API WB_CHECKED enum wb_status wb_change_add(struct wb_change *c,
    const struct wb_draft *d, struct wb_saved *saved, struct wb_error *e);

/* A draft that starts as the newest revision of a record of ours. Fields are then
 * changed with wb_draft_clear and wb_draft_add. */
WB_API WB_CHECKED enum wb_status wb_change_draft(struct wb_change *c,
    struct wb_draft **d, const struct wb_id *id, struct wb_error *e);

/* Why there is a next revision. */
struct wb_amendment {
    const char *reason;  /* transcription, witness, translation, other */
    bool over_signature; /* the account may change that was read back or signed */
    bool join;           /* it follows all heads of a fork, and may change nothing */
};

/* Stores the draft as the next revision of `id`; the reason goes into the log. A
 * joining one has all heads as its predecessors, those of others too: the draft is what
 * holds from now on. WB_ERR_USAGE when nothing changed, there is no fork to join, or
 * the reason is no such word; WB_ERR_INTEGRITY when a revision does not open that may
 * be a head. WB_ERR_POLICY where a field marked WB_CONFIRMED changes that the witness
 * had read back or signed: a supplementary statement keeps both accounts apart. */
WB_API WB_CHECKED enum wb_status wb_change_amend(struct wb_change *c,
    const struct wb_id *id, const struct wb_draft *d, const struct wb_amendment *why,
    struct wb_saved *saved, struct wb_error *e);

/* Stores the bytes of the open file `fd` (read from its current position to its end) as
 * a new evidence record about `about`; `draft` (kind evidence, or NULL) holds further
 * fields. Sets about, file-name, sha256, size. Flat memory. `name` is the name as
 * received: 1 to 1,024 bytes of UTF-8, kept as content only. */
WB_API WB_CHECKED enum wb_status wb_change_attach(struct wb_change *c,
    const struct wb_id *about, int fd, const char *name, const struct wb_draft *draft,
    struct wb_saved *saved, struct wb_error *e);

/* What becomes of lines that cannot be loaded: `each` is told of every one, in their
 * order, with its number, its bytes and why; an answer other than WB_OK ends the load.
 */
struct wb_rejects {
    enum wb_status (*each)(void *cookie, uint64_t line, const char *text, size_t size,
        const char *reason, struct wb_error *e);
    void *cookie;
};

/* Reads JSONL (one {"kind","fields","key"?} a line) from the open file `fd`, which must
 * be seekable; a line that begins with # is passed over. References may name a "key" of
 * any line, or be ids of records here. Name, hash and size of an evidence record's file
 * are taken as they are said: the file itself is not in this vault. Memory does not
 * depend on the number of lines. rejects  NULL: all or nothing, and the error names the
 * first bad line. Else bad lines are left out, with those that name their keys, and the
 * rest is loaded: `rejected` counts them, and `first` and `last` are set only where
 * `added` is not 0. A machine that fails (IO, MEMORY) ends the load in any case. */
struct wb_loaded {
    uint64_t added;
    uint64_t rejected;
    struct wb_id first;
    struct wb_id last;
};
WB_API WB_CHECKED enum wb_status wb_change_load(struct wb_change *c, int fd,
    const struct wb_rejects *rejects, struct wb_loaded *loaded, struct wb_error *e);

/* Makes it durable and frees the change; on error everything is rolled back and freed
 * too. */
WB_API WB_CHECKED enum wb_status wb_change_commit(
    struct wb_change **c, struct wb_error *e);

/* Undoes all of it; NULL is fine. */
WB_API void wb_change_rollback(struct wb_change **c);

/* ---- opening ----
 * --------------------------------------------------------------------------------- */

/* The newest revision of ours (of a foreign record: the newest), checked against root
 * and log entry. The record is freed with wb_record_free. WB_ERR_NOT_FOUND. */
WB_API WB_CHECKED enum wb_status wb_record_load(struct wb_vault *v,
    struct wb_record **r, const struct wb_id *id, struct wb_error *e);

/* The revision of `id` whose root begins with `root` (hexadecimal, 4 to 64 digits). */
WB_API WB_CHECKED enum wb_status wb_record_load_root(struct wb_vault *v,
    struct wb_record **r, const struct wb_id *id, const char *root, struct wb_error *e);

/* Makes a revision that somebody else wrote ours: from then on it counts as if it had
 * been written here (which revision is the newest, consents, amending), and the log
 * says when that was. Content, root and author stay what they are. `root` as in
 * wb_record_load_root. WB_ERR_USAGE where it is ours already. */
WB_API WB_CHECKED enum wb_status wb_adopt(struct wb_vault *v, const struct wb_id *id,
    const char *root, struct wb_saved *saved, struct wb_error *e);

/* The proof that a record stands in its author's log, as a C2SP tlog-proof file: ours
 * against the newest cosigned head that covers it, else the newest; a foreign one as it
 * came. WB_ERR_NOT_FOUND where it came without. *text is freed with wb_text_free. */
WB_API WB_CHECKED enum wb_status wb_record_prove(
    struct wb_vault *v, const struct wb_record *r, char **text, struct wb_error *e);

/* ---- out again ---- */

/* Writes the attachment of an evidence record to the open file `fd`, every chunk
 * checked before it is written, the whole compared with its SHA-256 at the end
 * (WB_ERR_INTEGRITY: what was written must be thrown away). Leaves a log entry. */
WB_API WB_CHECKED enum wb_status wb_extract(
    struct wb_vault *v, const struct wb_record *evidence, int fd, struct wb_error *e);

/* What was hashed, when, with what, by whom, and the result: what a qualified person
 * certifies of an electronic record (US FRE 902(13) and (14), Indian Evidence Act s.
 * 65B, and others). Times are the device's. */
struct wb_process {
    struct wb_id id;
    uint32_t revision;
    uint8_t root[WB_ROOT_BYTES];
    char file_name[1025]; /* as received; "" withheld */
    uint64_t size;
    char sha256[65];
    const char *method; /* "SHA-256 (FIPS 180-4)" */
    char action[16];    /* of the log entry: add, import, ... */
    char hashed[21];    /* when it was hashed as it was taken in */
    char actor[65];     /* by whom: the label of the passphrase that opened */
    char origin[65];    /* where that is logged */
    uint64_t index;     /* entry there */
    char compared[21];  /* now, when all its bytes were read and hashed again */
    char computed[65];  /* the hash that came out */
    bool same;
};

/* Reads the whole attachment of an evidence record. WB_ERR_NOT_FOUND without one;
 * WB_ERR_INTEGRITY when it cannot be read to its end. A hash that is another is no
 * error: `same` says so. */
WB_API WB_CHECKED enum wb_status wb_process_describe(struct wb_vault *v,
    const struct wb_id *id, struct wb_process *p, struct wb_error *e);

/* ---- the log ---- */

struct wb_log_entry {
    const char *origin; /* of the tree: a restart begins a new one */
    uint64_t index;     /* leaf in that tree */
    const char *action;
    const char *time;       /* by the device's clock, 2026-11-23T05:40:39Z */
    const char *detail;     /* lines "name value" */
    const struct wb_id *id; /* NULL where no single revision is meant */
    const uint8_t *root;    /* likewise */
};

/* Calls `each` for every entry, oldest first, of the record `id` or (NULL) of all;
 * stops when it answers false. */
WB_API WB_CHECKED enum wb_status wb_log_each(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_log_entry *entry), void *cookie,
    struct wb_error *e);

/* The newest signed checkpoint, exactly as a file would hold it. Lives until the next
 * change. */
WB_API WB_CHECKED enum wb_status wb_head(
    struct wb_vault *v, const char **checkpoint, struct wb_error *e);

/* ---- heads kept outside the vault ---- */

/* The newest head for telephone and paper: a line of twelve words (128 bits and a
 * check), a line "size N". *text is freed with wb_text_free (text.h). */
WB_API WB_CHECKED enum wb_status wb_head_words(
    struct wb_vault *v, char **text, struct wb_error *e);

/* How a head stands to the log of this vault. */
enum wb_standing {
    WB_STANDING_WHOLE,       /* the log goes on from it */
    WB_STANDING_LOST,        /* a restart closed the log before it: entries are lost */
    WB_STANDING_ROLLED_BACK, /* it is later than the log, which nothing has closed */
    WB_STANDING_FORK,        /* it is of another history of the same log */
    WB_STANDING_OTHER,       /* not a head of this vault, or none at all */
};
/* "whole", "lost", "rolled back", "fork", "head": the last four are problem kinds. */
WB_API const char *wb_standing_word(enum wb_standing standing);

/* Holds a head of this vault that was kept outside against its log. `text` is a
 * checkpoint as wb_head gave it, with or without cosignatures, or what wb_head_words
 * gave: each word whole or by its first four letters, any case. `*standing` (may be
 * NULL) is set whatever the answer.
 *   WB_OK             the log goes on from that head
 *   WB_ERR_INTEGRITY  lost, rolled back or fork, in words with both heads; also a
 *                     forged signature
 *   WB_ERR_NOT_FOUND  not a head of this vault
 *   WB_ERR_VALUE      not a head at all; a word that is not in the list (by its
 * number); words that do not fit each other A head that is longer than an open log
 * cannot tell a copy that was rolled back from one that went on by itself: the message
 * names both. */
WB_API WB_CHECKED enum wb_status wb_head_check(struct wb_vault *v, const char *text,
    size_t size, enum wb_standing *standing, struct wb_error *e);

/* Ends the log and begins a new one whose first entry commits to the last head and the
 * reason: for a second copy, or after a restore. What was logged stays and keeps its
 * proofs. */
WB_API WB_CHECKED enum wb_status wb_head_restart(
    struct wb_vault *v, const char *reason, struct wb_error *e);

/* ---- verify ---- */

enum wb_verify_flags {
    WB_VERIFY_DEEP = 1, /* every chunk of every attachment and every page as well */
};

/* Kinds, for ever:
 *   row missing      the log names it, and it or its body is not there
 *   row foreign      of another row, or unknown to the log
 *   row replaced     another content than the log says
 *   row altered      does not open: changed, or of another vault
 *   row older        an earlier self, put back
 *   lookup           its id does not lead to it
 *   chunk missing, chunk reordered, chunk truncated, chunk altered
 *   log gap, log altered, checkpoint (not ours, or not of these entries)
 *   lost, rolled back, fork, head    see enum wb_standing
 *   count            other numbers of rows than the state names
 *   page             the database file itself
 *   note             worth knowing and no problem: not counted
 * A header or state that does not fit is refused by wb_vault_unlock already. */
struct wb_problem {
    const char *kind;
    const char *where; /* "statement 4c7h... revision 2", "log entry 17", "row 12" */
    const char *what;  /* a sentence */
};

/* Who is told. Functions may be NULL; all get the cookie. */
struct wb_verify_watch {
    void (*problem)(void *cookie, const struct wb_problem *p);
    /* `done` of about `total` steps, now and then; a step is a row or a chunk. */
    void (*progress)(void *cookie, uint64_t done, uint64_t total);
    void *cookie;
};

struct wb_verified {
    uint64_t size;               /* log entries */
    uint8_t root[WB_ROOT_BYTES]; /* of the tree */
    uint64_t records;            /* revisions opened and checked */
    uint64_t files;              /* attachments, deep only */
    uint64_t shredded;           /* revisions that are gone with an entry for it */
    uint64_t checked;            /* rows and chunks looked at */
    uint64_t problems;
    uint64_t notes;
};

/* Goes on to the end whatever it finds; of a field vault (field.h) it sees tree, head
 * and numbers of rows only, and a note says so. WB_OK when it could look at everything,
 * problems or not: `verified->problems` decides. `watch` may be NULL. */
WB_API WB_CHECKED enum wb_status wb_verify(struct wb_vault *v, int flags,
    struct wb_verified *verified, const struct wb_verify_watch *watch,
    struct wb_error *e);

#endif
