/* tests/unit/test_vectors_rows.c - tests/vectors/rows.json: every kind of sealed row.
 */
#include "cm.h"

#include <string.h>

#include "formats/checkpoint.h"
#include "record/record.h"
#include "vectors_sealed.h"
#include "vectors_vault.h"

enum {
    DUMMY_BYTES = 24,
    VAULT_ID_AT = 24, /* in the header, store FORMAT.md section 3 */
};

/* Randomness, and a body, of rows that a case says nothing about. */
static const uint8_t dummy[DUMMY_BYTES];

/* ---- the state ---- */

/* The plaintext with its zeros, as a secret. */
static struct wb_secret *
padded_state(const struct vector *c)
{
    struct vector_bytes plain = vector_bytes(c, "plain");
    struct wb_secret *s = NULL;

    assert_int_equal(
        wb_secret_new(&s, (size_t)vector_number(c, "padded"), NULL), WB_OK);
    vector_true(c, plain.size <= wb_secret_size(s), "padded");
    memcpy(wb_secret_room(s), plain.data, plain.size);
    return s;
}

/* The state names this header, and a tree that its checkpoint agrees with. */
static void
check_state_header(const struct vector *c, const struct wb_vault_state *s)
{
    uint8_t bytes[WB_HEADER_BYTES], hash[WB_HASH_BYTES];
    struct wb_header header;
    struct wb_error e = {0};

    vector_copy(c, "header", bytes, sizeof bytes);
    vector_ok(c, wb_header_decode(&header, bytes, &e), &e);
    wb_blake2b_256(hash, bytes, sizeof bytes);
    vector_true(c, memcmp(hash, s->header_hash, sizeof hash) == 0, "header hash");
    vector_true(c, header.generation == s->generation, "generation");
}

static void
check_state_tree(const struct vector *c, const struct wb_vault_state *s)
{
    uint8_t hash[WB_HASH_BYTES];
    struct wb_checkpoint head;
    struct wb_note note;
    struct wb_error e = {0};

    vector_ok(c, wb_note_decode(&note, s->checkpoint, strlen(s->checkpoint), &e), &e);
    vector_ok(c, wb_checkpoint_decode(&head, note.text, note.text_size, &e), &e);
    wb_merkle_root(hash, &s->edge);
    vector_true(c, memcmp(hash, head.head.root, sizeof hash) == 0, "edge");
    vector_true(c,
        head.head.size == s->edge.size && strcmp(head.origin, s->origin) == 0, "tree");
}

static void
check_state(const struct vector *c)
{
    struct wb_secret *key = vector_secret(c, "key"), *plain = padded_state(c);
    struct wb_secret *again = NULL;
    struct vector_bytes nonce = vector_bytes(c, "nonce");
    size_t size = wb_secret_size(plain) + WB_BOX_EXTRA_BYTES;
    uint8_t *box = wb_arena_new(c->memory, size), hash[WB_HASH_BYTES];
    struct wb_vault_state *s = wb_arena_new(c->memory, sizeof *s);
    struct wb_error e = {0};

    vector_ok(c, wb_state_decode(s, plain, &e), &e);
    check_state_header(c, s);
    check_state_tree(c, s);
    vector_ok(c, wb_state_encode(&again, s, &e), &e);
    vector_true(c,
        wb_secret_size(again) == wb_secret_size(plain) &&
            wb_equal(
                wb_secret_bytes(again), wb_secret_bytes(plain), wb_secret_size(plain)),
        "the state written again");
    vectors_feed(nonce.data, nonce.size);
    wb_box_seal(box, wb_secret_bytes(again), wb_secret_size(again), key);
    vectors_feed_end(c);
    wb_sha256_of(hash, box, size);
    vector_same(c, "sha256", hash, sizeof hash);
    wb_state_wipe(s);
    wb_secret_free(&again);
    wb_secret_free(&plain);
    wb_secret_free(&key);
}

/* ---- revisions ---- */

static void
read_wrap(const struct vector *c, struct wb_vault *v)
{
    struct wb_wrap read = {0};
    struct wb_error e = {0};

    vector_ok(c, wb_rows_wrap(v, &read, vector_number(c, "row"), &e), &e);
    vector_same(c, "record_key", wb_secret_bytes(v->record_key), WB_KEY_BYTES);
    vector_same(c, "id", read.id.bytes, sizeof read.id.bytes);
    vector_same(c, "root", read.root, sizeof read.root);
    vector_same_number(c, "ordinal", read.ordinal);
    vector_same_number(c, "tree", read.tree);
    vector_same_number(c, "leaf", read.leaf);
}

static void
check_wrap(const struct vector *c)
{
    struct vector_bytes key = vector_bytes(c, "record_key"), sealed;
    struct vector_bytes nonce = vector_bytes(c, "nonce");
    struct wb_wrap w = {.ordinal = (uint32_t)vector_number(c, "ordinal"),
        .tree = (uint32_t)vector_number(c, "tree"),
        .leaf = vector_number(c, "leaf")};
    struct wb_vault *v;
    struct wb_error e = {0};

    vector_copy(c, "id", w.id.bytes, sizeof w.id.bytes);
    vector_copy(c, "root", w.root, sizeof w.root);
    v = vectors_vault_new();
    vectors_key(c, "key", v->wrap_key);
    v->state.next_row = vector_number(c, "row");
    vectors_feed(key.data, key.size);
    vectors_feed(dummy, sizeof dummy); /* the body's nonce */
    vectors_feed(nonce.data, nonce.size);
    vector_ok(c, wb_rows_put(v, &w, dummy, sizeof dummy, &e), &e);
    vectors_feed_end(c);
    vector_same_number(c, "row", w.row);
    sealed = vectors_query(c, v, "SELECT wrap FROM wraps WHERE row = ?1", w.row);
    vector_same(c, "sealed", sealed.data, sealed.size);

    wb_secret_clear(v->record_key);
    read_wrap(c, v);
    vectors_vault_free(&v);
}

/* What only the owner's secret opens. */
static void
check_field_wrap(const struct vector *c)
{
    struct vector_bytes sealed = vector_bytes(c, "sealed");
    uint64_t row = vector_number(c, "row");
    struct wb_wrap w = {0};
    struct wb_vault *v = vectors_vault_new();
    struct wb_error e = {0};

    v->header.field_vault = true;
    vectors_insert(
        c, v, "INSERT INTO wraps VALUES(?1, ?2)", row, sealed.data, sealed.size);
    vector_true(c, wb_rows_wrap(v, &w, row, &e) == WB_ERR_POLICY, "opens for anybody");
    v->owner = vector_secret(c, "collect");
    read_wrap(c, v);
    wb_secret_free(&v->owner);
    vectors_vault_free(&v);
}

static void
check_revision(const struct vector *c, const struct wb_buf *body)
{
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    vector_same(c, "x", body->data, body->size);
    vector_ok(c, wb_record_decode(&r, body->data, body->size, &e), &e);
    vector_same(c, "id", r->id.bytes, sizeof r->id.bytes);
    vector_same(c, "root", r->root, sizeof r->root);
    wb_record_free(&r);
}

static void
check_body(const struct vector *c)
{
    struct vector_bytes key = vector_bytes(c, "record_key"), sealed;
    struct vector_bytes nonce = vector_bytes(c, "nonce"), x = vector_bytes(c, "x");
    struct wb_wrap w = {0};
    struct wb_vault *v;
    struct wb_buf body;
    struct wb_error e = {0};

    vector_copy(c, "id", w.id.bytes, sizeof w.id.bytes);
    vector_copy(c, "root", w.root, sizeof w.root);
    v = vectors_vault_new();
    vector_copy(c, "vault", v->header.bytes + VAULT_ID_AT, WB_VAULT_ID_BYTES);
    v->state.next_row = vector_number(c, "row");
    vectors_feed(key.data, key.size);
    vectors_feed(nonce.data, nonce.size);
    vectors_feed(dummy, sizeof dummy); /* the wrap's nonce */
    vector_ok(c, wb_rows_put(v, &w, x.data, x.size, &e), &e);
    vectors_feed_end(c);
    sealed = vectors_query(c, v, "SELECT body FROM bodies WHERE row = ?1", w.row);
    vector_same(c, "sealed", sealed.data, sealed.size);
    vector_same(c, "key", wb_secret_bytes(v->scratch), WB_KEY_BYTES);

    wb_buf_init(&body, WB_RECORD_BYTES_MAX);
    vector_ok(c, wb_rows_wrap(v, &w, w.row, &e), &e);
    vector_ok(c, wb_rows_body(v, &w, &body, &e), &e);
    check_revision(c, &body);
    wb_buf_wipe(&body);
    vectors_vault_free(&v);
}

static void
check_lookup(const struct vector *c)
{
    struct wb_wrap w = {.ordinal = (uint32_t)vector_number(c, "ordinal")};
    struct vector_bytes tag;
    uint64_t row = 0;
    struct wb_vault *v;
    struct wb_error e = {0};

    vector_copy(c, "id", w.id.bytes, sizeof w.id.bytes);
    v = vectors_vault_new();
    vectors_key(c, "key", v->lookup_key);
    v->state.next_row = 9;
    vector_ok(c, wb_rows_put(v, &w, dummy, sizeof dummy, &e), &e);
    tag = vectors_query(c, v, "SELECT tag FROM lookups WHERE row = ?1", 9);
    vector_same(c, "tag", tag.data, tag.size);
    vector_ok(c, wb_rows_lookup(v, &row, &w.id, w.ordinal, &e), &e);
    vector_true(c, row == 9, "row");
    vector_true(c,
        wb_rows_lookup(v, &row, &w.id, w.ordinal + 1, &e) == WB_ERR_NOT_FOUND,
        "another ordinal is found");
    vectors_vault_free(&v);
}

/* ---- attachments ---- */

/* Byte i is 1 + i mod 251. */
static uint8_t
file_byte(uint64_t i)
{
    return (uint8_t)(1 + i % 251);
}

static enum wb_status
compare_chunk(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    uint64_t *at = cookie;

    (void)e;
    for (size_t i = 0; i < size; i++, (*at)++)
        assert_int_equal(bytes[i], file_byte(*at));
    return WB_OK;
}

/* Each stored chunk: its row, its length, its hash, and that the nonce opens it. */
static void
check_stored(const struct vector *c, struct wb_vault *v)
{
    struct wb_secret *key = vector_secret(c, "key");

    for (size_t i = 0; i < vector_count(c, "rows"); i++) {
        struct vector_bytes nonce = vector_bytes_at(c, "nonces", i), box;
        uint8_t hash[WB_HASH_BYTES], *plain;

        box = vectors_query(c, v, "SELECT box FROM chunks WHERE row = ?1",
            vector_number_at(c, "rows", i));
        vector_true(c, box.size == vector_number_at(c, "lengths", i), "length");
        wb_sha256_of(hash, box.data, box.size);
        vector_same_at(c, "sha256", i, hash, sizeof hash);
        plain = wb_arena_new(c->memory, box.size);
        vector_true(c, nonce.size == WB_BOX_NONCE_BYTES, "nonce");
        vector_true(
            c, wb_box_open_at(plain, box.data, box.size, nonce.data, key), "nonce");
    }
    wb_secret_free(&key);
}

static void
check_chunks(const struct vector *c)
{
    uint64_t size = vector_number(c, "size"), at = 0;
    struct vector_bytes key = vector_bytes(c, "file_key"), count;
    uint8_t *bytes = wb_arena_new(c->memory, (size_t)size + 1);
    struct wb_chunk_writer *w = NULL;
    struct wb_attachment a;
    struct wb_vault *v;
    struct wb_error e = {0};

    for (uint64_t i = 0; i < size; i++)
        bytes[i] = file_byte(i);
    v = vectors_vault_new();
    vector_copy(c, "vault", v->header.bytes + VAULT_ID_AT, WB_VAULT_ID_BYTES);
    v->state.next_file = vector_number(c, "number");
    vector_ok(c, wb_attachment_new(&a, &e), &e);
    vectors_feed(key.data, key.size);
    vector_ok(c, wb_chunk_writer_new(&w, v, &a, &e), &e);
    vectors_feed_end(c);
    vector_ok(c, wb_chunk_writer_add(w, bytes, (size_t)size, &e), &e);
    vector_ok(c, wb_chunk_writer_end(w, &e), &e);
    wb_chunk_writer_free(&w);
    vector_same_number(c, "number", a.number);
    vector_same_number(c, "size", a.size);
    check_stored(c, v);
    count = vectors_query(c, v, "SELECT count(*) FROM chunks WHERE row > ?1", 0);
    vector_true(
        c, count.size == 1 && *count.data == '0' + vector_count(c, "rows"), "rows");
    vector_ok(c, wb_chunks_read(v, &a, compare_chunk, &at, &e), &e);
    vector_true(c, at == size, "size read");
    wb_attachment_wipe(&a);
    vectors_vault_free(&v);
}

static void
every_case_of_rows_json_holds(void **state)
{
    static const struct vector_check checks[] = {
        {"state", check_state},
        {"wrap", check_wrap},
        {"field wrap", check_field_wrap},
        {"field log row", vectors_field_log_row},
        {"body", check_body},
        {"lookup", check_lookup},
        {"chunks", check_chunks},
        {"log row", vectors_log_row},
        {"node row", vectors_node_row},
        {"head row", vectors_head_row},
        {"draft row", vectors_draft_row},
        {"set", vectors_set},
    };

    (void)state;
    vectors_run("rows.json", checks, sizeof checks / sizeof *checks);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_of_rows_json_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
