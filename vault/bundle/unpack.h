/* vault/bundle/unpack.h - the two outer layers of a bundle, age and tar, pushed
 * through. */
#ifndef WB_BUNDLE_UNPACK_H
#define WB_BUNDLE_UNPACK_H

#include "../crypto/hash.h"
#include "../formats/age_stream.h"
#include "../formats/ustar.h"
#include "parts.h"

/* ---- envelope.c: age ---- */

/* What one pass over a bundle file saw. Two passes over the same bytes, with the same
 * keys, see the same. */
struct wb_envelope {
    uint8_t file_hash[WB_HASH_BYTES]; /* of the file as it is */
};

/* What opens a bundle: our age keys, today's first, and a passphrase where one was
 * given (else NULL). The first pass says which of the two it was before the sink gets
 * its first byte; of a passphrase it leaves the file key, so that scrypt runs once. */
enum { WB_ENVELOPE_KEYS_MAX = 64 };
struct wb_envelope_keys {
    struct wb_secret *identities[WB_ENVELOPE_KEYS_MAX]; /* the caller's */
    size_t count;
    size_t opened; /* which of them did */
    struct wb_secret *passphrase;
    size_t passphrase_size;
    struct wb_secret *file_key;
    bool by_passphrase;
};

/* Words as a secret, 1 to 1,024 bytes; WB_ERR_USAGE else. */
enum { WB_ENVELOPE_WORDS_MAX = 1024 };
WB_CHECKED enum wb_status wb_envelope_passphrase(
    struct wb_secret **secret, const char *words, struct wb_error *e);

/* Decrypts the file from its first to its last byte; the plaintext goes to the
 * sink in pieces and must not be believed before this answers WB_OK. Refuses by the
 * rows age-*; an error of the sink is passed on. Flat memory. */
WB_CHECKED enum wb_status wb_envelope_read(struct wb_envelope *seen,
    const struct wb_source *from, struct wb_envelope_keys *keys,
    struct wb_age_sink sink, struct wb_error *e);

/* ---- untar.c: the archive ---- */

/* What becomes of the members: begin, the content in pieces (none for an empty one),
 * end, for each. */
struct wb_untar_sink {
    enum wb_status (*begin)(
        void *context, const struct wb_ustar_member *m, struct wb_error *e);
    enum wb_status (*take)(
        void *context, const uint8_t *bytes, size_t size, struct wb_error *e);
    enum wb_status (*end)(void *context, struct wb_error *e);
    void *context;
};

enum wb_untar_state {
    WB_UNTAR_HEADER,
    WB_UNTAR_CONTENT,
    WB_UNTAR_PADDING,
    WB_UNTAR_SECOND_END, /* one end block was there */
    WB_UNTAR_TAIL,
};

/* Bytes go in as they come; memory is this struct. Refuses by the rows tar-*. */
struct wb_untar {
    struct wb_untar_sink sink;
    enum wb_untar_state state;
    struct wb_ustar_member member;
    uint64_t left;    /* of the content, then of the padding */
    uint64_t content; /* bytes of all members, headers and padding counted */
    uint64_t bytes;   /* all that came */
    uint8_t block[WB_USTAR_BLOCK_BYTES];
    size_t used;
};

void wb_untar_init(struct wb_untar *u, struct wb_untar_sink sink);
WB_CHECKED enum wb_status wb_untar_push(
    struct wb_untar *u, const uint8_t *bytes, size_t size, struct wb_error *e);
/* The archive has ended: as long as it must be. */
WB_CHECKED enum wb_status wb_untar_end(const struct wb_untar *u, struct wb_error *e);

#endif
