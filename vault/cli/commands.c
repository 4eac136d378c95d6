/* vault/cli/commands.c - the table of commands, in the order that help shows. */
#include <string.h>

#include "cli.h"
#include "commands.h"

const struct cli_command *const cli_commands[] = {
    &cli_init,
    &cli_add,
    &cli_drafts,
    &cli_amend,
    &cli_adopt,
    &cli_attach,
    &cli_extract,
    &cli_load,
    &cli_dump,
    &cli_show,
    &cli_list_records,
    &cli_search,
    &cli_kinds,
    &cli_log,
    &cli_gaps,
    &cli_head,
    &cli_cosign,
    &cli_verify,
    &cli_identity,
    &cli_identity_rotate,
    &cli_contact_add,
    &cli_contact_list,
    &cli_contact_verify,
    &cli_contact_remove,
    &cli_export,
    &cli_inspect,
    &cli_import,
    &cli_collect,
    &cli_handoffs,
    &cli_report_incident,
    &cli_report_statement,
    &cli_report_custody,
    &cli_passphrase_change,
    &cli_passphrase_add,
    &cli_passphrase_list,
    &cli_passphrase_remove,
    &cli_passphrase_suggest,
    &cli_rekey_command,
    &cli_recovery_split,
    &cli_recovery_restore,
    &cli_backup,
    &cli_restore,
    &cli_shred,
    &cli_withdraw,
    &cli_burn,
    &cli_shell,
    &cli_info,
    &cli_help,
    NULL,
};

const struct cli_command *
cli_command_find(const char *name)
{
    for (size_t i = 0; cli_commands[i] != NULL; i++)
        if (strcmp(cli_commands[i]->name, name) == 0)
            return cli_commands[i];
    return NULL;
}

bool
cli_command_is_group(const char *name)
{
    size_t size = strlen(name);

    for (size_t i = 0; cli_commands[i] != NULL; i++)
        if (strncmp(cli_commands[i]->name, name, size) == 0 &&
            cli_commands[i]->name[size] == ' ')
            return true;
    return false;
}
