/* tests/unit/test_note.c - signed notes, verifier keys, cosignatures and checkpoints.
 */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "formats/base64.h"
#include "formats/checkpoint.h"
#include "formats/note.h"

/* From signed-note.md, "Example". */
#define FOO_KEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define FOO_TEXT "This is an example message.\n"
#define FOO_LINE                                                                       \
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYN"  \
    "ZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
#define FOO_NOTE FOO_TEXT "\n" FOO_LINE

/* From the package documentation of Go's sumdb/note, with the seed of its example. */
#define PETER_SEED "810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173"
#define PETER_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define PETER_TEXT                                                                     \
    "If you think cryptography is the answer to your problem,\n"                       \
    "then you don't know what your problem is.\n"
#define PETER_LINE                                                                     \
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSN"  \
    "XgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

/* From tlog-cosignature.md: a checkpoint, its log's line and a cosigner's. */
#define SOFA_TEXT                                                                      \
    "example.com/behind-the-sofa\n"                                                    \
    "20852163\n"                                                                       \
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define SOFA_LINES                                                                      \
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4" \
    "URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"                                     \
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEh" \
    "ZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"

/* The same checkpoint cosigned by the seed 00 01 .. 1f, made with Python's
 * cryptography. */
#define WITNESS_KEY                                                                    \
    "witness.example.com/w1+a0059f11+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define WITNESS_TIME 1679315147
#define WITNESS_LINE                                                                    \
    "— witness.example.com/w1 oAWfEQAAAABkGFDLBuRDazBLVac2NE+Y+IjbjQOcXLfF9CSDZVUIoS" \
    "83rE1nFZsVE8YiWV6Ngr7lV8H6bdoBQGP/l73euDMQ9k+bBQ==\n"

static struct wb_note note; /* large, so not on the stack of each test */

static struct wb_note_key
key_of(const char *text)
{
    struct wb_note_key key;

    assert_int_equal(wb_note_key_decode(&key, text, strlen(text), NULL), WB_OK);
    return key;
}

static struct wb_secret *
seed_of(const char *hex)
{
    struct wb_secret *seed = NULL;

    assert_int_equal(wb_secret_new(&seed, WB_SIGN_SEED_BYTES, NULL), WB_OK);
    assert_true(wb_hex_decode(wb_secret_room(seed), 32, hex, strlen(hex)));
    return seed;
}

static struct wb_secret *
witness_seed(void)
{
    return seed_of("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

static enum wb_status
verify_text(const char *text, const char *key_text, int64_t *time, struct wb_error *e)
{
    struct wb_note_key key = key_of(key_text);
    enum wb_status st = wb_note_decode(&note, text, strlen(text), e);

    return st == WB_OK ? wb_note_verify(&note, time, &key, e) : st;
}

static void
assert_note_refused(
    const char *bytes, size_t size, enum wb_status status, const char *message)
{
    static struct wb_note before;
    struct wb_error e = {0};

    memset(&note, 0xa5, sizeof note);
    before = note;
    assert_int_equal(wb_note_decode(&note, bytes, size, &e), status);
    assert_int_equal(e.status, status);
    assert_string_equal(e.message, message);
    assert_memory_equal(&note, &before, sizeof note);
}

static void
the_example_of_the_specification_verifies(void **state)
{
    int64_t time = 77;

    (void)state;
    assert_int_equal(verify_text(FOO_NOTE, FOO_KEY, &time, NULL), WB_OK);
    assert_int_equal(time, 0);
    assert_int_equal(note.text_size, strlen(FOO_TEXT));
    assert_memory_equal(note.text, FOO_TEXT, strlen(FOO_TEXT));
    assert_int_equal(note.lines_size, strlen(FOO_LINE));
    assert_int_equal(note.count, 1);
    assert_int_equal(note.signatures[0].id, 0x530d903a);
    assert_int_equal(note.signatures[0].name_size, strlen("example.com/foo"));
}

static void
the_note_of_go_is_made_byte_for_byte(void **state)
{
    struct wb_secret *seed = seed_of(PETER_SEED);
    struct wb_note_key key = key_of(PETER_KEY);
    struct wb_buf line, made;

    (void)state;
    wb_buf_init(&line, WB_NOTE_LINE_MAX);
    wb_buf_init(&made, WB_NOTE_BYTES_MAX);
    assert_int_equal(
        wb_note_sign(&line, PETER_TEXT, strlen(PETER_TEXT), &key, seed, NULL), WB_OK);
    assert_string_equal(wb_buf_text(&line), PETER_LINE);
    assert_int_equal(wb_note_encode(&made, PETER_TEXT, strlen(PETER_TEXT),
                         (const char *)line.data, line.size, NULL),
        WB_OK);
    assert_string_equal(wb_buf_text(&made), PETER_TEXT "\n" PETER_LINE);
    assert_int_equal(verify_text(wb_buf_text(&made), PETER_KEY, NULL, NULL), WB_OK);
    wb_buf_wipe(&line);
    wb_buf_wipe(&made);
    wb_secret_free(&seed);
}

static void
a_cosignature_is_made_byte_for_byte_and_states_its_time(void **state)
{
    struct wb_secret *seed = witness_seed();
    struct wb_note_key key = key_of(WITNESS_KEY);
    struct wb_buf line;
    int64_t time = 0;

    (void)state;
    wb_buf_init(&line, WB_NOTE_LINE_MAX);
    assert_int_equal(wb_note_cosign(&line, SOFA_TEXT, strlen(SOFA_TEXT), WITNESS_TIME,
                         &key, seed, NULL),
        WB_OK);
    assert_string_equal(wb_buf_text(&line), WITNESS_LINE);
    /* the log and the other holder of that name stand beside it, unknown */
    assert_int_equal(
        verify_text(SOFA_TEXT "\n" SOFA_LINES WITNESS_LINE, WITNESS_KEY, &time, NULL),
        WB_OK);
    assert_int_equal(time, WITNESS_TIME);
    assert_int_equal(note.count, 3);
    wb_buf_wipe(&line);
    wb_secret_free(&seed);
}

static void
the_earliest_of_several_cosignatures_counts(void **state)
{
    static const int64_t times[] = {1800000000, 5, 1700000000};
    struct wb_secret *seed = witness_seed();
    struct wb_note_key key = key_of(WITNESS_KEY);
    struct wb_buf text;
    int64_t time = 0;

    (void)state;
    wb_buf_init(&text, WB_NOTE_BYTES_MAX);
    wb_buf_add_text(&text, SOFA_TEXT "\n");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(wb_note_cosign(&text, SOFA_TEXT, strlen(SOFA_TEXT), times[i],
                             &key, seed, NULL),
            WB_OK);
    assert_int_equal(verify_text(wb_buf_text(&text), WITNESS_KEY, &time, NULL), WB_OK);
    assert_int_equal(time, 5);
    wb_buf_wipe(&text);
    wb_secret_free(&seed);
}

static void
the_checkpoint_of_the_specification_is_read(void **state)
{
    const char *text = SOFA_TEXT "\n" SOFA_LINES;
    struct wb_checkpoint c;
    struct wb_buf again;

    (void)state;
    assert_int_equal(wb_note_decode(&note, text, strlen(text), NULL), WB_OK);
    assert_int_equal(note.count, 2);
    assert_int_equal(note.signatures[0].id, 0x033de0ae);
    assert_int_equal(note.signatures[1].id, 0x8d66cf3f);
    assert_int_equal(wb_checkpoint_decode(&c, note.text, note.text_size, NULL), WB_OK);
    assert_string_equal(c.origin, "example.com/behind-the-sofa");
    assert_int_equal(c.head.size, 20852163);
    wb_buf_init(&again, WB_CHECKPOINT_TEXT_MAX);
    assert_int_equal(wb_checkpoint_encode(&again, &c, NULL), WB_OK);
    assert_string_equal(wb_buf_text(&again), SOFA_TEXT);
    wb_buf_wipe(&again);
}

static void
verifier_keys_read_and_write_the_same_text(void **state)
{
    /* the last two from the tests of transparency-dev/formats */
    static const char *const keys[] = {FOO_KEY, PETER_KEY, WITNESS_KEY,
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"};
    struct wb_buf text;

    (void)state;
    wb_buf_init(&text, WB_NOTE_KEY_TEXT_MAX);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct wb_note_key key = key_of(keys[i]);

        wb_buf_clear(&text);
        wb_note_key_encode(&text, &key);
        assert_string_equal(wb_buf_text(&text), keys[i]);
    }
    wb_buf_wipe(&text);
}

static void
the_longest_name_fits_and_one_more_byte_does_not(void **state)
{
    char name[WB_NOTE_NAME_MAX + 2];
    uint8_t public[WB_SIGN_PUBLIC_BYTES];
    struct wb_secret *seed = witness_seed();
    struct wb_note_key key, before;
    struct wb_error e = {0};
    struct wb_buf out;

    (void)state;
    memset(name, 'n', sizeof name);
    name[WB_NOTE_NAME_MAX + 1] = '\0';
    assert_int_equal(wb_sign_public(public, seed, NULL), WB_OK);
    memset(&key, 0xa5, sizeof key);
    before = key;
    assert_int_equal(
        wb_note_key_init(&key, name, WB_NOTE_COSIGNATURE, public, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "key name: 256 bytes, limit is 255");
    assert_memory_equal(&key, &before, sizeof key);
    name[WB_NOTE_NAME_MAX] = '\0';
    assert_int_equal(
        wb_note_key_init(&key, name, WB_NOTE_COSIGNATURE, public, &e), WB_OK);
    wb_buf_init(&out, WB_NOTE_KEY_TEXT_MAX);
    wb_note_key_encode(&out, &key);
    assert_int_equal(wb_buf_check(&out, NULL), WB_OK);
    assert_int_equal(out.size, WB_NOTE_KEY_TEXT_MAX);
    assert_int_equal(
        wb_note_key_decode(&before, (const char *)out.data, out.size, NULL), WB_OK);
    wb_buf_wipe(&out);
    wb_buf_init(&out, WB_NOTE_LINE_MAX);
    assert_int_equal(
        wb_note_cosign(&out, "a\n", 2, INT64_MAX, &key, seed, NULL), WB_OK);
    assert_int_equal(out.size, WB_NOTE_LINE_MAX);
    wb_buf_wipe(&out);
    wb_secret_free(&seed);
}

static void
names_that_no_key_may_have_are_refused(void **state)
{
    static const char *const names[] = {"", "a b", "a+b", "a\nb", "a\tb", " a", "a ",
        "a\x1f", "\xff",
        "a\xc2\xa0"
        "b",
        "a\xc2\x85", "\xe1\x9a\x80", "a\xe2\x80\x83", "a\xe2\x80\xa8", "\xe2\x80\xaf",
        "\xe2\x81\x9f",
        "a\xe3\x80\x80"
        "b"};
    uint8_t public[WB_SIGN_PUBLIC_BYTES] = {0};
    struct wb_note_key key, before;

    (void)state;
    memset(&key, 0xa5, sizeof key);
    before = key;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct wb_error e = {0};

        assert_int_equal(wb_note_key_init(&key, names[i], WB_NOTE_ED25519, public, &e),
            WB_ERR_VALUE);
        assert_string_equal(e.message,
            "key name: empty, or with a space, a plus or a control character");
        assert_memory_equal(&key, &before, sizeof key);
    }
    assert_int_equal(
        wb_note_key_init(&key, "тоҷикӣ.example/é—☃", WB_NOTE_ED25519, public, NULL),
        WB_OK);
}

static void
verifier_keys_that_are_not_canonical_are_refused(void **state)
{
    static const struct {
        const char *text;
        enum wb_status status;
        const char *message;
    } rows[] = {
        /* clang-format off */
        {"", WB_ERR_FORMAT, "verifier key: not name+id+key"},
        {"example.com/foo", WB_ERR_FORMAT, "verifier key: not name+id+key"},
        {"example.com/foo+530d903a", WB_ERR_FORMAT, "verifier key: not name+id+key"},
        {"example.com/foo+530d903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", WB_ERR_FORMAT, "verifier key: not name+id+key"},
        {"example.com/foo+530d90+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", WB_ERR_FORMAT, "verifier key: not name+id+key"},
        {"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", WB_ERR_FORMAT, "verifier key: the id is not that of name and key"},
        {"example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", WB_ERR_FORMAT, "verifier key: the id is not that of name and key"},
        {"example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", WB_ERR_FORMAT, "verifier key: the id is not that of name and key"},
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n", WB_ERR_FORMAT, "verifier key: not base64 of 33 bytes"},
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2", WB_ERR_FORMAT, "verifier key: not base64 of 33 bytes"},
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAA==", WB_ERR_FORMAT, "verifier key: not base64 of 33 bytes"},
        {"example.com/foo+530d903a+", WB_ERR_FORMAT, "verifier key: not base64 of 33 bytes"},
        {"example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", WB_ERR_TOO_NEW, "verifier key: signature type 6, known are 1 and 4"},
        {"+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", WB_ERR_FORMAT, "verifier key: a name that no key may have"},
        {"a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", WB_ERR_FORMAT, "verifier key: a name that no key may have"},
        /* clang-format on */
    };
    struct wb_note_key key, before;

    (void)state;
    memset(&key, 0xa5, sizeof key);
    before = key;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_error e = {0};

        assert_int_equal(
            wb_note_key_decode(&key, rows[i].text, strlen(rows[i].text), &e),
            rows[i].status);
        assert_string_equal(e.message, rows[i].message);
        assert_memory_equal(&key, &before, sizeof key);
    }
    assert_int_equal(wb_note_key_decode(&key,
                         "a\0b+530d903a+AekyeRrm56hApGFkyQR4ZCbV"
                         "54Id2LKaANYcrnKv3U2k",
                         57, NULL),
        WB_ERR_FORMAT);
}

static void
every_altered_bit_of_a_note_is_refused(void **state)
{
    const struct {
        const char *text, *key;
    } notes[] = {
        {FOO_NOTE, FOO_KEY},
        {SOFA_TEXT "\n" WITNESS_LINE, WITNESS_KEY},
    };
    unsigned forged = 0, unknown = 0, unread = 0;
    char altered[512];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct wb_note_key key = key_of(notes[i].key);
        size_t size = strlen(notes[i].text);

        for (size_t bit = 0; bit < size * 8; bit++) {
            enum wb_status st;

            memcpy(altered, notes[i].text, size);
            altered[bit / 8] = (char)(altered[bit / 8] ^ (char)(1U << bit % 8));
            st = wb_note_decode(&note, altered, size, NULL);
            if (st == WB_OK) {
                st = wb_note_verify(&note, NULL, &key, NULL);
                forged += st == WB_ERR_INTEGRITY;
                unknown += st == WB_ERR_NOT_FOUND;
            } else
                unread++;
            assert_int_not_equal(st, WB_OK);
        }
    }
    /* text and signature: forged; name and id: unknown; the frame: not a note */
    assert_true(forged > 800);
    assert_true(unknown > 150);
    assert_true(unread > 400);
}

static void
an_unknown_key_is_ignored_and_a_failing_known_one_rejects(void **state)
{
    struct wb_error e = {0};
    int64_t time = 77;

    (void)state;
    assert_int_equal(verify_text(FOO_NOTE, PETER_KEY, &time, &e), WB_ERR_NOT_FOUND);
    assert_string_equal(e.message, "note: no signature by this key");
    /* same id and another name, same name and another id: unknown too */
    assert_int_equal(verify_text(FOO_TEXT "\n— example.com/fop Uw2QOkn8srV1yJGh2VYRlL1"
                                          "Tnagv\n",
                         FOO_KEY, &time, &e),
        WB_ERR_NOT_FOUND);
    assert_int_equal(verify_text(FOO_TEXT "\n— example.com/foo Uw2QO0n8srV1yJGh2VYRlL1"
                                          "Tnagv\n" FOO_LINE,
                         FOO_KEY, NULL, &e),
        WB_OK);
    /* a good line does not make up for a bad one, in either order */
    assert_int_equal(verify_text(FOO_TEXT "\n" FOO_LINE "— example.com/foo Uw2QOkn8srV1"
                                          "yJGh2VYRlL1Tnagv\n",
                         FOO_KEY, &time, &e),
        WB_ERR_INTEGRITY);
    assert_string_equal(
        e.message, "note: signature 2: a signature of the wrong length");
    assert_int_equal(
        verify_text("Another text\n\n" FOO_LINE, FOO_KEY, &time, &e), WB_ERR_INTEGRITY);
    assert_string_equal(
        e.message, "note: signature 1: not signed by the key it names: forged");
    assert_int_equal(time, 77);
}

static void
a_cosignature_is_no_signature_and_the_other_way_round(void **state)
{
    struct wb_secret *seed = witness_seed();
    struct wb_note_key cosigner = key_of(WITNESS_KEY), signer;
    struct wb_error e = {0};
    struct wb_buf out;
    int64_t time = 77;

    (void)state;
    assert_int_equal(wb_note_key_init(&signer, cosigner.name, WB_NOTE_ED25519,
                         cosigner.public, NULL),
        WB_OK);
    assert_int_not_equal(signer.id, cosigner.id);
    wb_buf_init(&out, WB_NOTE_LINE_MAX);
    assert_int_equal(
        wb_note_sign(&out, "a\n", 2, &cosigner, seed, &e), WB_ERR_INTERNAL);
    assert_string_equal(e.message, "note: signed with a cosigner's key");
    assert_int_equal(
        wb_note_cosign(&out, "a\n", 2, 1, &signer, seed, &e), WB_ERR_INTERNAL);
    assert_string_equal(e.message, "note: cosigned with a signer's key");
    assert_int_equal(out.size, 0);
    assert_int_equal(
        verify_text(SOFA_TEXT "\n" WITNESS_LINE, WITNESS_KEY, &time, &e), WB_OK);
    assert_int_equal(wb_note_verify(&note, NULL, &signer, &e), WB_ERR_NOT_FOUND);
    signer.id = cosigner.id; /* even if the id were the same */
    assert_int_equal(wb_note_verify(&note, NULL, &signer, &e), WB_ERR_INTEGRITY);
    wb_buf_wipe(&out);
    wb_secret_free(&seed);
}

static void
a_time_beyond_the_specification_is_refused_though_signed(void **state)
{
    struct wb_secret *seed = witness_seed();
    struct wb_note_key key = key_of(WITNESS_KEY);
    uint8_t bytes[76] = {0xa0, 0x05, 0x9f, 0x11, 0x80};
    struct wb_error e = {0};
    struct wb_buf text;

    (void)state;
    wb_buf_init(&text, 1024);
    wb_buf_add_text(&text, "cosignature/v1\ntime 9223372036854775808\n" SOFA_TEXT);
    assert_int_equal(wb_sign(bytes + 12, text.data, text.size, seed, NULL), WB_OK);
    wb_buf_clear(&text);
    wb_buf_add_text(&text, SOFA_TEXT "\n— witness.example.com/w1 ");
    wb_base64_put(&text, bytes, sizeof bytes, WB_BASE64_PADDED);
    wb_buf_add_text(&text, "\n");
    assert_int_equal(
        verify_text(wb_buf_text(&text), WITNESS_KEY, NULL, &e), WB_ERR_INTEGRITY);
    wb_buf_clear(&text);
    assert_int_equal(
        wb_note_cosign(&text, SOFA_TEXT, strlen(SOFA_TEXT), -1, &key, seed, &e),
        WB_ERR_VALUE);
    assert_string_equal(e.message, "cosignature: a time before 1970");
    assert_int_equal(text.size, 0);
    wb_buf_wipe(&text);
    wb_secret_free(&seed);
}

static void
what_is_not_a_note_is_refused(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        /* clang-format off */
        {"", "note: no empty line between text and signatures"},
        {"\n", "note: no empty line between text and signatures"},
        {"a\n— n AAAAAAAA\n", "note: no empty line between text and signatures"},
        {"a\n\n", "note: no signature"},
        {"a\n\n— n AAAAAAAA", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n AAAAAAAA\n— n AAAAAAAA", "note: signature 2: not an em dash, a name and base64"},
        {"a\n\n— n AAAAAAAA\nmore\n", "note: signature 2: not an em dash, a name and base64"},
        {"a\n\n- n AAAAAAAA\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n—n AAAAAAAA\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— \n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n—\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n \n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n—  AAAAAAAA\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n  AAAAAAAA\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n AAAAAAAA \n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n+m AAAAAAAA\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n\xc2\xa0m AAAAAAAA\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n AAAAAA==\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n AAAAAAA\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n AAAAAAAB=\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n AAAAAAB=\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n AAAAAAAAAA\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n AAAAAAAAAAA=AAAA\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\n\n— n AAAAAAAA*AAA\n", "note: signature 1: not an em dash, a name and base64"},
        {"a\tb\n\n— n AAAAAAAA\n", "note: byte 2: a control character"},
        {"a\r\n\n— n AAAAAAAA\n", "note: byte 2: a control character"},
        {"a\x1f\n\n— n AAAAAAAA\n", "note: byte 2: a control character"},
        {"\xff\n\n— n AAAAAAAA\n", "note: byte 1: not UTF-8"},
        {"a\xed\xa0\x80\n\n— n AAAAAAAA\n", "note: byte 2: not UTF-8"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_note_refused(
            rows[i].text, strlen(rows[i].text), WB_ERR_FORMAT, rows[i].message);
    assert_note_refused(
        "a\0b\n\n— n AAAAAAAA\n", 19, WB_ERR_FORMAT, "note: byte 2: a zero character");
}

static void
unusual_notes_that_the_specification_allows_are_read(void **state)
{
    static const struct {
        const char *text;
        size_t text_size;
        unsigned count;
    } rows[] = {
        {"a\n\n— n AAAAAAA=\n", 2, 1}, /* a signature of one byte */
        {"a\n\n— n AAAAAAAA\n", 2, 1},
        {"a\n\n— n AAAAAAAAAA==\n", 2, 1},
        {"a\n\nb\n\n— n AAAAAAAA\n— n AAAAAAAA\n", 5, 2}, /* empty lines in the text */
        {"a\n\n\n— n AAAAAAAA\n", 3, 1},
        {"\n\n— n AAAAAAAA\n", 1, 1},
        {"a\x7f\n\n— é—☃ AAAAAAAA\n", 3, 1},
        {"— n AAAAAAAA\n\n— n AAAAAAAA\n", 15, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_buf again;

        assert_int_equal(
            wb_note_decode(&note, rows[i].text, strlen(rows[i].text), NULL), WB_OK);
        assert_int_equal(note.text_size, rows[i].text_size);
        assert_int_equal(note.count, rows[i].count);
        wb_buf_init(&again, WB_NOTE_BYTES_MAX);
        assert_int_equal(wb_note_encode(&again, note.text, note.text_size, note.lines,
                             note.lines_size, NULL),
            WB_OK);
        assert_string_equal(wb_buf_text(&again), rows[i].text);
        wb_buf_wipe(&again);
    }
}

static void
a_note_above_its_limits_is_refused(void **state)
{
    static char big[WB_NOTE_BYTES_MAX + 1];
    const char *line = "— n AAAAAAAA\n";
    struct wb_buf text;

    (void)state;
    wb_buf_init(&text, 64 * 1024);
    wb_buf_add_text(&text, "a\n\n");
    for (int i = 0; i < WB_NOTE_SIGNATURES_MAX; i++)
        wb_buf_add_text(&text, line);
    assert_int_equal(wb_note_decode(&note, text.data, text.size, NULL), WB_OK);
    assert_int_equal(note.count, WB_NOTE_SIGNATURES_MAX);
    wb_buf_add_text(&text, line);
    assert_note_refused(
        wb_buf_text(&text), text.size, WB_ERR_LIMIT, "note: more than 64 signatures");
    wb_buf_wipe(&text);

    memset(big, 'a', sizeof big);
    memcpy(big + sizeof big - 1 - 16, "\n\n— n AAAAAAAA", 16);
    big[sizeof big - 2] = '\n';
    assert_note_refused(
        big, sizeof big, WB_ERR_LIMIT, "note: 1048577 bytes, limit is 1048576");
    memcpy(big + sizeof big - 1 - 17, "\n\n— n AAAAAAAA\n", 17);
    assert_int_equal(wb_note_decode(&note, big, sizeof big - 1, NULL), WB_OK);
}

static void
a_text_that_no_note_can_hold_is_not_signed(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "note: the text does not end with a line feed"},
        {"a", "note: the text does not end with a line feed"},
        {"a\r\n", "note: byte 2: a control character"},
        {"\xc0\x80\n", "note: byte 1: not UTF-8"},
    };
    struct wb_secret *seed = seed_of(PETER_SEED), *other = witness_seed();
    struct wb_note_key key = key_of(PETER_KEY);
    struct wb_buf out;

    (void)state;
    wb_buf_init(&out, WB_NOTE_BYTES_MAX);
    wb_buf_add_text(&out, "kept");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = rows[i].text;
        struct wb_error e = {0};

        assert_int_equal(
            wb_note_sign(&out, text, strlen(text), &key, seed, &e), WB_ERR_FORMAT);
        assert_string_equal(e.message, rows[i].message);
        assert_int_equal(
            wb_note_encode(&out, text, strlen(text), FOO_LINE, strlen(FOO_LINE), &e),
            WB_ERR_FORMAT);
    }
    assert_int_equal(wb_note_sign(&out, "a\n", 2, &key, other, NULL), WB_ERR_INTERNAL);
    assert_int_equal(wb_note_encode(&out, "a\n", 2, "", 0, NULL), WB_ERR_FORMAT);
    assert_int_equal(
        wb_note_encode(&out, "a\n", 2, "\n" FOO_LINE, strlen(FOO_LINE) + 1, NULL),
        WB_ERR_FORMAT);
    assert_string_equal(wb_buf_text(&out), "kept");
    wb_buf_wipe(&out);
    wb_buf_init(&out, 20); /* too small for a line: no half of one stays */
    assert_int_equal(wb_note_sign(&out, "a\n", 2, &key, seed, NULL), WB_ERR_LIMIT);
    assert_int_equal(out.size, 0);
    wb_buf_wipe(&out);
    wb_secret_free(&seed);
    wb_secret_free(&other);
}

static unsigned allocations_left;

static bool
fail_after(size_t size)
{
    (void)size;
    if (allocations_left == 0)
        return true;
    allocations_left--;
    return false;
}

static void
want_of_memory_is_not_taken_for_a_forgery(void **state)
{
    struct wb_secret *seed = witness_seed();
    struct wb_note_key key = key_of(WITNESS_KEY);
    const char *text = SOFA_TEXT "\n" WITNESS_LINE;
    unsigned failed = 0;
    enum wb_status st;
    struct wb_buf out;

    (void)state;
    assert_int_equal(wb_note_decode(&note, text, strlen(text), NULL), WB_OK);
    for (unsigned n = 0; n < 20; n++) {
        int64_t time = 77;

        wb_buf_init(&out, WB_NOTE_LINE_MAX);
        wb_mem_fault = fail_after;
        allocations_left = n;
        st = wb_note_verify(&note, &time, &key, NULL);
        assert_true(st == WB_OK || (st == WB_ERR_MEMORY && time == 77));
        failed += st != WB_OK;
        allocations_left = n;
        st = wb_note_cosign(&out, SOFA_TEXT, strlen(SOFA_TEXT), 1, &key, seed, NULL);
        wb_mem_fault = NULL;
        assert_true(st == WB_OK || (st == WB_ERR_MEMORY && out.size == 0));
        failed += st != WB_OK;
        wb_buf_wipe(&out);
    }
    assert_true(failed >= 5);
    assert_int_equal(st, WB_OK);
    wb_secret_free(&seed);
}

/* Checkpoints. */

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define EMPTY_ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

static void
what_is_not_a_checkpoint_is_refused(void **state)
{
    static const struct {
        const char *text;
        enum wb_status status;
        const char *message;
    } rows[] = {
        /* clang-format off */
        {"", WB_ERR_FORMAT, "checkpoint: less than three lines"},
        {"o\n1\n", WB_ERR_FORMAT, "checkpoint: less than three lines"},
        {"o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", WB_ERR_FORMAT, "checkpoint: less than three lines"},
        {"o\n1\n" ROOT "extension\n", WB_ERR_FORMAT, "checkpoint: extension lines, which are not accepted"},
        {"o\n1\n" ROOT "\n", WB_ERR_FORMAT, "checkpoint: extension lines, which are not accepted"},
        {"\n1\n" ROOT, WB_ERR_FORMAT, "checkpoint: origin empty or with a control character"},
        {"a\tb\n1\n" ROOT, WB_ERR_FORMAT, "checkpoint: origin empty or with a control character"},
        {"\xff\n1\n" ROOT, WB_ERR_FORMAT, "checkpoint: origin empty or with a control character"},
        {"o\n\n" ROOT, WB_ERR_FORMAT, "checkpoint: size is not a number below 2^63"},
        {"o\n01\n" ROOT, WB_ERR_FORMAT, "checkpoint: size is not a number below 2^63"},
        {"o\n00\n" EMPTY_ROOT, WB_ERR_FORMAT, "checkpoint: size is not a number below 2^63"},
        {"o\n+1\n" ROOT, WB_ERR_FORMAT, "checkpoint: size is not a number below 2^63"},
        {"o\n-1\n" ROOT, WB_ERR_FORMAT, "checkpoint: size is not a number below 2^63"},
        {"o\n 1\n" ROOT, WB_ERR_FORMAT, "checkpoint: size is not a number below 2^63"},
        {"o\n1 \n" ROOT, WB_ERR_FORMAT, "checkpoint: size is not a number below 2^63"},
        {"o\n0x1\n" ROOT, WB_ERR_FORMAT, "checkpoint: size is not a number below 2^63"},
        {"o\n9223372036854775808\n" ROOT, WB_ERR_FORMAT, "checkpoint: size is not a number below 2^63"},
        {"o\n18446744073709551617\n" ROOT, WB_ERR_FORMAT, "checkpoint: size is not a number below 2^63"},
        {"o\n1\n\n", WB_ERR_FORMAT, "checkpoint: root is not base64 of 32 bytes"},
        {"o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", WB_ERR_FORMAT, "checkpoint: root is not base64 of 32 bytes"},
        {"o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", WB_ERR_FORMAT, "checkpoint: root is not base64 of 32 bytes"},
        {"o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\r\n", WB_ERR_FORMAT, "checkpoint: root is not base64 of 32 bytes"},
        {"o\n0\n" ROOT, WB_ERR_INTEGRITY, "checkpoint: size 0, but not the root of no leaves"},
        /* clang-format on */
    };
    struct wb_checkpoint c, before;

    (void)state;
    memset(&c, 0xa5, sizeof c);
    before = c;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_error e = {0};

        assert_int_equal(
            wb_checkpoint_decode(&c, rows[i].text, strlen(rows[i].text), &e),
            rows[i].status);
        assert_string_equal(e.message, rows[i].message);
        assert_memory_equal(&c, &before, sizeof c);
    }
}

static void
the_largest_and_the_empty_checkpoint_read_back(void **state)
{
    struct wb_checkpoint c = {.head.size = WB_MERKLE_SIZE_MAX}, again;
    struct wb_error e = {0};
    struct wb_buf text;

    (void)state;
    memset(c.origin, 'o', WB_NOTE_NAME_MAX);
    wb_buf_init(&text, 1024);
    assert_int_equal(wb_checkpoint_encode(&text, &c, NULL), WB_OK);
    assert_int_equal(text.size, WB_CHECKPOINT_TEXT_MAX);
    assert_int_equal(
        wb_checkpoint_decode(&again, wb_buf_text(&text), text.size, NULL), WB_OK);
    assert_memory_equal(&again, &c, sizeof c);
    wb_buf_clear(&text);
    wb_buf_add_text(&text, "o");
    wb_buf_add_text(&text, c.origin);
    wb_buf_add_text(&text, "\n1\n" ROOT);
    assert_int_equal(
        wb_checkpoint_decode(&again, wb_buf_text(&text), text.size, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "checkpoint: origin of 256 bytes, limit is 255");

    c = (struct wb_checkpoint){.origin = "o"};
    wb_merkle_empty(c.head.root);
    wb_buf_clear(&text);
    assert_int_equal(wb_checkpoint_encode(&text, &c, NULL), WB_OK);
    assert_string_equal(wb_buf_text(&text), "o\n0\n" EMPTY_ROOT);
    wb_buf_wipe(&text);
}

static void
a_checkpoint_that_cannot_be_read_is_not_written(void **state)
{
    struct wb_checkpoint c = {.origin = "", .head.size = 1};
    struct wb_error e = {0};
    struct wb_buf text;

    (void)state;
    wb_buf_init(&text, 1024);
    assert_int_equal(wb_checkpoint_encode(&text, &c, &e), WB_ERR_VALUE);
    memcpy(c.origin, "a\nb", 4);
    assert_int_equal(wb_checkpoint_encode(&text, &c, &e), WB_ERR_VALUE);
    assert_string_equal(
        e.message, "checkpoint: origin empty or with a control character");
    memset(c.origin, 'o', sizeof c.origin); /* no NUL */
    assert_int_equal(wb_checkpoint_encode(&text, &c, &e), WB_ERR_VALUE);
    memcpy(c.origin, "a", 2);
    c.head.size = WB_MERKLE_SIZE_MAX + 1;
    assert_int_equal(wb_checkpoint_encode(&text, &c, &e), WB_ERR_LIMIT);
    c.head.size = 0;
    assert_int_equal(wb_checkpoint_encode(&text, &c, &e), WB_ERR_INTEGRITY);
    assert_int_equal(text.size, 0);
    wb_buf_wipe(&text);
    wb_buf_init(&text, 10); /* no half of one stays */
    c.head.size = 1;
    assert_int_equal(wb_checkpoint_encode(&text, &c, &e), WB_ERR_LIMIT);
    assert_int_equal(text.size, 0);
    wb_buf_wipe(&text);
}

static void
a_checkpoint_is_opened_only_under_its_own_name(void **state)
{
    struct wb_secret *seed = witness_seed();
    struct wb_note_key log, other;
    uint8_t public[WB_SIGN_PUBLIC_BYTES];
    struct wb_checkpoint c, before;
    struct wb_error e = {0};
    struct wb_buf text;

    (void)state;
    assert_int_equal(wb_sign_public(public, seed, NULL), WB_OK);
    assert_int_equal(wb_note_key_init(&log, "example.com/behind-the-sofa",
                         WB_NOTE_ED25519, public, NULL),
        WB_OK);
    assert_int_equal(
        wb_note_key_init(&other, "example.com/other", WB_NOTE_ED25519, public, NULL),
        WB_OK);
    wb_buf_init(&text, 1024);
    wb_buf_add_text(&text, SOFA_TEXT "\n");
    assert_int_equal(
        wb_note_sign(&text, SOFA_TEXT, strlen(SOFA_TEXT), &other, seed, NULL), WB_OK);
    assert_int_equal(wb_note_decode(&note, text.data, text.size, NULL), WB_OK);
    memset(&c, 0xa5, sizeof c);
    before = c;
    assert_int_equal(wb_checkpoint_open(&c, &note, &log, &e), WB_ERR_NOT_FOUND);
    assert_int_equal(wb_checkpoint_open(&c, &note, &other, &e), WB_ERR_INTEGRITY);
    assert_string_equal(e.message, "checkpoint: the origin is not the name of its key");
    assert_memory_equal(&c, &before, sizeof c);
    assert_int_equal(
        wb_note_sign(&text, SOFA_TEXT, strlen(SOFA_TEXT), &log, seed, NULL), WB_OK);
    assert_int_equal(wb_note_decode(&note, text.data, text.size, NULL), WB_OK);
    assert_int_equal(wb_checkpoint_open(&c, &note, &log, &e), WB_OK);
    assert_int_equal(c.head.size, 20852163);
    wb_buf_wipe(&text);
    wb_secret_free(&seed);
}

static int
start(void **state)
{
    (void)state;
    return wb_crypto_start(NULL) != WB_OK;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_specification_verifies),
        cmocka_unit_test(the_note_of_go_is_made_byte_for_byte),
        cmocka_unit_test(a_cosignature_is_made_byte_for_byte_and_states_its_time),
        cmocka_unit_test(the_earliest_of_several_cosignatures_counts),
        cmocka_unit_test(the_checkpoint_of_the_specification_is_read),
        cmocka_unit_test(verifier_keys_read_and_write_the_same_text),
        cmocka_unit_test(the_longest_name_fits_and_one_more_byte_does_not),
        cmocka_unit_test(names_that_no_key_may_have_are_refused),
        cmocka_unit_test(verifier_keys_that_are_not_canonical_are_refused),
        cmocka_unit_test(every_altered_bit_of_a_note_is_refused),
        cmocka_unit_test(an_unknown_key_is_ignored_and_a_failing_known_one_rejects),
        cmocka_unit_test(a_cosignature_is_no_signature_and_the_other_way_round),
        cmocka_unit_test(a_time_beyond_the_specification_is_refused_though_signed),
        cmocka_unit_test(what_is_not_a_note_is_refused),
        cmocka_unit_test(unusual_notes_that_the_specification_allows_are_read),
        cmocka_unit_test(a_note_above_its_limits_is_refused),
        cmocka_unit_test(a_text_that_no_note_can_hold_is_not_signed),
        cmocka_unit_test(want_of_memory_is_not_taken_for_a_forgery),
        cmocka_unit_test(what_is_not_a_checkpoint_is_refused),
        cmocka_unit_test(the_largest_and_the_empty_checkpoint_read_back),
        cmocka_unit_test(a_checkpoint_that_cannot_be_read_is_not_written),
        cmocka_unit_test(a_checkpoint_is_opened_only_under_its_own_name),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
