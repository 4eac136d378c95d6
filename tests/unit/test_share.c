/* tests/unit/test_share.c - a share as text: written, typed back, mistyped. */
#include <string.h>

#include "cm.h"
#include "formats/share.h"

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* By a Python program of its own: k 3, number 5, vault id 0 to 15, bytes 100 to 131. */
static const char known[] =
    "2c2p 6qbp f5j6 ask7 d1mp mtvc dnq6 yw3h e9sq 8xbp exw7 jykv "
    "fhyq wzw0 g618 6qpb bxag";

static void
make_known(struct wb_share *share)
{
    uint8_t vault[16];
    struct wb_error e = {0};

    for (int i = 0; i < 16; i++)
        vault[i] = (uint8_t)i;
    *share = (struct wb_share){.needed = 3, .number = 5};
    wb_share_mark(share->mark, vault);
    assert_int_equal(wb_crypto_start(&e), WB_OK);
    assert_int_equal(wb_secret_new(&share->bytes, WB_KEY_BYTES, &e), WB_OK);
    for (int i = 0; i < WB_KEY_BYTES; i++)
        wb_secret_room(share->bytes)[i] = (uint8_t)(100 + i);
}

static void
assert_known(const struct wb_share *got)
{
    struct wb_share share;

    make_known(&share);
    assert_int_equal(got->needed, share.needed);
    assert_int_equal(got->number, share.number);
    assert_memory_equal(got->mark, share.mark, sizeof share.mark);
    assert_memory_equal(
        wb_secret_bytes(got->bytes), wb_secret_bytes(share.bytes), WB_KEY_BYTES);
    wb_secret_free(&share.bytes);
}

static void
a_share_is_written_as_another_program_writes_it(void **state)
{
    struct wb_secret *text = NULL;
    struct wb_share share;
    struct wb_error e = {0};

    (void)state;
    make_known(&share);
    assert_int_equal(wb_share_encode(&text, &share, &e), WB_OK);
    assert_int_equal(wb_secret_size(text), sizeof known);
    assert_string_equal((const char *)wb_secret_bytes(text), known);
    wb_secret_free(&text);
    wb_secret_free(&share.bytes);
}

static void
a_share_is_read_however_it_was_typed(void **state)
{
    static const char *const typed[] = {
        known,
        "2C2P 6QBP F5J6 ASK7 D1MP MTVC DNQ6 YW3H E9SQ 8XBP EXW7 JYKV FHYQ WZW0 G618 "
        "6QPB "
        "BXAG",
        "2c2p6qbpf5j6ask7d1mpmtvcdnq6yw3he9sq8xbpexw7jykvfhyqwzw0g6186qpbbxag",
        "  2c2p-6qbp-f5j6-ask7-d1mp-mtvc-dnq6-yw3h\te9sq 8xbp exw7 jykv fhyq wzw0 g618 "
        "6qpb bxag\r\n",
    };
    struct wb_share got = {0};
    struct wb_error e = {0};
    size_t read = 0;

    (void)state;
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++, read++) {
        assert_int_equal(wb_share_decode(&got, typed[i], strlen(typed[i]), &e), WB_OK);
        assert_known(&got);
        wb_secret_free(&got.bytes);
    }
    assert_int_equal(read, 4);
}

/* Look-alikes: the letters that no share has stand for the digits they look like. */
static void
o_is_zero_and_i_and_l_are_one(void **state)
{
    struct wb_share got = {0};
    struct wb_error e = {0};
    char typed[sizeof known];
    unsigned replaced = 0;

    (void)state;
    for (const char *letter = "oOiIlL"; *letter != '\0'; letter++) {
        char digit = *letter == 'o' || *letter == 'O' ? '0' : '1';

        memcpy(typed, known, sizeof known);
        for (size_t i = 0; i < sizeof known - 1; i++)
            if (typed[i] == digit) {
                typed[i] = *letter;
                replaced++;
            }
        assert_int_equal(wb_share_decode(&got, typed, sizeof known - 1, &e), WB_OK);
        assert_known(&got);
        wb_secret_free(&got.bytes);
    }
    assert_int_equal(replaced, 2 * 1 + 4 * 2);
}

static void
assert_refused(const char *typed, size_t size, const char *message)
{
    struct wb_share got = {.needed = 77, .number = 78};
    struct wb_error e = {0};

    assert_int_equal(wb_share_decode(&got, typed, size, &e), WB_ERR_VALUE);
    if (message != NULL)
        assert_string_equal(e.message, message);
    else
        assert_non_null(strstr(e.message, "mistyped: "));
    assert_int_equal(got.needed, 77);
    assert_int_equal(got.number, 78);
    assert_null(got.bytes);
}

static void
every_single_wrong_character_is_noticed(void **state)
{
    char typed[sizeof known];
    unsigned tried = 0;

    (void)state;
    for (size_t i = 0; i < sizeof known - 1; i++)
        for (const char *other = alphabet; known[i] != ' ' && *other != '\0'; other++) {
            if (*other == known[i])
                continue;
            memcpy(typed, known, sizeof known);
            typed[i] = *other;
            assert_refused(typed, sizeof known - 1, NULL);
            tried++;
        }
    assert_int_equal(tried, 68 * 31);
}

static void
every_two_neighbours_that_changed_places_are_noticed(void **state)
{
    char typed[sizeof known];
    unsigned tried = 0;

    (void)state;
    for (size_t i = 0; i + 1 < sizeof known - 1; i++) {
        if (known[i] == known[i + 1] || known[i] == ' ' || known[i + 1] == ' ')
            continue;
        memcpy(typed, known, sizeof known);
        typed[i] = known[i + 1];
        typed[i + 1] = known[i];
        assert_refused(typed, sizeof known - 1, NULL);
        tried++;
    }
    assert_true(tried > 40);
}

static void
what_is_no_share_is_refused_with_its_place(void **state)
{
    char typed[sizeof known + 1];

    (void)state;
    memcpy(typed, known, sizeof known);
    typed[10] = 'u'; /* the first character of the third group */
    assert_refused(
        typed, sizeof known - 1, "mistyped: a character of group 3 is in no share");
    assert_refused(known, sizeof known - 2, "mistyped: 67 characters, a share has 68");
    memcpy(typed, known, sizeof known);
    typed[sizeof known - 1] = '0';
    assert_refused(typed, sizeof known, "mistyped: 69 characters, a share has 68");
    assert_refused("", 0, "mistyped: 0 characters, a share has 68");
    memcpy(typed, known, sizeof known);
    typed[sizeof known - 2] = '1';
    assert_refused(
        typed, sizeof known - 1, "mistyped: the last character of a share is 0 or g");
}

/* A line as long as memory does not run over anything. */
static void
a_very_long_line_is_refused(void **state)
{
    static char typed[100000];

    (void)state;
    memset(typed, '7', sizeof typed);
    assert_refused(typed, sizeof typed, "mistyped: 100000 characters, a share has 68");
}

static void
a_share_that_cannot_be_is_not_written(void **state)
{
    struct wb_secret *text = NULL;
    struct wb_share share;
    struct wb_error e = {0};

    (void)state;
    make_known(&share);
    share.needed = 16;
    assert_int_equal(wb_share_encode(&text, &share, &e), WB_ERR_INTERNAL);
    share.needed = 0;
    assert_int_equal(wb_share_encode(&text, &share, &e), WB_ERR_INTERNAL);
    share.needed = 3;
    share.number = 0;
    assert_int_equal(wb_share_encode(&text, &share, &e), WB_ERR_INTERNAL);
    assert_null(text);
    wb_secret_free(&share.bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_written_as_another_program_writes_it),
        cmocka_unit_test(a_share_is_read_however_it_was_typed),
        cmocka_unit_test(o_is_zero_and_i_and_l_are_one),
        cmocka_unit_test(every_single_wrong_character_is_noticed),
        cmocka_unit_test(every_two_neighbours_that_changed_places_are_noticed),
        cmocka_unit_test(what_is_no_share_is_refused_with_its_place),
        cmocka_unit_test(a_very_long_line_is_refused),
        cmocka_unit_test(a_share_that_cannot_be_is_not_written),
    };

    return cmocka_run_group_tests_name("share", tests, NULL, NULL);
}
