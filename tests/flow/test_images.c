/* tests/flow/test_images.c - who images a locked vault twice sees which rows are new,
 * gone or other, and nothing else: measured for each deed. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "deeds.h"

/* The tables of a vault, and what their rows are told apart by. */
static const struct {
    const char *name, *key, *value;
} tables[] = {
    {"header", "id", "body"},
    {"state", "id", "sealed"},
    {"wraps", "row", "wrap"},
    {"bodies", "row", "body"},
    {"lookups", "tag", "row"},
    {"chunks", "row", "box"},
    {"log", "row", "sealed"},
    {"nodes", "row", "sealed"},
    {"heads", "row", "sealed"},
    {"drafts", "row", "sealed"},
    {"pages", "row", "sealed"},
    {"staging", "tag", "sealed"},
};

/* What the second image shows against the first: "table +new -gone ~other" for each
 * table where there is any. This is the whole of it, so it is what SECURITY.md says. */
/* clang-format off */
static const struct {
    const char *deed, *seen;
} expected[] = {
    {"unlock",            ""},
    {"list",              ""},
    {"verify",            ""},
    {"inspect",           ""},
    {"add",               "state ~1, wraps +1, bodies +1, lookups +1, log +1, nodes +1"},
    {"amend",             "state ~1, wraps +1, bodies +1, lookups +1, log +1, nodes +1"},
    {"attach",            "state ~1, wraps +1, bodies +1, lookups +1, chunks +3, log +1, nodes +1"},
    {"shred",             "state ~1, wraps -1, bodies -1, lookups -1, log +1, nodes +1, pages -12"},
    {"shred from index",  "state ~1, wraps -1, bodies -1, lookups -1, log +1, nodes +1, pages ~8"},
    {"index",             "state ~1, pages +12"},
    {"seal",              "state ~1, drafts +1 -1"},
    {"change passphrase", "header ~1, state ~1, log +1, nodes +1"},
    {"add passphrase",    "header ~1, state ~1, log +1, nodes +1"},
};
/* clang-format on */

static long
count(sqlite3 *db, const char *format, ...)
{
    sqlite3_stmt *s = NULL;
    char *sql;
    va_list args;
    long n;

    va_start(args, format);
    sql = sqlite3_vmprintf(format, args);
    va_end(args);
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    n = (long)sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    sqlite3_free(sql);
    return n;
}

/* The first image is `old` in the same connection. */
static sqlite3 *
both(const char *first, const char *second)
{
    sqlite3 *db = NULL;
    char *sql = sqlite3_mprintf("ATTACH %Q AS old", first);

    assert_int_equal(sqlite3_open_v2(second, &db, SQLITE_OPEN_READWRITE, "unix"), 0);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_free(sql);
    return db;
}

static void
append(char *out, size_t size, const char *what, long n)
{
    size_t used = strlen(out);

    if (n > 0)
        (void)snprintf(out + used, size - used, " %s%ld", what, n);
}

static void
compare(char *seen, size_t size, sqlite3 *db)
{
    static const char not_in[] = "SELECT count(*) FROM %s.%s WHERE %s NOT IN "
                                 "(SELECT %s FROM %s.%s)";

    seen[0] = '\0';
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        const char *t = tables[i].name, *k = tables[i].key, *v = tables[i].value;
        char line[128] = "";

        append(line, sizeof line, "+", count(db, not_in, "main", t, k, k, "old", t));
        append(line, sizeof line, "-", count(db, not_in, "old", t, k, k, "main", t));
        append(line, sizeof line, "~",
            count(db,
                "SELECT count(*) FROM main.%s a JOIN old.%s b ON a.%s = b.%s "
                "WHERE a.%s <> b.%s",
                t, t, k, k, v, v));
        if (line[0] != '\0')
            (void)snprintf(seen + strlen(seen), size - strlen(seen), "%s%s%s",
                seen[0] == '\0' ? "" : ", ", t, line);
    }
}

static void
two_images_show_which_rows_changed_and_nothing_else(void **state)
{
    char seen[512];

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const struct deed *d = deed_find(expected[i].deed);
        const char *vault = stage_vault(&stage, d->vaults[0]);
        struct wb_error e = {0};
        sqlite3 *db;

        stage_reset(&stage);
        room_copy(vault, stage.copy);
        if (deed_run(d, &stage, &e) != WB_OK)
            fail_msg("%s: %s", d->name, e.message);
        db = both(stage.copy, vault);
        compare(seen, sizeof seen, db);
        sqlite3_close(db);
        print_message("%-18s %s\n", d->name, seen);
        assert_string_equal(seen, expected[i].seen);
    }
}

/* Rows of a table that are not padded have one length; the others a padded one. */
static void
sizes_tell_only_what_padding_leaves(void **state)
{
    sqlite3 *db;

    (void)state;
    stage_reset(&stage);
    db = both(stage.b, stage.a);
    assert_int_equal(count(db, "SELECT count(DISTINCT length(wrap)) FROM wraps"), 1);
    assert_int_equal(count(db, "SELECT count(DISTINCT length(tag)) FROM lookups"), 1);
    assert_int_equal(count(db, "SELECT count(DISTINCT length(sealed)) FROM state"), 1);
    assert_int_equal(
        count(db, "SELECT count(*) FROM bodies WHERE length(body) < 256 + 40"), 0);
    assert_int_equal(count(db,
                         "SELECT count(*) FROM bodies a JOIN old.bodies b "
                         "ON a.body = b.body"),
        0);
    sqlite3_close(db);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            two_images_show_which_rows_changed_and_nothing_else, stage_set_up,
            stage_tear_down),
        cmocka_unit_test_setup_teardown(
            sizes_tell_only_what_padding_leaves, stage_set_up, stage_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
