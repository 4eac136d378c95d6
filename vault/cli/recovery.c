/* vault/cli/recovery.c - `recovery split`: a key on paper, in several hands. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "new.h"

enum { GROUP_STEP = 5, GROUPS = 17, GROUP = 4, ASKED = 2 };

struct split_options {
    struct cli_number needed;
    struct cli_number count;
};

static const struct cli_option rows[] = {
    {.name = "needed",
        .letter = 'k',
        .kind = CLI_NUMBER,
        .offset = offsetof(struct split_options, needed),
        .value = "K",
        .least = WB_SHARES_MIN,
        .most = WB_SHARES_MAX,
        .help = "how many shares open the vault together"},
    {.name = "shares",
        .letter = 'n',
        .kind = CLI_NUMBER,
        .offset = offsetof(struct split_options, count),
        .value = "N",
        .least = WB_SHARES_MIN,
        .most = WB_SHARES_MAX,
        .help = "how many shares are made"},
    {.name = NULL},
};

/* ---- on a terminal: one after the other ---- */

/* The group that was asked for, in the form of the line. */
static bool
is_group(const char *answer, const char *share, unsigned group)
{
    char folded[GROUP + 1];
    size_t size = strlen(answer);

    if (size != GROUP)
        return false;
    for (size_t i = 0; i <= GROUP; i++)
        folded[i] =
            (char)(answer[i] >= 'A' && answer[i] <= 'Z' ? answer[i] + 32 : answer[i]);
    return memcmp(folded, share + group * GROUP_STEP, GROUP) == 0;
}

/* Two groups typed back from the paper; which ones differs from share to share. */
static enum wb_status
ask_back(unsigned number, const char *share, struct wb_error *e)
{
    char answer[16], prompt[96];
    enum wb_status st = WB_OK;

    for (unsigned asked = 0; asked < ASKED && st == WB_OK;) {
        unsigned group = (number * 5 + asked * 8 + 2) % GROUPS;

        (void)snprintf(prompt, sizeof prompt,
            cli_word("Read from your paper: group %u of share %u: "), group + 1,
            number);
        if ((st = cli_ask(answer, sizeof answer, prompt, e)) == WB_OK) {
            if (is_group(answer, share, group))
                asked++;
            else
                cli_warn("that is not what group %u says; compare the whole line",
                    group + 1);
        }
    }
    wb_text_wipe(answer, sizeof answer);
    return st;
}

static enum wb_status
show_one(struct cli *c, unsigned number, const char *share, struct wb_error *e)
{
    const struct split_options *o = (const void *)c->options.bytes;
    enum wb_status st;

    cli_clear_screen();
    cli_print("Share %u of %u, any %u of them open the vault. Write it down:\n\n",
        number, (unsigned)o->count.value, (unsigned)o->needed.value);
    for (unsigned group = 0; group < GROUPS; group++)
        cli_print("  %2u %.4s%s", group + 1, share + group * GROUP_STEP,
            group % 6 == 5 || group == GROUPS - 1 ? "\n" : "");
    cli_print("\n");
    st = cli_flush(c, e);
    if (st == WB_OK)
        st = ask_back(number, share, e);
    cli_clear_screen();
    return st;
}

/* ---- either way ---- */

static bool
is_shown(const struct cli *c)
{
    return !c->global.json && cli_is_terminal() && isatty(STDOUT_FILENO) == 1;
}

/* A share that did not get out must not become valid: each is flushed. */
static enum wb_status
each_share(void *cookie, unsigned number, const char *share, struct wb_error *e)
{
    struct cli *c = cookie;

    if (is_shown(c))
        return show_one(c, number, share, e);
    if (c->global.json)
        cli_json_text(c, share, strlen(share));
    else
        cli_print("%s\n", share);
    return cli_flush(c, e);
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct split_options *o = (const void *)c->options.bytes;
    enum wb_status st;

    if (!o->needed.given || !o->count.given)
        return cli_fail(e, WB_ERR_USAGE,
            "recovery split: -k K and -n N are missing: K of N shares open the vault");
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_count(c, "needed", o->needed.value);
        cli_json_key(c, "shares");
        cli_json_open(c, '[');
    }
    st = wb_recovery_split(c->vault, (unsigned)o->needed.value,
        (unsigned)o->count.value, each_share, c, e);
    if (c->global.json) {
        cli_json_close(c, ']');
        cli_json_close(c, '}');
    }
    if (st != WB_OK) {
        cli_warn("no share of this split is valid; earlier ones still are");
        return st;
    }
    cli_note(c,
        "shares without a copy of the vault are nothing: keep backups in other places; "
        "another `recovery split`, or removing the recovery slot, makes these void");
    return WB_OK;
}

const struct cli_command cli_recovery_split = {
    .name = "recovery split",
    .needs = CLI_WRITE,
    .operands = "",
    .run = run,
    .summary = "a recovery key in shares, for several hands",
    .options = rows,
    .options_size = sizeof(struct split_options),
    .help =
        "On a terminal one share at a time, to be written down, two groups of it "
        "typed\n"
        "back, and the screen cleared; in a pipe one share a line. Any K of them open\n"
        "the vault (`recovery restore`), fewer tell nothing. They survive a rekey. A "
        "new\n"
        "split, or removing the recovery slot, makes them void; shares without a copy\n"
        "of the vault are nothing.",
};
