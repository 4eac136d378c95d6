/* vault/cli/shell.c - `shell`: one unlock, then command after command. */
#include "shell.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"

struct shell_options {
    struct cli_list folders;
};

static const struct cli_option rows[] = {
    {.name = "dir",
        .kind = CLI_LIST,
        .offset = offsetof(struct shell_options, folders),
        .value = "FOLDER",
        .help = "a folder that commands may use, beside the current one",
        .use = CLI_FILLS_HERE},
    {.name = NULL},
};

/* ---- lock and unlock ---- */

void
shell_forget(struct shell *s)
{
    cli_reader_free(&s->reader);
    wb_text_wipe(s->history, sizeof *s->history);
}

static enum wb_status
need_vault(struct shell *s, struct wb_error *e)
{
    return s->c->vault != NULL ? WB_OK : cli_unlock_again(s->c, e);
}

static enum wb_status
run_lock(struct shell *s, struct wb_error *e)
{
    (void)e;
    cli_lock(s->c);
    cli_tell("Locked.\n");
    return WB_OK;
}

static enum wb_status
run_exit(struct shell *s, struct wb_error *e)
{
    (void)e;
    s->ends = true;
    return WB_OK;
}

/* What only the shell knows. */
static const struct {
    const char *name;
    enum wb_status (*run)(struct shell *s, struct wb_error *e);
    const char *summary;
} own[] = {
    {"lock", run_lock, CLI_SAID("wipe all keys; the passphrase is asked for again")},
    {"unlock", need_vault, CLI_SAID("ask for the passphrase now")},
    {"exit", run_exit, CLI_SAID("lock and leave; control D does the same")},
};
enum { OWN = sizeof own / sizeof own[0] };

/* ---- a command inside ---- */

/* What the session was begun with cannot change inside it. */
static enum wb_status
check_globals(const struct cli_global *g, struct wb_error *e)
{
    if (g->vault != NULL || g->passphrase_fd.given || g->passphrase_file != NULL ||
        g->key_file != NULL || g->head_file != NULL || g->idle.given)
        return cli_fail(e, WB_ERR_USAGE,
            "the vault and how it is opened are said when the shell begins, not "
            "in it");
    return WB_OK;
}

static enum wb_status
check_place(const struct cli *inside, struct wb_error *e)
{
    const enum cli_needs needs = inside->command->needs;

    if (inside->command == &cli_shell)
        return cli_fail(e, WB_ERR_USAGE, "this is the shell");
    if ((needs == CLI_OPEN || needs == CLI_PATH) && inside->command != &cli_burn)
        return cli_fail(e, WB_ERR_USAGE,
            "%s: not in the shell, where the vault is open: leave it first",
            inside->command->name);
    return WB_OK;
}

/* In a hurry nobody leaves the shell first. */
static enum wb_status
burn(struct shell *s, struct cli *inside, struct wb_error *e)
{
    enum wb_status st;

    wb_vault_close(&s->c->vault);
    st = inside->command->run(inside, e);
    s->ends = st == WB_OK;
    return st;
}

static enum wb_status
run_command(struct shell *s, struct cli *inside, struct wb_error *e)
{
    const bool needs_vault = inside->command->needs >= CLI_READ;
    enum wb_status st;

    if ((st = check_place(inside, e)) != WB_OK ||
        (st = cli_check_operands(inside, e)) != WB_OK ||
        (needs_vault && (st = need_vault(s, e)) != WB_OK))
        return st;
    if (inside->command == &cli_burn)
        return burn(s, inside, e);
    if (!needs_vault)
        return cli_run_open(inside, e);
    inside->vault = s->c->vault;
    s->c->vault = NULL; /* the idle lock of a question closes it inside */
    if ((st = cli_field_check(inside, e)) == WB_OK)
        st = cli_run_open(inside, e);
    s->c->vault = inside->vault;
    return st;
}

static void
take_globals(struct cli *inside, const struct cli *c)
{
    inside->global.key_file = c->global.key_file;
    inside->global.head_file = c->global.head_file;
    inside->global.idle = c->global.idle;
    inside->global.quiet |= c->global.quiet;
    inside->default_path = c->default_path;
    memcpy(inside->path, c->path, sizeof inside->path);
}

/* The sandbox says no as the system does, and only we know why. */
static void
tell_of_folders(const struct shell *s, enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK && e->os_errno == EACCES)
        cli_note(s->c,
            "in the shell only the files of the current folder and of each --dir are "
            "within reach; leave it with `exit`, and begin it with --dir FOLDER");
}

static enum wb_status
run_words(struct shell *s, struct cli *inside, int count, char **words)
{
    struct wb_error e = {0};
    enum wb_status st;
    bool told = false;

    if ((st = cli_parse(inside, count, words, &e)) != WB_OK ||
        (st = check_globals(&inside->global, &e)) != WB_OK)
        goto out;
    take_globals(inside, s->c);
    if ((st = cli_tell_itself(inside, &told, &e)) == WB_OK && !told)
        st = run_command(s, inside, &e);
out:
    cli_end(inside, st, &e);
    tell_of_folders(s, st, &e);
    return st;
}

/* ---- a line ---- */

static bool
run_own(struct shell *s, const char *word)
{
    struct wb_error e = {0};

    for (size_t i = 0; i < OWN; i++)
        if (strcmp(own[i].name, word) == 0) {
            if (own[i].run(s, &e) != WB_OK)
                cli_complain(&e);
            return true;
        }
    return false;
}

static void
tell_own(int count, char **words)
{
    if (count != 2 || strcmp(words[1], "help") != 0)
        return;
    cli_tell("\nIn the shell:\n");
    for (size_t i = 0; i < OWN; i++)
        cli_tell("  %-24s  %s\n", own[i].name, cli_word(own[i].summary));
    cli_tell(
        "\nTo begin:\n"
        "  add statement             what somebody told; all else is asked after it\n"
        "  add incident, add person  what happened, and who is named in it\n"
        "  list                      what was written down, with its id\n"
        "  show ID                   all of one record; an id may be cut short\n"
        "  report incident ID -o page.html   a page to read and print\n"
        "  contact add CARD, export --to NAME --incident ID   hand it over\n");
}

/* A signal inside a command that dealt with it: an interrupt leads back here, any other
 * out of the shell. Where a question was left for too long, all is locked. */
static void
settle(struct shell *s, const struct cli *inside, enum wb_status st)
{
    if (inside->signal != 0 && inside->signal != SIGINT) {
        s->c->signal = inside->signal;
        s->ends = true;
    }
    if (st == WB_ERR_LOCKED && s->c->vault != NULL)
        (void)run_lock(s, NULL);
}

static void
run_line(struct shell *s, char *line)
{
    char *words[SHELL_WORDS_MAX + 2] = {(char[]){WB_PROGRAM}};
    const void *taken = cli_taken();
    struct cli *inside = cli_take(1, sizeof *inside);
    struct wb_error e = {0};
    enum wb_status st;
    int count;

    if (inside == NULL) {
        cli_warn("not enough memory");
        return;
    }
    if ((st = shell_words(line, words + 1, &count, &e)) != WB_OK)
        cli_complain(&e);
    else if (count > 0 && !run_own(s, words[1])) {
        inside->shell = s;
        st = run_words(s, inside, count + 1, words);
        tell_own(count + 1, words);
        settle(s, inside, st);
    }
    cli_release(taken);
}

/* ---- the session ---- */

static void
other_key(void *cookie, struct cli_reader *r, enum cli_key key)
{
    struct shell *s = cookie;

    if (key == CLI_KEY_TAB)
        shell_complete(s);
    else
        shell_history_step(s->history, r, key == CLI_KEY_UP ? 1 : -1);
}

/* What the vault goes by: the name on its card, else its file's. */
static void
find_name(struct shell *s)
{
    struct wb_error ignored;
    struct wb_card card;
    const char *name = cli_base_name(s->c->path);
    char *safe;

    if (wb_identity(s->c->vault, &card, &ignored) == WB_OK)
        name = card.name;
    safe = wb_text_safe(name, strlen(name), false);
    (void)snprintf(s->name, sizeof s->name, "%.*s",
        safe != NULL ? (int)cli_cut(safe, strlen(safe), sizeof s->name - 1) : 0,
        safe != NULL ? safe : "");
    wb_text_free(safe);
}

static bool
count_draft(void *cookie, const struct wb_sealed_sheet *sheet)
{
    (void)sheet;
    ++*(uint64_t *)cookie;
    return true;
}

/* What a crash or a flat battery left unfinished. */
static void
tell_drafts(const struct shell *s)
{
    struct wb_error ignored;
    uint64_t count = 0;

    if (wb_sheet_each(s->c->vault, count_draft, &count, &ignored) == WB_OK && count > 0)
        cli_tell(cli_plural("%" PRIu64 " draft is not saved yet: `drafts` lists, "
                            "`add --continue` goes on.\n",
                     "%" PRIu64 " drafts are not saved yet: `drafts` lists, "
                     "`add --continue` goes on.\n",
                     count),
            count);
}

static void
take_line(struct shell *s)
{
    struct cli_bytes line = s->reader.line;

    s->reader.line =
        (struct cli_bytes){0}; /* questions inside have a reader of theirs */
    s->reader.at = 0;
    shell_history_keep(s->history, &line);
    line.bytes[line.size] = '\0';
    run_line(s, line.bytes);
    cli_bytes_free(&line);
}

static void
read_one(struct shell *s)
{
    char prompt[96];

    (void)snprintf(prompt, sizeof prompt, "%s%s> ", s->name,
        s->c->vault == NULL ? cli_word(" (locked)") : "");
    s->reader.prompt = prompt;
    switch (cli_reader_read(&s->reader)) {
    case CLI_END_LINE:
        take_line(s);
        return;
    case CLI_END_KEY:
        cli_tell("`help` lists the commands; Tab completes.\n");
        return;
    case CLI_END_IDLE:
        if (s->c->vault != NULL) {
            cli_lock(s->c);
            cli_tell("Locked: nothing was typed for too long.\n");
        }
        return;
    case CLI_END_SIGNAL:
        cli_reader_clear(&s->reader);
        s->c->signal = s->reader.signal == SIGINT ? 0 : s->reader.signal;
        s->ends = s->c->signal != 0;
        return;
    case CLI_END_CLOSED:
    case CLI_END_FAILED:
        break;
    }
    s->ends = true;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    struct shell s = {.c = c, .history = cli_take(1, sizeof *s.history)};

    if (!cli_is_terminal())
        return cli_fail(e, WB_ERR_USAGE, "shell: only on a terminal");
    if (s.history == NULL)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory");
    c->shell = &s;
    cli_program_inside();
    cli_idle_begin(c);
    find_name(&s);
    cli_tell("`help` lists the commands, Tab completes, `exit` leaves.\n");
    tell_drafts(&s);
    s.reader.other = other_key;
    s.reader.cookie = &s;
    while (!s.ends)
        read_one(&s);
    shell_forget(&s);
    c->shell = NULL;
    return WB_OK;
}

const struct cli_command cli_shell = {
    .name = "shell",
    .needs = CLI_WRITE,
    .reads_too = true,
    .operands = "",
    .run = run,
    .summary = "unlock once, then type commands",
    .options = rows,
    .options_size = sizeof(struct shell_options),
    .help =
        "What the program does on a terminal without a command. Nothing of it goes "
        "into a\n"
        "history file. Without a key for fifteen minutes (--idle) every key and "
        "plaintext is\n"
        "wiped; what was being written is sealed first, and goes on after the "
        "passphrase.\n"
        "Control C ends a command and leads back here. Commands may use files of the\n"
        "current folder and of each --dir.",
    .in_field = true,
};
