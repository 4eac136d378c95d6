/* vault/cli/recovery_restore.c - `recovery restore`: from shares to a new passphrase.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "commands.h"
#include "new.h"

enum { SHARES_BYTES_MAX = 64 * 1024, LINE_BYTES = 512 };

struct restore_options {
    struct cli_new from;
    const char *label;
};

static const struct cli_option rows[] = {
    {.name = "label",
        .kind = CLI_WORD,
        .offset = offsetof(struct restore_options, label),
        .value = "LABEL",
        .help = "whose the new passphrase is"},
    CLI_NEW_PASSPHRASE_ROWS(struct restore_options, from),
    CLI_NEW_KEY_FILE_ROWS(struct restore_options, from),
    {.name = NULL},
};

static bool
is_blank(const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
            return false;
    return true;
}

/* Line by line; the first that is wrong ends it, named by its number. */
static enum wb_status
read_lines(struct cli *c, struct wb_recovery *r, struct wb_error *e)
{
    struct cli_bytes b = {0};
    unsigned number = 0, missing;
    char where[32];
    enum wb_status st = cli_read(c, &b, "-", SHARES_BYTES_MAX, "the shares", e);

    for (size_t at = 0, size; st == WB_OK && at < b.size; at += size + 1) {
        const char *end = memchr(b.bytes + at, '\n', b.size - at);

        size = end == NULL ? b.size - at : (size_t)(end - (b.bytes + at));
        number++;
        if (is_blank(b.bytes + at, size))
            continue;
        if ((st = wb_recovery_add(r, &missing, b.bytes + at, size, e)) != WB_OK) {
            (void)snprintf(where, sizeof where, "share line %u", number);
            st = cli_within(e, st, where);
        }
    }
    cli_bytes_free(&b);
    return st;
}

/* One after the other; a wrong one is asked for again. */
static enum wb_status
ask_lines(struct wb_recovery *r, struct wb_error *e)
{
    static char line[LINE_BYTES];
    unsigned number = 1, missing = 1;
    char prompt[32];
    enum wb_status st = WB_OK;

    (void)mlock(line, sizeof line);
    while (missing > 0 && st == WB_OK) {
        (void)snprintf(prompt, sizeof prompt, cli_word("Share %u: "), number);
        if ((st = cli_ask(line, sizeof line, prompt, e)) != WB_OK)
            break;
        st = wb_recovery_add(r, &missing, line, strlen(line), e);
        if (st == WB_OK)
            number++;
        else if (st == WB_ERR_VALUE) {
            cli_complain(e);
            *e = (struct wb_error){0};
            st = WB_OK;
        }
    }
    wb_text_wipe(line, sizeof line);
    cli_clear_screen();
    return st;
}

static enum wb_status
set_passphrase(struct cli *c, struct wb_recovery *r, unsigned *slot, struct wb_error *e)
{
    static struct cli_passphrase p;
    const struct restore_options *o = (const void *)c->options.bytes;
    const struct wb_progress progress = cli_progress(c);
    struct wb_new_passphrase to;
    enum wb_status st = cli_new_passphrase(c, &p, &to, &o->from, e);

    if (st == WB_OK)
        st = wb_recovery_restore(r, slot, &to, o->label, &progress, e);
    cli_new_end(&p, &to);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    struct wb_recovery *r = NULL;
    unsigned slot = 0;
    enum wb_status st;

    if ((st = wb_recovery_new(&r, c->vault, e)) != WB_OK)
        return st;
    st = cli_is_terminal() ? ask_lines(r, e) : read_lines(c, r, e);
    if (st == WB_OK && (st = wb_recovery_unlock(r, e)) == WB_OK &&
        (st = cli_head_file_check(c, e)) == WB_OK &&
        (st = set_passphrase(c, r, &slot, e)) == WB_OK)
        st = cli_head_file_write(c, e);
    wb_recovery_free(&r);
    if (st != WB_OK)
        return st;
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_count(c, "slot", slot);
        cli_json_close(c, '}');
    }
    cli_note(c,
        "the new passphrase opens the vault, in slot %u; the shares that were used are "
        "void "
        "now. Next: `recovery split` makes new ones, `passphrase list` and `passphrase "
        "remove` take forgotten passphrases out",
        slot);
    return WB_OK;
}

const struct cli_command cli_recovery_restore = {
    .name = "recovery restore",
    .needs = CLI_OPEN,
    .operands = "",
    .run = run,
    .summary = "set a new passphrase with shares",
    .options = rows,
    .options_size = sizeof(struct restore_options),
    .help =
        "On a terminal it asks for one share after the other; else they come line by "
        "line\n"
        "on standard input, in any order. Puts the new passphrase into a free slot,\n"
        "takes the recovery slot out of use and rekeys.",
};
