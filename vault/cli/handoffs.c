/* vault/cli/handoffs.c - `handoffs`: what left this vault and what came, to whom, when.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"

enum { LABEL_COLUMNS = 9, WAY_COLUMNS = 4 };

/* The texts of a field, one after the other. */
static void
json_list(struct cli *c, const struct wb_record *r, const char *field, const char *key)
{
    struct wb_value_view value;

    cli_json_key(c, key);
    cli_json_open(c, '[');
    for (size_t i = 0; wb_record_value(r, field, i, &value); i++)
        cli_json_text(c, value.text, value.size);
    cli_json_close(c, ']');
}

static const char *
text_of(const struct wb_record *r, const char *field)
{
    struct wb_value_view value;

    return wb_record_value(r, field, 0, &value) ? value.text : "";
}

static size_t
count_of(const struct wb_record *r, const char *field)
{
    struct wb_value_view value;
    size_t count = 0;

    while (wb_record_value(r, field, count, &value))
        count++;
    return count;
}

/* "RECIPIENT TIME BUNDLE", as a receipt was kept. */
static void
json_received(struct cli *c, const struct wb_record *r)
{
    static const char *const keys[] = {"recipient", "time", "bundle"};
    struct wb_value_view value;

    cli_json_key(c, "received");
    cli_json_open(c, '[');
    for (size_t i = 0; wb_record_value(r, "received", i, &value); i++) {
        const char *at = value.text;

        cli_json_open(c, '{');
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
            size_t size = strcspn(at, " ");

            cli_json_key(c, keys[k]);
            cli_json_text(c, at, size);
            at += size + (at[size] == ' ');
        }
        cli_json_close(c, '}');
    }
    cli_json_close(c, ']');
}

static void
print_json(struct cli *c, const struct wb_record *r)
{
    static const char *const fields[] = {"bundle", "direction", "time", "contact",
        "purpose", "level", "sha256", "tag-manifest"};
    struct wb_unfinished u;

    cli_json_open(c, '{');
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        cli_json_pair(c, fields[i], text_of(r, fields[i]));
    json_list(c, r, "recipient", "recipients");
    json_list(c, r, "withheld", "withheld");
    json_list(c, r, "warned", "warned");
    json_list(c, r, "records", "records");
    json_list(c, r, "copies", "copies");
    json_received(c, r);
    if (wb_handoff_unfinished(&u, r, 0))
        cli_json_pair(c, "unfinished", u.path);
    cli_json_close(c, '}');
}

static void
print_line(const char *label, const char *text)
{
    if (text[0] == '\0')
        return;
    cli_print("  ");
    cli_print_label(label, LABEL_COLUMNS);
    cli_print_safe(text, strlen(text));
    cli_print("\n");
}

static void
print_lines(const struct wb_record *r, const char *label, const char *field)
{
    struct wb_value_view value;

    for (size_t i = 0; wb_record_value(r, field, i, &value); i++)
        print_line(i == 0 ? label : "", value.text);
}

static void
print_text(const struct wb_record *r)
{
    const bool out = strcmp(text_of(r, "direction"), "out") == 0;
    const char *contact = text_of(r, "contact");
    size_t records = count_of(r, "records");
    struct wb_unfinished u;

    cli_print("%s  ", text_of(r, "time"));
    cli_print_label(out ? CLI_SAID("to") : CLI_SAID("from"), WAY_COLUMNS);
    if (contact[0] == '\0')
        contact = text_of(r, out ? "recipient" : "sender");
    cli_print_safe(contact, strlen(contact));
    cli_print("\n");
    print_line("bundle", text_of(r, "bundle"));
    print_line("sha256", text_of(r, "sha256"));
    print_line("purpose", text_of(r, "purpose"));
    print_line("level", text_of(r, "level"));
    cli_print("  ");
    cli_print_label("holds", LABEL_COLUMNS);
    cli_print_count(records, "record", "records");
    cli_print("\n");
    print_lines(r, "withheld", "withheld");
    print_lines(r, "warned", "warned");
    if (wb_handoff_unfinished(&u, r, 0)) {
        print_line("unnamed", u.path);
        print_line("",
            cli_word("its file has not got that name yet: `export --finish` and it"));
    } else if (out && count_of(r, "received") == 0)
        print_line("receipt", cli_word("none came back"));
    print_lines(r, "receipt", "received");
    cli_print("\n");
}

/* Only where a file still waits: who removed it does not want to be reminded. Of parts
 * the first of those. */
static bool
remind(void *cookie, const struct wb_record *r)
{
    struct wb_unfinished u;
    char path[sizeof u.path + sizeof u.temporary];

    for (size_t i = 0; wb_handoff_unfinished(&u, r, i); i++) {
        (void)snprintf(path, sizeof path, "%.*s%s",
            (int)(strrchr(u.path, '/') + 1 - u.path), u.path, u.temporary);
        if (access(path, F_OK) != 0)
            continue;
        cli_note(cookie, "%s was written and handed over, but has no name yet: %s %s",
            path, "`export --finish` and", u.path);
        break;
    }
    return true;
}

enum wb_status
cli_handoffs_remind(struct cli *c, struct wb_error *e)
{
    const struct wb_list_filter filter = {.kind = "handoff"};
    uint64_t damaged;

    return wb_list(c->vault, &filter, remind, c, &damaged, e);
}

static bool
show(void *cookie, const struct wb_record *r)
{
    struct cli *c = cookie;

    if (c->global.json)
        print_json(c, r);
    else
        print_text(r);
    return true;
}

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct wb_list_filter filter = {.kind = "handoff"};
    uint64_t damaged;
    enum wb_status st;

    if (c->global.json)
        cli_json_open(c, '[');
    st = wb_list(c->vault, &filter, show, c, &damaged, e);
    if (c->global.json)
        cli_json_close(c, ']');
    if (st == WB_OK && damaged > 0)
        cli_warn("%" PRIu64 " records do not open; `verify` names them", damaged);
    return st;
}

const struct cli_command cli_handoffs = {
    .name = "handoffs",
    .needs = CLI_READ,
    .operands = "",
    .run = run,
    .summary = "what left and what came: when, to whom, what for, received or not",
    .help =
        "Newest first. A bundle of more than 50,000 records is told in shares. With\n"
        "--json the records are listed as id@root, and the copies that went in the\n"
        "place of them where nothing was to lead back.",
};
