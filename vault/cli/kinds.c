/* vault/cli/kinds.c - `kinds`: what can be recorded, and with which fields. */
#include <string.h>

#include "cli.h"
#include "commands.h"

const char *
cli_value_word(enum wb_value_kind kind)
{
    switch (kind) {
    case WB_LINE:
        return "line";
    case WB_TEXT:
        return "text";
    case WB_DATE:
        return "date";
    case WB_REF:
        return "ref";
    case WB_CODE:
        return "code";
    case WB_COUNT:
        return "count";
    case WB_LANGUAGE:
        return "language";
    case WB_DIGEST:
        return "sha256";
    case WB_NUMBER:
        return "number";
    }
    return "value";
}

static void
print_codes(const char *list)
{
    const char *meaning, *word;

    for (size_t i = 0; (word = wb_code_at(list, i, &meaning)) != NULL; i++)
        cli_print("        %-24s %s\n", word, meaning != NULL ? meaning : "");
}

static void
print_field(const struct wb_field *f)
{
    cli_print("  %-18s %s", f->name, cli_value_word(f->kind));
    if (f->target[0] != '\0')
        cli_print(" to %s", f->target);
    if ((f->flags & WB_REQUIRED) != 0)
        cli_print(", required");
    if ((f->flags & WB_REPEATS) != 0)
        cli_print(", may be repeated");
    if ((f->flags & WB_IDENTIFIES) != 0)
        cli_print(", identifies somebody");
    if ((f->flags & WB_OURS) != 0)
        cli_print(", set by the program");
    cli_print("\n      %s\n", f->help);
    if (f->kind == WB_CODE)
        print_codes(f->list);
}

static void
print_kind(const struct wb_kind *kind)
{
    cli_print("%s: %s\n\n", kind->name, kind->help);
    for (size_t i = 0; i < kind->count; i++)
        print_field(&kind->fields[i]);
}

static void
json_field(struct cli *c, const struct wb_field *f)
{
    const char *word;

    cli_json_open(c, '{');
    cli_json_count(c, "number", f->number);
    cli_json_pair(c, "name", f->name);
    cli_json_pair(c, "value", cli_value_word(f->kind));
    cli_json_pair(c, "target", f->target);
    cli_json_key(c, "required");
    cli_json_bool(c, (f->flags & WB_REQUIRED) != 0);
    cli_json_key(c, "repeats");
    cli_json_bool(c, (f->flags & WB_REPEATS) != 0);
    cli_json_key(c, "identifies");
    cli_json_bool(c, (f->flags & WB_IDENTIFIES) != 0);
    cli_json_key(c, "by-hand");
    cli_json_bool(c, (f->flags & WB_OURS) == 0);
    cli_json_key(c, "codes");
    cli_json_open(c, '[');
    for (size_t i = 0;
         f->kind == WB_CODE && (word = wb_code_at(f->list, i, NULL)) != NULL; i++)
        cli_json_text(c, word, strlen(word));
    cli_json_close(c, ']');
    cli_json_pair(c, "help", f->help);
    cli_json_close(c, '}');
}

static void
json_kind(struct cli *c, const struct wb_kind *kind)
{
    cli_json_open(c, '{');
    cli_json_pair(c, "kind", kind->name);
    cli_json_count(c, "schema", kind->schema);
    cli_json_key(c, "by-hand");
    cli_json_bool(c, (kind->flags & WB_BY_HAND) != 0);
    cli_json_pair(c, "help", kind->help);
    cli_json_key(c, "fields");
    cli_json_open(c, '[');
    for (size_t i = 0; i < kind->count; i++)
        json_field(c, &kind->fields[i]);
    cli_json_close(c, ']');
    cli_json_close(c, '}');
}

static void
all_kinds(struct cli *c)
{
    if (c->global.json)
        cli_json_open(c, '[');
    for (size_t i = 0; i < wb_kind_count(); i++) {
        const struct wb_kind *kind = wb_kind_at(i);

        if (c->global.json)
            json_kind(c, kind);
        else if ((kind->flags & WB_BY_HAND) != 0)
            cli_print("%-13s %s\n", kind->name, kind->help);
    }
    if (c->global.json)
        cli_json_close(c, ']');
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct wb_kind *kind;

    if (c->operand_count == 0) {
        all_kinds(c);
        return WB_OK;
    }
    kind = wb_kind_find(c->operands[0]);
    if (kind == NULL)
        return cli_fail(e, WB_ERR_NOT_FOUND,
            "%s: no such kind; `witnessbox kinds` lists them", c->operands[0]);
    if (c->global.json)
        json_kind(c, kind);
    else
        print_kind(kind);
    return WB_OK;
}

const struct cli_command cli_kinds = {
    .name = "kinds",
    .needs = CLI_NONE,
    .operands = "[KIND]",
    .run = run,
    .summary = "list the kinds of records, or the fields of one",
    .help =
        "With --json all kinds are listed with their fields, also those that only the\n"
        "program writes.",
};
