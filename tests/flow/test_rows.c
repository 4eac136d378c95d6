/* tests/flow/test_rows.c - every row that is taken, moved, doubled, put back or brought
 * from another vault is refused or named by its class. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <witnessbox/destroy.h>

#include "query/gate.h"
#include "room.h"
#include "store/shim.h"
#include "store/store.h"

enum { FILE_BYTES = 300000 }; /* two chunks */

static struct room room;

static int
setup(void **state)
{
    (void)state;
    room_quick_keys();
    room_make(&room);
    room_vault(&room);
    room_fill(&room, FILE_BYTES);
    room_index(room.vault);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    room_sweep(&room);
    return 0;
}

struct table {
    const char *name, *key, *value; /* value: the column that is moved about */
    /* classes of problem; NULL: refused before verify */
    const char *gone, *moved, *more, *foreign;
    unsigned rows; /* at least that many are reached */
};

/* clang-format off */
static const struct table tables[] = {
    {"header",  "id",  "body",   NULL,          NULL,              NULL,          NULL,            1},
    {"state",   "id",  "sealed", NULL,          NULL,              "count",       NULL,            1},
    {"wraps",   "row", "wrap",   "row missing", "row foreign",     "row foreign", "row altered",   6},
    {"bodies",  "row", "body",   "row missing", "row altered",     "count",       "row altered",   6},
    {"lookups", "tag", "row",    "lookup",      "lookup",          "count",       "lookup",        6},
    {"chunks",  "row", "box",    "chunk ",      "chunk reordered", "chunk",       "chunk altered", 2},
    {"log",     "row", "sealed", "log gap",     "log altered",     "count",       "log altered",   7},
    {"nodes",   "row", "sealed", "log gap",     "log altered",     "count",       "log altered",   7},
    {"drafts",  "row", "sealed", "count",       "draft",           "count",       "draft",         2},
    {"pages",   "row", "sealed", "count",       "index",           "count",       "index",         10},
    {"sqlite_sequence", "name", "seq", "count", "count",           "count",       "count",         2},
};
/* clang-format on */
enum { TABLES = sizeof tables / sizeof tables[0] };

static void
run(sqlite3 *db, const char *sql)
{
    char *why = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
}

static sqlite3 *
open_plain(const char *path)
{
    sqlite3 *db;

    assert_int_equal(wb_shim_start(NULL), WB_OK);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    run(db, "PRAGMA synchronous = OFF; PRAGMA writable_schema = 1");
    return db;
}

/* The keys of a table as SQL literals, one by one. */
static void
each_key(
    const char *path, const struct table *t, unsigned *count, char keys[static 16][64])
{
    sqlite3 *db = open_plain(path);
    sqlite3_stmt *s;
    char sql[160];

    room_text(sql, sizeof sql, "SELECT quote(%s) FROM %s ORDER BY 1", t->key, t->name);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    for (*count = 0; sqlite3_step(s) == SQLITE_ROW && *count < 16; ++*count)
        room_text(keys[*count], 64, "%s", (const char *)sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    sqlite3_close(db);
}

/* Does it to a fresh copy of the vault and demands that the class is named. */
static void
assert_named(const uint8_t *bytes, size_t size, const char *sql, const char *class)
{
    struct room_finding f;
    sqlite3 *db;

    room_write(room.vault, bytes, size);
    db = open_plain(room.vault);
    run(db, sql);
    sqlite3_close(db);
    room_examine(&f, room.vault);
    if (!room_is_named(&f))
        fail_msg("%s: nobody noticed", sql);
    if (class == NULL)
        assert_true(f.verified != WB_OK);
    else if (strncmp(f.said, class, strlen(class)) != 0 &&
        strstr(f.said, class) == NULL)
        fail_msg("%s: is not called `%s`: %s", sql, class, f.said);
}

/* What is done to every row, or to every pair of rows of a table. */
struct edit {
    const char *what;
    /* Writes nothing where there is nothing to do; `other` is NULL but of a pair. */
    void (*sql)(char out[static 512], const struct table *t, const char *key,
        const char *other);
    const char *(*class)(const struct table *t);
    bool pairs;
    unsigned least; /* how often it is done at the least */
};

static unsigned
edit_one(const struct edit *d, const struct table *t, const char *key,
    const char *other, const uint8_t *bytes, size_t size)
{
    char text[512] = "";

    d->sql(text, t, key, other);
    if (text[0] == '\0')
        return 0;
    assert_named(bytes, size, text, d->class(t));
    return 1;
}

static unsigned
edit_table(
    const struct edit *d, const struct table *t, const uint8_t *bytes, size_t size)
{
    char keys[16][64];
    unsigned count, reached = 0;

    each_key(room.vault, t, &count, keys);
    if (count < t->rows)
        fail_msg("%s: only %u rows", t->name, count);
    for (unsigned n = 0; n < count; n++) {
        if (!d->pairs)
            reached += edit_one(d, t, keys[n], NULL, bytes, size);
        for (unsigned m = n + 1; d->pairs && m < count; m++)
            reached += edit_one(d, t, keys[n], keys[m], bytes, size);
    }
    room_write(room.vault, bytes, size);
    return reached;
}

static void
edit_all(const struct edit *d)
{
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size);
    unsigned reached = 0;

    for (size_t i = 0; i < TABLES; i++)
        reached += edit_table(d, &tables[i], bytes, size);
    free(bytes);
    counted(reached, d->what);
    assert_true(reached >= d->least);
}

static void
delete_row(
    char out[static 512], const struct table *t, const char *key, const char *other)
{
    (void)other;
    room_text(out, 512, "DELETE FROM %s WHERE %s = %s", t->name, t->key, key);
}

static void
swap_rows(
    char out[static 512], const struct table *t, const char *key, const char *other)
{
    room_text(out, 512,
        "CREATE TEMP TABLE a AS SELECT %s AS x FROM %s WHERE %s = %s;"
        "UPDATE %s SET %s = (SELECT %s FROM %s WHERE %s = %s) WHERE %s = %s;"
        "UPDATE %s SET %s = (SELECT x FROM a) WHERE %s = %s;",
        t->value, t->name, t->key, key, t->name, t->value, t->value, t->name, t->key,
        other, t->key, key, t->name, t->value, t->key, other);
}

/* Another row with the same content: its key plus 2, as no row has it near the end. */
static void
double_row(
    char out[static 512], const struct table *t, const char *key, const char *next)
{
    const char *other = strcmp(t->name, "lookups") == 0 ? "zeroblob(16)"
        : strcmp(t->name, "sqlite_sequence") == 0       ? "name"
                                                        : NULL;
    const char *epoch = strcmp(t->name, "log") == 0 || strcmp(t->name, "nodes") == 0 ||
            strcmp(t->name, "drafts") == 0 || strcmp(t->name, "pages") == 0
        ? ", epoch"
        : "";
    char shifted[128];

    (void)next;
    room_text(shifted, sizeof shifted, "%s + 1000", t->key);
    room_text(out, 512,
        "INSERT INTO %s(%s, %s%s) SELECT %s, %s%s FROM %s WHERE %s = %s", t->name,
        t->key, t->value, epoch, other == NULL ? shifted : other, t->value, epoch,
        t->name, t->key, key);
}

/* The row of the other vault that has the same key; of lookups, any. */
static void
transplant_row(
    char out[static 512], const struct table *t, const char *key, const char *other)
{
    (void)other;
    if (strcmp(t->name, "sqlite_sequence") == 0)
        return; /* the same there */
    if (strcmp(t->name, "lookups") == 0)
        room_text(out, 512,
            "ATTACH '%s/foreign' AS f; UPDATE main.lookups SET tag = (SELECT o.tag "
            "FROM f.lookups o LIMIT 1) WHERE tag = %s",
            room.folder, key);
    else
        room_text(out, 512,
            "ATTACH '%s/foreign' AS f; UPDATE main.%s SET %s = (SELECT o.%s FROM f.%s "
            "o WHERE o.%s = %s) WHERE %s = %s",
            room.folder, t->name, t->value, t->value, t->name, t->key, key, t->key,
            key);
}

static const char *
when_gone(const struct table *t)
{
    return t->gone;
}

static const char *
when_moved(const struct table *t)
{
    return t->moved;
}

static const char *
when_foreign(const struct table *t)
{
    return t->foreign;
}

static const char *
when_more(const struct table *t)
{
    return t->more;
}

static void
every_deleted_row_is_named(void **state)
{
    static const struct edit deleted = {
        "rows deleted", delete_row, when_gone, false, 38};

    (void)state;
    edit_all(&deleted);
}

static void
every_swapped_pair_of_rows_is_named(void **state)
{
    static const struct edit swapped = {
        "pairs of rows swapped", swap_rows, when_moved, true, 147};

    (void)state;
    edit_all(&swapped);
}

static void
every_doubled_row_is_named(void **state)
{
    static const struct edit doubled = {
        "rows doubled", double_row, when_more, false, 38};

    (void)state;
    edit_all(&doubled);
}

/* The same records in the same order, by somebody else. */
static void
every_transplanted_row_is_named(void **state)
{
    static const struct edit transplanted = {
        "rows transplanted", transplant_row, when_foreign, false, 36};
    struct room other;
    char path[ROOM_PATH_BYTES];

    (void)state;
    room_make(&other);
    room_vault(&other);
    room_fill(&other, FILE_BYTES);
    room_index(other.vault);
    room_path(path, &room, "foreign");
    room_copy(other.vault, path);
    room_sweep(&other);
    edit_all(&transplanted);
}

/* Puts one row back as it was in the file `old`; true when that is a difference. */
static bool
put_back(const char *old, const struct table *t, const char *key)
{
    char sql[1024];
    sqlite3 *db;
    int changes;

    room_text(sql, sizeof sql,
        "ATTACH '%s' AS f; UPDATE main.%s AS m SET %s = (SELECT o.%s FROM "
        "f.%s o WHERE o.%s = m.%s) WHERE m.%s = %s AND m.%s <> (SELECT o.%s "
        "FROM f.%s o WHERE o.%s = m.%s)",
        old, t->name, t->value, t->value, t->name, t->key, t->key, t->key, key,
        t->value, t->value, t->name, t->key, t->key);
    db = open_plain(room.vault);
    run(db, sql);
    changes = sqlite3_changes(db);
    sqlite3_close(db);
    return changes == 1;
}

/* Rows are written once: only the state and the row numbers have an older self. */
static void
every_older_self_of_a_row_is_named(void **state)
{
    const char *const fields[] = {"title", "Later", NULL};
    char old[ROOM_PATH_BYTES], keys[16][64];
    struct wb_vault *v;
    struct room_finding *f = malloc(sizeof *f);
    size_t size;
    uint8_t *bytes;
    unsigned count, reached = 0, same = 0;

    (void)state;
    assert_non_null(f);
    room_path(old, &room, "foreign");
    room_copy(room.vault, old);
    v = room_open(room.vault);
    assert_int_equal(room_add(v, NULL, NULL, "incident", fields), WB_OK);
    assert_int_equal(room_amend(v, &room.statement, "And then.", NULL), WB_OK);
    wb_vault_close(&v);
    bytes = room_read(room.vault, &size);
    for (size_t i = 0; i < TABLES; i++) {
        each_key(old, &tables[i], &count, keys);
        for (unsigned n = 0; n < count; n++) {
            bool differs;

            room_write(room.vault, bytes, size);
            differs = put_back(old, &tables[i], keys[n]);
            room_examine(f, room.vault);
            assert_int_equal(room_is_named(f), differs);
            reached += differs;
            same += !differs;
        }
    }
    free(bytes);
    free(f);
    counted(reached, "rows put back");
    assert_int_equal(reached, 3);
    assert_true(same >= 35);
}

static void
a_row_in_a_table_that_is_empty_is_named(void **state)
{
    static const char *const rows[] = {
        "INSERT INTO heads VALUES(1, 0, zeroblob(200))",
        "INSERT INTO drafts VALUES(9, 0, zeroblob(200))",
        "INSERT INTO pages VALUES(1000, 0, zeroblob(200))",
        "INSERT INTO staging VALUES(zeroblob(16), zeroblob(200))",
        "INSERT INTO chunks VALUES(5 << 24, zeroblob(200))",
        "INSERT INTO chunks VALUES((1 << 24) + 2, zeroblob(200))",
        "UPDATE log SET epoch = 1 WHERE row = 3",
        "UPDATE nodes SET epoch = -1 WHERE row = 3",
        "UPDATE log SET epoch = 'x' || epoch WHERE row = 3",
        "UPDATE bodies SET body = body || x'00' WHERE row = 3",
        "UPDATE wraps SET wrap = '' WHERE row = 3",
        "UPDATE lookups SET row = 9 WHERE row = 3",
        "UPDATE lookups SET row = '3x' WHERE row = 3",
        "UPDATE log SET epoch = x'' WHERE row = 3",
        "UPDATE wraps SET wrap = CAST(wrap AS TEXT) WHERE row = 3",
        "UPDATE log SET sealed = CAST(sealed AS TEXT) WHERE row = 3",
        "UPDATE chunks SET box = CAST(box AS TEXT) WHERE row = 1 << 24",
    };
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_named(bytes, size, rows[i], " | ");
    free(bytes);
}

/* ---- what somebody meets who does not run verify first ---- */

static void
change_file(const char *sql)
{
    sqlite3 *db = open_plain(room.vault);

    run(db, sql);
    sqlite3_close(db);
}

static uint64_t
row_of(const struct wb_id *id, uint32_t ordinal)
{
    struct wb_vault *v = room_open(room.vault);
    uint64_t row = 0;

    assert_int_equal(wb_rows_lookup(v, &row, id, ordinal, NULL), WB_OK);
    wb_vault_close(&v);
    return row;
}

static void
assert_not_loaded(struct wb_vault *v, const struct wb_id *id, const char *words)
{
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_record_load(v, &r, id, &e), WB_ERR_INTEGRITY);
    assert_null(r);
    assert_non_null(strstr(e.message, words));
    room_assert_line(&e);
}

/* The row that a lookup names lies open: who has the file can lead an id to the record
 * of another one. */
static void
a_lookup_that_leads_elsewhere_shows_and_destroys_nothing(void **state)
{
    const unsigned long long a = row_of(&room.statement, 0);
    const unsigned long long b = row_of(&room.person, 0);
    struct wb_shredded done = {0};
    struct wb_record *r = NULL;
    struct wb_error e = {0};
    struct wb_vault *v;
    char sql[160];

    (void)state;
    room_text(sql, sizeof sql, "UPDATE lookups SET row = %llu WHERE row = %llu", b, a);
    change_file(sql);
    v = room_open(room.vault);
    assert_not_loaded(v, &room.statement, "leads to another record");
    assert_int_equal(
        wb_shred(v, &room.statement, "asked for", &done, &e), WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "leads to another record"));
    assert_int_equal(done.revisions, 0);
    assert_int_equal(wb_record_load(v, &r, &room.person, &e), WB_OK);
    wb_record_free(&r);
    wb_vault_close(&v);
}

static void
a_revision_that_was_taken_out_does_not_leave_the_one_before(void **state)
{
    const struct wb_gate_request partner = {
        .purpose = "partner", .level = WB_LEVEL_NAMED};
    const unsigned long long row = row_of(&room.other, 1);
    struct wb_gate g = {0};
    struct wb_error e = {0};
    struct wb_vault *v;
    char sql[160];

    (void)state;
    room_text(sql, sizeof sql,
        "DELETE FROM wraps WHERE row = %llu; DELETE FROM bodies WHERE row = %llu", row,
        row);
    change_file(sql);
    v = room_open(room.vault);
    assert_not_loaded(v, &room.other, "missing");
    assert_int_equal(wb_gate_open(&g, v, &partner, &e), WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "one of them may say no"));
    wb_gate_wipe(&g);
    wb_vault_close(&v);
}

static bool
pass_over(void *cookie, const struct wb_record *r)
{
    (void)cookie;
    (void)r;
    return true;
}

/* Two pointers of a page exchanged: "the next row" then leads back, for ever. */
static void
rows_out_of_order_end_every_walk(void **state)
{
    enum { WRAPS_PAGE = 4, PAGE_BYTES = 16384, AT_POINTERS = 8 };
    struct wb_list_filter filter = {0};
    struct room_finding f;
    struct wb_error e = {0};
    struct wb_vault *v;
    struct wb_id id;
    uint64_t damaged;
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size);
    uint8_t *at = bytes + (WRAPS_PAGE - 1) * PAGE_BYTES + AT_POINTERS, kept[2];

    (void)state;
    for (int pair = 0; pair < 5; pair++) {
        uint8_t *one = at + 2 * pair;

        memcpy(kept, one, 2);
        memcpy(one, one + 2, 2);
        memcpy(one + 2, kept, 2);
        room_write(room.vault, bytes, size);
        memcpy(one + 2, one, 2);
        memcpy(one, kept, 2);
        (void)alarm(30); /* kills the test that goes in a circle */
        room_examine(&f, room.vault);
        assert_true(room_is_named(&f));
        v = room_open(room.vault);
        (void)!wb_list(v, &filter, pass_over, NULL, &damaged, &e);
        (void)!wb_find(v, &id, "0000", &e);
        wb_vault_close(&v);
        (void)alarm(0);
    }
    free(bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_deleted_row_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(
            every_swapped_pair_of_rows_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(every_doubled_row_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(
            every_transplanted_row_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(
            every_older_self_of_a_row_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_row_in_a_table_that_is_empty_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(
            rows_out_of_order_end_every_walk, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_lookup_that_leads_elsewhere_shows_and_destroys_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_revision_that_was_taken_out_does_not_leave_the_one_before, setup,
            teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
