/* vault/cli/init.c - `init`: a new vault. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "cli.h"
#include "commands.h"

/* What --portable asks for: opens within seconds on any laptop of the last ten years.
 */
enum { PORTABLE_MIB = 256, PORTABLE_PASSES = 3, PORTABLE_LANES = 4 };

struct init_options {
    const char *name;
    bool portable;
    struct cli_number memory;
    struct cli_number passes;
    struct cli_number lanes;
    struct cli_number new_fd;
    const char *new_file;
};

static const struct cli_option rows[] = {
    {.name = "name",
        .kind = CLI_WORD,
        .offset = offsetof(struct init_options, name),
        .value = "PSEUDONYM",
        .help = "the name that partners see on our card"},
    {.name = "portable",
        .kind = CLI_FLAG,
        .offset = offsetof(struct init_options, portable),
        .help = "a key derivation that small computers can bear: 256 MiB"},
    {.name = "kdf-memory",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct init_options, memory),
        .value = "MIB",
        .least = 64,
        .most = 4096,
        .help = "memory that one guess at the passphrase takes"},
    {.name = "kdf-passes",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct init_options, passes),
        .value = "N",
        .least = 3,
        .most = 64,
        .help = "times that this memory is gone through"},
    {.name = "kdf-lanes",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct init_options, lanes),
        .value = "N",
        .least = 4,
        .most = 16,
        .help = "how many processors can share the work"},
    {.name = "new-passphrase-fd",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct init_options, new_fd),
        .value = "N",
        .most = INT_MAX,
        .help = "read the passphrase from this open descriptor"},
    {.name = "new-passphrase-file",
        .kind = CLI_WORD,
        .offset = offsetof(struct init_options, new_file),
        .value = "FILE",
        .help = "read the passphrase from this file"},
    {.name = NULL},
};

/* The folders above the usual place; a path that the user named must have its own. */
static enum wb_status
make_folders(struct cli *c, struct wb_error *e)
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

static enum wb_status
read_options(
    struct wb_vault_options *to, const struct init_options *from, struct wb_error *e)
{
    if (from->portable &&
        (from->memory.given || from->passes.given || from->lanes.given))
        return cli_fail(
            e, WB_ERR_USAGE, "init: --portable sets what the --kdf options would");
    to->name = from->name;
    to->kdf_memory_mib = from->portable ? PORTABLE_MIB : (uint32_t)from->memory.value;
    to->kdf_passes = from->portable ? PORTABLE_PASSES : (uint32_t)from->passes.value;
    to->kdf_lanes = from->portable ? PORTABLE_LANES : (uint32_t)from->lanes.value;
    return WB_OK;
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
run(struct cli *c, struct wb_error *e)
{
    static struct cli_passphrase p;
    const struct init_options *o = (const void *)c->options.bytes;
    struct cli_source source = {o->new_fd, o->new_file, "New passphrase: ", true};
    struct wb_vault_options options = {0};
    struct stat info;
    enum wb_status st;

    if (!source.fd.given && source.file == NULL) {
        source.fd = c->global.passphrase_fd;
        source.file = c->global.passphrase_file;
    }
    if ((st = read_options(&options, o, e)) != WB_OK)
        return st;
    if (lstat(c->path, &info) == 0)
        return cli_fail(
            e, WB_ERR_USAGE, "%s: is there already; nothing was done", c->path);
    (void)mlock(&p, sizeof p);
    st = cli_passphrase(c, &p, &source, e);
    if (st == WB_OK && c->default_path)
        st = make_folders(c, e);
    if (st == WB_OK)
        st = wb_vault_create(c->path, &options, p.bytes, p.size, e);
    wb_text_wipe(&p, sizeof p);
    if (st == WB_OK)
        tell(c);
    return st;
}

const struct cli_command cli_init = {
    .name = "init",
    .needs = CLI_PATH,
    .operands = "",
    .run = run,
    .summary = "create a vault",
    .options = rows,
    .options_size = sizeof(struct init_options),
    .help = "On a terminal the passphrase is asked for twice; scripts give it with\n"
            "--new-passphrase-fd or --new-passphrase-file. An existing file is never "
            "touched.",
};
