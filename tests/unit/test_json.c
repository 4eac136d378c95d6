/* tests/unit/test_json.c - JSON in one form out, and strictly in. */
#include "cm.h"

#include <string.h>

#include "base/mem.h"
#include "crypto/secret.h"
#include "formats/json.h"

enum { MAX = 64 * 1024 };

/* Of one test; free_nodes at its end. */
static struct wb_arena nodes;

static int
free_nodes(void **state)
{
    (void)state;
    wb_arena_free(&nodes);
    return 0;
}

static const struct wb_json *
read_good(const char *text)
{
    const struct wb_json *root = NULL;
    struct wb_error e = {0};

    if (wb_json_decode(&root, &nodes, text, strlen(text), MAX, &e) != WB_OK)
        fail_msg("%s: %s", text, e.message);
    assert_non_null(root);
    return root;
}

static void
assert_text(const struct wb_json *node, const char *expected, size_t size)
{
    const char *text = NULL;
    size_t length = 0;

    assert_true(wb_json_get_text(node, &text, &length));
    assert_int_equal(length, size);
    assert_memory_equal(text, expected, size + 1);
}

static void
a_document_is_written_without_a_choice(void **state)
{
    static const uint8_t hash[] = {0x00, 0xab, 0xff};
    struct wb_json_out o;
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, MAX);
    wb_json_out_init(&o, &b);
    wb_json_object(&o);
    wb_json_key(&o, "id");
    wb_json_text(&o, "k7");
    wb_json_key(&o, "empty");
    wb_json_object(&o);
    wb_json_object_end(&o);
    wb_json_key(&o, "list");
    wb_json_array(&o);
    wb_json_array(&o);
    wb_json_array_end(&o);
    wb_json_number(&o, 0);
    wb_json_number(&o, UINT64_MAX);
    wb_json_bool(&o, true);
    wb_json_bool(&o, false);
    wb_json_object(&o);
    wb_json_key(&o, "root");
    wb_json_hex(&o, hash, sizeof hash);
    wb_json_object_end(&o);
    wb_json_string(&o, NULL, 0);
    wb_json_array_end(&o);
    wb_json_object_end(&o);
    assert_string_equal(wb_buf_text(&b),
        "{\"id\":\"k7\",\"empty\":{},\"list\":[[],0,18446744073709551615,true,false,"
        "{\"root\":\"00abff\"},\"\"]}");
    assert_int_equal(wb_buf_check(&b, NULL), WB_OK);
    wb_buf_wipe(&b);
}

static void
only_quotes_backslashes_and_controls_are_escaped(void **state)
{
    struct wb_json_out o;
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, MAX);
    wb_json_out_init(&o, &b);
    wb_json_text(&o, "\"a\\b/\n\t\x01\x1f\x7f \xd2\x93\xf0\x9f\x98\x80 </x>");
    assert_string_equal(wb_buf_text(&b),
        "\"\\\"a\\\\b/\\u000a\\u0009\\u0001\\u001f\x7f \xd2\x93\xf0\x9f\x98\x80 "
        "</x>\"");
    wb_buf_wipe(&b);
}

static void
every_ascii_character_comes_back(void **state)
{
    char text[127];
    struct wb_json_out o;
    const struct wb_json *root;
    struct wb_buf b;

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i + 1);
    wb_buf_init(&b, MAX);
    wb_json_out_init(&o, &b);
    wb_json_array(&o);
    for (size_t i = 0; i < sizeof text; i++)
        wb_json_string(&o, text + i, sizeof text - i);
    wb_json_array_end(&o);
    root = read_good(wb_buf_text(&b));
    assert_int_equal(wb_json_count(root), 127);
    for (size_t i = 0; i < sizeof text; i++) {
        const char *back = NULL;
        size_t size = 0;

        assert_true(wb_json_get_text(wb_json_at(root, i), &back, &size));
        assert_int_equal(size, sizeof text - i);
        assert_memory_equal(back, text + i, size);
    }
    wb_buf_wipe(&b);
}

static void
text_that_is_no_unicode_is_not_written(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } cases[] = {{"a\0b", 3}, {"\xff", 1}, {"a\xc3", 2}, {"\xed\xa0\x80", 3}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wb_json_out o;
        struct wb_buf b;

        wb_buf_init(&b, MAX);
        wb_json_out_init(&o, &b);
        wb_json_string(&o, cases[i].text, cases[i].size);
        wb_json_text(&o, "later");
        assert_int_equal(wb_buf_check(&b, NULL), WB_ERR_VALUE);
        assert_int_equal(b.size, 0);
        wb_buf_wipe(&b);
    }
}

static void
a_document_above_the_buffers_maximum_is_a_limit(void **state)
{
    struct wb_json_out o;
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, 3);
    wb_json_out_init(&o, &b);
    wb_json_text(&o, "ab");
    assert_int_equal(wb_buf_check(&b, NULL), WB_ERR_LIMIT);
    wb_buf_wipe(&b);
}

static void
members_and_items_are_found(void **state)
{
    const struct wb_json *root =
        read_good(" {\"kind\" : \"act\", \"fields\": {\"\xd2\x93\": [\"a\", \"\"]},\n"
                  "\"n\": 1, \"r\": 1.5, \"t\": true, \"z\": null} \n");
    const struct wb_json *fields = wb_json_get(root, "fields");
    const struct wb_json *list = wb_json_get(fields, "\xd2\x93");

    (void)state;
    assert_true(wb_json_is_object(root));
    assert_false(wb_json_is_array(root));
    assert_int_equal(wb_json_count(root), 6);
    assert_text(wb_json_get(root, "kind"), "act", 3);
    assert_true(wb_json_is_object(fields));
    assert_true(wb_json_is_array(list));
    assert_false(wb_json_is_object(list));
    assert_int_equal(wb_json_count(list), 2);
    assert_text(wb_json_at(list, 0), "a", 1);
    assert_text(wb_json_at(list, 1), "", 0);
    assert_null(wb_json_at(list, 2));
    assert_null(wb_json_get(root, "Kind"));
}

static void
what_is_not_of_the_type_is_no_node(void **state)
{
    static const char *const others[] = {"n", "r", "t", "z", "list", "absent"};
    const struct wb_json *root = read_good(
        "{\"n\":1,\"r\":1.5,\"t\":true,\"z\":null,\"list\":[],\"text\":\"x\"}");
    const struct wb_json *text = wb_json_get(root, "text");

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const struct wb_json *node = wb_json_get(root, others[i]);
        const char *at = "before";
        size_t size = 6;

        assert_false(wb_json_get_text(node, &at, &size));
        assert_string_equal(at, "before");
        assert_int_equal(size, 6);
        assert_int_equal(wb_json_count(node), 0);
        assert_null(wb_json_at(node, 0));
        assert_null(wb_json_get(node, "x"));
        assert_false(wb_json_is_object(node));
    }
    assert_int_equal(wb_json_count(text), 0);
    assert_null(wb_json_at(text, 0));
    assert_null(wb_json_get(text, "x"));
    assert_null(wb_json_at(root, 0));
}

static void
escapes_and_surrogate_pairs_are_resolved(void **state)
{
    const struct wb_json *root =
        read_good("[\"\\u0061\\n\\/\\u0493\\uD83D\\ude00\", \"\xf0\x9f\x98\x80\"]");

    (void)state;
    assert_text(wb_json_at(root, 0), "a\n/\xd2\x93\xf0\x9f\x98\x80", 9);
    assert_text(wb_json_at(root, 1), "\xf0\x9f\x98\x80", 4);
}

static void
members_are_walked_in_the_order_of_the_input(void **state)
{
    static const char *const names[] = {"z", "a", "m", "", "aa", "b"};
    const struct wb_json *root =
        read_good("{\"z\":\"0\",\"a\":\"1\",\"m\":\"2\",\"\":\"3\","
                  "\"aa\":\"4\",\"b\":\"5\"}");
    const struct wb_json *value;
    struct wb_json_walk w;
    const char *key;
    size_t seen = 0;

    (void)state;
    wb_json_walk_init(&w, root);
    while (wb_json_walk_next(&w, &key, &value)) {
        char digit[2] = {(char)('0' + seen), '\0'};

        assert_true(seen < 6);
        assert_string_equal(key, names[seen]);
        assert_text(value, digit, 1);
        seen++;
    }
    assert_int_equal(seen, 6);
    wb_json_walk_init(&w, wb_json_get(root, "z"));
    assert_false(wb_json_walk_next(&w, &key, &value));
    wb_json_walk_init(&w, NULL);
    assert_false(wb_json_walk_next(&w, &key, &value));
}

static const struct {
    const char *text, *message;
} bad[] = {
    /* clang-format off */
    {"", "position 0: the text ends too early"},
    {"{", "position 1: the text ends too early"},
    {"[\"abc", "position 5: the text ends too early"},
    {"\"text\"", "position 6: not a JSON object or array"},
    {"1", "position 1: not a JSON object or array"},
    {"null", "position 4: not a JSON object or array"},
    {"{} {}", "position 4: text behind the end of the value"},
    {"[]x", "position 3: text behind the end of the value"},
    {"{\"a\":\"1\",\"a\":\"2\"}", "position 12: a name twice in one object"},
    {"{\"a\":\"1\",\"\\u0061\":\"2\"}", "position 17: a name twice in one object"},
    {"[\"a\\u0000\"]", "position 10: a zero character"},
    {"{\"\\u0000\":\"a\"}", "position 9: a zero character"},
    {"[\"\xff\"]", "position 2: not UTF-8"},
    {"[\"\xc0\x80\"]", "position 2: not UTF-8"},
    {"[\"\xed\xa0\x80\"]", "position 2: not UTF-8"},
    {"[\"\\ud800\"]", "position 9: not a JSON object or array"},
    {"[\"a\nb\"]", "position 3: not a JSON object or array"},
    {"\xef\xbb\xbf[]", "position 3: not a JSON object or array"},
    {"[\"a\",]", "position 6: not a JSON object or array"},
    {"{\"a\":\"b\",}", "position 10: not a JSON object or array"},
    {"{a:1}", "position 2: not a JSON object or array"},
    {"['a']", "position 2: not a JSON object or array"},
    {"[1e999]", "position 6: a number out of range"},
    {"[99999999999999999999]", "position 21: a number out of range"},
    {"[01]", "position 2: not a JSON object or array"},
    {"[NaN]", "position 4: not a JSON object or array"},
    {"// x\n[]", "position 1: not a JSON object or array"},
    /* clang-format on */
};

static void
what_is_not_strict_json_is_refused_with_its_position(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct wb_json *root = NULL;
        struct wb_error e = {0};

        if (wb_json_decode(&root, &nodes, bad[i].text, strlen(bad[i].text), MAX, &e) !=
            WB_ERR_FORMAT)
            fail_msg("%s was not refused", bad[i].text);
        assert_string_equal(e.message, bad[i].message);
        assert_null(root);
    }
}

static void
a_zero_byte_in_the_input_is_refused(void **state)
{
    const struct wb_json *root = NULL;

    (void)state;
    assert_int_equal(
        wb_json_decode(&root, &nodes, "[\"a\0b\"]", 7, MAX, NULL), WB_ERR_FORMAT);
    assert_int_equal(
        wb_json_decode(&root, &nodes, "[]\0", 3, MAX, NULL), WB_ERR_FORMAT);
    assert_null(root);
}

static void
input_above_the_maximum_is_refused(void **state)
{
    const struct wb_json *root = NULL;
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_json_decode(&root, &nodes, "[   ]", 5, 4, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "size: 5 bytes, limit is 4");
    assert_null(root);
    assert_int_equal(wb_json_decode(&root, &nodes, "[  ]", 4, 4, &e), WB_OK);
}

static void
sixteen_levels_are_read_and_seventeen_refused(void **state)
{
    static const char deep[] =
        "[[[[[[[[{\"a\":[[[[[[[\"[[[[[[[[[\\\"[[[[[[[\"]]]]]]]}]]]]]]]]";
    static const char deeper[] = "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]";
    const struct wb_json *root = NULL, *none = NULL;
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(
        wb_json_decode(&root, &nodes, deep, sizeof deep - 1, MAX, &e), WB_OK);
    assert_int_equal(wb_json_decode(&none, &nodes, deeper, sizeof deeper - 1, MAX, &e),
        WB_ERR_LIMIT);
    assert_string_equal(e.message, "position 17: nested more than 16 deep");
    assert_null(none);
}

static void
many_brackets_beside_one_another_are_not_deep(void **state)
{
    const struct wb_json *root =
        read_good("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
                  "[],[],{},{},{}]");

    (void)state;
    assert_int_equal(wb_json_count(root), 21);
}

static int allocations_left;

static bool
starve(void)
{
    return allocations_left-- == 0;
}

static void
every_allocation_may_fail(void **state)
{
    static const char text[] = "{\"kind\":\"act\",\"list\":[\"a\",\"b\",[\"\\u0493\"],{"
                               "\"a\":\"b\"}],\"n\":1.5}";
    const struct wb_json *root = NULL;
    enum wb_status st = WB_ERR_MEMORY;
    int reached = 0;

    (void)state;
    wb_mem_room_fault = starve;
    for (; st != WB_OK; reached++) {
        struct wb_error e = {0};

        allocations_left = reached;
        st = wb_json_decode(&root, &nodes, text, sizeof text - 1, MAX, &e);
        if (st != WB_OK) {
            assert_int_equal(st, WB_ERR_MEMORY);
            assert_string_equal(e.message, "not enough memory");
            assert_null(root);
        }
    }
    wb_mem_room_fault = NULL;
    assert_true(reached > 20); /* and so jansson takes its memory from the arena */
}

static bool
refuse_large(size_t size)
{
    return size > 5000;
}

/* The text that grows finds no room, and what is made of it would. */
static void
a_string_that_cannot_grow_is_not_read_past_its_end(void **state)
{
    static char text[12000];
    struct wb_error e = {0};
    unsigned refused = 0;

    (void)state;
    for (size_t size = 1; size < sizeof text - 4; size++) {
        struct wb_arena arena = {0};
        const struct wb_json *root = NULL;
        enum wb_status st;

        memset(text, 'a', sizeof text);
        memcpy(text, "[\"", 2);
        memcpy(text + 2 + size, "\"]", 2);
        wb_mem_fault = refuse_large;
        st = wb_json_decode(&root, &arena, text, size + 4, MAX, &e);
        wb_mem_fault = NULL;
        if (st != WB_OK) {
            assert_int_equal(st, WB_ERR_MEMORY);
            assert_null(root);
            refused++;
        }
        wb_arena_free(&arena);
    }
    assert_true(refused > 5000);
}

/* Canonical in, the same bytes out: a record is read, built again and compared. */
static void
write_again(struct wb_json_out *o, const struct wb_json *node)
{
    const struct wb_json *value;
    struct wb_json_walk w;
    const char *text;
    size_t size;

    if (wb_json_get_text(node, &text, &size))
        wb_json_string(o, text, size);
    if (wb_json_is_array(node)) {
        wb_json_array(o);
        for (size_t i = 0; i < wb_json_count(node); i++)
            write_again(o, wb_json_at(node, i));
        wb_json_array_end(o);
    }
    if (wb_json_is_object(node)) {
        wb_json_object(o);
        wb_json_walk_init(&w, node);
        while (wb_json_walk_next(&w, &text, &value)) {
            wb_json_key(o, text);
            write_again(o, value);
        }
        wb_json_object_end(o);
    }
}

static void
a_canonical_document_is_rebuilt_byte_for_byte(void **state)
{
    static const char text[] =
        "{\"b\":[\"x\",[],{}],\"a\":{\"\\u001f\":\"\\\"\\\\\",\"\xd2\x93\":\"\"}}";
    const struct wb_json *root = read_good(text);
    struct wb_json_out o;
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, MAX);
    wb_json_out_init(&o, &b);
    write_again(&o, root);
    assert_string_equal(wb_buf_text(&b), text);
    wb_buf_wipe(&b);
}

/* Whatever one byte becomes: refused, or read and canonical after one rebuilding. */
static void
every_changed_byte_is_read_or_refused(void **state)
{
    static const char text[] = "{\"a\":[\"\\u0493\",\"x\"],\"b\":{\"c\":\"\xd2\x93\"}}";
    size_t read = 0, refused = 0;
    struct wb_buf b;

    (void)state;
    wb_buf_init(&b, MAX);
    for (size_t at = 0; at < sizeof text - 1; at++)
        for (int value = 0; value < 256; value++) {
            char *changed = wb_mem_copy(text, sizeof text - 1);
            const struct wb_json *root = NULL;
            struct wb_json_out o;

            assert_non_null(changed);
            changed[at] = (char)value;
            if (wb_json_decode(&root, &nodes, changed, sizeof text - 1, MAX, NULL) ==
                WB_OK) {
                wb_buf_clear(&b);
                wb_json_out_init(&o, &b);
                write_again(&o, root);
                assert_int_equal(wb_buf_check(&b, NULL), WB_OK);
                read++;
            } else
                refused++;
            wb_arena_free(&nodes);
            wb_mem_free(changed);
        }
    assert_true(read > 500 && refused > 5000);
    wb_buf_wipe(&b);
}

static int
start(void **state)
{
    (void)state;
    return wb_crypto_start(NULL) == WB_OK ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_document_is_written_without_a_choice, free_nodes),
        cmocka_unit_test_teardown(
            only_quotes_backslashes_and_controls_are_escaped, free_nodes),
        cmocka_unit_test_teardown(every_ascii_character_comes_back, free_nodes),
        cmocka_unit_test_teardown(text_that_is_no_unicode_is_not_written, free_nodes),
        cmocka_unit_test_teardown(
            a_document_above_the_buffers_maximum_is_a_limit, free_nodes),
        cmocka_unit_test_teardown(members_and_items_are_found, free_nodes),
        cmocka_unit_test_teardown(what_is_not_of_the_type_is_no_node, free_nodes),
        cmocka_unit_test_teardown(escapes_and_surrogate_pairs_are_resolved, free_nodes),
        cmocka_unit_test_teardown(
            members_are_walked_in_the_order_of_the_input, free_nodes),
        cmocka_unit_test_teardown(
            what_is_not_strict_json_is_refused_with_its_position, free_nodes),
        cmocka_unit_test_teardown(a_zero_byte_in_the_input_is_refused, free_nodes),
        cmocka_unit_test_teardown(input_above_the_maximum_is_refused, free_nodes),
        cmocka_unit_test_teardown(
            sixteen_levels_are_read_and_seventeen_refused, free_nodes),
        cmocka_unit_test_teardown(
            many_brackets_beside_one_another_are_not_deep, free_nodes),
        cmocka_unit_test(a_string_that_cannot_grow_is_not_read_past_its_end),
        cmocka_unit_test_teardown(every_allocation_may_fail, free_nodes),
        cmocka_unit_test_teardown(
            a_canonical_document_is_rebuilt_byte_for_byte, free_nodes),
        cmocka_unit_test_teardown(every_changed_byte_is_read_or_refused, free_nodes),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
