/* tests/unit/test_minisign.c - minisign's public keys and signature files. */
#include "cm.h"

#include <string.h>

#include "base/mem.h"
#include "crypto/random.h"
#include "formats/minisign.h"
#include "program.h"

static const char message[] = "what was signed\n";
static const char comment[] = "bundle 0123, for two";

/* A key pair of the test's and a signature file by it. */
struct room {
    struct wb_secret *seed;
    struct wb_minisign_signer signer;
    struct wb_minisign_key key;
    struct wb_buf file;
};

static int
enter(void **state)
{
    static struct room r;

    if (wb_crypto_start(NULL) != WB_OK ||
        wb_secret_new(&r.seed, WB_SIGN_SEED_BYTES, NULL) != WB_OK)
        return -1;
    wb_random_secret(r.seed);
    wb_random(r.signer.id, sizeof r.signer.id);
    r.signer.seed = r.seed;
    memcpy(r.key.id, r.signer.id, sizeof r.key.id);
    wb_buf_init(&r.file, 4096);
    *state = &r;
    return wb_sign_public(r.key.point, r.seed, NULL) == WB_OK &&
            wb_minisign_sign(
                &r.file, &r.signer, comment, message, sizeof message - 1, NULL) == WB_OK
        ? 0
        : -1;
}

static int
leave(void **state)
{
    struct room *r = *state;

    wb_buf_wipe(&r->file);
    wb_secret_free(&r->seed);
    return 0;
}

static void
a_signature_file_is_four_lines_and_verifies(void **state)
{
    struct room *r = *state;
    const char *text = wb_buf_text(&r->file);
    struct wb_minisign m;
    struct wb_error e = {0};
    unsigned ends = 0;

    for (size_t i = 0; i < r->file.size; i++)
        ends += text[i] == '\n';
    assert_int_equal(ends, 4);
    assert_int_equal(text[r->file.size - 1], '\n');
    assert_int_equal(
        strncmp(text, "untrusted comment: signature from minisign secret key\nRU", 56),
        0);
    assert_non_null(strstr(text, "\ntrusted comment: bundle 0123, for two\n"));
    assert_int_equal(wb_minisign_decode(&m, text, r->file.size, &e), WB_OK);
    assert_int_equal(m.trusted_size, strlen(comment));
    assert_memory_equal(m.trusted, comment, m.trusted_size);
    assert_int_equal(m.untrusted_size, strlen(WB_MINISIGN_UNTRUSTED));
    assert_memory_equal(m.untrusted, WB_MINISIGN_UNTRUSTED, m.untrusted_size);
    assert_int_equal(
        wb_minisign_verify(&m, &r->key, message, sizeof message - 1, &e), WB_OK);
}

static void
an_empty_message_and_the_longest_comment_can_be_signed(void **state)
{
    struct room *r = *state;
    char longest[WB_MINISIGN_COMMENT_MAX + 2];
    struct wb_error e = {0};
    struct wb_minisign m;
    struct wb_buf b;

    memset(longest, '~', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    wb_buf_init(&b, 4096);
    assert_int_equal(
        wb_minisign_sign(&b, &r->signer, longest, "", 0, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "trusted comment: 1025 bytes, limit is 1024");
    assert_int_equal(b.size, 0);
    longest[sizeof longest - 2] = '\0';
    assert_int_equal(wb_minisign_sign(&b, &r->signer, longest, "", 0, &e), WB_OK);
    assert_int_equal(wb_minisign_decode(&m, b.data, b.size, &e), WB_OK);
    assert_int_equal(wb_minisign_verify(&m, &r->key, "", 0, &e), WB_OK);
    wb_buf_wipe(&b);
}

static void
the_untrusted_comment_may_be_of_our_own(void **state)
{
    struct room *r = *state;
    struct wb_minisign_signer signer = r->signer;
    struct wb_error e = {0};
    struct wb_minisign m;
    struct wb_buf b;

    signer.untrusted = "our own";
    wb_buf_init(&b, 4096);
    assert_int_equal(
        wb_minisign_sign(&b, &signer, comment, message, sizeof message - 1, &e), WB_OK);
    assert_int_equal(wb_minisign_decode(&m, b.data, b.size, &e), WB_OK);
    assert_int_equal(m.untrusted_size, 7);
    assert_memory_equal(m.untrusted, "our own", 7);
    assert_int_equal(
        wb_minisign_verify(&m, &r->key, message, sizeof message - 1, &e), WB_OK);
    wb_buf_wipe(&b);
}

static void
a_comment_that_could_command_a_terminal_is_not_signed(void **state)
{
    static const char *const bad[] = {
        "a\tb", "a\x1b[2J", "a\nb", "a\rb", "a\x7f", "\xc3\xa9"};
    struct room *r = *state;
    struct wb_minisign_signer signer = r->signer;
    struct wb_error e = {0};
    struct wb_buf b;

    wb_buf_init(&b, 4096);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(
            wb_minisign_sign(&b, &r->signer, bad[i], message, 1, &e), WB_ERR_VALUE);
        assert_int_equal(strncmp(e.message, "trusted comment: byte ", 22), 0);
        assert_int_equal(b.size, 0);
        signer.untrusted = bad[i];
        assert_int_equal(
            wb_minisign_sign(&b, &signer, comment, message, 1, &e), WB_ERR_VALUE);
        assert_int_equal(strncmp(e.message, "untrusted comment: byte ", 24), 0);
        assert_int_equal(b.size, 0);
    }
    wb_buf_wipe(&b);
}

static void
expect_integrity(const struct wb_minisign *m, const struct wb_minisign_key *k,
    const char *text, const char *reason)
{
    struct wb_error e = {0};

    assert_int_equal(
        wb_minisign_verify(m, k, text, strlen(text), &e), WB_ERR_INTEGRITY);
    assert_string_equal(e.message, reason);
}

static void
another_message_key_id_or_comment_is_refused(void **state)
{
    struct room *r = *state;
    struct wb_minisign m, changed;
    struct wb_minisign_key other = r->key;
    struct wb_secret *seed = NULL;

    assert_int_equal(wb_minisign_decode(&m, r->file.data, r->file.size, NULL), WB_OK);
    expect_integrity(
        &m, &r->key, "something else", "signature: does not fit what it is for");
    other.id[7] ^= 1;
    expect_integrity(&m, &other, message, "signature: made by another key");
    other = r->key;
    assert_int_equal(wb_secret_new(&seed, WB_SIGN_SEED_BYTES, NULL), WB_OK);
    assert_int_equal(wb_sign_public(other.point, seed, NULL), WB_OK);
    wb_secret_free(&seed);
    expect_integrity(&m, &other, message, "signature: does not fit what it is for");
    memset(other.point, 0, sizeof other.point);
    expect_integrity(&m, &other, message, "signature: does not fit what it is for");
    changed = m;
    changed.trusted_size--;
    expect_integrity(
        &changed, &r->key, message, "signature: does not fit the trusted comment");
    changed = m;
    changed.global[0] ^= 1;
    expect_integrity(
        &changed, &r->key, message, "signature: does not fit the trusted comment");
}

/* Every change of one bit is refused, but for those of the untrusted comment, which
 * leave a printable character: nobody signs it. */
static void
every_flipped_bit_outside_the_untrusted_comment_is_refused(void **state)
{
    struct room *r = *state;
    size_t comment_end = strlen("untrusted comment: " WB_MINISIGN_UNTRUSTED);
    unsigned refused = 0, passed = 0;

    for (size_t i = 0; i < r->file.size * 8; i++) {
        struct wb_minisign m;
        bool ok;

        r->file.data[i / 8] ^= (uint8_t)(1 << i % 8);
        ok = wb_minisign_decode(&m, r->file.data, r->file.size, NULL) == WB_OK &&
            wb_minisign_verify(&m, &r->key, message, sizeof message - 1, NULL) == WB_OK;
        r->file.data[i / 8] ^= (uint8_t)(1 << i % 8);
        if (ok && (i / 8 < strlen("untrusted comment: ") || i / 8 >= comment_end))
            fail_msg("bit %zu does not matter", i);
        refused += !ok;
        passed += ok;
    }
    assert_int_equal(refused + passed, r->file.size * 8);
    assert_true(passed > 0 && refused > 8 * (r->file.size - comment_end));
}

static void
every_truncation_and_every_byte_behind_is_refused(void **state)
{
    struct room *r = *state;
    struct wb_minisign m, untouched;
    struct wb_error e = {0};
    struct wb_buf b;

    memset(&m, 0xAA, sizeof m);
    memset(&untouched, 0xAA, sizeof untouched);
    for (size_t size = 0; size < r->file.size; size++) {
        assert_int_equal(wb_minisign_decode(&m, r->file.data, size, &e), WB_ERR_FORMAT);
        assert_memory_equal(&m, &untouched, sizeof m);
    }
    assert_string_equal(e.message, "signature: line 4: without a line end");
    wb_buf_init(&b, 4096);
    wb_buf_add(&b, r->file.data, r->file.size);
    wb_buf_add_text(&b, "\n");
    assert_int_equal(wb_minisign_decode(&m, b.data, b.size, &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, "signature: 1 bytes behind line 4");
    assert_memory_equal(&m, &untouched, sizeof m);
    wb_buf_wipe(&b);
}

static void
expect_format(const struct wb_buf *b, const char *reason)
{
    struct wb_minisign m, untouched;
    struct wb_error e = {0};

    memset(&m, 0xAA, sizeof m);
    memset(&untouched, 0xAA, sizeof untouched);
    assert_int_equal(wb_minisign_decode(&m, b->data, b->size, &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, reason);
    assert_memory_equal(&m, &untouched, sizeof m);
}

/* The file with the first `old` replaced. */
static void
expect_format_when(struct room *r, const char *old, const char *new, const char *reason)
{
    const char *text = wb_buf_text(&r->file), *at = strstr(text, old);
    struct wb_buf b;

    assert_non_null(at);
    wb_buf_init(&b, 4096);
    wb_buf_add(&b, text, (size_t)(at - text));
    wb_buf_add_text(&b, new);
    wb_buf_add_text(&b, at + strlen(old));
    expect_format(&b, reason);
    wb_buf_wipe(&b);
}

static void
a_file_that_is_not_strict_is_refused_by_line(void **state)
{
    struct room *r = *state;

    expect_format_when(r, "untrusted comment: ", "untrusted comment:",
        "signature: line 1: does not begin with \"untrusted comment: \"");
    expect_format_when(r, "\nRU", "\n\nRU",
        "signature: line 2: not 100 characters of canonical base64");
    expect_format_when(r, "\ntrusted", "\r\ntrusted",
        "signature: line 2: byte 101 is not printable ASCII");
    expect_format_when(r, "\ntrusted comment: ", "\ntrusted comment; ",
        "signature: line 3: does not begin with \"trusted comment: \"");
    expect_format_when(r, " for two", "\tfor two",
        "signature: line 3: byte 30 is not printable ASCII");
    expect_format_when(
        r, " for two", "\x1b[2J", "signature: line 3: byte 30 is not printable ASCII");
    expect_format_when(
        r, "==\n", "=\n", "signature: line 4: not 88 characters of canonical base64");
}

static void
the_legacy_algorithm_is_refused_by_name(void **state)
{
    expect_format_when(*state, "\nRU", "\nRW",
        "signature: line 2: legacy algorithm Ed, only the prehashed ED is accepted");
    expect_format_when(
        *state, "\nRU", "\nRV", "signature: line 2: algorithm other than ED");
}

static void
a_public_key_comes_back_from_its_text_and_its_file(void **state)
{
    struct room *r = *state;
    char text[WB_MINISIGN_KEY_CHARS + 1];
    struct wb_minisign_key back, from_file;
    struct wb_error e = {0};
    struct wb_buf b;

    wb_minisign_key_encode(text, &r->key);
    assert_int_equal(strlen(text), WB_MINISIGN_KEY_CHARS);
    assert_int_equal(strncmp(text, "RW", 2), 0);
    assert_int_equal(wb_minisign_key_decode(&back, text, strlen(text), &e), WB_OK);
    assert_memory_equal(&back, &r->key, sizeof back);
    wb_buf_init(&b, 4096);
    wb_minisign_key_put(&b, &r->key);
    assert_int_equal(wb_minisign_key_get(&from_file, b.data, b.size, &e), WB_OK);
    assert_memory_equal(&from_file, &r->key, sizeof back);
    wb_buf_wipe(&b);
}

/* The example of minisign's README. */
static void
a_known_public_key_is_written_as_minisign_writes_it(void **state)
{
    static const char known[] =
        "untrusted comment: minisign public key E7620F1842B4E81F\n"
        "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n";
    struct wb_minisign_key k;
    struct wb_buf b;

    (void)state;
    assert_int_equal(wb_minisign_key_get(&k, known, sizeof known - 1, NULL), WB_OK);
    wb_buf_init(&b, 4096);
    wb_minisign_key_put(&b, &k);
    assert_string_equal(wb_buf_text(&b), known);
    wb_buf_wipe(&b);
}

static void
expect_no_key(const char *file, const char *reason)
{
    struct wb_minisign_key k, untouched;
    struct wb_error e = {0};

    memset(&k, 0xAA, sizeof k);
    memset(&untouched, 0xAA, sizeof untouched);
    assert_int_equal(wb_minisign_key_get(&k, file, strlen(file), &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, reason);
    assert_memory_equal(&k, &untouched, sizeof k);
}

#define HEAD "untrusted comment: minisign public key E7620F1842B4E81F\n"
#define TEXT "f6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"

static void
a_damaged_public_key_is_refused(void **state)
{
    (void)state;
    expect_no_key("", "minisign key: line 1: missing");
    expect_no_key(HEAD, "minisign key: line 2: missing");
    expect_no_key(HEAD "RWQ" TEXT, "minisign key: line 2: without a line end");
    expect_no_key(HEAD "RWQ" TEXT "\nmore\n", "minisign key: 5 bytes behind line 2");
    expect_no_key(
        HEAD "RWQ" TEXT "\r\n", "minisign key: line 2: byte 57 is not printable ASCII");
    expect_no_key(HEAD "RUQ" TEXT "\n", "minisign key: algorithm other than Ed");
    expect_no_key(
        HEAD "RW" TEXT "\n", "minisign key: not 56 characters of canonical base64");
    expect_no_key("RWQ" TEXT "\n",
        "minisign key: line 1: does not begin with \"untrusted comment: \"");
}

static void
minisign_verifies_what_we_sign(void **state)
{
    struct room *r = *state;
    char folder[PROGRAM_FOLDER_BYTES], command[256], text[WB_MINISIGN_KEY_CHARS + 1];
    struct wb_buf b;

    if (!program_is_there("minisign"))
        skip();
    program_folder(folder);
    program_write(folder, "m", message, sizeof message - 1);
    program_write(folder, "m.minisig", r->file.data, r->file.size);
    wb_minisign_key_encode(text, &r->key);
    snprintf(command, sizeof command, "minisign -VHm m -P %s", text);
    assert_int_equal(program_run(folder, command), 0);
    wb_buf_init(&b, 4096);
    program_read(folder, "output", &b);
    assert_non_null(strstr(wb_buf_text(&b), comment));
    wb_buf_clear(&b);
    wb_minisign_key_put(&b, &r->key);
    program_write(folder, "key.pub", b.data, b.size);
    assert_int_equal(program_run(folder, "minisign -VHm m -p key.pub"), 0);
    program_write(folder, "m", "altered", 7);
    assert_int_not_equal(program_run(folder, "minisign -VHm m -p key.pub"), 0);
    wb_buf_wipe(&b);
    program_sweep(folder);
}

static void
we_verify_what_minisign_signs(void **state)
{
    char folder[PROGRAM_FOLDER_BYTES];
    struct wb_minisign_key k;
    struct wb_minisign m;
    struct wb_error e = {0};
    struct wb_buf key, file;

    (void)state;
    if (!program_is_there("minisign"))
        skip();
    program_folder(folder);
    program_write(folder, "m", message, sizeof message - 1);
    assert_int_equal(program_run(folder, "minisign -GW -p key.pub -s key.sec"), 0);
    assert_int_equal(
        program_run(folder, "minisign -SHm m -s key.sec -t 'from the program'"), 0);
    wb_buf_init(&key, 4096);
    wb_buf_init(&file, 4096);
    program_read(folder, "key.pub", &key);
    program_read(folder, "m.minisig", &file);
    assert_int_equal(wb_minisign_key_get(&k, key.data, key.size, &e), WB_OK);
    assert_int_equal(wb_minisign_decode(&m, file.data, file.size, &e), WB_OK);
    assert_int_equal(m.trusted_size, strlen("from the program"));
    assert_int_equal(
        wb_minisign_verify(&m, &k, message, sizeof message - 1, &e), WB_OK);
    expect_integrity(&m, &k, "altered", "signature: does not fit what it is for");

    wb_buf_clear(&file);
    assert_int_equal(
        program_run(folder, "minisign -Slm m -s key.sec -t 'the legacy way'"), 0);
    program_read(folder, "m.minisig", &file);
    expect_format(&file,
        "signature: line 2: legacy algorithm Ed, only the prehashed ED is accepted");
    wb_buf_wipe(&key);
    wb_buf_wipe(&file);
    program_sweep(folder);
}

static void
a_full_buffer_is_reported(void **state)
{
    struct room *r = *state;
    struct wb_error e = {0};
    struct wb_buf b;

    wb_buf_init(&b, 200);
    assert_int_equal(
        wb_minisign_sign(&b, &r->signer, comment, message, 1, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "size: more than 200 bytes");
    wb_buf_wipe(&b);
}

static size_t allocations, fail_at;

static bool
fail_one(size_t size)
{
    (void)size;
    return ++allocations == fail_at;
}

static void
every_failing_allocation_is_reported(void **state)
{
    struct room *r = *state;
    struct wb_error e = {0};
    enum wb_status st;
    size_t reached = 0;
    struct wb_buf b;

    wb_buf_init(&b, 4096);
    wb_mem_fault = fail_one;
    do {
        wb_buf_wipe(&b);
        allocations = 0;
        fail_at = reached + 1;
        st = wb_minisign_sign(&b, &r->signer, comment, message, 1, &e);
        if (st == WB_OK)
            break;
        assert_int_equal(st, WB_ERR_MEMORY);
        assert_string_equal(e.message, "not enough memory");
        reached++;
    } while (reached < 100);
    wb_mem_fault = NULL;
    wb_buf_wipe(&b);
    assert_int_equal(st, WB_OK);
    assert_true(reached >= 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_file_is_four_lines_and_verifies),
        cmocka_unit_test(an_empty_message_and_the_longest_comment_can_be_signed),
        cmocka_unit_test(the_untrusted_comment_may_be_of_our_own),
        cmocka_unit_test(a_comment_that_could_command_a_terminal_is_not_signed),
        cmocka_unit_test(another_message_key_id_or_comment_is_refused),
        cmocka_unit_test(every_flipped_bit_outside_the_untrusted_comment_is_refused),
        cmocka_unit_test(every_truncation_and_every_byte_behind_is_refused),
        cmocka_unit_test(a_file_that_is_not_strict_is_refused_by_line),
        cmocka_unit_test(the_legacy_algorithm_is_refused_by_name),
        cmocka_unit_test(a_public_key_comes_back_from_its_text_and_its_file),
        cmocka_unit_test(a_known_public_key_is_written_as_minisign_writes_it),
        cmocka_unit_test(a_damaged_public_key_is_refused),
        cmocka_unit_test(minisign_verifies_what_we_sign),
        cmocka_unit_test(we_verify_what_minisign_signs),
        cmocka_unit_test(a_full_buffer_is_reported),
        cmocka_unit_test(every_failing_allocation_is_reported),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
