/* vault/cli/passphrase_slots.c - `passphrase list`, `passphrase remove`. */
#include <string.h>

#include "commands.h"
#include "new.h"

enum { KIND_COLUMNS = 10 };

static void
show_slot(struct cli *c, const struct wb_slot_view *slot)
{
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_count(c, "slot", slot->number);
        cli_json_pair(c, "label", slot->label);
        cli_json_pair(c, "kind", slot->kind);
        cli_json_close(c, '}');
        return;
    }
    cli_print("%u  ", slot->number);
    cli_print_column(slot->kind, strlen(slot->kind), KIND_COLUMNS);
    cli_print_safe(slot->label, strlen(slot->label));
    if (slot->opened)
        cli_print("  (opened with it now)");
    cli_print("\n");
}

static enum wb_status
run_list(struct cli *c, struct wb_error *e)
{
    struct wb_slot_view slots[WB_SLOT_COUNT];
    size_t count;
    enum wb_status st = wb_slots(c->vault, slots, &count, e);

    if (st != WB_OK)
        return st;
    if (c->global.json)
        cli_json_open(c, '[');
    for (size_t i = 0; i < count; i++)
        show_slot(c, &slots[i]);
    if (c->global.json)
        cli_json_close(c, ']');
    return WB_OK;
}

const struct cli_command cli_passphrase_list = {
    .name = "passphrase list",
    .needs = CLI_READ,
    .operands = "",
    .run = run_list,
    .summary = "what opens the vault: slots and their labels",
    .help = "A slot of kind recovery opens with shares (`recovery split`).",
};

/* Shows the head: whoever knew the passphrase could put an older vault in this one's
 * place, and only a head that was noted tells. */
static enum wb_status
note_head(struct cli *c, struct wb_error *e)
{
    char *words = NULL;
    enum wb_status st = wb_head_words(c->vault, &words, e);

    if (st != WB_OK)
        return st;
    words[strcspn(words, "\n")] = ' '; /* words and size on one line */
    words[strcspn(words, "\n")] = '\0';
    cli_note(c,
        "note the head now: whoever knew the passphrase could put an older vault in "
        "this one's place, and only a head that was noted tells: %s",
        words);
    wb_text_free(words);
    return WB_OK;
}

/* A rekey does not change who we are to others. */
static enum wb_status
offer_rotation(struct cli *c, struct wb_error *e)
{
    bool yes;
    enum wb_status st;

    st = cli_offer(c, &yes,
        "Whoever opened the vault can have copied the keys that sign as you and open "
        "what is sent to you. Other keys (identity rotate)? [y/N] ",
        "whoever opened the vault can have copied the keys that sign as you and open "
        "what is sent to you: `identity rotate` makes other ones",
        e);
    if (st == WB_OK && yes && (st = wb_identity_rotate(c->vault, 0, e)) == WB_OK)
        cli_note(c, "rotated: give your card to everybody again (`identity --export`)");
    return st;
}

static enum wb_status
run_remove(struct cli *c, struct wb_error *e)
{
    const struct wb_progress progress = cli_progress(c);
    unsigned slot;
    enum wb_status st = wb_slot_find(c->vault, &slot, c->operands[0], e);

    if (st != WB_OK)
        return cli_within(e, st, c->operands[0]);
    if ((st = wb_passphrase_remove(c->vault, slot, &progress, e)) != WB_OK)
        return st;
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_count(c, "slot", slot);
        cli_json_close(c, '}');
    }
    cli_note(
        c, "removed and rekeyed; a copy of the vault from before still opens with it");
    if ((st = offer_rotation(c, e)) != WB_OK)
        return st;
    return note_head(c, e);
}

const struct cli_command cli_passphrase_remove = {
    .name = "passphrase remove",
    .needs = CLI_WRITE,
    .operands = "SLOT",
    .run = run_remove,
    .summary = "take a passphrase, or all recovery shares, out of use; rekeys",
    .help =
        "SLOT is a label or a number of `passphrase list`. Never the last passphrase.\n"
        "What it opened in copies from before it opens "
        "there\n"
        "for ever; of this vault, and what is added to it, it opens nothing any more.",
};
