/* tests/unit/test_proof.c - tlog-proof texts: one text for one proof, and what it
 * proves. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "formats/proof.h"

/* Entry 5 of "entry 0" to "entry 6", made with Python's hashlib and cryptography; the
 * log's seed is 20 21 .. 3f, the cosigner's 00 01 .. 1f. */
#define LOG_KEY                                                                        \
    "witnessbox.example/8f3c+0d7a11ef+ASmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
#define WITNESS_KEY                                                                    \
    "witness.example.com/w1+a0059f11+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define FIRST "c2sp.org/tlog-proof@v1\n"
#define EXTRA "extra ZW50cnkgNQ==\n"
#define INDEX "index 5\n"
#define HASH_1 "SFM123z+yWXxX/dF/GJcQdXqJkaTaTAWWCj3PdS2iFQ=\n"
#define HASH_2 "vhV4G2KKKEFMHIoRuG24Qi+hBBIV/g18RJbSPNoeQUI=\n"
#define HASH_3 "l5nzB1F+9RfCIF35tndivzR1ayAJn7ffzOdrzr0nOy4=\n"
#define CHECKPOINT                                                                      \
    "witnessbox.example/8f3c\n"                                                         \
    "7\n"                                                                               \
    "mMl/C6MXXNCLAx3QhLncTmSbZNGijm6mlGRlAxc6tYc=\n"                                    \
    "\n"                                                                                \
    "— witnessbox.example/8f3c DXoR7y5E7xiYre8A67vJua9DA/igMhHtEbzN7OVvTnwIUZKbZzQ1"  \
    "riJb3B6n8TwHq18564uTjkz6XHX4cl60tlNnXAQ=\n"                                        \
    "— witness.example.com/w1 oAWfEQAAAABkGFDLbZwF4htZgP8V7iTcQvdvTHFMdekIKxI4a/Zfk5" \
    "LcCen9qj4yc0etoYRKVDEDfl8iRzg7xuebclvZAriFAVQMAw==\n"
#define PROOF FIRST EXTRA INDEX HASH_1 HASH_2 HASH_3 "\n" CHECKPOINT

static struct wb_proof proof; /* large, so not on the stack of each test */
static struct wb_buf extra;

static struct wb_note_key
key_of(const char *text)
{
    struct wb_note_key key;

    assert_int_equal(wb_note_key_decode(&key, text, strlen(text), NULL), WB_OK);
    return key;
}

static enum wb_status
decode(const char *text, struct wb_error *e)
{
    return wb_proof_decode(&proof, &extra, text, strlen(text), e);
}

static void
a_proof_made_elsewhere_is_read_and_holds(void **state)
{
    struct wb_note_key log = key_of(LOG_KEY), witness = key_of(WITNESS_KEY);
    struct wb_checkpoint c;
    struct wb_note note;
    uint8_t leaf[WB_HASH_BYTES];
    int64_t time = 0;

    (void)state;
    assert_int_equal(decode(PROOF, NULL), WB_OK);
    assert_int_equal(proof.index, 5);
    assert_int_equal(proof.inclusion.count, 3);
    assert_int_equal(proof.extra_size, 7);
    assert_memory_equal(proof.extra, "entry 5", 7);
    assert_int_equal(proof.checkpoint_size, strlen(CHECKPOINT));
    assert_memory_equal(proof.checkpoint, CHECKPOINT, strlen(CHECKPOINT));
    wb_merkle_leaf(leaf, proof.extra, proof.extra_size);
    assert_int_equal(wb_proof_check(&c, &proof, leaf, &log, NULL), WB_OK);
    assert_string_equal(c.origin, "witnessbox.example/8f3c");
    assert_int_equal(c.head.size, 7);
    assert_int_equal(
        wb_note_decode(&note, proof.checkpoint, proof.checkpoint_size, NULL), WB_OK);
    assert_int_equal(wb_note_verify(&note, &time, &witness, NULL), WB_OK);
    assert_int_equal(time, 1679315147);
}

static void
a_proof_is_written_as_it_was_read(void **state)
{
    static const char *const texts[] = {
        PROOF,
        FIRST INDEX HASH_1 "\n" CHECKPOINT,
        FIRST "index 0\n\nc",
        FIRST "index 9223372036854775807\n\n\n\n",
    };
    struct wb_buf again;

    (void)state;
    wb_buf_init(&again, WB_PROOF_TEXT_MAX);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(decode(texts[i], NULL), WB_OK);
        wb_buf_clear(&again);
        assert_int_equal(wb_proof_encode(&again, &proof, NULL), WB_OK);
        assert_string_equal(wb_buf_text(&again), texts[i]);
    }
    assert_int_equal(proof.extra_size, 0);
    assert_int_equal(proof.index, INT64_MAX);
    assert_int_equal(proof.inclusion.count, 0);
    wb_buf_wipe(&again);
}

static void
what_is_not_a_proof_is_refused(void **state)
{
    static const struct {
        const char *text;
        enum wb_status status;
        const char *message;
    } rows[] = {
        /* clang-format off */
        {"", WB_ERR_FORMAT, "proof: not a tlog-proof"},
        {"c2sp.org/tlog-proof@v1", WB_ERR_FORMAT, "proof: not a tlog-proof"},
        {"\n" PROOF, WB_ERR_FORMAT, "proof: not a tlog-proof"},
        {" " PROOF, WB_ERR_FORMAT, "proof: not a tlog-proof"},
        {"c2sp.org/tlog-proof\n" INDEX "\nc", WB_ERR_FORMAT, "proof: not a tlog-proof"},
        {"c2sp.org/tlog-proof@v2\n" INDEX "\nc", WB_ERR_TOO_NEW, "proof: a version other than v1"},
        {"c2sp.org/tlog-proof@v1.1\n" INDEX "\nc", WB_ERR_TOO_NEW, "proof: a version other than v1"},
        {"c2sp.org/tlog-proof@v1\r\n" INDEX "\nc", WB_ERR_TOO_NEW, "proof: a version other than v1"},
        {FIRST, WB_ERR_FORMAT, "proof: ends too early"},
        {FIRST EXTRA, WB_ERR_FORMAT, "proof: ends too early"},
        {FIRST "extra \n" INDEX "\nc", WB_ERR_FORMAT, "proof: extra is empty or not base64"},
        {FIRST "extra ZW50cnkgNQ\n" INDEX "\nc", WB_ERR_FORMAT, "proof: extra is empty or not base64"},
        {FIRST "extra ZW50cnkgNR==\n" INDEX "\nc", WB_ERR_FORMAT, "proof: extra is empty or not base64"},
        {FIRST "extra  ZW50cnkgNQ==\n" INDEX "\nc", WB_ERR_FORMAT, "proof: extra is empty or not base64"},
        {FIRST "extra ZW50cnkgNQ== \n" INDEX "\nc", WB_ERR_FORMAT, "proof: extra is empty or not base64"},
        {FIRST EXTRA EXTRA INDEX "\nc", WB_ERR_FORMAT, "proof: no index, a number below 2^63"},
        {FIRST INDEX EXTRA "\nc", WB_ERR_FORMAT, "proof: hash 1 is not base64 of 32 bytes"},
        {FIRST "extra\n" INDEX "\nc", WB_ERR_FORMAT, "proof: no index, a number below 2^63"},
        {FIRST "\n" INDEX "\nc", WB_ERR_FORMAT, "proof: no index, a number below 2^63"},
        {FIRST "index\n\nc", WB_ERR_FORMAT, "proof: no index, a number below 2^63"},
        {FIRST "index \n\nc", WB_ERR_FORMAT, "proof: no index, a number below 2^63"},
        {FIRST "index 05\n\nc", WB_ERR_FORMAT, "proof: no index, a number below 2^63"},
        {FIRST "index -5\n\nc", WB_ERR_FORMAT, "proof: no index, a number below 2^63"},
        {FIRST "index 5 \n\nc", WB_ERR_FORMAT, "proof: no index, a number below 2^63"},
        {FIRST "Index 5\n\nc", WB_ERR_FORMAT, "proof: no index, a number below 2^63"},
        {FIRST "index 9223372036854775808\n\nc", WB_ERR_FORMAT, "proof: no index, a number below 2^63"},
        {FIRST INDEX, WB_ERR_FORMAT, "proof: no empty line before the checkpoint"},
        {FIRST INDEX HASH_1 HASH_2, WB_ERR_FORMAT, "proof: no empty line before the checkpoint"},
        {FIRST INDEX "c", WB_ERR_FORMAT, "proof: no empty line before the checkpoint"},
        {FIRST INDEX HASH_1 "AAAA\n\nc", WB_ERR_FORMAT, "proof: hash 2 is not base64 of 32 bytes"},
        {FIRST INDEX "SFM123z+yWXxX/dF/GJcQdXqJkaTaTAWWCj3PdS2iFR=\n\nc", WB_ERR_FORMAT, "proof: hash 1 is not base64 of 32 bytes"},
        {FIRST INDEX "SFM123z+yWXxX/dF/GJcQdXqJkaTaTAWWCj3PdS2iFQ\n\nc", WB_ERR_FORMAT, "proof: hash 1 is not base64 of 32 bytes"},
        {FIRST INDEX " " HASH_1 "\nc", WB_ERR_FORMAT, "proof: hash 1 is not base64 of 32 bytes"},
        {FIRST INDEX "\n", WB_ERR_FORMAT, "proof: no checkpoint"},
        /* clang-format on */
    };
    static struct wb_proof before;

    (void)state;
    wb_buf_clear(&extra);
    wb_buf_add_text(&extra, "kept");
    memset(&proof, 0xa5, sizeof proof);
    before = proof;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_error e = {0};

        assert_int_equal(decode(rows[i].text, &e), rows[i].status);
        assert_string_equal(e.message, rows[i].message);
        assert_memory_equal(&proof, &before, sizeof proof);
        assert_string_equal(wb_buf_text(&extra), "kept");
    }
}

static void
a_proof_at_its_limits_is_read_and_one_above_is_not(void **state)
{
    static uint8_t bytes[WB_PROOF_EXTRA_MAX + 1];
    static char checkpoint[WB_NOTE_BYTES_MAX + 1];
    static struct wb_proof most;
    struct wb_error e = {0};
    struct wb_buf text, scratch;

    (void)state;
    memset(checkpoint, 'c', sizeof checkpoint);
    most = (struct wb_proof){.index = WB_MERKLE_SIZE_MAX,
        .extra = bytes,
        .extra_size = WB_PROOF_EXTRA_MAX,
        .checkpoint = checkpoint,
        .checkpoint_size = WB_NOTE_BYTES_MAX};
    most.inclusion.count = WB_MERKLE_PROOF_MAX;
    wb_buf_init(&text, WB_PROOF_TEXT_MAX);
    assert_int_equal(wb_proof_encode(&text, &most, NULL), WB_OK);
    assert_int_equal(
        wb_proof_decode(&proof, &extra, (const char *)text.data, text.size, NULL),
        WB_OK);
    assert_int_equal(proof.inclusion.count, WB_MERKLE_PROOF_MAX);
    assert_int_equal(proof.extra_size, WB_PROOF_EXTRA_MAX);
    wb_buf_init(&scratch, text.size - 1); /* no half of one stays */
    assert_int_equal(wb_proof_encode(&scratch, &most, NULL), WB_ERR_LIMIT);
    assert_int_equal(scratch.size, 0);
    wb_buf_wipe(&scratch);

    wb_buf_init(&scratch, WB_PROOF_TEXT_MAX);
    wb_buf_add(&scratch, text.data, text.size);
    wb_buf_add(&scratch, "c", 1);
    assert_int_equal(
        wb_proof_decode(&proof, &extra, (const char *)scratch.data, scratch.size, &e),
        WB_ERR_LIMIT);
    assert_string_equal(
        e.message, "proof: checkpoint of 1048577 bytes, limit is 1048576");
    wb_buf_clear(&scratch);
    wb_buf_add_text(&scratch, FIRST INDEX);
    for (int i = 0; i <= WB_MERKLE_PROOF_MAX; i++)
        wb_buf_add_text(&scratch, HASH_1);
    wb_buf_add_text(&scratch, "\nc");
    assert_int_equal(decode(wb_buf_text(&scratch), &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "proof: more than 64 hashes");
    for (size_t more = 1; more <= 3; more++) {
        wb_buf_clear(&scratch);
        wb_buf_add_text(&scratch, FIRST "extra ");
        for (size_t i = 0; i < (WB_PROOF_EXTRA_MAX + more) / 3; i++)
            wb_buf_add_text(&scratch, "AAAA");
        if ((WB_PROOF_EXTRA_MAX + more) % 3 > 0)
            wb_buf_add_text(
                &scratch, (WB_PROOF_EXTRA_MAX + more) % 3 == 1 ? "AA==" : "AAA=");
        wb_buf_add_text(&scratch, "\n" INDEX "\nc");
        assert_int_equal(decode(wb_buf_text(&scratch), &e), WB_ERR_LIMIT);
    }
    wb_buf_wipe(&scratch);

    wb_buf_clear(&text);
    most.index++;
    assert_int_equal(wb_proof_encode(&text, &most, &e), WB_ERR_LIMIT);
    most.index = 0;
    most.inclusion.count++;
    assert_int_equal(wb_proof_encode(&text, &most, &e), WB_ERR_LIMIT);
    most.inclusion.count = 0;
    most.extra_size++;
    assert_int_equal(wb_proof_encode(&text, &most, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "proof: extra of 4097 bytes, limit is 4096");
    most.extra_size = 0;
    most.checkpoint_size = 0;
    assert_int_equal(wb_proof_encode(&text, &most, &e), WB_ERR_VALUE);
    assert_int_equal(text.size, 0);
    wb_buf_wipe(&text);
}

static void
every_altered_bit_before_the_cosignature_is_refused(void **state)
{
    static const uint8_t entry[] = "entry 5";
    static char altered[sizeof PROOF];
    struct wb_note_key log = key_of(LOG_KEY);
    struct wb_checkpoint c, before;
    uint8_t leaf[WB_HASH_BYTES];
    size_t size = strlen(PROOF);
    size_t own = (size_t)(strstr(PROOF, "\n— witness.") - PROOF) + 1;
    unsigned unread = 0, unproved = 0, ignored = 0;

    (void)state;
    memset(&c, 0xa5, sizeof c);
    before = c;
    wb_merkle_leaf(leaf, entry, 7);
    for (size_t bit = 0; bit < size * 8; bit++) {
        enum wb_status st;

        /* extra data is not authenticated (tlog-proof.md, "Format") */
        if (bit / 8 >= strlen(FIRST "extra ") && bit / 8 < strlen(FIRST EXTRA) - 1)
            continue;
        memcpy(altered, PROOF, size + 1);
        altered[bit / 8] = (char)(altered[bit / 8] ^ (char)(1U << bit % 8));
        st = wb_proof_decode(&proof, &extra, altered, size, NULL);
        if (st != WB_OK) {
            unread++;
            continue;
        }
        st = wb_proof_check(&c, &proof, leaf, &log, NULL);
        unproved += st != WB_OK;
        ignored += st == WB_OK;
        if (bit / 8 < own)
            assert_int_not_equal(st, WB_OK);
        if (st == WB_OK)
            c = before; /* a cosigner's line, unknown to this check */
        assert_memory_equal(&c, &before, sizeof c);
    }
    assert_true(unread > 700);
    assert_true(unproved > 2500);
    assert_true(ignored > 600);
}

static void
a_proof_for_another_leaf_index_log_or_tree_does_not_hold(void **state)
{
    struct wb_note_key log = key_of(LOG_KEY), witness = key_of(WITNESS_KEY);
    struct wb_checkpoint c, before;
    uint8_t leaf[WB_HASH_BYTES];
    struct wb_error e = {0};

    (void)state;
    memset(&c, 0xa5, sizeof c);
    before = c;
    wb_merkle_leaf(leaf, "entry 4", 7);
    assert_int_equal(decode(PROOF, NULL), WB_OK);
    assert_int_equal(wb_proof_check(&c, &proof, leaf, &log, &e), WB_ERR_INTEGRITY);
    assert_string_equal(e.message, "proof: the proof does not lead to the root");
    wb_merkle_leaf(leaf, "entry 5", 7);
    proof.index = 4;
    assert_int_equal(wb_proof_check(&c, &proof, leaf, &log, &e), WB_ERR_INTEGRITY);
    proof.index = 7;
    assert_int_equal(wb_proof_check(&c, &proof, leaf, &log, &e), WB_ERR_INTEGRITY);
    assert_string_equal(e.message, "proof: leaf 7: the tree has 7 leaves");
    proof.index = 5;
    assert_int_equal(wb_proof_check(&c, &proof, leaf, &witness, &e), WB_ERR_INTEGRITY);
    assert_string_equal(
        e.message, "proof: checkpoint: the origin is not the name of its key");
    log.id ^= 1;
    assert_int_equal(wb_proof_check(&c, &proof, leaf, &log, &e), WB_ERR_NOT_FOUND);
    assert_memory_equal(&c, &before, sizeof c);
}

static bool
fail_always(size_t size)
{
    (void)size;
    return true;
}

static void
want_of_memory_leaves_everything_as_it_was(void **state)
{
    static struct wb_proof before;
    struct wb_error e = {0};
    enum wb_status st;

    (void)state;
    assert_int_equal(decode(PROOF, NULL), WB_OK);
    before = proof;
    wb_mem_fault = fail_always;
    st = decode(PROOF, &e);
    wb_mem_fault = NULL;
    assert_int_equal(st, WB_ERR_MEMORY);
    assert_string_equal(e.message, "proof: extra: not enough memory");
    assert_memory_equal(&proof, &before, sizeof proof);
    assert_memory_equal(proof.extra, "entry 5", 7);
}

static int
start(void **state)
{
    (void)state;
    wb_buf_init(&extra, WB_PROOF_EXTRA_MAX);
    return wb_crypto_start(NULL) != WB_OK;
}

static int
finish(void **state)
{
    (void)state;
    wb_buf_wipe(&extra);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_made_elsewhere_is_read_and_holds),
        cmocka_unit_test(a_proof_is_written_as_it_was_read),
        cmocka_unit_test(what_is_not_a_proof_is_refused),
        cmocka_unit_test(a_proof_at_its_limits_is_read_and_one_above_is_not),
        cmocka_unit_test(every_altered_bit_before_the_cosignature_is_refused),
        cmocka_unit_test(a_proof_for_another_leaf_index_log_or_tree_does_not_hold),
        cmocka_unit_test(want_of_memory_leaves_everything_as_it_was),
    };

    return cmocka_run_group_tests(tests, start, finish);
}
