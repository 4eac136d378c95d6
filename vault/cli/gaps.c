/* vault/cli/gaps.c - `gaps`: what a court would miss, as advice. */
#include <string.h>

#include "cli.h"
#include "commands.h"

struct told {
    struct cli *c;
    struct wb_id id; /* whose gaps came last */
    uint64_t count;
};

static void
print_head(struct told *t, const struct wb_gap *gap)
{
    char id[WB_ID_TEXT_BYTES];

    if (t->count > 0 && wb_id_equal(&t->id, gap->id))
        return;
    t->id = *gap->id;
    wb_id_text(id, gap->id);
    cli_print("%s %s\n", gap->kind, id);
}

static void
print_gap(const struct wb_gap *gap)
{
    const char *at = gap->fields;

    if (gap->record[0] != '\0')
        cli_print("  a record of kind %s", gap->record);
    for (size_t size; *at != '\0'; at += size + (at[size] == ' ')) {
        size = strcspn(at, " ");
        cli_print("%s%.*s", at == gap->fields ? "  " : cli_word(" or "), (int)size, at);
    }
    cli_print("\n      %s (%s)\n", cli_word(gap->why), cli_word(gap->source));
}

static void
json_gap(struct cli *c, const struct wb_gap *gap)
{
    const char *at = gap->fields;

    cli_json_open(c, '{');
    cli_json_id(c, "id", gap->id);
    cli_json_pair(c, "kind", gap->kind);
    cli_json_key(c, "fields");
    cli_json_open(c, '[');
    for (size_t size; *at != '\0'; at += size + (at[size] == ' ')) {
        size = strcspn(at, " ");
        cli_json_text(c, at, size);
    }
    cli_json_close(c, ']');
    cli_json_pair(c, "record", gap->record);
    cli_json_pair(c, "why", gap->why);
    cli_json_pair(c, "source", gap->source);
    cli_json_close(c, '}');
}

static bool
tell(void *cookie, const struct wb_gap *gap)
{
    struct told *t = cookie;

    if (t->c->global.json)
        json_gap(t->c, gap);
    else {
        print_head(t, gap);
        print_gap(gap);
    }
    t->count++;
    return true;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    struct told t = {.c = c};
    struct wb_id id;
    uint64_t damaged = 0;
    enum wb_status st = wb_find(c->vault, &id, c->operands[0], e);

    if (st != WB_OK)
        return st;
    if (c->global.json)
        cli_json_open(c, '[');
    st = wb_gaps(c->vault, &id, tell, &t, &damaged, e);
    if (c->global.json)
        cli_json_close(c, ']');
    if (st == WB_OK && damaged > 0)
        return cli_damaged(c, e);
    if (st == WB_OK && t.count == 0)
        cli_note(c, "nothing is missing that we know of");
    else if (st == WB_OK)
        cli_note(c, "advice only: an imperfect record is better than none");
    return st;
}

const struct cli_command cli_gaps = {
    .name = "gaps",
    .needs = CLI_READ,
    .operands = "ID",
    .run = run,
    .summary = "what a court would miss in a statement or evidence",
    .help = "Advice from the rules of courts, which are named with it. Custody records "
            "and\n"
            "translations that belong to it are looked at as well. What is unknown or "
            "was\n"
            "refused counts as said, what was not asked does not.",
};
