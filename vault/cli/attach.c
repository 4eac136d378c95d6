/* vault/cli/attach.c - `attach`: files as evidence about a record. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"

/* A name that no field can hold (not UTF-8, a line break) is stored as a terminal would
 * show it; evidence is not turned away for its name. NULL where the name will do; freed
 * with wb_text_free. */
static char *
storable(const struct cli *c, const char *name)
{
    char *quoted = wb_text_json(name, strlen(name));
    bool fits = quoted != NULL && strpbrk(name, "\r\n") == NULL;
    char *safe = fits ? NULL : wb_text_safe(name, strlen(name), false);

    wb_text_free(quoted);
    if (safe != NULL)
        cli_note(c, "the file's name is stored as %s", safe);
    return safe;
}

/* A field vault cannot look. */
static void
note_same(struct cli *c, const struct wb_id *id)
{
    char same[WB_ID_TEXT_BYTES];
    struct wb_record *r = NULL;
    struct wb_file_view file;

    if (!wb_vault_is_field(c->vault) &&
        wb_record_load(c->vault, &r, id, NULL) == WB_OK && wb_record_file(r, &file) &&
        cli_same_bytes(c, same, file.sha256, id))
        cli_note(c, "the same bytes are here as evidence %s", same);
    wb_record_free(&r);
}

enum wb_status
cli_attach_path(struct cli *c, struct wb_change *change, const struct wb_id *about,
    const char *path, struct wb_saved *saved, struct wb_error *e)
{
    const char *name = cli_base_name(path);
    enum wb_status st;
    char *escaped;
    int fd;

    if ((st = cli_open_file(c, &fd, path, e)) != WB_OK)
        return st;
    escaped = storable(c, name);
    st = wb_change_attach(
        change, about, fd, escaped != NULL ? escaped : name, NULL, saved, e);
    wb_text_free(escaped);
    (void)close(fd);
    if (st == WB_OK)
        note_same(c, &saved->id);
    return cli_within(e, st, path);
}

void
cli_attached(const struct cli *c, const char *const *paths, size_t count)
{
    char full[PATH_MAX];

    for (size_t i = 0; i < count; i++)
        cli_note(c, "the original still lies at %s, readable for whoever gets there",
            realpath(paths[i], full) != NULL ? full : paths[i]);
}

/* Each file is a transaction of its own: what is in stays in. */
static enum wb_status
attach_one(struct cli *c, void *cookie, const char *path, struct wb_error *e)
{
    const struct wb_id *about = cookie;
    struct wb_change *change = NULL;
    struct wb_saved saved;
    enum wb_status st;

    if ((st = wb_change_begin(&change, c->vault, e)) != WB_OK)
        return st;
    st = cli_attach_path(c, change, about, path, &saved, e);
    if (st == WB_OK)
        st = wb_change_commit(&change, e);
    if (st == WB_OK) {
        cli_print_saved(c, &saved);
        cli_attached(c, &path, 1);
    }
    wb_change_rollback(&change);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    struct wb_id about;
    enum wb_status st;

    /* a field vault, which cannot look up, takes a whole id */
    if ((st = wb_find(c->vault, &about, c->operands[0], e)) != WB_OK)
        return st;
    return cli_each_operand(c, 1, attach_one, &about, e);
}

const struct cli_command cli_attach = {
    .name = "attach",
    .needs = CLI_WRITE,
    .operands = "ID PATH...",
    .rest_use = CLI_READS,
    .run = run,
    .in_field = true,
    .summary = "store files as evidence about a record",
    .help = "The bytes are stored unchanged, with their SHA-256 and the name they came "
            "with.\n"
            "Each file is an evidence record; its id is printed.",
};
