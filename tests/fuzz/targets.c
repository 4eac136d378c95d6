/* tests/fuzz/targets.c - the list of what is fuzzed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/random.h"
#include "crypto/secret.h"
#include "fuzz.h"

const struct fuzz_target fuzz_targets[] = {
    {"age-header", fuzz_age_header},
    {"age-stream", fuzz_age_stream},
    {"bech32", fuzz_bech32},
    {"ustar", fuzz_ustar},
    {"manifest", fuzz_manifest},
    {"bag-info", fuzz_bag_info},
    {"minisign", fuzz_minisign},
    {"card", fuzz_card},
    {"note", fuzz_note},
    {"checkpoint", fuzz_checkpoint},
    {"proof", fuzz_proof},
    {"json", fuzz_json},
    {"record-json", fuzz_record_json},
    {"line", fuzz_line},
    {"codec", fuzz_codec},
    {"sheet", fuzz_sheet},
    {"edtf", fuzz_edtf},
    {"page", fuzz_page},
    {"header", fuzz_header},
    {"journal", fuzz_journal},
    {"state", fuzz_state},
    {"share", fuzz_share},
    {"words", fuzz_words},
    {"text", fuzz_text},
    {"options", fuzz_options},
    {"fold", fuzz_fold},
    {"search", fuzz_search},
};
const size_t fuzz_target_count = sizeof fuzz_targets / sizeof fuzz_targets[0];

const struct fuzz_target *
fuzz_find(const char *name)
{
    for (size_t i = 0; i < fuzz_target_count; i++)
        if (strcmp(fuzz_targets[i].name, name) == 0)
            return &fuzz_targets[i];
    return NULL;
}

static void
draw(void *bytes, size_t size)
{
    memset(bytes, 7, size);
}

/* The same input has to do the same each time. */
void
fuzz_start(void)
{
    fuzz_expect(wb_crypto_start(NULL) == WB_OK, "libsodium starts");
    wb_random_source = draw;
}

void
fuzz_expect(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "fuzz: does not hold: %s\n", what);
    abort();
}

void
fuzz_same(struct wb_buf *written, const void *bytes, size_t size)
{
    fuzz_expect(wb_buf_check(written, NULL) == WB_OK, "what was read can be written");
    fuzz_expect(
        written->size == size && (size == 0 || memcmp(written->data, bytes, size) == 0),
        "what was accepted is written as the same bytes");
    wb_buf_wipe(written);
}
