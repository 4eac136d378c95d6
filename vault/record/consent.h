/* vault/record/consent.h - how far a record may go, as those concerned decided. */
#ifndef WB_RECORD_CONSENT_H
#define WB_RECORD_CONSENT_H

#include "record.h"

/* How far an identity goes along; a lower one is the stricter. */
enum wb_level { WB_LEVEL_ANONYMOUS, WB_LEVEL_PSEUDONYM, WB_LEVEL_NAMED };
/* "anonymous", "pseudonym", "named". */
const char *wb_level_word(enum wb_level level);
bool wb_level_find(enum wb_level *level, const char *word);

/* ---- what is known: revisions of consent records ---- */

/* One revision of a consent record. All it points to is in the arena of the list. */
struct wb_consent {
    struct wb_id id, about;
    uint8_t root[WB_ROOT_BYTES];
    uint8_t (*previous)[WB_ROOT_BYTES];
    size_t previous_count;
    const char *origin;  /* "" closed */
    const char *purpose; /* NULL: of any; a closed or unknown one of a refusal */
    enum { WB_CONSENT_YES, WB_CONSENT_ASK, WB_CONSENT_NO } answer;
    enum wb_level level; /* pseudonym where a yes does not say */
    bool conditions;
    bool withdrawn;
    bool foreign;
    /* Days since 1970. `when` of a yes is the first day that its date allows, of a
     * refusal the last; without a date a yes is older than all others, a refusal newer.
     * A yes holds through the first day that `expiry` allows, a refusal the last. */
    int64_t when, expiry;
    const char *const *recipients; /* only for these; none: for everybody */
    size_t recipient_count;
    bool counts; /* wb_consents_settle's own */
};

/* Starts as {0}, ends with wb_consents_wipe. */
struct wb_consents {
    struct wb_arena arena;
    struct wb_consent *list;
    size_t count, room;
};
void wb_consents_wipe(struct wb_consents *c);

/* Adds a stored revision; of other kinds nothing. A foreign one only refuses, whatever
 * it says, until it is adopted; a foreign notice of withdrawal refuses for each record
 * that it names. Errors MEMORY */
WB_CHECKED enum wb_status wb_consents_add(
    struct wb_consents *c, const struct wb_record *r, struct wb_error *e);

/* Once all are there: only heads stay, sorted by what they are about. A revision is
 * none where a later one names it as its predecessor, both ours, or the earlier foreign
 * and both of one origin: a stranger's never takes the place of ours. */
void wb_consents_settle(struct wb_consents *c);

/* ---- the decision: pure ---- */

/* For what, to whom, and when. A consent for a recipient may write any of the names. */
struct wb_consent_question {
    const char *purpose;
    const char *const *names;
    size_t name_count;
    int64_t today; /* the later of the clock and the newest log entry, days since 1970
                    */
};

enum wb_consent_reason {
    WB_REASON_GIVEN,      /* a yes */
    WB_REASON_INTERNAL,   /* nothing is said; inside the organisation that is a yes */
    WB_REASON_SILENT,     /* nothing is said for this purpose */
    WB_REASON_EXPIRED,    /* what was said holds no longer */
    WB_REASON_OTHERS,     /* what was said holds for other recipients */
    WB_REASON_ASK,        /* to be asked again each time */
    WB_REASON_CONDITIONS, /* under conditions that no program can check */
    WB_REASON_NO,
    WB_REASON_WITHDRAWN,
};
/* "no consent for this purpose is recorded", ... */
const char *wb_reason_words(enum wb_consent_reason reason);

struct wb_decision {
    bool allowed;
    enum wb_level level; /* over all subjects; of a refusal what an override ships */
    enum wb_consent_reason reason; /* of the strictest answer */
    struct wb_id subject;          /* whose that is */
    const struct wb_consent *by;   /* that it rests on; NULL: on silence */
};

/* Decides for a record: `subjects` (at least one) is the record itself and the persons
 * whose consent counts. Of each, heads that are expired or for other recipients say
 * nothing, heads of one record speak as the strictest of them, the newest record by
 * `when` wins, and of one day the stricter. Silence is no (internal: yes). Refused is
 * what one subject refuses; the level is the lowest. */
void wb_consents_decide(struct wb_decision *d, const struct wb_consents *c,
    const struct wb_consent_question *q, const struct wb_id *subjects, size_t count);

#endif
