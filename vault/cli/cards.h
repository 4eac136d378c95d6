/* vault/cli/cards.h - identity cards that came, held against those of our contacts. */
#ifndef WB_CLI_CARDS_H
#define WB_CLI_CARDS_H

#include "cli.h"

enum { CLI_LABEL_BYTES = 80 };

struct cli_card {
    struct wb_card card;
    char *words;
    bool is_known; /* a contact has its minisign key, and this label */
    bool is_same;  /* and this very card */
    bool is_verified;
    char label[CLI_LABEL_BYTES]; /* cut where it is longer */
};

/* Call cli_card_free whether it succeeds or not. */
WB_CHECKED enum wb_status cli_card_read(struct cli *c, struct cli_card *card,
    const char *text, size_t size, struct wb_error *e);
void cli_card_free(struct cli_card *card);

/* Warns where what was saved of a card is a change of somebody whom we know. */
WB_CHECKED enum wb_status cli_card_warn(
    struct cli *c, struct wb_saved *saved, struct wb_error *e);

#endif
