/* tests/lib/cm.h - cmocka, with the headers it wants in front of it. */
#ifndef WB_TESTS_CM_H
#define WB_TESTS_CM_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

/* A figure for the table of tools/check: so many of `what`, one line of the output. */
#define counted(count, what) print_message("counted %zu %s\n", (size_t)(count), what)

/* Every how many points of a long sweep: `usual`, or what WB_EVERY says, for builds in
 * which everything takes many times as long. */
static inline size_t
every(size_t usual)
{
    const char *given = getenv("WB_EVERY");

    return given == NULL ? usual : (size_t)strtoul(given, NULL, 10);
}

#endif
