/* vault/bundle/contact.h - whom we know: contacts found by label, key or log. */
#ifndef WB_BUNDLE_CONTACT_H
#define WB_BUNDLE_CONTACT_H

#include <witnessbox/bundle.h>

#include "../formats/note.h"
#include "../record/record.h"

enum { WB_CONTACT_LABEL_MAX = 1024 };

/* Calls `each` for the newest revision of every contact; stops when it answers false. A
 * record that does not open is passed over: a contact that is lost this way is one less
 * to be trusted. Opens every record of the vault. */
WB_CHECKED enum wb_status wb_contact_records(struct wb_vault *v,
    bool (*each)(void *cookie, const struct wb_record *r), void *cookie,
    struct wb_error *e);

/* Calls `each` for our own revisions of one record, the newest first, until it answers
 * false: what keys somebody had. One that is damaged is passed over. */
WB_CHECKED enum wb_status wb_contact_revisions(struct wb_vault *v,
    const struct wb_id *id, bool (*each)(void *cookie, const struct wb_record *r),
    void *cookie, struct wb_error *e);

/* The contact with this signing key, compared by its 32 bytes: the key id in front of
 * them is only a hint. */
struct wb_signer_contact {
    bool found;
    bool verified;
    char label[WB_CONTACT_LABEL_MAX + 1];
};
WB_CHECKED enum wb_status wb_contact_by_key(struct wb_vault *v,
    struct wb_signer_contact *c, const uint8_t point[static 32], struct wb_error *e);

/* The contact that had this key before the one it has now, and that is ours; "" where
 * there is none. */
WB_CHECKED enum wb_status wb_contact_by_former_key(struct wb_vault *v,
    char label[static WB_CONTACT_LABEL_MAX + 1], const uint8_t point[static 32],
    struct wb_error *e);

/* The contact whose a card is, if somebody's whom we know: signed by their key, as this
 * card has it or as the one before had (contact_card.c).
 *   USAGE      it is our own, or an older one of anybody's
 *   POLICY     one contact has its key, another one the key before it
 *   INTEGRITY  it has a key of somebody else's, or the name of another log */
struct wb_card_file;
struct wb_known_contact {
    bool found;
    bool has_card; /* this very one */
    bool verified;
    struct wb_id id;
    char label[WB_CONTACT_LABEL_MAX + 1];
};
WB_CHECKED enum wb_status wb_contact_of_card(struct wb_vault *v,
    struct wb_known_contact *known, const struct wb_card_file *card,
    struct wb_error *e);

/* Puts the keys of this card in the place of that contact's, not verified. USAGE for
 * another label than it has. (contact_change.c) */
WB_CHECKED enum wb_status wb_contact_change(struct wb_vault *v,
    const struct wb_known_contact *known, const struct wb_card_file *card,
    const char *label, struct wb_saved *saved, struct wb_error *e);

/* A contact that is only a log, not verified: a field vault, which has no card. USAGE
 * where the label is taken. */
WB_CHECKED enum wb_status wb_contact_add_log(
    struct wb_change *c, const char *label, const char *key, struct wb_error *e);

/* The age1... of the contact of that label. NOT_FOUND, or USAGE where it is only a log.
 */
WB_CHECKED enum wb_status wb_contact_recipient(
    struct wb_vault *v, char out[static 64], const char *label, struct wb_error *e);

/* ---- logs whose key we know: ours, our contacts', and last a card's ---- */

/* Verifier keys as text, of char[WB_NOTE_KEY_TEXT_MAX + 1]; starts as {0}. Of two with
 * one origin the first counts, and one that was compared before all claims. */
struct wb_logs {
    struct wb_buf known; /* ours, and those of verified contacts */
    struct wb_buf claims;
};
WB_CHECKED enum wb_status wb_logs_load(
    struct wb_logs *l, struct wb_vault *v, const char *own, struct wb_error *e);
/* A further claim. */
WB_CHECKED enum wb_status wb_logs_add(
    struct wb_logs *l, const char *key, struct wb_error *e);
/* The key of the log of that origin, or NULL. */
const char *wb_logs_find(const struct wb_logs *l, const char *origin);
void wb_logs_wipe(struct wb_logs *l);

#endif
