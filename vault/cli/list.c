/* vault/cli/list.c - `list`: records, newest first. */
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { KIND_COLUMNS = 12, DATE_COLUMNS = 12, REFERENCES = 3 };

struct list_options {
    const char *kind;
    const char *refers_to;
    const char *incident;
    const char *person;
    const char *since;
    const char *until;
    const char *received_since;
    struct cli_number limit;
};

static const struct cli_option rows[] = {
    {.name = "kind",
        .kind = CLI_WORD,
        .offset = offsetof(struct list_options, kind),
        .value = "KIND",
        .help = "only records of this kind"},
    {.name = "refers-to",
        .kind = CLI_WORD,
        .offset = offsetof(struct list_options, refers_to),
        .value = "ID",
        .help = "only records that name this one"},
    {.name = "incident",
        .kind = CLI_WORD,
        .offset = offsetof(struct list_options, incident),
        .value = "ID",
        .help = "only records that name this incident"},
    {.name = "person",
        .kind = CLI_WORD,
        .offset = offsetof(struct list_options, person),
        .value = "ID",
        .help = "only records that name this person"},
    {.name = "since",
        .kind = CLI_WORD,
        .offset = offsetof(struct list_options, since),
        .value = "DATE",
        .help =
            "only what may have happened on or after it: 2021, 2021-10, 2021-10-20"},
    {.name = "until",
        .kind = CLI_WORD,
        .offset = offsetof(struct list_options, until),
        .value = "DATE",
        .help = "only what may have happened on or before it"},
    {.name = "received-since",
        .kind = CLI_WORD,
        .offset = offsetof(struct list_options, received_since),
        .value = "DATE",
        .help = "only what came in a bundle on or after it"},
    {.name = "limit",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct list_options, limit),
        .value = "N",
        .least = 1,
        .most = UINT64_MAX,
        .help = "at most so many"},
    {.name = NULL},
};

struct listing {
    struct cli *c;
    struct wb_id references[REFERENCES]; /* all of them must be named */
    size_t reference_count;
    uint64_t limit; /* 0: none */
    uint64_t shown;
};

static bool
names(const struct wb_record *r, const struct wb_id *id)
{
    struct wb_field_view field;
    struct wb_value_view value;
    struct wb_id other;

    for (size_t i = 0; wb_record_field(r, i, &field); i++) {
        if (field.field == NULL || field.field->kind != WB_REF)
            continue;
        for (size_t n = 0; wb_record_value(r, field.name, n, &value); n++)
            if (value.state == WB_STATE_TEXT &&
                wb_id_parse(&other, value.text, value.size) && wb_id_equal(&other, id))
                return true;
    }
    return false;
}

static void
json_row(struct cli *c, const struct wb_record *r, const struct wb_value_view *date)
{
    cli_json_open(c, '{');
    cli_json_id(c, "id", wb_record_id(r));
    cli_json_count(c, "revision", wb_record_revision(r));
    cli_json_pair(c, "kind", wb_record_kind(r));
    cli_json_pair(c, "title", wb_record_title(r));
    cli_json_key(c, "date");
    cli_json_text(c, date->text, date->size);
    cli_json_close(c, '}');
}

static void
text_row(const struct wb_record *r, const struct wb_value_view *date)
{
    const char *kind = wb_record_kind(r), *title = wb_record_title(r);
    char id[WB_ID_TEXT_BYTES];

    wb_id_text(id, wb_record_id(r));
    cli_print("%s  ", id);
    cli_print_column(kind, strlen(kind), KIND_COLUMNS);
    cli_print_column(date->text, date->size, DATE_COLUMNS);
    cli_print_safe(title, strlen(title));
    cli_print("\n");
}

void
cli_print_row(struct cli *c, const struct wb_record *r)
{
    struct wb_value_view date;

    if (!wb_record_value(r, "date", 0, &date) || date.state != WB_STATE_TEXT)
        date = (struct wb_value_view){.state = WB_STATE_TEXT, .text = "", .size = 0};
    if (c->global.json)
        json_row(c, r, &date);
    else
        text_row(r, &date);
}

static bool
show_row(void *cookie, const struct wb_record *r)
{
    struct listing *l = cookie;

    for (size_t i = 0; i < l->reference_count; i++)
        if (!names(r, &l->references[i]))
            return true;
    cli_print_row(l->c, r);
    return ++l->shown != l->limit;
}

/* `kind`: what the record must be, NULL for any. */
static enum wb_status
add_reference(struct listing *l, const char *text, const char *kind, struct wb_error *e)
{
    struct wb_id *id = &l->references[l->reference_count];
    struct wb_record *r = NULL;
    enum wb_status st;

    if (text == NULL)
        return WB_OK;
    if ((st = wb_find(l->c->vault, id, text, e)) != WB_OK)
        return st;
    l->reference_count++;
    if (kind == NULL)
        return WB_OK;
    if ((st = wb_record_load(l->c->vault, &r, id, e)) != WB_OK)
        return st;
    if (strcmp(wb_record_kind(r), kind) != 0)
        st = cli_fail(e, WB_ERR_USAGE, "--%s: %s is a record of kind %s", kind, text,
            wb_record_kind(r));
    wb_record_free(&r);
    return st;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct list_options *o = (const void *)c->options.bytes;
    struct wb_list_filter filter = {.kind = o->kind,
        .since = o->since,
        .until = o->until,
        .received_since = o->received_since};
    struct listing l = {.c = c, .limit = o->limit.value};
    uint64_t damaged = 0;
    enum wb_status st;

    if ((st = add_reference(&l, o->refers_to, NULL, e)) != WB_OK ||
        (st = add_reference(&l, o->incident, "incident", e)) != WB_OK ||
        (st = add_reference(&l, o->person, "person", e)) != WB_OK)
        return st;
    if (l.reference_count > 0)
        filter.refers_to = &l.references[0];
    if (c->global.json)
        cli_json_open(c, '[');
    st = wb_list(c->vault, &filter, show_row, &l, &damaged, e);
    if (c->global.json)
        cli_json_close(c, ']');
    if (st == WB_OK && damaged > 0)
        st = cli_damaged(c, e);
    return st;
}

const struct cli_command cli_list_records = {
    .name = "list",
    .needs = CLI_READ,
    .operands = "",
    .run = run,
    .summary = "list records, newest first",
    .options = rows,
    .options_size = sizeof(struct list_options),
    .help =
        "Each record once, by its newest revision: id, kind, date, title. Contacts,\n"
        "identities and handoffs are listed only with --kind.",
};
