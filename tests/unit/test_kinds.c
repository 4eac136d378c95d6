/* tests/unit/test_kinds.c - the table of kinds holds together and holds the founding
 * case. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "sample.h"

static bool
is_name(const char *name)
{
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return size > 0 && size <= WB_KIND_NAME_MAX && name[size] == '\0';
}

static void
check_one_field(const struct wb_kind *k, const struct wb_field *f, unsigned before)
{
    assert_true(f->number > before);
    assert_true(is_name(f->name));
    assert_ptr_equal(wb_field_find(k, f->name), f);
    assert_true(f->help[0] != '\0' && strlen(f->help) <= 72);
    assert_true(f->label[0] >= 'A' && strlen(f->label) <= 28);
    assert_true(f->esf[0] == '\0' || strspn(f->esf, "0123456789") == 4);
    assert_int_equal(f->kind == WB_CODE || f->kind == WB_TERM, f->list[0] != '\0');
    if (f->kind == WB_CODE)
        assert_non_null(wb_code_at(f->list, 0));
    if (f->target[0] != '\0')
        assert_non_null(wb_kind_find(f->target));
    if (f->kind != WB_REF) {
        assert_string_equal(f->target, "");
        assert_int_equal(f->flags & (WB_PART_OF | WB_NEEDS | WB_SUBJECT), 0);
    }
    if ((f->flags & WB_SUBJECT) != 0) {
        assert_string_equal(f->target, "person");
        assert_int_equal(k->gate, WB_GATE_CONSENT);
    }
    if ((f->flags & WB_KEPT) != 0)
        assert_int_equal(f->flags & WB_REQUIRED, 0);
    assert_false((f->flags & WB_PART_OF) != 0 && (f->flags & WB_NEEDS) != 0);
}

/* What leaves as something else does says what that is. */
static void
check_gate(const struct wb_kind *k)
{
    unsigned parents = 0;

    for (size_t i = 0; i < k->count; i++)
        parents += (k->fields[i].flags & WB_PART_OF) != 0;
    if (k->gate == WB_GATE_PARENT)
        assert_int_equal(parents, 1);
    if ((k->flags & WB_PRIVATE) != 0) {
        assert_int_equal(k->gate, WB_GATE_NONE);
        assert_int_equal(parents, 0);
    }
}

static void
every_row_of_the_table_makes_sense(void **state)
{
    size_t fields = 0;

    (void)state;
    assert_null(wb_kind_at(wb_kind_count()));
    for (size_t i = 0; i < wb_kind_count(); i++) {
        const struct wb_kind *k = wb_kind_at(i);
        unsigned before = WB_FIELD_ORIGIN;

        assert_true(is_name(k->name));
        assert_ptr_equal(wb_kind_find(k->name), k);
        assert_non_null(wb_field_find(k, k->title));
        assert_int_equal(k->schema, 1);
        check_gate(k);
        for (size_t j = 0; j < k->count; j++, fields++) {
            check_one_field(k, &k->fields[j], before);
            before = k->fields[j].number;
        }
    }
    assert_int_equal(wb_kind_count(), 19);
    assert_true(fields > 350);
    assert_null(wb_kind_find("Statement"));
    assert_null(wb_field_find(wb_kind_find("statement"), "origin"));
}

/* Names that programs and bundles rely on (DESIGN.md section 8). */
static void
the_promised_field_names_are_there(void **state)
{
    static const char *const promised[][8] = {
        {"incident", "title", "description", "date", "date-end", "date-words", "place"},
        {"person", "name", "other-names", "pseudonym"},
        {"statement", "incident", "witness", "text", "language", "date"},
        {"evidence", "about", "file-name", "sha256", "size"},
        {"act", "incident", "victim", "type", "date"},
        {"involvement", "act", "perpetrator", "degree"},
        {"source", "title", "date", "language"},
        {"custody", "about", "type", "when", "where", "released-by", "received-by"},
        {"derivative", "parent", "type", "by", "certificate", "language-to"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++)
        for (size_t j = 1; j < 8 && promised[i][j] != NULL; j++)
            assert_non_null(
                wb_field_find(wb_kind_find(promised[i][0]), promised[i][j]));
}

/* What the export follows, and whose consent decides. */
static void
references_say_how_they_are_followed(void **state)
{
    static const struct {
        const char *kind, *field;
        unsigned flags;
    } rows[] = {
        {"act", "incident", WB_PART_OF},
        {"statement", "incident", WB_PART_OF},
        {"source", "incident", WB_PART_OF},
        {"intervention", "incident", WB_PART_OF},
        {"involvement", "act", WB_PART_OF},
        {"evidence", "about", WB_PART_OF},
        {"consent", "about", WB_PART_OF},
        {"custody", "about", WB_PART_OF},
        {"custody", "consent", WB_NEEDS},
        {"derivative", "parent", WB_PART_OF},
        {"act", "victim", WB_NEEDS},
        {"involvement", "perpetrator", WB_NEEDS},
        {"statement", "witness", WB_NEEDS | WB_SUBJECT},
        {"evidence", "shown", WB_NEEDS | WB_SUBJECT},
        {"evidence", "from", WB_NEEDS | WB_SUBJECT},
        {"source", "person", WB_NEEDS},
        {"relation", "from", WB_PART_OF},
        {"relation", "to", WB_NEEDS},
        {"judgment", "about", WB_PART_OF},
        {"note", "about", 0},
        {"intervention", "party", WB_NEEDS},
        {"intervention", "victim", WB_NEEDS},
        {"statement", "source", WB_NEEDS},
        {"incident", "source", WB_NEEDS},
        {"incident", "related-incident", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct wb_field *f =
            wb_field_find(wb_kind_find(rows[i].kind), rows[i].field);

        assert_int_equal(f->kind, WB_REF);
        assert_int_equal(
            f->flags & (WB_PART_OF | WB_NEEDS | WB_SUBJECT), rows[i].flags);
    }
    assert_true(wb_field_find(wb_kind_find("person"), "name")->flags & WB_IDENTIFIES);
    assert_false(
        wb_field_find(wb_kind_find("person"), "pseudonym")->flags & WB_IDENTIFIES);
}

static void
every_kind_has_the_gate_that_consent_asks_for(void **state)
{
    static const struct {
        const char *kind;
        enum wb_gate_rule gate;
        unsigned flags;
    } rows[] = {
        {"incident", WB_GATE_NONE, WB_BY_HAND},
        {"person", WB_GATE_IDENTITY, WB_BY_HAND},
        {"act", WB_GATE_NONE, WB_BY_HAND},
        {"involvement", WB_GATE_NONE, WB_BY_HAND},
        {"statement", WB_GATE_CONSENT, WB_BY_HAND},
        {"source", WB_GATE_NONE, WB_BY_HAND},
        {"evidence", WB_GATE_CONSENT, WB_BY_HAND},
        {"intervention", WB_GATE_NONE, WB_BY_HAND},
        {"relation", WB_GATE_PARENT, WB_BY_HAND},
        {"judgment", WB_GATE_PARENT, WB_BY_HAND},
        {"consent", WB_GATE_PARENT, WB_BY_HAND},
        {"custody", WB_GATE_PARENT, WB_BY_HAND},
        {"derivative", WB_GATE_PARENT, WB_BY_HAND},
        {"note", WB_GATE_NONE, WB_BY_HAND | WB_PRIVATE},
        {"contact", WB_GATE_NONE, WB_PRIVATE},
        {"identity", WB_GATE_NONE, WB_PRIVATE},
        {"handoff", WB_GATE_NONE, WB_PRIVATE},
        {"receipt", WB_GATE_NONE, 0},
        {"notice", WB_GATE_NONE, 0},
    };
    size_t count = sizeof rows / sizeof *rows;

    (void)state;
    assert_int_equal(count, wb_kind_count());
    for (size_t i = 0; i < count; i++) {
        const struct wb_kind *k = wb_kind_find(rows[i].kind);

        assert_int_equal(k->gate, rows[i].gate);
        assert_int_equal(k->flags, rows[i].flags);
    }
}

/* How to reach a witness safely is for whoever opens this vault. */
static void
what_must_never_leave_is_marked_so(void **state)
{
    unsigned kept = 0;

    (void)state;
    for (size_t i = 0; i < wb_kind_count(); i++)
        for (size_t j = 0; j < wb_kind_at(i)->count; j++)
            kept += (wb_kind_at(i)->fields[j].flags & WB_KEPT) != 0;
    assert_int_equal(kept, 1);
    assert_true(wb_field_find(wb_kind_find("person"), "safe-contact")->flags & WB_KEPT);
}

static bool
is_number(const char *number)
{
    size_t thesaurus = strspn(number, "0123456789");
    size_t digits =
        strspn(number + thesaurus + (number[thesaurus] == ':'), "0123456789");

    return number[0] == '\0' ||
        (thesaurus == 2 && number[2] == ':' && digits >= 2 && digits % 2 == 0 &&
            number[3 + digits] == '\0');
}

/* One walk over every list that a field names. */
static void
every_word_is_told_once_and_in_plain_words(void **state)
{
    size_t words = 0;

    (void)state;
    for (size_t i = 0; i < wb_kind_count(); i++)
        for (size_t j = 0; j < wb_kind_at(i)->count; j++) {
            const char *list = wb_kind_at(i)->fields[j].list;
            const struct wb_code *a, *b;

            for (size_t n = 0; (a = wb_code_at(list, n)) != NULL; n++, words++) {
                assert_true(is_name(a->word));
                assert_true(is_number(a->number));
                assert_true(a->meaning[0] >= 'A');
                for (size_t m = 0; m < n && (b = wb_code_at(list, m)) != NULL; m++)
                    assert_string_not_equal(a->word, b->word);
            }
        }
    assert_true(words > 700); /* a list of two fields counts twice */
}

static void
lists_end_and_name_their_meanings(void **state)
{
    size_t count = 0;

    (void)state;
    while (wb_code_at("purpose", count) != NULL)
        count++;
    assert_int_equal(count, 9);
    assert_string_equal(wb_code_at("level", 1)->word, "pseudonym");
    assert_string_equal(wb_code_at("level", 1)->meaning, "With the pseudonym");
    assert_string_equal(wb_code_at("reliability", 0)->number, "42:01");
    assert_null(wb_code_at("level", 3));
    assert_null(wb_code_at("no such list", 0));
    assert_null(wb_code_at("", 0));
}

/* The founding case (cases/transfers.md), fact by fact, in the project's own words. A
 * row without a kind goes on with the record before. References stand for any id. */
static const struct {
    const char *kind, *field, *text;
} founding[] = {
    {"person", "name", "Azat Isakov"},
    {NULL, "other-names", "Азат Исаков"},
    {NULL, "nationality", "Turkmenistan"},
    {NULL, "residence", "Russia"},
    {NULL, "occupation", "activist"},
    {NULL, "status", "missing, not heard from since"},
    {"person", "name", "MNB, Turkmen security service"},
    {NULL, "counting-unit", "unit"},
    {"person", "name", "Saiburhon Sharifov"},
    {NULL, "occupation", "lawyer of Izzat Amon"},
    {"person", "name", "Syinat Sultanalieva"},
    {NULL, "affiliation", "Human Rights Watch"},
    {"incident", "title", "Azat Isakov taken from his home in Russia"},
    {NULL, "date", "2021-10-20"},
    {NULL, "place", "Russia"},
    {NULL, "place-exact", "his home, no town given"},
    {NULL, "risk", "Human Rights Watch: dire risk of torture"},
    {NULL, "related-incident", SAMPLE_ID_A},
    {NULL, "related-incident", SAMPLE_ID_B},
    {"act", "incident", SAMPLE_ID_A},
    {NULL, "type", "enforced disappearance"},
    {NULL, "victim", SAMPLE_ID_B},
    {NULL, "date", "2021-03"},
    {NULL, "place", "Moscow"},
    {NULL, "place-end", "Tajikistan"},
    {"act", "incident", SAMPLE_ID_A},
    {NULL, "type", "sentenced to nine years in prison"},
    {NULL, "stated-reason", "fraud charges"},
    {NULL, "date-words", "said by his lawyer last month"},
    {NULL, "status", "likely"},
    {NULL, "official-position", "Tajikistan has not confirmed the arrest"},
    {"act", "incident", SAMPLE_ID_A},
    {NULL, "type", "forcible transfer"},
    {NULL, "date", "2019"},
    {NULL, "date-words", "allowed to return two weeks later"},
    {NULL, "place-end", "Tajikistan"},
    {NULL, "status-end", "allowed home to the Netherlands amid criticism"},
    {"involvement", "act", SAMPLE_ID_A},
    {NULL, "perpetrator", SAMPLE_ID_B},
    {NULL, "degree", "carried out"},
    {NULL, "degree-code", "carried-out"},
    {NULL, "status", "alleged"},
    {"involvement", "act", SAMPLE_ID_A},
    {NULL, "perpetrator", SAMPLE_ID_B},
    {NULL, "degree-code", "assisted"},
    {"statement", "incident", SAMPLE_ID_A},
    {NULL, "witness", SAMPLE_ID_B},
    {NULL, "text", "Police are here. I am hiding."},
    {NULL, "channel", "Telegram message to a colleague"},
    {NULL, "type", "message"},
    {NULL, "connection", "victim"},
    {NULL, "source", SAMPLE_ID_A},
    {NULL, "reliability", "likely-reliable"},
    {"source", "title", "Freedom for Eurasia on Azat Isakov"},
    {NULL, "based-on", SAMPLE_ID_B},
    {NULL, "date-words", "a Sunday"},
    {NULL, "connection", "human-rights"},
    {"source", "title", "Agency report on transfers from Russia"},
    {NULL, "incident", SAMPLE_ID_A},
    {NULL, "incident", SAMPLE_ID_B},
    {NULL, "type", "news"},
    {NULL, "publisher", "AFP"},
    {NULL, "language", "en"},
    {NULL, "date", "2021-11-22~"},
    {NULL, "connection", "reporter"},
    {NULL, "reliability", "likely-reliable"},
    {NULL, "source-reliability", "highly-reliable"},
    {NULL, "based-on", SAMPLE_ID_A},
    {NULL, "based-on", SAMPLE_ID_B},
    {"intervention", "incident", SAMPLE_ID_A},
    {NULL, "party", SAMPLE_ID_B},
    {NULL, "type", "appeal"},
    {NULL, "requested", "European Union"},
    {NULL, "description", "Press for the release of all political prisoners"},
    {NULL, "date-words", "a Sunday, before the meeting"},
    {NULL, "response", "Human rights not mentioned in public at first"},
};

static void
assert_holds(const struct wb_record *r, const char *field, const char *text)
{
    struct wb_value_view v;
    bool found = false;

    for (size_t i = 0; wb_record_value(r, field, i, &v); i++)
        found = found || strcmp(v.text, text) == 0;
    if (!found)
        fail_msg("%s: %s", field, text);
}

static void
everything_in_the_founding_case_can_be_recorded(void **state)
{
    size_t rows = sizeof founding / sizeof *founding, first = 0, records = 0;

    (void)state;
    while (first < rows) {
        struct wb_draft *d = sample_draft(founding[first].kind);
        struct wb_record *r, *again = NULL;
        struct wb_buf bytes;
        size_t end = first;

        do
            sample_put(d, founding[end].field, founding[end].text);
        while (++end < rows && founding[end].kind == NULL);
        r = sample_record(d);
        wb_buf_init(&bytes, WB_RECORD_BYTES_MAX);
        wb_record_encode(&bytes, r);
        assert_int_equal(wb_record_decode(&again, bytes.data, bytes.size, NULL), WB_OK);
        for (; first < end; first++)
            assert_holds(again, founding[first].field, founding[first].text);
        assert_memory_equal(again->root, r->root, WB_ROOT_BYTES);
        assert_true(wb_record_title(again)[0] != '\0');
        wb_buf_wipe(&bytes);
        wb_record_free(&r);
        wb_record_free(&again);
        records++;
    }
    assert_int_equal(records, 14);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_table_makes_sense),
        cmocka_unit_test(the_promised_field_names_are_there),
        cmocka_unit_test(references_say_how_they_are_followed),
        cmocka_unit_test(every_kind_has_the_gate_that_consent_asks_for),
        cmocka_unit_test(what_must_never_leave_is_marked_so),
        cmocka_unit_test(every_word_is_told_once_and_in_plain_words),
        cmocka_unit_test(lists_end_and_name_their_meanings),
        cmocka_unit_test(everything_in_the_founding_case_can_be_recorded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
