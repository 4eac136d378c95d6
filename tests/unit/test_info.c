/* tests/unit/test_info.c - bag-info.txt: read as it is written, and in no other way. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "bundle/info.h"
#include "bundle/rules.h"
#include "formats/bagit.h"

static struct wb_info
sample(void)
{
    struct wb_info info = {.purpose = "partner",
        .level = "named",
        .time = "2026-11-23T05:40:39Z",
        .octets = 1234,
        .members = 5,
        .records = 3,
        .files = 2,
        .recipient_count = 2,
        .checkpoint = "a note\n"};
    const uint8_t points[2][WB_POINT_BYTES] = {{9}, {10}};
    char one[WB_AGE_RECIPIENT_CHARS + 1], two[WB_AGE_RECIPIENT_CHARS + 1];

    wb_age_recipient_encode(one, points[0]);
    wb_age_recipient_encode(two, points[1]);
    memcpy(info.recipients[0], strcmp(one, two) < 0 ? one : two, sizeof one);
    memcpy(info.recipients[1], strcmp(one, two) < 0 ? two : one, sizeof two);
    info.bundle.bytes[0] = 7;
    return info;
}

/* Sorted by id, so given the other way round. */
static void
answer_for_two(struct wb_info *info)
{
    const struct wb_id ids[] = {{{2}}, {{1}}};
    struct wb_error e = {0};

    assert_int_equal(
        wb_info_add_override(info, &ids[0], "The mother agreed.", &e), WB_OK);
    assert_int_equal(wb_info_add_override(info, &ids[1],
                         "\xd0\xa1\xd0\xbf\xd0\xb5\xd1\x88\xd0\xbd\xd0\xbe", &e),
        WB_OK);
    wb_info_settle(info);
}

static struct wb_buf
written(void)
{
    struct wb_info info = sample();
    struct wb_buf text;

    answer_for_two(&info);
    wb_buf_init(&text, WB_BAGIT_INFO_MAX);
    wb_info_encode(&text, &info);
    assert_int_equal(wb_buf_check(&text, NULL), WB_OK);
    wb_info_wipe(&info);
    return text;
}

static void
what_was_written_is_read(void **state)
{
    struct wb_buf text = written();
    struct wb_info info;
    struct wb_error e = {0};

    (void)state;
    if (wb_info_decode(&info, text.data, text.size, &e) != WB_OK)
        fail_msg("%s", e.message);
    assert_int_equal(info.octets, 1234);
    assert_int_equal(info.members, 5);
    assert_int_equal(info.recipient_count, 2);
    assert_int_equal(wb_info_override_count(&info), 2);
    assert_int_equal(wb_info_override(&info, 0)->id.bytes[0], 1);
    assert_string_equal(wb_info_override(&info, 1)->reason, "The mother agreed.");
    assert_string_equal(info.checkpoint, "a note\n");
    wb_info_wipe(&info);
    wb_buf_wipe(&text);
}

/* ---- bent: the first line of that label, or all behind its beginning ---- */

static void
replace_line(struct wb_buf *out, const char *text, const char *label, const char *with)
{
    const char *at = strstr(text, label), *end;

    assert_non_null(at);
    end = strchr(at, '\n');
    assert_non_null(end);
    wb_buf_add(out, text, (size_t)(at - text));
    wb_buf_add_text(out, with);
    wb_buf_add_text(out, end + 1);
}

static void
assert_refused(const char *label, const char *with, enum wb_rule rule, const char *what)
{
    struct wb_buf text = written(), bent;
    struct wb_info info;
    struct wb_error e = {0};

    wb_buf_init(&bent, 2 * WB_BAGIT_INFO_MAX);
    replace_line(&bent, wb_buf_text(&text), label, with);
    if (wb_info_decode(&info, bent.data, bent.size, &e) != wb_rule_at(rule)->status)
        fail_msg("%s -> %s: %s", label, with, e.message);
    if (strstr(e.message, wb_rule_at(rule)->message) == NULL ||
        strstr(e.message, what) == NULL)
        fail_msg("%s -> %s: not %s: %s", label, with, what, e.message);
    wb_info_wipe(&info);
    wb_buf_wipe(&bent);
    wb_buf_wipe(&text);
}

static void
each_line_is_there_and_says_what_it_may(void **state)
{
    static const struct {
        const char *label, *with, *what;
    } rows[] = {
        {"Bagging-Date", "", "the labels or their order"},
        {"Witnessbox-Format", "", "the labels or their order"},
        {"Witnessbox-Format", "Witnessbox-Format: one\n", "the labels"},
        {"Witnessbox-Format", "Witnessbox-Format: 0\n", "the labels"},
        {"Payload-Oxum", "", "Payload-Oxum"},
        {"Payload-Oxum", "Payload-Oxum: 1234\n", "Payload-Oxum"},
        {"Witnessbox-Bundle", "", "Witnessbox-Bundle"},
        {"Witnessbox-Bundle", "Witnessbox-Bundle: short\n", "Witnessbox-Bundle"},
        {"Witnessbox-Time", "", "Witnessbox-Time"},
        {"Witnessbox-Time", "Witnessbox-Time: today\n", "Witnessbox-Time"},
        {"Witnessbox-Purpose", "", "Witnessbox-Purpose"},
        {"Witnessbox-Purpose", "Witnessbox-Purpose: fun\n", "Witnessbox-Purpose"},
        {"Witnessbox-Level", "", "Witnessbox-Level"},
        {"Witnessbox-Level", "Witnessbox-Level: known\n", "Witnessbox-Level"},
        {"Witnessbox-Sender", "", "Witnessbox-Sender"},
        {"Witnessbox-Sender", "Witnessbox-Sender: RWnobody\n", "Witnessbox-Sender"},
        {"Witnessbox-Recipient", "Witnessbox-Recipient: age1nobody\n", "not an age1"},
        {"Witnessbox-Records", "", "Witnessbox-Records"},
        {"Witnessbox-Records", "Witnessbox-Records: 03\n", "Witnessbox-Records"},
        {"Witnessbox-Files", "", "Witnessbox-Files"},
        {"Witnessbox-Files", "Witnessbox-Files: two\n", "Witnessbox-Files"},
        {"Witnessbox-Override", "Witnessbox-Override: short\n", "ids, ascending"},
        {"Witnessbox-Override", "Witnessbox-Override: short eA==\n", "ids, ascending"},
        {"Witnessbox-Override", "Witnessbox-Override: 04000000000000000000000000 =\n",
            "the reason"},
        {"Witnessbox-Checkpoint", "Witnessbox-Checkpoint: =\n",
            "Witnessbox-Checkpoint"},
        {"Witnessbox-Checkpoint", "Witnessbox-Other: 1\n", "the labels, their order"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_refused(rows[i].label, rows[i].with, WB_RULE_INFO_FORM, rows[i].what);
    assert_refused(
        "Witnessbox-Format", "Witnessbox-Format: 2\n", WB_RULE_INFO_VERSION, "");
}

static int
compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void
more_than_sixteen_recipients_are_refused(void **state)
{
    char keys[WB_RECIPIENTS_MAX + 1][WB_AGE_RECIPIENT_CHARS + 1], last[128];
    static struct wb_info info, read; /* large */
    struct wb_buf text, bent;
    struct wb_error e = {0};

    (void)state;
    for (size_t i = 0; i <= WB_RECIPIENTS_MAX; i++) {
        const uint8_t point[WB_POINT_BYTES] = {(uint8_t)(i + 9)};

        wb_age_recipient_encode(keys[i], point);
    }
    qsort(keys, WB_RECIPIENTS_MAX + 1, sizeof keys[0], compare);
    info = sample();
    memcpy(info.recipients, keys, sizeof info.recipients);
    info.recipient_count = WB_RECIPIENTS_MAX;
    wb_buf_init(&text, WB_BAGIT_INFO_MAX);
    wb_buf_init(&bent, WB_BAGIT_INFO_MAX);
    wb_info_encode(&text, &info);
    assert_int_equal(wb_info_decode(&read, text.data, text.size, &e), WB_OK);
    wb_info_wipe(&read);
    (void)snprintf(last, sizeof last,
        "Witnessbox-Recipient: %s\nWitnessbox-Records: 3\n", keys[WB_RECIPIENTS_MAX]);
    replace_line(&bent, wb_buf_text(&text), "Witnessbox-Records", last);
    assert_int_equal(wb_info_decode(&read, bent.data, bent.size, &e), WB_ERR_FORMAT);
    assert_non_null(strstr(e.message, "Witnessbox-Recipient: more than 16"));
    wb_info_wipe(&read);
    wb_buf_wipe(&bent);
    wb_buf_wipe(&text);
}

/* ---- the reason of an override ---- */

static void
a_reason_is_one_line_of_text(void **state)
{
    char longest[WB_INFO_REASON_MAX + 2];
    const char *const refused[] = {"", longest, "two\nlines", "a\ttab", "\x7f",
        "half a letter \xd0", "a surrogate \xed\xa0\x80"};
    const struct wb_id id = {{1}};
    struct wb_info info = {0};
    struct wb_error e = {0};

    (void)state;
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_int_equal(
            wb_info_add_override(&info, &id, refused[i], &e), WB_ERR_USAGE);
        assert_string_equal(
            e.message, "reason: one line of 1 to 900 bytes without control characters");
        assert_int_equal(wb_info_override_count(&info), 0);
    }
    longest[WB_INFO_REASON_MAX] = '\0';
    assert_int_equal(wb_info_add_override(&info, &id, longest, &e), WB_OK);
    assert_string_equal(wb_info_override(&info, 0)->reason, longest);
    wb_info_wipe(&info);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(each_line_is_there_and_says_what_it_may),
        cmocka_unit_test(more_than_sixteen_recipients_are_refused),
        cmocka_unit_test(a_reason_is_one_line_of_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
