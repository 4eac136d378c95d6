/* vault/bundle/contact.c - whom we know: added by card, verified, found again. */
#include "contact.h"

#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/text.h"
#include "../custody/change.h"
#include "../custody/identity.h"
#include "../formats/bech32.h"
#include "../formats/minisign.h"
#include "../store/store.h"
#include "card.h"

enum { DATE_CHARS = 10 };

enum wb_status
wb_contact_records(struct wb_vault *v,
    bool (*each)(void *cookie, const struct wb_record *r), void *cookie,
    struct wb_error *e)
{
    const struct wb_list_filter filter = {.kind = "contact"};
    uint64_t damaged;

    return wb_list(v, &filter, each, cookie, &damaged, e);
}

enum wb_status
wb_contact_revisions(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_record *r), void *cookie,
    struct wb_error *e)
{
    struct wb_record *r = NULL;
    uint32_t count = 0;
    uint64_t row;
    enum wb_status st;

    while ((st = wb_rows_lookup(v, &row, id, count, e)) == WB_OK)
        count++;
    if (st == WB_ERR_NOT_FOUND || wb_is_damage(st)) /* want of memory is neither */
        st = WB_OK;
    while (st == WB_OK && count-- > 0) {
        st = wb_custody_open_revision(v, &r, id, count, e);
        if (st == WB_OK && !r->foreign && !each(cookie, r))
            count = 0;
        if (wb_is_damage(st))
            st = WB_OK;
        wb_record_free(&r);
    }
    return st;
}

/* ---- each ---- */

struct showing {
    bool (*each)(void *cookie, const struct wb_contact *contact);
    void *cookie;
};

static bool
is_verified(const struct wb_record *r)
{
    return strcmp(wb_record_text(r, "verified"), "yes") == 0;
}

static bool
show(void *cookie, const struct wb_record *r)
{
    const struct showing *s = cookie;
    struct wb_contact c = {
        .id = r->id,
        .label = wb_record_text(r, "label"),
        .name = wb_record_text(r, "name"),
        .recipient = wb_record_text(r, "recipient"),
        .minisign = wb_record_text(r, "minisign"),
        .log = wb_record_text(r, "log"),
        .verified = is_verified(r),
        .verified_how = wb_record_text(r, "verified-how"),
        .verified_when = wb_record_text(r, "verified-when"),
        .card = wb_record_text(r, "card"),
    };

    return s->each(s->cookie, &c);
}

enum wb_status
wb_contact_each(struct wb_vault *v,
    bool (*each)(void *cookie, const struct wb_contact *contact), void *cookie,
    struct wb_error *e)
{
    struct showing s = {each, cookie};

    return wb_contact_records(v, show, &s, e);
}

enum wb_status
wb_contact_mark(char mark[static WB_MARK_BYTES], const struct wb_contact *contact,
    struct wb_error *e)
{
    struct wb_note_key key;
    enum wb_status st = wb_note_key_decode(&key, contact->log, strlen(contact->log), e);

    return st == WB_OK ? wb_log_mark(mark, key.public, e) : st;
}

/* ---- finding one ---- */

struct seeking {
    const char *label;    /* or NULL */
    const uint8_t *point; /* or NULL */
    struct wb_vault *v;
    struct wb_error *e;
    enum wb_status st;
    bool found, verified;
    struct wb_id id;
    char found_label[WB_CONTACT_LABEL_MAX + 1];
    char recipient[64];
};

static bool
has_point(const struct wb_record *r, const uint8_t *point)
{
    const char *text = wb_record_text(r, "minisign");
    struct wb_minisign_key key;

    return wb_minisign_key_decode(&key, text, strlen(text), NULL) == WB_OK &&
        memcmp(key.point, point, sizeof key.point) == 0;
}

static bool
seek(void *cookie, const struct wb_record *r)
{
    struct seeking *s = cookie;

    if (r->foreign) /* nobody else tells us whom to trust */
        return true;
    if (s->label != NULL && strcmp(wb_record_text(r, "label"), s->label) != 0)
        return true;
    if (s->point != NULL && !has_point(r, s->point))
        return true;
    s->found = true;
    s->verified = is_verified(r);
    s->id = r->id;
    wb_text_copy(s->found_label, sizeof s->found_label, wb_record_text(r, "label"));
    wb_text_copy(s->recipient, sizeof s->recipient, wb_record_text(r, "recipient"));
    return false;
}

enum wb_status
wb_contact_by_key(struct wb_vault *v, struct wb_signer_contact *c,
    const uint8_t point[static 32], struct wb_error *e)
{
    struct seeking s = {.point = point};
    enum wb_status st = wb_contact_records(v, seek, &s, e);

    if (st != WB_OK)
        return st;
    *c = (struct wb_signer_contact){.found = s.found, .verified = s.verified};
    memcpy(c->label, s.found_label, sizeof c->label);
    return WB_OK;
}

/* In any of its revisions; the newest has another one. */
static bool
had_point(void *cookie, const struct wb_record *r)
{
    struct seeking *s = cookie;

    s->found = has_point(r, s->point);
    if (s->found)
        wb_text_copy(s->found_label, sizeof s->found_label, wb_record_text(r, "label"));
    return !s->found;
}

static bool
seek_former(void *cookie, const struct wb_record *r)
{
    struct seeking *s = cookie;

    if (!r->foreign)
        s->st = wb_contact_revisions(s->v, &r->id, had_point, s, s->e);
    return s->st == WB_OK && !s->found;
}

enum wb_status
wb_contact_by_former_key(struct wb_vault *v,
    char label[static WB_CONTACT_LABEL_MAX + 1], const uint8_t point[static 32],
    struct wb_error *e)
{
    struct seeking s = {.point = point, .v = v, .e = e};
    enum wb_status st = wb_contact_records(v, seek_former, &s, e);

    memcpy(label, s.found_label, sizeof s.found_label);
    return st == WB_OK ? s.st : st;
}

static enum wb_status
find_label(struct wb_vault *v, struct seeking *s, const char *label, struct wb_error *e)
{
    enum wb_status st;

    *s = (struct seeking){.label = label};
    if ((st = wb_contact_records(v, seek, s, e)) != WB_OK)
        return st;
    if (!s->found)
        return wb_fail(e, WB_ERR_NOT_FOUND,
            "%s: no contact has this label; `contact list` shows them", label);
    return WB_OK;
}

enum wb_status
wb_contact_recipient(
    struct wb_vault *v, char out[static 64], const char *label, struct wb_error *e)
{
    struct seeking s;
    enum wb_status st = find_label(v, &s, label, e);

    if (st != WB_OK)
        return st;
    if (s.recipient[0] == '\0')
        return wb_fail(e, WB_ERR_USAGE,
            "%s: the log of a field vault, which has no key to send to", label);
    memcpy(out, s.recipient, sizeof s.recipient);
    return WB_OK;
}

/* ---- adding ---- */

/* A label must not be what stands for a key itself: `export --to age1...`. */
static enum wb_status
check_label(struct wb_vault *v, const char *label, struct wb_error *e)
{
    struct seeking s = {.label = label};
    uint8_t point[WB_POINT_BYTES];
    enum wb_status st;

    if (strlen(label) > WB_CONTACT_LABEL_MAX)
        return wb_fail(e, WB_ERR_USAGE, "label: %zu bytes, limit is %d", strlen(label),
            WB_CONTACT_LABEL_MAX);
    if (wb_age_recipient_decode(point, label, strlen(label), NULL) == WB_OK)
        return wb_fail(e, WB_ERR_USAGE, "label: is a recipient key, choose a word");
    if ((st = wb_contact_records(v, seek, &s, e)) != WB_OK)
        return st;
    if (s.found)
        return wb_fail(e, WB_ERR_USAGE,
            "label: there is a contact %s with another key: for somebody else choose "
            "another with --label; if their keys changed, ask for the card that says "
            "so, "
            "or `contact remove` and compare anew",
            label);
    return WB_OK;
}

static enum wb_status
put(struct wb_draft *d, const char *field, const char *text, struct wb_error *e)
{
    return wb_draft_put(d, field, WB_STATE_TEXT, text, strlen(text), e);
}

static enum wb_status
fill(struct wb_draft *d, const struct wb_card *card, const char *label,
    struct wb_buf *whole, struct wb_error *e)
{
    enum wb_status st;

    if ((st = put(d, "label", label, e)) != WB_OK ||
        (st = put(d, "name", card->name, e)) != WB_OK ||
        (st = put(d, "recipient", card->recipient, e)) != WB_OK ||
        (st = put(d, "minisign", card->minisign, e)) != WB_OK ||
        (st = put(d, "log", card->log, e)) != WB_OK ||
        (st = put(d, "cosigner", card->cosigner, e)) != WB_OK ||
        (st = put(d, "collect", card->collect, e)) != WB_OK ||
        (st = put(d, "card", wb_buf_text(whole), e)) != WB_OK)
        return st;
    return put(d, "verified", "no", e);
}

static enum wb_status
store(struct wb_vault *v, const struct wb_draft *d, struct wb_saved *saved,
    struct wb_error *e)
{
    struct wb_change *c = NULL;
    struct wb_saved made;
    enum wb_status st;

    if ((st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    if ((st = wb_change_add(c, d, &made, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    if (st == WB_OK && saved != NULL)
        *saved = made;
    return st;
}

enum wb_status
wb_contact_add(struct wb_vault *v, const char *card, size_t size, const char *label,
    struct wb_saved *saved, struct wb_error *e)
{
    struct wb_card_file f;
    struct wb_known_contact known;
    struct wb_draft *d = NULL;
    struct wb_buf whole;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = wb_card_file_read(&f, card, size, e)) != WB_OK ||
        (st = wb_contact_of_card(v, &known, &f, e)) != WB_OK)
        return st;
    if (known.has_card)
        return wb_fail(
            e, WB_ERR_USAGE, "card: the contact %s has this card", known.label);
    if (known.found)
        return wb_contact_change(v, &known, &f, label, saved, e);
    label = label == NULL ? f.card.name : label;
    if ((st = check_label(v, label, e)) != WB_OK)
        return st;
    wb_buf_init(&whole, WB_CARD_BYTES_MAX);
    wb_buf_add(&whole, card, size);
    if ((st = wb_buf_check(&whole, e)) == WB_OK &&
        (st = wb_draft_new_any(&d, wb_kind_find("contact"), e)) == WB_OK &&
        (st = fill(d, &f.card, label, &whole, e)) == WB_OK)
        st = store(v, d, saved, e);
    wb_draft_free(&d);
    wb_buf_wipe(&whole);
    return st;
}

enum wb_status
wb_contact_add_log(
    struct wb_change *c, const char *label, const char *key, struct wb_error *e)
{
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st;

    if ((st = check_label(wb_change_vault(c), label, e)) == WB_OK &&
        (st = wb_draft_new_any(&d, wb_kind_find("contact"), e)) == WB_OK &&
        (st = put(d, "label", label, e)) == WB_OK &&
        (st = put(d, "name", label, e)) == WB_OK &&
        (st = put(d, "log", key, e)) == WB_OK &&
        (st = put(d, "verified", "no", e)) == WB_OK)
        st = wb_change_add(c, d, &saved, e);
    wb_draft_free(&d);
    return st;
}

/* ---- verifying ---- */

static enum wb_status
set(struct wb_draft *d, const char *field, const char *text, struct wb_error *e)
{
    enum wb_status st = wb_draft_clear(d, field, e);

    return st == WB_OK ? put(d, field, text, e) : st;
}

enum wb_status
wb_contact_verify(struct wb_vault *v, const char *label, const char *how,
    const char *organisation, struct wb_error *e)
{
    char today[WB_TIME_TEXT_BYTES];
    static const struct wb_amendment why = {.reason = "other"};
    struct seeking s;
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = find_label(v, &s, label, e)) != WB_OK ||
        (st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    wb_clock_text(today, wb_clock_now());
    today[DATE_CHARS] = '\0';
    if ((st = wb_change_draft(c, &d, &s.id, e)) == WB_OK &&
        (st = set(d, "verified", "yes", e)) == WB_OK &&
        (st = set(d, "verified-how", how, e)) == WB_OK &&
        (st = set(d, "verified-when", today, e)) == WB_OK &&
        (organisation == NULL ||
            (st = set(d, "organisation", organisation, e)) == WB_OK) &&
        (st = wb_change_amend(c, &s.id, d, &why, &saved, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_draft_free(&d);
    wb_change_rollback(&c);
    return st;
}
