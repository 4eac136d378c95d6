/* vault/query/terms.c - what a person typed to search, and whether a text has it. */
#include "terms.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"

enum { SHOWN_BYTES = 60, START_BYTES_MIN = 2 };

void
wb_terms_wipe(struct wb_terms *t)
{
    wb_arena_free(&t->arena);
    t->count = 0;
}

/* ---- reading ---- */

static bool
is_field(const char *name)
{
    for (size_t i = 0; i < wb_kind_count(); i++)
        if (wb_field_find(wb_kind_at(i), name) != NULL)
            return true;
    return false;
}

/* A name and a colon in front of a term; *at then points behind it. */
static enum wb_status
read_field(
    struct wb_terms *t, struct wb_term *term, const char **at, struct wb_error *e)
{
    const size_t size = strspn(*at, "abcdefghijklmnopqrstuvwxyz-");
    const char *name;

    if (size == 0 || (*at)[size] != ':')
        return WB_OK;
    name = wb_arena_copy(&t->arena, *at, size);
    if (name == NULL)
        return wb_fail_memory(e);
    if (!is_field(name))
        return wb_fail(e, WB_ERR_USAGE,
            "%.60s: no kind has such a field, see `kinds`; text with a colon needs "
            "quotes",
            name);
    term->field = name;
    *at += size + 1;
    return WB_OK;
}

/* The text of a term, between quotes or up to a space, and whether a star follows. */
static enum wb_status
read_text(struct wb_terms *t, struct wb_term *term, const char **at, struct wb_error *e)
{
    const bool quoted = **at == '"';
    const char *from = *at + (quoted ? 1 : 0);
    size_t size = strcspn(from, quoted ? "\"" : " \t\n\"*");

    if (quoted && from[size] == '\0')
        return wb_fail(
            e, WB_ERR_USAGE, "%.60s: the quotation marks are not closed, add one", *at);
    *at = from + size + (quoted ? 1 : 0);
    term->starts = **at == '*';
    if (term->starts)
        ++*at;
    if (**at != '\0' && strchr(" \t\n", **at) == NULL)
        return wb_fail(e, WB_ERR_USAGE,
            "%.60s: a space must part it from what is before; * stands only at the end",
            *at);
    term->text = wb_arena_copy(&t->arena, from, size);
    return term->text != NULL ? WB_OK : wb_fail_memory(e);
}

static enum wb_status
read_words(struct wb_terms *t, struct wb_term *term, struct wb_error *e)
{
    struct wb_fold f;
    struct wb_fold_word word, *last;

    term->words = wb_arena_new_array(&t->arena, WB_TERM_WORDS_MAX, sizeof *term->words);
    if (term->words == NULL)
        return wb_fail_memory(e);
    wb_fold_init(&f, term->text, strlen(term->text));
    while (wb_fold_next(&f, &word)) {
        if (term->count == WB_TERM_WORDS_MAX)
            return wb_fail(e, WB_ERR_USAGE, "%.60s...: more than %d words, give fewer",
                term->text, WB_TERM_WORDS_MAX);
        term->words[term->count++] = word;
    }
    if (term->count == 0)
        return wb_fail(e, WB_ERR_USAGE,
            "\"%.60s\": no word to search for, letters or digits are needed",
            term->text);
    last = &term->words[term->count - 1];
    if (term->starts && last->folded_size < START_BYTES_MIN)
        return wb_fail(e, WB_ERR_USAGE,
            "%.60s*: too short, give at least two letters of it", term->text);
    if (term->starts)
        wb_fold_cut(last);
    return WB_OK;
}

static enum wb_status
read_terms(struct wb_terms *t, const char *at, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (at += strspn(at, " \t\n"); *at != '\0'; at += strspn(at, " \t\n")) {
        struct wb_term *term = &t->items[t->count];

        if (t->count == WB_TERMS_MAX)
            return wb_fail(
                e, WB_ERR_USAGE, "more than %d words to search for", WB_TERMS_MAX);
        *term = (struct wb_term){.field = NULL};
        t->count++;
        if ((st = read_field(t, term, &at, e)) != WB_OK ||
            (st = read_text(t, term, &at, e)) != WB_OK ||
            (st = read_words(t, term, e)) != WB_OK)
            return st;
    }
    return t->count > 0
        ? WB_OK
        : wb_fail(e, WB_ERR_USAGE, "nothing to search for, give a word");
}

enum wb_status
wb_terms_parse(struct wb_terms *t, const char *text, struct wb_error *e)
{
    struct wb_terms read = {.count = 0};
    size_t size = strlen(text);
    enum wb_status st;

    if (size > WB_SEARCH_BYTES_MAX)
        return wb_fail(e, WB_ERR_USAGE, "%zu bytes to search for, limit is %d", size,
            WB_SEARCH_BYTES_MAX);
    if (wb_text_check(text, size, e) != WB_OK)
        return wb_fail(e, WB_ERR_USAGE, "what to search for is not UTF-8");
    if ((st = read_terms(&read, text, e)) == WB_OK)
        *t = read;
    else
        wb_terms_wipe(&read);
    return st;
}

/* ---- finding ---- */

void
wb_term_phrase(struct wb_buf *out, const struct wb_term *term)
{
    wb_buf_print(out, "\"%s\"%s", term->text, term->starts ? " *" : "");
}

static bool
fits(const struct wb_term *term, size_t i, const struct wb_fold_word *word)
{
    return term->starts && i + 1 == term->count ? wb_fold_begins(word, &term->words[i])
                                                : wb_fold_agree(word, &term->words[i]);
}

bool
wb_term_in(const struct wb_term *term, const char *text, size_t size,
    struct wb_place_found *found)
{
    struct wb_fold f;
    struct wb_fold_word word;

    wb_fold_init(&f, text, size);
    while (wb_fold_next(&f, &word)) {
        struct wb_fold rest = f;
        const size_t at = word.at;
        size_t i = 0;

        while (fits(term, i, &word) && ++i < term->count)
            if (!wb_fold_next(&rest, &word))
                return false;
        if (i == term->count) {
            *found = (struct wb_place_found){at, word.at + word.size};
            return true;
        }
    }
    return false;
}

bool
wb_term_applies(const struct wb_record *r, const struct wb_place *p)
{
    const struct wb_kind *table = r->table;

    for (size_t i = 0; table != NULL && i < table->count; i++)
        if (table->fields[i].number == p->field)
            return table->fields[i].kind != WB_REF &&
                table->fields[i].kind != WB_DIGEST;
    return p->field != WB_FIELD_ORIGIN;
}
