/* vault/custody/run.h - one run of verify: who is told, what was counted. */
#ifndef WB_CUSTODY_RUN_H
#define WB_CUSTODY_RUN_H

#include "heads.h"
#include "tombs.h"

enum { WB_WHERE_BYTES = 160 };

struct wb_run {
    struct wb_vault *v;
    struct wb_verified verified;
    struct wb_verify_watch watch;
    uint64_t total; /* steps, about */
    struct wb_tombs tombs;
};

/* Tells a problem and counts it; a note is not counted as one. */
void wb_run_tell(
    struct wb_run *run, const char *kind, const char *where, const char *what);
void wb_run_note(struct wb_run *run, const char *where, const char *what);

/* One more row or chunk was looked at. */
void wb_run_step(struct wb_run *run);

/* What only stops the whole run: the machine fails, not the vault. */
bool wb_run_is_fatal(enum wb_status st);

/* ---- verify_log.c ---- */

/* Entries, trees, checkpoints, heads. */
WB_CHECKED enum wb_status wb_run_log(struct wb_run *run, struct wb_error *e);

/* Every entry that names a revision must have it. */
WB_CHECKED enum wb_status wb_run_entries(struct wb_run *run, struct wb_error *e);

/* ---- drafts.c ---- */

/* The sealed drafts: counted, and each opens. */
WB_CHECKED enum wb_status wb_run_drafts(struct wb_run *run, struct wb_error *e);

/* ---- verify_rows.c ---- */

/* Every revision, with its attachment where `deep`. */
WB_CHECKED enum wb_status wb_run_rows(
    struct wb_run *run, bool deep, struct wb_error *e);

#endif
