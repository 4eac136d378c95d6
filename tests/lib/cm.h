/* tests/lib/cm.h - cmocka, with the headers it wants in front of it. */
#ifndef WB_TESTS_CM_H
#define WB_TESTS_CM_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
