/* tests/lib/hostile.h - what somebody may do to a vault behind its back. */
#ifndef WB_TESTS_HOSTILE_H
#define WB_TESTS_HOSTILE_H

#include "journal.h"
#include "room.h"

enum { HOSTILE_PAGE_BYTES = 16384 };

/* Overwrites bytes of the vault file. */
void hostile_poke(const struct room *r, size_t at, const void *bytes, size_t size);

/* The name of the vault and an ending; a file of that name. */
void hostile_beside(
    char out[static ROOM_PATH_BYTES], const struct room *r, const char *ending);
void hostile_put_beside(
    const struct room *r, const char *ending, const void *bytes, size_t size);

/* Runs SQL as any SQLite would, schema writable. */
void hostile_sql(const char *path, const char *sql);

/* A file of the user's, which nobody may touch. */
void hostile_sacrifice(char path[static ROOM_PATH_BYTES], const struct room *r);

/* A journal of one page, page 14, as it is; with the name of a file to be deleted when
 * `super` is not NULL. */
void hostile_journal(
    const struct room *r, uint32_t sector, uint32_t page, const char *super);

#endif
