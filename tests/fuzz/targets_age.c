/* tests/fuzz/targets_age.c - age files and keys. */
#include <string.h>

#include "crypto/box.h"
#include "formats/age_header.h"
#include "formats/age_stream.h"
#include "formats/bech32.h"
#include "fuzz.h"

enum { PIECE_BYTES = 7, PLAIN_MAX = 200000 };

/* Fed in pieces of `piece` bytes; the status, and how far it came. */
static enum wb_status
feed(struct wb_age_header *h, size_t *used, const uint8_t *bytes, size_t size,
    size_t piece)
{
    enum wb_status st = WB_OK;
    size_t taken;

    for (*used = 0; st == WB_OK && *used < size && !wb_age_header_is_complete(h);
         *used += st == WB_OK ? taken : 0)
        st = wb_age_header_feed(h, &taken, bytes + *used,
            piece < size - *used ? piece : size - *used, NULL);
    return st;
}

static void
unlock(const struct wb_age_header *h)
{
    struct wb_secret *key = NULL, *identity = NULL;

    if (wb_secret_new(&key, 16, NULL) == WB_OK &&
        wb_secret_new(&identity, WB_KEY_BYTES, NULL) == WB_OK) {
        memset(wb_secret_room(identity), 9, WB_KEY_BYTES);
        (void)!wb_age_header_unlock(key, h, &identity, 1, NULL);
    }
    wb_secret_free(&key);
    wb_secret_free(&identity);
}

/* However it is cut, it is the same header. */
bool
fuzz_age_header(const uint8_t *bytes, size_t size)
{
    struct wb_age_header *whole = NULL, *cut = NULL;
    size_t used, used_cut;
    enum wb_status st;
    bool complete = false;

    if (wb_age_header_new(&whole, NULL) == WB_OK &&
        wb_age_header_new(&cut, NULL) == WB_OK) {
        st = feed(whole, &used, bytes, size, size);
        fuzz_expect(feed(cut, &used_cut, bytes, size, PIECE_BYTES) == st,
            "a header in pieces has the same status");
        complete = st == WB_OK && wb_age_header_is_complete(whole);
        if (complete) {
            fuzz_expect(wb_age_header_is_complete(cut) && used == used_cut &&
                    wb_age_header_stanzas(whole) == wb_age_header_stanzas(cut),
                "a header in pieces is the same header");
            unlock(whole);
        }
    }
    wb_age_header_free(&whole);
    wb_age_header_free(&cut);
    return complete;
}

static enum wb_status
take(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct wb_buf *out = context;

    wb_buf_add(out, bytes, size);
    return wb_buf_check(out, e);
}

static enum wb_status
seal(struct wb_buf *out, const struct wb_secret *key, const void *bytes, size_t size)
{
    const struct wb_age_sink sink = {take, out};
    struct wb_age_encoder *c = NULL;
    enum wb_status st = wb_age_encoder_new(&c, key, sink, NULL);

    if (st == WB_OK && (st = wb_age_encoder_push(c, bytes, size, NULL)) == WB_OK)
        st = wb_age_encoder_end(c, NULL);
    wb_age_encoder_free(&c);
    return st;
}

static enum wb_status
open_sealed(
    struct wb_buf *out, const struct wb_secret *key, const uint8_t *bytes, size_t size)
{
    const struct wb_age_sink sink = {take, out};
    struct wb_age_decoder *c = NULL;
    enum wb_status st = wb_age_decoder_new(&c, key, sink, NULL);

    for (size_t at = 0, piece; st == WB_OK && at < size; at += piece) {
        piece = size - at < 40000 ? size - at : 40000;
        st = wb_age_decoder_push(c, bytes + at, piece, NULL);
    }
    if (st == WB_OK)
        st = wb_age_decoder_end(c, NULL);
    wb_age_decoder_free(&c);
    return st;
}

/* The bytes as plaintext: sealed they open again, and with one bit changed they do not.
 * The bytes as ciphertext: nobody can have sealed them. */
bool
fuzz_age_stream(const uint8_t *bytes, size_t size)
{
    struct wb_buf sealed, plain;
    struct wb_secret *key = NULL;
    size_t at;

    if (size < 4 || size > PLAIN_MAX || wb_secret_new(&key, 16, NULL) != WB_OK)
        return false;
    wb_buf_init(&sealed, PLAIN_MAX * 2);
    wb_buf_init(&plain, PLAIN_MAX * 2);
    fuzz_expect(open_sealed(&plain, key, bytes, size) != WB_OK, "noise does not open");
    wb_buf_wipe(&plain);
    fuzz_expect(seal(&sealed, key, bytes, size) == WB_OK, "anything can be sealed");
    fuzz_expect(open_sealed(&plain, key, sealed.data, sealed.size) == WB_OK,
        "what was sealed opens");
    fuzz_same(&plain, bytes, size);
    at = (size_t)(bytes[0] | bytes[1] << 8 | bytes[2] << 16) % sealed.size;
    sealed.data[at] ^= (uint8_t)(1u << (bytes[3] & 7));
    fuzz_expect(open_sealed(&plain, key, sealed.data, sealed.size) != WB_OK,
        "what was altered does not open");
    wb_buf_wipe(&plain);
    wb_buf_wipe(&sealed);
    wb_secret_free(&key);
    return true;
}

bool
fuzz_bech32(const uint8_t *bytes, size_t size)
{
    char text[WB_AGE_RECIPIENT_CHARS + 1], upper[WB_AGE_RECIPIENT_CHARS + 1];
    uint8_t point[WB_POINT_BYTES];

    if (wb_age_recipient_decode(point, (const char *)bytes, size, NULL) != WB_OK)
        return false;
    wb_age_recipient_encode(text, point);
    for (size_t i = 0; i < sizeof text; i++)
        upper[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i]);
    fuzz_expect(size == WB_AGE_RECIPIENT_CHARS &&
            (memcmp(bytes, text, size) == 0 || memcmp(bytes, upper, size) == 0),
        "a recipient has one text in each case");
    return true;
}
