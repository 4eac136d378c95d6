/* vault/cli/export_to.c - to whom bundles go, and into which files. */
#include "export_to.h"

#include "export_plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { NAME_LETTERS = 8, WORDS = 10 /* 110 bits */, LABEL_COLUMNS = 7 };
#define SPLIT_MAX ((uint64_t)1 << 33)

enum wb_status
cli_export_to_check(const struct cli_export_to *t, struct wb_error *e)
{
    if (t->to.count == 0 && !t->passphrase)
        return cli_fail(e, WB_ERR_USAGE,
            "export: --to is missing: a contact's label, or age1...; or --passphrase");
    if (t->to.count > 0 && t->passphrase)
        return cli_fail(
            e, WB_ERR_USAGE, "export: --to or --passphrase, age has no file for both");
    if (t->words_fd.given && !t->passphrase)
        return cli_fail(e, WB_ERR_USAGE, "export: --words-fd goes with --passphrase");
    return WB_OK;
}

/* 700M and the like: powers of 1,024, as file systems count. */
static enum wb_status
read_split(uint64_t *size, const char *text, struct wb_error *e)
{
    static const char units[] = "KMG";
    char *end = NULL;
    const char *unit;
    unsigned long long value;

    *size = 0;
    if (text == NULL)
        return WB_OK;
    errno = 0;
    value = strtoull(text, &end, 10);
    unit = *end == '\0' ? NULL : strchr(units, *end);
    if (text[0] < '0' || text[0] > '9' || errno != 0 || value == 0 ||
        value > SPLIT_MAX || (*end != '\0' && (unit == NULL || end[1] != '\0')))
        return cli_fail(e, WB_ERR_USAGE, "--split: '%s' is no size: 700M, 4G", text);
    *size = unit == NULL ? value : (uint64_t)value << 10 * (unit - units + 1);
    return WB_OK;
}

/* ---- where ---- */

enum wb_status
cli_export_path(char path[static PATH_MAX], const char *folder, struct wb_error *e)
{
    char text[WB_ID_TEXT_BYTES];
    struct wb_id id;
    int size;

    if (getrandom(id.bytes, sizeof id.bytes, 0) != (ssize_t)sizeof id.bytes)
        return cli_fail(e, WB_ERR_IO, "no random bytes for a file name; give -o FILE");
    wb_id_text(text, &id);
    size = snprintf(path, PATH_MAX, "%s%sbundle-%.*s.age", folder == NULL ? "" : folder,
        folder == NULL ? "" : "/", NAME_LETTERS, text);
    if (size < 0 || size >= PATH_MAX)
        return cli_fail(e, WB_ERR_USAGE, "--output: the path is too long");
    return WB_OK;
}

/* ---- what became of it ---- */

static void
tell_json(
    struct cli *c, const char *path, const char *words, const struct wb_exported *done)
{
    cli_json_open(c, '{');
    cli_json_pair(c, "bundle", done->bundle);
    cli_json_pair(c, "sha256", done->sha256);
    cli_json_pair(c, "file", path);
    if (words != NULL)
        cli_json_pair(c, "passphrase", words);
    cli_json_count(c, "records", done->records);
    cli_json_count(c, "files", done->files);
    cli_json_count(c, "bytes", done->bytes);
    cli_json_close(c, '}');
}

void
cli_exported_print(const char *bundle, const char *sha256, const char *path)
{
    cli_print_label("bundle", LABEL_COLUMNS);
    cli_print("%s\n", bundle);
    cli_print_label("sha256", LABEL_COLUMNS);
    cli_print("%s\n", sha256);
    cli_print_label("file", LABEL_COLUMNS);
    cli_print_safe(path, strlen(path));
    cli_print("\n");
}

static void
tell_text(
    const char *path, const char *to, const char *words, const struct wb_exported *done)
{
    if (to != NULL) {
        cli_print_label("for", LABEL_COLUMNS);
        cli_print_safe(to, strlen(to));
        cli_print("\n");
    }
    cli_exported_print(done->bundle, done->sha256, path);
    cli_print_label("holds", LABEL_COLUMNS);
    cli_print_count(done->records, "record", "records");
    cli_print(", ");
    cli_print_count(done->files, "file", "files");
    cli_print(", ");
    cli_print_count(done->bytes, "byte", "bytes");
    cli_print("\n");
    if (words == NULL)
        return;
    cli_print_label("words", LABEL_COLUMNS);
    cli_print("%s\n", words);
    cli_print_label("", LABEL_COLUMNS);
    cli_print("shown only now: tell them by another way than the file goes\n");
}

/* ---- one bundle, or one for each ---- */

/* `to` is whom it is told to be for, where there are several bundles; `words` are shown
 * with it, or NULL. */
static enum wb_status
export_one(struct cli *c, const struct cli_export_to *t,
    const struct wb_export_request *request, const char *to, const char *words,
    struct wb_error *e)
{
    struct wb_export_request complete = *request;
    struct cli_export_plan plan;
    struct wb_exported done;
    char path[PATH_MAX];
    enum wb_status st = WB_OK;

    complete.path = t->output;
    if (t->output == NULL || cli_is_folder(t->output)) {
        st = cli_export_path(path, t->output, e);
        complete.path = path;
    }
    if (st != WB_OK || (st = read_split(&complete.split, t->split, e)) != WB_OK)
        return st;
    cli_export_plan_begin(&plan, c, &complete);
    if ((st = wb_export(c->vault, &complete, &done, e)) != WB_OK)
        return st;
    if (complete.plan_only) {
        cli_export_plan_end(&plan, to, &done);
        return WB_OK;
    }
    if (c->global.json)
        tell_json(c, complete.path, words, &done);
    else
        tell_text(complete.path, to, words, &done);
    return WB_OK;
}

static enum wb_status
export_words(struct cli *c, const struct cli_export_to *t,
    struct wb_export_request *request, struct wb_error *e)
{
    char *words = NULL;
    enum wb_status st = wb_passphrase_suggest(&words, WORDS, e);

    if (st != WB_OK)
        return st;
    request->passphrase = words;
    if (t->words_fd.given) /* before the bundle: without them it would be lost */
        st = cli_write_fd((int)t->words_fd.value, words, "--words-fd", e);
    if (st == WB_OK)
        st = export_one(c, t, request, NULL, t->words_fd.given ? NULL : words, e);
    wb_text_free(words);
    return st;
}

static enum wb_status
export_several(struct cli *c, const struct cli_export_to *t,
    struct wb_export_request *request, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    if (t->output != NULL && !cli_is_folder(t->output))
        return cli_fail(e, WB_ERR_USAGE,
            "%s: not a folder: each recipient gets a bundle of their own; or "
            "--together, where all see who else has it",
            t->output);
    if (c->global.json)
        cli_json_open(c, '[');
    for (size_t i = 0; st == WB_OK && i < t->to.count; i++) {
        request->to = &t->to.items[i];
        request->to_count = 1;
        st = cli_within(
            e, export_one(c, t, request, t->to.items[i], NULL, e), t->to.items[i]);
    }
    if (c->global.json)
        cli_json_close(c, ']');
    return st;
}

enum wb_status
cli_export_to_each(struct cli *c, const struct cli_export_to *t,
    struct wb_export_request *request, struct wb_error *e)
{
    size_t keys;
    enum wb_status st;

    if (t->passphrase)
        return export_words(c, t, request, e);
    st = wb_export_check_recipients(c->vault, t->to.items, t->to.count, &keys, e);
    if (st != WB_OK)
        return st;
    if (keys < t->to.count)
        return cli_fail(e, WB_ERR_USAGE, "export: --to names the same key twice");
    if (keys > 1 && !t->together)
        return export_several(c, t, request, e);
    request->to = t->to.items;
    request->to_count = t->to.count;
    return export_one(c, t, request, NULL, NULL, e);
}
