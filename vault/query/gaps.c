/* vault/query/gaps.c - what a court would miss in a statement or an item of evidence.
 */
#include <string.h>
#include <witnessbox/custody.h>
#include <witnessbox/query.h>

#include "../base/buf.h"
#include "../base/fail.h"
#include "../record/record.h"

enum { FIELD_BYTES = 64 };

/* when   "" always; "field": something is said there; "field=word": that word is;
 *        "field!word": another word is
 * needs  names of fields, one of which will do; "+kind": a record of that kind about it
 *
 * ICC RPE: Rules of Procedure and Evidence of the International Criminal Court. CPR PD:
 * practice directions of the Civil Procedure Rules of England and Wales. US FRE:
 * Federal Rules of Evidence. IIMM, IIIM: the United Nations' mechanisms for Myanmar and
 * Syria. */
struct rule {
    const char *kind;
    const char *when;
    const char *needs;
    const char *why;
    const char *source;
};

/* clang-format off */
static const struct rule rules[] = {
    { "statement", "",               "witness",         "who was heard",                                            "ICC RPE 111(1)" },
    { "statement", "",               "date",            "the day it was given",                                     "ICC RPE 111(1)" },
    { "statement", "",               "time-start",      "when it began",                                            "ICC RPE 111(1)" },
    { "statement", "",               "time-end",        "when it ended",                                            "ICC RPE 111(1)" },
    { "statement", "",               "place",           "where it was given",                                       "ICC RPE 111(1)" },
    { "statement", "",               "interviewer",     "who asked and wrote it down",                              "ICC RPE 111(1)" },
    { "statement", "",               "present",         "everybody else who was there, or that nobody was",         "ICC RPE 111(1)" },
    { "statement", "",               "signed",          "whether the witness signed it",                            "ICC RPE 111(1)" },
    { "statement", "signed=none",    "not-signed",      "why the witness did not sign",                             "ICC RPE 111(1)" },
    { "statement", "signed!none",    "signed-date",     "the day it was signed",                                    "CPR PD22" },
    { "statement", "",               "signed-others",   "the signatures of who recorded it and who was present",    "ICC RPE 111(1)" },
    { "statement", "",               "declaration",     "a declaration of truth, in its words",                     "CPR PD22" },
    { "statement", "declaration",    "declaration-language", "the language of the declaration",                     "CPR PD22" },
    { "statement", "",               "spoken-language", "the witness's own language, in which it was given",        "CPR PD32" },
    { "statement", "",               "language",        "the language in which it is written",                      "CPR PD32" },
    { "statement", "",               "how-taken channel", "how it was taken: face to face or by telephone, questions or narrative", "CPR PD32" },
    { "statement", "",               "basis",           "what the witness saw, and what the witness was told",      "CPR PD32" },
    { "statement", "interpreter",    "undertaking",     "the interpreter's oath or undertaking",                    "CPR PD32" },
    { "statement", "interpreter",    "+derivative",     "a certified translation, to stand beside the original",    "CPR PD32" },
    { "statement", "",               "read-back",       "that it was read back before it was signed",               "IIMM" },
    { "statement", "read-back!no",   "read-back-how",   "by whom it was read back, and in which language",          "IIMM" },
    { "statement", "read-back!no",   "corrections",     "what the witness corrected then, or that nothing was",     "IIMM" },
    { "statement", "",               "explained",       "what was explained before: purpose, uses, risks, free will", "Istanbul Protocol" },
    { "statement", "",               "identity-check",  "how it is known that the witness is who they say",         "practice" },
    { "statement", "",               "earlier-accounts", "what was told before to whom, and why once more",         "Murad Code" },
    { "statement", "",               "referral",        "that help was offered",                                    "Murad Code" },
    { "statement", "",               "+consent",        "what the witness agreed to, for which use",                "IIMM" },

    { "evidence",  "",               "description",     "what it is and what it shows",                             "chain of custody" },
    { "evidence",  "",               "sha256 storage",  "the hash of its bytes, or where the object is kept",       "US FRE 902(14)" },
    { "evidence",  "",               "original",        "whether it is the original or a copy",                     "Berkeley Protocol" },
    { "evidence",  "original!original", "parent source", "what it was made from",                                   "Berkeley Protocol" },
    { "evidence",  "original=derivative", "operation",  "what was done to make it",                                 "Berkeley Protocol" },
    { "evidence",  "",               "from source",     "from whom it was obtained",                                "Berkeley Protocol" },
    { "evidence",  "",               "obtained",        "when it was obtained",                                     "Berkeley Protocol" },
    { "evidence",  "",               "obtained-where",  "where it was obtained",                                    "Berkeley Protocol" },
    { "evidence",  "",               "obtained-how",    "how it was obtained",                                      "Berkeley Protocol" },
    { "evidence",  "",               "authority",       "with whose permission or by which right",                  "Berkeley Protocol" },
    { "evidence",  "",               "date date-words", "when it was made",                                         "Berkeley Protocol" },
    { "evidence",  "",               "place place-coordinates", "where it was made",                                "Berkeley Protocol" },
    { "evidence",  "",               "device",          "with what it was made",                                    "US FRE 902(13)" },
    { "evidence",  "type=object",    "container",       "the bag or box it lies in",                                "IIIM" },
    { "evidence",  "type=object",    "seal",            "the seal, or that there is none",                          "IIIM" },
    { "evidence",  "type=object",    "condition",       "in which condition it came",                               "IIIM" },
    { "evidence",  "",               "+custody",        "who held it, from when to when, and for what",             "chain of custody" },
    { "evidence",  "shown",          "+consent",        "what the persons in it agreed to",                         "informed consent" },

    { "custody",   "",               "when when-words", "when it was",                                              "chain of custody" },
    { "custody",   "",               "where",           "where it was",                                             "chain of custody" },
    { "custody",   "",               "by released-by",  "who did it",                                               "chain of custody" },
    { "custody",   "",               "purpose",         "for what, and by what authority",                          "chain of custody" },
    { "custody",   "type=transfer",  "released-by",     "who gave it away, and how they signed",                    "chain of custody" },
    { "custody",   "type=transfer",  "received-by",     "who took it over, and how they signed",                    "chain of custody" },
    { "custody",   "type=transfer",  "condition-after", "its condition and seal when it was taken over",            "chain of custody" },
    { "custody",   "type=fixity-check", "hash-verified", "what the comparison said",                                "US FRE 902(14)" },

    { "derivative", "",              "by",              "who made it, and with which qualification",                "CPR PD32 23.2" },
    { "derivative", "",              "date",            "when it was made",                                         "Berkeley Protocol" },
    { "derivative", "",              "parent-root",     "which revision it was made from",                          "Berkeley Protocol" },
    { "derivative", "type=translation", "certificate",  "the translator's certificate of accuracy",                 "CPR PD32 23.2" },
    { "derivative", "type=translation", "certificate-date", "when that was signed",                                 "CPR PD32 23.2" },
    { "derivative", "type=translation", "language-from", "the language it was translated from",                     "CPR PD32 23.2" },
    { "derivative", "type=translation", "language-to",  "the language it was translated into",                      "CPR PD32 23.2" },
    { "derivative", "type=redaction", "removed",        "what was taken out, and why each part was",                "ICC practice" },
    { "derivative", "type=redaction", "approved-by",    "who approved the redaction",                               "ICC practice" },
};
/* clang-format on */

#define RULES (sizeof rules / sizeof *rules)

static bool
has_rules(const char *kind)
{
    for (size_t i = 0; i < RULES; i++)
        if (strcmp(rules[i].kind, kind) == 0)
            return true;
    return false;
}

/* Said is what was asked and answered, if only by not knowing or not telling; what was
 * withheld from us is there for others. */
static bool
is_said(const struct wb_record *r, const char *field)
{
    struct wb_field_view f;
    struct wb_value_view v;

    for (size_t i = 0; wb_record_field(r, i, &f); i++)
        if (f.withheld && strcmp(f.name, field) == 0)
            return true;
    return wb_record_value(r, field, 0, &v) && v.state != WB_STATE_ABSENT &&
        v.state != WB_STATE_NOT_ASKED;
}

static bool
applies(const struct rule *rule, const struct wb_record *r)
{
    size_t size = strcspn(rule->when, "=!");
    const char *word = rule->when + size;
    char field[FIELD_BYTES];
    struct wb_value_view v;

    if (strcmp(rule->kind, wb_record_kind(r)) != 0)
        return false;
    if (size == 0)
        return true;
    memcpy(field, rule->when, size);
    field[size] = '\0';
    if (*word == '\0')
        return is_said(r, field);
    if (!wb_record_value(r, field, 0, &v) || v.state != WB_STATE_TEXT)
        return false;
    return (strcmp(v.text, word + 1) == 0) == (*word == '=');
}

/* One of the fields that would do. */
static bool
is_met(const struct rule *rule, const struct wb_record *r)
{
    char field[FIELD_BYTES];

    const char *at = rule->needs;

    for (size_t size; *at != '\0'; at += size + (at[size] == ' ')) {
        size = strcspn(at, " ");
        memcpy(field, at, size);
        field[size] = '\0';
        if (is_said(r, field))
            return true;
    }
    return false;
}

/* ---- the record, then what belongs to it ---- */

struct walk {
    const struct wb_id *about;
    bool met[RULES];     /* of rules that need a record of some kind */
    struct wb_buf parts; /* ids of what has rules of its own */
    bool (*each)(void *cookie, const struct wb_gap *gap);
    void *cookie;
    bool stopped;
};

/* Whether the record belongs to the one that is looked at. */
static bool
is_part(const struct wb_record *r, const struct wb_id *whole)
{
    struct wb_field_view f;
    struct wb_value_view v;
    struct wb_id id;

    for (size_t i = 0; wb_record_field(r, i, &f); i++) {
        if (f.field == NULL || (f.field->flags & WB_PART_OF) == 0)
            continue;
        for (size_t n = 0; wb_record_value(r, f.name, n, &v); n++)
            if (v.state == WB_STATE_TEXT && wb_id_parse(&id, v.text, v.size) &&
                wb_id_equal(&id, whole))
                return true;
    }
    return false;
}

static bool
note_part(void *cookie, const struct wb_record *r)
{
    struct walk *w = cookie;
    const char *kind = wb_record_kind(r);

    if (!is_part(r, w->about))
        return true;
    for (size_t i = 0; i < RULES; i++)
        if (rules[i].needs[0] == '+' && strcmp(rules[i].needs + 1, kind) == 0)
            w->met[i] = true;
    if (strcmp(kind, "custody") == 0 || strcmp(kind, "derivative") == 0)
        wb_buf_add(&w->parts, wb_record_id(r), sizeof(struct wb_id));
    return true;
}

static void
look(struct walk *w, const struct wb_record *r)
{
    for (size_t i = 0; i < RULES && !w->stopped; i++) {
        const struct rule *rule = &rules[i];
        bool is_record = rule->needs[0] == '+';
        struct wb_gap gap = {.id = wb_record_id(r),
            .kind = rule->kind,
            .fields = is_record ? "" : rule->needs,
            .record = is_record ? rule->needs + 1 : "",
            .why = rule->why,
            .source = rule->source};

        if (applies(rule, r) && !(is_record ? w->met[i] : is_met(rule, r)))
            w->stopped = !w->each(w->cookie, &gap);
    }
}

/* Oldest first: the walk was from the newest. */
static enum wb_status
look_at_parts(struct walk *w, struct wb_vault *v, struct wb_error *e)
{
    const struct wb_id *ids = (const struct wb_id *)(const void *)w->parts.data;
    enum wb_status st = wb_buf_check(&w->parts, e);

    for (size_t i = w->parts.size / sizeof *ids; st == WB_OK && i > 0; i--) {
        struct wb_record *r = NULL;

        if ((st = wb_record_load(v, &r, &ids[i - 1], e)) == WB_OK)
            look(w, r);
        wb_record_free(&r);
    }
    return st;
}

enum wb_status
wb_gaps(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_gap *gap), void *cookie,
    uint64_t *damaged, struct wb_error *e)
{
    const struct wb_list_filter filter = {.refers_to = id};
    struct walk w = {.about = id, .each = each, .cookie = cookie};
    struct wb_record *r = NULL;
    enum wb_status st;

    *damaged = 0;
    if ((st = wb_record_load(v, &r, id, e)) != WB_OK)
        return st;
    wb_buf_init(&w.parts, (size_t)1 << 30);
    if (!has_rules(wb_record_kind(r)))
        st = wb_fail(e, WB_ERR_USAGE,
            "nothing is known of what a court misses in records of kind %s; ask for a "
            "statement, evidence, custody or derivative",
            wb_record_kind(r));
    if (st == WB_OK)
        st = wb_list(v, &filter, note_part, &w, damaged, e);
    if (st == WB_OK) {
        look(&w, r);
        st = look_at_parts(&w, v, e);
    }
    wb_buf_wipe(&w.parts);
    wb_record_free(&r);
    return st;
}
