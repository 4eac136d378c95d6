/* include/witnessbox/withdraw.h - taking a consent back: what it concerns here, who has
 * copies, and the notices to them; and notices that came. */
#ifndef WITNESSBOX_WITHDRAW_H
#define WITNESSBOX_WITHDRAW_H

#include "bundle.h"

/* What a withdrawal concerns; found without changing anything. */
struct wb_withdrawal;

/* `id` is a consent; or a person, statement or evidence, of which everything is
 * withdrawn that was agreed about it or, of a person, by it. Freed with
 * wb_withdrawal_free, and of no use once the vault has changed.
 *   USAGE  another kind; nothing that was agreed is there any more */
WB_API WB_CHECKED enum wb_status wb_withdrawal_look(struct wb_withdrawal **w,
    struct wb_vault *v, const struct wb_id *id, struct wb_error *e);
WB_API void wb_withdrawal_free(struct wb_withdrawal **w);

WB_API size_t wb_withdrawal_consents(const struct wb_withdrawal *w);

/* A record that rests on it: what was agreed about, what that person said or is seen
 * in, and everything that belongs to these or was made from them. False past the last.
 */
struct wb_concerned {
    struct wb_id id;
    const char *kind, *title;
};
WB_API bool wb_withdrawal_record(
    const struct wb_withdrawal *w, size_t index, struct wb_concerned *record);

enum wb_reach {
    WB_REACH_NOTICE,  /* can be written to */
    WB_REACH_WORDS,   /* had it under a passphrase: to be told by another way */
    WB_REACH_UNKNOWN, /* had unlinkable copies: a notice would say who sent them */
};

/* Somebody who was handed some of it, once for each key. Borrowed. */
struct wb_told {
    enum wb_reach reach;
    const char *recipient; /* age1..., or "passphrase" */
    const char *contact;   /* as we called them */
    uint64_t records;
    struct wb_id notice; /* after wb_withdraw, of WB_REACH_NOTICE */
};
WB_API bool wb_withdrawal_told(
    const struct wb_withdrawal *w, size_t index, struct wb_told *told);

/* Records it, in one transaction: our consents as withdrawn today, a refusal of ours
 * beside each consent that others wrote, a notice for each who can be written to, which
 * names only what they have, and an entry in the log. `reason` (or NULL) is one line
 * that is read by all of them. The notices still have to be exported. */
WB_API WB_CHECKED enum wb_status wb_withdraw(struct wb_withdrawal *w,
    struct wb_vault *v, const char *reason, struct wb_error *e);

/* A record here that a notice names. Borrowed. */
struct wb_noticed {
    struct wb_id notice;
    const char *type;   /* withdrawal, correction, destruction, return */
    const char *reason; /* "" where none is given */
    const char *time;   /* by the clock of whoever wrote it */
    bool is_ours;       /* written here, to those who have copies */
    const char *from;   /* else who sent it, as we call them, or "" */
    struct wb_concerned record;
};
/* Of the notices that a bundle brought: what they name of what is here. Stops when
 * `each` answers false. A withdrawal counts as a refusal from then on. */
WB_API WB_CHECKED enum wb_status wb_noticed_each(struct wb_vault *v,
    const struct wb_bundle_report *report,
    bool (*each)(void *cookie, const struct wb_noticed *noticed), void *cookie,
    struct wb_error *e);

/* The notices here, ours and those that came, that name a record: `record` is not
 * filled in. Newest first; stops when `each` answers false. */
WB_API WB_CHECKED enum wb_status wb_notice_each(struct wb_vault *v,
    const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_noticed *noticed), void *cookie,
    struct wb_error *e);

#endif
