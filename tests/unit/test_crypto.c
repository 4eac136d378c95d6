/* tests/unit/test_crypto.c - the primitives against their standards' vectors, and their
 * refusals. */
#include "cm.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "base/text.h"
#include "crypto/box.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "crypto/random.h"
#include "crypto/sign.h"

enum { BYTES_MAX = 256 };

static size_t
unhex(uint8_t out[static BYTES_MAX], const char *hex)
{
    size_t size = strlen(hex) / 2;

    assert_true(size <= BYTES_MAX);
    assert_true(wb_hex_decode(out, size, hex, strlen(hex)));
    return size;
}

static void
assert_hex(const void *bytes, const char *hex)
{
    uint8_t expected[BYTES_MAX];
    size_t size = unhex(expected, hex);

    assert_memory_equal(bytes, expected, size);
}

static struct wb_secret *
secret_of(const char *hex)
{
    uint8_t bytes[BYTES_MAX];
    size_t size = unhex(bytes, hex);
    struct wb_secret *s = NULL;

    assert_int_equal(wb_secret_new(&s, size, NULL), WB_OK);
    memcpy(wb_secret_room(s), bytes, size);
    return s;
}

static struct wb_secret *
secret_filled(uint8_t with, size_t size)
{
    struct wb_secret *s = NULL;

    assert_int_equal(wb_secret_new(&s, size, NULL), WB_OK);
    memset(wb_secret_room(s), with, size);
    return s;
}

static void
flip(uint8_t *bytes, size_t bit)
{
    bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
}

/* Hashes. */

static void
sha256_agrees_with_fips_180(void **state)
{
    uint8_t out[WB_HASH_BYTES];
    struct wb_sha256 h, copy;
    uint8_t piece[1000];

    (void)state;
    wb_sha256_of(out, "abc", 3);
    assert_hex(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    wb_sha256_of(out, NULL, 0);
    assert_hex(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    wb_sha256_of(out, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56);
    assert_hex(out, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    memset(piece, 'a', sizeof piece);
    wb_sha256_init(&h);
    for (size_t left = 1000000, take = 1; left > 0; left -= take) {
        take = take * 7 % 997 + 1 < left ? take * 7 % 997 + 1 : left;
        wb_sha256_add(&h, piece, take);
    }
    copy = h;
    wb_sha256_end(&h, out);
    assert_hex(out, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    memset(out, 0, sizeof out);
    wb_sha256_end(&copy, out);
    assert_hex(out, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void
blake2b_agrees_with_rfc_7693(void **state)
{
    uint8_t out[WB_BLAKE2B_BYTES];

    (void)state;
    wb_blake2b_512(out, "abc", 3);
    assert_hex(out,
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    wb_blake2b_256(out, "abc", 3); /* Python's hashlib */
    assert_hex(out, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void
hmac_agrees_with_rfc_4231(void **state)
{
    static const struct {
        uint8_t fill;
        size_t size;
        const char *text, *mac;
    } rows[] = {
        {0x0b, 20, "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {0xaa, 131, "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };
    struct wb_secret *jefe = secret_of("4a656665");
    uint8_t out[WB_HASH_BYTES];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct wb_secret *key = secret_filled(rows[i].fill, rows[i].size);

        wb_hmac_sha256(out, key, rows[i].text, strlen(rows[i].text));
        assert_hex(out, rows[i].mac);
        wb_secret_free(&key);
    }
    wb_hmac_sha256(out, jefe, "what do ya want for nothing?", 28);
    assert_hex(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    wb_secret_free(&jefe);
}

/* Keys. */

static void
argon2id_agrees_with_libargon2_and_openssl(void **state)
{
    struct wb_secret *passphrase = secret_filled(1, 40), *pepper = secret_filled(3, 8);
    struct wb_secret *out = secret_filled(0, 32);
    uint8_t salt[WB_SALT_BYTES], ad[12];
    struct wb_kdf_input in = {.passphrase = passphrase,
        .passphrase_size = 32, /* less than the secret holds */
        .salt = salt,
        .secret = pepper,
        .ad = ad,
        .ad_size = sizeof ad};
    struct wb_secret *horse = secret_of("636f727265637420686f727365");

    (void)state;
    memset(salt, 2, sizeof salt);
    memset(ad, 4, sizeof ad);
    /* the inputs of RFC 9106, section 5.3, at our floor, with a salt of 32 bytes */
    assert_int_equal(wb_kdf_passphrase(out, &WB_KDF_FLOOR, &in, NULL), WB_OK);
    assert_hex(wb_secret_bytes(out),
        "e83145950d75616030dd491a576e7537931b80815714a8d5e7c933b7ad34f706");
    in =
        (struct wb_kdf_input){.passphrase = horse, .passphrase_size = 13, .salt = salt};
    assert_int_equal(wb_kdf_passphrase(out, &WB_KDF_FLOOR, &in, NULL), WB_OK);
    assert_hex(wb_secret_bytes(out),
        "294db96a8c525e7872228e4f0ed51308363058e31c312e1f6251f81a67d2690c");
    wb_secret_free(&passphrase);
    wb_secret_free(&pepper);
    wb_secret_free(&horse);
    wb_secret_free(&out);
}

static void
key_derivation_keeps_to_its_floor_and_its_cap(void **state)
{
    static const struct {
        struct wb_kdf_params p;
        const char *message; /* NULL: fine */
    } rows[] = {
        {{65536, 3, 4}, NULL},
        {{4194304, 64, 16}, NULL},
        {{65535, 3, 4}, "key derivation: memory in KiB 65535, at least 65536"},
        {{4194305, 3, 4}, "key derivation: memory in KiB 4194305, limit is 4194304"},
        {{UINT32_MAX, 3, 4},
            "key derivation: memory in KiB 4294967295, limit is 4194304"},
        {{65536, 2, 4}, "key derivation: passes 2, at least 3"},
        {{65536, 65, 4}, "key derivation: passes 65, limit is 64"},
        {{65536, 3, 3}, "key derivation: lanes 3, at least 4"},
        {{65536, 3, 17}, "key derivation: lanes 17, limit is 16"},
        {{0, 0, 0}, "key derivation: memory in KiB 0, at least 65536"},
    };
    struct wb_secret *out = secret_filled(0xa5, 32), *same = secret_filled(0xa5, 32);
    uint8_t salt[WB_SALT_BYTES] = {0};
    struct wb_kdf_input in = {.passphrase = same, .passphrase_size = 1, .salt = salt};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_error e = {0};

        if (rows[i].message == NULL) {
            assert_int_equal(wb_kdf_check(&rows[i].p, &e), WB_OK);
            continue;
        }
        assert_int_equal(wb_kdf_check(&rows[i].p, &e), WB_ERR_LIMIT);
        assert_string_equal(e.message, rows[i].message);
        assert_int_equal(wb_kdf_passphrase(out, &rows[i].p, &in, NULL), WB_ERR_LIMIT);
        assert_true(wb_equal(wb_secret_bytes(out), wb_secret_bytes(same), 32));
    }
    wb_secret_free(&out);
    wb_secret_free(&same);
}

static void
want_of_memory_for_argon2id_is_named(void **state)
{
    struct wb_secret *out = secret_filled(0xa5, 32), *same = secret_filled(0xa5, 32);
    uint8_t salt[WB_SALT_BYTES] = {0};
    struct wb_kdf_input in = {.passphrase = same, .passphrase_size = 1, .salt = salt};
    struct rlimit before, none;
    struct wb_error e = {0};
    enum wb_status st;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    none = before;
    none.rlim_cur = 1; /* no more address space from here on */
    assert_int_equal(setrlimit(RLIMIT_AS, &none), 0);
    st = wb_kdf_passphrase(out, &WB_KDF_CAP, &in, &e);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_int_equal(st, WB_ERR_MEMORY);
    assert_string_equal(e.message,
        "key derivation: 4096 MiB of memory are not to be had on this machine");
    assert_true(wb_equal(wb_secret_bytes(out), wb_secret_bytes(same), 32));
    wb_secret_free(&out);
    wb_secret_free(&same);
}

static void
stand_in_kdf(uint8_t out[static WB_KEY_BYTES], const uint8_t *passphrase, size_t size,
    const uint8_t salt[static WB_SALT_BYTES])
{
    memset(out, 0, WB_KEY_BYTES);
    memcpy(out, passphrase, size);
    out[31] = salt[31];
}

static void
a_stand_in_takes_the_place_of_argon2id(void **state)
{
    struct wb_secret *out = secret_filled(0, 32), *word = secret_of("776f7264");
    uint8_t salt[WB_SALT_BYTES] = {[31] = 9};
    struct wb_kdf_input in = {.passphrase = word, .passphrase_size = 4, .salt = salt};

    (void)state;
    wb_kdf_source = stand_in_kdf;
    assert_int_equal(wb_kdf_passphrase(out, &WB_KDF_FLOOR, &in, NULL), WB_OK);
    assert_int_equal(
        wb_kdf_passphrase(out, &(struct wb_kdf_params){0}, &in, NULL), WB_ERR_LIMIT);
    wb_kdf_source = NULL;
    assert_hex(wb_secret_bytes(out),
        "776f726400000000000000000000000000000000000000000000000000000009");
    wb_secret_free(&out);
    wb_secret_free(&word);
}

static void
derived_keys_carry_label_and_context(void **state)
{
    struct wb_secret *key =
        secret_of("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    uint8_t tag[64];

    (void)state;
    /* Python's hashlib: blake2b(b"\4rows", key=..., digest_size=64) */
    wb_kdf_tag(tag, 64, key, "rows", NULL, 0);
    assert_hex(tag,
        "e305aee208e8e34f6dbe23005d0f8baca577c78e4c2caab69091dd3e97ee5358"
        "9f4626981fda8091f37f30b8a16bfe8da28a3dd2d5d00c46f3e78f85dd2387b9");
    wb_kdf_derive(key, key, "rows", "ctx", 3); /* in place */
    assert_hex(wb_secret_bytes(key),
        "d02f473a2036c21373612278f1f9637dc5b5a8ef6a8716b39c9ca1f0c06d9eb0");
    wb_secret_free(&key);
}

static void
hkdf_agrees_with_rfc_5869(void **state)
{
    struct wb_secret *ikm = secret_filled(0x0b, 22), *out = secret_filled(0, 32);
    uint8_t salt[BYTES_MAX];
    size_t size = unhex(salt, "000102030405060708090a0b0c");

    (void)state;
    wb_kdf_hkdf(out, ikm, salt, size, "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9");
    assert_hex(wb_secret_bytes(out),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    wb_kdf_hkdf(out, ikm, NULL, 0, "");
    assert_hex(wb_secret_bytes(out),
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    wb_secret_free(&ikm);
    wb_secret_free(&out);
}

static void
scrypt_agrees_with_rfc_7914(void **state)
{
    struct wb_secret *word = secret_of("706c656173656c65746d65696e");
    struct wb_secret *out = secret_filled(0, 32);
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_kdf_scrypt(out, word, 13, "SodiumChloride", 14, 14, &e), WB_OK);
    assert_hex(wb_secret_bytes(out),
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
    assert_int_equal(wb_kdf_scrypt(out, word, 13, "salt", 4, 31, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "scrypt: work factor 31, limit is 30");
    assert_int_equal(wb_kdf_scrypt(out, word, 13, "salt", 4, 0, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "scrypt: work factor 0, at least 1");
    assert_hex(wb_secret_bytes(out),
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
    wb_secret_free(&word);
    wb_secret_free(&out);
}

/* Boxes. */

/* From the tests of NaCl (tests/secretbox.c). */
#define NACL_KEY "1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389"
#define NACL_NONCE "69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37"
#define NACL_PLAIN                                                                     \
    "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a" \
    "1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057" \
    "e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040" \
    "e082f937763848645e0705"
#define NACL_BOX                                                                       \
    "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4" \
    "476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738" \
    "b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de" \
    "56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5"

static void
a_box_agrees_with_nacl(void **state)
{
    struct wb_secret *key = secret_of(NACL_KEY);
    uint8_t nonce[BYTES_MAX], plain[BYTES_MAX], box[BYTES_MAX], opened[BYTES_MAX];
    size_t size = unhex(plain, NACL_PLAIN);

    (void)state;
    unhex(nonce, NACL_NONCE);
    wb_box_seal_at(box, plain, size, nonce, key);
    assert_hex(box, NACL_BOX);
    assert_true(wb_box_open_at(opened, box, size + WB_BOX_TAG_BYTES, nonce, key));
    assert_memory_equal(opened, plain, size);
    wb_secret_free(&key);
}

static void
a_box_opens_and_every_altered_bit_is_refused(void **state)
{
    struct wb_secret *key = secret_of(NACL_KEY), *other = secret_filled(1, 32);
    uint8_t box[100 + WB_BOX_EXTRA_BYTES], again[sizeof box], plain[100], before[100];
    unsigned refused = 0;

    (void)state;
    memset(before, 'p', sizeof before);
    wb_box_seal(box, before, 100, key);
    wb_box_seal(again, before, 100, key);
    assert_memory_not_equal(box, again, WB_BOX_NONCE_BYTES); /* a fresh nonce */
    assert_true(wb_box_open(plain, box, sizeof box, key));
    assert_memory_equal(plain, before, 100);
    memset(plain, 0xa5, sizeof plain);
    memcpy(before, plain, sizeof plain);
    for (size_t bit = 0; bit < sizeof box * 8; bit++) {
        flip(box, bit);
        refused += !wb_box_open(plain, box, sizeof box, key);
        flip(box, bit);
    }
    assert_int_equal(refused, sizeof box * 8);
    for (size_t size = 0; size < sizeof box; size++)
        assert_false(wb_box_open(plain, box, size, key));
    assert_false(wb_box_open(plain, box, sizeof box, other));
    assert_memory_equal(plain, before, sizeof plain);
    wb_box_seal(box, NULL, 0, key); /* nothing is something too */
    assert_true(wb_box_open(plain, box, WB_BOX_EXTRA_BYTES, key));
    assert_false(wb_box_open(plain, box, WB_BOX_EXTRA_BYTES, other));
    wb_secret_free(&key);
    wb_secret_free(&other);
}

static void
a_sealed_box_opens_for_its_recipient_only(void **state)
{
    struct wb_secret *mine = secret_filled(0, 32), *other = secret_filled(0, 32);
    uint8_t point[WB_POINT_BYTES], other_point[WB_POINT_BYTES];
    uint8_t box[50 + WB_SEALED_EXTRA_BYTES], plain[50], before[50];
    unsigned refused = 0;

    (void)state;
    wb_point_new(mine, point);
    wb_point_new(other, other_point);
    assert_memory_not_equal(point, other_point, WB_POINT_BYTES);
    memset(before, 'p', sizeof before);
    wb_sealed_seal(box, before, sizeof before, point);
    assert_true(wb_sealed_open(plain, box, sizeof box, mine));
    assert_memory_equal(plain, before, sizeof plain);
    memset(plain, 0xa5, sizeof plain);
    memcpy(before, plain, sizeof plain);
    assert_false(wb_sealed_open(plain, box, sizeof box, other));
    for (size_t bit = 0; bit < sizeof box * 8; bit++) {
        flip(box, bit);
        refused += !wb_sealed_open(plain, box, sizeof box, mine);
        flip(box, bit);
    }
    /* X25519 ignores the top bit of the sender's point; the nonce does not */
    assert_int_equal(refused, sizeof box * 8);
    for (size_t size = 0; size < sizeof box; size++)
        assert_false(wb_sealed_open(plain, box, size, mine));
    assert_memory_equal(plain, before, sizeof plain);
    wb_secret_free(&mine);
    wb_secret_free(&other);
}

/* RFC 7748 section 5.2: k and u start as 9; k becomes the result, u the old k. */
static void
x25519_agrees_with_rfc_7748(void **state)
{
    static const char nine[] =
        "0900000000000000000000000000000000000000000000000000000000000000";
    struct wb_secret *k = secret_of(nine), *result = secret_filled(0, 32);
    uint8_t u[BYTES_MAX];

    (void)state;
    unhex(u, nine);
    for (int i = 1; i <= 1000; i++) {
        assert_true(wb_point_agree(result, k, u));
        memcpy(u, wb_secret_bytes(k), 32);
        memcpy(wb_secret_room(k), wb_secret_bytes(result), 32);
        if (i == 1)
            assert_hex(wb_secret_bytes(k),
                "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
    assert_hex(wb_secret_bytes(k),
        "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
    wb_secret_free(&k);
    wb_secret_free(&result);
}

static void
a_point_of_low_order_is_refused(void **state)
{
    /* RFC 7748 section 6.1; the points as in the list of the Curve25519 page */
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    struct wb_secret *secret = secret_filled(7, 32), *shared = secret_filled(0, 32);
    uint8_t point[BYTES_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        unhex(point, points[i]);
        assert_false(wb_point_agree(shared, secret, point));
    }
    wb_secret_free(&secret);
    wb_secret_free(&shared);
}

static void
chacha20_poly1305_agrees_with_rfc_8439_and_refuses_altered_bits(void **state)
{
    static const char text[] = "Ladies and Gentlemen of the class of '99: If I could "
                               "offer you only one tip for the future, sunscreen would "
                               "be it.";
    enum { SIZE = sizeof text - 1, SEALED = SIZE + WB_BOX_TAG_BYTES };
    struct wb_secret *key =
        secret_of("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    uint8_t nonce[BYTES_MAX], sealed[SEALED], plain[SIZE];
    unsigned refused = 0;

    (void)state;
    unhex(nonce, "070000004041424344454647");
    wb_aead_seal(sealed, text, SIZE, nonce, key);
    /* the ciphertext of section 2.8.2; the tag, without its AAD, by Python's
     * cryptography */
    assert_hex(sealed,
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
        "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
        "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
        "3ff4def08e4b7a9de576d26586cec64b6116"
        "6a23a4681fd59456aea1d29f82477216");
    assert_true(wb_aead_open(plain, sealed, SEALED, nonce, key));
    assert_memory_equal(plain, text, SIZE);
    for (size_t bit = 0; bit < SEALED * 8; bit++) {
        flip(sealed, bit);
        refused += !wb_aead_open(plain, sealed, SEALED, nonce, key);
        flip(sealed, bit);
    }
    for (size_t bit = 0; bit < WB_AEAD_NONCE_BYTES * 8; bit++) {
        flip(nonce, bit);
        refused += !wb_aead_open(plain, sealed, SEALED, nonce, key);
        flip(nonce, bit);
    }
    assert_int_equal(refused, (SEALED + WB_AEAD_NONCE_BYTES) * 8);
    for (size_t i = 0; i < SIZE; i++)
        assert_int_equal(plain[i], 0); /* nothing of a forgery is left */
    for (size_t size = 0; size < SEALED; size++)
        assert_false(wb_aead_open(plain, sealed, size, nonce, key));
    wb_secret_free(&key);
}

static void
padme_lengths_are_those_of_the_paper(void **state)
{
    static const uint64_t rows[][2] = {{0, 0}, {1, 1}, {2, 2}, {3, 3}, {7, 7}, {8, 8},
        {9, 10}, {10, 10}, {11, 12}, {15, 16}, {16, 16}, {17, 18}, {31, 32}, {33, 36},
        {63, 64}, {64, 64}, {65, 72}, {100, 104}, {255, 256}, {256, 256}, {257, 272},
        {1000, 1024}, {1025, 1088}, {65537, 67584}, {1000000, 1015808},
        {1000000000, 1006632960}, {UINT64_C(1) << 40, UINT64_C(1) << 40},
        {(UINT64_C(1) << 40) + 1, (UINT64_C(1) << 40) + (UINT64_C(1) << 34)}};
    uint64_t last = 0;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(wb_pad_length(rows[i][0], 0), rows[i][1]);
    assert_int_equal(wb_pad_length(0, 256), 256);
    assert_int_equal(wb_pad_length(256, 256), 256);
    assert_int_equal(wb_pad_length(257, 256), 272);
    for (uint64_t size = 1; size < 300000; size++) {
        uint64_t padded = wb_pad_length(size, 0);

        assert_true(padded >= size && padded >= last);
        assert_true((padded - size) * 100 <= size * 12);
        assert_int_equal(wb_pad_length(padded, 0), padded);
        last = padded;
    }
}

/* Signatures. */

static void
ed25519_agrees_with_rfc_8032(void **state)
{
    /* section 7.1, tests 1 to 3 */
    static const struct {
        const char *seed, *public, *message, *signature;
    } rows[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590"
            "a3"
            "3bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e"
            "15"
            "996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d"
            "16"
            "f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    };
    uint8_t public[32], signature[64], message[BYTES_MAX];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct wb_secret *seed = secret_of(rows[i].seed);
        size_t size = unhex(message, rows[i].message);

        assert_int_equal(wb_sign_public(public, seed, NULL), WB_OK);
        assert_hex(public, rows[i].public);
        assert_int_equal(wb_sign(signature, message, size, seed, NULL), WB_OK);
        assert_hex(signature, rows[i].signature);
        assert_true(wb_sign_verify(signature, message, size, public));
        for (size_t bit = 0; bit < 64 * 8; bit++) {
            flip(signature, bit);
            assert_false(wb_sign_verify(signature, message, size, public));
            flip(signature, bit);
        }
        for (size_t bit = 0; bit < size * 8; bit++) {
            flip(message, bit);
            assert_false(wb_sign_verify(signature, message, size, public));
            flip(message, bit);
        }
        wb_secret_free(&seed);
    }
}

static void
signatures_that_are_valid_for_lax_readers_only_are_refused(void **state)
{
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
        0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    struct wb_secret *seed = secret_filled(5, 32);
    uint8_t public[32], signature[64], weak[64] = {1}, weak_public[32] = {1};
    unsigned carry = 0;

    (void)state;
    assert_int_equal(wb_sign_public(public, seed, NULL), WB_OK);
    assert_int_equal(wb_sign(signature, "message", 7, seed, NULL), WB_OK);
    assert_true(wb_sign_verify(signature, "message", 7, public));
    for (size_t i = 0; i < 32; i++) { /* S + L: the same number modulo L */
        carry += signature[32 + i] + (unsigned)order[i];
        signature[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_false(wb_sign_verify(signature, "message", 7, public));
    /* the neutral point as key and R, S = 0: fits every message */
    assert_false(wb_sign_verify(weak, "message", 7, weak_public));
    wb_secret_free(&seed);
}

static bool
fail_always(size_t size)
{
    (void)size;
    return true;
}

static void
want_of_memory_signs_nothing(void **state)
{
    struct wb_secret *seed = secret_filled(5, 32);
    uint8_t public[32] = {0}, signature[64] = {0}, zero[64] = {0};

    (void)state;
    wb_mem_fault = fail_always;
    assert_int_equal(wb_sign(signature, "m", 1, seed, NULL), WB_ERR_MEMORY);
    assert_int_equal(wb_sign_public(public, seed, NULL), WB_ERR_MEMORY);
    wb_mem_fault = NULL;
    assert_memory_equal(signature, zero, 64);
    assert_memory_equal(public, zero, 32);
    wb_secret_free(&seed);
}

/* Randomness and secrets. */

static void
count_up(void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)i;
}

static void
randomness_comes_from_one_source(void **state)
{
    struct wb_secret *s = secret_filled(0, 32);
    uint8_t a[32], b[32];
    unsigned seen = 0;

    (void)state;
    wb_random(a, sizeof a);
    wb_random(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    wb_random_source = count_up;
    wb_random(a, sizeof a);
    wb_random_secret(s);
    wb_random_source = NULL;
    assert_hex(a, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    assert_true(wb_equal(a, wb_secret_bytes(s), 32));
    for (int i = 0; i < 1000; i++) {
        uint32_t n = wb_random_below(7);

        assert_true(n < 7);
        seen |= 1U << n;
    }
    assert_int_equal(seen, 0x7f);
    assert_int_equal(wb_random_below(1), 0);
    wb_secret_free(&s);
}

static void
a_secret_begins_as_zeros_and_changes_hands(void **state)
{
    struct wb_secret *s = NULL, *taken;
    static const uint8_t zeros[65536];

    (void)state;
    assert_int_equal(wb_secret_new(&s, 65536, NULL), WB_OK);
    assert_int_equal(wb_secret_size(s), 65536);
    assert_memory_equal(wb_secret_bytes(s), zeros, 65536);
    memset(wb_secret_room(s), 7, 65536);
    wb_secret_clear(s);
    assert_memory_equal(wb_secret_bytes(s), zeros, 65536);
    taken = wb_secret_take(&s);
    assert_null(s);
    assert_int_equal(wb_secret_size(taken), 65536);
    wb_secret_free(&taken);
    assert_null(taken);
    wb_secret_free(&taken);
}

static void
a_secret_of_a_wrong_size_or_without_memory_is_not_made(void **state)
{
    struct wb_secret *s = NULL;
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_secret_new(&s, 0, &e), WB_ERR_INTERNAL);
    assert_int_equal(wb_secret_new(&s, 65537, &e), WB_ERR_INTERNAL);
    assert_string_equal(e.message, "secret of 65537 bytes");
    wb_mem_fault = fail_always;
    assert_int_equal(wb_secret_new(&s, 32, &e), WB_ERR_MEMORY);
    wb_mem_fault = NULL;
    assert_null(s);
}

static void
comparing_and_wiping_see_every_byte(void **state)
{
    uint8_t a[33] = {0}, b[33] = {0};

    (void)state;
    for (size_t i = 0; i < 33; i++) {
        assert_true(wb_equal(a, b, 33));
        b[i] = 0x80;
        assert_false(wb_equal(a, b, 33));
        assert_true(wb_equal(a, b, i));
        b[i] = 0;
    }
    memset(b, 7, sizeof b);
    wb_wipe(b, 32);
    assert_memory_equal(a, b, 32);
    assert_int_equal(b[32], 7);
}

static unsigned locks_asked;

static bool
refuse_lock(void)
{
    locks_asked++;
    return true;
}

/* The last test: what it finds is remembered for the life of the process. */
static void
a_secret_that_could_not_be_locked_is_remembered(void **state)
{
    struct wb_secret *s = NULL;

    (void)state;
    if (!wb_secret_all_locked()) {
        print_message("this machine locks no memory: nothing to be seen here\n");
        skip();
    }
    wb_secret_fault = refuse_lock;
    assert_int_equal(wb_secret_new(&s, 32, NULL), WB_OK);
    wb_secret_fault = NULL;
    assert_int_equal(locks_asked, 1);
    assert_false(wb_secret_all_locked());
    memset(wb_secret_room(s), 7, 32); /* it works all the same */
    wb_secret_free(&s);
    assert_int_equal(wb_secret_new(&s, 32, NULL), WB_OK);
    assert_false(wb_secret_all_locked());
    wb_secret_free(&s);
}

static int
start(void **state)
{
    (void)state;
    return wb_crypto_start(NULL) != WB_OK || wb_crypto_start(NULL) != WB_OK;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_agrees_with_fips_180),
        cmocka_unit_test(blake2b_agrees_with_rfc_7693),
        cmocka_unit_test(hmac_agrees_with_rfc_4231),
        cmocka_unit_test(argon2id_agrees_with_libargon2_and_openssl),
        cmocka_unit_test(key_derivation_keeps_to_its_floor_and_its_cap),
        cmocka_unit_test(want_of_memory_for_argon2id_is_named),
        cmocka_unit_test(a_stand_in_takes_the_place_of_argon2id),
        cmocka_unit_test(derived_keys_carry_label_and_context),
        cmocka_unit_test(hkdf_agrees_with_rfc_5869),
        cmocka_unit_test(scrypt_agrees_with_rfc_7914),
        cmocka_unit_test(a_box_agrees_with_nacl),
        cmocka_unit_test(a_box_opens_and_every_altered_bit_is_refused),
        cmocka_unit_test(a_sealed_box_opens_for_its_recipient_only),
        cmocka_unit_test(x25519_agrees_with_rfc_7748),
        cmocka_unit_test(a_point_of_low_order_is_refused),
        cmocka_unit_test(
            chacha20_poly1305_agrees_with_rfc_8439_and_refuses_altered_bits),
        cmocka_unit_test(padme_lengths_are_those_of_the_paper),
        cmocka_unit_test(ed25519_agrees_with_rfc_8032),
        cmocka_unit_test(signatures_that_are_valid_for_lax_readers_only_are_refused),
        cmocka_unit_test(want_of_memory_signs_nothing),
        cmocka_unit_test(randomness_comes_from_one_source),
        cmocka_unit_test(a_secret_begins_as_zeros_and_changes_hands),
        cmocka_unit_test(a_secret_of_a_wrong_size_or_without_memory_is_not_made),
        cmocka_unit_test(comparing_and_wiping_see_every_byte),
        cmocka_unit_test(a_secret_that_could_not_be_locked_is_remembered),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
