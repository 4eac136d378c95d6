/* vault/cli/show_history.c - `show --history`: all revisions, each by what it changed.
 */
#include <inttypes.h>
#include <string.h>

#include "show.h"

enum { FIELD_COLUMNS = 18, NUMBER_COLUMNS = 4, ROOT_CHARACTERS = 16 };

/* ---- two revisions, value by value ---- */

/* One field of both: `before` is NULL where there was none before. */
struct pair {
    const struct wb_record *before, *after;
    const struct wb_field_view *field;
};

static bool
same_value(const struct wb_value_view *a, const struct wb_value_view *b)
{
    return a->state == b->state && a->size == b->size &&
        memcmp(a->text, b->text, a->size) == 0;
}

static size_t
count_values(const struct wb_record *r, const char *field)
{
    struct wb_value_view value;
    size_t count = 0;

    while (r != NULL && wb_record_value(r, field, count, &value) &&
        value.state != WB_STATE_ABSENT)
        count++;
    return count;
}

static bool
same_at(const struct pair *p, size_t i, size_t j)
{
    struct wb_value_view a, b;

    return wb_record_value(p->before, p->field->name, i, &a) &&
        wb_record_value(p->after, p->field->name, j, &b) && same_value(&a, &b);
}

/* What is the same at both ends is passed over: between stands what changed. */
struct change {
    size_t first;      /* the first value that differs */
    size_t gone, come; /* how many from there */
};

static struct change
compare_values(const struct pair *p)
{
    size_t before = count_values(p->before, p->field->name);
    size_t after = count_values(p->after, p->field->name);
    struct change ch = {0, before, after};

    while (ch.gone > 0 && ch.come > 0 && same_at(p, ch.first, ch.first))
        ch.first++, ch.gone--, ch.come--;
    while (ch.gone > 0 && ch.come > 0 &&
        same_at(p, ch.first + ch.gone - 1, ch.first + ch.come - 1))
        ch.gone--, ch.come--;
    return ch;
}

/* ---- telling ---- */

static void
print_values(const struct wb_record *r, const struct wb_field_view *field, char sign,
    size_t first, size_t count)
{
    struct wb_value_view value;

    for (size_t i = first; i < first + count; i++) {
        if (!wb_record_value(r, field->name, i, &value))
            return;
        cli_print("  ");
        cli_print_column(field->name, strlen(field->name), FIELD_COLUMNS);
        if (field->repeats)
            cli_print("%*zu ", NUMBER_COLUMNS - 2, i + 1);
        cli_print("%c ", sign);
        if (value.state == WB_STATE_TEXT)
            cli_print_block(value.text, value.size,
                FIELD_COLUMNS + 6 + (field->repeats ? NUMBER_COLUMNS - 1 : 0));
        else
            cli_print("(%s)\n", cli_word(wb_state_name(value.state)));
    }
}

static void
json_values(struct cli *c, const char *key, const struct wb_record *r,
    const struct wb_field_view *field, size_t first, size_t count)
{
    struct wb_value_view value;

    cli_json_key(c, key);
    cli_json_open(c, '[');
    for (size_t i = first; i < first + count; i++)
        if (wb_record_value(r, field->name, i, &value))
            show_json_value(c, &value);
    cli_json_close(c, ']');
}

static void
tell_field(struct cli *c, const struct pair *p)
{
    struct change ch = compare_values(p);

    if (ch.gone + ch.come == 0)
        return;
    if (!c->global.json) {
        print_values(p->before, p->field, '-', ch.first, ch.gone);
        print_values(p->after, p->field, '+', ch.first, ch.come);
        return;
    }
    cli_json_open(c, '{');
    cli_json_pair(c, "field", p->field->name);
    cli_json_count(c, "at", ch.first + 1);
    json_values(c, "removed", p->before, p->field, ch.first, ch.gone);
    json_values(c, "added", p->after, p->field, ch.first, ch.come);
    cli_json_close(c, '}');
}

/* Against its first predecessor that is here. */
static void
tell_changes(struct cli *c, const struct wb_record *r)
{
    struct wb_record *before = NULL;
    struct wb_field_view field;
    char root[WB_ROOT_TEXT_BYTES];

    for (size_t i = 0; before == NULL && i < wb_record_previous_count(r); i++) {
        cli_hex(root, wb_record_previous(r, i));
        if (wb_record_load_root(c->vault, &before, wb_record_id(r), root, NULL) !=
            WB_OK)
            before = NULL;
    }
    if (c->global.json) {
        cli_json_key(c, "changes");
        cli_json_open(c, '[');
    } else if (before == NULL && wb_record_previous_count(r) > 0)
        cli_print("  (what it follows is not here)\n");
    for (size_t i = 0; before != NULL && wb_record_field(r, i, &field); i++)
        tell_field(c, &(struct pair){before, r, &field});
    if (c->global.json)
        cli_json_close(c, ']');
    wb_record_free(&before);
}

static void
json_revision(struct cli *c, const struct wb_revision *revision)
{
    const struct wb_record *r = revision->record;

    cli_json_open(c, '{');
    cli_json_count(c, "revision", wb_record_revision(r));
    cli_json_root(c, "root", wb_record_root(r));
    show_json_previous(c, r);
    cli_json_key(c, "head");
    cli_json_bool(c, revision->is_head);
    cli_json_key(c, "foreign");
    cli_json_bool(c, wb_record_is_foreign(r));
    cli_json_pair(c, "action", revision->action);
    cli_json_pair(c, "time", revision->time);
    cli_json_pair(c, "actor", revision->actor);
    cli_json_pair(c, "reason", revision->reason);
    tell_changes(c, r);
    cli_json_close(c, '}');
}

struct telling {
    struct cli *c;
    size_t heads;
    enum wb_status st;
    struct wb_error *e;
};

static enum wb_status
print_revision(
    struct cli *c, const struct wb_revision *revision, bool forked, struct wb_error *e)
{
    const struct wb_record *r = revision->record;
    char root[WB_ROOT_TEXT_BYTES];
    enum wb_status st = WB_OK;

    cli_hex(root, wb_record_root(r));
    cli_print("revision %" PRIu32 "  %s  ", wb_record_revision(r), revision->time);
    cli_print("%s by ", revision->action);
    cli_print_safe(revision->actor, strlen(revision->actor));
    if (revision->reason[0] != '\0') {
        cli_print(", ");
        cli_print_safe(revision->reason, strlen(revision->reason));
    }
    if (forked && revision->is_head)
        cli_print("  (head)");
    cli_print("\n  root %.*s", ROOT_CHARACTERS, root);
    for (size_t i = 0; i < wb_record_previous_count(r); i++) {
        cli_hex(root, wb_record_previous(r, i));
        cli_print("%s%.*s", i == 0 ? cli_word(" follows ") : cli_word(" and "),
            ROOT_CHARACTERS, root);
    }
    if (wb_record_is_foreign(r)) {
        cli_print("\n  received ");
        st = show_sender(c, r, e);
    }
    cli_print("\n");
    tell_changes(c, r);
    return st;
}

static bool
tell_revision(void *cookie, const struct wb_revision *revision)
{
    struct telling *t = cookie;

    if (t->c->global.json)
        json_revision(t->c, revision);
    else
        t->st = print_revision(t->c, revision, t->heads > 1, t->e);
    return t->st == WB_OK;
}

static bool
count_head(void *cookie, const struct wb_revision *revision)
{
    size_t *count = cookie;

    *count += revision->is_head;
    return true;
}

enum wb_status
show_heads(struct cli *c, const struct wb_id *id, size_t *count, struct wb_error *e)
{
    *count = 0;
    return wb_history(c->vault, id, count_head, count, e);
}

enum wb_status
show_history(struct cli *c, const struct wb_id *id, struct wb_error *e)
{
    struct telling t = {.c = c, .e = e};
    enum wb_status counted = show_heads(c, id, &t.heads, e), st;

    if (counted != WB_OK && counted != WB_ERR_INTEGRITY)
        return counted;
    if (c->global.json)
        cli_json_open(c, '[');
    st = wb_history(c->vault, id, tell_revision, &t, e);
    if (c->global.json)
        cli_json_close(c, ']');
    return st == WB_OK ? t.st : st;
}
