/* vault/record/value.c - what a value may be, and the words for its states. */
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../formats/edtf.h"
#include "../formats/geo.h"
#include "record.h"

enum {
    LINE_BYTES_MAX = 1024,
    WORDS_SHOWN_MAX = 12, /* of a controlled list, in a refusal */
    COUNT_DIGITS_MAX = 12,
    NUMBER_DIGITS_MAX = 18,
    DIGEST_BYTES = 32,
    TERM_DIGITS_MAX = 12,
    SUBTAG_MAX = 8,   /* characters */
    SUBTAGS_MAX = 24, /* parts of one tag */
};

static const struct {
    enum wb_state state;
    const char *name;
} states[] = {
    {WB_STATE_ABSENT, "absent"},
    {WB_STATE_UNKNOWN, "unknown"},
    {WB_STATE_NOT_ASKED, "not-asked"},
    {WB_STATE_REFUSED, "refused"},
    {WB_STATE_WITHHELD, "withheld"},
};

const char *
wb_state_name(enum wb_state state)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (states[i].state == state)
            return states[i].name;
    return NULL;
}

bool
wb_state_find(enum wb_state *state, const char *name)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (states[i].state == WB_STATE_WITHHELD || strcmp(states[i].name, name) != 0)
            continue;
        *state = states[i].state;
        return true;
    }
    return false;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static enum wb_status
check_paragraph(const char *text, size_t size, struct wb_error *e)
{
    if (size > WB_PARAGRAPH_BYTES_MAX)
        return wb_fail(
            e, WB_ERR_VALUE, "size: %zu bytes, limit is 16 MiB a paragraph", size);
    return wb_text_check(text, size, e);
}

static enum wb_status
check_line(const char *text, size_t size, struct wb_error *e)
{
    enum wb_status st;

    if (size > LINE_BYTES_MAX)
        return wb_fail(e, WB_ERR_VALUE, "size: %zu bytes, limit is 1,024", size);
    if ((st = wb_text_check(text, size, e)) != WB_OK)
        return st;
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\n' || text[i] == '\r')
            return wb_fail(
                e, WB_ERR_VALUE, "byte %zu: a line break, one line is allowed", i + 1);
    return WB_OK;
}

static enum wb_status
check_reference(const char *text, size_t size, struct wb_error *e)
{
    struct wb_id id;

    if (!wb_id_parse(&id, text, size))
        return wb_fail(e, WB_ERR_VALUE, "not a whole id, which has 26 characters");
    return WB_OK;
}

static enum wb_status
check_code(const char *list, const char *text, size_t size, struct wb_error *e)
{
    struct wb_buf words;
    const struct wb_code *code;
    size_t count = 0;

    for (; (code = wb_code_at(list, count)) != NULL; count++)
        if (strlen(code->word) == size && memcmp(code->word, text, size) == 0)
            return WB_OK;
    if (count > WORDS_SHOWN_MAX)
        return wb_fail(e, WB_ERR_VALUE,
            "not one of the %zu words of the list %s; `kinds KIND FIELD` shows them",
            count, list);
    wb_buf_init(&words, WB_ERROR_MESSAGE_BYTES);
    for (size_t i = 0; (code = wb_code_at(list, i)) != NULL; i++)
        wb_buf_print(&words, " %s", code->word);
    wb_fail(e, WB_ERR_VALUE, "not a word of the list %s:%s", list, wb_buf_text(&words));
    wb_buf_wipe(&words);
    return WB_ERR_VALUE;
}

/* HURIDOCS numbers grow by two digits a level. */
static enum wb_status
check_term(const char *text, size_t size, struct wb_error *e)
{
    size_t digits = 0;

    while (digits < size && is_digit(text[digits]))
        digits++;
    if (digits != size || size > TERM_DIGITS_MAX || size % 2 != 0)
        return wb_fail(e, WB_ERR_VALUE,
            "not a number of a thesaurus: 2 to %d digits, two a level",
            TERM_DIGITS_MAX);
    return WB_OK;
}

/* Digits without a leading zero, at most `max`; how many, or 0. */
static size_t
count_digits(const char *text, size_t size, size_t max)
{
    size_t n = 0;

    while (n < size && is_digit(text[n]))
        n++;
    return n > max || (n > 1 && text[0] == '0') ? 0 : n;
}

static enum wb_status
check_count(const char *text, size_t size, struct wb_error *e)
{
    size_t low = count_digits(text, size, COUNT_DIGITS_MAX);
    size_t high = 0;

    if (low > 0 && low == size)
        return WB_OK;
    if (low > 0 && size == low + 2 && memcmp(text + low, "..", 2) == 0)
        return WB_OK;
    if (low > 0 && size > low + 2 && memcmp(text + low, "..", 2) == 0)
        high = count_digits(text + low + 2, size - low - 2, COUNT_DIGITS_MAX);
    if (high == 0 || low + 2 + high != size)
        return wb_fail(e, WB_ERR_VALUE,
            "not a count: 3, or 3..5, or 40.. for at least, up to 12 digits each");
    if (low > high || (low == high && memcmp(text, text + low + 2, low) > 0))
        return wb_fail(e, WB_ERR_VALUE, "the range ends below its beginning");
    return WB_OK;
}

static enum wb_status
check_number(const char *text, size_t size, struct wb_error *e)
{
    if (size == 0 || count_digits(text, size, NUMBER_DIGITS_MAX) != size)
        return wb_fail(
            e, WB_ERR_VALUE, "not a number: up to 18 digits without a zero in front");
    return WB_OK;
}

static enum wb_status
check_digest(const char *text, size_t size, struct wb_error *e)
{
    uint8_t digest[DIGEST_BYTES];

    if (!wb_hex_decode(digest, sizeof digest, text, size))
        return wb_fail(
            e, WB_ERR_VALUE, "not a SHA-256: 64 lower-case hexadecimal digits");
    return WB_OK;
}

/* A part of a language tag; size 0 stands behind the last. */
struct subtag {
    const char *at;
    size_t size;
    bool letters;
    bool digits;
};

/* Cuts a tag at its hyphens; false where a part is empty, too long or not letters and
 * digits. `parts` starts zeroed. */
static bool
cut_tag(struct subtag parts[static SUBTAGS_MAX + 1], const char *text, size_t size)
{
    size_t count = 0;

    parts[0] = (struct subtag){text, 0, true, true};
    for (size_t i = 0; i < size; i++) {
        struct subtag *part = &parts[count];

        if (text[i] == '-') {
            if (part->size == 0 || ++count == SUBTAGS_MAX)
                return false;
            parts[count] = (struct subtag){text + i + 1, 0, true, true};
            continue;
        }
        part->letters = part->letters && is_letter(text[i]);
        part->digits = part->digits && is_digit(text[i]);
        if (++part->size > SUBTAG_MAX || (!is_letter(text[i]) && !is_digit(text[i])))
            return false;
    }
    return parts[count].size > 0;
}

static bool
is_private_mark(const struct subtag *s)
{
    return s->size == 1 && (s->at[0] == 'x' || s->at[0] == 'X');
}

/* Behind a singleton and its subtags: one or more, of two characters or more each,
 * after x of any length. NULL where there is none. */
static const struct subtag *
past_extension(const struct subtag *s)
{
    size_t least = is_private_mark(s) ? 1 : 2;
    const struct subtag *first = s + 1;

    for (s = first; s->size >= least;)
        s++;
    return s > first ? s : NULL;
}

/* Behind language, script, region and variants. */
static const struct subtag *
past_language(const struct subtag *s)
{
    bool may_extend = s->size <= 3;

    s++;
    for (int i = 0; may_extend && i < 3 && s->size == 3 && s->letters; i++)
        s++;
    if (s->size == 4 && s->letters)
        s++;
    if ((s->size == 2 && s->letters) || (s->size == 3 && s->digits))
        s++;
    while (s->size >= 5 || (s->size == 4 && is_digit(s->at[0])))
        s++;
    return s;
}

/* RFC 5646 section 2.1, langtag or privateuse; the irregular grandfathered tags, all
 * but two of them deprecated, are not taken. */
static bool
is_language_tag(const char *text, size_t size)
{
    struct subtag parts[SUBTAGS_MAX + 1] = {0};
    const struct subtag *s = parts;

    if (!cut_tag(parts, text, size))
        return false;
    if (s->size >= 2 && s->letters)
        s = past_language(s);
    else if (!is_private_mark(s))
        return false;
    while (s != NULL && s->size == 1)
        s = past_extension(s);
    return s != NULL && s->size == 0;
}

static enum wb_status
check_language(const char *text, size_t size, struct wb_error *e)
{
    if (!is_language_tag(text, size))
        return wb_fail(e, WB_ERR_VALUE, "not a language tag: en, tg-Cyrl, ru-RU");
    return WB_OK;
}

enum wb_status
wb_value_check(
    const struct wb_field *f, const char *text, size_t size, struct wb_error *e)
{
    if (size == 0)
        return wb_fail(e, WB_ERR_VALUE, "empty");
    switch (f->kind) {
    case WB_LINE:
        return check_line(text, size, e);
    case WB_TEXT:
        return check_paragraph(text, size, e);
    case WB_DATE:
        return wb_edtf_check(text, size, e);
    case WB_REF:
        return check_reference(text, size, e);
    case WB_CODE:
        return check_code(f->list, text, size, e);
    case WB_COUNT:
        return check_count(text, size, e);
    case WB_LANGUAGE:
        return check_language(text, size, e);
    case WB_DIGEST:
        return check_digest(text, size, e);
    case WB_NUMBER:
        return check_number(text, size, e);
    case WB_PLACE:
        return wb_geo_check(text, size, e);
    case WB_TERM:
        return check_term(text, size, e);
    }
    return wb_fail(e, WB_ERR_INTERNAL, "a field of no known kind");
}

enum wb_status
wb_value_check_foreign(
    const struct wb_field *f, const char *text, size_t size, struct wb_error *e)
{
    struct wb_field line = *f;

    if (f->kind == WB_CODE)
        line.kind = WB_LINE;
    return wb_value_check(&line, text, size, e);
}
