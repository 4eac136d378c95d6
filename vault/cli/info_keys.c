/* vault/cli/info_keys.c - what `info` tells of keys and copies: slots, head, backup. */
#include <string.h>

#include "cli.h"

/* "", where the log has none. */
static enum wb_status
last_backup(struct cli *c, char time[static 21], struct wb_error *e)
{
    enum wb_status st = wb_backup_last(c->vault, time, e);

    if (st != WB_ERR_NOT_FOUND && st != WB_ERR_POLICY) /* for a field vault's owner */
        return st;
    time[0] = '\0';
    return WB_OK;
}

/* The first line of the checkpoint. */
static enum wb_status
origin(struct cli *c, const char **name, size_t *size, struct wb_error *e)
{
    enum wb_status st = wb_head(c->vault, name, e);

    if (st == WB_OK)
        *size = strcspn(*name, "\n");
    return st;
}

static void
json_slots(struct cli *c, const struct wb_slot_view *slots, size_t count)
{
    cli_json_key(c, "slots");
    cli_json_open(c, '[');
    for (size_t i = 0; i < count; i++) {
        cli_json_open(c, '{');
        cli_json_count(c, "slot", slots[i].number);
        cli_json_pair(c, "label", slots[i].label);
        cli_json_pair(c, "kind", slots[i].kind);
        cli_json_close(c, '}');
    }
    cli_json_close(c, ']');
}

static void
print_slots(const struct wb_slot_view *slots, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cli_print(
            "%-13s%u  %s  ", i == 0 ? "slots" : "", slots[i].number, slots[i].kind);
        cli_print_safe(slots[i].label, strlen(slots[i].label));
        cli_print("%s\n", slots[i].opened ? "  (opened with it now)" : "");
    }
}

enum wb_status
cli_info_keys(struct cli *c, struct wb_error *e)
{
    struct wb_slot_view slots[WB_SLOT_COUNT];
    size_t count, size;
    const char *log;
    char time[21];
    enum wb_status st;

    if ((st = wb_slots(c->vault, slots, &count, e)) != WB_OK ||
        (st = origin(c, &log, &size, e)) != WB_OK ||
        (st = last_backup(c, time, e)) != WB_OK)
        return st;
    if (!c->global.json) {
        print_slots(slots, count);
        cli_print("log          %.*s\n", (int)size, log);
        cli_print("last backup  %s\n",
            time[0] != '\0'                   ? time
                : wb_vault_is_field(c->vault) ? "in the log, which the owner reads"
                                              : "none");
        return WB_OK;
    }
    json_slots(c, slots, count);
    cli_json_key(c, "log");
    cli_json_text(c, log, size);
    cli_json_key(c, "last-backup");
    if (time[0] != '\0')
        cli_json_text(c, time, strlen(time));
    else
        cli_json_null(c);
    return WB_OK;
}
