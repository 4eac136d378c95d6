/* vault/cli/notices.c - what notices in a bundle name of what is here, and to whom we
 * gave it. */
#include <string.h>

#include <witnessbox/withdraw.h>

#include "cli.h"

enum { KIND_COLUMNS = 12 };

static bool
json_holder(void *cookie, const struct wb_holder *h)
{
    struct cli *c = cookie;

    cli_json_open(c, '{');
    cli_json_pair(c, "bundle", h->bundle);
    cli_json_pair(c, "to", h->contact[0] != '\0' ? h->contact : h->recipient);
    cli_json_pair(c, "time", h->time);
    cli_json_close(c, '}');
    return true;
}

static bool
json_noticed(void *cookie, const struct wb_noticed *n)
{
    struct cli *c = cookie;
    enum wb_status st;

    cli_json_open(c, '{');
    cli_json_id(c, "notice", &n->notice);
    cli_json_pair(c, "type", n->type);
    cli_json_id(c, "id", &n->record.id);
    cli_json_key(c, "handoffs");
    cli_json_open(c, '[');
    st = wb_holder_each(c->vault, &n->record.id, json_holder, c, NULL);
    cli_json_close(c, ']');
    cli_json_close(c, '}');
    return st == WB_OK;
}

static bool
print_holder(void *cookie, const struct wb_holder *h)
{
    const char *to = h->contact[0] != '\0' ? h->contact : h->recipient;

    (void)cookie;
    cli_print("            you handed it to ");
    cli_print_safe(to, strlen(to));
    cli_print(" on %s, bundle %s: `withdraw` tells them\n", h->time, h->bundle);
    return true;
}

static bool
print_noticed(void *cookie, const struct wb_noticed *n)
{
    struct cli *c = cookie;
    char id[WB_ID_TEXT_BYTES];

    wb_id_text(id, &n->record.id);
    cli_print_column(n->type, strlen(n->type), KIND_COLUMNS);
    cli_print("%s  ", id);
    cli_print_column(n->record.kind, strlen(n->record.kind), KIND_COLUMNS);
    cli_print_safe(n->record.title, strlen(n->record.title));
    cli_print("\n");
    if (n->reason[0] != '\0') {
        cli_print("            ");
        cli_print_safe(n->reason, strlen(n->reason));
        cli_print("\n");
    }
    return wb_holder_each(c->vault, &n->record.id, print_holder, NULL, NULL) == WB_OK;
}

void
cli_notices_print(struct cli *c, const struct wb_bundle_report *r)
{
    bool json = c->global.json;
    enum wb_status st;

    if (json) {
        cli_json_key(c, "notices");
        cli_json_open(c, '[');
    }
    st = wb_noticed_each(c->vault, r, json ? json_noticed : print_noticed, c, NULL);
    if (json)
        cli_json_close(c, ']');
    if (st != WB_OK)
        cli_warn("a notice in it could not be looked at; `verify` says why");
}
