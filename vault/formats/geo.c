/* vault/formats/geo.c - a point on the map, and how far off it may be. */
#include "geo.h"

#include <stdbool.h>
#include <string.h>

#include "../base/fail.h"

enum {
    LATITUDE_MAX = 90,
    LONGITUDE_MAX = 180,
    DEGREE_DIGITS = 3,
    METRE_DIGITS = 8,
    FRACTION_DIGITS = 8,
};

struct scan {
    const char *text;
    size_t size;
    size_t at;
    struct wb_error *e;
};

static enum wb_status
refuse(const struct scan *s, size_t at, const char *what)
{
    return wb_fail(s->e, WB_ERR_VALUE, "position %zu: %s", at + 1, wb_word(what));
}

static bool
take(struct scan *s, const char *word)
{
    size_t size = strlen(word);

    if (s->size - s->at < size || memcmp(s->text + s->at, word, size) != 0)
        return false;
    s->at += size;
    return true;
}

/* Up to `most` digits; their sum, and how many there were. */
static size_t
take_digits(struct scan *s, size_t most, unsigned long *sum)
{
    size_t start = s->at;

    *sum = 0;
    while (s->at < s->size && s->at - start < most && s->text[s->at] >= '0' &&
        s->text[s->at] <= '9')
        *sum = *sum * 10 + (unsigned long)(s->text[s->at++] - '0');
    return s->at - start;
}

/* RFC 5870 pnum: digits, and behind a point more of them. */
static enum wb_status
read_number(
    struct scan *s, size_t digits, unsigned long *whole, unsigned long *fraction)
{
    *fraction = 0;
    if (take_digits(s, digits, whole) == 0)
        return refuse(s, s->at, "a digit expected");
    if (take(s, ".") && take_digits(s, FRACTION_DIGITS, fraction) == 0)
        return refuse(s, s->at, "a digit expected");
    return WB_OK;
}

static enum wb_status
read_degrees(struct scan *s, unsigned long most, const char *what)
{
    size_t at = s->at;
    unsigned long whole, fraction;
    enum wb_status st;

    (void)take(s, "-");
    if ((st = read_number(s, DEGREE_DIGITS, &whole, &fraction)) != WB_OK)
        return st;
    if (whole > most || (whole == most && fraction > 0))
        return wb_fail(s->e, WB_ERR_VALUE, "position %zu: %s, limit is %lu degrees",
            at + 1, what, most);
    return WB_OK;
}

enum wb_status
wb_geo_check(const char *text, size_t size, struct wb_error *e)
{
    struct scan s = {.text = text, .size = size, .e = e};
    unsigned long metres, fraction;
    enum wb_status st;

    if (!take(&s, "geo:"))
        return refuse(&s, 0,
            "a point expected, for example geo:55.7558,37.6173;u=500 with a radius of "
            "500 metres");
    if ((st = read_degrees(&s, LATITUDE_MAX, "latitude")) != WB_OK)
        return st;
    if (!take(&s, ","))
        return refuse(&s, s.at, "',' and the longitude expected");
    if ((st = read_degrees(&s, LONGITUDE_MAX, "longitude")) != WB_OK)
        return st;
    if (take(&s, ";u=") &&
        (st = read_number(&s, METRE_DIGITS, &metres, &fraction)) != WB_OK)
        return st;
    return s.at == size ? WB_OK : refuse(&s, s.at, "';u=' and metres, or the end");
}
