/* tests/unit/test_gaps.c - what a court would miss: advice by rules. */
#include "cm.h"

#include <stdlib.h>
#include <string.h>

#include "room.h"

enum { GAPS_MAX = 128, KEY_BYTES = 160, RULES = 62 };

struct fixture {
    struct room room;
    struct wb_vault *v;
    char incident[WB_ID_TEXT_BYTES], person[WB_ID_TEXT_BYTES];
};

static void
make(struct fixture *f, char id_text[static WB_ID_TEXT_BYTES], const char *kind,
    const char *const *fields)
{
    struct wb_error e = {0};
    struct wb_id id;

    if (room_add(f->v, &id, &e, kind, fields) != WB_OK)
        fail_msg("%s: %s", kind, e.message);
    wb_id_text(id_text, &id);
}

static int
set_up(void **state)
{
    static const char *const incident[] = {"title", "Abduction", NULL};
    static const char *const person[] = {"name", "Chemen Ore", NULL};
    struct fixture *f = calloc(1, sizeof *f);

    room_quick_keys();
    room_make(&f->room);
    room_vault(&f->room);
    f->v = room_open(f->room.vault);
    make(f, f->incident, "incident", incident);
    make(f, f->person, "person", person);
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    wb_vault_close(&f->v);
    room_sweep(&f->room);
    free(f);
    return 0;
}

/* Gaps as "kind: why", in their order. */
struct told {
    char said[GAPS_MAX][KEY_BYTES];
    size_t count;
    size_t most; /* 0: all */
};

static bool
take(void *cookie, const struct wb_gap *gap)
{
    struct told *t = cookie;

    assert_true(t->count < GAPS_MAX);
    assert_true((gap->fields[0] != '\0') != (gap->record[0] != '\0'));
    assert_true(gap->source[0] != '\0');
    room_text(t->said[t->count++], KEY_BYTES, "%s: %s%s: %s", gap->kind, gap->fields,
        gap->record, gap->why);
    return t->count != t->most;
}

/* Lives until the next call. */
static const struct told *
gaps_of(struct fixture *f, const char *id_text)
{
    static struct told t;
    struct wb_error e = {0};
    uint64_t damaged = 7;
    struct wb_id id;

    t = (struct told){0};
    assert_true(wb_id_parse(&id, id_text, strlen(id_text)));
    if (wb_gaps(f->v, &id, take, &t, &damaged, &e) != WB_OK)
        fail_msg("%s", e.message);
    assert_int_equal(damaged, 0);
    return &t;
}

static bool
lacks(const struct told *t, const char *beginning)
{
    for (size_t i = 0; i < t->count; i++)
        if (strncmp(t->said[i], beginning, strlen(beginning)) == 0)
            return true;
    return false;
}

#define WHOLE_STATEMENT                                                                \
    "text", "I saw it.", "date", "2026-04-02", "time-start", "14:00 +05", "time-end",  \
        "16:10 +05", "place", "Osh", "interviewer", "Asel", "present", "nobody",       \
        "signed", "ink", "signed-date", "2026-04-02", "signed-others",                 \
        "Asel, by hand", "declaration", "It is true.", "declaration-language", "uz",   \
        "spoken-language", "uz", "language", "uz", "channel", "in person", "basis",    \
        "saw", "read-back", "to-witness", "read-back-how", "by Asel, in Uzbek",        \
        "corrections", "none", "explained", "purpose and risks", "identity-check",     \
        "passport seen", "earlier-accounts", "none", "referral", "a doctor"

static void
agree(struct fixture *f, const char *about)
{
    const char *const fields[] = {
        "about", about, "purpose", "partner", "decision", "yes", NULL};
    char id[WB_ID_TEXT_BYTES];

    make(f, id, "consent", fields);
}

static void
a_bare_statement_lacks_nearly_everything(void **state)
{
    static const char *const fields[] = {"text", "I saw it.", NULL};
    struct fixture *f = *state;
    char id[WB_ID_TEXT_BYTES];
    const struct told *t;

    make(f, id, "statement", fields);
    t = gaps_of(f, id);
    assert_int_equal(t->count, 20);
    assert_string_equal(t->said[0], "statement: witness: who was heard");
    assert_true(lacks(t, "statement: how-taken channel: "));
    assert_true(lacks(t, "statement: consent: what the witness agreed to"));
    assert_false(lacks(t, "statement: signed-date")); /* it is not signed at all */
    assert_false(lacks(t, "statement: undertaking"));
}

static void
a_whole_statement_lacks_nothing(void **state)
{
    struct fixture *f = *state;
    const char *const fields[] = {"witness", f->person, WHOLE_STATEMENT, NULL};
    char id[WB_ID_TEXT_BYTES];
    const struct told *t;

    make(f, id, "statement", fields);
    agree(f, id);
    t = gaps_of(f, id);
    if (t->count != 0)
        fail_msg("%s", t->said[0]);
}

static void
what_was_refused_is_said_and_what_was_not_asked_is_not(void **state)
{
    struct fixture *f = *state;
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    char id[WB_ID_TEXT_BYTES];
    const struct told *t;

    assert_int_equal(wb_draft_new(&d, "statement", NULL), WB_OK);
    assert_int_equal(wb_draft_add(d, "text", WB_STATE_TEXT, "x", 1, NULL), WB_OK);
    assert_int_equal(
        wb_draft_add(d, "witness", WB_STATE_REFUSED, NULL, 0, NULL), WB_OK);
    assert_int_equal(wb_draft_add(d, "date", WB_STATE_UNKNOWN, NULL, 0, NULL), WB_OK);
    assert_int_equal(
        wb_draft_add(d, "place", WB_STATE_NOT_ASKED, NULL, 0, NULL), WB_OK);
    assert_int_equal(wb_change_begin(&c, f->v, NULL), WB_OK);
    assert_int_equal(wb_change_add(c, d, &saved, NULL), WB_OK);
    assert_int_equal(wb_change_commit(&c, NULL), WB_OK);
    wb_draft_free(&d);
    wb_id_text(id, &saved.id);
    t = gaps_of(f, id);
    assert_false(lacks(t, "statement: witness"));
    assert_false(lacks(t, "statement: date"));
    assert_true(lacks(t, "statement: place"));
}

static void
custody_and_translations_are_looked_at_with_it(void **state)
{
    struct fixture *f = *state;
    const char *const evidence[] = {"about", f->incident, "type", "object", NULL};
    char id[WB_ID_TEXT_BYTES], part[WB_ID_TEXT_BYTES];
    const char *const transfer[] = {
        "about", id, "type", "transfer", "when", "2026-04", NULL};
    const struct told *t;

    make(f, id, "evidence", evidence);
    t = gaps_of(f, id);
    assert_true(lacks(t, "evidence: custody: who held it"));
    assert_true(lacks(t, "evidence: container: "));
    assert_false(lacks(t, "custody: "));
    make(f, part, "custody", transfer);
    t = gaps_of(f, id);
    assert_false(lacks(t, "evidence: custody: who held it"));
    assert_true(lacks(t, "custody: received-by: "));
    assert_false(lacks(t, "custody: when when-words: "));
}

static void
other_kinds_are_refused_and_told_which(void **state)
{
    struct fixture *f = *state;
    static struct told t;
    struct wb_error e = {0};
    uint64_t damaged;
    struct wb_id id;

    assert_true(wb_id_parse(&id, f->incident, strlen(f->incident)));
    assert_int_equal(wb_gaps(f->v, &id, take, &t, &damaged, &e), WB_ERR_USAGE);
    assert_string_equal(e.message,
        "nothing is known of what a court misses in records of kind incident; ask for "
        "a statement, evidence, custody or derivative");
    assert_int_equal(t.count, 0);
}

static void
it_stops_when_told(void **state)
{
    static const char *const fields[] = {"text", "I saw it.", NULL};
    struct fixture *f = *state;
    char text[WB_ID_TEXT_BYTES];
    static struct told t = {.most = 3};
    uint64_t damaged;
    struct wb_id id;

    make(f, text, "statement", fields);
    assert_true(wb_id_parse(&id, text, strlen(text)));
    assert_int_equal(wb_gaps(f->v, &id, take, &t, &damaged, NULL), WB_OK);
    assert_int_equal(t.count, 3);
}

/* ---- each rule speaks for some record, and is silent for a whole one ---- */

#define ABOUT "about", f->incident
#define PARENT "parent", f->incident

static void
each_rule_speaks_of_some_record(void **state)
{
    struct fixture *f = *state;
    const struct {
        const char *kind;
        const char *fields[10];
    } bare[] = {
        {"statement", {"text", "x"}},
        {"statement", {"text", "x", "signed", "none", "declaration", "true"}},
        {"statement",
            {"text", "x", "signed", "mark", "read-back", "by-witness", "interpreter",
                "Nodira"}},
        {"evidence", {ABOUT}},
        {"evidence", {ABOUT, "original", "derivative", "shown", f->person}},
        {"evidence", {ABOUT, "type", "object"}},
        {"custody", {ABOUT, "type", "transfer"}},
        {"custody", {ABOUT, "type", "fixity-check"}},
        {"derivative", {PARENT, "type", "translation"}},
        {"derivative", {PARENT, "type", "redaction"}},
    };
    static struct told all;

    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
        char id[WB_ID_TEXT_BYTES];
        const struct told *t;

        make(f, id, bare[i].kind, bare[i].fields);
        t = gaps_of(f, id);
        for (size_t n = 0; n < t->count; n++)
            if (!lacks(&all, t->said[n]))
                memcpy(all.said[all.count++], t->said[n], KEY_BYTES);
    }
    assert_int_equal(all.count, RULES);
}

static void
whole_records_of_every_kind_lack_nothing(void **state)
{
    static const char root[] =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    struct fixture *f = *state;
    char id[WB_ID_TEXT_BYTES], part[WB_ID_TEXT_BYTES];
    const char *const statement[] = {"witness", f->person, "interpreter", "Nodira",
        "undertaking", "I swear", "not-signed", "-", WHOLE_STATEMENT, NULL};
    const char *const translation[] = {"parent", id, "type", "translation", "by",
        "Nodira", "date", "2026-05", "parent-root", root, "certificate", "It is exact.",
        "certificate-date", "2026-05", "language-from", "uz", "language-to", "en",
        NULL};
    const char *const redaction[] = {"parent", id, "type", "redaction", "by", "Asel",
        "date", "2026-05", "parent-root", root, "removed", "paragraph 2: a name",
        "approved-by", "Meret", NULL};
    const char *const evidence[] = {ABOUT, "description", "A shoe", "storage", "safe",
        "original", "derivative", "parent", part, "operation", "cleaned", "from",
        f->person, "obtained", "2026-04", "obtained-where", "the yard", "obtained-how",
        "by hand", "authority", "the owner", "date-words", "that winter",
        "place-coordinates", "geo:40.5,72.8;u=50", "device", "none", "type", "object",
        "container", "bag 3", "seal", "17", "condition", "dry", "shown", f->person,
        NULL};
    const char *const transfer[] = {"about", id, "type", "transfer", "when-words",
        "at noon", "where", "Osh", "released-by", "Asel", "purpose", "keeping",
        "received-by", "Meret", "condition-after", "as before", NULL};
    const char *const check[] = {"about", id, "type", "fixity-check", "when", "2026-05",
        "where", "Osh", "by", "Asel", "purpose", "yearly", "hash-verified", "same",
        NULL};
    const struct told *t;

    make(f, id, "statement", statement);
    make(f, part, "derivative", translation);
    make(f, part, "derivative", redaction);
    agree(f, id);
    t = gaps_of(f, id);
    if (t->count != 0)
        fail_msg("%s", t->said[0]);
    make(f, part, "evidence", (const char *const[]){ABOUT, NULL});
    make(f, id, "evidence", evidence);
    make(f, part, "custody", transfer);
    make(f, part, "custody", check);
    agree(f, id);
    t = gaps_of(f, id);
    if (t->count != 0)
        fail_msg("%s", t->said[0]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bare_statement_lacks_nearly_everything),
        cmocka_unit_test(a_whole_statement_lacks_nothing),
        cmocka_unit_test(what_was_refused_is_said_and_what_was_not_asked_is_not),
        cmocka_unit_test(custody_and_translations_are_looked_at_with_it),
        cmocka_unit_test(other_kinds_are_refused_and_told_which),
        cmocka_unit_test(it_stops_when_told),
        cmocka_unit_test(each_rule_speaks_of_some_record),
        cmocka_unit_test(whole_records_of_every_kind_lack_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
