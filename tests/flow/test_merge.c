/* tests/flow/test_merge.c - the same bundles in any order leave the same.
 *
 * Each run is a small random history of three authors, who amend, hand over, adopt and
 * pass on, one of them a stranger, and of bundles for two receivers, redacted at
 * random. The receivers take them in orders of their own, some twice. RUNS of them; the
 * environment's WB_MERGE_RUNS says otherwise (tools/check: 1,000). */
#include "people.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/change.h"

enum {
    RUNS = 25,
    AUTHORS = 3, /* the last one is the stranger */
    LEFT = 3,    /* the receivers */
    RIGHT = 4,
    STEPS = 10,
    BUNDLES_MAX = STEPS + 1,
    RECORDS = 3,
    LINES_MAX = 256,
    LINE_BYTES = 160,
};

static struct people p;
static struct wb_id records[RECORDS];
static struct {
    uint8_t *bytes;
    size_t size;
} kept[PEOPLE_MAX];
static uint64_t state;

static uint64_t
random_below(uint64_t bound)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % bound;
}

/* ---- what both began with ---- */

static const char *const told[] = {"text", "They came at six.", "text",
    "His brother opened.", "text", "They took him to the car.", "place", "his home",
    "remarks", "second-hand", NULL};

static int
setup(void **unused)
{
    (void)unused;
    people_make(&p, PEOPLE_MAX, AUTHORS - 1);
    for (size_t i = 0; i < RECORDS; i++)
        records[i] = people_add(&p, i % AUTHORS, "statement", told);
    for (size_t i = 0; i < PEOPLE_MAX; i++) {
        wb_vault_close(&p.v[i]);
        kept[i].bytes = room_read(p.path[i], &kept[i].size);
    }
    return 0;
}

static int
teardown(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < PEOPLE_MAX; i++)
        free(kept[i].bytes);
    people_sweep(&p);
    return 0;
}

static void
begin_again(void)
{
    for (size_t i = 0; i < PEOPLE_MAX; i++) {
        wb_vault_close(&p.v[i]);
        room_write(p.path[i], kept[i].bytes, kept[i].size);
        p.v[i] = room_open(p.path[i]);
    }
}

/* ---- a random history ---- */

struct bundles {
    char path[BUNDLES_MAX][ROOM_PATH_BYTES];
    size_t count;
};

static void
amend(size_t who, const struct wb_id *id)
{
    char text[64];
    struct wb_error e = {0};

    room_text(text, sizeof text, "Said again, %" PRIu64 ".", random_below(1000000));
    if (room_amend(p.v[who], id, text, &e) != WB_OK)
        assert_true(e.status == WB_ERR_POLICY || e.status == WB_ERR_NOT_FOUND);
}

/* Whatever foreign revision is the newest there. */
static void
adopt(size_t who, const struct wb_id *id)
{
    char root[WB_ROOT_TEXT_BYTES];
    struct wb_record *r = NULL;
    struct wb_saved saved;
    struct wb_error e = {0};

    if (wb_record_load(p.v[who], &r, id, &e) != WB_OK)
        return;
    for (size_t i = 0; i < WB_ROOT_BYTES; i++)
        (void)snprintf(root + 2 * i, 3, "%02x", wb_record_root(r)[i]);
    assert_in_set(wb_adopt(p.v[who], id, root, &saved, &e),
        ((const unsigned long[]){WB_OK, WB_ERR_USAGE}), 2); /* it may be theirs */
    wb_record_free(&r);
}

static bool
has(size_t who, const struct wb_id *id)
{
    struct wb_record *r = NULL;
    const bool found = wb_record_load(p.v[who], &r, id, NULL) == WB_OK;

    wb_record_free(&r);
    return found;
}

static void
send(struct bundles *b, size_t who, const struct wb_id *id)
{
    static const char *const choices[][3] = {{NULL}, {"text.1", NULL},
        {"text.2", "place", NULL}, {"remarks", NULL}, {"text", NULL}};
    static const size_t to[] = {LEFT, RIGHT};
    const size_t choice = random_below(sizeof choices / sizeof choices[0]);

    if (!has(who, id))
        id = &records[who];
    people_send_to(&p, who, to, 2, id, choices[choice], b->path[b->count++]);
}

static void
step(struct bundles *b)
{
    const size_t who = random_below(AUTHORS), other = random_below(AUTHORS);
    const struct wb_id *id = &records[random_below(RECORDS)];

    switch (random_below(5)) {
    case 0:
        amend(who, id);
        break;
    case 1:
        adopt(who, id);
        amend(who, id);
        break;
    case 2:
        if (who != other)
            people_hand(&p, who, other, NULL, NULL);
        break;
    default:
        send(b, who, id);
        break;
    }
}

/* ---- what a vault holds of it ---- */

struct line {
    char text[LINE_BYTES];
};
struct holding {
    struct line lines[LINES_MAX];
    size_t count;
};

static int
compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void
put(struct holding *h, const struct wb_id *id, const uint8_t *root, const char *word,
    uint64_t number)
{
    char text[WB_ID_TEXT_BYTES], hex[WB_ROOT_TEXT_BYTES];

    wb_id_text(text, id);
    for (size_t i = 0; i < WB_ROOT_BYTES; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", root[i]);
    assert_true(h->count < LINES_MAX);
    room_text(h->lines[h->count++].text, LINE_BYTES, "%s %s %s %" PRIu64, text, hex,
        word, number);
}

/* A head is named by no other revision: what a fork has two of. */
static bool
is_head(size_t who, const struct wb_record *of)
{
    struct wb_error e = {0};
    uint64_t row;
    bool head = true;

    for (uint32_t n = 0; wb_rows_lookup(p.v[who], &row, &of->id, n, &e) == WB_OK; n++) {
        struct wb_record *r = NULL;

        assert_int_equal(wb_custody_open_row(p.v[who], &r, row, &e), WB_OK);
        for (size_t i = 0; i < r->previous_count; i++)
            head = head && memcmp(r->previous[i], of->root, WB_ROOT_BYTES) != 0;
        wb_record_free(&r);
    }
    return head;
}

static void
look(struct holding *h, size_t who)
{
    struct wb_error e = {0};
    uint64_t row = 0;

    h->count = 0;
    while (wb_rows_next(p.v[who], &row, &e) == WB_OK) {
        struct wb_record *r = NULL;

        assert_int_equal(wb_custody_open_row(p.v[who], &r, row, &e), WB_OK);
        if (strcmp(r->kind, "statement") == 0) {
            assert_true(r->foreign && !r->adopted);
            put(h, &r->id, r->root, "withheld", wb_record_withheld(r));
            put(h, &r->id, r->root, "trust", r->provenance.trust);
            if (is_head(who, r))
                put(h, &r->id, r->root, "head", 1);
        }
        wb_record_free(&r);
    }
    qsort(h->lines, h->count, sizeof h->lines[0], compare);
}

/* ---- any order, any subset first, some twice ---- */

static void
take_all(size_t who, const struct bundles *b)
{
    size_t order[BUNDLES_MAX];

    for (size_t i = 0; i < b->count; i++)
        order[i] = i;
    for (size_t i = b->count; i > 1; i--) {
        const size_t k = random_below(i), at = order[k];

        order[k] = order[i - 1];
        order[i - 1] = at;
    }
    for (size_t i = 0; i < b->count; i++) {
        people_take(&p, who, b->path[order[i]]);
        if (random_below(3) == 0)
            people_take(&p, who, b->path[order[random_below(i + 1)]]);
    }
}

struct reached {
    unsigned revisions, heads, withheld, unverified;
};

static void
count(struct reached *n, const struct holding *h)
{
    for (size_t i = 0; i < h->count; i++) {
        const char *text = h->lines[i].text;

        n->revisions += strstr(text, " trust ") != NULL;
        n->heads += strstr(text, " head ") != NULL;
        n->withheld +=
            strstr(text, " withheld ") != NULL && strstr(text, " withheld 0") == NULL;
        n->unverified += strstr(text, " trust 2") != NULL;
    }
}

static void
run_once(uint64_t run, struct reached *n)
{
    static struct holding left, right;
    struct bundles b = {.count = 0};

    state = (run + 1) * 0x9e3779b97f4a7c15U;
    begin_again();
    for (size_t i = 0; i < STEPS; i++)
        step(&b);
    send(&b, random_below(AUTHORS), &records[random_below(RECORDS)]);
    take_all(LEFT, &b);
    take_all(RIGHT, &b);
    look(&left, LEFT);
    look(&right, RIGHT);
    for (size_t i = 0; i < left.count || i < right.count; i++)
        if (i >= left.count || i >= right.count ||
            strcmp(left.lines[i].text, right.lines[i].text) != 0)
            fail_msg("run %" PRIu64 ": '%s' and '%s'", run,
                i < left.count ? left.lines[i].text : "nothing",
                i < right.count ? right.lines[i].text : "nothing");
    count(n, &left);
    for (size_t i = 0; i < b.count; i++)
        assert_int_equal(remove(b.path[i]), 0);
}

static void
the_same_bundles_in_any_order_leave_the_same(void **unused)
{
    const char *wanted = getenv("WB_MERGE_RUNS");
    const uint64_t runs = wanted == NULL ? RUNS : strtoull(wanted, NULL, 10);
    struct reached n = {0};

    (void)unused;
    for (uint64_t run = 0; run < runs; run++)
        run_once(run, &n);
    people_assert_sound(&p);
    print_message("merge: %" PRIu64 " runs, %u revisions, %u heads, %u with something "
                  "withheld, %u of the stranger\n",
        runs, n.revisions, n.heads, n.withheld, n.unverified);
    counted(runs, "random histories of bundles");
    assert_true(runs >= RUNS);
    assert_true(n.revisions > 2 * runs && n.revisions > n.heads);
    assert_true(n.withheld > runs / 4 && n.unverified > runs / 8);
    assert_true(n.heads > runs);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bundles_in_any_order_leave_the_same),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
