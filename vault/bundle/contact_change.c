/* vault/bundle/contact_change.c - a contact has another card, which a key of theirs has
 * signed: other keys, or another log. */
#include <string.h>

#include "../base/fail.h"
#include "card.h"
#include "contact.h"

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
amend(struct wb_vault *v, const struct wb_id *id, const struct wb_card_file *card,
    struct wb_saved *saved, struct wb_error *e)
{
    const struct wb_amendment why = {.reason = "other"};
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved made;
    struct wb_buf whole;
    enum wb_status st;

    wb_buf_init(&whole, WB_CARD_BYTES_MAX);
    wb_buf_add(&whole, card->bytes, card->size);
    if ((st = wb_buf_check(&whole, e)) == WB_OK &&
        (st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_change_draft(c, &d, id, e)) == WB_OK &&
        (st = fill(d, &card->card, wb_buf_text(&whole), e)) == WB_OK &&
        (st = wb_change_amend(c, id, d, &why, &made, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    if (st == WB_OK && saved != NULL)
        *saved = made;
    wb_change_rollback(&c);
    wb_draft_free(&d);
    wb_buf_wipe(&whole);
    return st;
}

enum wb_status
wb_contact_change(struct wb_vault *v, const struct wb_known_contact *known,
    const struct wb_card_file *card, const char *label, struct wb_saved *saved,
    struct wb_error *e)
{
    if (label != NULL && strcmp(label, known->label) != 0)
        return wb_fail(e, WB_ERR_USAGE,
            "label: this card changes the keys of the contact %s, whose label stays",
            known->label);
    return amend(v, &known->id, card, saved, e);
}
