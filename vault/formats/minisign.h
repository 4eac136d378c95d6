/* vault/formats/minisign.h - minisign's public keys and signature files. */
#ifndef WB_FORMATS_MINISIGN_H
#define WB_FORMATS_MINISIGN_H

#include "../base/buf.h"
#include "../crypto/sign.h"

/* jedisct1/minisign, "Signature format", "Public key format". Only the prehashed
 * algorithm `ED`: plain Ed25519 (RFC 8032) over the BLAKE2b-512 of the message. The
 * legacy `Ed` over the message itself is refused by name: a key that makes both could
 * be led to sign one thing as another. Text is ASCII, lines end in LF, base64 is padded
 * and canonical. Pure: no I/O. */
enum {
    WB_MINISIGN_ID_BYTES = 8,
    WB_MINISIGN_KEY_CHARS = 56,
    WB_MINISIGN_COMMENT_MAX = 1024, /* the text of either comment */
};

/* A public key. The id is random, a hint for finding the key; it proves nothing. */
struct wb_minisign_key {
    uint8_t id[WB_MINISIGN_ID_BYTES];
    uint8_t point[WB_SIGN_PUBLIC_BYTES];
};

/* RW...: "Ed", id, point as base64; 56 characters and a NUL. */
void wb_minisign_key_encode(
    char out[static WB_MINISIGN_KEY_CHARS + 1], const struct wb_minisign_key *k);

/* FORMAT unless it is exactly such a text. Any 32 bytes are taken for a point; a
 * worthless one verifies nothing (wb_sign_verify). */
WB_CHECKED enum wb_status wb_minisign_key_decode(
    struct wb_minisign_key *k, const char *text, size_t length, struct wb_error *e);

/* The file of a public key as minisign makes it: a comment line that shows the id as
 * the hexadecimal of a little-endian number, and the text above. */
void wb_minisign_key_put(struct wb_buf *out, const struct wb_minisign_key *k);

/* Reads a file of exactly two such lines; the comment may be any. FORMAT. */
WB_CHECKED enum wb_status wb_minisign_key_get(
    struct wb_minisign_key *k, const void *bytes, size_t size, struct wb_error *e);

/* A signature file taken apart. The comments lie in the bytes that were read, without
 * prefix and line end: printable ASCII, no tab, so that they can be shown as they are
 * (minisign's own default comment has tabs; give one with -t). The untrusted one is
 * signed by nobody. */
struct wb_minisign {
    uint8_t id[WB_MINISIGN_ID_BYTES];
    uint8_t signature[WB_SIGN_BYTES];
    uint8_t global[WB_SIGN_BYTES]; /* over signature || trusted comment */
    const char *untrusted;
    const char *trusted;
    size_t untrusted_size;
    size_t trusted_size;
};

/* Reads exactly four lines: FORMAT, naming the line. Borrows `bytes`. Verifies nothing.
 */
WB_CHECKED enum wb_status wb_minisign_decode(
    struct wb_minisign *m, const void *bytes, size_t size, struct wb_error *e);

/* The signing key: its seed and the id of its public key. */
struct wb_minisign_signer {
    uint8_t id[WB_MINISIGN_ID_BYTES];
    const struct wb_secret *seed;
    const char *untrusted; /* that comment; NULL for minisign's own words */
};

/* The untrusted comment that minisign itself writes. */
#define WB_MINISIGN_UNTRUSTED "signature from minisign secret key"

/* Appends a signature file for a message. A buffer that is too small sticks (buf.h); on
 * any other error `out` is as it was:
 *   VALUE   a comment is not printable ASCII, or too long
 *   LIMIT   more than `out` may hold | MEMORY */
WB_CHECKED enum wb_status wb_minisign_sign(struct wb_buf *out,
    const struct wb_minisign_signer *signer, const char *trusted, const void *message,
    size_t size, struct wb_error *e);

/* `m` is as wb_minisign_decode left it. INTEGRITY unless the id is the key's and both
 * signatures are by the full key: over the message and over the trusted comment. */
WB_CHECKED enum wb_status wb_minisign_verify(const struct wb_minisign *m,
    const struct wb_minisign_key *k, const void *message, size_t size,
    struct wb_error *e);

#endif
