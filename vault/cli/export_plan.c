/* vault/cli/export_plan.c - what an export would take along, told line by line. */
#include "export_plan.h"

#include <inttypes.h>
#include <string.h>

enum { ID_SHOWN = 8, KIND_COLUMNS = 13, STATE_COLUMNS = 8, TITLE_BYTES_MAX = 60 };

static const char *const states[] = {
    [WB_PLAN_GOES] = CLI_SAID("goes"),
    [WB_PLAN_STAYS] = CLI_SAID("stays"),
    [WB_PLAN_REFUSED] = CLI_SAID("refused"),
    [WB_PLAN_NAME] = CLI_SAID("name"),
};

/* ---- for a person ---- */

/* The beginning of an id, which is enough to name it to any command. */
static void
print_id(const struct wb_id *id)
{
    char text[WB_ID_TEXT_BYTES];

    wb_id_text(text, id);
    cli_print("%.*s", ID_SHOWN, text);
}

static void
print_reason(const struct wb_plan_line *line)
{
    if (line->reason[0] == '\0')
        return;
    cli_print("         %s", cli_word(line->reason));
    if (line->consent != NULL) {
        cli_print(": consent ");
        print_id(line->consent);
    }
    if (line->subject != NULL && !wb_id_equal(line->subject, line->id)) {
        cli_print(", about ");
        print_id(line->subject);
    }
    cli_print("\n");
    if (line->override == NULL)
        return;
    cli_print("         goes all the same: ");
    cli_print_safe(line->override, strlen(line->override));
    cli_print("\n");
}

/* The whole title, cut between characters where it is long. */
static void
print_title(const char *title)
{
    size_t size = strlen(title);

    if (size > TITLE_BYTES_MAX)
        for (size = TITLE_BYTES_MAX; size > 0 && (title[size] & 0xc0) == 0x80;)
            size--;
    cli_print_safe(title, size);
}

static void
print_record(const struct wb_plan_line *line)
{
    cli_print_label(states[line->state], STATE_COLUMNS);
    print_id(line->id);
    cli_print("  ");
    cli_print_column(line->kind, strlen(line->kind), KIND_COLUMNS);
    if (line->state == WB_PLAN_GOES)
        cli_print("%-10s", line->level);
    print_title(line->title);
    if (line->withheld > 0)
        cli_print("  (%" PRIu64 " withheld)", line->withheld);
    cli_print("\n");
    print_reason(line);
}

static void
print_found(const struct wb_plan_line *line)
{
    if (line->is_id) {
        cli_print(" has the id %s", line->name);
        return;
    }
    cli_print(" names ");
    cli_print_safe(line->name, strlen(line->name));
    cli_print(", person ");
    print_id(line->person);
}

static void
print_name(const struct wb_plan_line *line)
{
    cli_print_label(states[line->state], STATE_COLUMNS);
    print_id(line->id);
    cli_print("  ");
    cli_print_column(line->kind, strlen(line->kind), KIND_COLUMNS);
    cli_print("%s", line->field);
    if (line->value > 0)
        cli_print(".%zu", line->value);
    print_found(line);
    if (line->keep != NULL) {
        cli_print(", kept: ");
        cli_print_safe(line->keep, strlen(line->keep));
    }
    cli_print("\n");
}

/* ---- for a program ---- */

static void
pair_id(struct cli *c, const char *key, const struct wb_id *id)
{
    if (id != NULL)
        cli_json_id(c, key, id);
}

static void
json_record(struct cli *c, const struct wb_plan_line *line)
{
    cli_json_open(c, '{');
    cli_json_id(c, "id", line->id);
    cli_json_pair(c, "kind", line->kind);
    cli_json_pair(c, "state", states[line->state]);
    cli_json_pair(c, "level", line->level);
    cli_json_pair(c, "reason", line->reason);
    pair_id(c, "subject", line->subject);
    pair_id(c, "consent", line->consent);
    if (line->override != NULL)
        cli_json_pair(c, "override", line->override);
    cli_json_count(c, "withheld", line->withheld);
    cli_json_close(c, '}');
}

static void
json_name(struct cli *c, const struct wb_plan_line *line)
{
    cli_json_open(c, '{');
    cli_json_id(c, "id", line->id);
    cli_json_pair(c, "kind", line->kind);
    cli_json_pair(c, "field", line->field);
    cli_json_count(c, "value", line->value);
    cli_json_id(c, "person", line->person);
    if (line->keep != NULL)
        cli_json_pair(c, "keep", line->keep);
    cli_json_close(c, '}');
}

/* From the array of records to that of names. */
static void
turn_to_names(struct cli_export_plan *p)
{
    if (p->naming)
        return;
    p->naming = true;
    cli_json_close(p->c, ']');
    cli_json_key(p->c, "names");
    cli_json_open(p->c, '[');
}

static void
tell(void *cookie, const struct wb_plan_line *line)
{
    struct cli_export_plan *p = cookie;
    bool json = p->c->global.json, name = line->state == WB_PLAN_NAME;

    p->counts[line->state] += name ? line->keep == NULL : 1;
    if (json && p->whole) {
        if (name)
            turn_to_names(p);
        (name ? json_name : json_record)(p->c, line);
        return;
    }
    if (json ||
        (!p->whole && (name ? line->keep != NULL : line->state != WB_PLAN_REFUSED)))
        return;
    (name ? print_name : print_record)(line);
}

void
cli_export_plan_begin(
    struct cli_export_plan *p, struct cli *c, struct wb_export_request *request)
{
    *p = (struct cli_export_plan){.c = c, .whole = request->plan_only};
    request->tell = tell;
    request->cookie = p;
    if (!p->whole || !c->global.json)
        return;
    cli_json_open(c, '{');
    cli_json_key(c, "records");
    cli_json_open(c, '[');
}

void
cli_export_plan_end(
    struct cli_export_plan *p, const char *to, const struct wb_exported *done)
{
    if (!p->c->global.json) {
        cli_print("%" PRIu64 " go, %" PRIu64 " stay, %" PRIu64 " refused, ",
            p->counts[WB_PLAN_GOES], p->counts[WB_PLAN_STAYS],
            p->counts[WB_PLAN_REFUSED]);
        cli_print_count(p->counts[WB_PLAN_NAME], "name in the way", "names in the way");
        cli_print("; ");
        cli_print_count(done->bytes, "byte", "bytes");
        cli_print("\n");
        return;
    }
    turn_to_names(p);
    cli_json_close(p->c, ']');
    if (to != NULL)
        cli_json_pair(p->c, "to", to);
    cli_json_count(p->c, "goes", p->counts[WB_PLAN_GOES]);
    cli_json_count(p->c, "stays", p->counts[WB_PLAN_STAYS]);
    cli_json_count(p->c, "refused", p->counts[WB_PLAN_REFUSED]);
    cli_json_count(p->c, "files", done->files);
    cli_json_count(p->c, "bytes", done->bytes);
    cli_json_close(p->c, '}');
}

/* ---- ID=REASON ---- */

enum wb_status
cli_exceptions(struct cli *c, const struct wb_exception **exceptions,
    const struct cli_list *list, const char *option, struct wb_error *e)
{
    struct wb_exception *made;
    char id[WB_ID_TEXT_BYTES];
    enum wb_status st = WB_OK;

    if (list->count == 0)
        return WB_OK;
    if ((made = cli_take(list->count, sizeof *made)) == NULL)
        return cli_fail(e, WB_ERR_MEMORY, "not enough memory");
    for (size_t i = 0; st == WB_OK && i < list->count; i++) {
        const char *equals = strchr(list->items[i], '=');

        if (equals == NULL || equals[1] == '\0' ||
            (size_t)(equals - list->items[i]) >= sizeof id)
            return cli_fail(e, WB_ERR_USAGE, "%s: ID=REASON, with a reason", option);
        memcpy(id, list->items[i], (size_t)(equals - list->items[i]));
        id[equals - list->items[i]] = '\0';
        made[i].reason = equals + 1;
        st = cli_within(e, wb_find(c->vault, &made[i].id, id, e), option);
    }
    *exceptions = made;
    return st;
}
