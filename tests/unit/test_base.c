/* tests/unit/test_base.c - the ground floor: errors, memory, buffers, wire, text,
 * clock, files. */
#include "cm.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/wire.h"

/* Errors. */

static void
a_reason_gets_its_places_in_front(void **state)
{
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(
        wb_fail(&e, WB_ERR_LIMIT, "size: %d, limit is %d", 5, 4), WB_ERR_LIMIT);
    assert_int_equal(wb_within(&e, WB_ERR_LIMIT, "member %d", 7), WB_ERR_LIMIT);
    assert_int_equal(wb_within(&e, WB_ERR_FORMAT, "b.age"), WB_ERR_FORMAT);
    assert_string_equal(e.message, "b.age: member 7: size: 5, limit is 4");
    assert_int_equal(e.status, WB_ERR_FORMAT);
    assert_int_equal(wb_within(&e, WB_OK, "elsewhere"), WB_OK);
    assert_string_equal(e.message, "b.age: member 7: size: 5, limit is 4");
    assert_int_equal(wb_fail_os(&e, ENOSPC, "x"), WB_ERR_IO);
    assert_string_equal(e.message, "x: No space left on device");
    assert_int_equal(wb_within(&e, WB_ERR_IO, "y"), WB_ERR_IO);
    assert_int_equal(e.os_errno, ENOSPC);
    wb_fail(&e, WB_ERR_FORMAT, "line %d: torn", 3);
    wb_fail(&e, WB_ERR_INTEGRITY, "proof: %s", e.message); /* its own words */
    assert_string_equal(e.message, "proof: line 3: torn");
    assert_int_equal(e.status, WB_ERR_INTEGRITY);
    assert_int_equal(wb_fail(NULL, WB_ERR_VALUE, "x"), WB_ERR_VALUE);
    assert_int_equal(wb_fail_os(NULL, ENOSPC, "x"), WB_ERR_IO);
    assert_int_equal(wb_within(NULL, WB_ERR_VALUE, "x"), WB_ERR_VALUE);
}

static void
a_message_too_long_is_cut_and_ended(void **state)
{
    struct wb_error e = {0};
    char word[300];

    (void)state;
    memset(word, 'w', sizeof word);
    word[sizeof word - 1] = '\0';
    for (int i = 0; i < 4; i++)
        wb_within(&e, WB_ERR_FORMAT, "%s", word);
    assert_int_equal(strlen(e.message), WB_ERROR_MESSAGE_BYTES - 1);
}

/* The longest path there is, in letters of two bytes, by each way to say it. */
static void
a_reason_is_there_however_long_the_path(void **state)
{
    static const char tail[] = "b.age: the path is too long";
    struct wb_error e = {0};
    char path[PATH_MAX];

    (void)state;
    for (size_t skip = 0; skip < 2; skip++) {
        memset(path, 'p', sizeof path);
        for (size_t i = skip; i + 6 < sizeof path - 1; i += 2)
            memcpy(path + i, "\xd0\xb0", 2);
        memcpy(path + sizeof path - 6, "b.age", 6);
        for (int way = 0; way < 3; way++) {
            if (way == 0)
                wb_fail(&e, WB_ERR_USAGE, "%s: the path is too long", path);
            else if (way == 1)
                wb_fail_os(&e, ENAMETOOLONG, "%s", path);
            else {
                wb_fail(&e, WB_ERR_USAGE, "the path is too long");
                wb_within(&e, WB_ERR_USAGE, "%s", path);
            }
            assert_memory_equal(e.message, "...", 3);
            assert_in_range(
                strlen(e.message), sizeof e.message - 2, sizeof e.message - 1);
            assert_int_equal(wb_text_check(e.message, strlen(e.message), NULL), WB_OK);
            assert_string_equal(
                e.message + strlen(e.message) - (way == 1 ? 25 : strlen(tail)),
                way == 1 ? "b.age: File name too long" : tail);
        }
    }
}

static void
every_status_has_the_exit_that_the_manual_promises(void **state)
{
    static const int exits[] = {0, 1, 1, 1, 2, 2, 3, 3, 4, 4, 4, 4, 5, 6, 6, 7};

    (void)state;
    assert_int_equal(WB_ERR_BUSY + 1, sizeof exits / sizeof *exits);
    for (int i = 0; i <= WB_ERR_BUSY; i++)
        assert_int_equal(wb_status_exit((enum wb_status)i), exits[i]);
}

/* Memory. */

static unsigned asked;
static unsigned asked_until; /* the last one that is granted */

static bool
fail_from(size_t size)
{
    (void)size;
    return ++asked > asked_until;
}

static void
begin_faults(unsigned granted)
{
    asked = 0;
    asked_until = granted;
    wb_mem_fault = fail_from;
}

static void
a_block_is_zeroed_and_knows_its_size(void **state)
{
    uint8_t *block = wb_mem_new(1000), *copy;
    char *text = wb_mem_string("text");

    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(block[i], 0);
    assert_int_equal(wb_mem_size(block), 1000);
    assert_int_equal((uintptr_t)block % _Alignof(max_align_t), 0);
    assert_int_equal(wb_mem_size(NULL), 0);
    memset(block, 7, 1000);
    copy = wb_mem_copy(block, 1000);
    assert_memory_equal(copy, block, 1000);
    assert_string_equal(text, "text");
    wb_mem_free(copy);
    wb_mem_free(block);
    wb_mem_free(text);
    wb_mem_free(NULL);
}

/* The allocator gives a block of the same size out again at once, as it was left. */
static void
a_freed_block_is_wiped(void **state)
{
    enum { BYTES = 200, ROOM = BYTES + 2 * sizeof(max_align_t), MARK = 0xa5 };
    uint8_t *block = wb_mem_new(BYTES), *after;
    unsigned found = 0;

    (void)state;
    (void)mallopt(M_PERTURB, 0); /* MALLOC_PERTURB_ would write over what is left */
    memset(block, MARK, BYTES);
    wb_mem_free(block);
    for (size_t size = BYTES; size <= ROOM; size += sizeof(void *)) {
        after = malloc(size);
        assert_non_null(after);
        for (volatile uint8_t *at = after; at < after + size; at++)
            found += *at == MARK;
        free(after);
    }
    assert_true(found < BYTES / 2);
}

static void
a_grown_block_keeps_its_bytes(void **state)
{
    uint8_t *block = wb_mem_grow(NULL, 10), *grown;

    (void)state;
    memcpy(block, "0123456789", 10);
    assert_ptr_equal(wb_mem_grow(block, 9), block);
    grown = wb_mem_grow(block, 100);
    assert_memory_equal(grown, "0123456789", 10);
    assert_int_equal(grown[10], 0);
    block = wb_mem_grow(grown, 4);
    assert_int_equal(wb_mem_size(block), 4);
    assert_memory_equal(block, "0123", 4);
    begin_faults(0);
    grown = wb_mem_grow(block, 1000);
    wb_mem_fault = NULL;
    assert_null(grown);
    assert_memory_equal(block, "0123", 4);
    wb_mem_free(block);
}

static void
an_impossible_or_refused_size_gives_no_block(void **state)
{
    void *block;

    (void)state;
    assert_null(wb_mem_new(SIZE_MAX));
    assert_null(wb_mem_new_array(SIZE_MAX / 2, 4));
    begin_faults(1);
    block = wb_mem_new(0);
    assert_non_null(block);
    assert_null(wb_mem_new(1));
    assert_null(wb_mem_copy("a", 1));
    assert_null(wb_mem_string("a"));
    wb_mem_fault = NULL;
    assert_int_equal(asked, 4);
    wb_mem_free(block);
}

/* Buffers. */

static void
a_buffer_grows_up_to_its_maximum_and_not_beyond(void **state)
{
    struct wb_buf b;
    struct wb_error e = {0};

    (void)state;
    wb_buf_init(&b, 1000);
    for (int i = 0; i < 1000; i++)
        wb_buf_add(&b, &(uint8_t){(uint8_t)i}, 1);
    assert_int_equal(wb_buf_check(&b, &e), WB_OK);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(b.data[i], (uint8_t)i);
    wb_buf_add(&b, "x", 1);
    assert_int_equal(wb_buf_check(&b, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "size: more than 1000 bytes");
    assert_int_equal(b.size, 1000);
    wb_buf_add(&b, "", 0); /* a failure sticks */
    assert_int_equal(wb_buf_check(&b, NULL), WB_ERR_LIMIT);
    wb_buf_clear(&b);
    assert_int_equal(wb_buf_check(&b, NULL), WB_OK);
    assert_int_equal(b.size, 0);
    assert_int_equal(b.data[0], 0); /* wiped */
    assert_int_equal(b.data[999], 0);
    wb_buf_wipe(&b);
    assert_null(b.data);
    assert_int_equal(b.max, 1000);
}

static void
a_buffer_formats_and_ends_its_text(void **state)
{
    struct wb_buf b;
    size_t size = 77;
    uint8_t *taken;

    (void)state;
    wb_buf_init(&b, 300);
    assert_string_equal(wb_buf_text(&b), "");
    wb_buf_add_text(&b, "a");
    wb_buf_print(&b, "-%d-%s", 42, "é");
    wb_buf_add_zeros(&b, 2);
    assert_int_equal(b.size, 9);
    assert_memory_equal(b.data, "a-42-é\0\0", 10);
    for (int i = 0; b.size < 300; i++) { /* the NUL has room at every size */
        assert_int_equal(strlen(wb_buf_text(&b) + 9), i);
        wb_buf_add(&b, "z", 1);
    }
    assert_int_equal(strlen(wb_buf_text(&b) + 9), 291);
    taken = wb_buf_take(&b, &size);
    assert_int_equal(size, 300);
    assert_int_equal(b.size, 0);
    assert_null(b.data);
    wb_mem_free(taken);
    wb_buf_print(&b, "%0301d", 0);
    assert_int_equal(wb_buf_check(&b, NULL), WB_ERR_LIMIT);
    assert_string_equal(wb_buf_text(&b), "");
    wb_buf_wipe(&b);
}

static void
want_of_memory_sticks_to_a_buffer(void **state)
{
    struct wb_buf b;
    struct wb_error e = {0};

    (void)state;
    wb_buf_init(&b, 100000);
    wb_buf_add_text(&b, "kept");
    begin_faults(0);
    wb_buf_add_zeros(&b, 5000);
    wb_mem_fault = NULL;
    assert_null(wb_buf_extend(&b, 1));
    wb_put_long(&b, NULL, SIZE_MAX); /* the first failure is the one that is told */
    assert_int_equal(wb_buf_check(&b, &e), WB_ERR_MEMORY);
    assert_string_equal(e.message, "not enough memory");
    assert_int_equal(b.size, 4);
    assert_memory_equal(b.data, "kept", 4);
    wb_buf_wipe(&b);
}

/* Wire. */

static void
integers_are_little_endian_both_ways(void **state)
{
    static const uint8_t bytes[] = {1, 3, 2, 7, 6, 5, 4, 15, 14, 13, 12, 11, 10, 9, 8,
        2, 'h', 'i', 2, 0, 'y', 'o', 1, 0, 0, 0, '!', 0};
    struct wb_buf b;
    struct wb_cursor c;
    uint8_t copy[2];
    size_t size;

    (void)state;
    wb_buf_init(&b, 100);
    wb_put_u8(&b, 0x01);
    wb_put_u16(&b, 0x0203);
    wb_put_u32(&b, 0x04050607);
    wb_put_u64(&b, 0x08090a0b0c0d0e0f);
    wb_put_short(&b, "hi", 2);
    wb_put_medium(&b, "yo", 2);
    wb_put_long(&b, "!", 1);
    wb_put_short(&b, NULL, 0);
    assert_int_equal(wb_buf_check(&b, NULL), WB_OK);
    assert_int_equal(b.size, sizeof bytes);
    assert_memory_equal(b.data, bytes, sizeof bytes);

    wb_cursor_init(&c, b.data, b.size);
    assert_int_equal(wb_get_u8(&c), 0x01);
    assert_int_equal(wb_get_u16(&c), 0x0203);
    assert_int_equal(wb_get_u32(&c), 0x04050607);
    assert_true(wb_get_u64(&c) == 0x08090a0b0c0d0e0f);
    assert_memory_equal(wb_get_short(&c, &size), "hi", 2);
    assert_int_equal(size, 2);
    assert_int_equal(wb_cursor_end(&c, NULL), WB_ERR_FORMAT);
    wb_get_medium(&c, &size);
    assert_int_equal(size, 2);
    assert_memory_equal(wb_get_long(&c, &size), "!", 1);
    assert_non_null(wb_get_short(&c, &size));
    assert_int_equal(size, 0);
    assert_int_equal(wb_cursor_end(&c, NULL), WB_OK);
    wb_get_copy(&c, copy, 0);
    assert_int_equal(wb_cursor_end(&c, NULL), WB_OK);
    wb_buf_wipe(&b);
}

static void
runs_too_long_for_their_length_are_refused(void **state)
{
    static const uint8_t run[65536];
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, 200000);
    wb_put_short(&b, run, 255);
    wb_put_medium(&b, run, 65535);
    assert_int_equal(wb_buf_check(&b, NULL), WB_OK);
    assert_int_equal(b.size, 256 + 65537);
    wb_put_short(&b, run, 256);
    assert_int_equal(wb_buf_check(&b, NULL), WB_ERR_LIMIT);
    wb_buf_clear(&b);
    wb_put_medium(&b, run, 65536);
    assert_int_equal(wb_buf_check(&b, NULL), WB_ERR_LIMIT);
    assert_int_equal(b.size, 0);
    wb_buf_wipe(&b);
}

static void
reading_past_the_end_sticks_and_gives_zeros(void **state)
{
    uint8_t bytes[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, copy[3];
    struct wb_cursor c;
    struct wb_error e = {0};
    size_t size = 77;
    unsigned failed = 0;

    (void)state;
    for (size_t have = 0; have < 8; have++) {
        wb_cursor_init(&c, bytes, have);
        assert_true(wb_get_u64(&c) == 0);
        assert_int_equal(wb_get_u8(&c), 0);
        assert_null(wb_get_bytes(&c, 0));
        assert_null(wb_get_long(&c, &size));
        assert_int_equal(size, 0);
        memset(copy, 1, sizeof copy);
        wb_get_copy(&c, copy, 3);
        assert_memory_equal(copy, "\0\0\0", 3);
        failed += wb_cursor_end(&c, &e) == WB_ERR_FORMAT;
        assert_string_equal(e.message, "ends too early");
    }
    assert_int_equal(failed, 8);
    wb_cursor_init(&c, bytes, 8); /* a length that says more than there is */
    assert_null(wb_get_medium(&c, &size));
    assert_int_equal(size, 0);
    assert_int_equal(wb_cursor_end(&c, &e), WB_ERR_FORMAT);
    wb_cursor_init(&c, bytes, 8);
    (void)wb_get_u32(&c);
    assert_int_equal(wb_cursor_end(&c, &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, "4 bytes too many");
    wb_cursor_init(&c, NULL, 0);
    (void)wb_get_bytes(&c, 0);
    assert_int_equal(wb_cursor_end(&c, NULL), WB_OK);
}

/* Text. */

static void
only_well_formed_utf8_passes(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *message; /* NULL: passes */
    } rows[] = {
        {"", 0, NULL},
        {"plain\n\t", 7, NULL},
        {"тоҷикӣ \xf0\x9f\x95\xb5", 17, NULL},
        {"\xf4\x8f\xbf\xbf", 4, NULL},
        {"a\0b", 3, "byte 2: a zero character"},
        {"ab\xff", 3, "byte 3: not UTF-8"},
        {"\xc0\x80", 2, "byte 1: not UTF-8"},
        {"\xe0\x80\xaf", 3, "byte 1: not UTF-8"},
        {"a\xed\xa0\x80", 4, "byte 2: not UTF-8"},
        {"\xf4\x90\x80\x80", 4, "byte 1: not UTF-8"},
        {"\xf8\x88\x80\x80\x80", 5, "byte 1: not UTF-8"},
        {"a\xe2\x80", 3, "byte 2: not UTF-8"},
        {"\x80", 1, "byte 1: not UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_error e = {0};
        enum wb_status st = wb_text_check(rows[i].bytes, rows[i].size, &e);

        assert_int_equal(st, rows[i].message == NULL ? WB_OK : WB_ERR_VALUE);
        assert_string_equal(e.message, rows[i].message == NULL ? "" : rows[i].message);
    }
}

static void
a_text_that_does_not_fit_is_cut_between_two_characters(void **state)
{
    static const struct {
        const char *text, *whole[6]; /* in room for 1 to 6 bytes with the end */
    } rows[] = {
        {"", {"", "", "", "", "", ""}},
        {"abcd", {"", "a", "ab", "abc", "abcd", "abcd"}},
        {"aжж", {"", "a", "a", "aж", "aж", "aжж"}},
        {"a漢b", {"", "a", "a", "a", "a漢", "a漢b"}},
        {"\xf0\x9f\x95\xb5", {"", "", "", "", "\xf0\x9f\x95\xb5", "\xf0\x9f\x95\xb5"}},
        {"\x80\x80\x80", {"", "", "", "\x80\x80\x80", "\x80\x80\x80", "\x80\x80\x80"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t room = 1; room <= 6; room++) {
            char out[8] = "zzzzzzz";

            wb_text_copy(out, room, rows[i].text);
            assert_string_equal(out, rows[i].whole[room - 1]);
            assert_int_equal(out[room], 'z');
        }
}

static void
shown_text_cannot_command_a_terminal(void **state)
{
    static const struct {
        const char *bytes, *shown;
    } rows[] = {
        {"Gadoev, гадоев", "Gadoev, гадоев"},
        {"\x1b[31mred\a\x7f", "\\u{1b}[31mred\\u{7}\\u{7f}"},
        {"a\r\nb\tc", "a\\u{d}\\u{a}b\\u{9}c"},
        {"\xc2\x9b"
         "31m",
            "\\u{9b}31m"},
        {"\xe2\x80\xae"
         "evil\xe2\x80\xac",
            "\\u{202e}evil\\u{202c}"},
        {"\xe2\x81\xa6x\xe2\x81\xa9\xe2\x80\x8f\xd8\x9c\xef\xbb\xbf",
            "\\u{2066}x\\u{2069}\\u{200f}\\u{61c}\\u{feff}"},
        {"\xe2\x80\xa8\xe2\x80\xa9", "\\u{2028}\\u{2029}"},
        {"a\xff\xc3", "a\\xff\\xc3"},
    };
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, 200);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wb_buf_clear(&b);
        wb_text_show(&b, rows[i].bytes, strlen(rows[i].bytes));
        assert_string_equal(wb_buf_text(&b), rows[i].shown);
    }
    wb_buf_clear(&b);
    wb_text_show_lines(&b, "a\r\nb", 4);
    assert_string_equal(wb_buf_text(&b), "a\\u{d}\nb");
    wb_buf_wipe(&b);
}

static void
width_counts_columns(void **state)
{
    (void)state;
    assert_int_equal(wb_text_width("abc", 3), 3);
    assert_int_equal(wb_text_width("ӣ", 2), 1);
    assert_int_equal(wb_text_width("e\xcc\x81", 3), 1);
    assert_int_equal(wb_text_width("漢字", 6), 4);
    assert_int_equal(wb_text_width("\xff", 1), 0);
}

static void
text_is_normalized_to_nfc_behind_what_is_there(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"plain", "plain"},
        {"e\xcc\x81", "é"},
        {"и\xcc\x84", "ӣ"},
        {"\xe2\x84\xab", "Å"},                 /* angstrom sign */
        {"a\xcc\xa3\xcc\x82", "\xe1\xba\xad"}, /* marks in either order */
        {"a\xcc\x82\xcc\xa3", "\xe1\xba\xad"},
        {"\xed\x95\x9c", "\xed\x95\x9c"},
    };
    struct wb_buf b;

    (void)state;
    for (size_t lead = 0; lead < 4; lead++) /* wherever the buffer stands */
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            wb_buf_init(&b, lead + strlen(rows[i][1])); /* exactly as much as needed */
            wb_buf_add(&b, "abc", lead);
            assert_int_equal(
                wb_text_normalize(&b, rows[i][0], strlen(rows[i][0]), NULL), WB_OK);
            assert_int_equal(b.size, lead + strlen(rows[i][1]));
            assert_string_equal(wb_buf_text(&b) + lead, rows[i][1]);
            wb_buf_wipe(&b);
        }
}

static void
text_that_may_normalize_otherwise_tomorrow_is_refused(void **state)
{
    struct wb_error e = {0};
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, 100);
    wb_buf_add_text(&b, "kept");
    assert_int_equal(wb_text_normalize(&b, "a\xcd\xb8", 3, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "a character that Unicode has not assigned");
    assert_int_equal(wb_text_normalize(&b, "a\xff", 2, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "byte 2: not UTF-8");
    begin_faults(0);
    assert_int_equal(wb_text_normalize(&b, "abc", 3, &e), WB_ERR_MEMORY);
    wb_mem_fault = NULL;
    assert_string_equal(wb_buf_text(&b), "kept");
    wb_buf_wipe(&b);
    wb_buf_init(&b, 2);
    assert_int_equal(wb_text_normalize(&b, "abc", 3, &e), WB_ERR_LIMIT);
    wb_buf_wipe(&b);
}

static void
hexadecimal_is_lower_case_and_exact(void **state)
{
    static const char *const bad[] = {
        "00ff7", "00ff7f0", "00FF7f", "00fg7f", "00ff7 ", "0x00ff", "", "00ff7f00"};
    uint8_t bytes[3] = {9, 9, 9};
    char text[7];

    (void)state;
    wb_hex_encode(text, "\x00\xff\x7f", 3);
    assert_string_equal(text, "00ff7f");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(wb_hex_decode(bytes, 3, bad[i], strlen(bad[i])));
        assert_memory_equal(bytes, "\t\t\t", 3);
    }
    assert_true(wb_hex_decode(bytes, 3, text, 6));
    assert_memory_equal(bytes, "\x00\xff\x7f", 3);
    assert_true(wb_hex_decode(bytes, 0, "", 0));
}

/* Clock. */

static int64_t
fixed_clock(void)
{
    return 1795412439;
}

static void
times_read_and_write_the_same_text(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {1795412439, "2026-11-23T05:40:39Z"},
        {951782400, "2000-02-29T00:00:00Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {-62167219200, "0000-01-01T00:00:00Z"},
        {253402300799, "9999-12-31T23:59:59Z"},
    };
    char text[WB_TIME_TEXT_BYTES];
    int64_t seconds;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wb_clock_text(text, rows[i].seconds);
        assert_string_equal(text, rows[i].text);
        assert_true(wb_clock_parse(&seconds, rows[i].text, 20));
        assert_true(seconds == rows[i].seconds);
    }
    wb_clock_text(text, INT64_MAX);
    assert_string_equal(text, "9999-12-31T23:59:59Z");
    wb_clock_text(text, INT64_MIN);
    assert_string_equal(text, "0000-01-01T00:00:00Z");
    wb_clock_source = fixed_clock;
    assert_true(wb_clock_now() == 1795412439);
    wb_clock_source = NULL;
    assert_true(wb_clock_now() > 1700000000);
}

static void
what_is_not_a_time_is_refused(void **state)
{
    static const char *const bad[] = {"", "2026-11-23T05:40:39", "2026-11-23T05:40:39z",
        "2026-11-23 05:40:39Z", "2026-11-23T05:40:60Z", "2026-11-23T24:00:00Z",
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z", "+026-11-23T05:40:39Z", "2026-11-23T05:40:-1Z",
        "2026-11-23T05:40:39+00:00", "2026-11-23T05:4a:39Z", "2026/11/23T05:40:39Z",
        "2026-11-23T05:40:39ZZ"};
    int64_t seconds = 77;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(wb_clock_parse(&seconds, bad[i], strlen(bad[i])));
        assert_true(seconds == 77);
    }
}

/* Files. Each test has a folder of its own and works inside it. */

static char folder[] = "/tmp/wb-base-XXXXXX";

static int
enter_folder(void **state)
{
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int
leave_folder(void **state)
{
    static const char *const names[] = {"a", "b", "link", "fifo", "sub", ".a.part0"};

    (void)state;
    wb_file_fault = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        (void)remove(names[i]);
    return chdir("/") != 0 || rmdir(folder) != 0; /* fails when anything else is left */
}

static void
put_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(wb_file_write(fd, text, strlen(text), NULL), WB_OK);
    wb_file_close(&fd);
    assert_int_equal(fd, -1);
    wb_file_close(&fd);
}

static void
assert_file(const char *path, const char *text)
{
    struct wb_buf b;

    wb_buf_init(&b, 1000);
    assert_int_equal(wb_file_load(&b, path, NULL), WB_OK);
    assert_string_equal(wb_buf_text(&b), text);
    wb_buf_wipe(&b);
}

static enum wb_file_op fault_op;
static int fault_errno;
static unsigned fault_skip; /* calls of that kind that still go through */
static unsigned fault_hits;

static int
fault(enum wb_file_op op)
{
    if (op != fault_op || fault_hits > 0)
        return 0;
    if (fault_skip > 0) {
        fault_skip--;
        return 0;
    }
    fault_hits++;
    return fault_errno;
}

static void
fail_once(enum wb_file_op op, unsigned skip, int os_errno)
{
    fault_op = op;
    fault_skip = skip;
    fault_errno = os_errno;
    fault_hits = 0;
    wb_file_fault = fault;
}

static void
a_folder_that_a_file_system_cannot_sync_is_no_error(void **state)
{
    struct wb_error e = {0};
    int fd = open("/proc", O_RDONLY | O_DIRECTORY);

    (void)state;
    assert_int_equal(fsync(fd), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(wb_file_sync_folder(fd, &e), WB_OK);
    fail_once(WB_FILE_SYNC, 0, EIO);
    assert_int_equal(wb_file_sync_folder(fd, &e), WB_ERR_IO);
    assert_string_equal(e.message, "sync of the folder: Input/output error");
    wb_file_fault = NULL;
    wb_file_close(&fd);
}

static void
only_a_regular_file_is_opened(void **state)
{
    struct wb_error e = {0};
    int fd = 77;

    (void)state;
    put_file("a", "text");
    assert_int_equal(symlink("a", "link"), 0);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(mkdir("sub", 0700), 0);
    assert_int_equal(wb_file_open(&fd, "missing", &e), WB_ERR_NOT_FOUND);
    assert_string_equal(e.message, "missing: no such file");
    assert_int_equal(wb_file_open(&fd, "link", &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "link: is a symbolic link, name the file itself");
    alarm(5); /* a pipe without a writer must not hold us up */
    assert_int_equal(wb_file_open(&fd, "fifo", &e), WB_ERR_USAGE);
    alarm(0);
    assert_string_equal(e.message, "fifo: not a regular file");
    assert_int_equal(wb_file_open(&fd, "sub", &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "sub: not a regular file");
    fail_once(WB_FILE_OPEN, 0, EACCES);
    assert_int_equal(wb_file_open(&fd, "a", &e), WB_ERR_IO);
    assert_string_equal(e.message, "a: Permission denied");
    assert_int_equal(e.os_errno, EACCES);
    assert_int_equal(fd, 77);
    assert_int_equal(wb_file_open(&fd, "a", &e), WB_OK);
    wb_file_close(&fd);
    assert_int_equal(wb_file_open_any(&fd, "link", &e), WB_OK);
    wb_file_close(&fd);
}

static void
a_file_is_read_whole_in_part_and_at_a_place(void **state)
{
    char got[10] = {0};
    uint64_t length = 0;
    size_t count = 0;
    int fd = -1;

    (void)state;
    put_file("a", "0123456789");
    assert_int_equal(wb_file_open(&fd, "a", NULL), WB_OK);
    assert_int_equal(wb_file_size(fd, &length, NULL), WB_OK);
    assert_int_equal(length, 10);
    fail_once(WB_FILE_READ, 0, EINTR); /* an interruption is no failure */
    assert_int_equal(wb_file_read(fd, got, 4, &count, NULL), WB_OK);
    assert_int_equal(fault_hits, 1);
    assert_int_equal(count, 4);
    assert_memory_equal(got, "0123", 4);
    assert_int_equal(wb_file_read(fd, got, 10, &count, NULL), WB_OK);
    assert_int_equal(count, 6);
    assert_int_equal(wb_file_read_at(fd, 8, got, 5, &count, NULL), WB_OK);
    assert_int_equal(count, 2);
    assert_memory_equal(got, "89", 2);
    fail_once(WB_FILE_READ, 0, EIO);
    assert_int_equal(wb_file_read_at(fd, 0, got, 5, &count, NULL), WB_ERR_IO);
    assert_int_equal(count, 2);
    wb_file_close(&fd);
}

static void
a_file_is_loaded_up_to_the_maximum(void **state)
{
    struct wb_error e = {0};
    struct wb_buf b;

    (void)state;
    put_file("a", "0123456789");
    wb_buf_init(&b, 14);
    wb_buf_add_text(&b, "head");
    assert_int_equal(wb_file_load(&b, "a", &e), WB_OK);
    assert_string_equal(wb_buf_text(&b), "head0123456789");
    wb_buf_wipe(&b);
    wb_buf_init(&b, 13);
    wb_buf_add_text(&b, "head");
    assert_int_equal(wb_file_load(&b, "a", &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "a: more than 13 bytes");
    assert_string_equal(wb_buf_text(&b), "head"); /* all or nothing */
    assert_int_equal(b.data[4], 0);
    fail_once(WB_FILE_READ, 0, EIO);
    assert_int_equal(wb_file_load(&b, "a", &e), WB_ERR_IO);
    assert_string_equal(e.message, "a: read: Input/output error");
    assert_string_equal(wb_buf_text(&b), "head");
    wb_buf_wipe(&b);
}

static void
a_large_file_is_loaded_in_pieces(void **state)
{
    static uint8_t bytes[200000];
    struct wb_buf b;
    int fd;

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 >> 3);
    fd = open("a", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(wb_file_write(fd, bytes, sizeof bytes, NULL), WB_OK);
    wb_file_close(&fd);
    wb_buf_init(&b, 300000);
    assert_int_equal(wb_file_load(&b, "a", NULL), WB_OK);
    assert_int_equal(b.size, sizeof bytes);
    assert_memory_equal(b.data, bytes, sizeof bytes);
    wb_buf_clear(&b);
    fail_once(WB_FILE_READ, 2, EIO); /* in the third piece */
    assert_int_equal(wb_file_load(&b, "a", NULL), WB_ERR_IO);
    assert_int_equal(fault_hits, 1);
    assert_int_equal(b.size, 0);
    wb_buf_wipe(&b);
}

static void
a_new_file_appears_whole_under_its_name_only_when_published(void **state)
{
    struct wb_file_out out;
    struct stat info;

    (void)state;
    assert_int_equal(wb_file_out_open(&out, "a", NULL), WB_OK);
    assert_int_equal(wb_file_write(out.fd, "whole", 5, NULL), WB_OK);
    assert_int_equal(access("a", F_OK), -1);
    assert_int_equal(wb_file_out_sync(&out, NULL), WB_OK);
    assert_int_equal(access("a", F_OK), -1);
    assert_int_equal(wb_file_out_publish(&out, NULL), WB_OK);
    wb_file_out_close(&out);
    assert_file("a", "whole");
    assert_int_equal(stat("a", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    wb_file_out_close(&out); /* twice is fine */
}

static void
a_file_that_was_not_published_leaves_nothing(void **state)
{
    struct wb_file_out out;

    (void)state;
    assert_int_equal(wb_file_out_open(&out, "a", NULL), WB_OK);
    assert_int_equal(access(".a.part0", F_OK), 0);
    wb_file_out_close(&out);
    assert_int_equal(access(".a.part0", F_OK), -1);
    assert_int_equal(access("a", F_OK), -1);
}

static void
nothing_of_the_users_is_overwritten(void **state)
{
    struct wb_file_out out;
    struct wb_error e = {0};

    (void)state;
    put_file("a", "mine");
    assert_int_equal(wb_file_out_open(&out, "a", &e), WB_ERR_USAGE);
    assert_string_equal(
        e.message, "a: exists already and is left alone, name a new file");
    assert_int_equal(symlink("b", "link"), 0); /* not through a dangling link either */
    assert_int_equal(wb_file_out_open(&out, "link", &e), WB_ERR_USAGE);
    assert_int_equal(wb_file_out_open(&out, "sub/", &e), WB_ERR_IO);
    assert_int_equal(mkdir("sub", 0700), 0);
    assert_int_equal(wb_file_out_open(&out, "sub/", &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "sub/: names a folder, not a file");
    /* somebody is faster, with rename and where only link works */
    for (int way = 0; way < 2; way++) {
        assert_int_equal(wb_file_out_open(&out, "b", &e), WB_OK);
        assert_int_equal(wb_file_write(out.fd, "ours", 4, NULL), WB_OK);
        put_file("b", "theirs");
        if (way == 1)
            fail_once(WB_FILE_RENAME, 0, EINVAL);
        assert_int_equal(wb_file_out_publish(&out, &e), WB_ERR_IO);
        assert_int_equal(e.os_errno, EEXIST);
        wb_file_out_close(&out);
        assert_file("b", "theirs");
        assert_int_equal(remove("b"), 0);
    }
    assert_int_equal(fault_hits, 1);
    assert_file("a", "mine");
}

static void
a_file_system_that_can_only_link_publishes_too(void **state)
{
    struct wb_file_out out;

    (void)state;
    assert_int_equal(wb_file_out_open(&out, "./a", NULL), WB_OK);
    assert_int_equal(wb_file_write(out.fd, "whole", 5, NULL), WB_OK);
    fail_once(WB_FILE_RENAME, 0, EINVAL);
    assert_int_equal(wb_file_out_publish(&out, NULL), WB_OK);
    assert_int_equal(fault_hits, 1);
    wb_file_out_close(&out);
    assert_file("a", "whole");
}

static enum wb_status
write_new(const char *text, struct wb_error *e)
{
    struct wb_file_out out;
    enum wb_status st;

    if ((st = wb_file_out_open(&out, "a", e)) != WB_OK)
        return st;
    if ((st = wb_file_write(out.fd, text, strlen(text), e)) == WB_OK &&
        (st = wb_file_out_sync(&out, e)) == WB_OK)
        st = wb_file_out_publish(&out, e);
    wb_file_out_close(&out);
    return st;
}

static void
a_kept_file_stays_and_is_published_later(void **state)
{
    struct wb_file_out out;
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_file_out_open(&out, "a", NULL), WB_OK);
    assert_int_equal(wb_file_write(out.fd, "whole", 5, NULL), WB_OK);
    assert_int_equal(wb_file_out_sync(&out, NULL), WB_OK);
    wb_file_out_keep(&out);
    wb_file_out_close(&out);
    assert_file(".a.part0", "whole");
    assert_int_equal(access("a", F_OK), -1);
    assert_int_equal(wb_file_out_resume(&out, "a", ".a.part0", NULL), WB_OK);
    assert_int_equal(wb_file_out_publish(&out, NULL), WB_OK);
    wb_file_out_close(&out);
    assert_file("a", "whole");
    assert_int_equal(wb_file_out_resume(&out, "a", ".a.part0", NULL), WB_OK);
    assert_int_equal(wb_file_out_publish(&out, &e), WB_ERR_IO);
    wb_file_out_close(&out);
    assert_file("a", "whole");
    (void)remove("a");
}

static void
a_path_is_made_whole_by_the_folder(void **state)
{
    char path[PATH_MAX];
    const size_t size = strlen(folder); /* where the test is */

    (void)state;
    assert_int_equal(wb_file_absolute(path, "a/b", NULL), WB_OK);
    assert_memory_equal(path, folder, size);
    assert_string_equal(path + size, "/a/b");
    assert_int_equal(wb_file_absolute(path, "/a/b", NULL), WB_OK);
    assert_string_equal(path, "/a/b");
}

static void
every_refusal_of_the_system_leaves_no_file_or_the_whole_one(void **state)
{
    static const enum wb_file_op ops[] = {
        WB_FILE_OPEN, WB_FILE_WRITE, WB_FILE_SYNC, WB_FILE_RENAME};
    unsigned failed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        for (unsigned skip = 0; skip < 3; skip++) {
            struct wb_error e = {0};

            fail_once(ops[i], skip, EIO);
            if (write_new("whole", &e) != WB_OK) {
                failed++;
                assert_int_equal(e.status, WB_ERR_IO);
                assert_int_equal(e.os_errno, EIO);
            }
            wb_file_fault = NULL;
            if (access("a", F_OK) == 0)
                assert_file("a", "whole");
            (void)remove("a");
            assert_int_equal(access(".a.part0", F_OK), -1);
        }
    assert_int_equal(failed, 2 + 1 + 3 + 1); /* each call of each kind, once */
}

static void
every_failing_allocation_leaves_no_file(void **state)
{
    unsigned failed = 0;
    enum wb_status st = WB_ERR_MEMORY;

    (void)state;
    for (unsigned n = 0; st != WB_OK; n++) {
        begin_faults(n);
        st = write_new("whole", NULL);
        wb_mem_fault = NULL;
        if (st != WB_OK) {
            failed++;
            assert_int_equal(st, WB_ERR_MEMORY);
            assert_int_equal(access("a", F_OK), -1);
        }
    }
    assert_int_equal(failed, 3);
    assert_file("a", "whole");
}

#define FILE_TEST(name)                                                                \
    cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reason_gets_its_places_in_front),
        cmocka_unit_test(a_message_too_long_is_cut_and_ended),
        cmocka_unit_test(a_reason_is_there_however_long_the_path),
        cmocka_unit_test(every_status_has_the_exit_that_the_manual_promises),
        cmocka_unit_test(a_block_is_zeroed_and_knows_its_size),
        cmocka_unit_test(a_freed_block_is_wiped),
        cmocka_unit_test(a_grown_block_keeps_its_bytes),
        cmocka_unit_test(an_impossible_or_refused_size_gives_no_block),
        cmocka_unit_test(a_buffer_grows_up_to_its_maximum_and_not_beyond),
        cmocka_unit_test(a_buffer_formats_and_ends_its_text),
        cmocka_unit_test(want_of_memory_sticks_to_a_buffer),
        cmocka_unit_test(integers_are_little_endian_both_ways),
        cmocka_unit_test(runs_too_long_for_their_length_are_refused),
        cmocka_unit_test(reading_past_the_end_sticks_and_gives_zeros),
        cmocka_unit_test(only_well_formed_utf8_passes),
        cmocka_unit_test(a_text_that_does_not_fit_is_cut_between_two_characters),
        cmocka_unit_test(shown_text_cannot_command_a_terminal),
        cmocka_unit_test(width_counts_columns),
        cmocka_unit_test(text_is_normalized_to_nfc_behind_what_is_there),
        cmocka_unit_test(text_that_may_normalize_otherwise_tomorrow_is_refused),
        cmocka_unit_test(hexadecimal_is_lower_case_and_exact),
        cmocka_unit_test(times_read_and_write_the_same_text),
        cmocka_unit_test(what_is_not_a_time_is_refused),
        FILE_TEST(a_folder_that_a_file_system_cannot_sync_is_no_error),
        FILE_TEST(only_a_regular_file_is_opened),
        FILE_TEST(a_file_is_read_whole_in_part_and_at_a_place),
        FILE_TEST(a_file_is_loaded_up_to_the_maximum),
        FILE_TEST(a_large_file_is_loaded_in_pieces),
        FILE_TEST(a_new_file_appears_whole_under_its_name_only_when_published),
        FILE_TEST(a_file_that_was_not_published_leaves_nothing),
        FILE_TEST(nothing_of_the_users_is_overwritten),
        FILE_TEST(a_file_system_that_can_only_link_publishes_too),
        FILE_TEST(a_kept_file_stays_and_is_published_later),
        FILE_TEST(a_path_is_made_whole_by_the_folder),
        FILE_TEST(every_refusal_of_the_system_leaves_no_file_or_the_whole_one),
        FILE_TEST(every_failing_allocation_leaves_no_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
