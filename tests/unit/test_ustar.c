/* tests/unit/test_ustar.c - one content, one header; everything else is refused. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "formats/ustar.h"

enum { BLOCK = WB_USTAR_BLOCK_BYTES };

/* Makes the checksum right again, so that a change is seen for itself. */
static void
repair(uint8_t block[static BLOCK])
{
    unsigned sum = 0;

    memset(block + 148, ' ', 8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += block[i];
    (void)snprintf((char *)block + 148, 8, "%06o", sum);
}

/* Decoding refuses with that message and leaves the output alone. */
static void
assert_refused(
    const uint8_t block[static BLOCK], enum wb_status st, const char *message)
{
    struct wb_ustar_member m, before;
    struct wb_error e = {0};

    memset(&m, 0x5a, sizeof m);
    before = m;
    assert_int_equal(wb_ustar_decode(&m, block, &e), st);
    assert_string_equal(e.message, message);
    assert_memory_equal(&m, &before, sizeof m);
}

static void
a_header_is_what_gnu_tar_writes(void **state)
{
    /* tar (GNU tar) 1.34 --format=ustar --mode=600 --owner=0 --group=0 --numeric-owner
     * --mtime=@0 of a file of 54 bytes: everything that is not zero */
    static const struct {
        size_t at;
        const char *text;
        size_t size;
    } dump[] = {
        {0, "bag/bagit.txt", 13},
        {100,
            "0000600\0000000000\0000000000\00000000000066\00000000000000\000"
            "011557\0 0",
            57},
        {257, "ustar\00000", 8},
        {329, "0000000\0000000000", 15},
    };
    uint8_t expected[BLOCK] = {0}, block[BLOCK];

    (void)state;
    for (size_t i = 0; i < sizeof dump / sizeof *dump; i++)
        memcpy(expected + dump[i].at, dump[i].text, dump[i].size);
    assert_int_equal(wb_ustar_encode(block, "bag/bagit.txt", 54, NULL), WB_OK);
    assert_memory_equal(block, expected, BLOCK);
}

static void
name_and_size_come_back(void **state)
{
    static const char full[] = /* 100 bytes: no NUL behind it in the header */
        "bag/data/"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"
        "bbbbbbbbbbbbbbbbbbbbbbbbbb";
    static const struct wb_ustar_member members[] = {{"bag/bagit.txt", 0},
        {"bag/data/files/"
         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.0001",
            WB_USTAR_MEMBER_MAX},
        {"bag/data/records/00112233445566778899aabbccddeeff.json", 511}};
    struct wb_ustar_member m;
    uint8_t block[BLOCK];

    (void)state;
    assert_int_equal(strlen(full), 100);
    assert_int_equal(wb_ustar_encode(block, full, 1, NULL), WB_OK);
    assert_int_equal(wb_ustar_decode(&m, block, NULL), WB_OK);
    assert_string_equal(m.name, full);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        assert_int_equal(
            wb_ustar_encode(block, members[i].name, members[i].size, NULL), WB_OK);
        assert_int_equal(wb_ustar_decode(&m, block, NULL), WB_OK);
        assert_string_equal(m.name, members[i].name);
        assert_int_equal(m.size, members[i].size);
    }
}

static void
every_flipped_bit_is_refused(void **state)
{
    uint8_t block[BLOCK];
    struct wb_ustar_member m = {.size = 77};
    size_t reached = 0;

    (void)state;
    assert_int_equal(wb_ustar_encode(block, "bag/bagit.txt", 54, NULL), WB_OK);
    for (size_t bit = 0; bit < BLOCK * 8; bit++) {
        block[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(wb_ustar_decode(&m, block, NULL), WB_ERR_FORMAT);
        assert_int_equal(m.size, 77);
        block[bit / 8] ^= (uint8_t)(1 << bit % 8);
        reached++;
    }
    assert_int_equal(reached, 4096);
    assert_int_equal(wb_ustar_decode(&m, block, NULL), WB_OK);
}

/* With the checksum made right, a changed byte is another member or none: what is
 * accepted is exactly what encode writes. */
static void
every_changed_byte_under_a_right_checksum_is_canonical_or_refused(void **state)
{
    uint8_t block[BLOCK], again[BLOCK], was[BLOCK];
    struct wb_ustar_member m;
    size_t accepted = 0, refused = 0;

    (void)state;
    assert_int_equal(wb_ustar_encode(was, "bag/bagit.txt", 54, NULL), WB_OK);
    for (size_t at = 0; at < BLOCK; at++)
        for (int value = 0; value < 256; value++) {
            memcpy(block, was, BLOCK);
            block[at] = (uint8_t)value;
            if (at < 148 || at >= 156)
                repair(block);
            if (wb_ustar_decode(&m, block, NULL) != WB_OK) {
                refused++;
                continue;
            }
            assert_int_equal(wb_ustar_encode(again, m.name, m.size, NULL), WB_OK);
            assert_memory_equal(block, again, BLOCK);
            assert_true(at < 14 || (at >= 124 && at < 135) || block[at] == was[at]);
            accepted++;
        }
    assert_int_equal(accepted + refused, 512 * 256);
    assert_true(accepted > 512 && refused > 130000);
}

static void
what_another_tar_wrote_is_called_by_its_name(void **state)
{
    static const struct {
        size_t at, size;
        const char *bytes, *message;
    } cases[] = {
        {156, 1, "x", "a PAX header, only plain files are allowed"},
        {156, 1, "g", "a global PAX header, only plain files are allowed"},
        {156, 1, "L", "a GNU long name, only plain files are allowed"},
        {156, 1, "K", "a GNU long link name, only plain files are allowed"},
        {156, 1, "S", "a GNU sparse file, only plain files are allowed"},
        {156, 1, "1", "a hard link, only plain files are allowed"},
        {156, 1, "2", "a symbolic link, only plain files are allowed"},
        {156, 1, "3", "a character device, only plain files are allowed"},
        {156, 1, "4", "a block device, only plain files are allowed"},
        {156, 1, "5", "a directory, only plain files are allowed"},
        {156, 1, "6", "a FIFO, only plain files are allowed"},
        {156, 1, "7", "a contiguous file, only plain files are allowed"},
        {156, 1, "\0", "an old-style file header, only plain files are allowed"},
        {156, 1, "V", "type: header differs from its canonical form"},
        {257, 8, "ustar  \0", "magic: header differs from its canonical form"},
        {263, 2, "01", "version: header differs from its canonical form"},
        {20, 1, "x", "name: header differs from its canonical form"},
        {100, 8, "0000644\0", "mode: header differs from its canonical form"},
        {100, 8, "000600 \0", "mode: header differs from its canonical form"},
        {108, 8, "0001750\0", "owner number: header differs from its canonical form"},
        {116, 8, "0001750\0", "group number: header differs from its canonical form"},
        {124, 12, "       66 \0\0", "size: header differs from its canonical form"},
        {124, 12, "\x80\0\0\0\0\0\0\0\0\0\0\x36",
            "size: in base 256, octal digits are expected"},
        {136, 12, "14741000000\0", "time: header differs from its canonical form"},
        {157, 1, "a", "link name: header differs from its canonical form"},
        {265, 4, "root", "owner name: header differs from its canonical form"},
        {297, 4, "root", "group name: header differs from its canonical form"},
        {329, 1, "1", "device number: header differs from its canonical form"},
        {337, 8, "\0\0\0\0\0\0\0\0",
            "device number: header differs from its canonical form"},
        {345, 3, "bag", "name prefix: header differs from its canonical form"},
        {511, 1, "x", "last 12 bytes: header differs from its canonical form"},
        {0, 3, "BAG", "name: not under bag/"},
        {4, 2, "..",
            "name: position 5: a component must begin with a lower-case "
            "letter or digit"},
        {124, 12, "40000000001\0", "size: 4294967297 bytes, limit is 4 GiB"},
    };
    uint8_t block[BLOCK];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(wb_ustar_encode(block, "bag/bagit.txt", 54, NULL), WB_OK);
        memcpy(block + cases[i].at, cases[i].bytes, cases[i].size);
        repair(block);
        block[155] = ' ';
        assert_refused(block,
            strstr(cases[i].message, "limit") != NULL ? WB_ERR_LIMIT : WB_ERR_FORMAT,
            cases[i].message);
    }
}

static void
a_checksum_in_another_spelling_is_refused(void **state)
{
    uint8_t block[BLOCK];

    (void)state;
    assert_int_equal(wb_ustar_encode(block, "bag/bagit.txt", 54, NULL), WB_OK);
    memcpy(block + 148, " 11557\0 ", 8);
    assert_refused(
        block, WB_ERR_FORMAT, "checksum: header differs from its canonical form");
    memcpy(block + 148, "011560\0 ", 8);
    assert_refused(block, WB_ERR_FORMAT, "checksum: not a tar header, or damaged");
}

static void
an_end_block_is_known_and_no_header(void **state)
{
    uint8_t block[BLOCK] = {0};

    (void)state;
    assert_true(wb_ustar_is_end(block));
    assert_refused(block, WB_ERR_FORMAT, "zeros, a member header expected");
    block[511] = 1;
    assert_false(wb_ustar_is_end(block));
}

static void
a_member_above_4_gib_is_refused(void **state)
{
    uint8_t block[BLOCK], before[BLOCK];
    struct wb_error e = {0};

    (void)state;
    memset(block, 0x5a, BLOCK);
    memcpy(before, block, BLOCK);
    assert_int_equal(
        wb_ustar_encode(block, "bag/a", WB_USTAR_MEMBER_MAX + 1, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "size: 4294967297 bytes, limit is 4 GiB");
    assert_memory_equal(block, before, BLOCK);
}

#define TEN "aaaaaaaaaa"

static void
names_that_are_not_safe_everywhere_are_refused(void **state)
{
    static const struct {
        const char *name, *message; /* NULL: allowed */
    } cases[] = {
        {"bag/a", NULL},
        {"bag/0", NULL},
        {"bag/tagmanifest-sha256.txt.minisig", NULL},
        {"bag/a.b_c-d/e", NULL},
        {"bag/" TEN TEN TEN TEN TEN TEN "aaaaaaaaa", NULL},
        {"bag/" TEN TEN TEN TEN TEN TEN TEN,
            "name: position 5: a component of more than 69 bytes"},
        {"bag/" TEN TEN TEN TEN TEN "/" TEN TEN TEN TEN "aaaaa", NULL},
        {"bag/" TEN TEN TEN TEN TEN "/" TEN TEN TEN TEN "aaaaaa",
            "name: 101 bytes, limit is 100"},
        {"", "name: not under bag/"},
        {"bag", "name: not under bag/"},
        {"bag/", "name: not under bag/"},
        {"bagit.txt", "name: not under bag/"},
        {"/bag/a", "name: not under bag/"},
        {"./bag/a", "name: not under bag/"},
        {"bag//a", "name: position 5: an empty component"},
        {"bag/a/", "name: position 7: an empty component"},
        {"bag/a//b", "name: position 7: an empty component"},
        {"bag/./a",
            "name: position 5: a component must begin with a lower-case "
            "letter or digit"},
        {"bag/../a",
            "name: position 5: a component must begin with a lower-case "
            "letter or digit"},
        {"bag/-a",
            "name: position 5: a component must begin with a lower-case letter "
            "or digit"},
        {"bag/_a",
            "name: position 5: a component must begin with a lower-case letter "
            "or digit"},
        {"bag/A",
            "name: position 5: a component must begin with a lower-case letter "
            "or digit"},
        {"bag/a..b", "name: position 7: two dots in a row"},
        {"bag/a.", "name: position 6: a component must not end in a dot"},
        {"bag/a./b", "name: position 6: a component must not end in a dot"},
        {"bag/aB", "name: position 6: only a-z 0-9 . _ - are allowed"},
        {"bag/a b", "name: position 6: only a-z 0-9 . _ - are allowed"},
        {"bag/a\\b", "name: position 6: only a-z 0-9 . _ - are allowed"},
        {"bag/a:b", "name: position 6: only a-z 0-9 . _ - are allowed"},
        {"bag/a~", "name: position 6: only a-z 0-9 . _ - are allowed"},
        {"bag/a%0a", "name: position 6: only a-z 0-9 . _ - are allowed"},
        {"bag/a\n", "name: position 6: only a-z 0-9 . _ - are allowed"},
        {"bag/a\xc3\xa9", "name: position 6: only a-z 0-9 . _ - are allowed"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wb_error e = {0};
        enum wb_status st =
            wb_ustar_name_check(cases[i].name, strlen(cases[i].name), &e);

        assert_int_equal(st, cases[i].message == NULL ? WB_OK : WB_ERR_FORMAT);
        assert_string_equal(
            e.message, cases[i].message == NULL ? "" : cases[i].message);
    }
}

static void
a_zero_byte_in_a_name_is_refused(void **state)
{
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_ustar_name_check("bag/a\0b", 7, &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, "name: a zero byte inside");
}

static void
content_is_padded_to_the_block(void **state)
{
    (void)state;
    assert_int_equal(wb_ustar_padding(0), 0);
    assert_int_equal(wb_ustar_padding(1), 511);
    assert_int_equal(wb_ustar_padding(511), 1);
    assert_int_equal(wb_ustar_padding(512), 0);
    assert_int_equal(wb_ustar_padding(513), 511);
    assert_int_equal(wb_ustar_padding(WB_USTAR_MEMBER_MAX), 0);
}

static void
the_archive_has_its_padme_length(void **state)
{
    /* worked out by a few lines of Python after the paper */
    static const uint64_t cases[][2] = {{0, 262144}, {261120, 262144}, {261121, 270336},
        {300000, 303104}, {512000000, 520093696}, {1000000000, 1006632960},
        {4294967808, 4362076160}, {63209875968, 63350767616}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(wb_ustar_total(cases[i][0]), cases[i][1]);
}

static void
the_archive_is_whole_blocks_and_never_much_longer(void **state)
{
    uint64_t last = 0;

    (void)state;
    for (uint64_t content = 512; content < 64 << 20; content += 512 * 7) {
        uint64_t total = wb_ustar_total(content);

        assert_true(total >= last && total % 512 == 0);
        assert_true(total >= content + WB_USTAR_END_BYTES);
        assert_true(total <= 262144 || total <= (content + 1024) * 112 / 100);
        last = total;
    }
    assert_true(last >= 64 << 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_what_gnu_tar_writes),
        cmocka_unit_test(name_and_size_come_back),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(
            every_changed_byte_under_a_right_checksum_is_canonical_or_refused),
        cmocka_unit_test(what_another_tar_wrote_is_called_by_its_name),
        cmocka_unit_test(a_checksum_in_another_spelling_is_refused),
        cmocka_unit_test(an_end_block_is_known_and_no_header),
        cmocka_unit_test(a_member_above_4_gib_is_refused),
        cmocka_unit_test(names_that_are_not_safe_everywhere_are_refused),
        cmocka_unit_test(a_zero_byte_in_a_name_is_refused),
        cmocka_unit_test(content_is_padded_to_the_block),
        cmocka_unit_test(the_archive_has_its_padme_length),
        cmocka_unit_test(the_archive_is_whole_blocks_and_never_much_longer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
