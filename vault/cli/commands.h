/* vault/cli/commands.h - the rows, one exported by each command's file. */
#ifndef WB_CLI_COMMANDS_H
#define WB_CLI_COMMANDS_H

#include "cli.h"

extern const struct cli_command cli_init;
extern const struct cli_command cli_add;
extern const struct cli_command cli_drafts;
extern const struct cli_command cli_adopt;
extern const struct cli_command cli_amend;
extern const struct cli_command cli_attach;
extern const struct cli_command cli_extract;
extern const struct cli_command cli_load;
extern const struct cli_command cli_dump;
extern const struct cli_command cli_show;
extern const struct cli_command cli_list_records;
extern const struct cli_command cli_search;
extern const struct cli_command cli_kinds;
extern const struct cli_command cli_log;
extern const struct cli_command cli_gaps;
extern const struct cli_command cli_head;
extern const struct cli_command cli_verify;
extern const struct cli_command cli_identity;
extern const struct cli_command cli_identity_rotate;
extern const struct cli_command cli_cosign;
extern const struct cli_command cli_contact_add;
extern const struct cli_command cli_contact_list;
extern const struct cli_command cli_contact_verify;
extern const struct cli_command cli_contact_remove;
extern const struct cli_command cli_export;
extern const struct cli_command cli_inspect;
extern const struct cli_command cli_import;
extern const struct cli_command cli_collect;
extern const struct cli_command cli_handoffs;
extern const struct cli_command cli_report_incident;
extern const struct cli_command cli_report_statement;
extern const struct cli_command cli_report_custody;
extern const struct cli_command cli_passphrase_change;
extern const struct cli_command cli_passphrase_add;
extern const struct cli_command cli_passphrase_list;
extern const struct cli_command cli_passphrase_remove;
extern const struct cli_command cli_passphrase_suggest;
extern const struct cli_command cli_rekey_command;
extern const struct cli_command cli_recovery_split;
extern const struct cli_command cli_recovery_restore;
extern const struct cli_command cli_backup;
extern const struct cli_command cli_restore;
extern const struct cli_command cli_shred;
extern const struct cli_command cli_withdraw;
extern const struct cli_command cli_burn;
extern const struct cli_command cli_shell;
extern const struct cli_command cli_info;
extern const struct cli_command cli_help;

#endif
