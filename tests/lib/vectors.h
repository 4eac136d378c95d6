/* tests/lib/vectors.h - the cases of tests/vectors, and the randomness in them.
 */
#ifndef WB_TESTS_VECTORS_H
#define WB_TESTS_VECTORS_H

#include "base/arena.h"
#include "base/wire.h"
#include "cm.h"
#include "crypto/secret.h"
#include "formats/json.h"

/* One case (tests/vectors/README.md). Every member must be looked at: what a test
 * forgets to compare is a failure like any other. Values are borrowed until the file is
 * closed; a missing member, or one of another shape, fails the test. */
struct vector {
    const char *file;
    const char *name;
    const struct wb_json *node;
    const struct wb_json *cases; /* the whole file, for a case that builds on another */
    struct wb_arena *memory;
    uint64_t *seen; /* bit i: member i was looked at */
};

struct vector_bytes {
    const uint8_t *data;
    size_t size;
};

bool vector_has(const struct vector *c, const char *key);
size_t vector_count(const struct vector *c, const char *key);
const char *vector_text(const struct vector *c, const char *key);
uint64_t vector_number(const struct vector *c, const char *key);
struct vector_bytes vector_bytes(const struct vector *c, const char *key);
/* Item `index` of an array. */
const char *vector_text_at(const struct vector *c, const char *key, size_t index);
uint64_t vector_number_at(const struct vector *c, const char *key, size_t index);
struct vector_bytes vector_bytes_at(
    const struct vector *c, const char *key, size_t index);
/* Exactly `size` bytes, copied. */
void vector_copy(const struct vector *c, const char *key, void *out, size_t size);
/* The same as a new secret. */
struct wb_secret *vector_secret(const struct vector *c, const char *key);
/* A case of the same file. What is looked at in it is not counted. */
struct vector vector_other(const struct vector *c, const char *name);

/* Fail naming the case and the member unless the same. */
void vector_same(
    const struct vector *c, const char *key, const void *bytes, size_t size);
void vector_same_at(const struct vector *c, const char *key, size_t index,
    const void *bytes, size_t size);
void vector_same_text(const struct vector *c, const char *key, const char *text);
void vector_same_number(const struct vector *c, const char *key, uint64_t number);
void vector_same_count(const struct vector *c, const char *key, size_t count);
void vector_ok(const struct vector *c, enum wb_status st, const struct wb_error *e);
void vector_true(const struct vector *c, bool holds, const char *what);

/* Which function holds the cases of one `what`. */
struct vector_check {
    const char *what;
    void (*check)(const struct vector *c);
};

/* Checks every case of a file. Fails for a case of a `what` that no row names, for a
 * row that no case reached, and unless as many were checked as the file holds. */
void vectors_run(
    const char *file, const struct vector_check *checks, size_t check_count);

/* What wb_random answers next, in this order; asking for another length, or for more
 * than was fed, fails the test. End before the next case: everything was drawn. */
void vectors_feed(const void *bytes, size_t size);
void vectors_feed_end(const struct vector *c);

#endif
