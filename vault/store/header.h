/* vault/store/header.h - the header: parameters, eight slots, and their MAC. */
#ifndef WB_STORE_HEADER_H
#define WB_STORE_HEADER_H

#include "../crypto/box.h"
#include "../crypto/kdf.h"
#include "state.h"

/* Offsets of FORMAT.md section 3. */
enum {
    WB_HEADER_BYTES = 1600,
    WB_SLOT_BYTES = 184,
    WB_VAULT_ID_BYTES = 16,
    WB_PASSPHRASE_BYTES_MAX = 1024,
};

/* The bytes as they are stored, and what was read from them. */
struct wb_header {
    uint8_t bytes[WB_HEADER_BYTES];
    uint64_t generation;
    struct wb_kdf_params kdf;
    bool field_vault;
};

const uint8_t *wb_header_vault_id(const struct wb_header *h);
const uint8_t *wb_header_salt(const struct wb_header *h);

/* Checks everything that needs no key. FORMAT, TOO_NEW, or LIMIT for absurd parameters.
 */
WB_CHECKED enum wb_status wb_header_decode(struct wb_header *h,
    const uint8_t bytes[static WB_HEADER_BYTES], struct wb_error *e);

/* A new header: random vault id and salt, every slot a real one of a thrown-away key
 * whose points go into `slots`. No MAC yet. */
WB_CHECKED enum wb_status wb_header_new(struct wb_header *h,
    const struct wb_kdf_params *kdf, struct wb_slot_note slots[static WB_SLOTS],
    const struct wb_secret *root, struct wb_error *e);

/* Makes a new header that of a field vault: the flag, and the root sealed to the
 * owner's collect point in the slot that is his. */
enum { WB_OWNER_SLOT = 7 };
void wb_header_set_owner(
    struct wb_header *h, const struct wb_secret *root, const uint8_t point[static 32]);

/* A passphrase as it was given, and the hash of the key file that goes with it. */
struct wb_pass {
    const char *text;
    size_t size;
    const struct wb_secret *key_file; /* NULL: none */
};

/* P of a passphrase: normalized, then Argon2id with the header's salt and parameters.
 */
WB_CHECKED enum wb_status wb_header_stretch(struct wb_secret **p,
    const struct wb_header *h, const struct wb_pass *pass, struct wb_error *e);

/* Other parameters, and a new salt with them: no passphrase opens its slot any more. */
WB_CHECKED enum wb_status wb_header_set_kdf(
    struct wb_header *h, const struct wb_kdf_params *kdf, struct wb_error *e);

/* Writes slot `index` anew under P (or a recovery key), sealing `root` to a new slot
 * key pair whose point is returned. */
WB_CHECKED enum wb_status wb_slot_seal(struct wb_header *h, unsigned index,
    const struct wb_secret *p, const struct wb_secret *root, uint8_t point[static 32],
    struct wb_error *e);

/* Seals another root key to the slot's key pair, which stays: no passphrase is needed.
 */
void wb_slot_reseal(struct wb_header *h, unsigned index, const struct wb_secret *root,
    const uint8_t point[static 32]);

/* Tries all slots; the root key of the first that opens is a new secret.
 * WB_ERR_PASSPHRASE. */
WB_CHECKED enum wb_status wb_slots_open(const struct wb_header *h,
    struct wb_secret **root, unsigned *index, const struct wb_secret *p,
    struct wb_error *e);

/* The same with the owner's collect secret, in a field vault. WB_ERR_POLICY: it was
 * made for somebody else. */
WB_CHECKED enum wb_status wb_slots_open_owner(const struct wb_header *h,
    struct wb_secret **root, unsigned *index, const struct wb_secret *collect,
    struct wb_error *e);

/* Raises the generation to `generation` and writes the MAC. */
void wb_header_seal(
    struct wb_header *h, uint64_t generation, const struct wb_secret *key);
WB_CHECKED bool wb_header_check(const struct wb_header *h, const struct wb_secret *key);

#endif
