/* tests/unit/test_age.c - whole age files: against the real age, and the vectors of
 * C2SP CCTV (tools/cctv unpacks them; WB_CCTV names the folder). */
#include "cm.h"

#include <dirent.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "formats/age_header.h"
#include "formats/age_stream.h"
#include "formats/bech32.h"
#include "program.h"

enum {
    FILE_MAX = 32 << 20,
    KEYS_MAX = 4,
    VECTORS = 92, /* cctv-age 0.2.0: 143, less 33 armored and 18 hybrid ones */
};

/* What opening a file can end in; the names are those of the vectors. */
static const char *const outcomes[] = {
    "success", "no match", "HMAC failure", "header failure", "payload failure"};
enum outcome { SUCCESS, NO_MATCH, BAD_MAC, BAD_HEADER, BAD_PAYLOAD };

/* Who opens, and what came out. */
struct reader {
    struct wb_secret *keys[KEYS_MAX];
    size_t key_count;
    struct wb_secret *passphrases[KEYS_MAX];
    size_t passphrase_count;
    struct wb_secret *file_key;
    struct wb_buf plain;
    size_t header_size;
};

static void
reader_init(struct reader *r)
{
    *r = (struct reader){.key_count = 0};
    assert_int_equal(wb_secret_new(&r->file_key, WB_AGE_FILE_KEY_BYTES, NULL), WB_OK);
    wb_buf_init(&r->plain, FILE_MAX);
}

static void
reader_wipe(struct reader *r)
{
    for (size_t i = 0; i < KEYS_MAX; i++) {
        wb_secret_free(&r->keys[i]);
        wb_secret_free(&r->passphrases[i]);
    }
    wb_secret_free(&r->file_key);
    wb_buf_wipe(&r->plain);
}

static void
add_key(struct reader *r, const char *text, size_t length)
{
    struct wb_secret **key = &r->keys[r->key_count++];

    assert_true(r->key_count <= KEYS_MAX);
    assert_int_equal(wb_secret_new(key, WB_KEY_BYTES, NULL), WB_OK);
    assert_int_equal(wb_age_identity_decode(*key, text, length, NULL), WB_OK);
}

static void
add_passphrase(struct reader *r, const char *text, size_t length)
{
    struct wb_secret **s = &r->passphrases[r->passphrase_count++];

    assert_true(r->passphrase_count <= KEYS_MAX);
    assert_int_equal(wb_secret_new(s, length, NULL), WB_OK);
    memcpy(wb_secret_room(*s), text, length);
}

static enum wb_status
into_buffer(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    wb_buf_add(context, bytes, size);
    return wb_buf_check(context, e);
}

static enum wb_status
unlock(struct reader *r, const struct wb_age_header *h, struct wb_error *e)
{
    enum wb_status st = WB_ERR_POLICY;

    if (r->passphrase_count == 0)
        return wb_age_header_unlock(r->file_key, h, r->keys, r->key_count, e);
    for (size_t i = 0; i < r->passphrase_count; i++) {
        st = wb_age_header_unlock_scrypt(r->file_key, h, r->passphrases[i],
            wb_secret_size(r->passphrases[i]), WB_AGE_LOG_N_MAX, e);
        if (st != WB_ERR_PASSPHRASE)
            return st;
    }
    return st;
}

static enum outcome
outcome_of(enum wb_status st, bool in_payload)
{
    switch (st) {
    case WB_OK:
        return SUCCESS;
    case WB_ERR_POLICY:
    case WB_ERR_PASSPHRASE:
        return NO_MATCH;
    case WB_ERR_INTEGRITY:
        return in_payload ? BAD_PAYLOAD : BAD_MAC;
    case WB_ERR_FORMAT:
    case WB_ERR_LIMIT:
    case WB_ERR_TOO_NEW:
        return BAD_HEADER;
    default:
        fail_msg("status %d", (int)st);
        return BAD_HEADER;
    }
}

static size_t
next(size_t left, size_t piece)
{
    return left < piece ? left : piece;
}

static enum wb_status
read_header(struct reader *r, const uint8_t *bytes, size_t size, size_t piece,
    struct wb_error *e)
{
    struct wb_age_header *h = NULL;
    enum wb_status st = wb_age_header_new(&h, e);
    size_t at = 0, used;

    while (st == WB_OK && at < size && !wb_age_header_is_complete(h)) {
        st = wb_age_header_feed(h, &used, bytes + at, next(size - at, piece), e);
        at += st == WB_OK ? used : 0;
    }
    if (st == WB_OK)
        st = unlock(r, h, e);
    r->header_size = at;
    wb_age_header_free(&h);
    return st;
}

static enum wb_status
read_payload(struct reader *r, const uint8_t *bytes, size_t size, size_t piece,
    struct wb_error *e)
{
    struct wb_age_sink sink = {into_buffer, &r->plain};
    struct wb_age_decoder *d = NULL;
    enum wb_status st = wb_age_decoder_new(&d, r->file_key, sink, e);

    for (size_t at = 0; st == WB_OK && at < size; at += next(size - at, piece))
        st = wb_age_decoder_push(d, bytes + at, next(size - at, piece), e);
    if (st == WB_OK)
        st = wb_age_decoder_end(d, e);
    wb_age_decoder_free(&d);
    return st;
}

/* Opens a file that comes in pieces; r->plain is what was released. */
static enum outcome
open_file(struct reader *r, const uint8_t *bytes, size_t size, size_t piece,
    struct wb_error *e)
{
    enum wb_status st;

    wb_buf_clear(&r->plain);
    wb_secret_clear(r->file_key);
    if ((st = read_header(r, bytes, size, piece, e)) != WB_OK)
        return outcome_of(st, false);
    st = read_payload(r, bytes + r->header_size, size - r->header_size, piece, e);
    return outcome_of(st, true);
}

/* The nonce of the vector at hand, for sealing it again. */
static const uint8_t *nonce;

static void
give_nonce(void *bytes, size_t size)
{
    assert_int_equal(size, WB_AGE_NONCE_BYTES);
    memcpy(bytes, nonce, size);
}

/* A payload that opened, sealed again under its nonce, is the same payload. */
static bool
seals_again(struct reader *r, const uint8_t *payload, size_t size)
{
    struct wb_buf again;
    struct wb_age_encoder *c = NULL;
    bool same;

    wb_buf_init(&again, FILE_MAX);
    nonce = payload;
    wb_random_source = give_nonce;
    same = wb_age_encoder_new(&c, r->file_key,
               (struct wb_age_sink){into_buffer, &again}, NULL) == WB_OK &&
        wb_age_encoder_push(c, r->plain.data, r->plain.size, NULL) == WB_OK &&
        wb_age_encoder_end(c, NULL) == WB_OK && again.size == size &&
        memcmp(again.data, payload, size) == 0;
    wb_random_source = NULL;
    wb_age_encoder_free(&c);
    wb_buf_wipe(&again);
    return same;
}

struct vector {
    enum outcome expected;
    bool hashed, armored, hybrid;
    uint8_t hash[WB_HASH_BYTES];
    const uint8_t *file;
    size_t size;
};

static bool
is_key(const char *line, const char *key)
{
    return strncmp(line, key, strlen(key)) == 0;
}

static void
read_line(struct vector *v, struct reader *r, const char *line, size_t length)
{
    const char *value = memchr(line, ' ', length);
    size_t size;

    assert_non_null(value);
    size = length - (size_t)(++value - line);
    if (is_key(line, "expect: ")) {
        v->expected = SUCCESS;
        while (strlen(outcomes[v->expected]) != size ||
            memcmp(outcomes[v->expected], value, size) != 0)
            if (++v->expected == BAD_PAYLOAD + 1)
                break; /* armor failure */
    } else if (is_key(line, "payload: ")) {
        v->hashed = wb_hex_decode(v->hash, sizeof v->hash, value, size);
        assert_true(v->hashed);
    } else if (is_key(line, "identity: AGE-SECRET-KEY-PQ-"))
        v->hybrid = true;
    else if (is_key(line, "identity: "))
        add_key(r, value, size);
    else if (is_key(line, "passphrase: "))
        add_passphrase(r, value, size);
    else if (is_key(line, "armored: yes"))
        v->armored = true;
    else
        assert_true(is_key(line, "comment: ") || is_key(line, "file key: "));
}

static void
read_vector(struct vector *v, struct reader *r, const struct wb_buf *b)
{
    const char *at = (const char *)b->data, *end;

    *v = (struct vector){.expected = BAD_PAYLOAD};
    while (*at != '\n') {
        end = memchr(at, '\n', b->size - (size_t)(at - (const char *)b->data));
        assert_non_null(end);
        read_line(v, r, at, (size_t)(end - at));
        at = end + 1;
    }
    v->file = (const uint8_t *)at + 1;
    v->size = b->size - (size_t)(v->file - b->data);
}

static bool
holds(const char *name, const struct vector *v, struct reader *r, size_t piece)
{
    struct wb_error e = {0};
    uint8_t hash[WB_HASH_BYTES];
    enum outcome outcome = open_file(r, v->file, v->size, piece, &e);
    bool right = outcome == v->expected;

    if (!right)
        print_error("%s: %s, expected %s: %s\n", name, outcomes[outcome],
            outcomes[v->expected], e.message);
    wb_sha256_of(hash, r->plain.data, r->plain.size);
    if (v->hashed && memcmp(hash, v->hash, sizeof hash) != 0) {
        print_error(
            "%s: %zu bytes released, not those expected\n", name, r->plain.size);
        return false;
    }
    if (outcome == SUCCESS &&
        !seals_again(r, v->file + r->header_size, v->size - r->header_size)) {
        print_error("%s: sealed again it is another payload\n", name);
        return false;
    }
    return right && v->hashed == (outcome == SUCCESS || outcome == BAD_PAYLOAD);
}

static void
try_vector(const char *folder, const char *name, unsigned *passed, unsigned *all)
{
    struct reader r;
    struct vector v;
    struct wb_buf b;

    wb_buf_init(&b, FILE_MAX);
    reader_init(&r);
    program_read(folder, name, &b);
    read_vector(&v, &r, &b);
    v.hybrid = v.hybrid || strncmp(name, "hybrid", 6) == 0;
    if (!v.armored && !v.hybrid) {
        ++*all;
        if (holds(name, &v, &r, SIZE_MAX) && holds(name, &v, &r, 1))
            ++*passed;
    }
    reader_wipe(&r);
    wb_buf_wipe(&b);
}

static void
every_applicable_vector_of_cctv_holds_whole_and_byte_by_byte(void **state)
{
    const char *folder = getenv("WB_CCTV");
    unsigned passed = 0, all = 0;
    struct dirent *entry;
    DIR *files;

    (void)state;
    if (folder == NULL) {
        print_message("WB_CCTV is not set: run tools/cctv FOLDER and name it there\n");
        skip();
    }
    files = opendir(folder);
    assert_non_null(files);
    while ((entry = readdir(files)) != NULL)
        if (entry->d_name[0] != '.')
            try_vector(folder, entry->d_name, &passed, &all);
    closedir(files);
    counted(passed, "age vectors");
    assert_int_equal(all, VECTORS);
    assert_int_equal(passed, all);
}

/* A file of ours: for the points, or with none for the passphrase. */
static void
write_file(struct wb_buf *out, const uint8_t *points, size_t count,
    const struct wb_secret *passphrase, const struct wb_buf *plain)
{
    struct wb_secret *file_key = NULL;
    struct wb_age_encoder *c = NULL;
    enum wb_status st;

    assert_int_equal(wb_secret_new(&file_key, WB_AGE_FILE_KEY_BYTES, NULL), WB_OK);
    wb_random_secret(file_key);
    st = count > 0 ? wb_age_header_write(out, points, count, 8 - count, file_key, NULL)
                   : wb_age_header_write_scrypt(out, passphrase,
                         wb_secret_size(passphrase), WB_AGE_LOG_N, file_key, NULL);
    assert_int_equal(st, WB_OK);
    st = wb_age_encoder_new(&c, file_key, (struct wb_age_sink){into_buffer, out}, NULL);
    assert_int_equal(st, WB_OK);
    assert_int_equal(wb_age_encoder_push(c, plain->data, plain->size, NULL), WB_OK);
    assert_int_equal(wb_age_encoder_end(c, NULL), WB_OK);
    wb_age_encoder_free(&c);
    wb_secret_free(&file_key);
}

/* A folder for the programs, a file "plain" of three chunks in it, and a reader with a
 * key, which lies there as "key" and "recipient". */
struct room {
    char folder[PROGRAM_FOLDER_BYTES];
    struct wb_buf plain, file;
    struct reader reader;
    uint8_t point[WB_POINT_BYTES];
};

static int
enter(void **state)
{
    static struct room r;
    struct wb_secret *text = NULL;
    char recipient[WB_AGE_RECIPIENT_CHARS + 1];

    if (wb_crypto_start(NULL) != WB_OK ||
        wb_secret_new(&text, WB_AGE_IDENTITY_CHARS + 1, NULL) != WB_OK)
        return -1;
    program_folder(r.folder);
    wb_buf_init(&r.plain, FILE_MAX);
    wb_buf_init(&r.file, FILE_MAX);
    wb_random(wb_buf_extend(&r.plain, 150000), 150000);
    program_write(r.folder, "plain", r.plain.data, r.plain.size);
    reader_init(&r.reader);
    r.reader.key_count = 1;
    if (wb_secret_new(&r.reader.keys[0], WB_KEY_BYTES, NULL) != WB_OK)
        return -1;
    wb_point_new(r.reader.keys[0], r.point);
    wb_age_identity_encode(text, r.reader.keys[0]);
    program_write(r.folder, "key", wb_secret_bytes(text), WB_AGE_IDENTITY_CHARS);
    wb_secret_free(&text);
    wb_age_recipient_encode(recipient, r.point);
    program_write(r.folder, "recipient", recipient, WB_AGE_RECIPIENT_CHARS);
    *state = &r;
    return 0;
}

static int
leave(void **state)
{
    struct room *r = *state;

    reader_wipe(&r->reader);
    wb_buf_wipe(&r->plain);
    wb_buf_wipe(&r->file);
    program_sweep(r->folder);
    return 0;
}

static void
assert_same(const struct wb_buf *a, const struct wb_buf *b)
{
    assert_int_equal(a->size, b->size);
    assert_true(memcmp(a->data, b->data, a->size) == 0);
}

static void
age_opens_our_file_with_dummies_and_names_a_cut_one(void **state)
{
    struct room *r = *state;
    struct wb_buf back;

    if (!program_is_there("age"))
        skip();
    wb_buf_clear(&r->file);
    write_file(&r->file, r->point, 1, NULL, &r->plain);
    program_write(r->folder, "file.age", r->file.data, r->file.size);
    assert_int_equal(program_run(r->folder, "age -d -i key -o back file.age"), 0);
    wb_buf_init(&back, FILE_MAX);
    program_read(r->folder, "back", &back);
    assert_same(&back, &r->plain);
    wb_buf_wipe(&back);
    program_write(r->folder, "file.age", r->file.data, r->file.size - 1);
    assert_int_equal(program_run(r->folder, "age -d -i key -o cut file.age"), 1);
}

static void
we_open_a_file_of_age(void **state)
{
    struct room *r = *state;
    struct wb_error e = {0};

    if (!program_is_there("age"))
        skip();
    assert_int_equal(program_run(r->folder,
                         "age-keygen -o other 2>/dev/null; age -R recipient "
                         "-r $(age-keygen -y other) -o theirs.age plain"),
        0);
    wb_buf_clear(&r->file);
    program_read(r->folder, "theirs.age", &r->file);
    for (size_t piece = 1; piece < 1000; piece += 499) {
        assert_int_equal(
            open_file(&r->reader, r->file.data, r->file.size, piece, &e), SUCCESS);
        assert_same(&r->reader.plain, &r->plain);
    }
    r->file.data[r->file.size - 1] ^= 1;
    assert_int_equal(
        open_file(&r->reader, r->file.data, r->file.size, 4096, &e), BAD_PAYLOAD);
}

/* age asks the terminal; script(1) is one. */
static void
age_and_we_open_each_others_passphrase_files(void **state)
{
    static const char words[] = "three words here";
    struct room *r = *state;
    struct wb_error e = {0};
    struct wb_buf back;
    struct reader reader;

    if (!program_is_there("age") || !program_is_there("script"))
        skip();
    reader_init(&reader);
    add_passphrase(&reader, words, strlen(words));
    wb_buf_clear(&r->file);
    write_file(&r->file, NULL, 0, reader.passphrases[0], &r->plain);
    program_write(r->folder, "ours.age", r->file.data, r->file.size);
    assert_int_equal(program_run(r->folder,
                         "echo 'three words here' | script -qec "
                         "'age -d -o opened ours.age' /dev/null"),
        0);
    wb_buf_init(&back, FILE_MAX);
    program_read(r->folder, "opened", &back);
    assert_same(&back, &r->plain);
    wb_buf_wipe(&back);

    assert_int_equal(program_run(r->folder,
                         "printf 'three words here\\nthree words here\\n' | "
                         "script -qec 'age -p -o by-age plain' /dev/null"),
        0);
    wb_buf_clear(&r->file);
    program_read(r->folder, "by-age", &r->file);
    assert_int_equal(open_file(&reader, r->file.data, r->file.size, 4096, &e), SUCCESS);
    assert_same(&reader.plain, &r->plain);
    reader_wipe(&reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_applicable_vector_of_cctv_holds_whole_and_byte_by_byte),
        cmocka_unit_test(age_opens_our_file_with_dummies_and_names_a_cut_one),
        cmocka_unit_test(we_open_a_file_of_age),
        cmocka_unit_test(age_and_we_open_each_others_passphrase_files),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
