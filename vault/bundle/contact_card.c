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
    struct wb_known_contact *known;
    struct wb_vault *v;
    struct wb_error *e;
    enum wb_status st;
};

/* ---- a contact's whose key has signed it ---- */

/* By their key as the card has it, which counts for more, or by the key before it. */
static bool
is_signed_by(void *cookie, const struct wb_record *r)
{
    struct asking *a = cookie;
    const struct wb_card_file *card = a->card;
    const char *text = wb_record_text(r, "minisign");
    const char *label = wb_record_text(r, "label");
    struct wb_minisign_key key;
    bool same;

    if (r->foreign || strlen(label) > WB_CONTACT_LABEL_MAX ||
        wb_minisign_key_decode(&key, text, strlen(text), NULL) != WB_OK)
        return true;
    same = memcmp(key.point, card->key.point, sizeof key.point) == 0;
    if (same ||
        (card->change < card->size &&
            wb_card_vouched(card->bytes, card->change, card->size, &key))) {
        a->known->found = true;
        a->known->id = r->id;
        wb_text_copy(a->known->label, sizeof a->known->label, label);
    }
    return !same;
}

/* ---- that it is a new one ---- */

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
check_new(const struct asking *a)
{
    struct remembering m = {.card = a->card};
    const char *label = a->known->label;
    enum wb_status st;

    if (!a->known->found)
        return WB_OK;
    st = wb_contact_revisions(a->v, &a->known->id, had_this_card, &m, a->e);
    if (st == WB_OK && m.found && m.revisions == 1)
        return wb_fail(a->e, WB_ERR_USAGE, "card: the contact %s has this card", label);
    if (st == WB_OK && m.found)
        return wb_fail(a->e, WB_ERR_USAGE,
            "card: an older one of the contact %s, who has sent another since", label);
    return st;
}

/* ---- that its keys are its owner's alone ---- */

/* Else what one of them signs, or what is sent to him, would be put down to the other.
 * The cosigner key has the log's name. */
static bool
is_free(void *cookie, const struct wb_record *r)
{
    struct asking *a = cookie;
    const struct wb_card *card = &a->card->card;
    const struct {
        const char *field, *text;
    } keys[] = {{"minisign", card->minisign}, {"recipient", card->recipient},
        {"log", card->log}, {"collect", card->collect}};

    for (size_t i = 0; a->st == WB_OK && i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(wb_record_text(r, keys[i].field), keys[i].text) != 0)
            continue;
        a->st = strcmp(r->kind, "contact") != 0
            ? wb_fail(a->e, WB_ERR_INTEGRITY, "card: its %s is our own", keys[i].field)
            : wb_fail(a->e, WB_ERR_INTEGRITY,
                  "card: its %s is the contact %s's, who has not signed it",
                  keys[i].field, wb_record_text(r, "label"));
    }
    return a->st == WB_OK;
}

/* Keys that somebody had in earlier revisions too. */
static bool
is_free_of(void *cookie, const struct wb_record *r)
{
    struct asking *a = cookie;
    enum wb_status st;

    if (r->foreign || (a->known->found && wb_id_equal(&r->id, &a->known->id)))
        return true;
    st = wb_contact_revisions(a->v, &r->id, is_free, a, a->e);
    if (a->st == WB_OK)
        a->st = st;
    return a->st == WB_OK;
}

static enum wb_status
check_keys(struct asking *a)
{
    enum wb_status st;

    st = wb_contact_revisions(a->v, &wb_store_state(a->v)->identity, is_free, a, a->e);
    if (st == WB_OK && (st = a->st) == WB_OK &&
        (st = wb_contact_records(a->v, is_free_of, a, a->e)) == WB_OK)
        st = a->st;
    return st;
}

/* A log that is somebody else's by its name, under another key. */
static enum wb_status
check_log(struct wb_vault *v, const struct wb_card *card, struct wb_error *e)
{
    struct wb_logs logs = {0};
    struct wb_card own;
    const char *known;
    enum wb_status st;

    if ((st = wb_identity(v, &own, e)) != WB_OK)
        return st;
    if (strcmp(own.minisign, card->minisign) == 0)
        return wb_fail(e, WB_ERR_USAGE, "card: this is our own");
    if ((st = wb_logs_load(&logs, v, own.log, e)) == WB_OK) {
        known = wb_logs_same(&logs, card->log);
        if (known != NULL && strcmp(known, card->log) != 0)
            st = wb_fail(e, WB_ERR_INTEGRITY,
                "card: its log has the name of another log with another key");
    }
    wb_logs_wipe(&logs);
    return st;
}

enum wb_status
wb_contact_of_card(struct wb_vault *v, struct wb_known_contact *known,
    const struct wb_card_file *card, struct wb_error *e)
{
    struct asking a = {.card = card, .known = known, .v = v, .e = e};
    enum wb_status st;

    *known = (struct wb_known_contact){0};
    if ((st = check_log(v, &card->card, e)) != WB_OK ||
        (st = wb_contact_records(v, is_signed_by, &a, e)) != WB_OK ||
        (st = check_new(&a)) != WB_OK)
        return st;
    return check_keys(&a);
}
