/* vault/cli/verify.c - `verify`: everything stored against everything logged. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

struct verify_options {
    bool deep;
};

static const struct cli_option rows[] = {
    {.name = "deep",
        .kind = CLI_FLAG,
        .offset = offsetof(struct verify_options, deep),
        .help = "read every attachment as well"},
    {.name = NULL},
};

/* The document starts with the problems, since they are told as they are found. */
static void
show_problem(void *cookie, const struct wb_problem *p)
{
    struct cli *c = cookie;

    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_pair(c, "kind", p->kind);
        cli_json_pair(c, "where", p->where);
        cli_json_pair(c, "what", p->what);
        cli_json_close(c, '}');
        return;
    }
    cli_print("%s: ", p->kind);
    cli_print_safe(p->where, strlen(p->where));
    cli_print(": ");
    cli_print_safe(p->what, strlen(p->what));
    cli_print("\n");
}

static void
json_end(struct cli *c, const struct wb_verified *v, bool ok)
{
    cli_json_close(c, ']');
    cli_json_key(c, "ok");
    cli_json_bool(c, ok);
    cli_json_count(c, "size", v->size);
    cli_json_root(c, "root", v->root);
    cli_json_count(c, "records", v->records);
    cli_json_count(c, "files", v->files);
    cli_json_count(c, "checked", v->checked);
    cli_json_close(c, '}');
}

static void
text_end(const struct wb_verified *v, bool deep)
{
    char root[WB_ROOT_TEXT_BYTES];

    cli_hex(root, v->root);
    cli_print("%s: %" PRIu64 " log entries, %" PRIu64 " revisions, ",
        v->problems == 0 ? "all is well" : "not well", v->size, v->records);
    if (deep)
        cli_print("%" PRIu64 " files, ", v->files);
    cli_print("%" PRIu64 " rows and chunks looked at%s\nlog root %s\n", v->checked,
        deep ? "" : " (attachments only with --deep)", root);
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct verify_options *o = (const void *)c->options.bytes;
    struct wb_verified verified = {0};
    enum wb_status st;

    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_key(c, "problems");
        cli_json_open(c, '[');
    }
    st = wb_verify(
        c->vault, o->deep ? WB_VERIFY_DEEP : 0, &verified, show_problem, c, e);
    if (c->global.json)
        json_end(c, &verified, st == WB_OK && verified.problems == 0);
    else if (st == WB_OK)
        text_end(&verified, o->deep);
    if (st == WB_OK && verified.problems > 0)
        st = cli_fail(e, WB_ERR_INTEGRITY, "verify: %" PRIu64 " problem%s found",
            verified.problems, verified.problems == 1 ? "" : "s");
    return st;
}

const struct cli_command cli_verify = {
    .name = "verify",
    .needs = CLI_READ,
    .operands = "",
    .run = run,
    .summary = "check everything against the log",
    .options = rows,
    .options_size = sizeof(struct verify_options),
    .help = "Names every edit, deletion, reordering and transplant it finds, one line "
            "each:\n"
            "kind, where, what. Exit status 4 where there is any.",
};
