/* tests/fuzz/fuzz.h - what a parser is thrown at: each takes any bytes, and what it
 * accepts is written again as the same bytes. */
#ifndef WB_TESTS_FUZZ_H
#define WB_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* A parser is a row. `run` answers whether the bytes were accepted; a broken promise
 * ends the program. */
struct fuzz_target {
    const char *name; /* of its folder in corpus/ too */
    bool (*run)(const uint8_t *bytes, size_t size);
};
extern const struct fuzz_target fuzz_targets[];
extern const size_t fuzz_target_count;

const struct fuzz_target *fuzz_find(const char *name); /* NULL: none */
void fuzz_start(void);

/* Ends the program, naming what does not hold. */
void fuzz_expect(bool holds, const char *what);
/* What was written has no failure and is these bytes. Wipes it. */
void fuzz_same(struct wb_buf *written, const void *bytes, size_t size);

/* targets_age.c */
bool fuzz_age_header(const uint8_t *bytes, size_t size);
bool fuzz_age_stream(const uint8_t *bytes, size_t size);
bool fuzz_bech32(const uint8_t *bytes, size_t size);
/* targets_bag.c */
bool fuzz_ustar(const uint8_t *bytes, size_t size);
bool fuzz_manifest(const uint8_t *bytes, size_t size);
bool fuzz_bag_info(const uint8_t *bytes, size_t size);
bool fuzz_minisign(const uint8_t *bytes, size_t size);
bool fuzz_card(const uint8_t *bytes, size_t size);
/* targets_log.c */
bool fuzz_note(const uint8_t *bytes, size_t size);
bool fuzz_checkpoint(const uint8_t *bytes, size_t size);
bool fuzz_proof(const uint8_t *bytes, size_t size);
/* targets_record.c */
bool fuzz_json(const uint8_t *bytes, size_t size);
bool fuzz_record_json(const uint8_t *bytes, size_t size);
bool fuzz_line(const uint8_t *bytes, size_t size);
bool fuzz_codec(const uint8_t *bytes, size_t size);
bool fuzz_sheet(const uint8_t *bytes, size_t size);
bool fuzz_edtf(const uint8_t *bytes, size_t size);
/* targets_search.c */
bool fuzz_fold(const uint8_t *bytes, size_t size);
bool fuzz_search(const uint8_t *bytes, size_t size);
/* targets_vault.c */
bool fuzz_page(const uint8_t *bytes, size_t size);
bool fuzz_header(const uint8_t *bytes, size_t size);
bool fuzz_journal(const uint8_t *bytes, size_t size);
bool fuzz_state(const uint8_t *bytes, size_t size);
/* targets_words.c */
bool fuzz_share(const uint8_t *bytes, size_t size);
bool fuzz_words(const uint8_t *bytes, size_t size);
bool fuzz_text(const uint8_t *bytes, size_t size);
bool fuzz_options(const uint8_t *bytes, size_t size);

#endif
