/* vault/store/header.c - the header: parameters, eight slots, and their MAC. */
#include "header.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../base/wire.h"
#include "../crypto/random.h"

enum {
    HEADER_VERSION = 1,
    AT_FLAGS = 18,
    AT_VAULT_ID = 24,
    AT_GENERATION = 40,
    AT_KDF = 48,
    AT_SALT = 64,
    AT_SLOTS = 96,
    AT_MAC = 1568,
    FLAG_FIELD_VAULT = 1,
    AT_SLOT_BOX = 32,
    AT_SLOT_SEALED = 104,
    SLOT_SEALED_BYTES = 80,
};

static const char magic[] = "witnessbox vault";
static const char argon2_label[] = "witnessbox/v1 vault";

const uint8_t *
wb_header_vault_id(const struct wb_header *h)
{
    return h->bytes + AT_VAULT_ID;
}

const uint8_t *
wb_header_salt(const struct wb_header *h)
{
    return h->bytes + AT_SALT;
}

enum wb_status
wb_header_decode(struct wb_header *h, const uint8_t bytes[static WB_HEADER_BYTES],
    struct wb_error *e)
{
    struct wb_header got = {0};
    struct wb_cursor c;
    uint16_t version, flags;
    uint32_t reserved;
    enum wb_status st;

    memcpy(got.bytes, bytes, sizeof got.bytes);
    wb_cursor_init(&c, got.bytes, sizeof got.bytes);
    if (memcmp(wb_get_bytes(&c, 16), magic, 16) != 0)
        return wb_fail(e, WB_ERR_FORMAT, "header: not a vault's");
    version = wb_get_u16(&c);
    flags = wb_get_u16(&c);
    reserved = wb_get_u32(&c);
    (void)wb_get_bytes(&c, WB_VAULT_ID_BYTES);
    got.generation = wb_get_u64(&c);
    got.kdf.memory_kib = wb_get_u32(&c);
    got.kdf.passes = wb_get_u32(&c);
    got.kdf.lanes = wb_get_u32(&c);
    reserved |= wb_get_u32(&c);
    if (version > HEADER_VERSION)
        return wb_fail(e, WB_ERR_TOO_NEW,
            "header: version %u is newer than this program: update it", version);
    if (version != HEADER_VERSION || reserved != 0 || (flags & ~FLAG_FIELD_VAULT) != 0)
        return wb_fail(e, WB_ERR_FORMAT, "header: damaged");
    if ((st = wb_kdf_check(&got.kdf, e)) != WB_OK)
        return wb_within(e, st, "header");
    got.field_vault = (flags & FLAG_FIELD_VAULT) != 0;
    *h = got;
    return WB_OK;
}

/* The keys of a slot, from P: its own, then commitment and box key. */
struct slot_keys {
    struct wb_secret *slot, *box, *secret;
    uint8_t commitment[WB_KEY_BYTES];
};

static void
slot_keys_wipe(struct slot_keys *k)
{
    wb_secret_free(&k->slot);
    wb_secret_free(&k->box);
    wb_secret_free(&k->secret);
}

static enum wb_status
slot_keys_init(struct slot_keys *k, struct wb_error *e)
{
    enum wb_status st;

    *k = (struct slot_keys){0};
    if ((st = wb_secret_new(&k->slot, WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&k->box, WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&k->secret, WB_KEY_BYTES, e)) != WB_OK)
        slot_keys_wipe(k);
    return st;
}

static void
slot_keys_derive(struct slot_keys *k, const struct wb_header *h, unsigned index,
    const struct wb_secret *p)
{
    uint8_t context[1 + WB_VAULT_ID_BYTES];

    context[0] = (uint8_t)index;
    memcpy(context + 1, wb_header_vault_id(h), WB_VAULT_ID_BYTES);
    wb_kdf_derive(k->slot, p, "slot", context, sizeof context);
    wb_kdf_tag(
        k->commitment, sizeof k->commitment, k->slot, "slot commitment", NULL, 0);
    wb_kdf_derive(k->box, k->slot, "slot box", NULL, 0);
}

enum wb_status
wb_slot_seal(struct wb_header *h, unsigned index, const struct wb_secret *p,
    const struct wb_secret *root, uint8_t point[static 32], struct wb_error *e)
{
    uint8_t *slot = h->bytes + AT_SLOTS + index * WB_SLOT_BYTES;
    struct slot_keys k;
    enum wb_status st;

    if ((st = slot_keys_init(&k, e)) != WB_OK)
        return st;
    slot_keys_derive(&k, h, index, p);
    wb_point_new(k.secret, point);
    memcpy(slot, k.commitment, sizeof k.commitment);
    wb_box_seal(slot + AT_SLOT_BOX, wb_secret_bytes(k.secret), WB_KEY_BYTES, k.box);
    wb_sealed_seal(slot + AT_SLOT_SEALED, wb_secret_bytes(root), WB_KEY_BYTES, point);
    slot_keys_wipe(&k);
    return WB_OK;
}

void
wb_slot_reseal(struct wb_header *h, unsigned index, const struct wb_secret *root,
    const uint8_t point[static 32])
{
    uint8_t *slot = h->bytes + AT_SLOTS + index * WB_SLOT_BYTES;

    wb_sealed_seal(slot + AT_SLOT_SEALED, wb_secret_bytes(root), WB_KEY_BYTES, point);
}

void
wb_header_set_owner(
    struct wb_header *h, const struct wb_secret *root, const uint8_t point[static 32])
{
    h->field_vault = true;
    h->bytes[AT_FLAGS] = FLAG_FIELD_VAULT;
    wb_slot_reseal(h, WB_OWNER_SLOT, root, point);
}

enum wb_status
wb_header_set_kdf(
    struct wb_header *h, const struct wb_kdf_params *kdf, struct wb_error *e)
{
    enum wb_status st = wb_kdf_check(kdf, e);

    if (st != WB_OK)
        return st;
    h->kdf = *kdf;
    wb_set_u32(h->bytes + AT_KDF, kdf->memory_kib);
    wb_set_u32(h->bytes + AT_KDF + 4, kdf->passes);
    wb_set_u32(h->bytes + AT_KDF + 8, kdf->lanes);
    wb_random(h->bytes + AT_SALT, WB_SALT_BYTES);
    return WB_OK;
}

enum wb_status
wb_header_new(struct wb_header *h, const struct wb_kdf_params *kdf,
    struct wb_slot_note slots[static WB_SLOTS], const struct wb_secret *root,
    struct wb_error *e)
{
    struct wb_secret *thrown_away = NULL;
    struct wb_buf b;
    enum wb_status st;

    wb_buf_init(&b, WB_HEADER_BYTES);
    wb_buf_add_text(&b, magic);
    wb_put_u16(&b, HEADER_VERSION);
    wb_put_u16(&b, 0);
    wb_put_u32(&b, 0);
    wb_buf_add_zeros(&b, WB_VAULT_ID_BYTES);
    wb_put_u64(&b, 0);
    wb_put_u32(&b, kdf->memory_kib);
    wb_put_u32(&b, kdf->passes);
    wb_put_u32(&b, kdf->lanes);
    wb_buf_add_zeros(&b, WB_HEADER_BYTES - b.size);
    if ((st = wb_buf_check(&b, e)) != WB_OK ||
        (st = wb_header_decode(h, b.data, e)) != WB_OK ||
        (st = wb_secret_new(&thrown_away, WB_KEY_BYTES, e)) != WB_OK)
        goto out;
    wb_random(h->bytes + AT_VAULT_ID, WB_VAULT_ID_BYTES);
    wb_random(h->bytes + AT_SALT, WB_SALT_BYTES);
    for (unsigned i = 0; i < WB_SLOTS && st == WB_OK; i++) {
        wb_random_secret(thrown_away);
        st = wb_slot_seal(h, i, thrown_away, root, slots[i].point, e);
    }
out:
    wb_secret_free(&thrown_away);
    wb_buf_wipe(&b);
    return st;
}

/* NFC of the passphrase without its final line feed, straight into a secret. */
static enum wb_status
normalize(struct wb_secret **out, size_t *length, const char *passphrase, size_t size,
    struct wb_error *e)
{
    struct wb_buf b;
    enum wb_status st;

    if (size > 0 && passphrase[size - 1] == '\n')
        size--;
    if (size == 0)
        return wb_fail(e, WB_ERR_VALUE, "passphrase: empty");
    if (size > WB_PASSPHRASE_BYTES_MAX)
        return wb_fail(e, WB_ERR_VALUE, "passphrase: %zu bytes, limit is %d", size,
            WB_PASSPHRASE_BYTES_MAX);
    wb_buf_init(&b, WB_PASSPHRASE_BYTES_MAX * 64);
    if ((st = wb_text_normalize(&b, passphrase, size, e)) != WB_OK)
        st = wb_within(e, st, "passphrase");
    else if ((st = wb_secret_new(out, b.size, e)) == WB_OK) {
        memcpy(wb_secret_room(*out), b.data, b.size);
        *length = b.size;
    }
    wb_buf_wipe(&b);
    return st;
}

enum wb_status
wb_header_stretch(struct wb_secret **p, const struct wb_header *h,
    const struct wb_pass *pass, struct wb_error *e)
{
    uint8_t ad[sizeof argon2_label - 1 + WB_VAULT_ID_BYTES];
    struct wb_secret *words = NULL, *made = NULL;
    struct wb_kdf_input in = {.salt = wb_header_salt(h),
        .secret = pass->key_file,
        .ad = ad,
        .ad_size = sizeof ad};
    enum wb_status st;

    memcpy(ad, argon2_label, sizeof argon2_label - 1);
    memcpy(ad + sizeof argon2_label - 1, wb_header_vault_id(h), WB_VAULT_ID_BYTES);
    if ((st = normalize(&words, &in.passphrase_size, pass->text, pass->size, e)) !=
            WB_OK ||
        (st = wb_secret_new(&made, WB_KEY_BYTES, e)) != WB_OK)
        goto out;
    in.passphrase = words;
    if ((st = wb_kdf_passphrase(made, &h->kdf, &in, e)) == WB_OK)
        *p = wb_secret_take(&made);
out:
    wb_secret_free(&words);
    wb_secret_free(&made);
    return st;
}

/* True when commitment, box and sealed root of a slot all open; `root` is then filled.
 */
static bool
slot_opens(const struct wb_header *h, unsigned index, struct slot_keys *k,
    struct wb_secret *root, const struct wb_secret *p)
{
    const uint8_t *slot = h->bytes + AT_SLOTS + index * WB_SLOT_BYTES;

    slot_keys_derive(k, h, index, p);
    return wb_equal(slot, k->commitment, sizeof k->commitment) &&
        wb_box_open(wb_secret_room(k->secret), slot + AT_SLOT_BOX,
            AT_SLOT_SEALED - AT_SLOT_BOX, k->box) &&
        wb_sealed_open(
            wb_secret_room(root), slot + AT_SLOT_SEALED, SLOT_SEALED_BYTES, k->secret);
}

enum wb_status
wb_slots_open(const struct wb_header *h, struct wb_secret **root, unsigned *index,
    const struct wb_secret *p, struct wb_error *e)
{
    struct wb_secret *found = NULL;
    struct slot_keys k;
    enum wb_status st;

    if ((st = slot_keys_init(&k, e)) != WB_OK)
        return st;
    if ((st = wb_secret_new(&found, WB_KEY_BYTES, e)) != WB_OK)
        goto out;
    st = WB_ERR_PASSPHRASE;
    for (unsigned i = 0; i < WB_SLOTS && st != WB_OK; i++)
        if (slot_opens(h, i, &k, found, p)) {
            *root = wb_secret_take(&found);
            *index = i;
            st = WB_OK;
        }
    if (st != WB_OK)
        wb_fail(e, st,
            "no slot opens: wrong passphrase, keyboard layout, or damaged header");
out:
    wb_secret_free(&found);
    slot_keys_wipe(&k);
    return st;
}

enum wb_status
wb_slots_open_owner(const struct wb_header *h, struct wb_secret **root, unsigned *index,
    const struct wb_secret *collect, struct wb_error *e)
{
    const uint8_t *slot = h->bytes + AT_SLOTS + WB_OWNER_SLOT * WB_SLOT_BYTES;
    struct wb_secret *found = NULL;
    enum wb_status st = wb_secret_new(&found, WB_KEY_BYTES, e);

    if (st != WB_OK)
        return st;
    if (wb_sealed_open(
            wb_secret_room(found), slot + AT_SLOT_SEALED, SLOT_SEALED_BYTES, collect)) {
        *root = wb_secret_take(&found);
        *index = WB_OWNER_SLOT;
    } else
        st = wb_fail(e, WB_ERR_POLICY, "made for another owner than us, or damaged");
    wb_secret_free(&found);
    return st;
}

static void
mac(uint8_t out[static WB_KEY_BYTES], const struct wb_header *h,
    const struct wb_secret *key)
{
    wb_kdf_tag(out, WB_KEY_BYTES, key, "header mac", h->bytes, AT_MAC);
}

void
wb_header_seal(struct wb_header *h, uint64_t generation, const struct wb_secret *key)
{
    h->generation = generation;
    wb_set_u64(h->bytes + AT_GENERATION, generation);
    mac(h->bytes + AT_MAC, h, key);
}

bool
wb_header_check(const struct wb_header *h, const struct wb_secret *key)
{
    uint8_t expected[WB_KEY_BYTES];

    mac(expected, h, key);
    return wb_equal(expected, h->bytes + AT_MAC, sizeof expected);
}
