/* vault/cli/fields.c - what -F says: field=value, field=@PATH, field=-, field:state,
 * and in amendments field+=value and field= . */
#include <string.h>

#include "cli.h"

enum { FIELD_NAME_BYTES = 64 };
#define INPUT_BYTES_MAX ((size_t)64 * 1024 * 1024) /* of a whole record */

enum op { SET, APPEND, STATE, CLEAR };

struct assignment {
    char name[FIELD_NAME_BYTES];
    enum op op;
    const char *value;
};

static enum wb_status
read_assignment(struct assignment *a, const char *text, struct wb_error *e)
{
    size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    const char *behind = text + size;

    *a = (struct assignment){.op = SET};
    if (size == 0 || size >= sizeof a->name)
        return cli_fail(e, WB_ERR_USAGE, "-F: begins with no field name: field=value");
    memcpy(a->name, text, size);
    if (behind[0] == ':')
        a->op = STATE;
    else if (behind[0] == '+' && behind[1] == '=') {
        a->op = APPEND;
        behind++;
    } else if (behind[0] != '=')
        return cli_fail(e, WB_ERR_USAGE, "-F: %s: say %s=value, %s=@FILE or %s:unknown",
            a->name, a->name, a->name, a->name);
    a->value = behind + 1;
    if (a->op == SET && *a->value == '\0')
        a->op = CLEAR;
    return WB_OK;
}

/* Whether an assignment before number `end` already took the old values away. */
static bool
was_set(const struct cli_list *list, size_t end, const char *name)
{
    struct assignment a;
    struct wb_error ignored;

    for (size_t i = 0; i < end; i++)
        if (read_assignment(&a, list->items[i], &ignored) == WB_OK && a.op != APPEND &&
            strcmp(a.name, name) == 0)
            return true;
    return false;
}

/* A reference may be given by the beginning of an id; a whole id is passed on as it is,
 * since a field vault cannot look anything up. */
static enum wb_status
add_reference(
    struct cli *c, struct wb_draft *d, const struct assignment *a, struct wb_error *e)
{
    char text[WB_ID_TEXT_BYTES];
    struct wb_id id;
    enum wb_status st;

    if (!wb_id_parse(&id, a->value, strlen(a->value)) &&
        (st = wb_find(c->vault, &id, a->value, e)) != WB_OK)
        return cli_within(e, st, a->name);
    wb_id_text(text, &id);
    return wb_draft_add(d, a->name, WB_STATE_TEXT, text, strlen(text), e);
}

/* A file's own last line feed is no part of the value. */
static enum wb_status
add_input(struct cli *c, struct wb_draft *d, const struct wb_field *field,
    const char *path, struct wb_error *e)
{
    struct cli_bytes b = {0};
    enum wb_status st = cli_read(c, &b, path, INPUT_BYTES_MAX, field->name, e);

    if (st == WB_ERR_NOT_FOUND)
        (void)cli_fail(e, st,
            "%s: %s: no such file (a value that itself begins with @ goes in with -F "
            "%s=-)",
            field->name, path, field->name);
    if (st != WB_OK)
        return cli_within(e, st, field->name);
    if (field->kind == WB_TEXT && (field->flags & WB_REPEATS) != 0)
        st = wb_draft_add_paragraphs(d, field->name, b.bytes, b.size, e);
    else {
        if (b.size > 0 && b.bytes[b.size - 1] == '\n')
            b.size--;
        st = wb_draft_add(d, field->name, WB_STATE_TEXT, b.bytes, b.size, e);
    }
    cli_bytes_free(&b);
    return st;
}

static enum wb_status
add_state(struct wb_draft *d, const struct assignment *a, struct wb_error *e)
{
    enum wb_state state;

    if (!wb_state_find(&state, a->value) || state == WB_STATE_ABSENT)
        return cli_fail(e, WB_ERR_USAGE,
            "%s: behind the colon stands unknown, not-asked or refused; a value stands "
            "behind =",
            a->name);
    return wb_draft_add(d, a->name, state, NULL, 0, e);
}

static enum wb_status
add_value(struct cli *c, struct wb_draft *d, const struct wb_field *field,
    const struct assignment *a, struct wb_error *e)
{
    if (a->op == STATE)
        return add_state(d, a, e);
    if (strcmp(a->value, "-") == 0)
        return add_input(c, d, field, "-", e);
    if (a->value[0] == '@')
        return add_input(c, d, field, a->value + 1, e);
    if (field->kind == WB_REF)
        return add_reference(c, d, a, e);
    return wb_draft_add(d, a->name, WB_STATE_TEXT, a->value, strlen(a->value), e);
}

/* What a witness said does not belong on a command line. */
static void
warn_of_testimony(
    const struct cli *c, const struct wb_field *field, const struct assignment *a)
{
    if (field->kind != WB_TEXT || (a->op != SET && a->op != APPEND) ||
        strcmp(a->value, "-") == 0 || a->value[0] == '@' || !cli_is_terminal())
        return;
    cli_warn(c->shell != NULL
            ? "%s: typed in the command line, where it stays to be called back until "
              "the lock; `add KIND` alone asks for it"
            : "%s: typed as an argument it may stay in the shell's history, and others "
              "on this computer may see it: `add KIND` alone asks for it",
        field->name);
}

enum wb_status
cli_fields(struct cli *c, struct wb_draft *d, const struct cli_list *list,
    bool amending, struct wb_error *e)
{
    const struct wb_kind *kind = wb_draft_kind(d);
    const struct wb_field *field;
    struct assignment a;
    enum wb_status st = WB_OK;

    for (size_t i = 0; st == WB_OK && i < list->count; i++) {
        if ((st = read_assignment(&a, list->items[i], e)) != WB_OK)
            return st;
        field = wb_field_find(kind, a.name);
        if (field == NULL)
            return cli_fail(e, WB_ERR_USAGE,
                "%s: %s has no such field; `%skinds %s` lists them", a.name, kind->name,
                cli_program(), kind->name);
        warn_of_testimony(c, field, &a);
        if (!amending && a.op == CLEAR)
            return cli_fail(e, WB_ERR_USAGE,
                "%s: empty; leave it out, or say %s:unknown", a.name, a.name);
        if (amending && a.op != APPEND && !was_set(list, i, a.name))
            st = wb_draft_clear(d, a.name, e);
        if (st == WB_OK && a.op != CLEAR)
            st = add_value(c, d, field, &a, e);
    }
    return st;
}
