/* vault/store/field.c - field vaults: what is added is sealed to the owner (FORMAT.md
 * section 4). */
#include <string.h>

#include <witnessbox/field.h>

#include "../base/fail.h"
#include "session.h"

bool
wb_vault_is_field(const struct wb_vault *v)
{
    return v->header.field_vault;
}

bool
wb_store_is_blind(const struct wb_vault *v)
{
    return v->header.field_vault && v->owner == NULL;
}

enum wb_status
wb_store_need_sight(const struct wb_vault *v, struct wb_error *e)
{
    if (wb_store_is_blind(v))
        return wb_fail(e, WB_ERR_POLICY,
            "a field vault: it takes in and shows nothing, only its owner reads it "
            "(`collect`)");
    return WB_OK;
}

size_t
wb_session_extra(const struct wb_vault *v)
{
    return v->header.field_vault ? WB_SEALED_EXTRA_BYTES : WB_BOX_EXTRA_BYTES;
}

void
wb_session_seal(const struct wb_vault *v, uint8_t *out, const void *plain, size_t size,
    const struct wb_secret *key)
{
    if (v->header.field_vault)
        wb_sealed_seal(out, plain, size, v->state.field_owner);
    else
        wb_box_seal(out, plain, size, key);
}

enum wb_status
wb_session_unseal(const struct wb_vault *v, uint8_t *plain, const uint8_t *sealed,
    size_t size, const struct wb_secret *key, struct wb_error *e)
{
    enum wb_status st = wb_store_need_sight(v, e);
    bool opened;

    if (st != WB_OK)
        return st;
    opened = v->header.field_vault ? wb_sealed_open(plain, sealed, size, v->owner)
                                   : wb_box_open(plain, sealed, size, key);
    return opened ? WB_OK : wb_fail(e, WB_ERR_INTEGRITY, "altered or foreign");
}

enum wb_status
wb_store_unlock_owner(
    struct wb_vault *v, const struct wb_secret *collect, struct wb_error *e)
{
    uint8_t point[WB_POINT_BYTES];
    enum wb_status st;

    st = wb_slots_open_owner(&v->header, &v->root, &v->slot, collect, e);
    if (st != WB_OK)
        return wb_within(e, st, "%s", v->path);
    if ((st = wb_session_check(v, e)) != WB_OK)
        return st;
    wb_point_of(point, collect);
    if (!wb_equal(point, v->state.field_owner, sizeof point))
        return wb_fail(e, WB_ERR_INTEGRITY, "%s: state: names another owner", v->path);
    if ((st = wb_secret_new(&v->owner, WB_KEY_BYTES, e)) == WB_OK)
        memcpy(wb_secret_room(v->owner), wb_secret_bytes(collect), WB_KEY_BYTES);
    return st;
}
