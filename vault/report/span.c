/* vault/report/span.c - dates as bars on one axis, years marked. */
#include "span.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../base/fail.h"

enum { AXIS_UNITS = 1000, MARK_UNITS = 6, MARKS_MAX = 40, DAY_SECONDS = 86400 };

/* The days that all bars share, whole years. */
struct axis {
    int64_t first, last; /* days since 1970-01-01, both included */
    int64_t first_year, last_year;
};

/* Ends outside these are as if they were open: the years -9999 to 9999. */
static bool
is_drawn(int64_t day)
{
    return day >= -4371953 && day <= 2932896;
}

static int64_t
year_of(int64_t day)
{
    time_t seconds = (time_t)day * DAY_SECONDS;
    struct tm tm;

    return gmtime_r(&seconds, &tm) != NULL ? tm.tm_year + 1900 : 1970;
}

/* The first day of a month, counted from January of the year 0. */
static int64_t
first_day(int64_t month)
{
    struct tm tm = {.tm_year = (int)(month / 12) - 1900, .tm_mon = (int)(month % 12)};

    tm.tm_mday = 1; /* a month below 0 is taken as it is meant: timegm(3) */
    return (int64_t)timegm(&tm) / DAY_SECONDS;
}

static int
compare(const void *a, const void *b)
{
    return wb_edtf_compare(
        &((const struct wb_span *)a)->date, &((const struct wb_span *)b)->date);
}

/* Whole years from the first to the last day that some date names; false where all
 * ends are open. */
static bool
measure(struct axis *axis, const struct wb_span *spans, size_t count)
{
    int64_t first = INT64_MAX, last = INT64_MIN;

    for (size_t i = 0; i < count; i++) {
        const int64_t ends[] = {spans[i].date.earliest, spans[i].date.latest};

        for (size_t k = 0; k < 2; k++) {
            if (!is_drawn(ends[k]))
                continue;
            first = ends[k] < first ? ends[k] : first;
            last = ends[k] > last ? ends[k] : last;
        }
    }
    if (first > last)
        return false;
    axis->first_year = year_of(first);
    axis->last_year = year_of(last);
    axis->first = first_day(axis->first_year * 12);
    axis->last = first_day((axis->last_year + 1) * 12) - 1;
    return true;
}

static int
place(const struct axis *axis, int64_t day)
{
    double part = (double)(day - axis->first) / (double)(axis->last + 1 - axis->first);

    return (int)(part * AXIS_UNITS);
}

/* Months on an axis of up to two years, else years, or tens or more of them. */
static void
draw_marks(struct wb_buf *out, const struct axis *axis)
{
    int64_t begin = axis->first_year * 12, end = (axis->last_year + 1) * 12, step = 1;

    if (end - begin > 24)
        step = 12;
    while ((end - begin) / step > MARKS_MAX)
        step *= 10;
    for (int64_t month = begin - begin % step; month < end; month += step)
        if (month > begin)
            wb_buf_print(out,
                "<rect class=\"mark\" x=\"%d\" y=\"0\" width=\"1\" height=\"12\"/>",
                place(axis, first_day(month)));
}

static void
draw(struct wb_buf *out, const struct axis *axis, const struct wb_edtf *date)
{
    bool begins = is_drawn(date->earliest), ends = is_drawn(date->latest);
    int from = begins ? place(axis, date->earliest) : 0;
    int to = ends ? place(axis, date->latest + 1) : AXIS_UNITS;

    wb_buf_print(out,
        "<svg class=\"span\" viewBox=\"0 0 %d 12\" preserveAspectRatio=\"none\" "
        "aria-hidden=\"true\"><rect class=\"axis\" x=\"0\" y=\"5\" width=\"%d\" "
        "height=\"2\"/>",
        AXIS_UNITS, AXIS_UNITS);
    draw_marks(out, axis);
    if (to - from < MARK_UNITS) { /* a day is too small to be seen */
        from = from > AXIS_UNITS - MARK_UNITS ? AXIS_UNITS - MARK_UNITS : from;
        to = from + MARK_UNITS;
    }
    wb_buf_print(out,
        "<rect class=\"%s\" x=\"%d\" y=\"1\" width=\"%d\" height=\"10\"/></svg>\n",
        begins && ends ? "sure" : "open", from, to - from);
}

static void
put_one(struct wb_buf *out, const struct axis *axis, const struct wb_span *s)
{
    wb_buf_add_text(out, "<li class=\"whole\"><strong>");
    wb_page_text(out, s->date.text, s->date.size);
    wb_buf_add_text(out, "</strong> ");
    if (s->words[0] != '\0') {
        wb_buf_add_text(out, "(<bdi>");
        wb_page_text(out, s->words, strlen(s->words));
        wb_buf_add_text(out, "</bdi>) ");
    }
    wb_buf_add_text(out, wb_word(s->kind));
    if (s->what[0] != '\0') {
        wb_buf_add_text(out, ": <bdi>");
        wb_page_text(out, s->what, strlen(s->what));
        wb_buf_add_text(out, "</bdi>");
    }
    wb_buf_add_text(out, "\n");
    if (axis != NULL)
        draw(out, axis, &s->date);
    wb_buf_add_text(out, "</li>\n");
}

static void
put_scale(struct wb_buf *out, const struct axis *axis)
{
    wb_buf_add_text(out, "<div class=\"scale\"><span>");
    wb_buf_print(out, wb_word("1 January %lld"), (long long)axis->first_year);
    wb_buf_add_text(out, "</span><span>");
    wb_buf_print(out, wb_word("31 December %lld"), (long long)axis->last_year);
    wb_buf_add_text(out, "</span></div>\n");
}

void
wb_span_put(struct wb_buf *out, struct wb_span *spans, size_t count)
{
    struct axis axis;
    bool drawn;

    if (count == 0)
        return;
    qsort(spans, count, sizeof *spans, compare);
    drawn = measure(&axis, spans, count);
    if (drawn)
        put_scale(out, &axis);
    wb_buf_add_text(out, "<ul class=\"plain\">\n");
    for (size_t i = 0; i < count; i++)
        put_one(out, drawn ? &axis : NULL, &spans[i]);
    wb_buf_add_text(out, "</ul>\n");
}
