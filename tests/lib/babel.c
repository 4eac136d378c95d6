/* tests/lib/babel.c - a vault full of names in all their spellings. */
#include "babel.h"

#include <stdio.h>
#include <string.h>
#include <witnessbox/destroy.h>

#include "spellings.h"

enum {
    TEXT_WORDS = 14,
    COMMON = 8, /* words that are everywhere */
    STATEMENTS_FROM = BABEL_PEOPLE + BABEL_INCIDENTS,
};

void
babel_make(struct babel *b)
{
    *b = (struct babel){.drawn = 20261123};
    room_quick_keys();
    room_make(&b->room);
    room_vault(&b->room);
    b->v = room_open(b->room.vault);
}

void
babel_sweep(struct babel *b)
{
    wb_vault_close(&b->v);
    room_sweep(&b->room);
}

void
babel_reopen(struct babel *b)
{
    wb_vault_close(&b->v);
    b->v = room_open(b->room.vault);
}

/* ---- records ---- */

size_t
babel_draw(struct babel *b, size_t below)
{
    b->drawn = b->drawn * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(b->drawn >> 33) % below;
}

/* One in two is a common one. */
static const char *
draw_word(struct babel *b)
{
    const struct spelling *s =
        &spellings[babel_draw(b, babel_draw(b, 2) == 0 ? COMMON : spelling_count)];

    return babel_draw(b, 2) == 0 ? s->a : s->b;
}

static void
draw_text(struct babel *b, char text[static BABEL_BYTES])
{
    static const char *const between[] = {" ", " ", " ", ", ", ". ", "\n", "-"};
    size_t used = 0;

    for (size_t i = 0; i < TEXT_WORDS; i++)
        used += (size_t)snprintf(text + used, BABEL_BYTES - used, "%s%s",
            i == 0 ? "" : between[babel_draw(b, sizeof between / sizeof between[0])],
            draw_word(b));
    assert_true(used < BABEL_BYTES);
}

static const char *
draw_date(struct babel *b)
{
    static const char *const dates[] = {"2021", "2021-10", "2021-10-20", "2019/2021",
        "1999-03", "199X", "2022-01-XX", "../2000", "2021-10-20/.."};

    return dates[babel_draw(b, sizeof dates / sizeof dates[0])];
}

static void
save(struct babel *b, const char *kind, const char *const *fields)
{
    struct wb_error e = {0};

    if (room_add(b->v, &b->ids[b->count++], &e, kind, fields) != WB_OK)
        fail_msg("%s: %s", kind, e.message);
}

static void
save_next(struct babel *b)
{
    char text[BABEL_BYTES], more[BABEL_BYTES];
    char witness[WB_ID_TEXT_BYTES], incident[WB_ID_TEXT_BYTES];
    const char *const person[] = {"name", text, NULL};
    const char *const event[] = {"title", text, "date", draw_date(b), NULL};
    const char *const told[] = {"witness", witness, "incident", incident, "text", text,
        "text", more, "date", draw_date(b), NULL};

    draw_text(b, text);
    draw_text(b, more);
    if (b->count < BABEL_PEOPLE) {
        text[strcspn(text, "\n")] = '\0';
        save(b, "person", person);
    } else if (b->count < STATEMENTS_FROM) {
        text[strcspn(text, "\n")] = '\0';
        save(b, "incident", event);
    } else {
        wb_id_text(witness, &b->ids[babel_draw(b, BABEL_PEOPLE)]);
        wb_id_text(incident, &b->ids[BABEL_PEOPLE + babel_draw(b, BABEL_INCIDENTS)]);
        save(b, "statement", told);
    }
}

/* Every ninth statement says something else now, every eleventh is gone. */
static void
change_some(struct babel *b, size_t from)
{
    char text[BABEL_BYTES];
    struct wb_shredded done;
    struct wb_error e = {0};

    for (size_t i = from; i < b->count; i++) {
        if (i % 9 == 0) {
            draw_text(b, text);
            assert_int_equal(room_rewrite(b->v, &b->ids[i], text, &e), WB_OK);
        }
        if (i % 11 == 0)
            assert_int_equal(wb_shred(b->v, &b->ids[i], "asked to", &done, &e), WB_OK);
    }
}

void
babel_fill(struct babel *b, size_t count)
{
    size_t from = b->count;

    assert_true(count <= BABEL_RECORDS);
    while (b->count < count)
        save_next(b);
    change_some(b, from < STATEMENTS_FROM ? STATEMENTS_FROM : from);
}

/* ---- what is asked ---- */

/* How many bytes the first letters of a word take. */
static int
first_letters(const char *word, size_t letters)
{
    size_t at = 0;

    while (
        word[at] != '\0' && (((unsigned char)word[at] & 0xc0) == 0x80 || letters-- > 0))
        at++;
    return (int)at;
}

static size_t
draw_term(struct babel *b, char *out, size_t size)
{
    static const char *const fields[] = {
        "text:", "name:", "title:", "witness:", "incident:", "", "", "", "", ""};
    const char *field = fields[babel_draw(b, sizeof fields / sizeof fields[0])];
    const char *word = draw_word(b);

    switch (babel_draw(b, 4)) {
    case 0: /* behind each other by chance */
        return (size_t)snprintf(out, size, "%s\"%s %s\" ", field,
            spellings[babel_draw(b, COMMON)].a, spellings[babel_draw(b, COMMON)].b);
    case 1:
        return (size_t)snprintf(out, size, "%s%.*s* ", field,
            first_letters(word, 2 + babel_draw(b, 4)), word);
    default:
        return (size_t)snprintf(out, size, "%s%s ", field, word);
    }
}

void
babel_question(struct babel *b, char out[static BABEL_BYTES])
{
    size_t used = 0;

    for (size_t n = 1 + babel_draw(b, 2) + babel_draw(b, 2); n > 0; n--)
        used += draw_term(b, out + used, BABEL_BYTES - used);
}
