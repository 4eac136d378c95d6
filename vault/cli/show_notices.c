/* vault/cli/show_notices.c - what notices say of a record: withdrawn, corrected ... */
#include <string.h>
#include <witnessbox/withdraw.h>

#include "show.h"

/* What became of the record. */
static const char *
became(const char *type)
{
    static const char *const words[][2] = {{"withdrawal", CLI_SAID("withdrawn")},
        {"correction", CLI_SAID("corrected")}, {"return", CLI_SAID("to be returned")},
        {"destruction", CLI_SAID("destroyed")}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(type, words[i][0]) == 0)
            return words[i][1];
    return type;
}

static bool
print_notice(void *cookie, const struct wb_noticed *n)
{
    char id[WB_ID_TEXT_BYTES];

    (void)cookie;
    wb_id_text(id, &n->notice);
    cli_print_label(became(n->type), SHOW_LABEL_COLUMNS);
    cli_print("by notice %s of ", id);
    cli_print_safe(n->time, strlen(n->time));
    if (n->is_ours)
        cli_print(", written here");
    else if (n->from[0] == '\0')
        cli_print(", from nobody known");
    else
        cli_print(", from ");
    cli_print_safe(n->from, strlen(n->from));
    if (n->reason[0] != '\0') {
        cli_print(": ");
        cli_print_safe(n->reason, strlen(n->reason));
    }
    cli_print("\n");
    return true;
}

static bool
json_notice(void *cookie, const struct wb_noticed *n)
{
    struct cli *c = cookie;

    cli_json_open(c, '{');
    cli_json_id(c, "id", &n->notice);
    cli_json_pair(c, "type", n->type);
    cli_json_pair(c, "time", n->time);
    cli_json_key(c, "ours");
    cli_json_bool(c, n->is_ours);
    cli_json_pair(c, "from", n->from);
    cli_json_pair(c, "reason", n->reason);
    cli_json_close(c, '}');
    return true;
}

enum wb_status
show_notices(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    enum wb_status st;

    if (!c->global.json)
        return wb_notice_each(c->vault, wb_record_id(r), print_notice, c, e);
    cli_json_key(c, "notices");
    cli_json_open(c, '[');
    st = wb_notice_each(c->vault, wb_record_id(r), json_notice, c, e);
    cli_json_close(c, ']');
    return st;
}
