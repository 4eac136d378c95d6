/* include/witnessbox/bundle.h - leaving a vault and entering one: cards, contacts,
 * bundles. */
#ifndef WITNESSBOX_BUNDLE_H
#define WITNESSBOX_BUNDLE_H

#include "custody.h"
#include "field.h"
#include "query.h"

/* ---- who we are
 * ---------------------------------------------------------------------------- */

/* Public parts of an identity card (vault/bundle/FORMAT.md section 5). Text borrowed
 * from the owner of the struct. */
struct wb_card {
    char name[129];
    char recipient[64]; /* age1... */
    char minisign[57];  /* RW... */
    char log[160];      /* C2SP verifier key */
    char cosigner[172];
    char collect[45]; /* base64 */
};

WB_API WB_CHECKED enum wb_status wb_identity(
    struct wb_vault *v, struct wb_card *card, struct wb_error *e);

/* The card as a file, signed. *text is freed with wb_text_free (text.h). */
WB_API WB_CHECKED enum wb_status wb_identity_export(
    struct wb_vault *v, char **text, struct wb_error *e);

/* What an owner's card says for a field vault (field.h); the mark of the key in it is
 * to be compared with the owner. WB_ERR_FORMAT, WB_ERR_INTEGRITY. Needs no vault. */
struct wb_owner {
    char name[129];
    uint8_t collect[32];
    char mark[WB_MARK_BYTES];
};
WB_API WB_CHECKED enum wb_status wb_card_owner(
    struct wb_owner *owner, const char *card, size_t size, struct wb_error *e);

/* Reads a card and checks its self-signature: that it is whose it says is not known by
 * that. *words gets twelve words over the whole card, to be read out by voice; freed
 * with wb_text_free. FORMAT, INTEGRITY. */
WB_API WB_CHECKED enum wb_status wb_card_read(struct wb_card *card, char **words,
    const char *text, size_t size, struct wb_error *e);

/* ---- whom we trust
 * ------------------------------------------------------------------------- */

/* Checks the card's form and self-signature, then stores it as a contact (not verified)
 * under `label` (NULL: the name on the card).
 *   USAGE      the label is taken; the card is our own, one that is here, or an older
 * one POLICY     one contact has its key, another the key before it INTEGRITY  a key or
 * log of somebody else's is on it A card that the key of a contact has signed too
 * (wb_identity_rotate) puts its keys in the place of that contact's, which is not
 * verified then: saved->revision is above 1, and whoever asked is to be told. */
WB_API WB_CHECKED enum wb_status wb_contact_add(struct wb_vault *v, const char *card,
    size_t size, const char *label, struct wb_saved *saved, struct wb_error *e);

/* How a card stands to whom we know, as wb_contact_add would take it, errors included.
 */
enum wb_card_state {
    WB_CARD_NEW,    /* of nobody known here */
    WB_CARD_HERE,   /* the one that the contact has */
    WB_CARD_CHANGE, /* signed with the contact's key: other keys, or another log */
};
struct wb_card_standing {
    enum wb_card_state state;
    char label[1025]; /* the contact's, or "" */
    bool verified;    /* the contact as it is known */
};
WB_API WB_CHECKED enum wb_status wb_card_whose(struct wb_vault *v, const char *card,
    size_t size, struct wb_card_standing *standing, struct wb_error *e);

/* Records that the key was compared with its owner, `how` in the user's words, and
 * (unless NULL) of whose organisation they are, "own" or "other": what is meant for
 * inside goes to nobody else. */
WB_API WB_CHECKED enum wb_status wb_contact_verify(struct wb_vault *v,
    const char *label, const char *how, const char *organisation, struct wb_error *e);

struct wb_contact {
    struct wb_id id;
    const char *label;
    const char *name;
    const char *recipient;
    const char *minisign;
    bool verified;
    const char *verified_how; /* "" where not */
    const char *verified_when;
    const char *card; /* the whole card, for wb_card_read; "" of a field vault */
    const char *log;  /* verifier key */
};
WB_API WB_CHECKED enum wb_status wb_contact_each(struct wb_vault *v,
    bool (*each)(void *cookie, const struct wb_contact *contact), void *cookie,
    struct wb_error *e);

/* What is compared of a field vault, the contact without a card: wb_collected.mark. */
WB_API WB_CHECKED enum wb_status wb_contact_mark(char mark[static WB_MARK_BYTES],
    const struct wb_contact *contact, struct wb_error *e);

/* ---- export
 * -------------------------------------------------------------------------------- */

enum wb_plan_state {
    WB_PLAN_GOES,
    WB_PLAN_STAYS,   /* an anonymous person, and what is about one */
    WB_PLAN_REFUSED, /* somebody it concerns did not agree */
    /* a text to be shipped has a name in it that is not to be shipped, or, where
     * nothing may lead back here, the id of a record */
    WB_PLAN_NAME,
};

/* What becomes of a record, or of a name in it. Borrowed; "" and NULL where there is
 * nothing to say. `title` and `reason` may name people: for the person at the screen.
 */
struct wb_plan_line {
    enum wb_plan_state state;
    const struct wb_id *id;
    const char *kind, *title;
    const char *level;  /* how far the identities in it go */
    const char *reason; /* of consent: "no consent for this purpose is recorded" */
    const struct wb_id *subject; /* whose: the record itself or a person */
    const struct wb_id *consent; /* the record that it rests on */
    const char *override;        /* the reason that was given for sending it anyway */
    uint64_t withheld;           /* places that the consent closes */
    /* WB_PLAN_NAME: */
    const char *field;
    size_t value;               /* from 1; 0: the field has only one */
    const struct wb_id *person; /* or any record, where its id is what stands there */
    const char *name;           /* as it is recorded, not as the text has it */
    bool is_id;                 /* it is the id of `person` that stands there */
    const char *keep;           /* the reason that was given for keeping it */
};

struct wb_buf;
struct wb_plan;

struct wb_export_request {
    /* Labels of contacts, or age1...; 1 to 16, each key counted once. All of them see
     * who else the bundle is for. */
    const char *const *to;
    size_t to_count;
    /* Instead: whoever has these words can open it, and it is addressed to nobody. Not
     * empty, at most 1,024 bytes; wb_passphrase_suggest (keys.h) makes good ones. */
    const char *passphrase;
    const char *purpose;     /* NULL: partner */
    const struct wb_id *ids; /* these records */
    size_t id_count;
    const struct wb_id *incident; /* and everything that belongs to this one; or NULL */
    bool all;                     /* or every record that may leave */
    const char *path;             /* file to write; must not exist */
    uint64_t split; /* parts of so many bytes (struct wb_part_name), or 0 */
    /* "FIELD", or "FIELD.N" for one value of a list from 1: withheld from the records
     * of `ids` whose kind has that field; "ID:FIELD.N", the id in full, from that
     * record alone. Their roots and proofs hold all the same. */
    const char *const *redact;
    size_t redact_count;
    /* Identities go no further; NULL: named. With "anonymous", and for the purpose
     * publication, what goes is copies under keys of one use, that nothing ties to this
     * vault or another bundle. */
    const char *level;
    bool no_proof;          /* without origins, proofs and times */
    bool leave_out_refused; /* what may not go stays, and the rest goes */
    /* Records and persons that go although nobody agreed. The receiver sees why. */
    const struct wb_exception *overrides;
    size_t override_count;
    /* Records whose texts, or persons whose names in texts, were looked at. */
    const struct wb_exception *keep_names;
    size_t keep_name_count;
    bool plan_only; /* nothing is written; refusals are no error */
    /* wb_report_page (report.h) puts a page for a browser beside the records; NULL:
     * there is none. */
    enum wb_status (*page)(struct wb_buf *page, struct wb_vault *v,
        const struct wb_plan *plan, struct wb_error *e);
    /* Told of every record, then of every name found; or NULL. */
    void (*tell)(void *cookie, const struct wb_plan_line *line);
    void *cookie;
};

struct wb_exported {
    char bundle[WB_ID_TEXT_BYTES];
    char sha256[65]; /* of the file */
    uint64_t records;
    uint64_t files;
    uint64_t bytes;
};

/* Plans, writes and syncs a temporary file, commits handoff record and log entry, then
 * gives the file its name. Runs the log-level verify first: WB_ERR_INTEGRITY, nothing
 * written. WB_ERR_POLICY, nothing written: consent for this purpose and recipient does
 * not reach that far, or a text names somebody whose name stays here. With `plan_only`
 * `exported` has the counts and the size of the archive inside the file. */
WB_API WB_CHECKED enum wb_status wb_export(struct wb_vault *v,
    const struct wb_export_request *request, struct wb_exported *exported,
    struct wb_error *e);

/* A bundle that the vault says has left while its file has no name yet: the computer
 * stopped in between. False where part `index` (from 0) of that handoff is no such. */
struct wb_unfinished {
    char path[1025];     /* what it waits for, as a whole path */
    char temporary[256]; /* how it is called beside that */
};
WB_API bool wb_handoff_unfinished(
    struct wb_unfinished *u, const struct wb_record *handoff, size_t index);

struct wb_finished {
    char bundle[WB_ID_TEXT_BYTES];
    char sha256[65]; /* of the file */
};

/* Gives such a bundle its name: the last part of `path` says which, all before that
 * the folder where it lies. NOT_FOUND none waits for that name, or its bytes are not
 * there | INTEGRITY other bytes are | IO somebody else has the name. Nothing is
 * changed then. */
WB_API WB_CHECKED enum wb_status wb_export_finish(struct wb_vault *v, const char *path,
    struct wb_finished *finished, struct wb_error *e);

/* Whether a bundle could be addressed so, before the first of several is written:
 * USAGE none, more than 16, or a field vault | NOT_FOUND neither a contact nor a key.
 * *keys (may be NULL) is how many different keys they are. */
WB_API WB_CHECKED enum wb_status wb_export_check_recipients(struct wb_vault *v,
    const char *const *to, size_t count, size_t *keys, struct wb_error *e);

/* A bundle of ours that has a revision of a record. Text borrowed; "" where empty. */
struct wb_holder {
    const char *bundle;
    const char *time;
    const char *contact;   /* as we call them */
    const char *recipient; /* the first key that it was encrypted to */
    const char *purpose;
    const char *root; /* of the revision that it has, hexadecimal */
};

/* Who was handed a copy, newest first, by the handoffs of this vault; stops when `each`
 * answers false. */
WB_API WB_CHECKED enum wb_status wb_holder_each(struct wb_vault *v,
    const struct wb_id *id, bool (*each)(void *cookie, const struct wb_holder *holder),
    void *cookie, struct wb_error *e);

/* ---- inspect and import
 * -------------------------------------------------------------------- */

enum wb_trust {
    WB_TRUST_VERIFIED = 1,   /* signed by a contact whose key was compared */
    WB_TRUST_UNVERIFIED = 2, /* by a contact whose key was not */
    WB_TRUST_UNKNOWN = 3,    /* by a key that no contact has */
};

/* Who sent a foreign revision, and how far that was known. */
struct wb_received {
    bool is_known;        /* it came in a bundle; else nothing below is filled */
    enum wb_trust trust;  /* when it was taken in */
    bool is_verified_now; /* the sender is a contact whose key has been compared */
    char label[1025];     /* of the contact who has the key now, or "" */
    char time[21];        /* when it was taken in, by the device's clock */
};
WB_API WB_CHECKED enum wb_status wb_record_received(struct wb_vault *v,
    const struct wb_record *r, struct wb_received *received, struct wb_error *e);

struct wb_bundle_record {
    struct wb_id id;
    const char *kind;
    const char *title;
    uint32_t revision;
    const uint8_t *root;
    uint64_t withheld;
    bool present; /* this revision is here already */
    bool
        completes; /* and the bundle opens more of it, or is of a better known sender */
    bool refused;  /* shredded here: it is not taken in, see struct wb_reading */
    bool fork;     /* another revision with the same predecessor is here */
    const uint8_t *sha256; /* of the file that it is evidence of, or NULL */
};

/* Everything said of a bundle once all of it was checked. Borrowed until the report is
 * freed. */
struct wb_bundle_report;

WB_API void wb_report_free(struct wb_bundle_report **report);
WB_API const char *wb_report_bundle(const struct wb_bundle_report *r);
WB_API const char *wb_report_sha256(const struct wb_bundle_report *r); /* of the file */
WB_API const char *wb_report_signer(const struct wb_bundle_report *r); /* RW... */
WB_API const char *wb_report_signer_name(
    const struct wb_bundle_report *r); /* contact or "" */
WB_API enum wb_trust wb_report_trust(const struct wb_bundle_report *r);
/* The sender's card as it came, for wb_contact_add; nothing is trusted by it. */
WB_API const char *wb_report_card(const struct wb_bundle_report *r);
WB_API const char *wb_report_purpose(const struct wb_bundle_report *r);
WB_API const char *wb_report_time(const struct wb_bundle_report *r);
/* False for a bundle under a passphrase: whoever has the words may have been meant. */
WB_API bool wb_report_is_addressed(const struct wb_bundle_report *r);
/* True for copies under keys of one use: who sent them cannot be known, and no other
 * bundle has these ids and roots. */
WB_API bool wb_report_is_unlinkable(const struct wb_bundle_report *r);
/* How far the log of the sender had come when the bundle was made, and how far it is
 * known to have come: one that is older lacks what was written since, which is usual
 * for what was long on its way. `fork` names two heads of one size that differ, ""
 * where there are none. False where the log is not a contact's. */
struct wb_sender_log {
    uint64_t size, newest;
    bool is_older;
    const char *fork;
};
WB_API bool wb_report_sender_log(
    const struct wb_bundle_report *r, struct wb_sender_log *log);
/* Records that were sent although nobody agreed, and the sender's reason; false past
 * the last. */
WB_API bool wb_report_override(
    const struct wb_bundle_report *r, size_t index, struct wb_exception *override);
WB_API size_t wb_report_recipient_count(const struct wb_bundle_report *r);
WB_API const char *wb_report_recipient(const struct wb_bundle_report *r, size_t index);
WB_API size_t wb_report_record_count(const struct wb_bundle_report *r);
WB_API void wb_report_record(
    const struct wb_bundle_report *r, size_t index, struct wb_bundle_record *record);
WB_API uint64_t wb_report_added(const struct wb_bundle_report *r); /* import only */
/* Revisions that were here, and of which more is open now, or their sender better known
 * (import only). */
WB_API uint64_t wb_report_completed(const struct wb_bundle_report *r);
WB_API uint64_t wb_report_present(const struct wb_bundle_report *r);
WB_API uint64_t wb_report_refused(const struct wb_bundle_report *r);
WB_API uint64_t wb_report_forks(const struct wb_bundle_report *r);
WB_API uint64_t wb_report_files(const struct wb_bundle_report *r);
/* Of the page for a browser that came with it, 0 where none did. It is the sender's
 * word and is not taken in: report.h makes one of the records. */
WB_API uint64_t wb_report_page_bytes(const struct wb_bundle_report *r);

enum wb_import_flags {
    WB_IMPORT_ACCEPT =
        1, /* also from an unknown or unverified sender; it stays marked */
    WB_IMPORT_ANSWER = 2, /* wb_receipt is to follow: not what nobody can answer */
};

/* A shredded record that may come back, and why: the reason goes into the log. */
struct wb_readmit {
    struct wb_id id;
    const char *reason;
};

/* How a bundle is read. NULL, or {0}: with our own key, and nothing out of the usual.
 */
struct wb_reading {
    int flags;              /* of enum wb_import_flags */
    const char *passphrase; /* for a bundle under one; or NULL */
    const struct wb_readmit *readmits;
    size_t readmit_count;
    /* The parts of a bundle that was split, in any order; the path is then only what
     * messages call it. */
    const char *const *parts;
    size_t part_count;
};

/* The name of part `number` of `of`: the path of the whole, `stem` characters of it,
 * and .03-of-12 behind. */
struct wb_part_name {
    size_t stem;
    unsigned number, of;
};
WB_API bool wb_part_parse(struct wb_part_name *n, const char *path);

/* Reads and checks the whole bundle; stores nothing.
 *   POLICY      not addressed to us
 *   LOCKED      under a passphrase, and none was given
 *   PASSPHRASE  not under this one
 *   FORMAT, INTEGRITY, LIMIT, TOO_NEW  a rule of the format is broken (named) */
WB_API WB_CHECKED enum wb_status wb_inspect(struct wb_vault *v, const char *path,
    const struct wb_reading *how, struct wb_bundle_report **report, struct wb_error *e);

/* As wb_inspect, then stores it in one transaction; importing twice changes nothing.
 * Without WB_IMPORT_ACCEPT a bundle of an unknown or unverified sender, or addressed to
 * nobody, is WB_ERR_POLICY, and one whose sender's log is a fork WB_ERR_INTEGRITY,
 * nothing stored. A record that was shredded here is not
 * taken in again, unless `readmits` has its id: it is left out and counted by
 * wb_report_refused, while all others are stored. A revision that is here already keeps
 * its root and gains what this bundle does not withhold. */
WB_API WB_CHECKED enum wb_status wb_import(struct wb_vault *v, const char *path,
    const struct wb_reading *how, struct wb_bundle_report **report, struct wb_error *e);

/* Writes a receipt for a bundle that was taken in: a bundle for its sender that names
 * it by its id and by the hash of its tag manifest, and the records that were accepted.
 * The receipt stays here as a record too. Errors as wb_export; POLICY for an unlinkable
 * bundle, which wb_import refuses with WB_IMPORT_ANSWER before anything is stored. */
WB_API WB_CHECKED enum wb_status wb_receipt(struct wb_vault *v,
    const struct wb_bundle_report *report, const char *path,
    struct wb_exported *exported, struct wb_error *e);

/* ---- heads between people: the C2SP tlog-witness protocol by hand, text on a stick
 * ---- */

enum { WB_FROM_REMEMBERED = -1 };

/* Asks a contact to cosign our newest head: "old N", a consistency proof, the
 * checkpoint. N is the size that this contact is known to have cosigned last, or `from`
 * where it is not WB_FROM_REMEMBERED. Runs the log-level verify first, as wb_cosign
 * does. Remembers the head. NOT_FOUND no such contact | USAGE a field vault, which
 * cosigns nothing. *text is freed with wb_text_free. */
WB_API WB_CHECKED enum wb_status wb_head_request(struct wb_vault *v, const char *label,
    int64_t from, char **text, struct wb_error *e);

/* What a head is about. Text is borrowed from the struct. */
struct wb_head_note {
    char origin[256];
    uint64_t size;
    char label[129]; /* contact: whose log it is, or who cosigned; "" nobody known */
    bool ours;
    char remark[WB_ERROR_MESSAGE_BYTES]; /* what a restart has lost of it, or "" */
};

/* Answers such a request with our cosignature line, after checking that the log goes on
 * from the head of it that we cosigned last; then remembers the new one. WB_ERR_POLICY:
 * no contact has this log, it must be asked for from another size (said), or a larger
 * head of it was taken in since. WB_ERR_INTEGRITY: smaller than what we cosigned, or
 * another history; both heads named. *reply is freed with wb_text_free. */
WB_API WB_CHECKED enum wb_status wb_cosign(struct wb_vault *v, const char *request,
    size_t size, char **reply, struct wb_head_note *note, struct wb_error *e);

/* Takes in a head: one of ours that came back (held against our log first), cosignature
 * lines for a head of ours, or a head of a contact's log. Errors as wb_head_check;
 * WB_ERR_POLICY for a log or cosigner that no contact has. */
WB_API WB_CHECKED enum wb_status wb_head_import(struct wb_vault *v, const char *text,
    size_t size, struct wb_head_note *note, struct wb_error *e);

#endif
