/* tests/unit/test_bagit.c - manifests, bag-info and Payload-Oxum, read strictly. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "formats/bagit.h"

#define HASH "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void
make_hash(uint8_t hash[static WB_HASH_BYTES])
{
    for (uint8_t i = 0; i < WB_HASH_BYTES; i++)
        hash[i] = i;
}

static void
the_declaration_is_that_of_rfc_8493(void **state)
{
    (void)state;
    assert_int_equal(sizeof WB_BAGIT_DECLARATION - 1, 54);
    assert_string_equal(WB_BAGIT_DECLARATION,
        "BagIt-Version: 1.0\n"
        "Tag-File-Character-Encoding: UTF-8\n");
}

static void
a_manifest_line_is_hash_two_spaces_path(void **state)
{
    uint8_t hash[WB_HASH_BYTES];
    struct wb_buf b;

    (void)state;
    make_hash(hash);
    wb_buf_init(&b, 1000);
    wb_bagit_manifest_put(&b, hash, "data/files/a");
    assert_string_equal(wb_buf_text(&b), HASH "  data/files/a\n");
    wb_buf_wipe(&b);
}

/* Feeds `size` bytes in pieces of `piece`; the lines read are written to `out`. */
static enum wb_status
read_manifest(
    struct wb_buf *out, const char *text, size_t size, size_t piece, struct wb_error *e)
{
    struct wb_bagit_manifest m;
    struct wb_cursor in;
    bool complete;
    enum wb_status st;

    wb_bagit_manifest_init(&m);
    assert_string_equal(wb_bagit_manifest_path(&m), "");
    for (size_t at = 0; at < size; at += piece) {
        wb_cursor_init(&in, text + at, size - at < piece ? size - at : piece);
        do {
            if ((st = wb_bagit_manifest_next(&m, &complete, &in, e)) != WB_OK)
                return st;
            if (complete) {
                wb_bagit_manifest_put(out, m.hash, wb_bagit_manifest_path(&m));
                assert_memory_equal(m.name, "bag/", 4);
            }
        } while (complete);
        assert_int_equal(in.left, 0);
    }
    return wb_bagit_manifest_end(&m, e);
}

static void
a_manifest_reads_the_same_however_it_is_cut(void **state)
{
    static const char text[] =
        HASH "  bag-info.txt\n" HASH "  bagit.txt\n" HASH "  data/files/0\n" HASH
             "  data/files/" HASH ".0001\n" HASH "  data/records/0.json\n";
    size_t cuts = 0;
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, 4096);
    for (size_t piece = 1; piece <= sizeof text; piece++, cuts++) {
        struct wb_error e = {0};

        wb_buf_clear(&b);
        assert_int_equal(read_manifest(&b, text, sizeof text - 1, piece, &e), WB_OK);
        assert_string_equal(wb_buf_text(&b), text);
    }
    assert_true(cuts > 400);
    wb_buf_wipe(&b);
}

static void
an_empty_manifest_has_no_lines(void **state)
{
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, 10);
    assert_int_equal(read_manifest(&b, "", 0, 1, NULL), WB_OK);
    assert_int_equal(b.size, 0);
}

#define TEN "aaaaaaaaaa"
#define FIFTY TEN TEN TEN TEN TEN

static const struct {
    const char *text, *message;
} bad_manifests[] = {
    /* clang-format off */
    {HASH "  a", "line 1: ends without a line feed"},
    {HASH "  a\n" HASH "  b", "line 2: ends without a line feed"},
    {"\n", "line 1: hash: 64 lower-case hexadecimal digits expected"},
    {HASH "  a\n\n", "line 2: hash: 64 lower-case hexadecimal digits expected"},
    {"# comment\n", "line 1: hash: 64 lower-case hexadecimal digits expected"},
    {"\xef\xbb\xbf" HASH "  a\n", "line 1: hash: 64 lower-case hexadecimal digits expected"},
    {"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F  a\n",
        "line 1: hash: 64 lower-case hexadecimal digits expected"},
    {"da39a3ee5e6b4b0d3255bfef95601890afd80709  a\n",
        "line 1: hash: 64 lower-case hexadecimal digits expected"},
    {HASH "\n", "line 1: two spaces expected after the hash"},
    {HASH " \n", "line 1: two spaces expected after the hash"},
    {HASH " a\n", "line 1: two spaces expected after the hash"},
    {HASH " *a\n", "line 1: two spaces expected after the hash"},
    {HASH "\t\ta\n", "line 1: two spaces expected after the hash"},
    {HASH "00  a\n", "line 1: two spaces expected after the hash"},
    {HASH "  \n", "line 1: name: not under bag/"},
    {HASH "   a\n", "line 1: name: position 5: a component must begin with a lower-case letter or digit"},
    {HASH "  a\r\n", "line 1: name: position 6: only a-z 0-9 . _ - are allowed"},
    {HASH "  a \n", "line 1: name: position 6: only a-z 0-9 . _ - are allowed"},
    {HASH "  ./a\n", "line 1: name: position 5: a component must begin with a lower-case letter or digit"},
    {HASH "  ../a\n", "line 1: name: position 5: a component must begin with a lower-case letter or digit"},
    {HASH "  /etc/passwd\n", "line 1: name: position 5: an empty component"},
    {HASH "  data/A\n", "line 1: name: position 10: a component must begin with a lower-case letter or digit"},
    {HASH "  a%0a\n", "line 1: name: position 6: only a-z 0-9 . _ - are allowed"},
    {HASH "  a\n" HASH "  a\n", "line 2: name: not above the one before it, strict bytewise order expected"},
    {HASH "  b\n" HASH "  a\n", "line 2: name: not above the one before it, strict bytewise order expected"},
    {HASH "  a/b\n" HASH "  a-b\n", "line 2: name: not above the one before it, strict bytewise order expected"},
    {HASH "  " FIFTY "/" TEN TEN TEN TEN "aaaaaa\n", "line 1: more than 162 bytes"},
    {HASH "  " FIFTY FIFTY FIFTY "\n", "line 1: more than 162 bytes"},
    /* clang-format on */
};

static void
a_manifest_that_is_not_strict_is_refused_however_it_is_cut(void **state)
{
    size_t count = sizeof bad_manifests / sizeof *bad_manifests, reached = 0;
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, 4096);
    for (size_t i = 0; i < count; i++)
        for (size_t piece = 1; piece <= strlen(bad_manifests[i].text); piece++) {
            const char *text = bad_manifests[i].text;
            struct wb_error e = {0};

            assert_int_equal(
                read_manifest(&b, text, strlen(text), piece, &e), WB_ERR_FORMAT);
            assert_string_equal(e.message, bad_manifests[i].message);
            reached++;
        }
    assert_true(reached > 2000);
    wb_buf_wipe(&b);
}

static void
a_refused_line_does_not_show(void **state)
{
    static const char text[] = HASH "  b\n" HASH "  a\n";
    struct wb_bagit_manifest m;
    struct wb_cursor in;
    bool complete = false;

    (void)state;
    wb_bagit_manifest_init(&m);
    wb_cursor_init(&in, text, sizeof text - 1);
    assert_int_equal(wb_bagit_manifest_next(&m, &complete, &in, NULL), WB_OK);
    assert_true(complete);
    complete = false;
    assert_int_equal(wb_bagit_manifest_next(&m, &complete, &in, NULL), WB_ERR_FORMAT);
    assert_false(complete);
    assert_int_equal(m.lines, 1);
    assert_string_equal(m.name, "bag/b");
}

static void
a_hundred_thousand_lines_need_no_memory(void **state)
{
    struct wb_bagit_manifest m;
    char line[WB_BAGIT_LINE_MAX + 1];
    struct wb_cursor in;
    bool complete;

    (void)state;
    wb_bagit_manifest_init(&m);
    for (int i = 0; i < 100000; i++) {
        int size = snprintf(line, sizeof line, HASH "  data/files/%06d\n", i);

        wb_cursor_init(&in, line, (size_t)size);
        assert_int_equal(wb_bagit_manifest_next(&m, &complete, &in, NULL), WB_OK);
        assert_true(complete);
    }
    assert_int_equal(m.lines, 100000);
    assert_int_equal(wb_bagit_manifest_end(&m, NULL), WB_OK);
}

static void
bag_info_comes_back_in_its_order(void **state)
{
    struct wb_bagit_info info = {0};
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, WB_BAGIT_INFO_MAX);
    assert_int_equal(wb_bagit_info_put(&b, "Recipient", "age1b", NULL), WB_OK);
    assert_int_equal(wb_bagit_info_put(&b, "Recipient", "age1a", NULL), WB_OK);
    assert_int_equal(wb_bagit_info_put(&b, "Note-2", "a: b  ~", NULL), WB_OK);
    assert_string_equal(
        wb_buf_text(&b), "Recipient: age1b\nRecipient: age1a\nNote-2: a: b  ~\n");
    assert_int_equal(wb_bagit_info_decode(&info, b.data, b.size, NULL), WB_OK);
    assert_int_equal(info.count, 3);
    assert_string_equal(info.pairs[0].label, "Recipient");
    assert_string_equal(info.pairs[0].value, "age1b");
    assert_string_equal(info.pairs[1].value, "age1a");
    assert_string_equal(info.pairs[2].label, "Note-2");
    assert_string_equal(info.pairs[2].value, "a: b  ~");
    wb_bagit_info_free(&info);
    assert_null(info.pairs);
    wb_buf_wipe(&b);
}

static void
an_empty_bag_info_has_no_pairs(void **state)
{
    struct wb_bagit_info info = {.count = 9};

    (void)state;
    assert_int_equal(wb_bagit_info_decode(&info, "", 0, NULL), WB_OK);
    assert_int_equal(info.count, 0);
    wb_bagit_info_free(&info);
}

static const struct {
    const char *text, *message;
} bad_infos[] = {
    /* clang-format off */
    {"A: b", "line 1: ends without a line feed"},
    {"A: b\nC: d", "line 2: ends without a line feed"},
    {"\n", "line 1: a label, ': ' and a value expected"},
    {"A: b\n\n", "line 2: a label, ': ' and a value expected"},
    {"A: b\n c\n", "line 2: a continuation line, values are on one line each"},
    {"A: b\n\tc\n", "line 2: a continuation line, values are on one line each"},
    {" A: b\n", "line 1: a continuation line, values are on one line each"},
    {"A: b\r\n", "line 1: value: printable ASCII expected"},
    {"A:\n", "line 1: a label, ': ' and a value expected"},
    {"A:b\n", "line 1: a label, ': ' and a value expected"},
    {"A:\tb\n", "line 1: a label, ': ' and a value expected"},
    {"A: \n", "line 1: value: empty"},
    {"A:  b\n", "line 1: value: a space at its beginning or end"},
    {"A: b \n", "line 1: value: a space at its beginning or end"},
    {"A : b\n", "line 1: label: a letter, then letters, digits and - expected"},
    {": b\n", "line 1: label: a letter, then letters, digits and - expected"},
    {"1A: b\n", "line 1: label: a letter, then letters, digits and - expected"},
    {"A_B: b\n", "line 1: label: a letter, then letters, digits and - expected"},
    {"\xef\xbb\xbf" "A: b\n", "line 1: label: a letter, then letters, digits and - expected"},
    {"A: \xc3\xa9\n", "line 1: value: printable ASCII expected"},
    {"A: b\x1b[0m\n", "line 1: value: printable ASCII expected"},
    {"A: b\x7f\n", "line 1: value: printable ASCII expected"},
    /* clang-format on */
};

static void
a_bag_info_that_is_not_strict_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_infos / sizeof *bad_infos; i++) {
        struct wb_bagit_info info = {.count = 42};
        struct wb_error e = {0};

        assert_int_equal(wb_bagit_info_decode(
                             &info, bad_infos[i].text, strlen(bad_infos[i].text), &e),
            WB_ERR_FORMAT);
        assert_string_equal(e.message, bad_infos[i].message);
        assert_int_equal(info.count, 42);
        assert_null(info.pairs);
    }
}

static void
a_bag_info_with_a_zero_byte_is_refused(void **state)
{
    struct wb_bagit_info info = {0};
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_bagit_info_decode(&info, "A: b\0c\n", 7, &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, "line 1: value: printable ASCII expected");
}

static void
a_bag_info_above_64_kib_is_refused(void **state)
{
    struct wb_bagit_info info = {0};
    struct wb_error e = {0};
    char *text = wb_mem_new(WB_BAGIT_INFO_MAX + 1);

    (void)state;
    assert_non_null(text);
    memset(text, 'a', WB_BAGIT_INFO_MAX + 1);
    text[1] = ':';
    text[2] = ' ';
    text[WB_BAGIT_INFO_MAX] = '\n';
    assert_int_equal(
        wb_bagit_info_decode(&info, text, WB_BAGIT_INFO_MAX + 1, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "size: 65537 bytes, limit is 64 KiB");
    text[WB_BAGIT_INFO_MAX - 1] = '\n';
    assert_int_equal(wb_bagit_info_decode(&info, text, WB_BAGIT_INFO_MAX, &e), WB_OK);
    wb_bagit_info_free(&info);
    wb_mem_free(text);
}

static void
what_the_reader_refuses_is_not_written(void **state)
{
    static const struct {
        const char *label, *value, *message;
    } cases[] = {
        {"", "b", "label: a letter, then letters, digits and - expected"},
        {"A:", "b", "label: a letter, then letters, digits and - expected"},
        {"A", "", "value: empty"},
        {"A", "b\n", "value: printable ASCII expected"},
        {"A", " b", "value: a space at its beginning or end"},
        {"A", "\xd0\xb3", "value: printable ASCII expected"},
    };
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, 100);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wb_error e = {0};

        assert_int_equal(
            wb_bagit_info_put(&b, cases[i].label, cases[i].value, &e), WB_ERR_VALUE);
        assert_string_equal(e.message, cases[i].message);
        assert_int_equal(b.size, 0);
    }
}

static int allocations_left;

static bool
starve(size_t size)
{
    (void)size;
    return allocations_left-- == 0;
}

static void
every_allocation_of_bag_info_may_fail(void **state)
{
    struct wb_bagit_info info = {0};
    enum wb_status st = WB_ERR_MEMORY;
    int reached = 0;

    (void)state;
    wb_mem_fault = starve;
    for (; st != WB_OK; reached++) {
        struct wb_error e = {0};

        allocations_left = reached;
        st = wb_bagit_info_decode(&info, "A: b\n", 5, &e);
        if (st != WB_OK) {
            assert_int_equal(st, WB_ERR_MEMORY);
            assert_null(info.pairs);
        }
    }
    wb_mem_fault = NULL;
    assert_int_equal(reached, 3);
    wb_bagit_info_free(&info);
}

static void
payload_oxum_comes_back(void **state)
{
    static const uint64_t cases[][2] = {
        {0, 0}, {279164409832, 1198}, {UINT64_MAX, UINT64_MAX}};
    char text[WB_BAGIT_OXUM_BYTES];

    (void)state;
    wb_bagit_oxum_encode(text, 279164409832, 1198); /* RFC 8493 section 2.2.2 */
    assert_string_equal(text, "279164409832.1198");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t octets = 1, files = 1;

        wb_bagit_oxum_encode(text, cases[i][0], cases[i][1]);
        assert_int_equal(wb_bagit_oxum_decode(&octets, &files, text, NULL), WB_OK);
        assert_int_equal(octets, cases[i][0]);
        assert_int_equal(files, cases[i][1]);
    }
}

static void
a_payload_oxum_in_another_spelling_is_refused(void **state)
{
    static const char *const cases[] = {"", ".", "1", "1.", ".1", "01.1", "1.01",
        "00.0", "+1.1", "-1.1", " 1.1", "1.1 ", "1.1.1", "1,1", "1.x", "0x1.1",
        "18446744073709551616.1", "1.18446744073709551616", "99999999999999999999.1"};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t octets = 5, files = 6;
        struct wb_error e = {0};

        assert_int_equal(
            wb_bagit_oxum_decode(&octets, &files, cases[i], &e), WB_ERR_FORMAT);
        assert_string_equal(
            e.message, "two decimal numbers with a dot between them expected");
        assert_int_equal(octets, 5);
        assert_int_equal(files, 6);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_declaration_is_that_of_rfc_8493),
        cmocka_unit_test(a_manifest_line_is_hash_two_spaces_path),
        cmocka_unit_test(a_manifest_reads_the_same_however_it_is_cut),
        cmocka_unit_test(an_empty_manifest_has_no_lines),
        cmocka_unit_test(a_manifest_that_is_not_strict_is_refused_however_it_is_cut),
        cmocka_unit_test(a_refused_line_does_not_show),
        cmocka_unit_test(a_hundred_thousand_lines_need_no_memory),
        cmocka_unit_test(bag_info_comes_back_in_its_order),
        cmocka_unit_test(an_empty_bag_info_has_no_pairs),
        cmocka_unit_test(a_bag_info_that_is_not_strict_is_refused),
        cmocka_unit_test(a_bag_info_with_a_zero_byte_is_refused),
        cmocka_unit_test(a_bag_info_above_64_kib_is_refused),
        cmocka_unit_test(what_the_reader_refuses_is_not_written),
        cmocka_unit_test(every_allocation_of_bag_info_may_fail),
        cmocka_unit_test(payload_oxum_comes_back),
        cmocka_unit_test(a_payload_oxum_in_another_spelling_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
