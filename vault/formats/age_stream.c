/* vault/formats/age_stream.c - the payload of an age v1 file, pushed through in pieces.
 */
#include "age_stream.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/worker.h"
#include "../crypto/box.h"
#include "../crypto/kdf.h"
#include "../crypto/random.h"

_Static_assert(WB_AGE_SEALED_CHUNK_BYTES == WB_AGE_CHUNK_BYTES + WB_BOX_TAG_BYTES,
    "a sealed chunk is a chunk and its tag");

enum last { MORE_FOLLOWS = 0, LAST = 1 };

enum { SLOTS = 4 };

/* A chunk on its way: filled, sealed or opened by a second thread, given to the sink.
 */
struct slot {
    size_t size; /* of `in` */
    uint64_t number;
    enum last last;
    bool opened;
    uint8_t in[WB_AGE_SEALED_CHUNK_BYTES];
    uint8_t out[WB_AGE_SEALED_CHUNK_BYTES];
};

/* What both directions share. A full chunk waits until it is known whether another byte
 * follows: only then its nonce is. */
struct stream {
    struct wb_secret *key;
    struct wb_age_sink sink;
    enum wb_status failed;
    uint64_t number; /* of the chunk that is filled */
    size_t waiting;  /* of its bytes */
    struct wb_worker *worker;
    struct slot slots[SLOTS];
};

struct wb_age_encoder {
    struct stream s;
};

struct wb_age_decoder {
    struct stream s;
    struct wb_secret *file_key; /* until the nonce is there */
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

static struct slot *
filling(struct stream *s)
{
    return &s->slots[wb_worker_next(s->worker)];
}

/* Moves as much as fits behind what waits already. */
static size_t
fill(struct stream *s, size_t room, const uint8_t *bytes, size_t size)
{
    size_t take = size < room - s->waiting ? size : room - s->waiting;

    memcpy(filling(s)->in + s->waiting, bytes, take);
    s->waiting += take;
    return take;
}

/* What waits goes to the second thread. */
static void
hand_over(struct stream *s, enum last last)
{
    struct slot *slot = filling(s);

    slot->size = s->waiting;
    slot->number = s->number++;
    slot->last = last;
    s->waiting = 0;
    wb_worker_give(s->worker);
}

static enum wb_status
give(struct stream *s, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    if (size > 0)
        s->failed = s->sink.take(s->sink.context, bytes, size, e);
    return s->failed;
}

static void
wipe(struct stream *s)
{
    wb_worker_free(&s->worker); /* waits for it */
    wb_secret_free(&s->key);
}

static enum wb_status
repeat(const struct stream *s, struct wb_error *e)
{
    return wb_fail(e, s->failed,
        s->failed == WB_ERR_INTERNAL ? "payload: has ended already"
                                     : "payload: goes on after an error");
}

static void
seal_slot(void *stream, unsigned n)
{
    struct stream *s = stream;
    struct slot *slot = &s->slots[n];
    uint8_t nonce[WB_AEAD_NONCE_BYTES];

    chunk_nonce(nonce, slot->number, slot->last);
    wb_aead_seal(slot->out, slot->in, slot->size, nonce, s->key);
}

/* Gives the oldest chunk that was sealed to the sink. */
static enum wb_status
give_sealed(struct stream *s, struct wb_error *e)
{
    const struct slot *slot = &s->slots[wb_worker_take(s->worker)];

    return give(s, slot->out, slot->size + WB_BOX_TAG_BYTES, e);
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
    if ((st = wb_secret_new(&c->s.key, WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_worker_new(&c->s.worker, SLOTS, seal_slot, &c->s, e)) != WB_OK)
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
        wipe(&(*c)->s);
    wb_mem_free(*c);
    *c = NULL;
}

enum wb_status
wb_age_encoder_push(
    struct wb_age_encoder *c, const void *bytes, size_t size, struct wb_error *e)
{
    struct stream *s = &c->s;
    const uint8_t *at = bytes;
    size_t take;

    if (s->failed != WB_OK)
        return repeat(s, e);
    for (; size > 0; at += take, size -= take) {
        if (s->waiting == WB_AGE_CHUNK_BYTES)
            hand_over(s, MORE_FOLLOWS);
        if (wb_worker_is_full(s->worker) && give_sealed(s, e) != WB_OK)
            return s->failed;
        take = fill(s, WB_AGE_CHUNK_BYTES, at, size);
    }
    return WB_OK;
}

enum wb_status
wb_age_encoder_end(struct wb_age_encoder *c, struct wb_error *e)
{
    struct stream *s = &c->s;

    if (s->failed != WB_OK)
        return repeat(s, e);
    hand_over(s, LAST);
    while (!wb_worker_is_empty(s->worker))
        if (give_sealed(s, e) != WB_OK)
            return s->failed;
    s->failed = WB_ERR_INTERNAL; /* nothing may follow */
    return WB_OK;
}

static bool
opens(const struct stream *s, struct slot *slot, enum last last)
{
    uint8_t nonce[WB_AEAD_NONCE_BYTES];

    chunk_nonce(nonce, slot->number, last);
    return wb_aead_open(slot->out, slot->in, slot->size, nonce, s->key);
}

static void
open_slot(void *stream, unsigned n)
{
    const struct stream *s = stream;
    struct slot *slot = &((struct stream *)stream)->slots[n];

    slot->opened = opens(s, slot, slot->last);
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
        (st = wb_secret_new(&c->s.key, WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_worker_new(&c->s.worker, SLOTS, open_slot, &c->s, e)) != WB_OK)
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
        wipe(&(*c)->s);
        wb_secret_free(&(*c)->file_key);
    }
    wb_mem_free(*c);
    *c = NULL;
}

static enum wb_status
refuse(struct stream *s, uint64_t number, const char *what, struct wb_error *e)
{
    s->failed = WB_ERR_INTEGRITY;
    return wb_fail(e, WB_ERR_INTEGRITY, "payload: chunk %llu: %s",
        (unsigned long long)number + 1, wb_word(what));
}

/* Plaintext that is authentic goes out even where the payload then proves wrong, as the
 * vectors of C2SP CCTV want it: what is released does not hang on the pieces. */
static enum wb_status
give_and_refuse(
    struct stream *s, const struct slot *slot, const char *what, struct wb_error *e)
{
    if (give(s, slot->out, slot->size - WB_BOX_TAG_BYTES, e) != WB_OK)
        return s->failed;
    return refuse(s, slot->number + 1, what, e);
}

/* Why a chunk did not open: that it is another kind of chunk is looked at only to say
 * what is wrong. */
static enum wb_status
explain(struct stream *s, struct slot *slot, struct wb_error *e)
{
    if (slot->last == MORE_FOLLOWS)
        return opens(s, slot, LAST)
            ? give_and_refuse(s, slot, "bytes behind the last chunk", e)
            : refuse(s, slot->number, "damaged or altered", e);
    if (slot->size == 0)
        return refuse(s, slot->number, "missing, the file was cut off", e);
    if (slot->size == sizeof slot->in && opens(s, slot, MORE_FOLLOWS))
        return give_and_refuse(s, slot, "missing, the file was cut off", e);
    return refuse(s, slot->number, "cut off, damaged or altered", e);
}

/* Gives the oldest chunk that was opened to the sink. */
static enum wb_status
give_opened(struct stream *s, struct wb_error *e)
{
    struct slot *slot = &s->slots[wb_worker_take(s->worker)];

    if (!slot->opened)
        return explain(s, slot, e);
    if (slot->last && slot->size == WB_BOX_TAG_BYTES && slot->number > 0)
        return refuse(s, slot->number, "the last one is empty", e);
    return give(s, slot->out, slot->size - WB_BOX_TAG_BYTES, e);
}

/* Collects the nonce in front; with its last byte there is the key. */
static size_t
take_nonce(struct wb_age_decoder *c, const uint8_t *bytes, size_t size)
{
    size_t take = fill(&c->s, WB_AGE_NONCE_BYTES, bytes, size);

    if (c->s.waiting == WB_AGE_NONCE_BYTES) {
        wb_kdf_hkdf(
            c->s.key, c->file_key, filling(&c->s)->in, WB_AGE_NONCE_BYTES, "payload");
        wb_secret_free(&c->file_key);
        c->s.waiting = 0;
    }
    return take;
}

enum wb_status
wb_age_decoder_push(
    struct wb_age_decoder *c, const void *bytes, size_t size, struct wb_error *e)
{
    struct stream *s = &c->s;
    const uint8_t *at = bytes;
    size_t take;

    if (s->failed != WB_OK)
        return repeat(s, e);
    for (; size > 0; at += take, size -= take) {
        if (s->waiting == WB_AGE_SEALED_CHUNK_BYTES)
            hand_over(s, MORE_FOLLOWS);
        if (wb_worker_is_full(s->worker) && give_opened(s, e) != WB_OK)
            return s->failed;
        take = c->file_key != NULL ? take_nonce(c, at, size)
                                   : fill(s, WB_AGE_SEALED_CHUNK_BYTES, at, size);
    }
    return WB_OK;
}

/* What waits is the last chunk, or nothing: then that is what is wrong. */
enum wb_status
wb_age_decoder_end(struct wb_age_decoder *c, struct wb_error *e)
{
    struct stream *s = &c->s;

    if (s->failed != WB_OK)
        return repeat(s, e);
    if (c->file_key != NULL) {
        s->failed = WB_ERR_FORMAT;
        return wb_fail(e, WB_ERR_FORMAT, "payload: ends within its nonce");
    }
    hand_over(s, LAST);
    while (!wb_worker_is_empty(s->worker))
        if (give_opened(s, e) != WB_OK)
            return s->failed;
    s->failed = WB_ERR_INTERNAL; /* nothing may follow */
    return WB_OK;
}
