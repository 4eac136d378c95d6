/* tests/unit/test_closure.c - what belongs to an incident, and what does not. */
#include "cm.h"

#include <string.h>

#include "bundle/closure.h"
#include "sample.h"

enum { CHAIN = 100000 };

static struct wb_id
id_of(uint32_t number)
{
    struct wb_id id = {{0}};

    memcpy(id.bytes + 3, &number, sizeof number);
    return id;
}

static void
node(struct wb_closure *c, uint32_t number, bool stops)
{
    struct wb_closure_node n = {.id = id_of(number), .row = number, .stops = stops};

    wb_closure_node(c, &n);
}

static void
edge(struct wb_closure *c, uint32_t from, uint32_t to)
{
    struct wb_id a = id_of(from), b = id_of(to);

    wb_closure_edge(c, &a, &b);
}

static void
take(struct wb_closure *c, uint32_t start)
{
    struct wb_id id = id_of(start);
    struct wb_error e = {0};

    assert_int_equal(wb_closure_take(c, &id, &e), WB_OK);
}

static bool
is_taken(const struct wb_closure *c, uint32_t number)
{
    const struct wb_closure_node *n;

    for (size_t i = 0; (n = wb_closure_at(c, i)) != NULL; i++)
        if (n->row == number)
            return n->taken;
    fail_msg("no node %u", number);
    return false;
}

/* Two incidents with one witness who spoke about both. Edges as an export draws them:
 * from a whole to its parts, from a record to what it needs. */
enum {
    RAID = 1,
    ARREST,
    WITNESS,
    ABOUT_RAID,
    ABOUT_ARREST,
    PHOTO,
    CONSENT,
    GUARDIAN,
    STRANGER,
    NODES = STRANGER,
};

static void
draw(struct wb_closure *c)
{
    wb_closure_init(c);
    for (uint32_t i = RAID; i <= NODES; i++)
        node(c, i, i == RAID || i == ARREST);
    edge(c, RAID, ABOUT_RAID);
    edge(c, ARREST, ABOUT_ARREST);
    edge(c, ABOUT_RAID, WITNESS);
    edge(c, ABOUT_ARREST, WITNESS);
    edge(c, ABOUT_RAID, PHOTO);
    edge(c, WITNESS, CONSENT);
    edge(c, WITNESS, GUARDIAN);
}

static void
what_belongs_to_an_incident_is_taken_along(void **state)
{
    static const uint32_t wanted[] = {
        RAID, ABOUT_RAID, WITNESS, PHOTO, CONSENT, GUARDIAN};
    struct wb_closure c;

    (void)state;
    draw(&c);
    take(&c, RAID);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_true(is_taken(&c, wanted[i]));
    wb_closure_wipe(&c);
}

static void
what_a_witness_said_elsewhere_stays(void **state)
{
    struct wb_closure c;

    (void)state;
    draw(&c);
    take(&c, RAID);
    assert_false(is_taken(&c, ARREST));
    assert_false(is_taken(&c, ABOUT_ARREST));
    assert_false(is_taken(&c, STRANGER));
    wb_closure_wipe(&c);
}

static void
another_incident_is_never_taken_by_following(void **state)
{
    struct wb_closure c;

    (void)state;
    draw(&c);
    edge(&c, PHOTO, ARREST);
    edge(&c, CONSENT, RAID); /* back to the start: which was taken as such */
    take(&c, RAID);
    assert_false(is_taken(&c, ARREST));
    assert_false(is_taken(&c, ABOUT_ARREST));
    assert_true(is_taken(&c, RAID));
    wb_closure_wipe(&c);
}

static void
a_circle_ends(void **state)
{
    struct wb_closure c;

    (void)state;
    draw(&c);
    edge(&c, GUARDIAN, WITNESS);
    edge(&c, GUARDIAN, GUARDIAN);
    edge(&c, GUARDIAN, STRANGER);
    take(&c, RAID);
    assert_true(is_taken(&c, STRANGER));
    wb_closure_wipe(&c);
}

static void
a_reference_to_what_is_not_here_leads_nowhere(void **state)
{
    struct wb_closure c;

    (void)state;
    draw(&c);
    edge(&c, ABOUT_RAID, 1000);
    edge(&c, 2000, STRANGER);
    take(&c, RAID);
    assert_true(is_taken(&c, WITNESS));
    assert_false(is_taken(&c, STRANGER));
    wb_closure_wipe(&c);
}

static void
a_start_that_is_not_here_is_said(void **state)
{
    struct wb_id nobody = id_of(1000);
    struct wb_error e = {0};
    struct wb_closure c;

    (void)state;
    draw(&c);
    assert_int_equal(wb_closure_take(&c, &nobody, &e), WB_ERR_NOT_FOUND);
    assert_string_equal(e.message, "no such record to begin with");
    for (uint32_t i = RAID; i <= NODES; i++)
        assert_false(is_taken(&c, i));
    wb_closure_wipe(&c);
    wb_closure_init(&c);
    assert_int_equal(wb_closure_take(&c, &nobody, &e), WB_ERR_NOT_FOUND);
    wb_closure_wipe(&c);
}

static void
a_long_chain_is_followed_to_its_end(void **state)
{
    const struct wb_closure_node *n;
    struct wb_closure c;
    size_t taken = 0;

    (void)state;
    wb_closure_init(&c);
    for (uint32_t i = 0; i < CHAIN; i++) {
        node(&c, i, i == 0);
        edge(&c, i, i + 1);
    }
    take(&c, 0);
    for (size_t i = 0; (n = wb_closure_at(&c, i)) != NULL; i++)
        taken += n->taken;
    assert_int_equal(taken, CHAIN);
    wb_closure_wipe(&c);
}

/* ---- of a record ---- */

static struct wb_record *
statement(void)
{
    struct wb_draft *d = sample_draft("statement");

    sample_put(d, "witness", SAMPLE_ID_B);
    sample_put(d, "text", "They came at night.");
    return sample_record(d);
}

/* Its witness is needed for it, where it says who that is. */
static bool
takes_the_witness(const struct wb_record *r)
{
    struct wb_closure c;
    struct wb_closure_node witness = {.row = 1};
    struct wb_error e = {0};
    bool took;

    assert_true(wb_id_parse(&witness.id, SAMPLE_ID_B, 26));
    wb_closure_init(&c);
    wb_closure_record(&c, r);
    wb_closure_node(&c, &witness);
    assert_int_equal(wb_closure_take(&c, &r->id, &e), WB_OK);
    took = wb_closure_took(&c, &witness.id);
    witness.id.bytes[0] ^= 1;
    assert_false(wb_closure_took(&c, &witness.id)); /* it is not here */
    wb_closure_wipe(&c);
    return took;
}

static void
only_a_reference_that_can_be_read_leads_on(void **state)
{
    struct wb_record *r = statement();
    struct wb_value *value =
        wb_record_place(r, wb_field_find(wb_kind_find("statement"), "witness")->number)
            ->values;
    const struct wb_kind *known = r->table;

    (void)state;
    assert_true(takes_the_witness(r));
    r->table = NULL; /* of a newer schema: no reference is known */
    assert_false(takes_the_witness(r));
    r->table = known;
    value->text = "the mother"; /* stored, and no id */
    value->size = strlen(value->text);
    assert_false(takes_the_witness(r));
    value->state = WB_STATE_UNKNOWN;
    assert_false(takes_the_witness(r));
    sample_close(r, "witness");
    assert_false(takes_the_witness(r));
    wb_record_free(&r);
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
        cmocka_unit_test(what_belongs_to_an_incident_is_taken_along),
        cmocka_unit_test(what_a_witness_said_elsewhere_stays),
        cmocka_unit_test(another_incident_is_never_taken_by_following),
        cmocka_unit_test(a_circle_ends),
        cmocka_unit_test(a_reference_to_what_is_not_here_leads_nowhere),
        cmocka_unit_test(a_start_that_is_not_here_is_said),
        cmocka_unit_test(a_long_chain_is_followed_to_its_end),
        cmocka_unit_test(only_a_reference_that_can_be_read_leads_on),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
