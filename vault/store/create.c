/* vault/store/create.c - a new vault file, up to where custody takes over. */
#include <string.h>

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

/* The keys of a new vault: root, header, one passphrase slot. */
static enum wb_status
keys_new(struct wb_vault *v, const struct wb_kdf_params *kdf,
    const struct wb_pass *pass, struct wb_error *e)
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
    slot->kind = WB_SLOT_PASSPHRASE;
    memcpy(slot->label, "first", sizeof "first");
    st = wb_session_derive(v, e);
out:
    wb_secret_free(&p);
    return st;
}

enum wb_status
wb_store_create(struct wb_vault **v, const char *path, const struct wb_kdf_params *kdf,
    const struct wb_pass *pass, struct wb_error *e)
{
    struct wb_vault *made = NULL;
    enum wb_status st;

    if ((st = wb_session_new(&made, path, e)) != WB_OK ||
        (st = state_new(&made->state, e)) != WB_OK ||
        (st = keys_new(made, kdf, pass, e)) != WB_OK ||
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
