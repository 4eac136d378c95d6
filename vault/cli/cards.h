/* vault/cli/cards.h - identity cards that came and change a contact. */
#ifndef WB_CLI_CARDS_H
#define WB_CLI_CARDS_H

#include "cli.h"

/* Warns where what was saved of a card is a change of somebody whom we know. */
WB_CHECKED enum wb_status cli_card_warn(
    struct cli *c, struct wb_saved *saved, struct wb_error *e);

#endif
