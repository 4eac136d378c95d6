/* vault/record/commit.c - salts, places and roots, vault/store/FORMAT.md section 7. */
#include <string.h>

#include "../base/wire.h"
#include "../crypto/hash.h"
#include "record.h"

static const char value_label[] = "witnessbox/v1 value";
static const char list_label[] = "witnessbox/v1 list";
static const char root_label[] = "witnessbox/v1 root";

enum { HEAD_BYTES = 64 };

static void
add_integer(struct wb_sha256 *h, uint64_t value, size_t size)
{
    uint8_t bytes[8];

    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    wb_sha256_add(h, bytes, size);
}

/* The hash that salts begin with: it is as far as the seed for all of a record. */
static void
begin_seeded(struct wb_sha256 *h, const char *label, const struct wb_record *r)
{
    wb_sha256_init(h);
    wb_sha256_add(h, label, strlen(label));
    wb_sha256_add(h, r->seed, sizeof r->seed);
}

static void
end_seeded(uint8_t out[static WB_HASH_BYTES], const struct wb_sha256 *seeded,
    uint16_t field, uint32_t index)
{
    struct wb_sha256 h = *seeded;
    uint8_t place[6];

    wb_set_u16(place, field);
    wb_set_u32(place + 2, index);
    wb_sha256_add(&h, place, sizeof place);
    wb_sha256_end(&h, out);
}

/* salt(f, i); one of a foreign record is given (`seeded` is NULL), not computed. */
static void
set_salt(uint8_t salt[static WB_SALT16_BYTES], const struct wb_sha256 *seeded,
    uint16_t field, uint32_t index)
{
    uint8_t hash[WB_HASH_BYTES];

    if (seeded == NULL)
        return;
    end_seeded(hash, seeded, field, index);
    memcpy(salt, hash, WB_SALT16_BYTES);
}

/* What a value and a list begin with: label, salt, field, number. */
static void
begin_place(struct wb_sha256 *h, const char *label,
    const uint8_t salt[static WB_SALT16_BYTES], uint16_t field, uint32_t number)
{
    uint8_t head[HEAD_BYTES], *at = head;

    at = (uint8_t *)stpcpy((char *)at, label);
    memcpy(at, salt, WB_SALT16_BYTES);
    wb_set_u16(at += WB_SALT16_BYTES, field);
    wb_set_u32(at += 2, number);
    wb_sha256_init(h);
    wb_sha256_add(h, head, (size_t)(at + 4 - head));
}

/* A single place (index 0) or element `index` of a list. */
static void
commit_value(
    struct wb_value *v, const struct wb_sha256 *seeded, uint16_t field, uint32_t index)
{
    struct wb_sha256 h;

    if (v->state == WB_STATE_WITHHELD)
        return;
    set_salt(v->salt, seeded, field, index);
    begin_place(&h, value_label, v->salt, field, index);
    add_integer(&h, v->state, 1);
    wb_sha256_add(&h, v->text, v->size);
    wb_sha256_end(&h, v->hash);
}

static void
commit_list(struct wb_place *p, const struct wb_sha256 *seeded)
{
    struct wb_sha256 h;

    set_salt(p->salt, seeded, p->field, 0);
    begin_place(&h, list_label, p->salt, p->field, (uint32_t)p->count);
    for (size_t i = 0; i < p->count; i++) {
        commit_value(&p->values[i], seeded, p->field, (uint32_t)i + 1);
        wb_sha256_add(&h, p->values[i].hash, WB_ROOT_BYTES);
    }
    wb_sha256_end(&h, p->hash);
}

void
wb_record_commit_places(struct wb_record *r)
{
    struct wb_sha256 seed, *seeded = r->foreign ? NULL : &seed;

    begin_seeded(&seed, "witnessbox/v1 salt", r);
    for (size_t i = 0; i < r->place_count; i++) {
        struct wb_place *p = &r->places[i];

        if (p->form == WB_FORM_LIST)
            commit_list(p, seeded);
        else if (p->form == WB_FORM_SINGLE) {
            commit_value(&p->values[0], seeded, p->field, 0);
            memcpy(p->hash, p->values[0].hash, WB_ROOT_BYTES);
        }
    }
    wb_wipe(&seed, sizeof seed);
}

void
wb_record_veil(uint8_t hash[static WB_ROOT_BYTES], const struct wb_record *r,
    uint16_t field, uint32_t index)
{
    struct wb_sha256 seed;

    begin_seeded(&seed, "witnessbox/v1 veil", r);
    end_seeded(hash, &seed, field, index);
    wb_wipe(&seed, sizeof seed);
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
