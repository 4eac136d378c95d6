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

/* The first and the third line of the checkpoint; how many entries is told elsewhere.
 */
struct head {
    const char *origin, *root;
    int origin_size, root_size;
};

static enum wb_status
find_head(struct cli *c, struct head *h, struct wb_error *e)
{
    enum wb_status st = wb_head(c->vault, &h->origin, e);

    if (st != WB_OK)
        return st;
    h->origin_size = (int)strcspn(h->origin, "\n");
    h->root = strchr(h->origin + h->origin_size + 1, '\n') + 1;
    h->root_size = (int)strcspn(h->root, "\n");
    return WB_OK;
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
        cli_info_label(i == 0 ? "slots" : "");
        cli_print("%u  %s  ", slots[i].number, slots[i].kind);
        cli_print_safe(slots[i].label, strlen(slots[i].label));
        if (slots[i].opened)
            cli_print("  (opened with it now)");
        cli_print("\n");
    }
}

enum wb_status
cli_info_keys(struct cli *c, struct wb_error *e)
{
    struct wb_slot_view slots[WB_SLOT_COUNT];
    struct head head;
    size_t count;
    char time[21];
    enum wb_status st;

    if ((st = wb_slots(c->vault, slots, &count, e)) != WB_OK ||
        (st = find_head(c, &head, e)) != WB_OK ||
        (st = last_backup(c, time, e)) != WB_OK)
        return st;
    if (!c->global.json) {
        print_slots(slots, count);
        cli_info_label("log");
        cli_print("%.*s\n", head.origin_size, head.origin);
        cli_info_label("head");
        cli_print("%.*s\n", head.root_size, head.root);
        cli_info_label("last backup");
        cli_print("%s\n",
            time[0] != '\0' ? time
                : wb_vault_is_field(c->vault)
                ? cli_word("in the log, which the owner reads")
                : cli_word("none"));
        return WB_OK;
    }
    json_slots(c, slots, count);
    cli_json_key(c, "log");
    cli_json_text(c, head.origin, (size_t)head.origin_size);
    cli_json_key(c, "head");
    cli_json_text(c, head.root, (size_t)head.root_size);
    cli_json_key(c, "last-backup");
    if (time[0] != '\0')
        cli_json_text(c, time, strlen(time));
    else
        cli_json_null(c);
    return WB_OK;
}
