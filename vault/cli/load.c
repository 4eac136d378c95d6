/* vault/cli/load.c - `load`: many records from a JSONL file, in one transaction. */
#include <inttypes.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"

static void
tell(struct cli *c, const struct wb_loaded *loaded)
{
    char first[WB_ID_TEXT_BYTES], last[WB_ID_TEXT_BYTES];

    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_count(c, "added", loaded->added);
        cli_json_id(c, "first", &loaded->first);
        cli_json_id(c, "last", &loaded->last);
        cli_json_close(c, '}');
        return;
    }
    wb_id_text(first, &loaded->first);
    wb_id_text(last, &loaded->last);
    cli_print("%" PRIu64 " added, from %s to %s\n", loaded->added, first, last);
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    struct wb_change *change = NULL;
    struct wb_loaded loaded;
    enum wb_status st;
    int fd;

    if ((st = cli_open_file(c, &fd, c->operands[0], e)) != WB_OK)
        return st;
    st = wb_change_begin(&change, c->vault, e);
    if (st == WB_OK)
        st = cli_within(e, wb_change_load(change, fd, &loaded, e), c->operands[0]);
    if (st == WB_OK)
        st = wb_change_commit(&change, e);
    if (st == WB_OK)
        tell(c, &loaded);
    wb_change_rollback(&change);
    (void)close(fd);
    return st;
}

const struct cli_command cli_load = {
    .name = "load",
    .needs = CLI_WRITE,
    .operands = "FILE",
    .first_use = CLI_READS,
    .run = run,
    .summary = "add many records from a JSONL file, all or none",
    .help =
        "One {\"kind\":...,\"fields\":{...},\"key\":...} a line; `key` may be left "
        "out. A "
        "field that\nnames another record takes an id, or the key of any line of the "
        "file.",
};
