/* vault/cli/field.c - what is different where the vault is a field vault. */
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum wb_status
cli_field_check(struct cli *c, struct wb_error *e)
{
    if (c->command->in_field || !wb_vault_is_field(c->vault))
        return WB_OK;
    return cli_fail(e, WB_ERR_POLICY,
        "%s: a field vault, where `%s` does not work: it takes in and shows nothing, "
        "only its owner reads it (`collect`)",
        c->path, c->command->name);
}

/* Somebody who held the passphrase may have put another vault here that is sealed to
 * himself: the words are then others. */
enum wb_status
cli_field_greet(struct cli *c, struct wb_error *e)
{
    struct wb_field_marks marks;
    enum wb_status st;

    if (!wb_vault_is_field(c->vault) || c->global.quiet || !isatty(STDERR_FILENO) ||
        strcmp(c->command->name, "info") == 0) /* says it anyway */
        return WB_OK;
    if ((st = wb_field_marks(c->vault, &marks, e)) == WB_OK)
        cli_note(c, "sealed to the owner with the mark: %s", marks.owner);
    return st;
}

enum wb_status
cli_field_marks(struct cli *c, struct wb_error *e)
{
    struct wb_field_marks marks;
    enum wb_status st = wb_field_marks(c->vault, &marks, e);

    if (st != WB_OK)
        return st;
    if (c->global.json) {
        cli_json_pair(c, "owner-mark", marks.owner);
        cli_json_pair(c, "vault-mark", marks.vault);
        return WB_OK;
    }
    cli_print("owner's mark %s\n", marks.owner);
    cli_print("its own mark %s\n", marks.vault);
    return WB_OK;
}
