/* vault/cli/cosign.c - `cosign`: vouch for the head of a contact's log. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { REQUEST_BYTES_MAX = 2 * 1024 * 1024 };

struct cosign_options {
    const char *output;
};

static const struct cli_option rows[] = {
    {.name = "output",
        .letter = 'o',
        .kind = CLI_WORD,
        .offset = offsetof(struct cosign_options, output),
        .value = "FILE",
        .help = "write the cosignature there instead of to standard output",
        .use = CLI_MAKES},
    {.name = NULL},
};

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct cosign_options *o = (const void *)c->options.bytes;
    struct wb_head_note note;
    struct cli_bytes b = {0};
    char *reply = NULL;
    enum wb_status st =
        cli_read(c, &b, c->operands[0], REQUEST_BYTES_MAX, "the request", e);

    if (st == WB_OK)
        st = cli_within(
            e, wb_cosign(c->vault, b.bytes, b.size, &reply, &note, e), c->operands[0]);
    if (st == WB_OK && (st = cli_write_text(reply, o->output, e)) == WB_OK)
        cli_note(c,
            "cosigned: the log of %s at size %" PRIu64 "; send this back to them",
            note.label, note.size);
    wb_text_free(reply);
    cli_bytes_free(&b);
    return st;
}

const struct cli_command cli_cosign = {
    .name = "cosign",
    .needs = CLI_WRITE,
    .operands = "FILE",
    .first_use = CLI_READS,
    .run = run,
    .summary = "cosign the head of a contact's log",
    .options = rows,
    .options_size = sizeof(struct cosign_options),
    .help = "FILE is what they made with `head --request`. The log must go on from the "
            "head\n"
            "that is remembered of it here, else it is refused with both heads named.",
};
