/* vault/cli/collect.c - `collect`: a field vault's owner takes in what is in it. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

struct collect_options {
    const char *label;
};

static const struct cli_option rows[] = {
    {.name = "label",
        .kind = CLI_WORD,
        .offset = offsetof(struct collect_options, label),
        .value = "LABEL",
        .help = "what we call the field vault, the first time it is collected"},
    {.name = NULL},
};

static void
warn_problem(void *cookie, const struct wb_problem *p)
{
    const struct cli *c = cookie;

    if (strcmp(p->kind, "note") == 0)
        cli_note(c, "%s: %s", p->where, p->what);
    else
        cli_warn("%s: %s: %s", p->where, p->kind, p->what);
}

static void
tell_json(struct cli *c, const struct wb_collected *done)
{
    cli_json_open(c, '{');
    cli_json_pair(c, "origin", done->origin);
    cli_json_pair(c, "label", done->label);
    cli_json_pair(c, "mark", done->mark);
    cli_json_key(c, "verified");
    cli_json_bool(c, done->verified);
    cli_json_count(c, "entries", done->size);
    cli_json_count(c, "added", done->added);
    cli_json_count(c, "ours", done->ours);
    cli_json_count(c, "present", done->present);
    cli_json_count(c, "refused", done->refused);
    cli_json_count(c, "files", done->files);
    cli_json_count(c, "dangling", done->dangling);
    cli_json_close(c, '}');
}

enum { INDENT = 13 };

/* "N what", where there is any. */
static void
tell_count(uint64_t count, const char *what)
{
    if (count > 0)
        cli_print("%*s%" PRIu64 " %s\n", INDENT, "", count, cli_word(what));
}

static void
tell_text(struct cli *c, const struct wb_collected *done)
{
    cli_info_label("field vault");
    cli_print_safe(done->label, strlen(done->label));
    cli_print(", ");
    cli_print_safe(done->origin, strlen(done->origin));
    cli_print("\n");
    cli_print("its own mark %s\n", done->mark);
    cli_info_label("records");
    cli_print(
        "%" PRIu64 " new, %" PRIu64 " here already\n", done->added, done->present);
    tell_count(done->ours, CLI_SAID("that were somebody else's are ours now"));
    tell_count(done->refused, CLI_SAID("left out: shredded here"));
    tell_count(done->dangling, CLI_SAID("references to what is in neither vault"));
    cli_info_label("files");
    cli_print("%" PRIu64 "\n", done->files);
    cli_info_label("log");
    cli_print("%" PRIu64 " entries, all there\n", done->size);
    if (!done->verified)
        cli_note(c,
            "its records are somebody else's until you have compared the mark with "
            "whoever has the field vault: `contact verify \"%s\" --how ...`, "
            "then collect once more",
            done->label);
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct collect_options *o = (const void *)c->options.bytes;
    const struct wb_verify_watch watch = {.problem = warn_problem, .cookie = c};
    const struct wb_collect how = {.label = o->label, .watch = &watch};
    struct wb_collected done;
    enum wb_status st = wb_collect(c->vault, c->operands[0], &how, &done, e);

    if (st != WB_OK)
        return st;
    if (c->global.json)
        tell_json(c, &done);
    else
        tell_text(c, &done);
    return WB_OK;
}

const struct cli_command cli_collect = {
    .name = "collect",
    .needs = CLI_WRITE,
    .operands = "FIELDVAULT",
    .first_use = CLI_READS,
    .run = run,
    .summary = "take in what a field vault made for us holds",
    .options = rows,
    .options_size = sizeof(struct collect_options),
    .help =
        "A copy will do; it is only read, and all of it is verified first. Once more\n"
        "takes in what is new. What comes from a field vault whose mark was not\n"
        "compared is somebody else's, until it was and it is collected once more.",
};
