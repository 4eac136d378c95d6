/* vault/cli/log.c - `log`: what was done with the vault, or with one record. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

enum { ACTION_COLUMNS = 8, DETAIL_INDENT = 8, TIME_COLUMNS = 20 };

struct log_options {
    bool process;
};

static const struct cli_option rows[] = {
    {.name = "process",
        .kind = CLI_FLAG,
        .offset = offsetof(struct log_options, process),
        .help = "of a file: what was hashed, when, with what, by whom, and the result"},
    {.name = NULL},
};

static void
json_entry(struct cli *c, const struct wb_log_entry *entry)
{
    cli_json_open(c, '{');
    cli_json_pair(c, "source", "log");
    cli_json_count(c, "index", entry->index);
    cli_json_pair(c, "action", entry->action);
    cli_json_pair(c, "time", entry->time);
    if (entry->id != NULL)
        cli_json_id(c, "id", entry->id);
    if (entry->root != NULL)
        cli_json_root(c, "root", entry->root);
    cli_json_pair(c, "detail", entry->detail);
    cli_json_close(c, '}');
}

static void
text_entry(const struct wb_log_entry *entry)
{
    size_t size = strlen(entry->detail);
    char text[WB_ROOT_TEXT_BYTES];

    cli_print("%6" PRIu64 "  %s  ", entry->index, entry->time);
    if (entry->id == NULL)
        cli_print("%s", entry->action);
    else {
        cli_print_column(entry->action, strlen(entry->action), ACTION_COLUMNS);
        wb_id_text(text, entry->id);
        cli_print("%s", text);
    }
    if (entry->root != NULL) {
        cli_hex(text, entry->root);
        cli_print("@%.16s", text);
    }
    cli_print("\n");
    if (size == 0)
        return;
    if (entry->detail[size - 1] == '\n')
        size--;
    cli_print("%*s", DETAIL_INDENT, "");
    cli_print_block(entry->detail, size, DETAIL_INDENT);
}

static bool
show_entry(void *cookie, const struct wb_log_entry *entry)
{
    struct cli *c = cookie;

    if (c->global.json)
        json_entry(c, entry);
    else
        text_entry(entry);
    return true;
}

/* ---- one record: the log, and the custody of the thing ---- */

static const char *
first_text(const struct wb_record *r, const char *field)
{
    struct wb_value_view value;

    return wb_record_value(r, field, 0, &value) && value.state == WB_STATE_TEXT
        ? value.text
        : "";
}

static void
json_custody(struct cli *c, const struct wb_event *event)
{
    const struct wb_record *r = event->custody;
    struct wb_field_view field;

    cli_json_open(c, '{');
    cli_json_pair(c, "source", "custody");
    cli_json_pair(c, "action", first_text(r, "type"));
    cli_json_pair(c, "time", first_text(r, "when"));
    cli_json_id(c, "id", wb_record_id(r));
    cli_json_root(c, "root", wb_record_root(r));
    cli_json_count(c, "days-later", event->days_later);
    cli_json_key(c, "fields");
    cli_json_open(c, '{');
    for (size_t i = 0; wb_record_field(r, i, &field); i++)
        if (first_text(r, field.name)[0] != '\0')
            cli_json_pair(c, field.name, first_text(r, field.name));
    cli_json_close(c, '}');
    cli_json_close(c, '}');
}

static void
text_custody(const struct wb_event *event)
{
    static const char *const shown[] = {"by", "released-by", "received-by", "where",
        "means", "condition-before", "condition-after", "hash-verified", "late",
        "late-reason"};
    const struct wb_record *r = event->custody;
    const char *when = first_text(r, "when"), *type = first_text(r, "type");
    char id[WB_ID_TEXT_BYTES];

    cli_print_label("custody", ACTION_COLUMNS - 2);
    cli_print_column(when, strlen(when), TIME_COLUMNS);
    cli_print_column(type, strlen(type), ACTION_COLUMNS);
    wb_id_text(id, wb_record_id(r));
    cli_print("%s\n", id);
    if (event->days_later > 0)
        cli_print(
            cli_plural("%*slate: written down %" PRIu64 " day after it\n",
                "%*slate: written down %" PRIu64 " days after it\n", event->days_later),
            DETAIL_INDENT, "", event->days_later);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        const char *text = first_text(r, shown[i]);

        if (text[0] == '\0')
            continue;
        cli_print("%*s%s ", DETAIL_INDENT, "", shown[i]);
        cli_print_block(text, strlen(text), DETAIL_INDENT);
    }
}

static bool
show_event(void *cookie, const struct wb_event *event)
{
    struct cli *c = cookie;

    if (event->entry != NULL)
        return show_entry(c, event->entry);
    if (c->global.json)
        json_custody(c, event);
    else
        text_custody(event);
    return true;
}

/* ---- the process statement of a file ---- */

static enum wb_status
show_process(struct cli *c, const struct wb_id *id, struct wb_error *e)
{
    static const char program[] = WB_PROGRAM " " WB_VERSION;
    struct wb_process p;
    char id_text[WB_ID_TEXT_BYTES], root[WB_ROOT_TEXT_BYTES];
    enum wb_status st = wb_process_describe(c->vault, id, &p, e);

    if (st != WB_OK)
        return st;
    wb_id_text(id_text, &p.id);
    cli_hex(root, p.root);
    const struct {
        const char *name, *text;
    } lines[] = {
        {CLI_SAID("id"), id_text},
        {CLI_SAID("root"), root},
        {CLI_SAID("file-name"), p.file_name},
        {CLI_SAID("sha256"), p.sha256},
        {CLI_SAID("method"), p.method},
        {CLI_SAID("program"), program},
        {CLI_SAID("clock"), cli_word("of this device")},
        {CLI_SAID("hashed"), p.hashed},
        {CLI_SAID("action"), p.action},
        {CLI_SAID("actor"), p.actor},
        {CLI_SAID("log"), p.origin},
        {CLI_SAID("compared"), p.compared},
        {CLI_SAID("computed"), p.computed},
        {CLI_SAID("result"), p.same ? cli_word("same") : cli_word("different")},
    };

    if (c->global.json)
        cli_json_open(c, '{');
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (c->global.json) {
            cli_json_pair(c, lines[i].name, lines[i].text);
            continue;
        }
        cli_print_label(lines[i].name, TIME_COLUMNS / 2);
        cli_print_safe(lines[i].text, strlen(lines[i].text));
        cli_print("\n");
    }
    if (c->global.json) {
        cli_json_count(c, "size", p.size);
        cli_json_count(c, "revision", p.revision);
        cli_json_count(c, "index", p.index);
        cli_json_close(c, '}');
    } else
        cli_print("%" PRIu64 " bytes, log entry %" PRIu64 "\n", p.size, p.index);
    return p.same ? WB_OK
                  : cli_fail(e, WB_ERR_INTEGRITY,
                        "%s: its bytes are not those that were hashed; `verify --deep` "
                        "says what is damaged",
                        id_text);
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct log_options *o = (const void *)c->options.bytes;
    const struct wb_id *only = NULL;
    struct wb_tombstone gone = {0};
    struct wb_id id;
    enum wb_status st;

    if (c->operand_count > 0) {
        if ((st = wb_find(c->vault, &id, c->operands[0], e)) == WB_ERR_NOT_FOUND &&
            wb_tombstone_find(c->vault, &gone, c->operands[0], NULL) == WB_OK) {
            id = gone.id; /* its entries are what is left of it */
            wb_tombstone_free(&gone);
        } else if (st != WB_OK)
            return st;
        only = &id;
    }
    if (o->process)
        return only != NULL ? show_process(c, only, e)
                            : cli_fail(e, WB_ERR_USAGE, "log --process: of which ID?");
    if (c->global.json)
        cli_json_open(c, '[');
    st = only != NULL ? wb_timeline(c->vault, only, show_event, c, e)
                      : wb_log_each(c->vault, NULL, show_entry, c, e);
    if (c->global.json)
        cli_json_close(c, ']');
    else if (st == WB_OK)
        cli_note(c, "times with a Z are those of this device's clock");
    return st;
}

const struct cli_command cli_log = {
    .name = "log",
    .needs = CLI_READ,
    .operands = "[ID]",
    .run = run,
    .summary = "what was done, oldest first",
    .options = rows,
    .options_size = sizeof(struct log_options),
    .help =
        "The custody log: number, time by this device's clock, action, record and the\n"
        "beginning of its root. With ID: that record's entries and the custody records "
        "about\n"
        "it in one order; `custody` stands before what happened to the thing itself, "
        "by "
        "the\n"
        "date that was given for it.",
};
