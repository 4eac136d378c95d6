/* tests/fuzz/targets_words.c - what people type: shares, words, texts, command lines.
 */
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "formats/guess.h"
#include "formats/share.h"
#include "formats/words.h"
#include "fuzz.h"

enum { WORDS = 12, ARGUMENTS_MAX = 32, LINE_BYTES = 512 };

bool
fuzz_share(const uint8_t *bytes, size_t size)
{
    struct wb_share share = {0}, again = {0};
    struct wb_secret *text = NULL;

    if (wb_share_decode(&share, (const char *)bytes, size, NULL) != WB_OK)
        return false;
    fuzz_expect(wb_share_encode(&text, &share, NULL) == WB_OK &&
            wb_share_decode(&again, (const char *)wb_secret_bytes(text),
                WB_SHARE_TEXT_BYTES - 1, NULL) == WB_OK &&
            share.needed == again.needed && share.number == again.number &&
            memcmp(share.mark, again.mark, sizeof share.mark) == 0 &&
            wb_equal(wb_secret_bytes(share.bytes), wb_secret_bytes(again.bytes),
                wb_secret_size(share.bytes)),
        "a share that was written is the same share");
    wb_secret_free(&text);
    wb_secret_free(&share.bytes);
    wb_secret_free(&again.bytes);
    return true;
}

bool
fuzz_words(const uint8_t *bytes, size_t size)
{
    uint8_t bits[(11 * WORDS + 7) / 8], again[sizeof bits];
    char out[WB_WORDS_TEXT_BYTES];
    struct wb_guess guess;

    wb_guess_of(&guess, (const char *)bytes, size);
    fuzz_expect(guess.why != NULL, "an estimate has a reason");
    if (wb_words_decode(bits, WORDS, (const char *)bytes, size, NULL) != WB_OK)
        return false;
    wb_words_encode(out, bits, WORDS);
    fuzz_expect(wb_words_decode(again, WORDS, out, strlen(out), NULL) == WB_OK &&
            memcmp(bits, again, sizeof bits) == 0,
        "words that were written are the same bits");
    return true;
}

/* Normalized text stays as it is. */
bool
fuzz_text(const uint8_t *bytes, size_t size)
{
    struct wb_buf once, twice;
    bool accepted;

    if (size > 65536)
        return false;
    wb_buf_init(&once, 4 * 65536);
    wb_buf_init(&twice, 4 * 65536);
    accepted = wb_text_normalize(&once, bytes, size, NULL) == WB_OK;
    if (accepted) {
        fuzz_expect(wb_text_normalize(&twice, once.data, once.size, NULL) == WB_OK,
            "normalized text is text");
        fuzz_same(&twice, once.data, once.size);
    }
    wb_buf_wipe(&once);
    wb_buf_wipe(&twice);
    return accepted;
}

/* A word a line. */
bool
fuzz_options(const uint8_t *bytes, size_t size)
{
    static char copy[LINE_BYTES];
    static struct cli c;
    char *argv[ARGUMENTS_MAX + 2], *rest = copy;
    struct wb_error e = {0};
    bool accepted;
    int argc = 1;

    if (size + 1 > sizeof copy || memchr(bytes, 0, size) != NULL)
        return false;
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    argv[0] = copy + size;
    while (argc <= ARGUMENTS_MAX && (argv[argc] = strsep(&rest, "\n")) != NULL)
        argc++;
    argv[argc] = NULL;
    memset(&c, 0, sizeof c);
    accepted = cli_parse(&c, argc, argv, &e) == WB_OK;
    fuzz_expect(accepted == (e.status == WB_OK), "a refusal says why");
    accepted = accepted && c.command != NULL && cli_check_operands(&c, &e) == WB_OK;
    cli_release(NULL); /* the command lets its process end; here it goes on */
    return accepted;
}
