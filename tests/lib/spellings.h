/* tests/lib/spellings.h - words that a search must find by each other, and words that
 * it must not: Latin, Cyrillic and Arabic letters, and across. */
#ifndef WB_TESTS_SPELLINGS_H
#define WB_TESTS_SPELLINGS_H

#include <stddef.h>

enum { SPELLINGS_LEAST = 200, FALSE_FRIENDS_LEAST = 50 };

struct spelling {
    const char *a, *b; /* UTF-8 */
};
extern const struct spelling spellings[], false_friends[];
extern const size_t spelling_count, false_friend_count;

#endif
