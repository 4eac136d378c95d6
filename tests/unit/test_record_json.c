/* tests/unit/test_record_json.c - the canonical JSON: one byte string per content. */
#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "sample.h"

static int
start_crypto(void **state)
{
    (void)state;
    return wb_crypto_start(NULL) == WB_OK ? 0 : -1;
}

static struct wb_buf
write_json(const struct wb_record *r, int latest)
{
    struct wb_buf b;

    wb_buf_init(&b, 2 * (size_t)WB_RECORD_BYTES_MAX);
    wb_record_json_write(&b, r, latest);
    assert_int_equal(wb_buf_check(&b, NULL), WB_OK);
    return b;
}

static struct wb_record *
read_json(const struct wb_buf *b, int *latest)
{
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    if (wb_record_json_read(&r, latest, b->data, b->size, &e) != WB_OK)
        fail_msg("%s", e.message);
    return r;
}

static void
assert_refused(
    const uint8_t *bytes, size_t size, enum wb_status status, const char *message)
{
    struct wb_record *none = NULL;
    struct wb_error e = {0};
    int latest = 7;

    if (wb_record_json_read(&none, &latest, bytes, size, &e) != status)
        fail_msg("%s, not: %s", e.message, message);
    assert_int_equal(e.status, status);
    assert_string_equal(e.message, message);
    assert_null(none);
    assert_int_equal(latest, 7);
}

static void
assert_record_refused(
    const struct wb_record *r, enum wb_status status, const char *message)
{
    struct wb_buf b = write_json(r, 1);

    assert_refused(b.data, b.size, status, message);
    wb_buf_wipe(&b);
}

/* Made by Python's json and hashlib from vault/bundle/FORMAT.md section 4. */
static void
the_bytes_are_those_of_the_format(void **state)
{
    struct wb_record *r = sample_statement();
    struct wb_buf b = write_json(r, 1);
    uint8_t hash[WB_HASH_BYTES];
    char text[WB_ROOT_TEXT_BYTES];

    (void)state;
    assert_int_equal(b.size, 4588);
    wb_sha256_of(hash, b.data, b.size);
    wb_hex_encode(text, hash, sizeof hash);
    assert_string_equal(
        text, "baba95ac74cf32c2c30edb7ae0cf06028e5c468de2fb034aac03ac62acd025e2");
    wb_buf_wipe(&b);
    wb_record_free(&r);
}

static struct wb_record_proof two_proofs[] = {
    {"a\nproof\n", 8, {1, 2, 3}, "2026-11-23T05:40:39Z"}, {"another", 7, {0}, ""}};

/* One place and one paragraph withheld, therefore everything empty as well. */
static struct wb_record *
redacted(void)
{
    struct wb_record *r = sample_statement();

    sample_close(r, "witness");
    sample_close_value(&r->places[3].values[0]);
    sample_close_empty(r);
    r->proofs = two_proofs;
    r->proof_count = 2;
    return r;
}

static void
what_is_written_is_read_back_whole(void **state)
{
    struct wb_record *r = sample_statement(), *back;
    struct wb_buf b, again;
    int latest = 7;

    (void)state;
    r->proofs = two_proofs;
    r->proof_count = 2;
    for (int said = -1; said <= 1; said++) {
        b = write_json(r, said);
        back = read_json(&b, &latest);
        assert_int_equal(latest, said);
        assert_int_equal(back->latest_said, said == 1);
        assert_true(wb_record_is_foreign(back));
        assert_false(back->provenance.present);
        assert_memory_equal(back->root, r->root, WB_ROOT_BYTES);
        assert_int_equal(wb_record_withheld(back), 0);
        assert_int_equal(wb_record_proof_count(back), 2);
        assert_string_equal(back->proofs[0].text, "a\nproof\n");
        assert_string_equal(back->proofs[0].time, "2026-11-23T05:40:39Z");
        assert_string_equal(back->proofs[1].time, "");
        again = write_json(back, said);
        assert_int_equal(again.size, b.size);
        assert_memory_equal(again.data, b.data, b.size);
        wb_buf_wipe(&b);
        wb_buf_wipe(&again);
        wb_record_free(&back);
    }
    wb_record_free(&r);
}

static void
a_redacted_record_keeps_its_root_and_goes_through_a_body(void **state)
{
    struct wb_record *r = redacted(), *back, *stored = NULL;
    struct wb_buf b = write_json(r, 0), body;
    int latest;

    (void)state;
    back = read_json(&b, &latest);
    assert_memory_equal(back->root, r->root, WB_ROOT_BYTES);
    assert_int_equal(wb_record_withheld(back), 40 + 1); /* of 45; 5 places are open */
    assert_string_equal(wb_record_text(back, "date"), "2021-10-20");
    wb_buf_init(&body, WB_RECORD_BYTES_MAX);
    wb_record_encode(&body, back);
    assert_int_equal(wb_record_decode(&stored, body.data, body.size, NULL), WB_OK);
    wb_buf_wipe(&b);
    b = write_json(stored, 0);
    wb_record_free(&back);
    back = read_json(&b, &latest);
    assert_memory_equal(back->root, r->root, WB_ROOT_BYTES);
    wb_buf_wipe(&b);
    wb_buf_wipe(&body);
    wb_record_free(&r);
    wb_record_free(&back);
    wb_record_free(&stored);
}

static void
unknown_kinds_and_schemas_pass_through(void **state)
{
    static const struct {
        const char *kind;
        uint16_t schema;
    } rows[] = {{"statement", 2}, {"drone-sighting", 1}};
    int latest;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct wb_record *r = sample_statement(), *back;
        struct wb_buf b;

        r->kind = rows[i].kind;
        r->schema = rows[i].schema;
        r->table = NULL;
        for (size_t j = 1; j < r->place_count; j++)
            r->places[j].name = "field-x";
        for (size_t j = 1; j < r->place_count; j++)
            r->places[j].field = (uint16_t)(j * 1000);
        assert_int_equal(wb_record_settle(r, NULL), WB_OK);
        wb_record_commit(r);
        b = write_json(r, 1);
        back = read_json(&b, &latest);
        assert_string_equal(wb_record_kind(back), rows[i].kind);
        assert_string_equal(wb_record_text(back, "field-5000"), "2021-10-20");
        wb_buf_wipe(&b);
        wb_record_free(&back);
        wb_record_free(&r);
    }
}

/* Names are no part of the root: which one a sender writes depends on what he knows. */
static void
the_name_of_a_place_is_the_tables_or_the_generic_one(void **state)
{
    static const char long_name[] =
        "a234567890123456789012345678901234567890123456789012345678901234";
    static const struct {
        uint16_t field;
        const char *name, *message; /* NULL: taken */
        bool known;
    } rows[] = {
        {5, "date", NULL, true},
        {5, "field-5", NULL, true},
        {5, "field-6", "places 6: name: not date", true},
        {5, "title", "places 6: name: not date", true},
        {0, "field-0", "places 1: name: not origin", true},
        {0, "field-0", "places 1: name: not origin", false},
        {5, "title", NULL, false},
        {5, long_name, NULL, false},
        {5, "origin", "places 6: name: not 1 to 64 of a-z, 0-9 and -", false},
        {5, "", "places 6: name: not 1 to 64 of a-z, 0-9 and -", false},
        {5, "5", "places 6: name: not 1 to 64 of a-z, 0-9 and -", false},
        {5, "Title", "places 6: name: not 1 to 64 of a-z, 0-9 and -", false},
    };
    int latest;

    (void)state;
    assert_int_equal(strlen(long_name), 64);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_record *r = sample_statement(), *back;
        struct wb_buf b;

        r->schema = rows[i].known ? r->schema : 2;
        assert_int_equal(wb_record_settle(r, NULL), WB_OK);
        wb_record_commit(r);
        r->places[rows[i].field].name = rows[i].name;
        if (rows[i].message != NULL)
            assert_record_refused(r, WB_ERR_FORMAT, rows[i].message);
        else {
            b = write_json(r, 1);
            back = read_json(&b, &latest);
            assert_string_equal(
                back->places[rows[i].field].name, rows[i].known ? "date" : "field-5");
            wb_record_free(&back);
            wb_buf_wipe(&b);
        }
        wb_record_free(&r);
    }
}

/* ---- rules ---- */

static void
nothing_empty_lies_open_beside_what_is_withheld(void **state)
{
    struct wb_record *r = sample_statement();

    (void)state;
    sample_close(r, "witness");
    assert_record_refused(
        r, WB_ERR_FORMAT, "places 2: empty and open, while something is withheld");
    sample_close(r, "incident");
    assert_record_refused(
        r, WB_ERR_FORMAT, "places 7: empty and open, while something is withheld");
    wb_record_free(&r);

    r = sample_statement();
    sample_close_value(&r->places[3].values[0]);
    assert_record_refused(
        r, WB_ERR_FORMAT, "places 2: empty and open, while something is withheld");
    for (size_t i = 0; i < r->place_count; i++)
        if (r->places[i].form == WB_FORM_SINGLE &&
            r->places[i].values[0].state == WB_STATE_ABSENT)
            sample_close(r, r->places[i].name);
    assert_record_refused(r, WB_ERR_FORMAT, /* a list of nothing */
        "places 10: empty and open, while something is withheld");
    wb_record_free(&r);
}

/* The sender signed it, but no vault of ours could have made it. */
static void
a_value_obeys_the_kind_of_its_field(void **state)
{
    struct wb_record *r = sample_statement();

    (void)state;
    r->places[5].values[0].text = "2021-13-20";
    wb_record_commit(r);
    assert_record_refused(r, WB_ERR_FORMAT,
        "places 6: date: position 6: month is 13, 01 to 12 or season 21 to 24");
    r->places[5].values[0].text = "2021-10-20";
    r->places[3].values[1].size = 0;
    wb_record_commit(r);
    assert_record_refused(r, WB_ERR_FORMAT, "places 4: text: empty");
    wb_record_free(&r);
}

static void
what_never_leaves_a_vault_never_enters_one(void **state)
{
    static const char *const kinds[] = {"contact", "identity", "handoff"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct wb_record *r = sample_statement();
        char message[64] = "kind: ";

        r->kind = kinds[i];
        strcat(strcat(message, kinds[i]), ", which never leaves a vault");
        assert_record_refused(r, WB_ERR_FORMAT, message);
        wb_record_free(&r);
    }
}

static void
another_root_is_an_integrity_error(void **state)
{
    struct wb_record *r = sample_statement();

    (void)state;
    r->root[31] ^= 1;
    assert_record_refused(r, WB_ERR_INTEGRITY, "root: not that of the content");
    r->root[31] ^= 1;
    r->places[3].values[0].text = "Police are gone.";
    assert_record_refused(r, WB_ERR_INTEGRITY, "root: not that of the content");
    wb_record_free(&r);
}

/* ---- one fault each, in the text ---- */

/* Where `changed` leaves the canonical bytes, from 1. */
static const char *
not_canonical(
    char message[static 64], const struct wb_buf *b, const struct wb_buf *changed)
{
    size_t at = 0;

    while (at < b->size && at < changed->size && b->data[at] == changed->data[at])
        at++;
    (void)snprintf(message, 64, "position %zu: not the canonical form", at + 1);
    return message;
}

static void
every_other_spelling_is_refused_and_the_place_is_named(void **state)
{
    static const struct {
        const char *from, *to;
        enum wb_status status;
        const char *message; /* NULL: the position where the canonical form is left */
    } rows[] = {
        {"record/1", "record/2", WB_ERR_TOO_NEW,
            "a later format of records, known is record/1"},
        {"record/1", "record/x", WB_ERR_FORMAT, "witnessbox: not record/1"},
        {"\"kind\":\"statement\"", "\"kind\":\"St\"", WB_ERR_FORMAT,
            "kind: 1 to 32 of a-z, 0-9 and -"},
        {"\"schema\":\"1\"", "\"schema\":1", WB_ERR_FORMAT,
            "schema: missing, or not a string"},
        {"\"schema\":\"1\"", "\"schema\":\"65537\"", WB_ERR_FORMAT,
            "schema: 65537, limit is 65535"},
        {"\"schema\":\"1\"", "\"schema\":\"01\"", WB_ERR_FORMAT, NULL},
        {"\"schema\":\"1\"", "\"schema\":\"-1\"", WB_ERR_FORMAT,
            "schema: not a number"},
        {"\"id\":\"0", "\"id\":\"i", WB_ERR_FORMAT, "id: not 26 characters of an id"},
        {"\"revision\":\"1\"", "\"revision\":\"2\"", WB_ERR_FORMAT,
            "revision: 2 with 0 predecessors, 1 has none and others have"},
        {"\"previous\":[]", "\"previous\":[\"00\"]", WB_ERR_FORMAT,
            "previous 1: not 64 hexadecimal digits"},
        {"\"previous\":[]", "\"previous\":\"\"", WB_ERR_FORMAT,
            "previous: missing, or not an array"},
        {"\"latest\":\"yes\"", "\"latest\":\"Yes\"", WB_ERR_FORMAT,
            "latest: yes or no"},
        {"\"root\":\"e0", "\"root\":\"E0", WB_ERR_FORMAT,
            "root: not 64 hexadecimal digits"},
        {"{\"field\":\"0\"", "{\"feld\":\"0\"", WB_ERR_FORMAT,
            "places 1: field: missing, or not a string"},
        {"{\"field\":\"4\"", "{\"field\":\"3\"", WB_ERR_FORMAT,
            "places 5: field numbers do not ascend"},
        {"\"name\":\"date\"", "\"name\":\"Date\"", WB_ERR_FORMAT,
            "places 6: name: not date"},
        {"\"name\":\"origin\"", "\"name\":\"field-0\"", WB_ERR_FORMAT,
            "places 1: name: not origin"},
        {"\"salt\":\"92659b", "\"salt\":\"92659B", WB_ERR_FORMAT,
            "places 4: salt: not 32 hexadecimal digits"},
        {"\"salt\":\"5012", "\"salt\":\"501", WB_ERR_FORMAT,
            "places 4: values 1: salt: not 32 hexadecimal digits"},
        {"\"state\":\"unknown\"", "\"state\":\"withheld\"", WB_ERR_FORMAT,
            "places 11: state: no such state"},
        {"\"state\":\"unknown\"", "\"value\":\"unknown\"", WB_ERR_INTEGRITY,
            "root: not that of the content"},
        {"\"value\":\"Police are here.\"", "\"state\":\"absent\"", WB_ERR_FORMAT,
            "places 4: values 1: state: an element is never absent"},
        {"\"value\":\"Police are here.\"", "\"valu\":\"Police are here.\"",
            WB_ERR_FORMAT, "places 4: values 1: value: missing, or not a string"},
        {"Police", "\\u0050olice", WB_ERR_FORMAT, NULL},
        {"\\u000a", "\\u000A", WB_ERR_FORMAT, NULL},
        {"\\u000a", "\\n", WB_ERR_FORMAT, NULL},
        {"Police are here.\"", "Police are here.\",\"x\":\"\"", WB_ERR_FORMAT, NULL},
        {",\"proofs\":[]", "", WB_ERR_FORMAT, "proofs: missing, or not an array"},
        {"\"proofs\":[]", "\"proofs\":[{\"proof\":\"\"}]", WB_ERR_FORMAT,
            "proofs 1: proof: 0 bytes, 1 to 65536"},
        {"\"proofs\":[]", "\"proofs\":[{\"time\":\"x\",\"proof\":\"x\"}]",
            WB_ERR_FORMAT, "proofs 1: time: not a time"},
        {"{\"witnessbox\"", "{ \"witnessbox\"", WB_ERR_FORMAT, NULL},
        {"[]}\n", "[]}", WB_ERR_FORMAT, NULL},
        {"[]}\n", "[]}\n\n", WB_ERR_FORMAT, NULL},
    };
    struct wb_record *r = sample_statement();
    struct wb_buf b = write_json(r, 1), changed;
    size_t refused = 0;
    char message[64];

    (void)state;
    wb_buf_init(&changed, 10000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++, refused++) {
        const uint8_t *at = memmem(b.data, b.size, rows[i].from, strlen(rows[i].from));
        size_t before, from = strlen(rows[i].from);

        assert_non_null(at);
        before = (size_t)(at - b.data);
        wb_buf_clear(&changed);
        wb_buf_add(&changed, b.data, before);
        wb_buf_add_text(&changed, rows[i].to);
        wb_buf_add(&changed, at + from, b.size - before - from);
        assert_refused(changed.data, changed.size, rows[i].status,
            rows[i].message != NULL ? rows[i].message
                                    : not_canonical(message, &b, &changed));
    }
    assert_int_equal(refused, 33);
    wb_buf_wipe(&changed);
    wb_buf_wipe(&b);
    wb_record_free(&r);
}

static void
too_many_values_are_refused_before_they_cost_memory(void **state)
{
    size_t size = 300000;
    uint8_t *bytes = malloc(size);

    (void)state;
    assert_non_null(bytes);
    memset(bytes, ',', size);
    assert_refused(bytes, size, WB_ERR_LIMIT, "more values than the limit of 65536");
    bytes[0] = '"'; /* in a string they are nothing */
    bytes[size - 1] = '"';
    assert_refused(
        bytes, size, WB_ERR_FORMAT, "position 300000: not a JSON object or array");
    free(bytes);
}

static void
the_largest_draft_is_read_back(void **state)
{
    struct wb_draft *d = sample_draft("statement");
    struct wb_record *r, *back;
    struct wb_buf b;
    int latest;

    (void)state;
    for (int i = 0; i < 65536; i++)
        sample_put(d, "text", "x");
    r = sample_record(d);
    b = write_json(r, -1);
    back = read_json(&b, &latest);
    assert_int_equal(back->places[3].count, 65536);
    wb_buf_wipe(&b);
    wb_record_free(&r);
    wb_record_free(&back);
}

/* ---- sweeps ---- */

static void
every_truncation_is_refused(void **state)
{
    struct wb_record *r = redacted(), *none = NULL;
    struct wb_buf b = write_json(r, 1);
    size_t refused = 0;
    int latest = 7;

    (void)state;
    for (size_t size = 0; size < b.size; size += every(1), refused++) {
        uint8_t *cut = malloc(size > 0 ? size : 1); /* exact, for the sanitizer */

        memcpy(cut, b.data, size);
        assert_int_equal(
            wb_record_json_read(&none, &latest, cut, size, NULL), WB_ERR_FORMAT);
        free(cut);
    }
    assert_null(none);
    assert_true(refused > 2000 / every(1));
    wb_buf_wipe(&b);
    wb_record_free(&r);
}

/* Without a proof everything but the sender's word is under the root. */
static void
every_changed_bit_is_refused(void **state)
{
    struct wb_record *r = redacted(), *none = NULL;
    struct wb_buf b;
    size_t refused = 0;
    int latest = 7;

    (void)state;
    r->proof_count = 0;
    b = write_json(r, 1);
    for (size_t i = 0; i < b.size * 8; i += every(1), refused++) {
        b.data[i / 8] ^= (uint8_t)(1 << i % 8);
        if (wb_record_json_read(&none, &latest, b.data, b.size, NULL) == WB_OK)
            fail_msg("byte %zu", i / 8);
        b.data[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    assert_null(none);
    assert_true(refused > 16000 / every(1));
    wb_buf_wipe(&b);
    wb_record_free(&r);
}

static int allocations, failing;

static bool
fail_room(void)
{
    return ++allocations == failing;
}

static bool
fail_block(size_t size)
{
    (void)size;
    return fail_room();
}

static void
every_failing_allocation_is_survived(void **state)
{
    struct wb_record *r = redacted(), *back = NULL;
    struct wb_buf b = write_json(r, 1);
    struct wb_error e = {0};
    int reached = 0, latest = 7;

    (void)state;
    wb_mem_fault = fail_block;
    wb_mem_room_fault = fail_room;
    for (failing = 1;; failing++, reached++) {
        allocations = 0;
        if (wb_record_json_read(&back, &latest, b.data, b.size, &e) == WB_OK)
            break;
        if (e.status != WB_ERR_MEMORY)
            fail_msg("allocation %d: %s", failing, e.message);
        assert_null(back);
        assert_int_equal(latest, 7);
    }
    wb_mem_fault = NULL;
    wb_mem_room_fault = NULL;
    print_message("allocations failed: %d\n", reached);
    assert_true(reached > 100);
    wb_buf_wipe(&b);
    wb_record_free(&back);
    wb_record_free(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_those_of_the_format),
        cmocka_unit_test(what_is_written_is_read_back_whole),
        cmocka_unit_test(a_redacted_record_keeps_its_root_and_goes_through_a_body),
        cmocka_unit_test(unknown_kinds_and_schemas_pass_through),
        cmocka_unit_test(the_name_of_a_place_is_the_tables_or_the_generic_one),
        cmocka_unit_test(nothing_empty_lies_open_beside_what_is_withheld),
        cmocka_unit_test(a_value_obeys_the_kind_of_its_field),
        cmocka_unit_test(what_never_leaves_a_vault_never_enters_one),
        cmocka_unit_test(another_root_is_an_integrity_error),
        cmocka_unit_test(every_other_spelling_is_refused_and_the_place_is_named),
        cmocka_unit_test(too_many_values_are_refused_before_they_cost_memory),
        cmocka_unit_test(the_largest_draft_is_read_back),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_changed_bit_is_refused),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, start_crypto, NULL);
}
