/* vault/cli/info.c - `info`: the vault in numbers. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { LABEL_COLUMNS = 11 };

static void
tell_json(struct cli *c, const struct wb_vault_info *info)
{
    struct wb_protections p;

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
    wb_sandbox_protections(&p);
    cli_json_key(c, "calls-limited");
    cli_json_bool(c, p.calls);
    cli_json_key(c, "files-limited");
    cli_json_bool(c, p.files > 0);
    cli_json_key(c, "memory-unreadable");
    cli_json_bool(c, p.unreadable);
}

void
cli_info_label(const char *english)
{
    cli_print_label(english, LABEL_COLUMNS);
}

/* What holds this very process back. */
static void
tell_protections(void)
{
    struct wb_protections p;

    wb_sandbox_protections(&p);
    cli_info_label("process");
    if (p.calls)
        cli_print("network, new programs: forbidden\n");
    else
        cli_print("network, new programs: not forbidden, the kernel has no seccomp\n");
    cli_info_label("");
    if (p.files > 0)
        cli_print("files: only those named (Landlock %u)\n", p.files);
    else
        cli_print("files: not limited, the kernel has no Landlock\n");
    cli_info_label("");
    if (p.unreadable)
        cli_print("memory: in no core dump, closed to other processes\n");
    else
        cli_print("memory: other processes of this user can read it\n");
}

static void
tell_text(const struct cli *c, const struct wb_vault_info *info)
{
    cli_info_label("file");
    cli_print_safe(c->path, strlen(c->path));
    cli_print("\n");
    cli_info_label("vault");
    cli_print("%s, header generation %" PRIu64 "\n", info->vault, info->generation);
    cli_info_label("key");
    cli_print("Argon2id, %" PRIu32 " MiB, %" PRIu32 " passes, %" PRIu32 " lanes\n",
        info->kdf_memory_mib, info->kdf_passes, info->kdf_lanes);
    cli_info_label("passphrases");
    cli_print("%u\n", info->passphrases);
    cli_info_label("revisions");
    cli_print("%" PRIu64 "\n", info->revisions);
    cli_info_label("files");
    cli_print("%" PRIu64 "\n", info->files);
    cli_info_label("log entries");
    cli_print("%" PRIu64 ", timed by this device's clock\n", info->entries);
    cli_info_label("size");
    cli_print_count(info->bytes, "byte", "bytes");
    cli_print("\n");
    if (!info->keys_locked) {
        cli_info_label("memory");
        cli_print("some keys could be swapped to disk (RLIMIT_MEMLOCK)\n");
    }
    tell_protections();
}

/* Whether it is a field vault, and then its marks. */
static enum wb_status
tell_field(struct cli *c, bool field, struct wb_error *e)
{
    if (c->global.json) {
        cli_json_key(c, "field-vault");
        cli_json_bool(c, field);
    } else if (field) {
        cli_info_label("field vault");
        cli_print("adds only; its owner reads it\n");
    }
    return field ? cli_field_marks(c, e) : WB_OK;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    struct wb_vault_info info;
    enum wb_status st = wb_vault_info(c->vault, &info, e);

    if (st != WB_OK)
        return st;
    if (!c->global.json) {
        tell_text(c, &info);
        st = tell_field(c, info.field_vault, e);
        return st == WB_OK ? cli_info_keys(c, e) : st;
    }
    cli_json_open(c, '{');
    tell_json(c, &info);
    if ((st = tell_field(c, info.field_vault, e)) == WB_OK)
        st = cli_info_keys(c, e);
    cli_json_close(c, '}');
    return st;
}

const struct cli_command cli_info = {
    .name = "info",
    .needs = CLI_READ,
    .operands = "",
    .run = run,
    .in_field = true,
    .summary = "the vault in numbers",
    .help = "",
};
