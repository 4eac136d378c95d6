/* tests/unit/test_names.c - names of members and of parts: the one way to write them.
 */
#include "cm.h"

#include <string.h>
#include <witnessbox/bundle.h>

#include "bundle/names.h"

#define HALF "0123456789abcdef0123456789abcdef"
#define FILES "bag/data/files/"
#define RECORDS "bag/data/records/"

static void
a_member_of_the_payload_has_one_name(void **state)
{
    static const struct {
        const char *name;
        enum wb_payload_kind kind;
        int part;
    } rows[] = {
        {FILES HALF HALF, WB_PAYLOAD_FILE, WB_PART_NONE},
        {FILES HALF HALF ".0000", WB_PAYLOAD_FILE, 0},
        {FILES HALF HALF ".0019", WB_PAYLOAD_FILE, 19},
        {FILES HALF HALF ".9999", WB_PAYLOAD_FILE, 9999},
        {RECORDS HALF ".json", WB_PAYLOAD_RECORD, WB_PART_NONE},
        {"bag/data/report.html", WB_PAYLOAD_PAGE, WB_PART_NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_payload p;
        char again[WB_USTAR_NAME_MAX + 1];

        assert_true(wb_payload_parse(&p, rows[i].name));
        assert_int_equal(p.kind, rows[i].kind);
        assert_int_equal(p.part, rows[i].part);
        wb_payload_name(again, &p);
        assert_string_equal(again, rows[i].name);
    }
}

static void
any_other_name_is_none(void **state)
{
    static const char *const rows[] = {"", "bag/", "bag/data/", "data/report.html",
        "bag/data/report.htm", "bag/data/report.html.gz", FILES, FILES HALF,
        FILES HALF HALF ".", FILES HALF HALF ".000", FILES HALF HALF ".00000",
        FILES HALF HALF ".99999", FILES HALF HALF ".001:", FILES HALF HALF ".00/1",
        FILES HALF HALF ".+001", FILES HALF HALF ".part", FILES HALF HALF HALF,
        FILES HALF ".0000", FILES HALF HALF ".0000.0000", FILES "../" HALF HALF,
        RECORDS HALF, RECORDS HALF ".", RECORDS HALF ".JSON", RECORDS HALF HALF ".json",
        RECORDS ".json", RECORDS HALF ".json.json", RECORDS HALF ".0000",
        RECORDS "0123456789ABCDEF0123456789abcdef.json"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_payload p = {.part = 77};

        if (wb_payload_parse(&p, rows[i]))
            fail_msg("%s", rows[i]);
        assert_int_equal(p.part, 77);
    }
}

static void
a_part_says_its_number_and_of_how_many(void **state)
{
    static const struct {
        const char *path;
        size_t stem;
        unsigned number, of;
    } rows[] = {{"b.01-of-01", 1, 1, 1}, {"/stick/b.age.03-of-12", 12, 3, 12},
        {"b.01-of-02.99-of-99", 10, 99, 99}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_part_name n;

        assert_true(wb_part_parse(&n, rows[i].path));
        assert_int_equal(n.stem, rows[i].stem);
        assert_int_equal(n.number, rows[i].number);
        assert_int_equal(n.of, rows[i].of);
    }
}

static void
what_is_not_named_so_is_no_part(void **state)
{
    static const char *const rows[] = {"", "b", ".01-of-02", "b-01-of-02", "b.00-of-02",
        "b.03-of-02", "b.01-of-00", "b.1-of-02", "b.01-of-2", "b.01_of_02",
        "b.01-OF-02", "b./1-of-02", "b.:1-of-02", "b.0/-of-02", "b.0:-of-02",
        "b.01-of-/2", "b.01-of-:2", "b.01-of-0/", "b.01-of-0:", "b.01-of-02 "};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_part_name n = {.of = 77};

        if (wb_part_parse(&n, rows[i]))
            fail_msg("%s", rows[i]);
        assert_int_equal(n.of, 77);
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_of_the_payload_has_one_name),
        cmocka_unit_test(any_other_name_is_none),
        cmocka_unit_test(a_part_says_its_number_and_of_how_many),
        cmocka_unit_test(what_is_not_named_so_is_no_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
