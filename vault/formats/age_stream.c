/* vault/formats/age_stream.c - the payload of an age v1 file, pushed through in pieces.
 */
#include "age_stream.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../crypto/box.h"
#include "../crypto/kdf.h"
#include "../crypto/random.h"

_Static_assert(WB_AGE_SEALED_CHUNK_BYTES == WB_AGE_CHUNK_BYTES + WB_BOX_TAG_BYTES,
    "a sealed chunk is a chunk and its tag");

enum last { MORE_FOLLOWS = 0, LAST = 1 };

/* What both directions share: the payload key, and a chunk on its way. A full chunk
 * waits until it is known whether another byte follows: only then its nonce is. */
struct stream {
    struct wb_secret *key;
    struct wb_age_sink sink;
    enum wb_status failed;
    uint64_t number;
    size_t waiting;
};

struct wb_age_encoder {
    struct stream s;
    uint8_t in[WB_AGE_CHUNK_BYTES];
    uint8_t out[WB_AGE_SEALED_CHUNK_BYTES];
};

struct wb_age_decoder {
    struct stream s;
    struct wb_secret *file_key; /* until the nonce is there */
    uint8_t in[WB_AGE_SEALED_CHUNK_BYTES];
    uint8_t out[WB_AGE_CHUNK_BYTES];
};

/* Eleven bytes of number, big-endian, and the mark of the last chunk. */
static void
chunk_nonce(uint8_t nonce[static WB_AEAD_NONCE_BYTES], uint64_t number, enum last last)
{
    memset(nonce, 0, WB_AEAD_NONCE_BYTES);
    for (size_t i = 0; i < 8; i++)
        nonce[10 - i] = (uint8_t)(number >> (8 * i));
    nonce[11] = (uint8_t)last;
}

/* Moves as much as fits behind what waits already. */
static size_t
fill(struct stream *s, uint8_t *in, size_t room, const uint8_t *bytes, size_t size)
{
    size_t take = size < room - s->waiting ? size : room - s->waiting;

    memcpy(in + s->waiting, bytes, take);
    s->waiting += take;
    return take;
}

static enum wb_status
give(struct stream *s, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    if (size > 0)
        s->failed = s->sink.take(s->sink.context, bytes, size, e);
    return s->failed;
}

static enum wb_status
repeat(const struct stream *s, struct wb_error *e)
{
    return wb_fail(e, s->failed,
        s->failed == WB_ERR_INTERNAL ? "payload: has ended already"
                                     : "payload: goes on after an error");
}

static enum wb_status
seal_chunk(struct wb_age_encoder *c, const uint8_t *plain, size_t size, enum last last,
    struct wb_error *e)
{
    uint8_t nonce[WB_AEAD_NONCE_BYTES];

    chunk_nonce(nonce, c->s.number++, last);
    wb_aead_seal(c->out, plain, size, nonce, c->s.key);
    return give(&c->s, c->out, size + WB_BOX_TAG_BYTES, e);
}

enum wb_status
wb_age_encoder_new(struct wb_age_encoder **made, const struct wb_secret *file_key,
    struct wb_age_sink sink, struct wb_error *e)
{
    struct wb_age_encoder *c = wb_mem_new(sizeof *c);
    uint8_t nonce[WB_AGE_NONCE_BYTES];
    enum wb_status st;

    if (c == NULL)
        return wb_fail_memory(e);
    c->s.sink = sink;
    if ((st = wb_secret_new(&c->s.key, WB_KEY_BYTES, e)) != WB_OK)
        goto out;
    wb_random(nonce, sizeof nonce);
    wb_kdf_hkdf(c->s.key, file_key, nonce, sizeof nonce, "payload");
    if ((st = give(&c->s, nonce, sizeof nonce, e)) != WB_OK)
        goto out;
    *made = c;
    c = NULL;
out:
    wb_age_encoder_free(&c);
    return st;
}

void
wb_age_encoder_free(struct wb_age_encoder **c)
{
    if (*c != NULL)
        wb_secret_free(&(*c)->s.key);
    wb_mem_free(*c);
    *c = NULL;
}

enum wb_status
wb_age_encoder_push(
    struct wb_age_encoder *c, const void *bytes, size_t size, struct wb_error *e)
{
    const uint8_t *at = bytes;
    size_t take;

    if (c->s.failed != WB_OK)
        return repeat(&c->s, e);
    for (; size > 0; at += take, size -= take) {
        take = 0;
        if (c->s.waiting == sizeof c->in) {
            if (seal_chunk(c, c->in, sizeof c->in, MORE_FOLLOWS, e) != WB_OK)
                return c->s.failed;
            c->s.waiting = 0;
        } else if (c->s.waiting == 0 && size > sizeof c->in) {
            take = sizeof c->in; /* straight from the caller's bytes, no copy */
            if (seal_chunk(c, at, take, MORE_FOLLOWS, e) != WB_OK)
                return c->s.failed;
        } else
            take = fill(&c->s, c->in, sizeof c->in, at, size);
    }
    return WB_OK;
}

enum wb_status
wb_age_encoder_end(struct wb_age_encoder *c, struct wb_error *e)
{
    if (c->s.failed != WB_OK)
        return repeat(&c->s, e);
    if (seal_chunk(c, c->in, c->s.waiting, LAST, e) != WB_OK)
        return c->s.failed;
    c->s.failed = WB_ERR_INTERNAL; /* nothing may follow */
    return WB_OK;
}

enum wb_status
wb_age_decoder_new(struct wb_age_decoder **made, const struct wb_secret *file_key,
    struct wb_age_sink sink, struct wb_error *e)
{
    struct wb_age_decoder *c = wb_mem_new(sizeof *c);
    size_t size = wb_secret_size(file_key);
    enum wb_status st;

    if (c == NULL)
        return wb_fail_memory(e);
    c->s.sink = sink;
    if ((st = wb_secret_new(&c->file_key, size, e)) != WB_OK ||
        (st = wb_secret_new(&c->s.key, WB_KEY_BYTES, e)) != WB_OK)
        goto out;
    memcpy(wb_secret_room(c->file_key), wb_secret_bytes(file_key), size);
    *made = c;
    c = NULL;
out:
    wb_age_decoder_free(&c);
    return st;
}

void
wb_age_decoder_free(struct wb_age_decoder **c)
{
    if (*c != NULL) {
        wb_secret_free(&(*c)->s.key);
        wb_secret_free(&(*c)->file_key);
    }
    wb_mem_free(*c);
    *c = NULL;
}

static bool
opens(struct wb_age_decoder *c, const uint8_t *sealed, size_t size, enum last last)
{
    uint8_t nonce[WB_AEAD_NONCE_BYTES];

    chunk_nonce(nonce, c->s.number, last);
    return wb_aead_open(c->out, sealed, size, nonce, c->s.key);
}

static enum wb_status
refuse(struct wb_age_decoder *c, const char *what, struct wb_error *e)
{
    c->s.failed = WB_ERR_INTEGRITY;
    return wb_fail(e, WB_ERR_INTEGRITY, "payload: chunk %llu: %s",
        (unsigned long long)c->s.number + 1, what);
}

/* Plaintext that is authentic goes out even where the payload then proves wrong, as the
 * vectors of C2SP CCTV want it: what is released does not hang on the pieces. */
static enum wb_status
give_and_refuse(
    struct wb_age_decoder *c, size_t size, const char *what, struct wb_error *e)
{
    if (give(&c->s, c->out, size, e) != WB_OK)
        return c->s.failed;
    c->s.number++;
    return refuse(c, what, e);
}

/* A full chunk behind which bytes follow. That it opens as the last one is looked at
 * only to say what is wrong. */
static enum wb_status
open_chunk(struct wb_age_decoder *c, const uint8_t *sealed, struct wb_error *e)
{
    if (opens(c, sealed, WB_AGE_SEALED_CHUNK_BYTES, MORE_FOLLOWS)) {
        c->s.number++;
        return give(&c->s, c->out, WB_AGE_CHUNK_BYTES, e);
    }
    if (opens(c, sealed, WB_AGE_SEALED_CHUNK_BYTES, LAST))
        return give_and_refuse(c, WB_AGE_CHUNK_BYTES, "bytes behind the last chunk", e);
    return refuse(c, "damaged or altered", e);
}

/* Collects the nonce in front; with its last byte there is the key. */
static size_t
take_nonce(struct wb_age_decoder *c, const uint8_t *bytes, size_t size)
{
    size_t take = fill(&c->s, c->in, WB_AGE_NONCE_BYTES, bytes, size);

    if (c->s.waiting == WB_AGE_NONCE_BYTES) {
        wb_kdf_hkdf(c->s.key, c->file_key, c->in, WB_AGE_NONCE_BYTES, "payload");
        wb_secret_free(&c->file_key);
        c->s.waiting = 0;
    }
    return take;
}

enum wb_status
wb_age_decoder_push(
    struct wb_age_decoder *c, const void *bytes, size_t size, struct wb_error *e)
{
    const uint8_t *at = bytes;
    size_t take;

    if (c->s.failed != WB_OK)
        return repeat(&c->s, e);
    for (; size > 0; at += take, size -= take) {
        take = 0;
        if (c->file_key != NULL)
            take = take_nonce(c, at, size);
        else if (c->s.waiting == sizeof c->in) {
            if (open_chunk(c, c->in, e) != WB_OK)
                return c->s.failed;
            c->s.waiting = 0;
        } else if (c->s.waiting == 0 && size > sizeof c->in) {
            take = sizeof c->in; /* straight from the caller's bytes, no copy */
            if (open_chunk(c, at, e) != WB_OK)
                return c->s.failed;
        } else
            take = fill(&c->s, c->in, sizeof c->in, at, size);
    }
    return WB_OK;
}

/* What waits is the last chunk or none. That it opens as one in the middle is looked at
 * only to say what is wrong. */
static enum wb_status
open_last(struct wb_age_decoder *c, struct wb_error *e)
{
    size_t size = c->s.waiting;

    if (size == 0)
        return refuse(c, "missing, the file was cut off", e);
    if (opens(c, c->in, size, LAST)) {
        if (size == WB_BOX_TAG_BYTES && c->s.number > 0)
            return refuse(c, "the last one is empty", e);
        return give(&c->s, c->out, size - WB_BOX_TAG_BYTES, e);
    }
    if (size == sizeof c->in && opens(c, c->in, size, MORE_FOLLOWS))
        return give_and_refuse(
            c, WB_AGE_CHUNK_BYTES, "missing, the file was cut off", e);
    return refuse(c, "cut off, damaged or altered", e);
}

enum wb_status
wb_age_decoder_end(struct wb_age_decoder *c, struct wb_error *e)
{
    if (c->s.failed != WB_OK)
        return repeat(&c->s, e);
    if (c->file_key != NULL) {
        c->s.failed = WB_ERR_FORMAT;
        return wb_fail(e, WB_ERR_FORMAT, "payload: ends within its nonce");
    }
    if (open_last(c, e) != WB_OK)
        return c->s.failed;
    c->s.failed = WB_ERR_INTERNAL; /* nothing may follow */
    return WB_OK;
}
