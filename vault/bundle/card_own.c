/* vault/bundle/card_own.c - our own card: made of our keys, and vouched for by those
 * before them. */
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../formats/base64.h"
#include "../formats/bech32.h"
#include "../formats/note.h"
#include "card.h"

struct wb_minisign_signer
wb_card_signer(const struct wb_identity_keys *keys, const char *comment)
{
    struct wb_minisign_signer signer = {.seed = keys->sign, .untrusted = comment};

    memcpy(signer.id, keys->key_id, sizeof signer.id);
    return signer;
}

static enum wb_status
own_note_key(char *out, size_t room, const char *name, enum wb_note_type type,
    const struct wb_secret *seed, struct wb_error *e)
{
    uint8_t public[WB_SIGN_PUBLIC_BYTES];
    struct wb_note_key key;
    struct wb_buf text;
    enum wb_status st;

    if ((st = wb_sign_public(public, seed, e)) != WB_OK ||
        (st = wb_note_key_init(&key, name, type, public, e)) != WB_OK)
        return st;
    wb_buf_init(&text, room - 1);
    wb_note_key_encode(&text, &key);
    if ((st = wb_buf_check(&text, e)) == WB_OK)
        memcpy(out, wb_buf_text(&text), text.size + 1);
    wb_buf_wipe(&text);
    return st;
}

enum wb_status
wb_card_of(struct wb_card *card, const struct wb_identity_keys *keys,
    const char *origin, struct wb_error *e)
{
    char cosigner[WB_ORIGIN_BYTES_MAX + sizeof WB_COSIGNER_SUFFIX];
    struct wb_card made = {0};
    struct wb_minisign_key key;
    uint8_t collect[WB_POINT_BYTES];
    enum wb_status st;

    memcpy(made.name, keys->name, sizeof made.name);
    wb_age_recipient_encode(made.recipient, keys->age_point);
    memcpy(key.id, keys->key_id, sizeof key.id);
    memcpy(key.point, keys->sign_public, sizeof key.point);
    wb_minisign_key_encode(made.minisign, &key);
    memcpy(cosigner, origin, strlen(origin));
    memcpy(cosigner + strlen(origin), WB_COSIGNER_SUFFIX, sizeof WB_COSIGNER_SUFFIX);
    if ((st = own_note_key(made.log, sizeof made.log, origin, WB_NOTE_ED25519,
             keys->log, e)) != WB_OK ||
        (st = own_note_key(made.cosigner, sizeof made.cosigner, cosigner,
             WB_NOTE_COSIGNATURE, keys->cosigner, e)) != WB_OK)
        return st;
    wb_point_of(collect, keys->collect);
    wb_base64_encode(made.collect, collect, sizeof collect, WB_BASE64_PADDED);
    *card = made;
    return WB_OK;
}

enum wb_status
wb_identity(struct wb_vault *v, struct wb_card *card, struct wb_error *e)
{
    struct wb_identity_keys keys = {0};
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = wb_identity_open(v, &keys, e)) != WB_OK)
        return st;
    st = wb_card_of(card, &keys, wb_store_state(v)->origin, e);
    wb_identity_wipe(&keys);
    return st;
}

/* The keys before these vouch for them, where they were rotated so. */
static enum wb_status
vouch(struct wb_buf *out, struct wb_vault *v, const struct wb_identity_keys *keys,
    struct wb_error *e)
{
    struct wb_identity_keys older = {0};
    struct wb_minisign_signer signer;
    struct wb_buf card;
    enum wb_status st = WB_OK;

    if (!keys->linked)
        return WB_OK;
    for (uint32_t n = 1; (st = wb_identity_older(v, &older, n, e)) == WB_OK; n++) {
        if (memcmp(older.sign_public, keys->sign_public, sizeof older.sign_public) != 0)
            break;
        wb_identity_wipe(&older); /* the same keys: the log began anew in between */
    }
    if (st != WB_OK)
        return wb_within(e, st, "the keys before these");
    wb_buf_init(&card, WB_CARD_BYTES_MAX);
    wb_buf_add(&card, out->data, out->size);
    signer = wb_card_signer(&older, WB_CHANGE_COMMENT);
    if ((st = wb_buf_check(&card, e)) == WB_OK)
        st = wb_minisign_sign(out, &signer, WB_CHANGE_COMMENT, card.data, card.size, e);
    wb_buf_wipe(&card);
    wb_identity_wipe(&older);
    return st;
}

enum wb_status
wb_identity_export(struct wb_vault *v, char **text, struct wb_error *e)
{
    struct wb_identity_keys keys = {0};
    struct wb_minisign_signer signer;
    struct wb_card card;
    struct wb_buf out;
    char *copy;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = wb_identity_open(v, &keys, e)) != WB_OK)
        return st;
    wb_buf_init(&out, WB_CARD_BYTES_MAX);
    signer = wb_card_signer(&keys, WB_CARD_COMMENT);
    if ((st = wb_card_of(&card, &keys, wb_store_state(v)->origin, e)) == WB_OK &&
        (st = wb_card_encode(&out, &card, &signer, e)) == WB_OK &&
        (st = vouch(&out, v, &keys, e)) == WB_OK) {
        copy = wb_mem_string(wb_buf_text(&out));
        if (copy == NULL)
            st = wb_fail_memory(e);
        else
            *text = copy;
    }
    wb_buf_wipe(&out);
    wb_identity_wipe(&keys);
    return st;
}
