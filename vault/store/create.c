/* vault/store/create.c - a new vault file, up to where custody takes over. */
#include <string.h>

#include "../base/fail.h"
#include "../crypto/random.h"
#include "session.h"

void
wb_store_origin_new(char out[static WB_ORIGIN_BYTES_MAX + 1])
{
    static const char prefix[] = "witnessbox/";
    struct wb_id random;

    wb_random(random.bytes, sizeof random.bytes);
    memcpy(out, prefix, sizeof prefix - 1);
    wb_id_text(out + sizeof prefix - 1, &random);
}

static enum wb_status
state_new(struct wb_vault_state *s, struct wb_error *e)
{
    enum wb_status st = wb_secret_new(&s->epochs, WB_KEY_BYTES, e);

    if (st != WB_OK)
        return st;
    wb_random_secret(s->epochs);
    s->epoch_count = 1;
    s->next_row = s->next_log = s->next_head = s->next_draft = s->next_file = 1;
    s->tree_first = 1;
    wb_store_origin_new(s->origin);
    return WB_OK;
}

static void
slot_note(struct wb_slot_note *slot, enum wb_slot_kind kind, const char *label)
{
    slot->kind = kind;
    memcpy(slot->label, label, strlen(label) + 1);
}

/* Nothing can be sealed to a point of low order, and a card may have one. */
static enum wb_status
check_point(const uint8_t *point, struct wb_error *e)
{
    struct wb_secret *shared = NULL, *any = NULL;
    enum wb_status st;

    if ((st = wb_secret_new(&shared, WB_KEY_BYTES, e)) == WB_OK &&
        (st = wb_secret_new(&any, WB_KEY_BYTES, e)) == WB_OK) {
        wb_random_secret(any);
        if (!wb_point_agree(shared, any, point))
            st = wb_fail(e, WB_ERR_VALUE, "owner: no collect key that can be used");
    }
    wb_secret_free(&any);
    wb_secret_free(&shared);
    return st;
}

/* What makes it a field vault: whom it is for, and a key of its own for its log. */
static enum wb_status
owner_set(struct wb_vault *v, const uint8_t *owner, struct wb_error *e)
{
    struct wb_slot_note *slot = &v->state.slots[WB_OWNER_SLOT];
    enum wb_status st = check_point(owner, e);

    if (st != WB_OK ||
        (st = wb_secret_new(&v->state.field_log, WB_KEY_BYTES, e)) != WB_OK)
        return st;
    wb_random_secret(v->state.field_log);
    memcpy(v->state.field_owner, owner, sizeof v->state.field_owner);
    memcpy(slot->point, owner, sizeof slot->point);
    slot_note(slot, WB_SLOT_OWNER, "owner");
    wb_header_set_owner(&v->header, v->root, owner);
    return WB_OK;
}

/* The keys of a new vault: root, header, one passphrase slot. */
static enum wb_status
keys_new(struct wb_vault *v, const struct wb_kdf_params *kdf,
    const struct wb_pass *pass, const uint8_t *owner, struct wb_error *e)
{
    struct wb_slot_note *slot = &v->state.slots[0];
    struct wb_secret *p = NULL;
    enum wb_status st;

    if ((st = wb_secret_new(&v->root, WB_KEY_BYTES, e)) != WB_OK)
        return st;
    wb_random_secret(v->root);
    if ((st = wb_header_new(&v->header, kdf, v->state.slots, v->root, e)) != WB_OK ||
        (st = wb_header_stretch(&p, &v->header, pass, e)) != WB_OK ||
        (st = wb_slot_seal(&v->header, 0, p, v->root, slot->point, e)) != WB_OK)
        goto out;
    slot_note(slot, WB_SLOT_PASSPHRASE, "first");
    if (owner == NULL || (st = owner_set(v, owner, e)) == WB_OK)
        st = wb_session_derive(v, e);
out:
    wb_secret_free(&p);
    return st;
}

enum wb_status
wb_store_create(struct wb_vault **v, const char *path, const struct wb_kdf_params *kdf,
    const struct wb_pass *pass, const uint8_t *owner, struct wb_error *e)
{
    struct wb_vault *made = NULL;
    enum wb_status st;

    if ((st = wb_session_new(&made, path, e)) != WB_OK ||
        (st = state_new(&made->state, e)) != WB_OK ||
        (st = keys_new(made, kdf, pass, owner, e)) != WB_OK ||
        (st = wb_session_connect(made, false, e)) != WB_OK ||
        (st = wb_schema_create(made->db, e)) != WB_OK)
        goto out;
    made->header_changed = true; /* the first commit writes it, with the first state */
    *v = made;
    made = NULL;
out:
    wb_vault_close(&made);
    return st;
}
