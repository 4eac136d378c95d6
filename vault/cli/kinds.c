/* vault/cli/kinds.c - `kinds`: what can be recorded, with which fields and words. */
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { WORDS_SHOWN_MAX = 12 }; /* of a controlled list, below its field */

const char *
cli_value_word(enum wb_value_kind kind)
{
    switch (kind) {
    case WB_LINE:
        return CLI_SAID("line");
    case WB_TEXT:
        return CLI_SAID("text");
    case WB_DATE:
        return CLI_SAID("date");
    case WB_REF:
        return CLI_SAID("ref");
    case WB_CODE:
        return CLI_SAID("code");
    case WB_COUNT:
        return CLI_SAID("count");
    case WB_LANGUAGE:
        return CLI_SAID("language");
    case WB_DIGEST:
        return CLI_SAID("sha256");
    case WB_NUMBER:
        return CLI_SAID("number");
    case WB_PLACE:
        return CLI_SAID("point");
    case WB_TERM:
        return CLI_SAID("term");
    }
    return CLI_SAID("value");
}

static const struct {
    enum wb_gate_rule gate;
    const char *word;
    const char *sentence;
} gates[] = {
    {WB_GATE_NONE, "none",
        CLI_SAID("consent is not asked for these, only for what they name")},
    {WB_GATE_CONSENT, "consent",
        CLI_SAID("without consent of everybody concerned these do not leave")},
    {WB_GATE_IDENTITY, "identity",
        CLI_SAID("without consent these leave without the identity")},
    {WB_GATE_PARENT, "parent", CLI_SAID("these leave where what they are about does")},
};

static const struct {
    unsigned flag;
    const char *word;     /* in JSON */
    const char *sentence; /* as text */
} flags[] = {
    {WB_REQUIRED, "required", CLI_SAID("required")},
    {WB_REPEATS, "repeats", CLI_SAID("may be repeated")},
    {WB_IDENTIFIES, "identifies", CLI_SAID("identifies somebody")},
    {WB_SUBJECT, "subject", CLI_SAID("whose consent is asked")},
    {WB_PART_OF, "part-of", CLI_SAID("leaves with it")},
    {WB_NEEDS, "needs", CLI_SAID("takes it along")},
    {WB_KEPT, "kept", CLI_SAID("never leaves")},
    {WB_LINKS, "links", CLI_SAID("not in unlinkable bundles")},
    {WB_CONFIRMED, "confirmed", CLI_SAID("stands once read back or signed")},
    {WB_OURS, "ours", CLI_SAID("set by the program")},
};

/* ---- words of a controlled list ---- */

/* A word or number that begins so, or a meaning that holds it; "" is in all. */
static bool
fits(const struct wb_code *code, const char *sought)
{
    const char *number = strchr(code->number, ':');
    size_t size = strlen(sought);

    return strncmp(code->word, sought, size) == 0 ||
        (number != NULL && strncmp(number + 1, sought, size) == 0) ||
        strcasestr(code->meaning, sought) != NULL;
}

static size_t
count_codes(const char *list)
{
    size_t count = 0;

    while (wb_code_at(list, count) != NULL)
        count++;
    return count;
}

/* How many there were. */
static size_t
print_codes(const char *list, const char *sought)
{
    const struct wb_code *code;
    size_t count = 0;

    for (size_t i = 0; (code = wb_code_at(list, i)) != NULL; i++) {
        if (!fits(code, sought))
            continue;
        count++;
        cli_print("        %-26s %s%s%s%s\n", code->word, cli_word(code->meaning),
            code->number[0] != '\0' ? " (" : "", code->number,
            code->number[0] != '\0' ? ")" : "");
    }
    return count;
}

static void
json_codes(struct cli *c, const char *list, const char *sought)
{
    const struct wb_code *code;

    cli_json_open(c, '[');
    for (size_t i = 0; (code = wb_code_at(list, i)) != NULL; i++) {
        if (!fits(code, sought))
            continue;
        cli_json_open(c, '{');
        cli_json_pair(c, "word", code->word);
        cli_json_pair(c, "number", code->number);
        cli_json_pair(c, "meaning", code->meaning);
        cli_json_close(c, '}');
    }
    cli_json_close(c, ']');
}

/* ---- fields ---- */

static void
print_field(const struct wb_kind *kind, const struct wb_field *f)
{
    size_t count = count_codes(f->list);

    cli_print("  %-20s %s", f->name, cli_word(cli_value_word(f->kind)));
    if (f->target[0] != '\0')
        cli_print(" to %s", f->target);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if ((f->flags & flags[i].flag) != 0)
            cli_print(", %s", cli_word(flags[i].sentence));
    if (f->esf[0] != '\0')
        cli_print(" (ESF %s)", f->esf);
    cli_print("\n      %s: %s\n", cli_word(f->label), cli_word(f->help));
    if (count > WORDS_SHOWN_MAX)
        cli_print("        %zu words: `%skinds %s %s` lists them\n", count,
            cli_program(), kind->name, f->name);
    else
        (void)print_codes(f->list, "");
}

static void
json_field(struct cli *c, const struct wb_field *f)
{
    cli_json_open(c, '{');
    cli_json_count(c, "number", f->number);
    cli_json_pair(c, "name", f->name);
    cli_json_pair(c, "value", cli_value_word(f->kind));
    cli_json_pair(c, "list", f->list);
    cli_json_pair(c, "target", f->target);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        cli_json_key(c, flags[i].word);
        cli_json_bool(c, (f->flags & flags[i].flag) != 0);
    }
    cli_json_pair(c, "label", f->label);
    cli_json_pair(c, "esf", f->esf);
    cli_json_pair(c, "help", f->help);
    cli_json_key(c, "codes");
    json_codes(c, f->list, "");
    cli_json_close(c, '}');
}

/* ---- kinds ---- */

static void
print_kind(const struct wb_kind *kind)
{
    cli_print("%s: %s\n(%s)\n\n", kind->name, cli_word(kind->help),
        (kind->flags & WB_PRIVATE) != 0 ? cli_word("private: these never leave")
                                        : cli_word(gates[kind->gate].sentence));
    for (size_t i = 0; i < kind->count; i++)
        print_field(kind, &kind->fields[i]);
}

static void
json_kind(struct cli *c, const struct wb_kind *kind)
{
    cli_json_open(c, '{');
    cli_json_pair(c, "kind", kind->name);
    cli_json_count(c, "schema", kind->schema);
    cli_json_key(c, "by-hand");
    cli_json_bool(c, (kind->flags & WB_BY_HAND) != 0);
    cli_json_key(c, "private");
    cli_json_bool(c, (kind->flags & WB_PRIVATE) != 0);
    cli_json_pair(c, "gate", gates[kind->gate].word);
    cli_json_pair(c, "title", kind->title);
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
            cli_print("%-13s %s\n", kind->name, cli_word(kind->help));
    }
    if (c->global.json)
        cli_json_close(c, ']');
}

/* One field: itself, then the words of its list. */
static enum wb_status
one_field(struct cli *c, const struct wb_kind *kind, struct wb_error *e)
{
    const char *sought = c->operand_count > 2 ? c->operands[2] : "";
    const struct wb_field *f = wb_field_find(kind, c->operands[1]);

    if (f == NULL)
        return cli_fail(e, WB_ERR_NOT_FOUND,
            "%s: %s has no such field; `%skinds %s` lists them", c->operands[1],
            kind->name, cli_program(), kind->name);
    if (c->global.json) {
        json_codes(c, f->list, sought);
        return WB_OK;
    }
    cli_print("%s: %s\n", cli_word(f->label), cli_word(f->help));
    if (print_codes(f->list, sought) == 0 && sought[0] != '\0')
        cli_note(c, "nothing in the list fits %s%s", sought,
            f->kind == WB_TERM ? cli_word("; any number of the thesaurus is taken")
                               : "");
    return WB_OK;
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
        return cli_fail(e, WB_ERR_NOT_FOUND, "%s: no such kind; `%skinds` lists them",
            c->operands[0], cli_program());
    if (c->operand_count > 1)
        return one_field(c, kind, e);
    if (c->global.json)
        json_kind(c, kind);
    else
        print_kind(kind);
    return WB_OK;
}

const struct cli_command cli_kinds = {
    .name = "kinds",
    .needs = CLI_NONE,
    .operands = "[KIND] [FIELD] [WORD]",
    .run = run,
    .summary = "list the kinds of records, or the fields of one",
    .help =
        "With a field: the words of its list; with WORD those that begin so, whose\n"
        "HURIDOCS number begins so or whose meaning holds it. With --json all kinds "
        "are\n"
        "listed with their fields, also those that only the program writes.",
};
