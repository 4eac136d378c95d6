/* tests/ct/test_poison.c - no branch and no index depends on a secret in our own code:
 * secrets are marked as undefined, and valgrind tells of every use that would show. Not
 * here: Argon2id and scrypt, whose authors let memory addresses depend on the secret.
 */
#include "cm.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <valgrind/memcheck.h>

#include "crypto/box.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "crypto/random.h"
#include "crypto/shamir.h"
#include "crypto/sign.h"
#include "formats/share.h"
#include "formats/words.h"
#include "store/header.h"

enum { SKIPPED = 77 };

static const char suppressions[] = "--suppressions=" WB_CT "/verdict.supp";

static struct wb_secret *
secret(size_t size)
{
    struct wb_secret *s = NULL;

    assert_int_equal(wb_secret_new(&s, size, NULL), WB_OK);
    wb_random_secret(s);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(wb_secret_room(s), size);
    return s;
}

/* From here on everybody may know it. */
static void
publish(const void *bytes, size_t size)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(bytes, size);
}

static unsigned before;

static int
setup(void **state)
{
    (void)state;
    before = (unsigned)VALGRIND_COUNT_ERRORS;
    return 0;
}

static unsigned
found(void)
{
    return (unsigned)VALGRIND_COUNT_ERRORS - before;
}

static void
assert_nothing_found(void)
{
    assert_int_equal(found(), 0);
}

/* ---- the test of the test ---- */

static volatile unsigned sink;

static void
a_branch_on_a_secret_is_found(void **state)
{
    struct wb_secret *s = secret(WB_KEY_BYTES);

    (void)state;
    if (wb_secret_bytes(s)[7] > 99)
        sink = 1;
    assert_true(found() > 0);
    wb_secret_free(&s);
}

static void
an_index_by_a_secret_is_found(void **state)
{
    static volatile uint8_t table[256];
    struct wb_secret *s = secret(WB_KEY_BYTES);

    (void)state;
    sink = table[wb_secret_bytes(s)[3]];
    assert_true(found() > 0);
    wb_secret_free(&s);
}

/* ---- crypto ---- */

static void
comparing_does_not_show_where_two_differ(void **state)
{
    struct wb_secret *a = secret(WB_KEY_BYTES), *b = secret(WB_KEY_BYTES);
    bool same = wb_equal(wb_secret_bytes(a), wb_secret_bytes(b), WB_KEY_BYTES);

    (void)state;
    publish(&same, sizeof same);
    assert_false(same);
    assert_nothing_found();
    wb_secret_free(&a);
    wb_secret_free(&b);
}

static void
deriving_keys_does_not_look_at_them(void **state)
{
    struct wb_secret *key = secret(WB_KEY_BYTES), *made = secret(WB_KEY_BYTES);
    uint8_t tag[WB_KEY_BYTES];

    (void)state;
    wb_kdf_derive(made, key, "slot", "context", 7);
    wb_kdf_tag(tag, sizeof tag, made, "slot commitment", NULL, 0);
    wb_kdf_hkdf(made, key, "salt", 4, "info");
    wb_secret_clear(made);
    assert_nothing_found();
    wb_secret_free(&key);
    wb_secret_free(&made);
}

static void
hashing_does_not_look_at_what_it_hashes(void **state)
{
    struct wb_secret *key = secret(WB_KEY_BYTES), *plain = secret(300);
    uint8_t hash[WB_BLAKE2B_BYTES];

    (void)state;
    wb_sha256_of(hash, wb_secret_bytes(plain), 300);
    wb_blake2b_256(hash, wb_secret_bytes(plain), 300);
    wb_blake2b_512(hash, wb_secret_bytes(plain), 300);
    wb_hmac_sha256(hash, key, wb_secret_bytes(plain), 300);
    assert_nothing_found();
    wb_secret_free(&key);
    wb_secret_free(&plain);
}

static void
shares_are_made_and_joined_blindly(void **state)
{
    static const uint8_t numbers[] = {2, 5, 3};
    struct wb_secret *key = secret(WB_KEY_BYTES), *again = secret(WB_KEY_BYTES);
    struct wb_secret *shares = secret(5 * WB_KEY_BYTES);
    struct wb_secret *three = secret(3 * WB_KEY_BYTES);
    bool same;

    (void)state;
    assert_int_equal(wb_shamir_split(shares, key, 3, 5, NULL), WB_OK);
    for (size_t i = 0; i < 3; i++)
        memcpy(wb_secret_room(three) + i * WB_KEY_BYTES,
            wb_secret_bytes(shares) + (size_t)(numbers[i] - 1) * WB_KEY_BYTES,
            WB_KEY_BYTES);
    wb_shamir_join(again, three, numbers, 3);
    same = wb_equal(wb_secret_bytes(key), wb_secret_bytes(again), WB_KEY_BYTES);
    publish(&same, sizeof same);
    assert_true(same);
    assert_nothing_found();
    wb_secret_free(&key);
    wb_secret_free(&again);
    wb_secret_free(&shares);
    wb_secret_free(&three);
}

static void
boxes_are_sealed_and_opened_blindly(void **state)
{
    struct wb_secret *key = secret(WB_KEY_BYTES), *plain = secret(300);
    struct wb_secret *again = secret(300);
    uint8_t box[300 + WB_BOX_EXTRA_BYTES];
    bool opened;

    (void)state;
    wb_box_seal(box, wb_secret_bytes(plain), 300, key);
    publish(box, sizeof box); /* a ciphertext is for everybody */
    opened = wb_box_open(wb_secret_room(again), box, sizeof box, key);
    publish(&opened, sizeof opened);
    assert_true(opened);
    assert_nothing_found();
    wb_secret_free(&key);
    wb_secret_free(&plain);
    wb_secret_free(&again);
}

/* With nonces of the caller's: attachments and age. */
static void
counted_boxes_are_sealed_and_opened_blindly(void **state)
{
    static const uint8_t nonce[WB_BOX_NONCE_BYTES] = {1};
    struct wb_secret *key = secret(WB_KEY_BYTES), *plain = secret(300);
    struct wb_secret *again = secret(300);
    uint8_t box[300 + WB_BOX_TAG_BYTES];
    bool opened[2];

    (void)state;
    wb_box_seal_at(box, wb_secret_bytes(plain), 300, nonce, key);
    publish(box, sizeof box);
    opened[0] = wb_box_open_at(wb_secret_room(again), box, sizeof box, nonce, key);
    wb_aead_seal(box, wb_secret_bytes(plain), 300, nonce, key);
    publish(box, sizeof box);
    opened[1] = wb_aead_open(wb_secret_room(again), box, sizeof box, nonce, key);
    publish(opened, sizeof opened);
    assert_true(opened[0] && opened[1]);
    assert_nothing_found();
    wb_secret_free(&key);
    wb_secret_free(&plain);
    wb_secret_free(&again);
}

static void
what_is_sealed_to_a_point_is_opened_blindly(void **state)
{
    struct wb_secret *own = secret(WB_KEY_BYTES), *plain = secret(WB_KEY_BYTES);
    struct wb_secret *again = secret(WB_KEY_BYTES), *shared = secret(WB_KEY_BYTES);
    uint8_t point[WB_POINT_BYTES], sealed[WB_KEY_BYTES + WB_SEALED_EXTRA_BYTES];
    bool opened, agreed;

    (void)state;
    wb_point_new(own, point);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(wb_secret_room(own), WB_KEY_BYTES);
    wb_point_of(point, own);
    publish(point, sizeof point);
    wb_sealed_seal(sealed, wb_secret_bytes(plain), WB_KEY_BYTES, point);
    publish(sealed, sizeof sealed);
    opened = wb_sealed_open(wb_secret_room(again), sealed, sizeof sealed, own);
    agreed = wb_point_agree(shared, own, point);
    publish(&opened, sizeof opened);
    publish(&agreed, sizeof agreed);
    assert_true(opened && agreed);
    assert_nothing_found();
    wb_secret_free(&own);
    wb_secret_free(&plain);
    wb_secret_free(&again);
    wb_secret_free(&shared);
}

static void
signing_does_not_look_at_the_seed(void **state)
{
    struct wb_secret *seed = secret(WB_KEY_BYTES);
    uint8_t public[WB_SIGN_PUBLIC_BYTES], signature[WB_SIGN_BYTES];

    (void)state;
    assert_int_equal(wb_sign_public(public, seed, NULL), WB_OK);
    assert_int_equal(wb_sign(signature, "words", 5, seed, NULL), WB_OK);
    assert_nothing_found();
    wb_secret_free(&seed);
}

/* ---- a slot, and a share on paper ---- */

static void
a_slot_is_sealed_and_found_blindly(void **state)
{
    static struct wb_header h;
    static struct wb_slot_note notes[WB_SLOTS];
    const struct wb_kdf_params kdf = {64 * 1024, 3, 4};
    struct wb_secret *p = secret(WB_KEY_BYTES), *root = secret(WB_KEY_BYTES);
    struct wb_secret *again = NULL;
    unsigned slot = 99;
    bool same;

    (void)state;
    assert_int_equal(wb_header_new(&h, &kdf, notes, root, NULL), WB_OK);
    assert_int_equal(wb_slot_seal(&h, 5, p, root, notes[5].point, NULL), WB_OK);
    publish(&h, sizeof h);
    assert_int_equal(wb_slots_open(&h, &again, &slot, p, NULL), WB_OK);
    assert_int_equal(slot, 5);
    same = wb_equal(wb_secret_bytes(root), wb_secret_bytes(again), WB_KEY_BYTES);
    publish(&same, sizeof same);
    assert_true(same);
    assert_nothing_found();
    wb_secret_free(&p);
    wb_secret_free(&root);
    wb_secret_free(&again);
}

static void
a_share_is_written_down_blindly(void **state)
{
    struct wb_share share = {.needed = 3, .number = 2, .bytes = secret(WB_KEY_BYTES)};
    struct wb_secret *text = NULL;

    (void)state;
    assert_int_equal(wb_share_encode(&text, &share, NULL), WB_OK);
    assert_nothing_found();
    wb_secret_free(&text);
    wb_secret_free(&share.bytes);
}

static void
a_share_is_typed_back_blindly(void **state)
{
    struct wb_share share = {.needed = 3, .number = 2, .bytes = secret(WB_KEY_BYTES)};
    struct wb_share got = {0};
    struct wb_secret *text = NULL;
    bool same;

    (void)state;
    assert_int_equal(wb_share_encode(&text, &share, NULL), WB_OK);
    assert_int_equal(wb_share_decode(&got, (const char *)wb_secret_bytes(text),
                         WB_SHARE_TEXT_BYTES - 1, NULL),
        WB_OK);
    same = wb_equal(
        wb_secret_bytes(share.bytes), wb_secret_bytes(got.bytes), WB_KEY_BYTES);
    publish(&same, sizeof same);
    assert_true(same);
    assert_nothing_found();
    wb_secret_free(&text);
    wb_secret_free(&share.bytes);
    wb_secret_free(&got.bytes);
}

static void
words_are_drawn_blindly(void **state)
{
    enum { WORDS = 7 };
    struct wb_secret *bits = secret((WORDS * 11 + 7) / 8), *text = NULL;
    uint8_t again[(WORDS * 11 + 7) / 8];

    (void)state;
    assert_int_equal(wb_secret_new(&text, WB_WORDS_TEXT_BYTES, NULL), WB_OK);
    wb_words_encode((char *)wb_secret_room(text), wb_secret_bytes(bits), WORDS);
    assert_nothing_found();
    publish(wb_secret_bytes(text), WB_WORDS_TEXT_BYTES);
    publish(wb_secret_bytes(bits), sizeof again);
    assert_int_equal(wb_words_decode(again, WORDS, (const char *)wb_secret_bytes(text),
                         strlen((const char *)wb_secret_bytes(text)), NULL),
        WB_OK);
    assert_memory_equal(again, wb_secret_bytes(bits), WORDS * 11 / 8);
    wb_secret_free(&bits);
    wb_secret_free(&text);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_branch_on_a_secret_is_found, setup),
        cmocka_unit_test_setup(an_index_by_a_secret_is_found, setup),
        cmocka_unit_test_setup(comparing_does_not_show_where_two_differ, setup),
        cmocka_unit_test_setup(deriving_keys_does_not_look_at_them, setup),
        cmocka_unit_test_setup(hashing_does_not_look_at_what_it_hashes, setup),
        cmocka_unit_test_setup(shares_are_made_and_joined_blindly, setup),
        cmocka_unit_test_setup(boxes_are_sealed_and_opened_blindly, setup),
        cmocka_unit_test_setup(counted_boxes_are_sealed_and_opened_blindly, setup),
        cmocka_unit_test_setup(what_is_sealed_to_a_point_is_opened_blindly, setup),
        cmocka_unit_test_setup(signing_does_not_look_at_the_seed, setup),
        cmocka_unit_test_setup(a_slot_is_sealed_and_found_blindly, setup),
        cmocka_unit_test_setup(a_share_is_written_down_blindly, setup),
        cmocka_unit_test_setup(a_share_is_typed_back_blindly, setup),
        cmocka_unit_test_setup(words_are_drawn_blindly, setup),
    };

    (void)argc;
    if (RUNNING_ON_VALGRIND == 0) { /* again, inside */
        (void)execlp("valgrind", "valgrind", "-q", suppressions, argv[0], (char *)NULL);
        print_message("skipped: there is no valgrind\n");
        return SKIPPED;
    }
    assert_int_equal(wb_crypto_start(NULL), WB_OK);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
