/* vault/cli/load.c - `load`: many records from a JSONL file, in one transaction. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"

struct load_options {
    const char *rejects;
};

static const struct cli_option rows[] = {
    {.name = "keep-going",
        .kind = CLI_WORD,
        .offset = offsetof(struct load_options, rejects),
        .value = "REJECTS",
        .help = "write lines that cannot be loaded to this new file, load the rest",
        .use = CLI_MAKES},
    {.name = NULL},
};

/* The file of rejected lines is made when there is one. */
struct rejecting {
    const char *path;
    struct cli_sink sink;
};

/* The reason as a comment, then the line as it was: `load` passes over comments, so the
 * file can be mended and loaded. */
static enum wb_status
write_reject(void *cookie, uint64_t line, const char *text, size_t size,
    const char *reason, struct wb_error *e)
{
    struct rejecting *r = cookie;
    char *safe = wb_text_safe(reason, strlen(reason), false);
    char number[32];
    enum wb_status st = WB_OK;

    if (safe == NULL)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory");
    (void)snprintf(number, sizeof number, "# line %" PRIu64 ": ", line);
    if (r->sink.path == NULL)
        st = cli_sink_open(&r->sink, r->path, e);
    if (st == WB_OK &&
        (st = cli_sink_write(&r->sink, number, strlen(number), e)) == WB_OK &&
        (st = cli_sink_write(&r->sink, safe, strlen(safe), e)) == WB_OK &&
        (st = cli_sink_write(&r->sink, "\n", 1, e)) == WB_OK &&
        (st = cli_sink_write(&r->sink, text, size, e)) == WB_OK)
        st = cli_sink_write(&r->sink, "\n", 1, e);
    wb_text_free(safe);
    return st;
}

static void
tell(struct cli *c, const struct wb_loaded *loaded, bool keeps_going)
{
    char first[WB_ID_TEXT_BYTES], last[WB_ID_TEXT_BYTES];

    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_count(c, "added", loaded->added);
        if (loaded->added > 0) {
            cli_json_id(c, "first", &loaded->first);
            cli_json_id(c, "last", &loaded->last);
        }
        if (keeps_going)
            cli_json_count(c, "rejected", loaded->rejected);
        cli_json_close(c, '}');
    } else if (loaded->added > 0) {
        wb_id_text(first, &loaded->first);
        wb_id_text(last, &loaded->last);
        cli_print("%" PRIu64 " added, from %s to %s\n", loaded->added, first, last);
    }
}

/* One transaction; the rejects have their name before it is committed. */
static enum wb_status
load(struct cli *c, int fd, struct rejecting *r, struct wb_loaded *loaded,
    struct wb_error *e)
{
    const struct wb_rejects rejects = {write_reject, r};
    struct wb_change *change = NULL;
    enum wb_status st = wb_change_begin(&change, c->vault, e);

    if (st == WB_OK) {
        st = wb_change_load(change, fd, r->path != NULL ? &rejects : NULL, loaded, e);
        st = cli_within(e, st, c->operands[0]);
    }
    st = cli_sink_close(&r->sink, st, e);
    if (st == WB_OK && loaded->added > 0)
        st = wb_change_commit(&change, e);
    wb_change_rollback(&change);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct load_options *o = (const void *)c->options.bytes;
    struct rejecting r = {.path = o->rejects};
    struct wb_loaded loaded = {0};
    enum wb_status st;
    int fd;

    if (o->rejects != NULL && strcmp(o->rejects, "-") == 0)
        return cli_fail(e, WB_ERR_USAGE, "--keep-going: name a file for the rejects");
    if ((st = cli_open_file(c, &fd, c->operands[0], e)) != WB_OK)
        return st;
    if ((st = load(c, fd, &r, &loaded, e)) == WB_OK)
        tell(c, &loaded, o->rejects != NULL);
    if (st == WB_OK && loaded.rejected > 0)
        st = cli_fail(e, WB_ERR_VALUE,
            "%s: %" PRIu64
            " line%s rejected, with the reason in %s; mend and load that",
            c->operands[0], loaded.rejected, cli_s(loaded.rejected), o->rejects);
    (void)close(fd);
    return st;
}

const struct cli_command cli_load = {
    .name = "load",
    .needs = CLI_WRITE,
    .operands = "FILE",
    .first_use = CLI_READS,
    .run = run,
    .in_field = true,
    .summary = "add many records from a JSONL file, all or none",
    .options = rows,
    .options_size = sizeof(struct load_options),
    .help = "One {\"kind\":...,\"fields\":{...},\"key\":...} a line; `key` may be left "
            "out. A field\nthat names another record takes an id, or the key of any "
            "line of "
            "the file. Lines that\nbegin with # are passed over. Files are not loaded: "
            "name, "
            "size and sha256 of an\nevidence record stay as they are said.",
};
