/* vault/cli/cards.c - identity cards that came, held against those of our contacts. */
#include "cards.h"

#include <stdio.h>
#include <string.h>

struct comparing {
    struct cli_card *card;
    struct wb_error *e;
    enum wb_status st;
};

/* By its words: they stand for all of a card. */
static enum wb_status
compare_words(
    struct cli_card *card, const struct wb_contact *contact, struct wb_error *e)
{
    struct wb_card theirs;
    char *words = NULL;
    enum wb_status st =
        wb_card_read(&theirs, &words, contact->card, strlen(contact->card), e);

    card->is_same = st == WB_OK && strcmp(words, card->words) == 0;
    wb_text_free(words);
    return st;
}

static bool
compare(void *cookie, const struct wb_contact *contact)
{
    struct comparing *m = cookie;
    struct cli_card *card = m->card;

    card->is_known = strcmp(contact->minisign, card->card.minisign) == 0;
    if (!card->is_known)
        return true;
    card->is_verified = contact->verified;
    (void)snprintf(card->label, sizeof card->label, "%s", contact->label);
    m->st = compare_words(card, contact, m->e);
    return false;
}

enum wb_status
cli_card_read(struct cli *c, struct cli_card *card, const char *text, size_t size,
    struct wb_error *e)
{
    struct comparing m = {card, e, WB_OK};
    enum wb_status st;

    *card = (struct cli_card){0};
    st = wb_card_read(&card->card, &card->words, text, size, e);
    if (st == WB_OK && (st = wb_contact_each(c->vault, compare, &m, e)) == WB_OK)
        st = m.st;
    return st;
}

void
cli_card_free(struct cli_card *card)
{
    wb_text_free(card->words);
    card->words = NULL;
}

static bool
warn(void *cookie, const struct wb_contact *contact)
{
    if (!wb_id_equal(&contact->id, cookie))
        return true;
    cli_warn("KEY CHANGE: %s has another card now, signed with the key that was known. "
             "Whoever has copied that key could have made this card: compare it anew "
             "before you trust it, or send anything to it",
        contact->label);
    return false;
}

enum wb_status
cli_card_warn(struct cli *c, struct wb_saved *saved, struct wb_error *e)
{
    return saved->revision > 1 ? wb_contact_each(c->vault, warn, &saved->id, e) : WB_OK;
}
