/* vault/cli/interview_store.c - what was typed becomes a value: a reference by id or
 * name, a word of a list, a date, a text. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "interview.h"

enum { ID_BYTES_MIN = 4, NAMESAKES = 5000 };

/* ---- references ---- */

static const char *
title_of(const struct wb_draft *d, size_t *size)
{
    struct wb_value_view v;

    if (!wb_draft_value(d, wb_draft_kind(d)->title, 0, &v))
        return NULL;
    *size = v.size;
    return v.text;
}

/* A record of this sitting that goes by that name. */
static bool
find_in_sheet(const struct wb_sheet *s, const char *kind, const char *text, size_t size,
    struct wb_id *id)
{
    for (size_t n = 0; n < wb_sheet_count(s); n++) {
        const struct wb_draft *d = wb_sheet_draft(s, n);
        size_t length = 0;
        const char *title = title_of(d, &length);

        if (title != NULL && strcmp(wb_draft_kind(d)->name, kind) == 0 &&
            length == size && memcmp(title, text, size) == 0) {
            *id = *wb_sheet_id(s, n);
            return true;
        }
    }
    return false;
}

/* A record of the vault, by id or its beginning; it is shown, so that a name that
 * happens to look like one is noticed. */
static bool
find_in_vault(struct cli_interview *i, const char *text, size_t size, struct wb_id *id)
{
    char word[WB_ID_TEXT_BYTES];
    struct wb_error ignored = {0};
    struct wb_record *r = NULL;

    if (size < ID_BYTES_MIN || size >= sizeof word ||
        strspn(text, "0123456789abcdefghjkmnpqrstvwxyz") < size)
        return false;
    memcpy(word, text, size);
    word[size] = '\0';
    if (wb_find(i->c->vault, id, word, &ignored) != WB_OK ||
        wb_record_load(i->c->vault, &r, id, &ignored) != WB_OK)
        return false;
    cli_tell("    that is the %s ", cli_word(wb_record_kind(r)));
    cli_tell_safe(wb_record_title(r), strlen(wb_record_title(r)), 0);
    cli_tell("\n");
    wb_record_free(&r);
    return true;
}

/* Who has the same name in the vault already, among so many of that kind. */
struct namesake {
    const char *text;
    size_t size;
    unsigned left;
    bool found;
    struct wb_id id;
};

static bool
is_namesake(void *cookie, const struct wb_record *r)
{
    struct namesake *n = cookie;
    const char *title = wb_record_title(r);

    n->found = strlen(title) == n->size && memcmp(title, n->text, n->size) == 0;
    if (n->found)
        n->id = *wb_record_id(r);
    return !n->found && --n->left > 0;
}

/* Two people may share a name: it is said, and left to the person who asks. */
static void
tell_namesake(
    const struct cli_interview *i, const char *kind, const char *text, size_t size)
{
    const struct wb_list_filter filter = {.kind = kind};
    struct namesake n = {.text = text, .size = size, .left = NAMESAKES};
    char id[WB_ID_TEXT_BYTES];
    struct wb_error ignored = {0};
    uint64_t damaged;

    if (wb_list(i->c->vault, &filter, is_namesake, &n, &damaged, &ignored) != WB_OK ||
        !n.found)
        return;
    wb_id_text(id, &n.id);
    cli_tell("    one of this name is in the vault already: if it is the same, go back "
             "(-), take this away (,)\n    and answer %.8s\n",
        id);
}

/* A new record by its name; what else there is to say of it is asked later. */
static enum wb_status
add_named(struct cli_interview *i, const struct wb_field *f, const char *text,
    size_t size, struct wb_id *id, struct wb_error *e)
{
    const struct wb_kind *kind = wb_kind_find(f->target);
    size_t record;
    enum wb_status st;

    if (kind == NULL || (kind->flags & WB_BY_HAND) == 0)
        return cli_fail(e, WB_ERR_NOT_FOUND,
            "no record with this id; give at least four characters of one");
    if ((st = wb_sheet_add(i->sheet, &record, kind->name, e)) != WB_OK)
        return st;
    if ((st = wb_draft_add(cli_interview_draft(i, record), kind->title, WB_STATE_TEXT,
             text, size, e)) != WB_OK) {
        wb_sheet_cut(i->sheet, record);
        return st;
    }
    *id = *wb_sheet_id(i->sheet, record);
    cli_tell("    a new %s; more about it later\n", cli_word(kind->name));
    tell_namesake(i, kind->name, text, size);
    return WB_OK;
}

static enum wb_status
refer(struct cli_interview *i, struct wb_draft *d, const struct wb_field *f,
    const char *text, size_t size, struct wb_error *e)
{
    char word[WB_ID_TEXT_BYTES];
    struct wb_id id;
    enum wb_status st = WB_OK;

    if (!wb_id_parse(&id, text, size) &&
        !find_in_sheet(i->sheet, f->target, text, size, &id) &&
        !find_in_vault(i, text, size, &id))
        st = add_named(i, f, text, size, &id, e);
    if (st != WB_OK)
        return st;
    wb_id_text(word, &id);
    return wb_draft_add(d, f->name, WB_STATE_TEXT, word, strlen(word), e);
}

/* ---- words of a list, dates ---- */

/* A word of the list by its beginning, if only one begins so; else as it was typed. */
static void
complete_code(const struct wb_field *f, const char **text, size_t *size)
{
    const struct wb_code *code;
    const char *found = NULL;
    unsigned count = 0;

    for (size_t n = 0; (code = wb_code_at(f->list, n)) != NULL; n++) {
        if (strncmp(code->word, *text, *size) != 0)
            continue;
        found = code->word;
        if (strlen(found) == *size)
            return;
        count++;
    }
    if (count == 1) {
        *text = found;
        *size = strlen(found);
        cli_tell("    %s\n", found);
    }
}

static const char *
today(char out[static 16])
{
    const time_t now = time(NULL);
    struct tm t;

    if (localtime_r(&now, &t) == NULL || strftime(out, 16, "%Y-%m-%d", &t) == 0)
        out[0] = '\0';
    return out;
}

/* ---- a value ---- */

static enum wb_status
put(struct cli_interview *i, struct wb_draft *d, const struct wb_field *f,
    const char *text, size_t size, struct wb_error *e)
{
    char date[16];

    if (f->kind == WB_REF)
        return refer(i, d, f, text, size, e);
    if (f->kind == WB_TEXT && (f->flags & WB_REPEATS) != 0)
        return wb_draft_add_paragraphs(d, f->name, text, size, e);
    if (f->kind == WB_CODE)
        complete_code(f, &text, &size);
    if (f->kind == WB_DATE && size == 5 && memcmp(text, "today", 5) == 0) {
        text = today(date);
        size = strlen(date);
    }
    return wb_draft_add(d, f->name, WB_STATE_TEXT, text, size, e);
}

/* The old answer goes only when the new one is accepted: tried on a draft of its own
 * first. */
static enum wb_status
replace(struct cli_interview *i, struct wb_draft *d, const struct wb_field *f,
    const char *text, size_t size, struct wb_error *e)
{
    struct wb_value_view v = {0};
    struct wb_draft *trial = NULL;
    enum wb_status st = wb_draft_new(&trial, wb_draft_kind(d)->name, e);

    if (st == WB_OK && (st = put(i, trial, f, text, size, e)) == WB_OK &&
        (st = wb_draft_clear(d, f->name, e)) == WB_OK &&
        wb_draft_value(trial, f->name, 0, &v))
        st = wb_draft_add(d, f->name, v.state, v.text, v.size, e);
    wb_draft_free(&trial);
    return st;
}

enum wb_status
cli_interview_store(struct cli_interview *i, size_t record, const struct wb_field *f,
    const char *text, size_t size, struct wb_error *e)
{
    struct wb_draft *d = cli_interview_draft(i, record);
    struct wb_value_view v;

    while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\n'))
        size--;
    while (size > 0 && *text == ' ') {
        text++;
        size--;
    }
    if ((f->flags & WB_REPEATS) == 0 && wb_draft_value(d, f->name, 0, &v))
        return replace(i, d, f, text, size, e);
    return put(i, d, f, text, size, e);
}

enum wb_status
cli_interview_state(struct wb_draft *d, const struct wb_field *f, enum wb_state state,
    struct wb_error *e)
{
    enum wb_status st = WB_OK;

    if ((f->flags & WB_REPEATS) == 0)
        st = wb_draft_clear(d, f->name, e);
    return st == WB_OK ? wb_draft_add(d, f->name, state, NULL, 0, e) : st;
}

/* All values but the last go into a new list. */
static enum wb_status
drop_last(
    struct wb_draft *d, const struct wb_field *f, size_t count, struct wb_error *e)
{
    struct wb_draft *kept = NULL;
    struct wb_value_view v;
    enum wb_status st = wb_draft_new(&kept, wb_draft_kind(d)->name, e);

    for (size_t n = 0; st == WB_OK && n + 1 < count; n++)
        if (wb_draft_value(d, f->name, n, &v))
            st = wb_draft_add(kept, f->name, v.state, v.text, v.size, e);
    if (st == WB_OK)
        st = wb_draft_clear(d, f->name, e);
    for (size_t n = 0; st == WB_OK && wb_draft_value(kept, f->name, n, &v); n++)
        st = wb_draft_add(d, f->name, v.state, v.text, v.size, e);
    wb_draft_free(&kept);
    return st;
}

/* A record that was made by this reference alone, and nothing since, goes with it. */
static void
drop_named(struct wb_sheet *s, const struct wb_field *f, const struct wb_id *id)
{
    const size_t last = wb_sheet_count(s) - 1;

    if (f->kind == WB_REF && last > 0 && wb_id_equal(wb_sheet_id(s, last), id))
        wb_sheet_cut(s, last);
}

enum wb_status
cli_interview_retract(
    struct cli_interview *i, struct wb_draft *d, const struct wb_field *f)
{
    struct wb_value_view v, last = {0};
    struct wb_id id;
    size_t count = 0;

    while (wb_draft_value(d, f->name, count, &v)) {
        last = v;
        count++;
    }
    if (count == 0)
        return WB_OK;
    if (last.state == WB_STATE_TEXT && f->kind != WB_REF &&
        !cli_bytes_put(&i->reader.line, 0, last.text, last.size))
        return cli_fail(i->e, WB_ERR_MEMORY, "not enough memory");
    if (wb_id_parse(&id, last.text != NULL ? last.text : "", last.size))
        drop_named(i->sheet, f, &id);
    return drop_last(d, f, count, i->e);
}
