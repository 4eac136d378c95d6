/* vault/formats/bech32.h - Bech32 (BIP 173), as the keys of age are written. */
#ifndef WB_FORMATS_BECH32_H
#define WB_FORMATS_BECH32_H

#include "../crypto/box.h"

/* Text is `prefix 1 data checksum`: five bits a character, six characters of checksum,
 * no limit on the length (C2SP age.md, "Conventions"). Read in lower or in upper case
 * (QR codes prefer upper), never mixed; unused bits are zero, so that per case exactly
 * one text is accepted. Refusals are WB_ERR_VALUE and do not repeat the text. Pure, and
 * nothing of the bytes is left on the stack but the digits of one byte. */

/* Characters without a NUL for `size` bytes behind a prefix of `prefix` characters. */
size_t wb_bech32_length(size_t prefix, size_t size);

/* Writes lower case, wb_bech32_length characters and a NUL. `prefix` is lower case,
 * one character or more. */
void wb_bech32_encode(char *out, const char *prefix, const void *bytes, size_t size);

/* Reads exactly `size` bytes behind exactly this prefix, given in lower case. */
WB_CHECKED enum wb_status wb_bech32_decode(void *out, size_t size, const char *prefix,
    const char *text, size_t length, struct wb_error *e);

/* age1...: a recipient, the X25519 public key. With the NUL it takes
 * WB_AGE_RECIPIENT_CHARS + 1. */
enum { WB_AGE_RECIPIENT_CHARS = 62, WB_AGE_IDENTITY_CHARS = 74 };

void wb_age_recipient_encode(char out[static WB_AGE_RECIPIENT_CHARS + 1],
    const uint8_t point[static WB_POINT_BYTES]);
WB_CHECKED enum wb_status wb_age_recipient_decode(uint8_t point[static WB_POINT_BYTES],
    const char *text, size_t length, struct wb_error *e);

/* AGE-SECRET-KEY-1...: an identity, the X25519 secret key of 32 bytes, in upper case.
 * `text` has WB_AGE_IDENTITY_CHARS + 1 bytes and gets the NUL too. */
void wb_age_identity_encode(struct wb_secret *text, const struct wb_secret *secret);

/* `text` lies in a secret of the caller's; `secret` has WB_KEY_BYTES. */
WB_CHECKED enum wb_status wb_age_identity_decode(
    struct wb_secret *secret, const char *text, size_t length, struct wb_error *e);

#endif
