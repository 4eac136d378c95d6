/* vault/cli/init.c - `init`: a new vault. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "new.h"

enum { CARD_BYTES_MAX = 64 * 1024 };

struct init_options {
    const char *name;
    const char *owner;
    struct cli_kdf kdf;
    struct cli_new from;
};

static const struct cli_option rows[] = {
    {.name = "name",
        .kind = CLI_WORD,
        .offset = offsetof(struct init_options, name),
        .value = "PSEUDONYM",
        .help = "the name that partners see on our card"},
    {.name = "owner",
        .kind = CLI_WORD,
        .offset = offsetof(struct init_options, owner),
        .value = "CARD",
        .help = "make a field vault: it adds, and only the owner of this card reads",
        .use = CLI_READS},
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

struct next {
    const char *words, *what;
};

static void
tell_next(const struct next *next, size_t count)
{
    enum { WORDS = 31 }; /* of the longest */

    cli_print("Next:\n");
    for (size_t i = 0; i < count; i++)
        cli_print("  %s%-*s  %s\n", cli_program(), WORDS, next[i].words,
            cli_word(next[i].what));
}

static enum wb_status
tell_json(struct cli *c, bool field, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    cli_json_open(c, '{');
    cli_json_pair(c, "path", c->path);
    if (field)
        st = cli_field_marks(c, e);
    cli_json_close(c, '}');
    return st;
}

/* A field vault's marks are what its owner and its documenter compare: now, while both
 * are there. */
static enum wb_status
tell_field(struct cli *c, const struct wb_owner *owner, struct wb_error *e)
{
    static const struct next next[] = {
        {"add statement -F text=@told.txt", CLI_SAID("write down what was said")},
        {"kinds", CLI_SAID("what else can be recorded")},
        {"backup FILE", CLI_SAID("a copy for the owner to `collect`")},
    };
    enum wb_status st;

    if (c->global.json)
        return tell_json(c, true, e);
    if (c->global.quiet)
        return WB_OK;
    cli_print("The field vault is made: ");
    cli_print_safe(c->path, strlen(c->path));
    cli_print("\n\nIts passphrase adds; only the owner reads what was added: ");
    cli_print_safe(owner->name, strlen(owner->name));
    cli_print("\n\n");
    if ((st = cli_field_marks(c, e)) != WB_OK)
        return st;
    cli_print(
        "\nCompare now, by voice or side by side: the owner sees the first mark in\n"
        "`identity`, and asks for the second before `contact verify`. Remember the\n"
        "first: every session shows it, and other words mean another vault.\n\n");
    tell_next(next, sizeof next / sizeof *next);
    return WB_OK;
}

static enum wb_status
tell(struct cli *c, struct wb_error *e)
{
    static const struct next next[] = {
        {"", CLI_SAID("the shell: asks once, Tab completes")},
        {"add incident", CLI_SAID("write down what happened")},
        {"kinds", CLI_SAID("what else can be recorded")},
        {"identity --export card.txt", CLI_SAID("your card, for partners")},
        {"head --words", CLI_SAID("twelve words to note elsewhere")},
    };

    if (c->global.json)
        return tell_json(c, false, e);
    if (c->global.quiet)
        return WB_OK;
    cli_print("The vault is made: ");
    cli_print_safe(c->path, strlen(c->path));
    cli_print("\n\nWithout its passphrase nobody can open it again, you included.\n\n");
    tell_next(next, sizeof next / sizeof *next);
    return WB_OK;
}

/* What the card says, where there is one. */
static enum wb_status
read_owner(struct cli *c, struct wb_owner *owner, struct wb_vault_options *options,
    const char *path, struct wb_error *e)
{
    struct cli_bytes card = {0};
    enum wb_status st;

    if (path == NULL)
        return WB_OK;
    if ((st = cli_read(c, &card, path, CARD_BYTES_MAX, "the card", e)) == WB_OK)
        st = wb_card_owner(owner, card.bytes, card.size, e);
    cli_bytes_free(&card);
    options->owner = owner->collect;
    return cli_within(e, st, path);
}

/* Only an open vault has marks. */
static enum wb_status
open_made(struct cli *c, const struct wb_new_passphrase *p,
    const struct wb_vault_options *options, struct wb_error *e)
{
    enum wb_status st;

    if (options->owner == NULL)
        return WB_OK;
    st = wb_vault_open(&c->vault, c->path, WB_OPEN_READ, e);
    if (st == WB_OK && options->has_key_file) {
        (void)lseek(options->key_file, 0, SEEK_SET);
        st = wb_vault_key_file(c->vault, options->key_file, e);
    }
    return st == WB_OK ? wb_vault_unlock(c->vault, p->text, p->size, e) : st;
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
    if (st == WB_OK)
        st = open_made(c, &to, options, e);
    cli_new_end(&p, &to);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct init_options *o = (const void *)c->options.bytes;
    struct wb_vault_options options = {0};
    struct wb_owner owner = {0};
    struct stat info;
    enum wb_status st;

    if (lstat(c->path, &info) == 0)
        return cli_fail(e, WB_ERR_USAGE,
            "%s: is there already; nothing was done, name another file with --vault",
            c->path);
    if ((st = read_owner(c, &owner, &options, o->owner, e)) != WB_OK ||
        (st = choose_options(&options, o, e)) != WB_OK ||
        (st = create(c, o, &options, e)) != WB_OK)
        return st;
    cli_kdf_warn(options.kdf_memory_mib);
    return options.owner != NULL ? tell_field(c, &owner, e) : tell(c, e);
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
