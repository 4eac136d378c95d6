/* vault/formats/edtf.h - dates as people know them: uncertain, partial, open-ended. */
#ifndef WB_FORMATS_EDTF_H
#define WB_FORMATS_EDTF_H

#include <stdint.h>

#include <witnessbox/error.h>

/* Extended Date/Time Format, Library of Congress, 4 February 2019, levels 0 and 1
 * (https://www.loc.gov/standards/datetime/), over ISO 8601-1:2019:
 *
 *   1985  1985-04  1985-04-12  -1985              real days; -0000 is no year
 *   1985-04-12T23:20:30  ...Z  ...-04  ...+04:30  times; seconds to 59, no 24:00
 *   Y170000002  Y-170000002                       years of 5 to 12 digits
 *   2001-21                                       seasons: 21 spring, 22 summer,
 *                                                 23 autumn, 24 winter
 *   1984?  2004-06~  2004-06-11%                  uncertain, approximate, both
 *   201X  20XX  2004-XX  1985-04-XX  1985-XX-XX   unspecified digits
 *   1964/2008  1985-04/..  ../1985                intervals; .. is an open end,
 *   1985-04-12/  /1985                            nothing an unknown one
 *
 * An end of an interval is a date, a season or a long year, qualified or not; times
 * (level 0) and unspecified digits (level 2) do not stand there. One end is a date, and
 * the interval must not end before it begins. */

/* What a text says, as days since 1970-01-01, both ends included, in the proleptic
 * Gregorian calendar; every day the text allows lies between them.
 *   - a qualifier does not widen the range: nobody knows by how much
 *   - open and unknown ends alike are INT64_MIN and INT64_MAX
 *   - seasons are those of the northern hemisphere by whole months: 21 is March to May,
 *     22 June to August, 23 September to November, 24 December to the end of the next
 *     year's February
 *   - a time counts as the day that is written, whatever its shift from UTC */
struct wb_edtf {
    const char *text; /* borrowed: lives as long as the caller's */
    size_t size;
    int64_t earliest;
    int64_t latest;
};

/* Errors  VALUE with the 1-based position and what is expected there, for example
 *         "position 6: month is 13, 01 to 12 or season 21 to 24" */
WB_CHECKED enum wb_status wb_edtf_check(
    const char *text, size_t size, struct wb_error *e);

/* As wb_edtf_check; fills `d` on WB_OK. */
WB_CHECKED enum wb_status wb_edtf_range(
    struct wb_edtf *d, const char *text, size_t size, struct wb_error *e);

/* Order for lists: earliest day, then latest day, then the text bytewise. Below, equal
 * to or above 0; 0 only for the same text. */
int wb_edtf_compare(const struct wb_edtf *a, const struct wb_edtf *b);

#endif
