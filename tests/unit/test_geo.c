/* tests/unit/test_geo.c - points on the map as geo URIs, and what is none. */
#include "cm.h"

#include <string.h>

#include "formats/geo.h"

/* RFC 5870 sections 1 to 6, the examples without altitude and other systems; the edges
 * of the globe. */
static const char *const good[] = {
    "geo:13.4125,103.8667",
    "geo:48.2010,16.3695",
    "geo:66,30;u=6.500",
    "geo:66.0,30;u=6.5",
    "geo:90,-22.43",
    "geo:-90.00000000,180.0",
    "geo:0,-180",
    "geo:-0.5,0",
    "geo:55.7558,37.6173;u=0",
    "geo:1.12345678,1.12345678;u=99999999.00000001",
};

static const struct {
    const char *text, *message;
} bad[] = {
    /* clang-format off */
    {"", "position 1: a point expected, for example geo:55.7558,37.6173;u=500 with a radius of 500 metres"},
    {"55.7,37.6", "position 1: a point expected, for example geo:55.7558,37.6173;u=500 with a radius of 500 metres"},
    {"GEO:55.7,37.6", "position 1: a point expected, for example geo:55.7558,37.6173;u=500 with a radius of 500 metres"},
    {"geo:", "position 5: a digit expected"},
    {"geo:+5,1", "position 5: a digit expected"},
    {"geo: 5,1", "position 5: a digit expected"},
    {"geo:-,1", "position 6: a digit expected"},
    {"geo:5.,1", "position 7: a digit expected"},
    {"geo:5", "position 6: ',' and the longitude expected"},
    {"geo:5;u=3", "position 6: ',' and the longitude expected"},
    {"geo:5,", "position 7: a digit expected"},
    {"geo:90.00000001,1", "position 5: latitude, limit is 90 degrees"},
    {"geo:-91,1", "position 5: latitude, limit is 90 degrees"},
    {"geo:1,180.1", "position 7: longitude, limit is 180 degrees"},
    {"geo:1,-999", "position 7: longitude, limit is 180 degrees"},
    {"geo:1000,1", "position 5: latitude, limit is 90 degrees"},
    {"geo:1.123456789,1", "position 15: ',' and the longitude expected"},
    {"geo:1,1,100", "position 8: ';u=' and metres, or the end"},
    {"geo:1,1;crs=wgs84", "position 8: ';u=' and metres, or the end"},
    {"geo:1,1;u=", "position 11: a digit expected"},
    {"geo:1,1;u=-5", "position 11: a digit expected"},
    {"geo:1,1;u=500m", "position 14: ';u=' and metres, or the end"},
    {"geo:1,1;u=500;u=1", "position 14: ';u=' and metres, or the end"},
    {"geo:1,1 ", "position 8: ';u=' and metres, or the end"},
    /* clang-format on */
};

static void
every_good_point_is_taken(void **state)
{
    struct wb_error e = {0};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (wb_geo_check(good[i], strlen(good[i]), &e) != WB_OK)
            fail_msg("%s: %s", good[i], e.message);
}

static void
every_bad_one_is_refused_with_its_position(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct wb_error e = {0};

        if (wb_geo_check(bad[i].text, strlen(bad[i].text), &e) != WB_ERR_VALUE)
            fail_msg("taken: %s", bad[i].text);
        assert_string_equal(e.message, bad[i].message);
    }
}

/* A text that ends in the middle is never read past its end. */
static void
every_beginning_of_a_point_is_judged_by_itself(void **state)
{
    static const char text[] = "geo:-55.7558,-37.6173;u=500.25";
    static const char whole[] = "geo:-5"; /* too short without a longitude */
    size_t taken = 0;

    (void)state;
    for (size_t size = 0; size <= strlen(text); size++)
        taken += wb_geo_check(text, size, NULL) == WB_OK;
    assert_int_equal(taken, 11); /* -3, -37, 4 behind the point, then 3 + 2 metres */
    assert_int_equal(wb_geo_check(whole, strlen(whole), NULL), WB_ERR_VALUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_good_point_is_taken),
        cmocka_unit_test(every_bad_one_is_refused_with_its_position),
        cmocka_unit_test(every_beginning_of_a_point_is_judged_by_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
