/* vault/cli/adopt.c - `adopt`: somebody else's revision becomes ours. */
#include "cli.h"
#include "commands.h"

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const char *word = c->operands[0], *root;
    struct wb_saved saved;
    struct wb_id id;
    enum wb_status st;

    if ((st = cli_find_revision(c, &id, &root, word, e)) != WB_OK)
        return st;
    if (root == NULL)
        return cli_fail(e, WB_ERR_USAGE,
            "%s: say which revision: ID@ROOT, the first digits of its root are enough",
            word);
    if ((st = wb_adopt(c->vault, &id, root, &saved, e)) == WB_OK)
        cli_print_saved(c, &saved);
    return cli_within(e, st, word);
}

const struct cli_command cli_adopt = {
    .name = "adopt",
    .needs = CLI_WRITE,
    .operands = "ID@ROOT",
    .run = run,
    .summary = "make a revision that somebody else wrote ours",
    .help =
        "Until then a record that came in a bundle stands beside ours and never\n"
        "replaces it. Adopted, it counts as ours: it can be amended, and a consent in\n"
        "it is relied on. Its author and root stay what they are; the log says when.",
};
