/* vault/bundle/contact_card.c - whose a card is: a contact's whose key has signed it,
 * or somebody's who is new here; and that nobody else has any of its keys. */
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../store/store.h"
#include "card.h"
#include "contact.h"

struct asking {
    const struct wb_card_file *card;
    struct wb_known_contact *known;  /* who has its key */
    struct wb_known_contact voucher; /* whose key has signed it as the one before */
    bool is_theirs;                  /* what is looked at is of the contact it is of */
    struct wb_vault *v;
    struct wb_error *e;
    enum wb_status st;
};

/* ---- a contact's whose key has signed it ---- */

static void
note(struct wb_known_contact *known, const struct wb_record *r)
{
    known->found = true;
    known->id = r->id;
    known->verified = strcmp(wb_record_text(r, "verified"), "yes") == 0;
    wb_text_copy(known->label, sizeof known->label, wb_record_text(r, "label"));
}

/* By the key that the contact has now, as the card has it or as the one before. */
static bool
is_signed_by(void *cookie, const struct wb_record *r)
{
    struct asking *a = cookie;
    const struct wb_card_file *card = a->card;
    const char *text = wb_record_text(r, "minisign");
    struct wb_minisign_key key;

    if (r->foreign || strlen(wb_record_text(r, "label")) > WB_CONTACT_LABEL_MAX ||
        wb_minisign_key_decode(&key, text, strlen(text), NULL) != WB_OK)
        return true;
    if (memcmp(key.point, card->key.point, sizeof key.point) == 0)
        note(a->known, r);
    else if (card->change < card->size &&
        wb_card_vouched(card->bytes, card->change, card->size, &key))
        note(&a->voucher, r);
    return true;
}

/* The card came without its second signature first: then one person is two contacts,
 * and the one with the key of before must not stay as if nothing had happened. */
static enum wb_status
find_owner(struct asking *a)
{
    enum wb_status st = wb_contact_records(a->v, is_signed_by, a, a->e);

    if (st != WB_OK || !a->voucher.found)
        return st;
    if (a->known->found)
        return wb_fail(a->e, WB_ERR_POLICY,
            "card: other keys of the contact %s, whom %s is too: `contact remove` %s, "
            "then add it again",
            a->voucher.label, a->known->label, a->known->label);
    *a->known = a->voucher;
    return WB_OK;
}

/* ---- that it is no older one ---- */

struct remembering {
    const struct wb_card_file *card;
    unsigned revisions;
    bool found;
};

/* Without the second signature: in a bundle a card does not have it. */
static bool
had_this_card(void *cookie, const struct wb_record *r)
{
    struct remembering *m = cookie;

    m->revisions++;
    m->found = strncmp(wb_record_text(r, "card"), m->card->bytes, m->card->change) == 0;
    return !m->found;
}

static enum wb_status
check_order(const struct asking *a)
{
    struct remembering m = {.card = a->card};
    enum wb_status st;

    if (!a->known->found)
        return WB_OK;
    st = wb_contact_revisions(a->v, &a->known->id, had_this_card, &m, a->e);
    a->known->has_card = m.found && m.revisions == 1;
    if (st == WB_OK && m.found && m.revisions > 1)
        return wb_fail(a->e, WB_ERR_USAGE,
            "card: an older one of the contact %s, who has sent another since",
            a->known->label);
    return st;
}

/* ---- that its keys are its owner's alone ---- */

static bool
is_contact(const struct wb_record *r)
{
    return strcmp(r->kind, "contact") == 0;
}

/* With the minisign key its owner has signed it, at a time when the key was theirs. */
static enum wb_status
refuse_key(const struct asking *a, const char *field, const struct wb_record *r)
{
    const char *label = wb_record_text(r, "label");

    if (strcmp(field, "minisign") == 0 && !is_contact(r))
        return wb_fail(a->e, WB_ERR_USAGE, "card: an older one of our own");
    if (strcmp(field, "minisign") == 0)
        return wb_fail(a->e, WB_ERR_USAGE,
            "card: an older one of the contact %s, who has other keys since; if they "
            "went "
            "back to it, `contact remove` and compare anew",
            label);
    if (!is_contact(r))
        return wb_fail(a->e, WB_ERR_INTEGRITY, "card: its %s is our own", field);
    return wb_fail(a->e, WB_ERR_INTEGRITY,
        "card: its %s is the contact %s's, who has not signed it", field, label);
}

/* Else what one of them signs, or what is sent to him, would be put down to the other.
 * The cosigner key has the log's name. */
static enum wb_status
check_keys(const struct asking *a, const struct wb_record *r)
{
    const struct wb_card *card = &a->card->card;
    const struct {
        const char *field, *text;
    } keys[] = {{"minisign", card->minisign}, {"recipient", card->recipient},
        {"log", card->log}, {"collect", card->collect}};

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(wb_record_text(r, keys[i].field), keys[i].text) == 0)
            return refuse_key(a, keys[i].field, r);
    return WB_OK;
}

/* A log that is known by its name, under another key. */
static enum wb_status
check_log(const struct asking *a, const struct wb_record *r)
{
    const char *log = a->card->card.log, *known = wb_record_text(r, "log");
    const size_t origin = strcspn(log, "+") + 1;

    if (strcmp(log, known) == 0 || strncmp(log, known, origin) != 0)
        return WB_OK;
    if (!is_contact(r))
        return wb_fail(a->e, WB_ERR_INTEGRITY,
            "card: its log has the name of our own with another key");
    return wb_fail(a->e, WB_ERR_INTEGRITY,
        "card: its log has the name of that of the contact %s with another key: one of "
        "the two is not whose it says; compare the words, `contact remove` the wrong "
        "one",
        wb_record_text(r, "label"));
}

static bool
is_free(void *cookie, const struct wb_record *r)
{
    struct asking *a = cookie;

    if (!a->is_theirs)
        a->st = check_keys(a, r);
    if (a->st == WB_OK)
        a->st = check_log(a, r);
    return a->st == WB_OK;
}

/* Keys that somebody had in earlier revisions too. */
static bool
is_free_of(void *cookie, const struct wb_record *r)
{
    struct asking *a = cookie;
    enum wb_status st;

    if (r->foreign)
        return true;
    a->is_theirs = a->known->found && wb_id_equal(&r->id, &a->known->id);
    st = wb_contact_revisions(a->v, &r->id, is_free, a, a->e);
    if (a->st == WB_OK)
        a->st = st;
    return a->st == WB_OK;
}

static enum wb_status
check_others(struct asking *a)
{
    enum wb_status st =
        wb_contact_revisions(a->v, &wb_store_state(a->v)->identity, is_free, a, a->e);

    if (st == WB_OK && (st = a->st) == WB_OK &&
        (st = wb_contact_records(a->v, is_free_of, a, a->e)) == WB_OK)
        st = a->st;
    return st;
}

static enum wb_status
check_not_ours(struct wb_vault *v, const struct wb_card *card, struct wb_error *e)
{
    struct wb_card own;
    enum wb_status st = wb_identity(v, &own, e);

    if (st == WB_OK && strcmp(own.minisign, card->minisign) == 0)
        return wb_fail(e, WB_ERR_USAGE, "card: this is our own");
    return st;
}

enum wb_status
wb_contact_of_card(struct wb_vault *v, struct wb_known_contact *known,
    const struct wb_card_file *card, struct wb_error *e)
{
    struct asking a = {.card = card, .known = known, .v = v, .e = e};
    enum wb_status st;

    *known = (struct wb_known_contact){0};
    if ((st = check_not_ours(v, &card->card, e)) != WB_OK ||
        (st = find_owner(&a)) != WB_OK || (st = check_order(&a)) != WB_OK)
        return st;
    return check_others(&a);
}

enum wb_status
wb_card_whose(struct wb_vault *v, const char *card, size_t size,
    struct wb_card_standing *standing, struct wb_error *e)
{
    struct wb_known_contact known;
    struct wb_card_file f;
    enum wb_status st;

    *standing = (struct wb_card_standing){.state = WB_CARD_NEW};
    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = wb_card_file_read(&f, card, size, e)) != WB_OK ||
        (st = wb_contact_of_card(v, &known, &f, e)) != WB_OK)
        return st;
    if (known.found)
        standing->state = known.has_card ? WB_CARD_HERE : WB_CARD_CHANGE;
    standing->verified = known.verified;
    memcpy(standing->label, known.label, sizeof known.label);
    return WB_OK;
}
