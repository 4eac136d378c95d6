/* vault/bundle/writer.h - a bundle being written: tar inside age, into a file. */
#ifndef WB_BUNDLE_WRITER_H
#define WB_BUNDLE_WRITER_H

#include "../crypto/hash.h"
#include "../formats/age_stream.h"
#include "address.h"
#include "parts.h"

/* Members go in one after the other: wb_writer_begin, wb_writer_add until their size is
 * reached, and so on, then wb_writer_end. Flat memory. */
struct wb_writer {
    struct wb_parts *out;
    struct wb_age_encoder *age;
    struct wb_sha256 hash; /* of the file */
    uint64_t bytes;        /* of the file */
    uint64_t content;      /* of the archive, before its end */
};

/* Writes the age header for the keys, padded with dummies to 4, 8 or 16, or for the
 * passphrase, and begins the payload. Freed with wb_writer_free, on errors too. */
WB_CHECKED enum wb_status wb_writer_open(struct wb_writer *w, struct wb_parts *out,
    const struct wb_address *to, struct wb_error *e);
void wb_writer_free(struct wb_writer *w);

/* The header of a member; `name` with bag/ in front. */
WB_CHECKED enum wb_status wb_writer_begin(
    struct wb_writer *w, const char *name, uint64_t size, struct wb_error *e);
WB_CHECKED enum wb_status wb_writer_add(
    struct wb_writer *w, const uint8_t *bytes, size_t size, struct wb_error *e);
/* Zeros up to the next block, `size` being what was given to begin. */
WB_CHECKED enum wb_status wb_writer_pad(
    struct wb_writer *w, uint64_t size, struct wb_error *e);
/* A member of bytes at hand, whole. */
WB_CHECKED enum wb_status wb_writer_member(struct wb_writer *w, const char *name,
    const void *bytes, size_t size, struct wb_error *e);

/* End blocks, padding, the last chunk of age. `hash` is that of the whole file. */
WB_CHECKED enum wb_status wb_writer_end(
    struct wb_writer *w, uint8_t hash[static WB_HASH_BYTES], struct wb_error *e);

#endif
