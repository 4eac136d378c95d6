/* vault/cli/show_parts.c - the files of a record, what belongs to it, what names it. */
#include <inttypes.h>
#include <string.h>

#include "show.h"

enum { KIND_COLUMNS = 12, DATE_COLUMNS = 12, SHORT_ID_CHARACTERS = 8 };

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
    cli_print_label(f->shown == 1 ? "files" : "", SHOW_LABEL_COLUMNS);
    cli_print_safe(file->name, strlen(file->name));
    if (!file->stored)
        cli_print("  (not in this vault)");
    cli_print("\n%*s", SHOW_INDENT, "");
    cli_print_count(file->size, "byte", "bytes");
    cli_print("  ");
    cli_print_safe(file->type, strlen(file->type));
    cli_print(
        "%s%s\n%*ssha256 ", file->type[0] != '\0' ? "  " : "", id, SHOW_INDENT, "");
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
show_files(
    struct cli *c, const struct wb_record *r, uint64_t *damaged, struct wb_error *e)
{
    struct files f = {.c = c, .about = wb_record_id(r)};
    const struct wb_list_filter filter = {.kind = "evidence", .refers_to = f.about};
    struct wb_file_view own;

    if (wb_record_file(r, &own))
        show_file(&f, wb_record_id(r), &own);
    return wb_list(c->vault, &filter, show_evidence, &f, damaged, e);
}

/* ---- parts and mentions ---- */

struct listing {
    struct cli *c;
    const char *heading; /* NULL once it stands there */
};

static void
json_part(struct cli *c, const struct wb_part *part)
{
    cli_json_open(c, '{');
    cli_json_count(c, "depth", part->depth);
    cli_json_pair(c, "field", part->field);
    cli_json_id(c, "id", wb_record_id(part->record));
    cli_json_pair(c, "kind", wb_record_kind(part->record));
    cli_json_pair(c, "title", wb_record_title(part->record));
    cli_json_pair(c, "date", part->date);
    cli_json_close(c, '}');
}

/* The persons that a record names: whose act, whose statement. */
static void
print_people(struct cli *c, const struct wb_record *r)
{
    struct wb_field_view field;
    struct wb_value_view value;

    for (size_t i = 0; wb_record_field(r, i, &field); i++) {
        if (field.field == NULL || strcmp(field.field->target, "person") != 0)
            continue;
        for (size_t n = 0; wb_record_value(r, field.name, n, &value); n++) {
            if (value.state != WB_STATE_TEXT)
                continue;
            cli_print("; %s ", field.name);
            show_called(c, &value);
        }
    }
}

static bool
show_part(void *cookie, const struct wb_part *part)
{
    struct listing *l = cookie;
    const struct wb_record *r = part->record;
    const char *kind = wb_record_kind(r), *title = wb_record_title(r);
    struct wb_value_view decision;
    char id[WB_ID_TEXT_BYTES];

    if (l->c->global.json) {
        json_part(l->c, part);
        return true;
    }
    if (l->heading != NULL)
        cli_print("\n%s\n", cli_word(l->heading));
    l->heading = NULL;
    wb_id_text(id, wb_record_id(r));
    cli_print("%*s", 2 * (int)part->depth, "");
    cli_print_column(kind, strlen(kind), KIND_COLUMNS);
    cli_print("%.*s  ", SHORT_ID_CHARACTERS, id);
    cli_print_column(part->date, strlen(part->date), DATE_COLUMNS);
    cli_print_safe(title, strlen(title));
    if (wb_record_value(r, "decision", 0, &decision) &&
        decision.state == WB_STATE_TEXT) {
        cli_print(": ");
        cli_print_safe(decision.text, decision.size);
    }
    print_people(l->c, r);
    cli_print("\n");
    return true;
}

static enum wb_status
list_parts(struct cli *c, const struct wb_record *r, enum wb_parts_which which,
    const char *heading, uint64_t *damaged, struct wb_error *e)
{
    struct listing l = {c, heading};

    return wb_parts(c->vault, wb_record_id(r), which, show_part, &l, damaged, e);
}

static void
open_array(struct cli *c, const char *key)
{
    if (!c->global.json)
        return;
    cli_json_key(c, key);
    cli_json_open(c, '[');
}

static void
close_array(struct cli *c)
{
    if (c->global.json)
        cli_json_close(c, ']');
}

enum wb_status
show_parts(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    uint64_t damaged = 0;
    enum wb_status st;

    open_array(c, "files");
    st = show_files(c, r, &damaged, e);
    close_array(c);
    open_array(c, "parts");
    if (st == WB_OK)
        st = list_parts(c, r, WB_PARTS, CLI_SAID("belongs to it"), &damaged, e);
    close_array(c);
    open_array(c, "named-in");
    if (st == WB_OK)
        st = list_parts(c, r, WB_MENTIONS, CLI_SAID("named in"), &damaged, e);
    close_array(c);
    if (st == WB_OK && damaged > 0)
        st = cli_damaged(c, e);
    return st;
}
