/* vault/cli/extract.c - `extract`: the file of an evidence record, outside again. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"

enum { NAME_BYTES = 256 }; /* with the NUL: what file systems allow */

struct extract_options {
    const char *folder;
};

static const struct cli_option rows[] = {
    {.name = "output",
        .letter = 'o',
        .kind = CLI_WORD,
        .offset = offsetof(struct extract_options, folder),
        .value = "DIR",
        .help = "the folder to write into; else the current one",
        .use = CLI_FILLS_HERE},
    {.name = NULL},
};

/* Where the file goes: all names are below `fd`, which never changes. */
struct place {
    int fd;
    const char *folder;
    char name[NAME_BYTES];
    char partial[NAME_BYTES];
};

/* The name as received is foreign text: it serves only if it is a plain name that shows
 * as what it is, is not hidden, and is no option of other commands. */
static bool
is_plain(const char *name)
{
    size_t size = strlen(name);
    char *safe = wb_text_safe(name, size, false);
    bool plain = safe != NULL && strcmp(safe, name) == 0 && size > 0 &&
        size < NAME_BYTES && name[0] != '.' && name[0] != '-' &&
        strchr(name, '/') == NULL;

    wb_text_free(safe);
    return plain;
}

static enum wb_status
open_place(struct place *p, const struct wb_id *id, const struct wb_file_view *file,
    struct wb_error *e)
{
    char text[WB_ID_TEXT_BYTES];
    struct stat info;

    wb_id_text(text, id);
    (void)snprintf(
        p->name, sizeof p->name, "%s", is_plain(file->name) ? file->name : text);
    (void)snprintf(p->partial, sizeof p->partial, "." WB_PROGRAM "-%s.part", text);
    p->fd = open(p->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (p->fd < 0 && errno == ENOENT)
        return cli_fail(
            e, WB_ERR_NOT_FOUND, "%s: no such folder; make it first", p->folder);
    if (p->fd < 0)
        return cli_fail_os(e, errno, "%s", p->folder);
    if (fstatat(p->fd, p->name, &info, AT_SYMLINK_NOFOLLOW) == 0)
        return cli_fail(e, WB_ERR_USAGE,
            "%s/%s: is there already; nothing was written, name another folder with -o",
            p->folder, p->name);
    return WB_OK;
}

static enum wb_status
publish(const struct place *p, struct wb_error *e)
{
    enum wb_status st;

    if ((st = cli_publish(p->fd, p->partial, p->name, e)) != WB_OK)
        return cli_within(e, st, p->folder);
    return cli_sync_folder(p->fd, p->folder, e);
}

static enum wb_status
write_file(
    struct cli *c, const struct place *p, const struct wb_record *r, struct wb_error *e)
{
    enum wb_status st;
    int fd = openat(
        p->fd, p->partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0 && errno == EEXIST)
        return cli_fail(e, WB_ERR_USAGE,
            "%s/%s: left behind by an extract that was interrupted; remove it",
            p->folder, p->partial);
    if (fd < 0)
        return cli_fail_os(e, errno, "%s/%s", p->folder, p->partial);
    st = wb_extract(c->vault, r, fd, e);
    if (st == WB_OK && fsync(fd) != 0)
        st = cli_fail_os(e, errno, "%s/%s", p->folder, p->name);
    if (close(fd) != 0 && st == WB_OK)
        st = cli_fail_os(e, errno, "%s/%s", p->folder, p->name);
    if (st == WB_OK)
        st = publish(p, e);
    if (st != WB_OK)
        (void)unlinkat(p->fd, p->partial, 0);
    return st;
}

static void
tell(struct cli *c, const struct place *p, const struct wb_file_view *file)
{
    char path[PATH_MAX + NAME_BYTES];

    (void)snprintf(path, sizeof path, "%s/%s", p->folder, p->name);
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_pair(c, "file", path);
        cli_json_pair(c, "sha256", file->sha256);
        cli_json_count(c, "size", file->size);
        cli_json_close(c, '}');
    } else {
        cli_print_safe(path, strlen(path));
        cli_print("\n");
    }
    cli_note(c, "%s is not encrypted; remove it when it is no longer needed", path);
}

static enum wb_status
extract(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    const struct extract_options *o = (const void *)c->options.bytes;
    struct place p = {.fd = -1, .folder = o->folder != NULL ? o->folder : "."};
    struct wb_file_view file;
    enum wb_status st;

    if (!wb_record_file(r, &file))
        return cli_fail(e, WB_ERR_USAGE,
            "%s: a record of kind %s has no file of its own; `show` lists the evidence "
            "that has",
            c->operands[0], wb_record_kind(r));
    if (!file.stored)
        return cli_fail(e, WB_ERR_NOT_FOUND,
            "%s: the file is not in this vault, only its description: whoever has it "
            "can send it",
            c->operands[0]);
    st = open_place(&p, wb_record_id(r), &file, e);
    if (st == WB_OK)
        st = write_file(c, &p, r, e);
    if (st == WB_OK)
        tell(c, &p, &file);
    if (p.fd >= 0)
        (void)close(p.fd);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    struct wb_record *r = NULL;
    struct wb_id id;
    enum wb_status st;

    if ((st = wb_find(c->vault, &id, c->operands[0], e)) != WB_OK)
        return st;
    if ((st = wb_record_load(c->vault, &r, &id, e)) != WB_OK)
        return st;
    st = extract(c, r, e);
    wb_record_free(&r);
    return st;
}

const struct cli_command cli_extract = {
    .name = "extract",
    .needs = CLI_WRITE,
    .operands = "ID",
    .run = run,
    .summary = "write the file of an evidence record",
    .options = rows,
    .options_size = sizeof(struct extract_options),
    .help = "The file gets the name it came with where that is a plain one, else the "
            "id; an\n"
            "existing file is never overwritten. What is written is plaintext. The log "
            "keeps\nan entry.",
};
