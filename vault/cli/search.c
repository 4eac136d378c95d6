/* vault/cli/search.c - `search`: records by their words, newest first. */
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { INDENT = 4, WORDS_BYTES_MAX = 1 << 16 };

struct search_options {
    bool all_revisions;
    struct cli_number limit;
};

static const struct cli_option rows[] = {
    {.name = "all-revisions",
        .kind = CLI_FLAG,
        .offset = offsetof(struct search_options, all_revisions),
        .help = "also what was amended since"},
    {.name = "limit",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct search_options, limit),
        .value = "N",
        .least = 1,
        .most = UINT64_MAX,
        .help = "at most so many"},
    {.name = NULL},
};

struct hits {
    struct cli *c;
    uint64_t shown;
};

static bool
show_hit(void *cookie, const struct wb_hit *hit)
{
    struct hits *h = cookie;
    struct cli *c = h->c;

    h->shown++;
    cli_print_row(c, hit->record);
    if (!c->global.json && hit->field != NULL) {
        cli_print("%*s", INDENT, "");
        cli_print_safe(hit->field, strlen(hit->field));
        cli_print(": ");
        cli_print_safe(hit->text, hit->size);
        cli_print("\n");
    }
    return true;
}

/* The operands as one text, a space between them. */
static enum wb_status
join_words(struct cli *c, char **words, struct wb_error *e)
{
    size_t size = 1;
    char *at;

    for (size_t i = 0; i < c->operand_count; i++)
        size += strlen(c->operands[i]) + 1;
    if (size > WORDS_BYTES_MAX)
        return cli_fail(e, WB_ERR_USAGE, "too much to search for at once");
    *words = at = cli_take(size, 1);
    if (at == NULL)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory");
    for (size_t i = 0; i < c->operand_count; i++) {
        at = stpcpy(at, i > 0 ? " " : "");
        at = stpcpy(at, c->operands[i]);
    }
    return WB_OK;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct search_options *o = (const void *)c->options.bytes;
    struct wb_search search = {
        .all_revisions = o->all_revisions, .limit = o->limit.value};
    struct hits hits = {.c = c};
    uint64_t damaged = 0;
    char *words = NULL;
    enum wb_status st = join_words(c, &words, e);

    if (st != WB_OK)
        return st;
    search.words = words;
    if (c->global.json)
        cli_json_open(c, '[');
    st = wb_search(c->vault, &search, show_hit, &hits, &damaged, e);
    if (c->global.json)
        cli_json_close(c, ']');
    if (st == WB_OK && hits.shown == 0)
        cli_note(c, "nothing found");
    if (st == WB_OK && damaged > 0)
        st = cli_damaged(c, e);
    return st;
}

const struct cli_command cli_search = {
    .name = "search",
    .needs = CLI_READ,
    .operands = "WORDS...",
    .run = run,
    .summary = "find records by their words, newest first",
    .options = rows,
    .options_size = sizeof(struct search_options),
    .help = "All words must be there, in any order: azat isakov. Case, accents and "
            "scripts\n"
            "do not count: gadoyev finds Gadoev and its Cyrillic spelling.\n"
            "  '\"police are here\"'  words behind each other\n"
            "  'turkmen*'           words that begin so\n"
            "  witness:amon         in one field, or in the record it refers to",
};
