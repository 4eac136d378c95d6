/* vault/formats/age_stream.h - the payload of an age v1 file, pushed through in pieces.
 */
#ifndef WB_FORMATS_AGE_STREAM_H
#define WB_FORMATS_AGE_STREAM_H

#include "../crypto/secret.h"

/* C2SP age.md, "Payload": a nonce of 16 bytes, then chunks of 64 KiB, each under
 * ChaCha20-Poly1305 with its number and whether it is the last as nonce. Bytes go in as
 * they come, down to one at a time; what is ready goes to a sink. Memory is four
 * chunks and their boxes, taken once. Pure: no I/O of its own. */
enum {
    WB_AGE_NONCE_BYTES = 16,
    WB_AGE_CHUNK_BYTES = 64 * 1024,
    WB_AGE_SEALED_CHUNK_BYTES = WB_AGE_CHUNK_BYTES + 16,
};

/* Called with the next bytes, never with none; they live until it returns. An error of
 * its own is passed on and sticks. */
struct wb_age_sink {
    enum wb_status (*take)(
        void *context, const uint8_t *bytes, size_t size, struct wb_error *e);
    void *context;
};

/* Writing. The nonce is drawn and given to the sink at once. After an error the encoder
 * repeats its status. */
struct wb_age_encoder;

WB_CHECKED enum wb_status wb_age_encoder_new(struct wb_age_encoder **made,
    const struct wb_secret *file_key, struct wb_age_sink sink, struct wb_error *e);
WB_CHECKED enum wb_status wb_age_encoder_push(
    struct wb_age_encoder *c, const void *bytes, size_t size, struct wb_error *e);

/* Seals the last chunk. Once, and nothing after it. */
WB_CHECKED enum wb_status wb_age_encoder_end(
    struct wb_age_encoder *c, struct wb_error *e);
void wb_age_encoder_free(struct wb_age_encoder **c);

/* Reading. Only authenticated plaintext reaches the sink, but that may be a beginning:
 * nothing of it counts before wb_age_decoder_end has said WB_OK. Refusals:
 *   INTEGRITY  a chunk does not open: damaged, altered, moved; the payload ends without
 *              its last chunk; bytes after the last chunk; an empty last chunk after
 *              others
 *   FORMAT     the payload ends within its nonce
 * After an error the decoder repeats its status.
 * An error may be answered some chunks later than the bytes it is about: a second
 * thread opens them, as it seals what is written. What reaches the sink is the same. */
struct wb_age_decoder;

WB_CHECKED enum wb_status wb_age_decoder_new(struct wb_age_decoder **made,
    const struct wb_secret *file_key, struct wb_age_sink sink, struct wb_error *e);
WB_CHECKED enum wb_status wb_age_decoder_push(
    struct wb_age_decoder *c, const void *bytes, size_t size, struct wb_error *e);

/* The file has ended: opens the last chunk. */
WB_CHECKED enum wb_status wb_age_decoder_end(
    struct wb_age_decoder *c, struct wb_error *e);
void wb_age_decoder_free(struct wb_age_decoder **c);

#endif
