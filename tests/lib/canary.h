/* tests/lib/canary.h - words that must not be found anywhere, in every disguise. */
#ifndef WB_TESTS_CANARY_H
#define WB_TESTS_CANARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes a word (UTF-8; Latin and Cyrillic letters) in each of these ways: as it is,
 * lower case, upper case; of each base64 with and without a byte or two in front, and
 * hexadecimal in small and in capital letters; UTF-16 of the word as it is. */
enum { CANARY_DISGUISES = 3 + 3 * 3 + 3 * 2 + 1 };
void canary_take(const char *name, const char *word);
/* Disguise `i` of the word taken last, for planting it: bytes and size. */
const uint8_t *canary_disguise(size_t i, size_t *size);
void canary_forget(void);

/* The name of a word that is in these bytes, or NULL. */
const char *canary_find(const void *bytes, size_t size);

/* Looks at the names and the bytes of all files of a folder; answers as canary_find.
 * Counts looks and bytes. */
const char *canary_look(const char *folder);
extern unsigned long canary_looks, canary_bytes;

#endif
