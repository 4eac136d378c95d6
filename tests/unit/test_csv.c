/* tests/unit/test_csv.c - comma-separated values that a spreadsheet does not obey. */
#include "cm.h"

#include <string.h>

#include "formats/csv.h"

static void
assert_row(const char *const *cells, const char *expected)
{
    struct wb_buf out;

    wb_buf_init(&out, 4096);
    for (size_t i = 0; cells[i] != NULL; i++)
        wb_csv_cell(&out, i == 0, cells[i], strlen(cells[i]));
    wb_csv_end(&out);
    assert_int_equal(wb_buf_check(&out, NULL), WB_OK);
    assert_string_equal(wb_buf_text(&out), expected);
    wb_buf_wipe(&out);
}

static void
plain_cells_stand_as_they_are(void **state)
{
    static const char *const cells[] = {"a", "", "\xd0\x90 b", NULL};

    (void)state;
    assert_row(cells, "a,,\xd0\x90 b\r\n");
}

static void
quotes_commas_line_ends_and_outer_spaces_are_quoted(void **state)
{
    static const char *const cells[] = {
        "a,b", "say \"no\"", "two\nlines", "cr\r", " before", "after ", "\"", NULL};

    (void)state;
    assert_row(cells,
        "\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\"cr\r\",\" before\",\"after "
        "\",\"\"\"\"\r\n");
}

static void
what_a_spreadsheet_would_compute_gets_an_apostrophe(void **state)
{
    static const char *const cells[] = {
        "=1+1", "+7 900", "-1985", "@x", "\tx", "\rx", "=a,b", "a=b", "'=", NULL};

    (void)state;
    assert_row(cells, "'=1+1,'+7 900,'-1985,'@x,'\tx,\"'\rx\",\"'=a,b\",a=b,'=\r\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_cells_stand_as_they_are),
        cmocka_unit_test(quotes_commas_line_ends_and_outer_spaces_are_quoted),
        cmocka_unit_test(what_a_spreadsheet_would_compute_gets_an_apostrophe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
