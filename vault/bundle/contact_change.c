/* vault/bundle/contact_change.c - a contact has other keys, and the old ones say so. */
#include <string.h>

#include "../base/fail.h"
#include "card.h"
#include "contact.h"

/* A card as it came, and the contact whose key has signed that it is theirs. */
struct following {
    const char *bytes;
    size_t change, size;
    bool found;
    struct wb_id id;
    char label[WB_CONTACT_LABEL_MAX + 1];
};

static bool
look(void *cookie, const struct wb_record *r)
{
    struct following *f = cookie;
    const char *text = wb_record_text(r, "minisign");
    const char *label = wb_record_text(r, "label");
    struct wb_minisign_key key;

    if (r->foreign || strlen(label) > WB_CONTACT_LABEL_MAX ||
        wb_minisign_key_decode(&key, text, strlen(text), NULL) != WB_OK ||
        !wb_card_vouched(f->bytes, f->change, f->size, &key))
        return true;
    f->found = true;
    f->id = r->id;
    memcpy(f->label, label, strlen(label) + 1);
    return false;
}

/* The new keys, and that nobody has compared them. */
static enum wb_status
fill(struct wb_draft *d, const struct wb_card *card, const char *whole,
    struct wb_error *e)
{
    const struct {
        const char *field, *text;
    } fields[] = {{"name", card->name}, {"recipient", card->recipient},
        {"minisign", card->minisign}, {"log", card->log}, {"cosigner", card->cosigner},
        {"collect", card->collect}, {"card", whole}, {"verified", "no"},
        {"verified-how", NULL}, {"verified-when", NULL}};
    enum wb_status st = WB_OK;

    for (size_t i = 0; st == WB_OK && i < sizeof fields / sizeof fields[0]; i++) {
        st = wb_draft_clear(d, fields[i].field, e);
        if (st == WB_OK && fields[i].text != NULL)
            st = wb_draft_put(d, fields[i].field, WB_STATE_TEXT, fields[i].text,
                strlen(fields[i].text), e);
    }
    return st;
}

static enum wb_status
amend(struct wb_vault *v, const struct following *f, const struct wb_card *card,
    struct wb_saved *saved, struct wb_error *e)
{
    const struct wb_amendment why = {.reason = "other"};
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved made;
    struct wb_buf whole;
    enum wb_status st;

    wb_buf_init(&whole, WB_CARD_BYTES_MAX);
    wb_buf_add(&whole, f->bytes, f->size);
    if ((st = wb_buf_check(&whole, e)) == WB_OK &&
        (st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_change_draft(c, &d, &f->id, e)) == WB_OK &&
        (st = fill(d, card, wb_buf_text(&whole), e)) == WB_OK &&
        (st = wb_change_amend(c, &f->id, d, &why, &made, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    if (st == WB_OK && saved != NULL)
        *saved = made;
    wb_change_rollback(&c);
    wb_draft_free(&d);
    wb_buf_wipe(&whole);
    return st;
}

enum wb_status
wb_contact_follow(struct wb_vault *v, bool *followed, const struct wb_card_file *card,
    const char *label, struct wb_saved *saved, struct wb_error *e)
{
    struct following f = {card->bytes, card->change, card->size, false, {{0}}, ""};
    enum wb_status st = WB_OK;

    *followed = false;
    if (card->change < card->size)
        st = wb_contact_records(v, look, &f, e);
    if (st != WB_OK || !f.found)
        return st;
    if (label != NULL && strcmp(label, f.label) != 0)
        return wb_fail(e, WB_ERR_USAGE,
            "label: this card changes the keys of the contact %s, whose label stays",
            f.label);
    st = amend(v, &f, &card->card, saved, e);
    *followed = st == WB_OK;
    return st;
}
