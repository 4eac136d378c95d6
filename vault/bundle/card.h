/* vault/bundle/card.h - identity cards: who somebody is, signed by themselves. */
#ifndef WB_BUNDLE_CARD_H
#define WB_BUNDLE_CARD_H

#include <witnessbox/bundle.h>

#include "../base/buf.h"
#include "../custody/change.h"
#include "../formats/minisign.h"

enum { WB_CARD_BYTES_MAX = 64 * 1024 };

/* Appends the seven lines and the signature over them (bundle FORMAT.md section 5).
 * `card->minisign` must be the signer's key. */
WB_CHECKED enum wb_status wb_card_encode(struct wb_buf *out, const struct wb_card *card,
    const struct wb_minisign_signer *signer, struct wb_error *e);

/* Reads exactly what wb_card_encode writes. `key` is the minisign key in it.
 *   FORMAT     not such a card; the message names the line
 *   INTEGRITY  the signature is not by the key that the card names
 * That it is whose it says is not known by that. */
WB_CHECKED enum wb_status wb_card_decode(struct wb_card *card,
    struct wb_minisign_key *key, const void *bytes, size_t size, struct wb_error *e);

/* A card as a file, which may have a second signature behind it: that of the key that
 * this one takes the place of. It begins at `change`, which is `size` without one, and
 * is checked by wb_card_vouched, once it is known whose it may be. Borrows the bytes.
 */
struct wb_card_file {
    struct wb_card card;
    struct wb_minisign_key key;
    const char *bytes;
    size_t change, size;
};
WB_CHECKED enum wb_status wb_card_file_read(
    struct wb_card_file *f, const char *bytes, size_t size, struct wb_error *e);
/* Whether that second signature, which must be there, is by this key. */
bool wb_card_vouched(
    const char *bytes, size_t change, size_t size, const struct wb_minisign_key *key);
#define WB_CHANGE_COMMENT "witnessbox card change"

/* Both comments of a card's signature; of a bundle's, the trusted one with a space and
 * the bundle id behind it. */
#define WB_CARD_COMMENT "witnessbox card"
#define WB_BUNDLE_COMMENT "witnessbox bundle"

/* What the name of a log's cosigner key has behind the log's own. */
#define WB_COSIGNER_SUFFIX "/cosigner"

/* ---- our own: card_own.c ---- */

/* The card of these keys, with a log of that origin. */
WB_CHECKED enum wb_status wb_card_of(struct wb_card *card,
    const struct wb_identity_keys *keys, const char *origin, struct wb_error *e);
/* Our minisign key, to sign with; borrows the seed. */
struct wb_minisign_signer wb_card_signer(
    const struct wb_identity_keys *keys, const char *comment);

#endif
