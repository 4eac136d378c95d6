/* vault/record/commit.c - salts, places and roots, vault/store/FORMAT.md section 7. */
#include <string.h>

#include "../crypto/hash.h"
#include "../crypto/kdf.h"
#include "record.h"

static const char value_label[] = "witnessbox/v1 value";
static const char list_label[] = "witnessbox/v1 list";
static const char root_label[] = "witnessbox/v1 root";

enum { CONTEXT_BYTES = 6 };

static void
add_integer(struct wb_sha256 *h, uint64_t value, size_t size)
{
    uint8_t bytes[8];

    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    wb_sha256_add(h, bytes, size);
}

/* salt(f, i); one of a foreign record is given, not computed. */
static void
set_salt(const struct wb_record *r, uint8_t salt[static WB_SALT16_BYTES],
    uint16_t field, uint32_t index)
{
    uint8_t context[CONTEXT_BYTES] = {
        (uint8_t)field,
        (uint8_t)(field >> 8),
        (uint8_t)index,
        (uint8_t)(index >> 8),
        (uint8_t)(index >> 16),
        (uint8_t)(index >> 24),
    };

    if (!r->foreign)
        wb_kdf_tag_seed(
            salt, WB_SALT16_BYTES, r->seed, "salt", context, sizeof context);
}

/* A single place (index 0) or element `index` of a list. */
static void
commit_value(
    const struct wb_record *r, struct wb_value *v, uint16_t field, uint32_t index)
{
    struct wb_sha256 h;

    if (v->state == WB_STATE_WITHHELD)
        return;
    set_salt(r, v->salt, field, index);
    wb_sha256_init(&h);
    wb_sha256_add(&h, value_label, sizeof value_label - 1);
    wb_sha256_add(&h, v->salt, sizeof v->salt);
    add_integer(&h, field, 2);
    add_integer(&h, index, 4);
    add_integer(&h, v->state, 1);
    wb_sha256_add(&h, v->text, v->size);
    wb_sha256_end(&h, v->hash);
}

static void
commit_list(const struct wb_record *r, struct wb_place *p)
{
    struct wb_sha256 h;

    set_salt(r, p->salt, p->field, 0);
    wb_sha256_init(&h);
    wb_sha256_add(&h, list_label, sizeof list_label - 1);
    wb_sha256_add(&h, p->salt, sizeof p->salt);
    add_integer(&h, p->field, 2);
    add_integer(&h, p->count, 4);
    for (size_t i = 0; i < p->count; i++) {
        commit_value(r, &p->values[i], p->field, (uint32_t)i + 1);
        wb_sha256_add(&h, p->values[i].hash, WB_ROOT_BYTES);
    }
    wb_sha256_end(&h, p->hash);
}

void
wb_record_commit_places(struct wb_record *r)
{
    for (size_t i = 0; i < r->place_count; i++) {
        struct wb_place *p = &r->places[i];

        if (p->form == WB_FORM_LIST)
            commit_list(r, p);
        else if (p->form == WB_FORM_SINGLE) {
            commit_value(r, &p->values[0], p->field, 0);
            memcpy(p->hash, p->values[0].hash, WB_ROOT_BYTES);
        }
    }
}

void
wb_record_commit_root(const struct wb_record *r, uint8_t root[static WB_ROOT_BYTES])
{
    struct wb_sha256 h;

    wb_sha256_init(&h);
    wb_sha256_add(&h, root_label, sizeof root_label - 1);
    add_integer(&h, strlen(r->kind), 1);
    wb_sha256_add(&h, r->kind, strlen(r->kind));
    add_integer(&h, r->schema, 2);
    wb_sha256_add(&h, r->id.bytes, sizeof r->id.bytes);
    add_integer(&h, r->revision, 4);
    add_integer(&h, r->previous_count, 1);
    for (size_t i = 0; i < r->previous_count; i++)
        wb_sha256_add(&h, r->previous[i], WB_ROOT_BYTES);
    add_integer(&h, r->place_count, 2);
    for (size_t i = 0; i < r->place_count; i++) {
        add_integer(&h, r->places[i].field, 2);
        wb_sha256_add(&h, r->places[i].hash, WB_ROOT_BYTES);
    }
    wb_sha256_end(&h, root);
}

void
wb_record_commit(struct wb_record *r)
{
    wb_record_commit_places(r);
    wb_record_commit_root(r, r->root);
}
