/* vault/cli/show_text.c - a record as lines to read. */
#include <inttypes.h>
#include <string.h>

#include "show.h"

enum { NUMBER_COLUMNS = 4 };

void
show_label(const char *label)
{
    cli_print_column(label, strlen(label), SHOW_LABEL_COLUMNS);
}

static void
show_word(const char *english)
{
    cli_print_label(english, SHOW_LABEL_COLUMNS);
}

static void
print_head(const struct wb_record *r)
{
    const char *kind = wb_record_kind(r), *origin = wb_record_origin(r);
    char id[WB_ID_TEXT_BYTES], root[WB_ROOT_TEXT_BYTES];

    wb_id_text(id, wb_record_id(r));
    show_label(kind);
    cli_print("%s  ", id);
    cli_print("revision %" PRIu32 "\n", wb_record_revision(r));
    cli_hex(root, wb_record_root(r));
    show_word("root");
    cli_print("%s\n", root);
    for (size_t i = 0; i < wb_record_previous_count(r); i++) {
        cli_hex(root, wb_record_previous(r, i));
        show_word("previous");
        cli_print("%s\n", root);
    }
    show_word("origin");
    cli_print_safe(origin, strlen(origin));
    cli_print("%s\n", origin[0] == '\0' ? cli_word("(withheld)") : "");
    if (wb_record_proof_count(r) > 0) {
        show_word("proofs");
        cli_print("%zu\n", wb_record_proof_count(r));
    }
    if (wb_record_withheld(r) > 0) {
        show_word("withheld");
        cli_print("%zu, empty fields included\n", wb_record_withheld(r));
    }
}

/* Who sent a foreign record, and whether it is one of several heads. */
static enum wb_status
print_origin(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    size_t heads = 0;
    enum wb_status st = WB_OK;

    if (wb_record_is_foreign(r)) {
        show_word("received");
        st = show_sender(c, r, e);
        cli_print("\n");
    }
    if (st == WB_OK)
        st = show_heads(c, wb_record_id(r), &heads, e);
    if (st == WB_OK && heads > 1) {
        show_word("fork");
        cli_print("%zu revisions that do not know of each other; `show --history` has "
                  "them,\n%*s`amend --join` makes one of them\n",
            heads, SHOW_INDENT, "");
    }
    return st;
}

enum wb_status
show_sender(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    static const char *const words[] = {
        "", CLI_SAID("verified"), CLI_SAID("not verified"), CLI_SAID("unknown")};
    const char *adopted = wb_record_is_adopted(r) ? cli_word("; adopted") : "";
    struct wb_received from;
    enum wb_status st;

    if ((st = wb_record_received(c->vault, r, &from, e)) != WB_OK)
        return st;
    if (!from.is_known) {
        cli_print("from somebody else%s", adopted);
        return WB_OK;
    }
    cli_print("from ");
    if (from.label[0] != '\0')
        cli_print_safe(from.label, strlen(from.label));
    else
        cli_print("a key that no contact has");
    cli_print(", %s then%s, %s%s", cli_word(words[from.trust]),
        from.is_verified_now && from.trust != WB_TRUST_VERIFIED
            ? cli_word(" and verified since")
            : "",
        from.time, adopted);
    return WB_OK;
}

void
show_called(struct cli *c, const struct wb_value_view *id)
{
    struct wb_record *r = NULL;
    struct wb_id parsed;

    if (wb_id_parse(&parsed, id->text, id->size) &&
        wb_record_load(c->vault, &r, &parsed, NULL) == WB_OK)
        cli_print_safe(wb_record_title(r), strlen(wb_record_title(r)));
    else
        cli_print("(not here)");
    wb_record_free(&r);
}

static void
print_value(struct cli *c, const struct wb_field_view *field,
    const struct wb_value_view *value, int indent)
{
    if (value->state != WB_STATE_TEXT)
        cli_print("(%s)\n", cli_word(wb_state_name(value->state)));
    else if (field->field != NULL && field->field->kind == WB_REF) {
        cli_print_safe(value->text, value->size);
        cli_print("  ");
        show_called(c, value);
        cli_print("\n");
    } else
        cli_print_block(value->text, value->size, indent);
}

/* Texts that repeat are numbered paragraphs, other lists are lines. */
static void
print_field(struct cli *c, const struct wb_record *r, const struct wb_field_view *field)
{
    bool numbered =
        field->repeats && (field->field == NULL || field->field->kind == WB_TEXT);
    struct wb_value_view value;

    if (field->withheld) {
        show_label(field->name);
        cli_print("(withheld)\n");
        return;
    }
    for (size_t i = 0; wb_record_value(r, field->name, i, &value); i++) {
        if (value.state == WB_STATE_ABSENT)
            continue;
        show_label(i == 0 ? field->name : "");
        if (numbered)
            cli_print("%*zu  ", NUMBER_COLUMNS - 2, i + 1);
        print_value(c, field, &value, SHOW_INDENT + (numbered ? NUMBER_COLUMNS : 0));
    }
}

enum wb_status
show_text(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    struct wb_field_view field;
    struct wb_error damage = {0};
    enum wb_status st, origin;

    print_head(r);
    origin = print_origin(c, r, &damage);
    if (origin == WB_OK)
        origin = show_notices(c, r, &damage);
    cli_print("\n");
    for (size_t i = 0; wb_record_field(r, i, &field); i++)
        print_field(c, r, &field);
    st = show_parts(c, r, e);
    if (st == WB_OK && origin != WB_OK)
        *e = damage;
    return st == WB_OK ? origin : st;
}
