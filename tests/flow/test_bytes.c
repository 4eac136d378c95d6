/* tests/flow/test_bytes.c - every byte that is changed is refused or named; what is not
 * changes nothing that is shown. WB_SWEEP takes all of them, WB_EVERY=16 every 16th. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "room.h"

enum {
    PAGE_BYTES = 16384,
    FILE_BYTES = 20000,
    FILE_HEAD_BYTES = 100,
    SEQUENCE_PAGE = 5,
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
    uint8_t is_free[256], is_last[256];
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

static size_t
skip_varint(const uint8_t *page, size_t at)
{
    while ((page[at] & 0x80) != 0)
        at++;
    return at + 1;
}

/* A cell of a table: payload size, row number, header size, types (file format 1.6,
 * 2.1). SQLite never looks at the row numbers of its own table; and in the others the
 * number stands for the first column, whose type says NULL: an integer without bytes
 * there is passed over as well. */
static const char *
class_of_row(const uint8_t *page, bool sequence, size_t at)
{
    for (unsigned i = 0; page[0] == LEAF_TABLE && i < number(page + 3, 2); i++) {
        const size_t row = skip_varint(page, number(page + 8 + (size_t)2 * i, 2));

        if (sequence && at == row)
            return "the row number of a row of sqlite_sequence";
        if (!sequence && at == skip_varint(page, skip_varint(page, row)))
            return "the type of the column that is the row number";
    }
    return NULL;
}

static const char *
class_of(const struct layout *l, size_t at)
{
    const size_t page = at / PAGE_BYTES;
    const size_t start = page == 0 ? FILE_HEAD_BYTES : 0;
    const uint8_t *bytes = l->bytes + page * PAGE_BYTES;
    const char *class = NULL;

    if (at < FILE_HEAD_BYTES)
        return class_of_head(at);
    if (l->is_free[page + 1])
        return "a free page";
    if (l->is_last[page + 1])
        return "the unused end of the last overflow page of a row";
    if (page > 0)
        class = class_of_row(bytes, page == SEQUENCE_PAGE - 1, at % PAGE_BYTES);
    return class != NULL ? class : class_of_cell(bytes, start, at % PAGE_BYTES);
}

static void
read_layout(struct layout *l)
{
    memset(l, 0, sizeof *l);
    l->bytes = room_read(room.vault, &l->size);
    assert_true(l->size / PAGE_BYTES < sizeof l->is_free);
    follow_free_pages(l);
    /* beyond the roots: the last overflow page of a row begins with four zeros */
    for (size_t page = 15; page <= l->size / PAGE_BYTES; page++)
        l->is_last[page] = number(l->bytes + (page - 1) * PAGE_BYTES, 4) == 0;
}

/* ---- flipping ---- */

struct tally {
    unsigned reached, refused, named, harmless, unnoticed;
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
    const uint8_t content[static ROOM_PRINT_BYTES],
    const uint8_t seen[static ROOM_PRINT_BYTES])
{
    const char *class = class_of(l, at);

    if (class == NULL) {
        if (t->unnoticed++ < 20)
            print_message("byte %zu (page %zu, byte %zu): nobody noticed\n", at,
                at / PAGE_BYTES + 1, at % PAGE_BYTES);
        return;
    }
    assert_memory_equal(seen, content, ROOM_PRINT_BYTES);
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
        assert_harmless(t, l, at, content, f.content);
    assert_int_equal(pwrite(fd, &l->bytes[at], 1, (off_t)at), 1);
}

/* Which bytes are taken: of idle space and chunks a few. */
static bool
is_wanted(const struct layout *l, size_t at)
{
    if (getenv("WB_SWEEP") != NULL || at < FILE_HEAD_BYTES)
        return true;
    if (getenv("WB_EVERY") != NULL)
        return at % every(1) == 0;
    if (class_of(l, at) != NULL || at >= 14 * PAGE_BYTES)
        return at % 997 == 0;
    return at % 11 == 0;
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
    for (size_t at = 0; at < l->size; at++)
        if (is_wanted(l, at))
            flip_one(&t, l, fd, at, content);
    close(fd);
    print_message("%u of %zu bytes: %u refused, %u named, %u harmless\n", t.reached,
        l->size, t.refused, t.named, t.harmless);
    counted(t.reached, "bytes of a vault flipped");
    for (size_t i = 0; t.classes[i] != NULL; i++)
        print_message("  harmless: %u in %s\n", t.in_class[i], t.classes[i]);
    assert_int_equal(t.unnoticed, 0);
    assert_true(t.reached >= 2000);
    assert_true(t.refused >= 100 && t.named >= 100);
    after = room_read(room.vault, &size);
    assert_int_equal(size, l->size);
    assert_memory_equal(after, l->bytes, size);
    free(after);
    free(l->bytes);
    free(l);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            one_flipped_byte_is_refused_or_named_or_harmless, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
