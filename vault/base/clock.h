/* vault/base/clock.h - the device's clock, said to be just that. */
#ifndef WB_BASE_CLOCK_H
#define WB_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WB_TIME_TEXT_BYTES = 21 };

/* Seconds since 1970-01-01 UTC by the device's clock. */
int64_t wb_clock_now(void);

/* RFC 3339 in UTC to the second, 2026-11-23T05:40:39Z, with the NUL. Years 0000 to
 * 9999; outside that, the nearest end. */
void wb_clock_text(char out[static WB_TIME_TEXT_BYTES], int64_t seconds);

/* Reads exactly what wb_clock_text writes. */
bool wb_clock_parse(int64_t *seconds, const char *text, size_t length);

/* Test seam: while not NULL, the clock. */
extern int64_t (*wb_clock_source)(void);

#endif
