/* vault/formats/age_wrap.h - from a recipient's key to age's file key, step by step. */
#ifndef WB_FORMATS_AGE_WRAP_H
#define WB_FORMATS_AGE_WRAP_H

#include "../crypto/box.h"
#include "../crypto/hash.h"

/* For age_header.c and age_header_write.c only: the arithmetic of the stanzas, without
 * their text (C2SP age.md, "The X25519 recipient type", "The scrypt recipient type",
 * "Header MAC"). */
enum {
    WB_AGE_FILE_KEY_BYTES = 16,
    WB_AGE_SALT_BYTES = 16,
    WB_AGE_BODY_BYTES = WB_AGE_FILE_KEY_BYTES + WB_BOX_TAG_BYTES, /* 32 */
};

/* Locked memory for all steps; made once for a header, however many stanzas it has. */
struct wb_age_wrap {
    struct wb_secret *own;      /* an ephemeral secret key, where one is needed */
    struct wb_secret *shared;   /* what X25519 gives */
    struct wb_secret *key;      /* what seals the file key: set by agree or stretch */
    struct wb_secret *file_key; /* what wb_age_wrap_open found */
};

WB_CHECKED enum wb_status wb_age_wrap_init(struct wb_age_wrap *w, struct wb_error *e);
void wb_age_wrap_wipe(struct wb_age_wrap *w);

/* The wrap key between `secret` (the ephemeral or the recipient's own) and `theirs`
 * (the recipient or the share). False for a point of low order: the shared secret would
 * be zero whatever the secret key is. */
WB_CHECKED bool wb_age_wrap_agree(struct wb_age_wrap *w, const struct wb_secret *secret,
    const uint8_t theirs[static WB_POINT_BYTES],
    const uint8_t share[static WB_POINT_BYTES],
    const uint8_t recipient[static WB_POINT_BYTES]);

/* The wrap key from a passphrase; errors as wb_kdf_scrypt. */
WB_CHECKED enum wb_status wb_age_wrap_stretch(struct wb_age_wrap *w,
    const struct wb_secret *passphrase, size_t size,
    const uint8_t salt[static WB_AGE_SALT_BYTES], unsigned log_n, struct wb_error *e);

/* The body of a stanza under the wrap key, and back into w->file_key. */
void wb_age_wrap_seal(uint8_t body[static WB_AGE_BODY_BYTES],
    const struct wb_age_wrap *w, const struct wb_secret *file_key);
WB_CHECKED bool wb_age_wrap_open(
    struct wb_age_wrap *w, const uint8_t body[static WB_AGE_BODY_BYTES]);

/* The MAC over the header up to and with the three dashes. Overwrites w->key. */
void wb_age_wrap_mac(uint8_t mac[static WB_HASH_BYTES], struct wb_age_wrap *w,
    const struct wb_secret *file_key, const void *header, size_t size);

#endif
