/* tests/lib/journal.h - rollback journals as somebody else would write them. */
#ifndef WB_TESTS_JOURNAL_H
#define WB_TESTS_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SQLite's file format, section 3: a head of one sector, then pages with checksums,
 * then perhaps the name of a super-journal. Integers are big-endian. */
struct journal {
    uint8_t *bytes; /* freed by journal_end */
    size_t size;
    uint32_t count, sector, page;
};

/* `pages` is the size that the database file is cut to when it is played back. */
void journal_begin(struct journal *j, uint32_t pages, uint32_t sector, uint32_t page);
/* Page `number` (from 1) becomes `bytes` again. */
void journal_put(struct journal *j, uint32_t number, const uint8_t *bytes);
/* The file that SQLite deletes when it has played the journal back. */
void journal_name(struct journal *j, const char *super);
/* Writes it to a file and frees it. */
void journal_end(struct journal *j, const char *path);

#endif
