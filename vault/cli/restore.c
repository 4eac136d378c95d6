/* vault/cli/restore.c - `restore`: a vault from a backup, honestly. */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"

enum { HEAD_BYTES_MAX = 64 * 1024 };

struct restore_options {
    const char *head;
    const char *reason;
};

static const struct cli_option rows[] = {
    {.name = "head",
        .kind = CLI_WORD,
        .offset = offsetof(struct restore_options, head),
        .value = "FILE",
        .help = "a later head that was noted: says what the backup does not have",
        .use = CLI_READS},
    {.name = "reason",
        .kind = CLI_WORD,
        .offset = offsetof(struct restore_options, reason),
        .value = "TEXT",
        .help = "why, for ever in the log"},
    {.name = NULL},
};

static void
warn_problem(void *cookie, const struct wb_problem *p)
{
    (void)cookie;
    cli_warn("%s: %s: %s", p->where, p->kind, p->what);
}

static void
tell(struct cli *c, const struct wb_restored *done)
{
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_pair(c, "path", c->path);
        cli_json_count(c, "entries", done->size);
        cli_json_count(c, "lost", done->lost);
        cli_json_count(c, "records", done->verified.records);
        cli_json_close(c, '}');
    } else if (done->lost > 0)
        cli_print(
            "lost: entries %" PRIu64 " to %" PRIu64
            ": the head proves that they were logged, the backup ends before them\n",
            done->size, done->size + done->lost - 1);
    cli_note(c,
        "%s: restored, %" PRIu64
        " log entr%s, every chunk verified; its log begins anew "
        "with an entry that commits to the old one. Next: `head`, and give "
        "partners your new card (`identity --export`)",
        c->path, done->size, done->size == 1 ? "y" : "ies");
}

static enum wb_status
restore(struct cli *c, const struct cli_bytes *head, struct wb_error *e)
{
    static const struct wb_verify_watch watch = {.problem = warn_problem};
    const struct restore_options *o = (const void *)c->options.bytes;
    const struct wb_restore how = {.reason = o->reason,
        .head = head->bytes,
        .head_size = head->size,
        .watch = &watch};
    struct wb_restored done;
    enum wb_status st;

    if (c->default_path && (st = cli_make_folders(c, e)) != WB_OK)
        return st;
    if ((st = wb_vault_restore(c->vault, c->path, &how, &done, e)) == WB_OK)
        tell(c, &done);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct restore_options *o = (const void *)c->options.bytes;
    const char *from = c->operands[0];
    struct cli_bytes head = {0};
    struct stat info;
    enum wb_status st = WB_OK;

    if (lstat(c->path, &info) == 0)
        return cli_fail(e, WB_ERR_USAGE,
            "%s: is there already; nothing was done, name another file with --vault",
            c->path);
    if (o->head != NULL &&
        (st = cli_read(c, &head, o->head, HEAD_BYTES_MAX, "the head", e)) != WB_OK)
        return st;
    if ((st = wb_vault_open(&c->vault, from, WB_OPEN_READ, e)) == WB_OK &&
        (st = cli_unlock(c, from, e)) == WB_OK)
        st = restore(c, &head, e);
    cli_bytes_free(&head);
    return st;
}

const struct cli_command cli_restore = {
    .name = "restore",
    .needs = CLI_PATH,
    .operands = "FILE",
    .first_use = CLI_READS,
    .run = run,
    .summary = "make the vault from a backup",
    .options = rows,
    .options_size = sizeof(struct restore_options),
    .help =
        "FILE is what `backup` wrote; the vault (--vault, or the usual place) must not "
        "be\n"
        "there yet. Everything is verified first. The log begins anew, and its first\n"
        "entry says from where.",
};
