/* vault/cli/cards.c - identity cards that came and change a contact. */
#include "cards.h"

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
