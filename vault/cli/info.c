/* vault/cli/info.c - `info`: the vault in numbers. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

static void
tell_json(struct cli *c, const struct wb_vault_info *info)
{
    cli_json_open(c, '{');
    cli_json_pair(c, "path", c->path);
    cli_json_pair(c, "vault", info->vault);
    cli_json_count(c, "generation", info->generation);
    cli_json_count(c, "kdf-memory", info->kdf_memory_mib);
    cli_json_count(c, "kdf-passes", info->kdf_passes);
    cli_json_count(c, "kdf-lanes", info->kdf_lanes);
    cli_json_count(c, "passphrases", info->passphrases);
    cli_json_count(c, "revisions", info->revisions);
    cli_json_count(c, "files", info->files);
    cli_json_count(c, "entries", info->entries);
    cli_json_count(c, "bytes", info->bytes);
    cli_json_key(c, "keys-locked");
    cli_json_bool(c, info->keys_locked);
    cli_json_close(c, '}');
}

static void
tell_text(const struct cli *c, const struct wb_vault_info *info)
{
    cli_print("file         ");
    cli_print_safe(c->path, strlen(c->path));
    cli_print("\nvault        %s, header generation %" PRIu64 "\n", info->vault,
        info->generation);
    cli_print("key          Argon2id, %" PRIu32 " MiB, %" PRIu32 " passes, %" PRIu32
              " lanes\n",
        info->kdf_memory_mib, info->kdf_passes, info->kdf_lanes);
    cli_print("passphrases  %u\n", info->passphrases);
    cli_print("revisions    %" PRIu64 "\n", info->revisions);
    cli_print("files        %" PRIu64 "\n", info->files);
    cli_print("log entries  %" PRIu64 "\n", info->entries);
    cli_print("size         %" PRIu64 " bytes\n", info->bytes);
    if (!info->keys_locked)
        cli_print("memory       some keys could be swapped to disk (RLIMIT_MEMLOCK)\n");
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    struct wb_vault_info info;
    enum wb_status st = wb_vault_info(c->vault, &info, e);

    if (st != WB_OK)
        return st;
    if (c->global.json)
        tell_json(c, &info);
    else
        tell_text(c, &info);
    return WB_OK;
}

const struct cli_command cli_info = {
    .name = "info",
    .needs = CLI_READ,
    .operands = "",
    .run = run,
    .summary = "the vault in numbers",
    .help = "",
};
