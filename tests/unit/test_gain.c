/* tests/unit/test_gain.c - the same revision from two bundles: what one adds to the
 * other, and which file an evidence record stands for. */
#include "sample.h"

#include <witnessbox/bundle.h>

#include "bundle/claim.h"
#include "bundle/merge.h"

#define DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct wb_record *
evidence(void)
{
    struct wb_draft *d = sample_draft("evidence");
    struct wb_record *r;

    sample_put(d, "about", SAMPLE_ID_B);
    sample_put(d, "sha256", DIGEST);
    sample_put(d, "size", "600");
    sample_put(d, "language", "tk");
    sample_put(d, "language", "ru");
    r = sample_record(d);
    r->foreign = true;
    r->provenance = (struct wb_provenance){.present = true, .trust = WB_TRUST_VERIFIED};
    return r;
}

static struct wb_place *
place_of(const struct wb_record *r, const char *field)
{
    return wb_record_place(r, wb_field_find(wb_kind_find("evidence"), field)->number);
}

/* As it lies here: what was withheld then, and whether a file and proofs came. */
struct pair {
    struct wb_record *here, *more;
};

static struct pair
two(void)
{
    struct pair p = {evidence(), evidence()};

    p.here->private_size = 1; /* its file is here */
    return p;
}

static void
end(struct pair *p)
{
    wb_record_free(&p->here); /* it borrows from the other */
    wb_record_free(&p->more);
}

static struct wb_gain
merged(const struct pair *p, uint8_t trust)
{
    struct wb_gain g;
    struct wb_error e = {0};

    if (wb_merge(&g, p->here, p->more, trust, &e) != WB_OK)
        fail_msg("%s", e.message);
    return g;
}

/* ---- what is gained ---- */

static void
the_same_once_more_adds_nothing(void **state)
{
    struct pair p = two();
    struct wb_gain g = merged(&p, WB_TRUST_VERIFIED);

    (void)state;
    assert_false(wb_gain_any(&g));
    end(&p);
}

static void
each_gain_by_itself_is_one(void **state)
{
    static struct wb_record_proof proof = {"a\nproof\n", 8, {1}, ""};

    (void)state;
    for (int i = 0; i < 5; i++) {
        struct pair p = two();
        struct wb_gain g;

        if (i == 0)
            sample_close(p.here, "language");
        if (i == 1)
            sample_close_value(&place_of(p.here, "language")->values[1]);
        if (i == 2)
            p.more->proofs = &proof, p.more->proof_count = 1;
        if (i == 4)
            p.here->private_size = 0;
        g = merged(&p, i == 3 ? WB_TRUST_VERIFIED - 1 : WB_TRUST_VERIFIED);
        assert_true(wb_gain_any(&g));
        assert_int_equal(g.opened, i <= 1);
        assert_int_equal(g.proved, i == 2);
        assert_int_equal(g.known, i == 3);
        assert_int_equal(g.filed, i == 4);
        assert_int_equal(p.here->proof_count, i == 2);
        assert_int_equal(wb_record_withheld(p.here), 0);
        end(&p);
    }
}

static void
what_the_other_withholds_stays_open_here(void **state)
{
    static struct wb_record_proof proof = {"a\nproof\n", 8, {1}, ""};
    struct pair p = two();
    struct wb_gain g;

    (void)state;
    sample_close(p.more, "sha256");
    sample_close_value(&place_of(p.more, "language")->values[0]);
    sample_close_value(&place_of(p.here, "language")->values[0]);
    p.here->proofs = &proof;
    p.here->proof_count = 1;
    p.here->private_size = 0;
    g = merged(&p, WB_TRUST_UNKNOWN);
    assert_false(wb_gain_any(&g)); /* no file either: its hash does not come */
    assert_int_equal(place_of(p.here, "sha256")->form, WB_FORM_SINGLE);
    assert_int_equal(p.here->proof_count, 1);
    assert_int_equal(wb_record_withheld(p.here), 1);
    end(&p);
}

static void
a_revision_of_ours_has_nothing_to_gain(void **state)
{
    struct pair p = two();
    struct wb_gain g;

    (void)state;
    p.here->foreign = false;
    sample_close(p.here, "language");
    g = merged(&p, WB_TRUST_VERIFIED - 1);
    assert_false(wb_gain_any(&g));
    assert_int_equal(wb_record_withheld(p.here), 1);
    end(&p);
}

/* ---- what does not fit ---- */

static void
no_place(struct pair *p)
{
    p->more->place_count--;
}

static void
another_field(struct pair *p)
{
    place_of(p->more, "sha256")->field++;
}

static void
another_hash(struct pair *p)
{
    place_of(p->more, "sha256")->hash[0] ^= 1;
}

static void
another_form(struct pair *p)
{
    place_of(p->more, "language")->form = WB_FORM_SINGLE;
}

static void
fewer_values(struct pair *p)
{
    place_of(p->more, "language")->count--;
}

static void
another_value(struct pair *p)
{
    place_of(p->more, "language")->values[1].hash[0] ^= 1;
}

static void
what_opens_to_something_else_is_refused(void **state)
{
    static void (*const bends[])(struct pair * p) = {no_place, another_field,
        another_hash, another_form, fewer_values, another_value};

    (void)state;
    for (size_t i = 0; i < sizeof bends / sizeof *bends; i++) {
        struct pair p = two();
        struct wb_gain g;
        struct wb_error e = {0};

        bends[i](&p);
        assert_int_equal(
            wb_merge(&g, p.here, p.more, WB_TRUST_VERIFIED, &e), WB_ERR_INTEGRITY);
        assert_non_null(
            strstr(e.message, ": what was withheld opens to something else"));
        end(&p);
    }
}

/* ---- which file ---- */

static void
evidence_names_its_file_by_hash_and_size(void **state)
{
    struct wb_record *r = evidence();
    struct wb_claim c;
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_claim_read(&c, r, &e), WB_OK);
    assert_true(c.has);
    assert_int_equal(c.sha256[1], 0x11);
    assert_int_equal(c.size, 600);
    sample_close(r, "sha256"); /* then its size says nothing */
    assert_int_equal(wb_claim_read(&c, r, &e), WB_OK);
    assert_false(c.has);
    wb_record_free(&r);
}

static void
lose_places(struct wb_record *r)
{
    r->place_count = 3;
}

static void
leave_hash_out(struct wb_record *r)
{
    place_of(r, "sha256")->values[0].state = WB_STATE_UNKNOWN;
}

static void
be_a_list(struct wb_record *r)
{
    place_of(r, "sha256")->form = WB_FORM_LIST;
}

static void
what_has_no_open_hash_stands_for_no_file(void **state)
{
    static void (*const bends[])(struct wb_record * r) = {
        lose_places, leave_hash_out, be_a_list};

    (void)state;
    for (size_t i = 0; i < sizeof bends / sizeof *bends; i++) {
        struct wb_record *r = evidence();
        struct wb_claim c = {.has = true};

        bends[i](r);
        assert_int_equal(wb_claim_read(&c, r, NULL), WB_OK);
        assert_false(c.has);
        wb_record_free(&r);
    }
}

static void
a_hash_without_a_size_is_refused(void **state)
{
    static const struct {
        const char *field, *text, *said;
    } rows[] = {
        {"sha256", "0011", "sha256: not 64 hexadecimal digits"},
        {"sha256", DIGEST "00", "sha256: not 64 hexadecimal digits"},
        {"sha256", "x" DIGEST, "sha256: not 64 hexadecimal digits"},
        {"size", "many", "size: missing beside a sha256"},
        {"size", NULL, "size: missing beside a sha256"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wb_record *r = evidence();
        struct wb_value *value = place_of(r, rows[i].field)->values;
        struct wb_claim c = {.has = true, .size = 77};
        struct wb_error e = {0};

        if (rows[i].text == NULL)
            sample_close(r, "size");
        else
            value->text = rows[i].text, value->size = strlen(rows[i].text);
        assert_int_equal(wb_claim_read(&c, r, &e), WB_ERR_FORMAT);
        assert_string_equal(e.message, rows[i].said);
        assert_false(c.has);
        assert_int_equal(c.size, 0);
        wb_record_free(&r);
    }
}

static int
start(void **state)
{
    (void)state;
    return wb_crypto_start(NULL) == WB_OK ? 0 : -1;
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_once_more_adds_nothing),
        cmocka_unit_test(each_gain_by_itself_is_one),
        cmocka_unit_test(what_the_other_withholds_stays_open_here),
        cmocka_unit_test(a_revision_of_ours_has_nothing_to_gain),
        cmocka_unit_test(what_opens_to_something_else_is_refused),
        cmocka_unit_test(evidence_names_its_file_by_hash_and_size),
        cmocka_unit_test(what_has_no_open_hash_stands_for_no_file),
        cmocka_unit_test(a_hash_without_a_size_is_refused),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
