/* vault/cli/show_json.c - a record as a JSON document. */
#include <string.h>

#include "show.h"

void
show_json_value(struct cli *c, const struct wb_value_view *value)
{
    if (value->state == WB_STATE_TEXT) {
        cli_json_text(c, value->text, value->size);
        return;
    }
    cli_json_open(c, '{');
    cli_json_pair(c, "state", wb_state_name(value->state));
    cli_json_close(c, '}');
}

void
show_json_previous(struct cli *c, const struct wb_record *r)
{
    char root[WB_ROOT_TEXT_BYTES];

    cli_json_key(c, "previous");
    cli_json_open(c, '[');
    for (size_t i = 0; i < wb_record_previous_count(r); i++) {
        cli_hex(root, wb_record_previous(r, i));
        cli_json_text(c, root, strlen(root));
    }
    cli_json_close(c, ']');
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
        show_json_value(c, &closed);
        return;
    }
    if (field->count > 1)
        cli_json_open(c, '[');
    for (size_t i = 0; wb_record_value(r, field->name, i, &value); i++)
        show_json_value(c, &value);
    if (field->count > 1)
        cli_json_close(c, ']');
}

static enum wb_status
json_received(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    static const char *const words[] = {"", "verified", "unverified", "unknown"};
    struct wb_received received;
    enum wb_status st = wb_record_received(c->vault, r, &received, e);

    if (st != WB_OK)
        return st;
    cli_json_key(c, "received");
    cli_json_open(c, '{');
    cli_json_pair(c, "from", received.is_known ? received.label : "");
    cli_json_pair(c, "trust", received.is_known ? words[received.trust] : "");
    cli_json_pair(c, "time", received.is_known ? received.time : "");
    cli_json_key(c, "adopted");
    cli_json_bool(c, wb_record_is_adopted(r));
    cli_json_close(c, '}');
    return WB_OK;
}

/* How it came here, and whether it is the only head, as far as all revisions open. */
static enum wb_status
json_origin(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    size_t heads = 0;
    enum wb_status counted = show_heads(c, wb_record_id(r), &heads, e), st = WB_OK;

    if (counted == WB_OK)
        cli_json_count(c, "heads", heads);
    if (wb_record_is_foreign(r))
        st = json_received(c, r, e);
    return st == WB_OK ? counted : st;
}

enum wb_status
show_json(struct cli *c, const struct wb_record *r, struct wb_error *e)
{
    struct wb_field_view field;
    struct wb_error damage = {0};
    enum wb_status st, origin;

    cli_json_open(c, '{');
    cli_json_id(c, "id", wb_record_id(r));
    cli_json_count(c, "revision", wb_record_revision(r));
    cli_json_pair(c, "kind", wb_record_kind(r));
    cli_json_count(c, "schema", wb_record_schema(r));
    show_json_previous(c, r);
    cli_json_root(c, "root", wb_record_root(r));
    cli_json_pair(c, "origin", wb_record_origin(r));
    cli_json_key(c, "fields");
    cli_json_open(c, '{');
    for (size_t i = 0; wb_record_field(r, i, &field); i++)
        json_field(c, r, &field);
    cli_json_close(c, '}');
    cli_json_count(c, "withheld", wb_record_withheld(r));
    origin = json_origin(c, r, &damage);
    if (origin == WB_OK)
        origin = show_notices(c, r, &damage);
    st = show_parts(c, r, e);
    cli_json_close(c, '}');
    if (st == WB_OK && origin != WB_OK)
        *e = damage;
    return st == WB_OK ? origin : st;
}
