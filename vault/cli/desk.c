/* vault/cli/desk.c - the desk: readies the process, opens and unlocks what a row needs,
 * runs it, tells what went wrong, closes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"

enum { TRIES = 3 }; /* at a passphrase typed on a terminal */

/* Files are for their owner only, no core dump and no debugger of the same user sees
 * memory, a closed pipe is an error and not a death, words do not depend on a locale.
 */
static void
ready_process(void)
{
    const struct rlimit none = {0, 0};
    struct rlimit locked;

    /* Else the vault could become descriptor 1 and get our output. */
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
            _exit(1);
    (void)umask(077);
    (void)setrlimit(RLIMIT_CORE, &none);
    if (getrlimit(RLIMIT_MEMLOCK, &locked) == 0) {
        locked.rlim_cur = locked.rlim_max; /* keys, and what was typed */
        (void)setrlimit(RLIMIT_MEMLOCK, &locked);
    }
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)setenv("LC_ALL", "C", 1);
    tzset(); /* for what "today" is, while files are open */
    cli_output_begin();
}

/* --vault, else $WITNESSBOX_VAULT, else below $XDG_DATA_HOME, which counts only where
 * it is absolute (XDG Base Directory Specification). */
static enum wb_status
find_path(struct cli *c, struct wb_error *e)
{
    const char *named = c->global.vault, *home = getenv("HOME");
    const char *data = getenv("XDG_DATA_HOME");
    int size;

    if (named == NULL)
        named = getenv(WB_VARIABLE);
    c->default_path = named == NULL || *named == '\0';
    if (!c->default_path)
        size = snprintf(c->path, sizeof c->path, "%s", named);
    else if (data != NULL && *data == '/')
        size = snprintf(c->path, sizeof c->path, "%s/" WB_PROGRAM "/vault", data);
    else if (home != NULL && *home == '/')
        size = snprintf(
            c->path, sizeof c->path, "%s/.local/share/" WB_PROGRAM "/vault", home);
    else
        return cli_fail(
            e, WB_ERR_USAGE, "no vault named and no HOME; give --vault FILE");
    if (size < 0 || (size_t)size >= sizeof c->path)
        return cli_fail(e, WB_ERR_USAGE, "vault: the path is longer than %zu bytes",
            sizeof c->path - 1);
    return WB_OK;
}

/* Read whole before the passphrase is asked for. */
static enum wb_status
use_key_file(struct cli *c, struct wb_error *e)
{
    const char *path = c->global.key_file;
    enum wb_status st;
    int fd;

    if (path == NULL)
        return WB_OK;
    if ((st = cli_open_file(c, &fd, path, e)) != WB_OK)
        return st;
    st = cli_within(e, wb_vault_key_file(c->vault, fd, e), path);
    (void)close(fd);
    return st;
}

enum wb_status
cli_unlock(struct cli *c, const char *path, struct wb_error *e)
{
    static struct cli_passphrase p;
    char prompt[PATH_MAX + 32];
    struct cli_source source = {
        c->global.passphrase_fd, c->global.passphrase_file, prompt, false};
    int tries = cli_passphrase_is_asked(&source) ? TRIES : 1;
    enum wb_status st;

    if (!cli_passphrase_is_there(&source))
        return cli_fail(e, WB_ERR_LOCKED,
            "%s: locked, and standard input is no terminal to ask on; give "
            "--passphrase-fd or --passphrase-file",
            path);
    if ((st = use_key_file(c, e)) != WB_OK)
        return st;
    (void)mlock(&p, sizeof p);
    (void)snprintf(prompt, sizeof prompt, cli_word("Passphrase for %s: "), path);
    do {
        st = cli_passphrase(c, &p, &source, e);
        if (st == WB_OK)
            st = wb_vault_unlock(c->vault, p.bytes, p.size, e);
        wb_text_wipe(&p, sizeof p);
        if (st == WB_ERR_PASSPHRASE && --tries > 0)
            cli_complain(e);
    } while (st == WB_ERR_PASSPHRASE && tries > 0);
    return st;
}

static enum wb_status
open_vault(struct cli *c, struct wb_error *e)
{
    const bool may_read = c->command->needs == CLI_READ || c->command->reads_too;
    const int flags = may_read ? WB_OPEN_READ : 0;
    enum wb_status st = wb_vault_open(&c->vault, c->path, flags, e);

    if (st == WB_ERR_NOT_FOUND)
        return cli_fail(
            e, st, "%s: no vault here; `%sinit` makes one", c->path, cli_program());
    if (st != WB_OK || (st = cli_field_check(c, e)) != WB_OK)
        return st;
    if (c->command->needs == CLI_OPEN || (st = cli_unlock(c, c->path, e)) != WB_OK)
        return st;
    return cli_field_greet(c, e);
}

/* Once where it can be acted upon, and where a person looks; not in every line of a
 * script. */
static bool
asks_for_care(const struct cli *c)
{
    return strcmp(c->command->name, "init") == 0 ||
        strcmp(c->command->name, "info") == 0 ||
        (c->command->needs >= CLI_READ && isatty(STDERR_FILENO));
}

enum wb_status
cli_tell_itself(struct cli *c, bool *told, struct wb_error *e)
{
    *told = c->global.version || c->global.help;
    if (c->global.version)
        cli_print("%s %s\n", WB_PROGRAM, WB_VERSION);
    else if (c->global.help && c->command == NULL)
        cli_help_all(c, c->group);
    else if (c->global.help)
        cli_help_command(c, c->command);
    else if (c->group != NULL)
        return cli_fail(e, WB_ERR_USAGE, "%s: what? `%shelp %s` lists them", c->group,
            cli_program(), c->group);
    else if (c->command == NULL)
        return cli_fail(
            e, WB_ERR_USAGE, "which command? `%shelp` lists them", cli_program());
    return WB_OK;
}

/* The shell outlives an interrupt; what runs in it comes here by itself. */
static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const bool ends_early = c->command->needs >= CLI_READ;
    enum wb_status st;

    if (c->command == &cli_shell)
        return c->command->run(c, e);
    if (ends_early)
        cli_interrupt_begin();
    cli_progress_begin(c);
    cli_language_plain(c->global.json);
    st = c->command->run(c, e);
    cli_language_plain(false);
    cli_progress_end();
    if (ends_early)
        cli_interrupt_end(c, st);
    return st;
}

enum wb_status
cli_run_open(struct cli *c, struct wb_error *e)
{
    enum wb_status st;

    if (c->command->needs < CLI_READ)
        return run(c, e);
    if ((st = cli_head_file_check(c, e)) != WB_OK || (st = run(c, e)) != WB_OK)
        return st;
    return c->vault != NULL ? cli_head_file_write(c, e) : WB_OK;
}

static enum wb_status
serve(struct cli *c, struct wb_error *e)
{
    bool told;
    enum wb_status st;

    if (c->command == NULL && c->group == NULL && cli_is_terminal())
        c->command = &cli_shell;
    if ((st = cli_tell_itself(c, &told, e)) != WB_OK || told)
        return st;
    if ((st = cli_check_operands(c, e)) != WB_OK)
        return st;
    if (c->command->needs >= CLI_PATH && (st = find_path(c, e)) != WB_OK)
        return st;
    if (asks_for_care(c))
        cli_swap_warn(c);
    if ((st = cli_sandbox(c, e)) != WB_OK)
        return st;
    if (c->command->needs >= CLI_OPEN && (st = open_vault(c, e)) != WB_OK)
        return st;
    return cli_run_open(c, e);
}

enum wb_status
cli_end(struct cli *c, enum wb_status st, struct wb_error *e)
{
    struct wb_error flushed = {0};
    const char *warning;

    if (st == WB_OK)
        e->message[0] = '\0'; /* what was said in passing is no error */
    if (cli_flush(c, &flushed) != WB_OK) {
        cli_complain(&flushed);
        st = cli_worse(st, flushed.status);
    }
    if (st != WB_OK)
        cli_complain(e);
    if (c->vault != NULL && (warning = wb_vault_warning(c->vault)) != NULL)
        cli_warn("%s", warning);
    return st;
}

int
cli_main(int argc, char **argv)
{
    static struct cli c;
    struct wb_error e = {0};
    enum wb_status st;

    ready_process();
    st = cli_parse(&c, argc, argv, &e);
    if (st == WB_OK)
        st = serve(&c, &e);
    st = cli_end(&c, st, &e);
    wb_vault_close(&c.vault);
    if (c.signal != 0) { /* now that all is closed it is obeyed */
        (void)signal(c.signal, SIG_DFL);
        (void)raise(c.signal);
    }
    return wb_status_exit(st);
}
