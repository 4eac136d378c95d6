/* vault/cli/log.c - `log`: what was done with the vault, or with one record. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { ACTION_COLUMNS = 8, DETAIL_INDENT = 8 };

static void
json_entry(struct cli *c, const struct wb_log_entry *entry)
{
    cli_json_open(c, '{');
    cli_json_count(c, "index", entry->index);
    cli_json_pair(c, "action", entry->action);
    cli_json_pair(c, "time", entry->time);
    if (entry->id != NULL)
        cli_json_id(c, "id", entry->id);
    if (entry->root != NULL)
        cli_json_root(c, "root", entry->root);
    cli_json_pair(c, "detail", entry->detail);
    cli_json_close(c, '}');
}

static void
text_entry(const struct wb_log_entry *entry)
{
    size_t size = strlen(entry->detail);
    char text[WB_ROOT_TEXT_BYTES];

    cli_print("%6" PRIu64 "  %s  ", entry->index, entry->time);
    if (entry->id == NULL)
        cli_print("%s", entry->action);
    else {
        cli_print_column(entry->action, strlen(entry->action), ACTION_COLUMNS);
        wb_id_text(text, entry->id);
        cli_print("%s", text);
    }
    if (entry->root != NULL) {
        cli_hex(text, entry->root);
        cli_print("@%.16s", text);
    }
    cli_print("\n");
    if (size == 0)
        return;
    if (entry->detail[size - 1] == '\n')
        size--;
    cli_print("%*s", DETAIL_INDENT, "");
    cli_print_block(entry->detail, size, DETAIL_INDENT);
}

static bool
show_entry(void *cookie, const struct wb_log_entry *entry)
{
    struct cli *c = cookie;

    if (c->global.json)
        json_entry(c, entry);
    else
        text_entry(entry);
    return true;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct wb_id *only = NULL;
    struct wb_id id;
    enum wb_status st;

    if (c->operand_count > 0) {
        if ((st = wb_find(c->vault, &id, c->operands[0], e)) != WB_OK)
            return st;
        only = &id;
    }
    if (c->global.json)
        cli_json_open(c, '[');
    st = wb_log_each(c->vault, only, show_entry, c, e);
    if (c->global.json)
        cli_json_close(c, ']');
    return st;
}

const struct cli_command cli_log = {
    .name = "log",
    .needs = CLI_READ,
    .operands = "[ID]",
    .run = run,
    .summary = "what was done, oldest first",
    .help =
        "The custody log: number, time by this device's clock, action, record and the\n"
        "beginning of its root.",
};
