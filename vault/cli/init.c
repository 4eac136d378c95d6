/* vault/cli/init.c - `init`: a new vault. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "new.h"

struct init_options {
    const char *name;
    struct cli_kdf kdf;
    struct cli_new from;
};

static const struct cli_option rows[] = {
    {.name = "name",
        .kind = CLI_WORD,
        .offset = offsetof(struct init_options, name),
        .value = "PSEUDONYM",
        .help = "the name that partners see on our card"},
    CLI_KDF_ROWS(struct init_options, kdf),
    CLI_NEW_PASSPHRASE_ROWS(struct init_options, from),
    {.name = NULL},
};

/* The folders above the usual place; a path that the user named must have its own. */
enum wb_status
cli_make_folders(struct cli *c, struct wb_error *e)
{
    for (char *slash = strchr(c->path + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        int result;

        *slash = '\0';
        result = mkdir(c->path, 0700);
        if (result != 0 && errno != EEXIST)
            return cli_fail_os(e, errno, "%s", c->path);
        *slash = '/';
    }
    return WB_OK;
}

/* What was asked for; else as much as this computer can bear in a second. */
static enum wb_status
choose_options(
    struct wb_vault_options *to, const struct init_options *from, struct wb_error *e)
{
    bool given;
    enum wb_status st = cli_kdf_given(&from->kdf, &given, e);

    if (st != WB_OK)
        return st;
    to->name = from->name;
    cli_kdf_put(to, &from->kdf);
    return given ? WB_OK : wb_vault_calibrate(to, e);
}

static void
tell(struct cli *c)
{
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_pair(c, "path", c->path);
        cli_json_close(c, '}');
        return;
    }
    if (c->global.quiet)
        return;
    cli_print("The vault is made: ");
    cli_print_safe(c->path, strlen(c->path));
    cli_print(
        "\n\nWithout its passphrase nobody can open it again, you included.\n\n"
        "Next:\n"
        "  witnessbox add incident -F title=... -F date=2026-03   write down what "
        "happened\n"
        "  witnessbox kinds                                       what else can be "
        "recorded\n"
        "  witnessbox identity --export card.txt                  your card, for "
        "partners\n"
        "  witnessbox head                                        note it elsewhere: "
        "it proves\n"
        "                                                         that nothing was "
        "rolled back\n");
}

static enum wb_status
create(struct cli *c, const struct init_options *o, struct wb_vault_options *options,
    struct wb_error *e)
{
    static struct cli_passphrase p;
    struct cli_new from = o->from;
    struct wb_new_passphrase to;
    enum wb_status st;

    if (!from.fd.given && from.file == NULL) {
        from.fd = c->global.passphrase_fd;
        from.file = c->global.passphrase_file;
    }
    from.key_file = c->global.key_file;
    st = cli_new_passphrase(c, &p, &to, &from, e);
    options->has_key_file = to.key_file_use == WB_KEY_FILE_GIVEN;
    options->key_file = to.key_file;
    if (st == WB_OK && c->default_path)
        st = cli_make_folders(c, e);
    if (st == WB_OK)
        st = wb_vault_create(c->path, options, to.text, to.size, e);
    cli_new_end(&p, &to);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct init_options *o = (const void *)c->options.bytes;
    struct wb_vault_options options = {0};
    struct stat info;
    enum wb_status st;

    if (lstat(c->path, &info) == 0)
        return cli_fail(
            e, WB_ERR_USAGE, "%s: is there already; nothing was done", c->path);
    if ((st = choose_options(&options, o, e)) != WB_OK ||
        (st = create(c, o, &options, e)) != WB_OK)
        return st;
    cli_kdf_warn(options.kdf_memory_mib);
    tell(c);
    return WB_OK;
}

const struct cli_command cli_init = {
    .name = "init",
    .needs = CLI_PATH,
    .operands = "",
    .run = run,
    .summary = "create a vault",
    .options = rows,
    .options_size = sizeof(struct init_options),
    .help =
        "Without --portable or --kdf options it measures what this computer can bear\n"
        "in about a second. On a terminal the passphrase is asked for twice; scripts\n"
        "give it with --new-passphrase-fd or --new-passphrase-file. An existing file\n"
        "is never touched.",
};
