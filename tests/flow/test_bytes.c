/* tests/flow/test_bytes.c - every byte that is changed and every row that is taken,
 * moved or brought from elsewhere is refused or named; what is not, changes nothing. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "room.h"
#include "store/shim.h"

enum {
    PAGE_BYTES = 16384,
    FILE_BYTES = 300000, /* two chunks */
    FILE_HEAD_BYTES = 100,
    LEAF_TABLE = 13,
    LEAF_INDEX = 10,
    INTERIOR_TABLE = 5,
};

static struct room room;

static int
setup(void **state)
{
    (void)state;
    room_quick_keys();
    room_make(&room);
    room_vault(&room);
    room_fill(&room, FILE_BYTES);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    room_sweep(&room);
    return 0;
}

/* ---- what a byte of the file is for ---- */

static unsigned
number(const uint8_t *at, unsigned bytes)
{
    unsigned value = 0;

    while (bytes-- > 0)
        value = value << 8 | *at++;
    return value;
}

/* Bytes of the file's head that say nothing of the content: SQLite file format 1.3. */
static const char *
class_of_head(size_t at)
{
    static const struct {
        size_t from, to;
        const char *class;
    } idle[] = {
        {24, 28, "change counter"},
        {28, 32, "size in pages, when the counters differ"},
        {40, 44, "schema cookie"},
        {48, 52, "suggested cache size"},
        {72, 92, "reserved for expansion"},
        {92, 96, "counter that the size is valid for"},
        {96, 100, "version of SQLite that wrote it"},
    };

    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++)
        if (at >= idle[i].from && at < idle[i].to)
            return idle[i].class;
    return NULL;
}

/* Free space inside a page: between the cell pointers and the first cell, and in the
 * chain of freed blocks (file format 1.6). */
static const char *
class_of_cell(const uint8_t *page, size_t start, size_t at)
{
    const uint8_t *head = page + start;
    const size_t head_bytes = head[0] == INTERIOR_TABLE ? 12 : 8;
    const size_t gap = start + head_bytes + 2 * (size_t)number(head + 3, 2);
    size_t block = number(head + 1, 2);

    if (head[0] != LEAF_TABLE && head[0] != LEAF_INDEX && head[0] != INTERIOR_TABLE)
        return NULL;
    if (at >= gap && at < number(head + 5, 2))
        return "unused space of a page";
    for (; block != 0 && block + 4 <= PAGE_BYTES; block = number(page + block, 2))
        if (at >= block + 4 && at < block + number(page + block + 2, 2))
            return "a freed block of a page";
    return NULL;
}

/* Pages that are not the roots of tables hold chunks: overflow pages, or leaves below
 * an interior root. Free ones are on the list of free pages. */
struct layout {
    uint8_t *bytes;
    size_t size;
    uint8_t is_free[256], is_overflow[256];
};

static void
follow_free_pages(struct layout *l)
{
    unsigned trunk = number(l->bytes + 32, 4);

    while (trunk != 0) {
        const uint8_t *page = l->bytes + (size_t)(trunk - 1) * PAGE_BYTES;

        l->is_free[trunk] = 1;
        for (unsigned i = 0; i < number(page + 4, 4); i++)
            l->is_free[number(page + 8 + 4 * i, 4)] = 1;
        trunk = number(page, 4);
    }
}

static const char *
class_of(const struct layout *l, size_t at)
{
    const size_t page = at / PAGE_BYTES;
    const size_t start = page == 0 ? FILE_HEAD_BYTES : 0;

    if (at < FILE_HEAD_BYTES)
        return class_of_head(at);
    if (l->is_free[page + 1])
        return "a free page";
    if (l->is_overflow[page + 1])
        return "the unused end of an overflow page";
    return class_of_cell(l->bytes + page * PAGE_BYTES, start, at % PAGE_BYTES);
}

static void
read_layout(struct layout *l)
{
    memset(l, 0, sizeof *l);
    l->bytes = room_read(room.vault, &l->size);
    assert_true(l->size / PAGE_BYTES < sizeof l->is_free);
    follow_free_pages(l);
    /* beyond the roots: an overflow page begins with the number of the next one */
    for (size_t page = 15; page <= l->size / PAGE_BYTES; page++) {
        const uint8_t *at = l->bytes + (page - 1) * PAGE_BYTES;

        l->is_overflow[page] = number(at, 4) <= l->size / PAGE_BYTES;
    }
}

/* ---- flipping ---- */

struct tally {
    unsigned reached, refused, named, harmless;
    const char *classes[16];
    unsigned in_class[16];
};

static void
count_class(struct tally *t, const char *class)
{
    size_t i = 0;

    while (t->classes[i] != NULL && strcmp(t->classes[i], class) != 0)
        i++;
    assert_true(i < 15);
    t->classes[i] = class;
    t->in_class[i]++;
}

/* Not named: then it is a byte that may differ, and what is shown is the same. */
static void
assert_harmless(struct tally *t, const struct layout *l, size_t at,
    const uint8_t content[static ROOM_PRINT_BYTES])
{
    const char *class = class_of(l, at);
    uint8_t seen[ROOM_PRINT_BYTES];
    struct wb_vault *v;

    if (class == NULL)
        fail_msg("byte %zu (page %zu, byte %zu): nobody noticed", at,
            at / PAGE_BYTES + 1, at % PAGE_BYTES);
    v = room_open(room.vault);
    assert_int_equal(room_content(v, seen, NULL), WB_OK);
    wb_vault_close(&v);
    assert_memory_equal(seen, content, sizeof seen);
    count_class(t, class);
    t->harmless++;
}

static void
flip_one(struct tally *t, const struct layout *l, int fd, size_t at,
    const uint8_t content[static ROOM_PRINT_BYTES])
{
    const uint8_t changed = l->bytes[at] ^ (uint8_t)(1u << (at % 8));
    struct room_finding f;

    assert_int_equal(pwrite(fd, &changed, 1, (off_t)at), 1);
    room_examine(&f, room.vault);
    t->reached++;
    if (f.opened != WB_OK || f.unlocked != WB_OK || f.verified != WB_OK)
        t->refused++;
    else if (f.counts.problems > 0)
        t->named++;
    else
        assert_harmless(t, l, at, content);
    assert_int_equal(pwrite(fd, &l->bytes[at], 1, (off_t)at), 1);
}

/* How far to go on after this byte: idle space and chunks in long steps. */
static size_t
stride(const struct layout *l, size_t at)
{
    if (getenv("WB_EXHAUSTIVE") != NULL)
        return 1;
    if (at < FILE_HEAD_BYTES)
        return 1;
    if (class_of(l, at) != NULL || at >= 14 * PAGE_BYTES)
        return 997;
    return 23;
}

static void
one_flipped_byte_is_refused_or_named_or_harmless(void **state)
{
    uint8_t content[ROOM_PRINT_BYTES];
    struct tally t = {0};
    struct layout *l = malloc(sizeof *l);
    struct wb_vault *v = room_open(room.vault);
    size_t size;
    uint8_t *after;
    int fd;

    (void)state;
    assert_non_null(l);
    assert_int_equal(room_content(v, content, NULL), WB_OK);
    wb_vault_close(&v);
    read_layout(l);
    fd = open(room.vault, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    for (size_t at = 0; at < l->size; at += stride(l, at))
        flip_one(&t, l, fd, at, content);
    close(fd);
    print_message("%u of %zu bytes flipped: %u refused, %u named, %u harmless\n",
        t.reached, l->size, t.refused, t.named, t.harmless);
    for (size_t i = 0; t.classes[i] != NULL; i++)
        print_message("  harmless: %u in %s\n", t.in_class[i], t.classes[i]);
    assert_true(t.reached >= 1500);
    assert_true(t.refused >= 100 && t.named >= 100);
    after = room_read(room.vault, &size);
    assert_int_equal(size, l->size);
    assert_memory_equal(after, l->bytes, size);
    free(after);
    free(l->bytes);
    free(l);
}

/* ---- rows ---- */

struct table {
    const char *name, *key, *value; /* value: the column that is moved about */
    const char *gone, *moved, *more; /* class of problem; NULL: refused before verify */
    unsigned rows;                   /* at least that many are reached */
};

static const struct table tables[] = {
    {"header", "id", "body", NULL, NULL, NULL, 1},
    {"state", "id", "sealed", NULL, NULL, "count", 1},
    {"wraps", "row", "wrap", "row missing", "row altered", "row altered", 6},
    {"bodies", "row", "body", "row missing", "row altered", "count", 6},
    {"lookups", "tag", "row", "lookup", "lookup", "count", 6},
    {"chunks", "row", "box", "chunk missing", "chunk altered", "chunk", 2},
    {"log", "row", "sealed", "log gap", "log altered", "count", 7},
    {"nodes", "row", "sealed", "log gap", "log altered", "count", 7},
    {"sqlite_sequence", "name", "seq", "count", "count", "count", 2},
};
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
each_key(const char *path, const struct table *t, unsigned *count,
    char keys[static 16][64])
{
    sqlite3 *db = open_plain(path);
    sqlite3_stmt *s;
    char sql[160];

    (void)snprintf(
        sql, sizeof sql, "SELECT quote(%s) FROM %s ORDER BY 1", t->key, t->name);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    for (*count = 0; sqlite3_step(s) == SQLITE_ROW && *count < 16; ++*count)
        (void)snprintf(keys[*count], 64, "%s", (const char *)sqlite3_column_text(s, 0));
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

static void
each_row(const char *what, unsigned *reached,
    void (*sql)(char out[static 512], const struct table *t, const char *key,
        const char *next),
    const char *(*class)(const struct table *t), unsigned least)
{
    char keys[16][64], text[512];
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size);
    unsigned count;

    for (size_t i = 0; i < TABLES; i++) {
        each_key(room.vault, &tables[i], &count, keys);
        assert_true(count >= tables[i].rows);
        for (unsigned n = 0; n < count; n++) {
            text[0] = '\0';
            sql(text, &tables[i], keys[n], n + 1 < count ? keys[n + 1] : NULL);
            if (text[0] == '\0')
                continue;
            assert_named(bytes, size, text, class(&tables[i]));
            ++*reached;
            room_write(room.vault, bytes, size);
        }
    }
    free(bytes);
    print_message("%u rows %s, each named\n", *reached, what);
    assert_true(*reached >= least);
}

static void
delete_row(char out[static 512], const struct table *t, const char *key, const char *next)
{
    (void)next;
    (void)snprintf(out, 512, "DELETE FROM %s WHERE %s = %s", t->name, t->key, key);
}

static void
swap_rows(char out[static 512], const struct table *t, const char *key, const char *next)
{
    if (next == NULL)
        return;
    (void)snprintf(out, 512,
        "CREATE TEMP TABLE a AS SELECT %s AS x FROM %s WHERE %s = %s;"
        "UPDATE %s SET %s = (SELECT %s FROM %s WHERE %s = %s) WHERE %s = %s;"
        "UPDATE %s SET %s = (SELECT x FROM a) WHERE %s = %s;",
        t->value, t->name, t->key, key, t->name, t->value, t->value, t->name, t->key,
        next, t->key, key, t->name, t->value, t->key, next);
}

/* Another row with the same content: its key plus 2, as no row has it near the end. */
static void
double_row(char out[static 512], const struct table *t, const char *key, const char *next)
{
    const char *other = strcmp(t->name, "lookups") == 0 ? "zeroblob(16)"
        : strcmp(t->name, "sqlite_sequence") == 0       ? "name"
                                                        : NULL;
    const char *epoch =
        strcmp(t->name, "log") == 0 || strcmp(t->name, "nodes") == 0 ? ", epoch" : "";
    char shifted[128];

    (void)next;
    (void)snprintf(shifted, sizeof shifted, "%s + 1000", t->key);
    (void)snprintf(out, 512, "INSERT INTO %s(%s, %s%s) SELECT %s, %s%s FROM %s WHERE %s = %s",
        t->name, t->key, t->value, epoch, other == NULL ? shifted : other, t->value,
        epoch, t->name, t->key, key);
}

/* The row of the other vault that has the same key, or the same place. */
static void
transplant_row(
    char out[static 512], const struct table *t, const char *key, const char *next)
{
    (void)next;
    (void)snprintf(out, 512,
        "ATTACH '%s/foreign' AS f; UPDATE main.%s SET %s = (SELECT %s FROM f.%s o "
        "ORDER BY o.%s = main.%s.%s DESC, o.%s LIMIT 1 OFFSET %d) WHERE %s = %s",
        room.folder, t->name, t->value, t->value, t->name, t->key, t->name, t->key,
        t->key, strcmp(t->name, "sqlite_sequence") == 0 ? 1 : 0, t->key, key);
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
when_more(const struct table *t)
{
    return t->more;
}

static void
every_deleted_row_is_named(void **state)
{
    unsigned reached = 0;

    (void)state;
    each_row("deleted", &reached, delete_row, when_gone, 38);
}

static void
every_swapped_row_is_named(void **state)
{
    unsigned reached = 0;

    (void)state;
    each_row("swapped", &reached, swap_rows, when_moved, 29);
}

static void
every_doubled_row_is_named(void **state)
{
    unsigned reached = 0;

    (void)state;
    each_row("doubled", &reached, double_row, when_more, 38);
}

/* The same records in the same order, by somebody else. */
static void
every_transplanted_row_is_named(void **state)
{
    struct room other;
    char path[ROOM_PATH_BYTES];
    unsigned reached = 0;

    (void)state;
    room_make(&other);
    room_vault(&other);
    room_fill(&other, FILE_BYTES);
    room_path(path, &room, "foreign");
    room_copy(other.vault, path);
    room_sweep(&other);
    each_row("transplanted", &reached, transplant_row, when_moved, 38);
}

/* Puts one row back as it was in the file `old`; true when that is a difference. */
static bool
put_back(const char *old, const struct table *t, const char *key)
{
    char sql[1024];
    sqlite3 *db;
    int changes;

    (void)snprintf(sql, sizeof sql,
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
    print_message("%u older selves named, %u rows are as they were\n", reached, same);
    assert_int_equal(reached, 3);
    assert_true(same >= 35);
}

static void
a_row_in_a_table_that_is_empty_is_named(void **state)
{
    static const char *const rows[] = {
        "INSERT INTO heads VALUES(1, 0, zeroblob(200))",
        "INSERT INTO drafts VALUES(1, 0, zeroblob(200))",
        "INSERT INTO pages VALUES(1, 0, zeroblob(200))",
        "INSERT INTO staging VALUES(zeroblob(16), zeroblob(200))",
        "INSERT INTO chunks VALUES(5 << 24, zeroblob(200))",
        "INSERT INTO chunks VALUES((1 << 24) + 2, zeroblob(200))",
        "UPDATE log SET epoch = 1 WHERE row = 3",
        "UPDATE nodes SET epoch = -1 WHERE row = 3",
        "UPDATE log SET epoch = 'x' || epoch WHERE row = 3",
        "UPDATE bodies SET body = body || x'00' WHERE row = 3",
        "UPDATE wraps SET wrap = '' WHERE row = 3",
        "UPDATE lookups SET row = 9 WHERE row = 3",
    };
    size_t size;
    uint8_t *bytes = room_read(room.vault, &size);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_named(bytes, size, rows[i], " | ");
    free(bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            one_flipped_byte_is_refused_or_named_or_harmless, setup, teardown),
        cmocka_unit_test_setup_teardown(every_deleted_row_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(every_swapped_row_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(every_doubled_row_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(
            every_transplanted_row_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(
            every_older_self_of_a_row_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_row_in_a_table_that_is_empty_is_named, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
