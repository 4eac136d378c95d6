/* tests/unit/test_vectors_keys.c - tests/vectors/keys.json: keys, passphrases, headers.
 */
#include "cm.h"

#include <string.h>

#include "crypto/box.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "crypto/shamir.h"
#include "custody/identity.h"
#include "formats/share.h"
#include "formats/words.h"
#include "store/header.h"
#include "vectors.h"

/* Offsets of store FORMAT.md section 3. */
enum {
    AT_SLOTS = 96,
    AT_MAC = 1568,
    SLOT_BOX = 32,
    SLOT_SEALED = 104,
};

static void
check_kdf(const struct vector *c)
{
    const char *label = vector_text(c, "label");
    struct vector_bytes context = vector_bytes(c, "context");
    size_t size = vector_bytes(c, "out").size;
    struct wb_secret *key = vector_secret(c, "key");
    uint8_t out[WB_KEY_BYTES];

    vector_true(c, size == 16 || size == sizeof out, "out: 16 or 32 bytes");
    wb_kdf_tag(out, size, key, label, context.data, context.size);
    vector_same(c, "out", out, size);
    if (size == WB_KEY_BYTES) {
        wb_kdf_derive(key, key, label, context.data, context.size);
        vector_same(c, "out", wb_secret_bytes(key), size);
    }
    wb_secret_free(&key);
}

static void
check_argon2id(const struct vector *c)
{
    struct vector_bytes ad = vector_bytes(c, "ad"), salt = vector_bytes(c, "salt");
    struct vector_bytes key_file = vector_bytes(c, "key_file");
    struct wb_secret *words = vector_secret(c, "passphrase"), *out = NULL;
    struct wb_secret *secret = NULL;
    struct wb_kdf_params p = {(uint32_t)vector_number(c, "memory_kib"),
        (uint32_t)vector_number(c, "passes"), (uint32_t)vector_number(c, "lanes")};
    struct wb_kdf_input in = {.passphrase = words,
        .passphrase_size = wb_secret_size(words),
        .salt = salt.data,
        .ad = ad.data,
        .ad_size = ad.size};
    uint8_t hash[WB_HASH_BYTES];
    struct wb_error e = {0};

    vector_true(c, salt.size == WB_SALT_BYTES, "salt: 32 bytes");
    wb_blake2b_256(hash, key_file.data, key_file.size);
    vector_same(c, "secret", hash, key_file.size > 0 ? sizeof hash : 0);
    if (key_file.size > 0)
        in.secret = secret = vector_secret(c, "secret");
    vector_ok(c, wb_secret_new(&out, WB_KEY_BYTES, &e), &e);
    vector_ok(c, wb_kdf_passphrase(out, &p, &in, &e), &e);
    vector_same(c, "out", wb_secret_bytes(out), WB_KEY_BYTES);
    wb_secret_free(&words);
    wb_secret_free(&secret);
    wb_secret_free(&out);
}

/* What reached Argon2id. */
static uint8_t stretched[64];
static size_t stretched_size;

static void
keep_words(uint8_t out[static WB_KEY_BYTES], const uint8_t *passphrase, size_t size,
    const uint8_t salt[static WB_SALT_BYTES])
{
    (void)salt;
    assert_true(size <= sizeof stretched);
    memcpy(stretched, passphrase, size);
    stretched_size = size;
    memset(out, 0, WB_KEY_BYTES);
}

static void
check_passphrase(const struct vector *c)
{
    struct vector_bytes raw = vector_bytes(c, "raw");
    struct wb_header h = {.kdf = WB_KDF_FLOOR};
    struct wb_secret *p = NULL;
    struct wb_error e = {0};

    wb_kdf_source = keep_words;
    vector_ok(c,
        wb_header_stretch(
            &p, &h, &(struct wb_pass){(const char *)raw.data, raw.size, NULL}, &e),
        &e);
    wb_kdf_source = NULL;
    vector_same(c, "bytes", stretched, stretched_size);
    wb_secret_free(&p);
}

static void
check_pad(const struct vector *c)
{
    vector_same_number(
        c, "out", wb_pad_length(vector_number(c, "n"), vector_number(c, "floor")));
}

static void
check_derived(const struct vector *c, const char *member, const struct wb_secret *key,
    const char *label, const struct vector_bytes *context)
{
    uint8_t out[WB_KEY_BYTES];

    wb_kdf_tag(out, sizeof out, key, label, context->data, context->size);
    vector_same(c, member, out, sizeof out);
}

/* The opened slot written anew with the same randomness. The sealed root cannot be made
 * again (crypto_box_seal draws for itself), but the vector's opens and ours does. */
static void
check_slot(const struct vector *c, struct wb_header *h, unsigned index,
    const struct wb_secret *p, const struct wb_secret *root)
{
    struct vector_bytes header = vector_bytes(c, "header");
    const size_t at = AT_SLOTS + (size_t)index * WB_SLOT_BYTES;
    uint8_t point[WB_POINT_BYTES], expected[WB_POINT_BYTES], opened[WB_KEY_BYTES];
    struct wb_secret *secret = vector_secret(c, "slot_secret");
    struct wb_error e = {0};

    memset(h->bytes + at, 0, WB_SLOT_BYTES);
    vectors_feed(wb_secret_bytes(secret), WB_KEY_BYTES);
    vectors_feed(header.data + at + SLOT_BOX, WB_BOX_NONCE_BYTES);
    vector_ok(c, wb_slot_seal(h, index, p, root, point, &e), &e);
    vectors_feed_end(c);
    vector_true(c, memcmp(h->bytes + at, header.data + at, SLOT_SEALED) == 0, "slot");
    wb_point_of(expected, secret);
    vector_true(c, memcmp(point, expected, sizeof point) == 0, "slot point");
    vector_true(c,
        wb_sealed_open(
            opened, h->bytes + at + SLOT_SEALED, WB_SLOT_BYTES - SLOT_SEALED, secret),
        "sealed root");
    vector_same(c, "root", opened, sizeof opened);
    memcpy(h->bytes + at + SLOT_SEALED, header.data + at + SLOT_SEALED,
        WB_SLOT_BYTES - SLOT_SEALED);
    wb_secret_free(&secret);
}

static void
check_header_keys(const struct vector *c, struct wb_header *h,
    const struct wb_secret *root, const struct vector_bytes *vault)
{
    struct wb_secret *key = vector_secret(c, "header_key");

    check_derived(c, "header_key", root, "header", vault);
    check_derived(c, "state_key", root, "state", vault);
    check_derived(c, "wrap_key", root, "wrap", vault);
    check_derived(c, "lookup_key", root, "lookup", vault);
    vector_true(c, wb_header_check(h, key), "mac");
    memset(h->bytes + AT_MAC, 0, WB_HEADER_BYTES - AT_MAC);
    vector_true(c, !wb_header_check(h, key), "a mac of zeros");
    wb_header_seal(h, vector_number(c, "generation"), key);
    vector_same(c, "mac", h->bytes + AT_MAC, WB_HEADER_BYTES - AT_MAC);
    vector_same(c, "header", h->bytes, sizeof h->bytes);
    wb_secret_free(&key);
}

static void
check_header(const struct vector *c)
{
    struct vector_bytes words = vector_bytes(c, "passphrase"),
                        vault = vector_bytes(c, "vault");
    uint8_t bytes[WB_HEADER_BYTES], context[1 + WB_VAULT_ID_BYTES];
    struct wb_secret *p = NULL, *root = NULL;
    struct wb_header h;
    unsigned index = WB_SLOTS;
    struct wb_error e = {0};

    vector_copy(c, "header", bytes, sizeof bytes);
    vector_ok(c, wb_header_decode(&h, bytes, &e), &e);
    vector_same(c, "vault", wb_header_vault_id(&h), WB_VAULT_ID_BYTES);
    vector_same_number(c, "generation", h.generation);
    vector_ok(c,
        wb_header_stretch(
            &p, &h, &(struct wb_pass){(const char *)words.data, words.size, NULL}, &e),
        &e);
    vector_same(c, "stretched", wb_secret_bytes(p), WB_KEY_BYTES);
    vector_ok(c, wb_slots_open(&h, &root, &index, p, &e), &e);
    vector_same_number(c, "slot", index);
    vector_same(c, "root", wb_secret_bytes(root), WB_KEY_BYTES);
    context[0] = (uint8_t)index;
    memcpy(context + 1, vault.data, WB_VAULT_ID_BYTES);
    check_derived(
        c, "slot_key", p, "slot", &(struct vector_bytes){context, sizeof context});
    check_slot(c, &h, index, p, root);
    check_header_keys(c, &h, root, &vault);
    wb_secret_free(&p);
    wb_secret_free(&root);
}

/* The owner's slot opens with his collect secret, and no other slot does. */
static void
check_field_header(const struct vector *c)
{
    struct wb_secret *p = vector_secret(c, "stretched"), *root = NULL;
    struct wb_secret *collect = vector_secret(c, "collect");
    uint8_t bytes[WB_HEADER_BYTES];
    struct wb_header h;
    unsigned index = WB_SLOTS;
    struct wb_error e = {0};

    vector_copy(c, "header", bytes, sizeof bytes);
    vector_ok(c, wb_header_decode(&h, bytes, &e), &e);
    vector_true(c, h.field_vault, "flag");
    vector_ok(c, wb_slots_open(&h, &root, &index, p, &e), &e);
    vector_same(c, "root", wb_secret_bytes(root), WB_KEY_BYTES);
    wb_secret_free(&root);
    vector_ok(c, wb_slots_open_owner(&h, &root, &index, collect, &e), &e);
    vector_true(c, index == WB_OWNER_SLOT, "slot");
    vector_same(c, "root", wb_secret_bytes(root), WB_KEY_BYTES);
    wb_secret_free(&root);
    vector_true(c, wb_slots_open_owner(&h, &root, &index, p, &e) == WB_ERR_POLICY,
        "another secret opens it");
    wb_secret_free(&collect);
    wb_secret_free(&p);
}

static void
check_mark(const struct vector *c)
{
    struct vector_bytes out = vector_bytes(c, "out");
    char mark[WB_MARK_BYTES], words[WB_MARK_BYTES] = "";
    uint8_t key[WB_KEY_BYTES];
    struct wb_error e = {0};

    vector_copy(c, "key", key, sizeof key);
    vector_true(c, out.size == WB_KEY_BYTES, "out");
    if (strcmp(vector_text(c, "label"), "owner") == 0)
        vector_ok(c, wb_owner_mark(mark, key, &e), &e);
    else
        vector_ok(c, wb_log_mark(mark, key, &e), &e);
    vector_same_count(c, "numbers", 4);
    for (size_t i = 0; i < 4; i++) {
        strcat(words, i == 0 ? "" : " ");
        strcat(words, wb_word_list[vector_number_at(c, "numbers", i)]);
    }
    assert_string_equal(mark, words);
}

/* A share is read from its line and written again. */
static void
check_lines(const struct vector *c, unsigned needed, const struct wb_secret *all)
{
    const size_t count = vector_count(c, "shares");
    struct wb_share share = {0};
    struct wb_secret *text = NULL;
    struct wb_error e = {0};
    uint8_t mark[WB_SHARE_MARK_BYTES];

    wb_share_mark(mark, vector_bytes(c, "vault").data);
    for (size_t i = 0; i < count; i++) {
        const char *line = vector_text_at(c, "shares", i);

        vector_ok(c, wb_share_decode(&share, line, strlen(line), &e), &e);
        vector_true(c,
            share.needed == needed && share.number == i + 1 &&
                memcmp(share.mark, mark, sizeof mark) == 0 &&
                memcmp(wb_secret_bytes(share.bytes),
                    wb_secret_bytes(all) + i * WB_KEY_BYTES, WB_KEY_BYTES) == 0,
            "share: what is in it");
        vector_ok(c, wb_share_encode(&text, &share, &e), &e);
        vector_true(c, strcmp((const char *)wb_secret_bytes(text), line) == 0,
            "share: written again");
        wb_secret_free(&text);
        wb_secret_free(&share.bytes);
    }
}

static void
check_shares(const struct vector *c)
{
    const unsigned needed = (unsigned)vector_count(c, "coefficients") + 1;
    const unsigned count = (unsigned)vector_count(c, "shares");
    uint8_t drawn[WB_SHAMIR_MAX * WB_KEY_BYTES] = {0}; /* the first 32 are not used */
    struct wb_secret *key = vector_secret(c, "key"), *all = NULL;
    struct wb_error e = {0};

    vector_ok(c, wb_secret_new(&all, (size_t)count * WB_KEY_BYTES, &e), &e);
    for (unsigned i = 1; i < needed; i++) {
        struct vector_bytes bytes = vector_bytes_at(c, "coefficients", i - 1);

        vector_true(c, bytes.size == WB_KEY_BYTES, "coefficients: 32 bytes");
        memcpy(drawn + i * WB_KEY_BYTES, bytes.data, WB_KEY_BYTES);
    }
    vectors_feed(drawn, (size_t)needed * WB_KEY_BYTES);
    vector_ok(c, wb_shamir_split(all, key, needed, count, &e), &e);
    vectors_feed_end(c);
    check_lines(c, needed, all);
    wb_secret_free(&key);
    wb_secret_free(&all);
}

static void
every_case_of_keys_json_holds(void **state)
{
    static const struct vector_check checks[] = {
        {"kdf", check_kdf},
        {"argon2id", check_argon2id},
        {"passphrase", check_passphrase},
        {"pad", check_pad},
        {"header", check_header},
        {"field header", check_field_header},
        {"mark", check_mark},
        {"shares", check_shares},
    };

    (void)state;
    vectors_run("keys.json", checks, sizeof checks / sizeof *checks);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_of_keys_json_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
