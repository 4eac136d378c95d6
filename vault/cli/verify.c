/* vault/cli/verify.c - `verify`: everything stored against everything logged. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { HEAD_BYTES_MAX = 2 * 1024 * 1024, NOTES_MAX = 10000 };

struct verify_options {
    bool deep;
    const char *head;
};

static const struct cli_option rows[] = {
    {.name = "deep",
        .kind = CLI_FLAG,
        .offset = offsetof(struct verify_options, deep),
        .help = "read every attachment as well"},
    {.name = "head",
        .kind = CLI_WORD,
        .offset = offsetof(struct verify_options, head),
        .value = "FILE",
        .help = "compare with a head kept outside: a checkpoint, or words and size",
        .use = CLI_READS},
    {.name = NULL},
};

/* ---- what was found ---- */

/* Notes come behind the problems: they are kept until then. */
struct note {
    struct note *next;
    char text[]; /* where, a NUL, what */
};

struct findings {
    struct cli *c;
    struct note *first, **last;
    uint64_t kept, left_out;
};

static void
keep_note(struct findings *f, const struct wb_problem *p)
{
    const size_t where = strlen(p->where) + 1, what = strlen(p->what) + 1;
    struct note *note =
        f->kept < NOTES_MAX ? cli_take(1, sizeof *note + where + what) : NULL;

    if (note == NULL) {
        f->left_out++;
        return;
    }
    memcpy(note->text, p->where, where);
    memcpy(note->text + where, p->what, what);
    *f->last = note;
    f->last = &note->next;
    f->kept++;
}

static void
show(struct cli *c, const struct wb_problem *p)
{
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_pair(c, "kind", p->kind);
        cli_json_pair(c, "where", p->where);
        cli_json_pair(c, "what", p->what);
        cli_json_close(c, '}');
        return;
    }
    cli_print("%s: ", cli_word(p->kind));
    cli_print_safe(p->where, strlen(p->where));
    cli_print(": ");
    cli_print_safe(p->what, strlen(p->what));
    cli_print("\n");
}

/* The document starts with the problems, since they are told as they are found. */
static void
take_problem(void *cookie, const struct wb_problem *p)
{
    struct findings *f = cookie;

    cli_progress_clear();
    if (strcmp(p->kind, "note") == 0)
        keep_note(f, p);
    else
        show(f->c, p);
}

static void
show_notes(const struct findings *f)
{
    struct wb_problem p = {.kind = "note"};

    for (const struct note *n = f->first; n != NULL; n = n->next) {
        p.where = n->text;
        p.what = n->text + strlen(n->text) + 1;
        show(f->c, &p);
    }
    if (f->left_out > 0)
        cli_warn("%" PRIu64 " notes more are not shown", f->left_out);
}

static void
take_progress(void *cookie, uint64_t done, uint64_t total)
{
    const struct findings *f = cookie;

    cli_progress_show(f->c, done, total, CLI_SAID("entries"));
}

static void
begin(struct findings *f, struct cli *c)
{
    *f = (struct findings){.c = c};
    f->last = &f->first;
    if (!c->global.json)
        return;
    cli_json_open(c, '{');
    cli_json_key(c, "problems");
    cli_json_open(c, '[');
}

/* ---- the end ---- */

static void
json_end(const struct findings *f, const struct wb_verified *v, bool ok)
{
    struct cli *c = f->c;

    cli_json_close(c, ']');
    cli_json_key(c, "notes");
    cli_json_open(c, '[');
    show_notes(f);
    cli_json_close(c, ']');
    cli_json_key(c, "ok");
    cli_json_bool(c, ok);
    cli_json_count(c, "size", v->size);
    cli_json_root(c, "root", v->root);
    cli_json_count(c, "records", v->records);
    cli_json_count(c, "files", v->files);
    cli_json_count(c, "checked", v->checked);
    cli_json_count(c, "shredded", v->shredded);
    cli_json_close(c, '}');
}

static void
text_end(const struct findings *f, const struct wb_verified *v, bool deep)
{
    char root[WB_ROOT_TEXT_BYTES];

    show_notes(f);
    cli_hex(root, v->root);
    if (v->problems == 0)
        cli_print("all is well: ");
    else
        cli_print("not well: ");
    cli_print_count(v->size, "log entry", "log entries");
    cli_print(", ");
    cli_print_count(v->records, "revision", "revisions");
    cli_print(", ");
    if (v->shredded > 0)
        cli_print("%" PRIu64 " shredded, ", v->shredded);
    if (deep) {
        cli_print_count(v->files, "file", "files");
        cli_print(", ");
    }
    cli_print_count(v->checked, "row or chunk looked at", "rows and chunks looked at");
    if (!deep)
        cli_print(" (attachments only with --deep)");
    cli_print("\nlog root %s\n", root);
}

/* A head from outside that does not fit is a problem like any other. */
static enum wb_status
check_head(
    struct cli *c, const char *path, struct wb_verified *verified, struct wb_error *e)
{
    enum wb_standing standing = WB_STANDING_OTHER;
    struct wb_problem p = {.where = path, .what = e->message};
    struct cli_bytes b = {0};
    enum wb_status st = cli_read(c, &b, path, HEAD_BYTES_MAX, "--head", e);

    if (st == WB_OK)
        st = wb_head_check(c->vault, b.bytes, b.size, &standing, e);
    cli_bytes_free(&b);
    if (st != WB_ERR_INTEGRITY && st != WB_ERR_NOT_FOUND)
        return cli_within(e, st, path);
    verified->problems++;
    p.kind = wb_standing_word(standing);
    show(c, &p);
    return WB_OK;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct verify_options *o = (const void *)c->options.bytes;
    struct wb_verified verified = {0};
    struct wb_verify_watch watch = {.problem = take_problem, .progress = take_progress};
    struct findings f;
    enum wb_status st;

    begin(&f, c);
    watch.cookie = &f;
    st = wb_verify(c->vault, o->deep ? WB_VERIFY_DEEP : 0, &verified, &watch, e);
    cli_progress_clear();
    if (st == WB_OK && o->head != NULL)
        st = check_head(c, o->head, &verified, e);
    if (c->global.json)
        json_end(&f, &verified, st == WB_OK && verified.problems == 0);
    else if (st == WB_OK)
        text_end(&f, &verified, o->deep);
    if (st == WB_OK && verified.problems > 0)
        st = cli_fail(e, WB_ERR_INTEGRITY,
            "verify: %" PRIu64 " problem%s found: keep this file as it is, and "
            "`restore` a backup elsewhere",
            verified.problems, cli_s(verified.problems));
    return st;
}

const struct cli_command cli_verify = {
    .name = "verify",
    .needs = CLI_READ,
    .operands = "",
    .run = run,
    .in_field = true,
    .summary = "check everything against the log",
    .options = rows,
    .options_size = sizeof(struct verify_options),
    .help =
        "Names every edit, deletion, reordering and transplant it finds, one line "
        "each:\n"
        "kind, where, what. Exit status 4 where there is any. A note is no problem.",
};
