/* vault/base/clock.c - the device's clock, said to be just that. */
#include "clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECONDS_MIN (-62167219200LL) /* 0000-01-01T00:00:00Z */
#define SECONDS_MAX 253402300799LL   /* 9999-12-31T23:59:59Z */

int64_t (*wb_clock_source)(void);

int64_t
wb_clock_now(void)
{
    struct timespec now;

    if (wb_clock_source != NULL)
        return wb_clock_source();
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

void
wb_clock_text(char out[static WB_TIME_TEXT_BYTES], int64_t seconds)
{
    struct tm parts;
    time_t when = seconds;
    char text[64];

    if (seconds < SECONDS_MIN)
        when = SECONDS_MIN;
    if (seconds > SECONDS_MAX)
        when = SECONDS_MAX;
    (void)gmtime_r(&when, &parts);
    (void)snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ",
        parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
        parts.tm_min, parts.tm_sec);
    memcpy(out, text, WB_TIME_TEXT_BYTES);
    out[WB_TIME_TEXT_BYTES - 1] = '\0';
}

/* Digits at text[at .. at + count - 1], or -1. */
static int
number_at(const char *text, int at, int count)
{
    int value = 0;

    for (int i = at; i < at + count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool
wb_clock_parse(int64_t *seconds, const char *text, size_t length)
{
    struct tm parts = {0};
    char again[WB_TIME_TEXT_BYTES];
    int64_t when;

    if (length != WB_TIME_TEXT_BYTES - 1)
        return false;
    parts.tm_year = number_at(text, 0, 4) - 1900;
    parts.tm_mon = number_at(text, 5, 2) - 1;
    parts.tm_mday = number_at(text, 8, 2);
    parts.tm_hour = number_at(text, 11, 2);
    parts.tm_min = number_at(text, 14, 2);
    parts.tm_sec = number_at(text, 17, 2);
    when = timegm(&parts);
    wb_clock_text(
        again, when); /* one text per time: anything else does not come back */
    if (memcmp(again, text, length) != 0)
        return false;
    *seconds = when;
    return true;
}
