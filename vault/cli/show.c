/* vault/cli/show.c - `show`: one revision of a record, and the files about it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

struct show_options {
    bool proof;
};

static const struct cli_option rows[] = {
    {.name = "proof",
        .kind = CLI_FLAG,
        .offset = offsetof(struct show_options, proof),
        .help = "its tlog-proof instead: that it stands in its author's log"},
    {.name = NULL},
};

enum { LABEL_COLUMNS = 14, INDENT = LABEL_COLUMNS + 2, NUMBER_COLUMNS = 4 };

/* ---- files: the record's own, and those of evidence about it ---- */

struct files {
    struct cli *c;
    const struct wb_id *about;
    uint64_t shown;
};

static void
show_file(
    struct files *f, const struct wb_id *evidence, const struct wb_file_view *file)
{
    char id[WB_ID_TEXT_BYTES];

    f->shown++;
    if (f->c->global.json) {
        cli_json_open(f->c, '{');
        cli_json_id(f->c, "id", evidence);
        cli_json_pair(f->c, "name", file->name);
        cli_json_pair(f->c, "sha256", file->sha256);
        cli_json_count(f->c, "size", file->size);
        cli_json_pair(f->c, "type", file->type);
        cli_json_close(f->c, '}');
        return;
    }
    wb_id_text(id, evidence);
    cli_print("%-*s  ", LABEL_COLUMNS, f->shown == 1 ? "files" : "");
    cli_print_safe(file->name, strlen(file->name));
    cli_print("%s\n%*s%" PRIu64 " bytes  ", file->stored ? "" : "  (not in this vault)",
        INDENT, "", file->size);
    cli_print_safe(file->type, strlen(file->type));
    cli_print("%s%s\n%*ssha256 ", file->type[0] != '\0' ? "  " : "", id, INDENT, "");
    cli_print_safe(file->sha256, strlen(file->sha256));
    cli_print("\n");
}

static bool
show_evidence(void *cookie, const struct wb_record *r)
{
    struct files *f = cookie;
    struct wb_value_view value;
    struct wb_file_view file;
    struct wb_id about;

    for (size_t i = 0; wb_record_value(r, "about", i, &value); i++)
        if (value.state == WB_STATE_TEXT &&
            wb_id_parse(&about, value.text, value.size) &&
            wb_id_equal(&about, f->about) && wb_record_file(r, &file)) {
            show_file(f, wb_record_id(r), &file);
            break;
        }
    return true;
}

static enum wb_status
show_files(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    struct files f = {.c = c, .about = wb_record_id(r)};
    const struct wb_list_filter filter = {.kind = "evidence", .refers_to = f.about};
    struct wb_file_view own;
    uint64_t damaged = 0;
    enum wb_status st;

    if (wb_record_file(r, &own))
        show_file(&f, wb_record_id(r), &own);
    st = wb_list(c->vault, &filter, show_evidence, &f, &damaged, e);
    if (st == WB_OK && damaged > 0)
        st = cli_damaged(c, e);
    return st;
}

/* ---- JSON ---- */

static void
json_value(struct cli *c, const struct wb_value_view *value)
{
    if (value->state == WB_STATE_TEXT) {
        cli_json_text(c, value->text, value->size);
        return;
    }
    cli_json_open(c, '{');
    cli_json_pair(c, "state", wb_state_name(value->state));
    cli_json_close(c, '}');
}

/* One value stands alone, several in an array; what has none is left out. */
static void
json_field(struct cli *c, const struct wb_record *r, const struct wb_field_view *field)
{
    static const struct wb_value_view closed = {.state = WB_STATE_WITHHELD};
    struct wb_value_view value;

    if (field->count == 0 && !field->withheld)
        return;
    cli_json_key(c, field->name);
    if (field->withheld) {
        json_value(c, &closed);
        return;
    }
    if (field->count > 1)
        cli_json_open(c, '[');
    for (size_t i = 0; wb_record_value(r, field->name, i, &value); i++)
        json_value(c, &value);
    if (field->count > 1)
        cli_json_close(c, ']');
}

static enum wb_status
show_json(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    struct wb_field_view field;
    char root[WB_ROOT_TEXT_BYTES];
    enum wb_status st;

    cli_json_open(c, '{');
    cli_json_id(c, "id", wb_record_id(r));
    cli_json_count(c, "revision", wb_record_revision(r));
    cli_json_pair(c, "kind", wb_record_kind(r));
    cli_json_count(c, "schema", wb_record_schema(r));
    cli_json_key(c, "previous");
    cli_json_open(c, '[');
    for (size_t i = 0; i < wb_record_previous_count(r); i++) {
        cli_hex(root, wb_record_previous(r, i));
        cli_json_text(c, root, strlen(root));
    }
    cli_json_close(c, ']');
    cli_json_root(c, "root", wb_record_root(r));
    cli_json_pair(c, "origin", wb_record_origin(r));
    cli_json_key(c, "fields");
    cli_json_open(c, '{');
    for (size_t i = 0; wb_record_field(r, i, &field); i++)
        json_field(c, r, &field);
    cli_json_close(c, '}');
    cli_json_count(c, "withheld", wb_record_withheld(r));
    cli_json_key(c, "files");
    cli_json_open(c, '[');
    st = show_files(c, r, e);
    cli_json_close(c, ']');
    cli_json_close(c, '}');
    return st;
}

/* ---- text ---- */

static void
print_label(const char *label)
{
    cli_print_column(label, strlen(label), LABEL_COLUMNS);
}

static void
print_head(const struct wb_record *r)
{
    const char *kind = wb_record_kind(r), *origin = wb_record_origin(r);
    char id[WB_ID_TEXT_BYTES], root[WB_ROOT_TEXT_BYTES];

    wb_id_text(id, wb_record_id(r));
    print_label(kind);
    cli_print("%s  revision %" PRIu32 "%s\n", id, wb_record_revision(r),
        wb_record_is_foreign(r) ? "  received from somebody else" : "");
    cli_hex(root, wb_record_root(r));
    print_label("root");
    cli_print("%s\n", root);
    for (size_t i = 0; i < wb_record_previous_count(r); i++) {
        cli_hex(root, wb_record_previous(r, i));
        print_label("previous");
        cli_print("%s\n", root);
    }
    print_label("origin");
    cli_print_safe(origin, strlen(origin));
    cli_print("%s\n", origin[0] == '\0' ? "(withheld)" : "");
    if (wb_record_proof_count(r) > 0) {
        print_label("proofs");
        cli_print("%zu\n", wb_record_proof_count(r));
    }
    if (wb_record_withheld(r) > 0) {
        print_label("withheld");
        cli_print("%zu, empty fields included\n", wb_record_withheld(r));
    }
}

static void
print_value(const struct wb_value_view *value, int indent)
{
    if (value->state == WB_STATE_TEXT)
        cli_print_block(value->text, value->size, indent);
    else
        cli_print("(%s)\n", wb_state_name(value->state));
}

/* Texts that repeat are numbered paragraphs, other lists are lines. */
static void
print_field(const struct wb_record *r, const struct wb_field_view *field)
{
    bool numbered =
        field->repeats && (field->field == NULL || field->field->kind == WB_TEXT);
    struct wb_value_view value;

    if (field->withheld) {
        print_label(field->name);
        cli_print("(withheld)\n");
        return;
    }
    for (size_t i = 0; wb_record_value(r, field->name, i, &value); i++) {
        if (value.state == WB_STATE_ABSENT)
            continue;
        print_label(i == 0 ? field->name : "");
        if (numbered)
            cli_print("%*zu  ", NUMBER_COLUMNS - 2, i + 1);
        print_value(&value, INDENT + (numbered ? NUMBER_COLUMNS : 0));
    }
}

static enum wb_status
show_text(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    struct wb_field_view field;

    print_head(r);
    cli_print("\n");
    for (size_t i = 0; wb_record_field(r, i, &field); i++)
        print_field(r, &field);
    return show_files(c, r, e);
}

/* ID or ID@ROOT, where the id may be any unique beginning. */
static enum wb_status
load(struct cli *c, struct wb_record **r, const char *word, struct wb_error *e)
{
    const char *at = strchr(word, '@');
    char text[WB_ID_TEXT_BYTES];
    struct wb_id id;
    enum wb_status st;

    if (at == NULL) {
        if ((st = wb_find(c->vault, &id, word, e)) != WB_OK)
            return cli_tombstone_or(c, word, st, e);
        return wb_record_load(c->vault, r, &id, e);
    }
    if ((size_t)(at - word) >= sizeof text)
        return cli_fail(e, WB_ERR_USAGE, "%s: too long before the @ for an id", word);
    (void)snprintf(text, sizeof text, "%.*s", (int)(at - word), word);
    if ((st = wb_find(c->vault, &id, text, e)) != WB_OK)
        return cli_tombstone_or(c, text, st, e);
    return wb_record_load_root(c->vault, r, &id, at + 1, e);
}

static enum wb_status
show_proof(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    char *text = NULL;
    enum wb_status st;

    if (c->global.json)
        return cli_fail(e, WB_ERR_USAGE, "show --proof: a proof is text, not JSON");
    if ((st = wb_record_prove(c->vault, r, &text, e)) == WB_OK)
        cli_print("%s", text);
    wb_text_free(text);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct show_options *o = (const void *)c->options.bytes;
    struct wb_record *r = NULL;
    enum wb_status st;

    if ((st = load(c, &r, c->operands[0], e)) != WB_OK)
        return st;
    if (o->proof)
        st = show_proof(c, r, e);
    else
        st = c->global.json ? show_json(c, r, e) : show_text(c, r, e);
    wb_record_free(&r);
    return st;
}

const struct cli_command cli_show = {
    .name = "show",
    .needs = CLI_READ,
    .operands = "ID[@ROOT]",
    .run = run,
    .summary = "show a record",
    .options = rows,
    .options_size = sizeof(struct show_options),
    .help = "ID may be the beginning of an id, four characters or more, as long as it "
            "fits\n"
            "only one record. ID@ROOT shows the revision whose root begins so.",
};
