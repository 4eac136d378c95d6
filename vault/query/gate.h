/* vault/query/gate.h - the consent gate of a vault: which records may go to somebody,
 * and how far. For export, dump and report alike. */
#ifndef WB_QUERY_GATE_H
#define WB_QUERY_GATE_H

#include <witnessbox/query.h>

#include "../record/consent.h"
#include "name_scan.h"
#include "ties.h"

/* One who will read it, by what a consent may call them. */
struct wb_gate_recipient {
    const char *const *names;
    size_t count;
};

/* What is asked; everything borrowed for as long as the gate lives. */
struct wb_gate_request {
    const char *purpose; /* a word of the list */
    /* Each of them must be allowed to. None: nobody in particular, so that a consent
     * for named recipients is no consent. */
    const struct wb_gate_recipient *recipients;
    size_t recipient_count;
    enum wb_level level; /* identities go no further, whatever consents say */
    const struct wb_exception *overrides; /* records that go all the same */
    size_t override_count;
};

enum wb_gate_answer {
    WB_GOES,
    WB_STAYS,   /* a person at level anonymous, and what is about one */
    WB_REFUSED, /* somebody it concerns did not agree */
};

struct wb_verdict {
    enum wb_gate_answer answer;
    enum wb_level level;    /* how far the identities in it go */
    bool asked;             /* it took a consent; else `why` says nothing */
    struct wb_decision why; /* `by` lives as long as the gate */
    const char *override;   /* the reason given, or NULL */
};

/* A person of the vault, all revisions together. */
struct wb_gate_person {
    struct wb_id id;
    bool known;         /* in public, as `public` says: it needs no consent */
    const char **names; /* name, other-names */
    size_t name_count;
    struct wb_verdict verdict;
};

struct wb_gate {
    struct wb_gate_request request;
    struct wb_vault *vault;
    struct wb_arena arena;
    struct wb_consents consents;
    struct wb_ties ties;
    struct wb_buf people;  /* of struct wb_gate_person, by id */
    struct wb_buf unnamed; /* of struct wb_id: see wb_gate_hide */
    int64_t today;
};

/* Walks over all records once: consents, persons, and who is tied to what. `g` is wiped
 * by the caller, on errors too; it starts as {0}. Errors as wb_list; INTEGRITY where a
 * record does not open: it may be the one that says no */
WB_CHECKED enum wb_status wb_gate_open(struct wb_gate *g, struct wb_vault *v,
    const struct wb_gate_request *request, struct wb_error *e);
void wb_gate_wipe(struct wb_gate *g);

/* May this record go? Statements and evidence that somebody gave or can be seen in need
 * the consent of record and persons; persons without a consent go with their identity
 * withheld; what belongs to a record (its evidence, consents, custody, derivatives)
 * goes as far as that; everything else goes. What was said of the record itself holds
 * in any case where it is the stricter. The level is the lowest of the persons it
 * speaks of. Opens the records it belongs to. */
WB_CHECKED enum wb_status wb_gate_ask(const struct wb_gate *g, struct wb_verdict *out,
    const struct wb_record *r, struct wb_error *e);

/* Withholds what may not go of a record that goes: what never leaves, below named the
 * fields that identify (of unknown kinds all), references to persons that stay behind,
 * in judgments and relations also those to persons who are not named beside one who is,
 * and name, hash and size of a file that shows somebody who is not named or belongs, at
 * however many removes, to such a person or to evidence that shows one. */
void wb_gate_withhold(
    const struct wb_gate *g, struct wb_record *r, enum wb_level level);

/* gate_names.c: adds to `scan` all names of those who may not go as who they are, and
 * settles it; one word tells of a person that the records of `ids` or their incidents
 * speak of. The numbers are for wb_gate_person_at. Errors MEMORY, LIMIT */
WB_CHECKED enum wb_status wb_gate_names(const struct wb_gate *g,
    struct wb_name_scan *scan, const struct wb_id *ids, size_t count,
    struct wb_error *e);
const struct wb_gate_person *wb_gate_person_at(const struct wb_gate *g, size_t number);

/* gate_withhold.c: lists once, after the verdicts, the persons who do not go named, the
 * evidence that shows them and all parts of either. Errors MEMORY, LIMIT */
WB_CHECKED enum wb_status wb_gate_hide(struct wb_gate *g, struct wb_error *e);

/* gate_gather.c: the walk alone. */
WB_CHECKED enum wb_status wb_gate_gather(struct wb_gate *g, struct wb_error *e);

/* NULL: no such person is known here. */
const struct wb_gate_person *wb_gate_person(
    const struct wb_gate *g, const struct wb_id *id);

#endif
