/* tests/unit/test_record.c - what a record answers: fields, values, titles, files. */
#include "cm.h"

#include <string.h>

#include "sample.h"

static void
fields_and_values_are_found_by_number_and_by_name(void **state)
{
    struct wb_record *r = sample_statement();
    struct wb_field_view f = {0};
    struct wb_value_view v = {0};

    (void)state;
    assert_true(wb_record_field(r, 2, &f));
    assert_int_equal(f.number, 3);
    assert_string_equal(f.name, "text");
    assert_true(f.repeats && !f.withheld && f.field->kind == WB_TEXT);
    assert_int_equal(f.count, 2);
    assert_true(wb_record_field(r, 0, &f));
    assert_int_equal(f.count, 0); /* absent */
    assert_true(wb_record_field(r, 43, &f));
    assert_false(wb_record_field(r, 44, &f));
    assert_true(wb_record_value(r, "text", 1, &v));
    assert_int_equal(v.state, WB_STATE_TEXT);
    assert_int_equal(v.size, strlen(v.text));
    assert_string_equal(
        v.text, "\xd0\x90\xd0\xb7\xd0\xb0\xd1\x82 said: \"I am hiding\"\n\\");
    assert_true(wb_record_value(r, "place", 0, &v));
    assert_int_equal(v.state, WB_STATE_UNKNOWN);
    assert_false(wb_record_value(r, "text", 2, &v));
    assert_false(wb_record_value(r, "incident", 0, &v));
    assert_false(wb_record_value(r, "origin", 0, &v));
    assert_string_equal(wb_record_text(r, "date"), "2021-10-20");
    assert_string_equal(wb_record_text(r, "place"), "");
    assert_ptr_equal(wb_record_place(r, 5), &r->places[5]);
    assert_null(wb_record_place(r, 45));
    wb_record_free(&r);
}

/* ---- titles ---- */

static void
assert_title(struct wb_draft *d, const char *title)
{
    struct wb_record *r = sample_record(d);

    assert_string_equal(wb_record_title(r), title);
    wb_record_free(&r);
}

static struct wb_draft *
with(struct wb_draft *d, const char *field, const char *text)
{
    sample_put(d, field, text);
    return d;
}

static void
a_person_is_titled_by_name_else_by_pseudonym(void **state)
{
    (void)state;
    assert_title(
        with(with(sample_draft("person"), "pseudonym", "W-3"), "name", "Azat Isakov"),
        "Azat Isakov");
    assert_title(with(sample_draft("person"), "pseudonym", "W-3"), "W-3");
    assert_title(sample_draft("person"), "");
}

static void
evidence_is_titled_by_file_name_else_by_description(void **state)
{
    (void)state;
    assert_title(with(with(sample_draft("evidence"), "about", SAMPLE_ID_B),
                     "description", "a photograph\nof the house"),
        "a photograph of the house");
    assert_title(with(with(with(sample_draft("evidence"), "about", SAMPLE_ID_B),
                          "description", "a photograph"),
                     "file-name", "1.jpg"),
        "1.jpg");
}

static void
a_statement_is_titled_by_at_most_60_columns_of_its_beginning(void **state)
{
    static const char ten[] = "0123456789";
    char text[64 * 3 + 1] = "";

    (void)state;
    for (int i = 0; i < 6; i++)
        strcat(text, ten);
    assert_title(with(sample_draft("statement"), "text", text), text);
    strcat(text, "\xcc\x81"); /* a combining accent takes no column */
    assert_title(with(sample_draft("statement"), "text", text), text);
    strcat(text, "x");
    text[sizeof text - 1] = '\0';
    assert_title(with(sample_draft("statement"), "text", text),
        "012345678901234567890123456789012345678901234567890123456789\xcc\x81");
    text[0] = '\0';
    for (int i = 0; i < 31; i++)
        strcat(text, "\xe4\xba\xba"); /* two columns each */
    {
        char half[30 * 3 + 1] = "";

        memcpy(half, text, sizeof half - 1);
        assert_title(with(sample_draft("statement"), "text", text), half);
    }
}

static void
an_attachment_is_described_by_its_fields(void **state)
{
    struct wb_record *r, *other = sample_statement();
    struct wb_draft *d = with(sample_draft("evidence"), "about", SAMPLE_ID_B);
    struct wb_file_view view = {.size = 7};

    (void)state;
    assert_false(wb_record_file(other, &view));
    wb_record_free(&other);
    other = sample_record(with(sample_draft("evidence"), "about", SAMPLE_ID_B));
    assert_false(wb_record_file(other, &view)); /* an object without a file */
    assert_int_equal(view.size, 7);
    with(with(with(d, "file-name", "1.jpg"), "size", "123456789012345678"),
        "media-type", "image/jpeg");
    r = sample_record(with(d, "sha256",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
    assert_true(wb_record_file(r, &view));
    assert_string_equal(view.name, "1.jpg");
    assert_string_equal(view.type, "image/jpeg");
    assert_true(view.size == UINT64_C(123456789012345678));
    assert_false(view.stored);
    r->private_part = (const uint8_t *)"x";
    r->private_size = 1;
    assert_true(wb_record_file(r, &view) && view.stored);
    wb_record_free(&r);
    wb_record_free(&other);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_and_values_are_found_by_number_and_by_name),
        cmocka_unit_test(a_person_is_titled_by_name_else_by_pseudonym),
        cmocka_unit_test(evidence_is_titled_by_file_name_else_by_description),
        cmocka_unit_test(a_statement_is_titled_by_at_most_60_columns_of_its_beginning),
        cmocka_unit_test(an_attachment_is_described_by_its_fields),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
