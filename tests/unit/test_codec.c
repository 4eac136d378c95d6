/* tests/unit/test_codec.c - revisions: roots and bytes, both ways. */
#include "cm.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "sample.h"

static struct wb_buf
encode(const struct wb_record *r)
{
    struct wb_buf b;

    wb_buf_init(&b, WB_RECORD_BYTES_MAX);
    wb_record_encode(&b, r);
    assert_int_equal(wb_buf_check(&b, NULL), WB_OK);
    return b;
}

static struct wb_record *
decode(const struct wb_buf *b)
{
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    if (wb_record_decode(&r, b->data, b->size, &e) != WB_OK)
        fail_msg("%s", e.message);
    return r;
}

/* Encodes what the record is now; decoding must refuse it so. */
static void
assert_refused(const struct wb_record *r, enum wb_status status, const char *message)
{
    struct wb_record *none = NULL;
    struct wb_error e = {0};
    struct wb_buf b = encode(r);

    assert_int_equal(wb_record_decode(&none, b.data, b.size, &e), status);
    assert_string_equal(e.message, message);
    assert_null(none);
    wb_buf_wipe(&b);
}

static void
assert_hex(const uint8_t *bytes, size_t size, const char *hex)
{
    char text[WB_ROOT_TEXT_BYTES];

    wb_hex_encode(text, bytes, size);
    assert_string_equal(text, hex);
}

/* Made by Python's hashlib from vault/store/FORMAT.md sections 6 and 7: id 1, seed 00
 * to 1f, the five values of sample_statement. */
static void
salts_places_root_and_bytes_are_those_of_the_format(void **state)
{
    struct wb_record *r = sample_statement();
    struct wb_buf b = encode(r);
    uint8_t hash[WB_HASH_BYTES];

    (void)state;
    assert_hex(r->places[3].salt, 16, "92659b19b60d1933fd36c8dba927cf5f");
    assert_hex(r->places[3].values[0].salt, 16, "50126f1921fd72303e541bffb92f139c");
    assert_hex(r->places[3].values[1].salt, 16, "b1e7689770ad6bed45e67676b449d37a");
    assert_hex(r->places[3].hash, 32,
        "d9da750271717f090ce46004a8f96f53f82754595beb37453d13b7410c1af3b1");
    assert_hex(wb_record_root(r), 32,
        "e0fce504daa33c760dbd22ad21e86bbecdf015d3ff4e847a09b5457af91e586b");
    assert_int_equal(b.size, 556);
    wb_sha256_of(hash, b.data, b.size);
    assert_hex(
        hash, 32, "976715ddf44c4181e307898ea8195e623e70a5c518b1453c51aef671f6c7883f");
    wb_buf_wipe(&b);
    wb_record_free(&r);
}

static void
a_record_reads_back_as_it_was_written(void **state)
{
    struct wb_record *r = sample_statement(), *back;
    struct wb_buf b = encode(r), again;
    char id[WB_ID_TEXT_BYTES];

    (void)state;
    back = decode(&b);
    memset(b.data, 0xff, b.size); /* nothing points into the input */
    wb_record_free(&r);
    r = sample_statement();
    wb_id_text(id, wb_record_id(back));
    assert_string_equal(id, SAMPLE_ID_A);
    assert_string_equal(wb_record_kind(back), "statement");
    assert_int_equal(wb_record_schema(back), 1);
    assert_int_equal(wb_record_revision(back), 1);
    assert_int_equal(wb_record_previous_count(back), 0);
    assert_string_equal(wb_record_origin(back), SAMPLE_ORIGIN);
    assert_false(wb_record_is_foreign(back));
    assert_int_equal(wb_record_withheld(back), 0);
    assert_int_equal(wb_record_proof_count(back), 0);
    assert_memory_equal(wb_record_root(back), wb_record_root(r), WB_ROOT_BYTES);
    wb_buf_wipe(&b);
    b = encode(r);
    again = encode(back);
    assert_int_equal(again.size, b.size);
    assert_memory_equal(again.data, b.data, b.size);
    wb_buf_wipe(&b);
    wb_buf_wipe(&again);
    wb_record_free(&r);
    wb_record_free(&back);
    wb_record_free(&back);
}

/* ---- records of others ---- */

static struct wb_record *
foreign_statement(void)
{
    static struct wb_record_proof proofs[] = {
        {"a proof", 7, {1, 2, 3}, "2026-11-23T05:40:39Z"}, {"another", 7, {0}, ""}};
    struct wb_record *r = sample_statement();

    sample_make_foreign(r);
    r->latest_said = true;
    r->provenance = (struct wb_provenance){true, {9}, {8}, 2, 1795412439};
    r->proofs = proofs;
    r->proof_count = 2;
    return r;
}

static void
a_withheld_record_keeps_its_root_and_says_how_much_is_closed(void **state)
{
    struct wb_record *r = foreign_statement(), *back;
    struct wb_field_view f;
    struct wb_value_view v;
    struct wb_buf b;
    uint8_t root[WB_ROOT_BYTES];

    (void)state;
    memcpy(root, r->root, sizeof root);
    sample_close(r, "witness");
    sample_close_value(&r->places[3].values[0]);
    b = encode(r);
    back = decode(&b);
    assert_memory_equal(wb_record_root(back), root, sizeof root);
    assert_true(wb_record_is_foreign(back) && back->latest_said);
    assert_int_equal(wb_record_withheld(back), 2);
    assert_true(wb_record_field(back, 1, &f) && f.withheld && f.count == 0);
    assert_false(wb_record_value(back, "witness", 0, &v));
    assert_true(wb_record_value(back, "text", 0, &v));
    assert_int_equal(v.state, WB_STATE_WITHHELD);
    assert_string_equal(v.text, "");
    assert_memory_equal(wb_record_title(back), "\xd0\x90\xd0\xb7", 4);
    assert_int_equal(wb_record_proof_count(back), 2);
    assert_string_equal(back->proofs[0].text, "a proof");
    assert_string_equal(back->proofs[0].time, "2026-11-23T05:40:39Z");
    assert_int_equal(back->proofs[0].salt[2], 3);
    assert_string_equal(back->proofs[1].time, "");
    assert_int_equal(back->provenance.sender[0], 9);
    assert_int_equal(back->provenance.bundle[0], 8);
    assert_int_equal(back->provenance.trust, 2);
    assert_int_equal(back->provenance.received, 1795412439);
    wb_buf_wipe(&b);
    wb_record_free(&r);
    wb_record_free(&back);
}

static void
a_withheld_origin_is_no_origin(void **state)
{
    struct wb_record *r = foreign_statement();

    (void)state;
    sample_close(r, "origin");
    assert_string_equal(wb_record_origin(r), "");
    wb_record_free(&r);
}

static void
an_unknown_schema_is_taken_as_it_is(void **state)
{
    struct wb_record *r = foreign_statement(), *back;
    struct wb_field_view f;
    struct wb_value_view v;
    struct wb_buf b;

    (void)state;
    r->schema = 2;
    r->places[1].field = 0; /* make room: 0, 3, 5 */
    r->places[1] = r->places[3];
    r->places[2] = r->places[5];
    r->place_count = 3;
    b = encode(r);
    back = decode(&b);
    assert_null(back->table);
    assert_string_equal(wb_record_title(back), "");
    assert_true(wb_record_field(back, 0, &f));
    assert_string_equal(f.name, "field-3");
    assert_null(f.field);
    assert_true(f.repeats && f.count == 2);
    assert_true(wb_record_value(back, "field-5", 0, &v));
    assert_string_equal(v.text, "2021-10-20");
    assert_false(wb_record_field(back, 2, &f));
    wb_buf_wipe(&b);
    wb_record_free(&r);
    wb_record_free(&back);
}

/* ---- refusals ---- */

static void
a_known_schema_has_exactly_its_places(void **state)
{
    struct wb_record *r = sample_statement();

    (void)state;
    r->place_count--;
    assert_refused(r, WB_ERR_FORMAT, "places: 44, statement schema 1 has 45");
    r->place_count++;
    r->places[44].field = 45;
    assert_refused(r, WB_ERR_FORMAT, "places 45: field 45, expected 44");
    r->places[44].field = 43;
    assert_refused(r, WB_ERR_FORMAT, "places 45: field numbers do not ascend");
    r->places[44].field = 44;
    r->places[3].form = WB_FORM_SINGLE;
    r->places[3].count = 1;
    assert_refused(r, WB_ERR_FORMAT, "places 4: text is a list");
    r->places[3].form = WB_FORM_LIST;
    r->places[5].form = WB_FORM_LIST;
    assert_refused(r, WB_ERR_FORMAT, "places 6: date takes one value");
    r->places[0].form = WB_FORM_LIST;
    assert_refused(r, WB_ERR_FORMAT, "places 1: not the origin");
    wb_record_free(&r);
}

static void
predecessors_ascend_and_agree_with_the_revision(void **state)
{
    static uint8_t roots[65][WB_ROOT_BYTES] = {{2}, {1}};
    struct wb_record *r = sample_statement();

    (void)state;
    r->previous = roots;
    r->revision = 2;
    assert_refused(r, WB_ERR_FORMAT,
        "revision: 2 with 0 predecessors, 1 has none and others have");
    r->previous_count = 2;
    assert_refused(r, WB_ERR_FORMAT, "previous 2: not ascending");
    roots[1][0] = 2;
    assert_refused(r, WB_ERR_FORMAT, "previous 2: not ascending");
    r->previous_count = 65;
    assert_refused(r, WB_ERR_FORMAT, "previous: 65, limit is 64");
    r->previous_count = 1;
    r->revision = 1;
    assert_refused(r, WB_ERR_FORMAT,
        "revision: 1 with 1 predecessors, 1 has none and others have");
    r->revision = 0;
    assert_refused(r, WB_ERR_FORMAT,
        "revision: 0 with 1 predecessors, 1 has none and others have");
    wb_record_free(&r);
}

static void
a_record_of_ours_has_everything_open_and_no_sender(void **state)
{
    struct wb_record *r = sample_statement();

    (void)state;
    r->provenance.present = true;
    assert_refused(r, WB_ERR_FORMAT, "provenance: 1");
    r->provenance.present = false;
    r->latest_said = true;
    assert_refused(r, WB_ERR_FORMAT, "version 1, flags 2");
    r->latest_said = false;
    sample_close_value(&r->places[3].values[1]);
    assert_refused(r, WB_ERR_FORMAT, "places 4: value 2: tag 255 is not allowed here");
    sample_close(r, "witness");
    assert_refused(r, WB_ERR_FORMAT, "places 3: form 2 is not allowed here");
    wb_record_free(&r);
}

static void
values_are_what_their_tags_say(void **state)
{
    struct wb_record *r = sample_statement();
    struct wb_value *v = &r->places[3].values[0];

    (void)state;
    v->text = "\xed\xa0\x80";
    v->size = 3;
    assert_refused(
        r, WB_ERR_FORMAT, "places 4: value 1: not UTF-8, or a zero character");
    v->text = "a\0b";
    assert_refused(
        r, WB_ERR_FORMAT, "places 4: value 1: not UTF-8, or a zero character");
    v->state = WB_STATE_UNKNOWN;
    assert_refused(r, WB_ERR_FORMAT, "places 4: value 1: a state with a text");
    v->state = WB_STATE_ABSENT;
    v->size = 0;
    assert_refused(r, WB_ERR_FORMAT, "places 4: value 1: an absent element");
    v->state = 5;
    assert_refused(r, WB_ERR_FORMAT, "places 4: value 1: tag 5 is not allowed here");
    r->places[2].values[0].state = WB_STATE_WITHHELD;
    assert_refused(r, WB_ERR_FORMAT, "places 3: tag 255 is not allowed here");
    wb_record_free(&r);
}

static void
proofs_have_a_text_and_a_time_or_none(void **state)
{
    struct wb_record *r = foreign_statement();
    struct wb_record_proof proof = {"x", 1, {0}, "yesterday"};

    (void)state;
    r->proofs = &proof;
    r->proof_count = 1;
    assert_refused(r, WB_ERR_FORMAT, "proofs 1: not a time");
    proof.time = "";
    proof.salt[15] = 1;
    assert_refused(r, WB_ERR_FORMAT, "proofs 1: not a time");
    proof.size = 0;
    assert_refused(r, WB_ERR_FORMAT, "proofs 1: size: 0 bytes, 1 to 65,536");
    r->provenance.trust = 4;
    assert_refused(r, WB_ERR_FORMAT, "provenance: trust 4");
    wb_record_free(&r);
}

static void
a_newer_version_is_told_apart_from_damage(void **state)
{
    struct wb_record *r = sample_statement(), *none = NULL;
    struct wb_buf b = encode(r);
    struct wb_error e = {0};

    (void)state;
    b.data[0] = 2;
    assert_int_equal(wb_record_decode(&none, b.data, b.size, &e), WB_ERR_TOO_NEW);
    assert_string_equal(e.message, "version 2, known is 1");
    b.data[0] = 0;
    assert_int_equal(wb_record_decode(&none, b.data, b.size, &e), WB_ERR_FORMAT);
    b.data[0] = 1;
    b.data[3] = 'S'; /* Statement */
    assert_int_equal(wb_record_decode(&none, b.data, b.size, &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, "kind: 1 to 32 of a-z, 0-9 and -");
    assert_null(none);
    wb_buf_wipe(&b);
    wb_record_free(&r);
}

static void
a_count_beyond_the_input_takes_no_memory(void **state)
{
    struct wb_record *r = sample_statement(), *none = NULL;
    struct wb_buf b = encode(r);
    struct wb_error e = {0};
    /* the first empty list is place 10, field 9, and its count is four zeros */
    static const uint8_t place[] = {9, 0, 1, 0, 0, 0, 0};
    uint8_t *at = memmem(b.data, b.size, place, sizeof place);

    (void)state;
    assert_non_null(at);
    memset(at + 3, 0xff, 4);
    assert_int_equal(wb_record_decode(&none, b.data, b.size, &e), WB_ERR_FORMAT);
    assert_string_equal(
        e.message, "places 10: 4294967295 values, more than there is room");
    assert_null(none);
    wb_buf_wipe(&b);
    wb_record_free(&r);
}

/* ---- sweeps ---- */

static void
every_truncation_is_refused_and_so_is_a_byte_more(void **state)
{
    struct wb_record *r = foreign_statement(), *none = NULL;
    struct wb_buf b = encode(r);
    struct wb_error e = {0};
    size_t refused = 0;

    (void)state;
    for (size_t size = 0; size < b.size; size++, refused++) {
        uint8_t *cut = malloc(size > 0 ? size : 1); /* exact, for the sanitizer */

        memcpy(cut, b.data, size);
        assert_int_equal(wb_record_decode(&none, cut, size, &e), WB_ERR_FORMAT);
        free(cut);
    }
    assert_string_equal(e.message, "ends too early");
    wb_buf_add_zeros(&b, 1);
    assert_int_equal(wb_record_decode(&none, b.data, b.size, &e), WB_ERR_FORMAT);
    assert_string_equal(e.message, "1 bytes too many");
    assert_int_equal(refused, b.size - 1);
    assert_null(none);
    wb_buf_wipe(&b);
    wb_record_free(&r);
}

/* One byte string per content: what is taken writes itself again exactly. */
static void
every_changed_byte_is_refused_or_read_as_exactly_that(void **state)
{
    struct wb_record *r = foreign_statement();
    struct wb_buf b = encode(r);
    size_t taken = 0, refused = 0;

    (void)state;
    for (size_t i = 0; i < b.size * 8; i++) {
        struct wb_record *other = NULL;

        b.data[i / 8] ^= (uint8_t)(1 << i % 8);
        if (wb_record_decode(&other, b.data, b.size, NULL) == WB_OK) {
            struct wb_buf again = encode(other);

            assert_int_equal(again.size, b.size);
            assert_memory_equal(again.data, b.data, b.size);
            wb_buf_wipe(&again);
            wb_record_free(&other);
            taken++;
        } else
            refused++;
        b.data[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    print_message("bits flipped: %zu refused, %zu read\n", refused, taken);
    assert_true(refused > 1000 && taken > 1000);
    wb_buf_wipe(&b);
    wb_record_free(&r);
}

static int allocations, failing;

static bool
fail_one(size_t size)
{
    (void)size;
    return ++allocations == failing;
}

static void
every_failing_allocation_is_survived(void **state)
{
    struct wb_record *r = foreign_statement(), *back = NULL;
    struct wb_buf b;
    struct wb_error e = {0};
    int reached = 0;

    (void)state;
    r->schema = 9; /* names of unknown fields take memory as well */
    b = encode(r);
    wb_mem_fault = fail_one;
    for (failing = 1;; failing++, reached++) {
        allocations = 0;
        if (wb_record_decode(&back, b.data, b.size, &e) == WB_OK)
            break;
        assert_int_equal(e.status, WB_ERR_MEMORY);
        assert_null(back);
    }
    wb_mem_fault = NULL;
    print_message("allocations failed: %d\n", reached);
    /* the record, the copy, two blocks of the arena, a name */
    assert_int_equal(reached, 5);
    wb_buf_wipe(&b);
    wb_record_free(&back);
    wb_record_free(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(salts_places_root_and_bytes_are_those_of_the_format),
        cmocka_unit_test(a_record_reads_back_as_it_was_written),
        cmocka_unit_test(a_withheld_record_keeps_its_root_and_says_how_much_is_closed),
        cmocka_unit_test(a_withheld_origin_is_no_origin),
        cmocka_unit_test(an_unknown_schema_is_taken_as_it_is),
        cmocka_unit_test(a_known_schema_has_exactly_its_places),
        cmocka_unit_test(predecessors_ascend_and_agree_with_the_revision),
        cmocka_unit_test(a_record_of_ours_has_everything_open_and_no_sender),
        cmocka_unit_test(values_are_what_their_tags_say),
        cmocka_unit_test(proofs_have_a_text_and_a_time_or_none),
        cmocka_unit_test(a_newer_version_is_told_apart_from_damage),
        cmocka_unit_test(a_count_beyond_the_input_takes_no_memory),
        cmocka_unit_test(every_truncation_is_refused_and_so_is_a_byte_more),
        cmocka_unit_test(every_changed_byte_is_refused_or_read_as_exactly_that),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
