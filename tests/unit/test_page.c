/* tests/unit/test_page.c - pages: foreign text stays text, dates become bars. */
#include "cm.h"

#include <string.h>

#include "crypto/hash.h"
#include "formats/base64.h"
#include "report/page.h"
#include "report/qr.h"
#include "report/span.h"

struct page {
    struct wb_buf out;
};

static int
set_up(void **state)
{
    static struct page p;

    wb_buf_init(&p.out, WB_PAGE_BYTES_MAX);
    *state = &p;
    return 0;
}

static int
tear_down(void **state)
{
    wb_buf_wipe(&((struct page *)*state)->out);
    return 0;
}

static size_t
count(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
        n++;
    return n;
}

static void
text_cannot_become_markup(void **state)
{
    static const char evil[] = "<script>alert(\"1\")</script> & 'x'";
    struct page *p = *state;

    wb_page_put(&p->out, "p", evil, sizeof evil - 1);
    assert_string_equal(wb_buf_text(&p->out),
        "<p dir=\"auto\">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; "
        "&#39;x&#39;</p>\n");
}

static void
text_cannot_turn_its_surroundings(void **state)
{
    static const char turned[] = "a\u202Eb\x07";
    struct page *p = *state;

    wb_page_text(&p->out, turned, sizeof turned - 1);
    assert_null(strstr(wb_buf_text(&p->out), "\u202E"));
    assert_null(strchr(wb_buf_text(&p->out), 7));
    assert_non_null(strstr(wb_buf_text(&p->out), "202e"));
}

static void
the_policy_allows_exactly_the_style_that_is_there(void **state)
{
    struct page *p = *state;
    uint8_t hash[WB_HASH_BYTES];
    char said[64] = "'sha256-";
    const char *text, *style, *end;

    wb_page_begin(&p->out, "A <title>");
    wb_page_end(&p->out);
    text = wb_buf_text(&p->out);
    style = strstr(text, "<style>") + strlen("<style>");
    end = strstr(style, "</style>");
    wb_sha256_of(hash, style, (size_t)(end - style));
    wb_base64_encode(said + strlen(said), hash, sizeof hash, WB_BASE64_PADDED);
    assert_non_null(strstr(text, said));
    assert_non_null(strstr(text, "default-src 'none'"));
    assert_non_null(strstr(text, "<title>A &lt;title&gt;</title>"));
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "http://"));
    assert_null(strstr(text, "https://"));
}

static void
span(struct wb_span *s, const char *date, const char *words, const char *what)
{
    struct wb_error e;

    *s = (struct wb_span){.words = words, .what = what, .kind = "act"};
    assert_int_equal(wb_edtf_range(&s->date, date, strlen(date), &e), WB_OK);
}

static void
dates_are_sorted_and_drawn_as_far_as_they_reach(void **state)
{
    struct page *p = *state;
    struct wb_span spans[4];
    const char *text;

    span(&spans[0], "2021-03", "last month", "third");
    span(&spans[1], "2019", "", "first");
    span(&spans[2], "2021-10-20/..", "", "fourth");
    span(&spans[3], "2020-02-29", "", "second");
    wb_span_put(&p->out, spans, 4);
    text = wb_buf_text(&p->out);
    assert_non_null(strstr(text, "1 January 2019"));
    assert_non_null(strstr(text, "31 December 2021"));
    assert_true(strstr(text, "first") < strstr(text, "second"));
    assert_true(strstr(text, "second") < strstr(text, "third"));
    assert_true(strstr(text, "third") < strstr(text, "fourth"));
    assert_non_null(strstr(text, "(<bdi>last month</bdi>)"));
    /* 2019 is 365 of 1096 days: 333 of 1000 */
    assert_non_null(strstr(text, "class=\"sure\" x=\"0\" y=\"1\" width=\"333\""));
    /* one day is drawn wide enough to be seen: 29 February is day 424 */
    assert_non_null(strstr(text, "class=\"sure\" x=\"386\" y=\"1\" width=\"6\""));
    /* an open end is another shade, to the end: 20 October is day 1023 */
    assert_non_null(strstr(text, "class=\"open\" x=\"933\" y=\"1\" width=\"67\""));
    assert_int_equal(count(text, "class=\"mark\""), 2 * 4);
}

static void
dates_beyond_the_calendar_are_said_and_not_drawn(void **state)
{
    struct page *p = *state;
    struct wb_span spans[2];

    span(&spans[0], "Y170000002", "", "far");
    wb_span_put(&p->out, spans, 1);
    assert_non_null(strstr(wb_buf_text(&p->out), "Y170000002"));
    assert_null(strstr(wb_buf_text(&p->out), "<svg"));
    span(&spans[0], "Y170000002", "", "far");
    span(&spans[1], "-0044-03-15", "", "ides");
    wb_buf_clear(&p->out);
    wb_span_put(&p->out, spans, 2);
    assert_non_null(strstr(wb_buf_text(&p->out), "1 January -44"));
    assert_int_equal(count(wb_buf_text(&p->out), "<svg"), 2);
}

static void
no_dates_make_no_timeline(void **state)
{
    struct page *p = *state;

    wb_span_put(&p->out, NULL, 0);
    assert_int_equal(p->out.size, 0);
}

static void
a_code_has_its_quiet_zone_and_refuses_what_is_too_long(void **state)
{
    struct page *p = *state;
    struct wb_error e = {0};
    char text[514];

    assert_int_equal(wb_qr_put(&p->out, "witness", "a root", &e), WB_OK);
    /* version 1 has 21 modules, and 4 on each side */
    assert_non_null(strstr(wb_buf_text(&p->out), "viewBox=\"0 0 29 29\""));
    assert_non_null(strstr(wb_buf_text(&p->out), "M4 4h7v1h-7z"));
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    wb_buf_clear(&p->out);
    assert_int_equal(wb_qr_put(&p->out, text, "long", &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "qr code: 513 bytes, limit is 512");
    assert_int_equal(p->out.size, 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(text_cannot_become_markup),
        TEST(text_cannot_turn_its_surroundings),
        TEST(the_policy_allows_exactly_the_style_that_is_there),
        TEST(dates_are_sorted_and_drawn_as_far_as_they_reach),
        TEST(dates_beyond_the_calendar_are_said_and_not_drawn),
        TEST(no_dates_make_no_timeline),
        TEST(a_code_has_its_quiet_zone_and_refuses_what_is_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
