/* vault/custody/identity.c - our name and our secrets, in a record of kind identity. */
#include "identity.h"

#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/wire.h"
#include "../crypto/box.h"
#include "../crypto/random.h"
#include "../formats/base64.h"
#include "../formats/bech32.h"
#include "../formats/minisign.h"
#include "log.h"

enum {
    PRIVATE_VERSION = 1,
    KEY_ID_BYTES = 8,
    SECRETS = 5,
    PRIVATE_BYTES = 1 + KEY_ID_BYTES + SECRETS * WB_KEY_BYTES + 1,
};

/* The five secrets in the order of the private part (store FORMAT.md section 7). */
static void
list_secrets(struct wb_identity_keys *k, struct wb_secret **secrets[static SECRETS])
{
    secrets[0] = &k->sign;
    secrets[1] = &k->log;
    secrets[2] = &k->cosigner;
    secrets[3] = &k->age;
    secrets[4] = &k->collect;
}

void
wb_identity_wipe(struct wb_identity_keys *k)
{
    struct wb_secret **secrets[SECRETS];

    list_secrets(k, secrets);
    for (int i = 0; i < SECRETS; i++)
        wb_secret_free(secrets[i]);
}

static enum wb_status
make_secrets(struct wb_identity_keys *k, struct wb_error *e)
{
    struct wb_secret **secrets[SECRETS];
    enum wb_status st = WB_OK;

    list_secrets(k, secrets);
    for (int i = 0; i < SECRETS && st == WB_OK; i++)
        st = wb_secret_new(secrets[i], WB_KEY_BYTES, e);
    return st;
}

static enum wb_status
find_publics(struct wb_identity_keys *k, struct wb_error *e)
{
    wb_point_of(k->age_point, k->age);
    return wb_sign_public(k->sign_public, k->sign, e);
}

static enum wb_status
put_text(struct wb_draft *d, const char *field, const char *text, struct wb_error *e)
{
    return wb_draft_put(d, field, WB_STATE_TEXT, text, strlen(text), e);
}

/* A verifier key of ours on the card: C2SP signed-note. */
static enum wb_status
put_note_key(struct wb_draft *d, const char *field, const char *name,
    enum wb_note_type type, const struct wb_secret *seed, struct wb_error *e)
{
    uint8_t public[WB_SIGN_PUBLIC_BYTES];
    struct wb_note_key key;
    struct wb_buf text;
    enum wb_status st;

    wb_buf_init(&text, WB_NOTE_KEY_TEXT_MAX);
    if ((st = wb_sign_public(public, seed, e)) != WB_OK ||
        (st = wb_note_key_init(&key, name, type, public, e)) != WB_OK)
        goto out;
    wb_note_key_encode(&text, &key);
    if ((st = wb_buf_check(&text, e)) == WB_OK)
        st = put_text(d, field, wb_buf_text(&text), e);
out:
    wb_buf_wipe(&text);
    return st;
}

/* The card's fields (bundle FORMAT.md section 5). */
static enum wb_status
fill_draft(struct wb_draft *d, struct wb_vault *v, const struct wb_identity_keys *k,
    struct wb_error *e)
{
    const char *origin = wb_store_state(v)->origin;
    char cosigner[WB_ORIGIN_BYTES_MAX + sizeof "/cosigner"];
    char recipient[WB_AGE_RECIPIENT_CHARS + 1], minisign[WB_MINISIGN_KEY_CHARS + 1];
    char collect[48] = "";
    struct wb_minisign_key sign;
    uint8_t point[WB_POINT_BYTES];
    enum wb_status st;

    (void)snprintf(cosigner, sizeof cosigner, "%s/cosigner", origin);
    wb_age_recipient_encode(recipient, k->age_point);
    memcpy(sign.id, k->key_id, sizeof sign.id);
    memcpy(sign.point, k->sign_public, sizeof sign.point);
    wb_minisign_key_encode(minisign, &sign);
    wb_point_of(point, k->collect);
    wb_base64_encode(collect, point, sizeof point, WB_BASE64_PADDED);
    if ((st = put_text(d, "name", k->name, e)) != WB_OK ||
        (st = put_text(d, "recipient", recipient, e)) != WB_OK ||
        (st = put_text(d, "minisign", minisign, e)) != WB_OK ||
        (st = put_note_key(d, "log", origin, WB_NOTE_ED25519, k->log, e)) != WB_OK ||
        (st = put_note_key(
             d, "cosigner", cosigner, WB_NOTE_COSIGNATURE, k->cosigner, e)) != WB_OK)
        return st;
    return put_text(d, "collect", collect, e);
}

/* The private part: version, key id, secrets; in the record's arena, wiped with it. */
static enum wb_status
attach_private(struct wb_record *r, struct wb_identity_keys *k, struct wb_error *e)
{
    struct wb_secret **secrets[SECRETS];
    uint8_t *at = wb_arena_new(&r->arena, PRIVATE_BYTES);

    if (at == NULL)
        return wb_fail_memory(e);
    r->private_part = at;
    r->private_size = PRIVATE_BYTES;
    *at++ = PRIVATE_VERSION;
    memcpy(at, k->key_id, KEY_ID_BYTES);
    at += KEY_ID_BYTES;
    list_secrets(k, secrets);
    for (int i = 0; i < SECRETS; i++, at += WB_KEY_BYTES)
        memcpy(at, wb_secret_bytes(*secrets[i]), WB_KEY_BYTES);
    *at = k->linked;
    return WB_OK;
}

/* The record that these secrets make, ready to be stored. */
static enum wb_status
make_record(struct wb_record **r, struct wb_identity_keys *k, struct wb_vault *v,
    const struct wb_lineage *lineage, struct wb_error *e)
{
    struct wb_draft *d = NULL;
    enum wb_status st;

    if ((st = wb_draft_new_any(&d, wb_kind_find("identity"), e)) == WB_OK &&
        (st = fill_draft(d, v, k, e)) == WB_OK &&
        (st = wb_record_from_draft(r, d, lineage, e)) == WB_OK &&
        (st = attach_private(*r, k, e)) != WB_OK)
        wb_record_free(r);
    wb_draft_free(&d);
    return st;
}

enum wb_status
wb_identity_draw(struct wb_identity_keys *k, struct wb_error *e)
{
    struct wb_secret **secrets[SECRETS];
    enum wb_status st;

    wb_identity_wipe(k);
    if ((st = make_secrets(k, e)) != WB_OK)
        return st;
    list_secrets(k, secrets);
    for (int i = 0; i < SECRETS; i++)
        wb_random_secret(*secrets[i]);
    wb_random(k->key_id, sizeof k->key_id);
    return find_publics(k, e);
}

enum wb_status
wb_identity_new(struct wb_record **r, struct wb_identity_keys *k, struct wb_vault *v,
    const char *name, struct wb_error *e)
{
    struct wb_lineage lineage = {.revision = 1, .origin = wb_store_state(v)->origin};
    enum wb_status st;

    *k = (struct wb_identity_keys){0};
    if (strlen(name) >= sizeof k->name)
        return wb_fail(e, WB_ERR_VALUE, "name: %zu bytes, limit is %zu", strlen(name),
            sizeof k->name - 1);
    memcpy(k->name, name, strlen(name) + 1);
    if ((st = wb_identity_draw(k, e)) != WB_OK)
        return st;
    wb_random(lineage.id.bytes, sizeof lineage.id.bytes);
    return make_record(r, k, v, &lineage, e);
}

enum wb_status
wb_identity_amend(struct wb_change *c, struct wb_identity_keys *k, struct wb_error *e)
{
    struct wb_vault *v = wb_change_vault(c);
    struct wb_record *before = NULL, *after = NULL;
    struct wb_lineage lineage;
    enum wb_status st;

    if ((st = wb_record_load(v, &before, &wb_store_state(v)->identity, e)) != WB_OK)
        return wb_within(e, st, "our identity");
    lineage = (struct wb_lineage){.id = before->id,
        .revision = before->revision + 1,
        .previous = (const uint8_t(*)[WB_ROOT_BYTES]) & before->root,
        .previous_count = 1,
        .origin = wb_store_state(v)->origin};
    if ((st = make_record(&after, k, v, &lineage, e)) == WB_OK)
        st = wb_change_store(c, WB_ACTION_AMEND, after, NULL, e);
    wb_record_free(&after);
    wb_record_free(&before);
    return st;
}

enum wb_status
wb_identity_take(struct wb_identity_keys *k, struct wb_record **r, struct wb_error *e)
{
    struct wb_identity_keys got = {0};
    struct wb_secret **secrets[SECRETS];
    const char *name = wb_record_text(*r, "name");
    struct wb_cursor c;
    enum wb_status st;

    wb_cursor_init(&c, (*r)->private_part, (*r)->private_size);
    if ((*r)->private_size != PRIVATE_BYTES || wb_get_u8(&c) != PRIVATE_VERSION ||
        strlen(name) >= sizeof got.name) {
        st = wb_fail(e, WB_ERR_INTEGRITY, "our identity: not as written");
        goto out;
    }
    memcpy(got.name, name, strlen(name) + 1);
    wb_get_copy(&c, got.key_id, sizeof got.key_id);
    if ((st = make_secrets(&got, e)) != WB_OK)
        goto out;
    list_secrets(&got, secrets);
    for (int i = 0; i < SECRETS; i++)
        wb_get_copy(&c, wb_secret_room(*secrets[i]), WB_KEY_BYTES);
    got.linked = wb_get_u8(&c) == 1;
    st = find_publics(&got, e);
out:
    wb_record_free(r);
    if (st == WB_OK)
        *k = got;
    else
        wb_identity_wipe(&got);
    return st;
}

enum wb_status
wb_identity_open(struct wb_vault *v, struct wb_identity_keys *k, struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st = wb_store_need_sight(v, e);

    if (st != WB_OK)
        return st;
    if ((st = wb_record_load(v, &r, &wb_store_state(v)->identity, e)) != WB_OK)
        return wb_within(e, st, "our identity");
    return wb_identity_take(k, &r, e);
}

enum wb_status
wb_identity_log(struct wb_vault *v, struct wb_secret **seed, struct wb_error *e)
{
    const struct wb_secret *field = wb_store_state(v)->field_log;
    struct wb_identity_keys keys = {0};
    enum wb_status st;

    if (field != NULL) {
        if ((st = wb_secret_new(seed, WB_KEY_BYTES, e)) == WB_OK)
            memcpy(wb_secret_room(*seed), wb_secret_bytes(field), WB_KEY_BYTES);
        return st;
    }
    if ((st = wb_identity_open(v, &keys, e)) == WB_OK)
        *seed = wb_secret_take(&keys.log);
    wb_identity_wipe(&keys);
    return st;
}
