/* tests/flow/test_canary.c - nothing that a vault is given is ever readable on the
 * disk: looked for before every call to the operating system, in every disguise. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <witnessbox/bundle.h>
#include <witnessbox/text.h>

#include "base/file.h"
#include "canary.h"
#include "room.h"

enum { FILE_BYTES = 300000 };

/* One for each kind of value, and for what is no field. */
#define IN_LINE "Kanarienvogel am Fenster"
#define IN_TEXT "Ҷавоҳир Қаландаров гуфт"
#define IN_DATE "1987-03-29"
#define IN_COUNT "731942..731997"
#define IN_POINT "geo:12.73194273,-8.5;u=731942"
#define IN_TERM "731942731942"
#define IN_LANGUAGE "tg-Cyrl-x-kanari"
#define IN_FILE "Зеленая канарейка в файле"
#define IN_FILE_NAME "kanarek_nocny.jpg"
#define IN_LABEL "Wellensittich Verein"
#define IN_HOW "Stimme am Telefon erkannt"
#define IN_LOAD "Папугай из списка"
#define IN_NAME "Pseudonym Stieglitz"
#define WRONG "falsches Passwort Zeisig"

static const struct {
    const char *name, *word;
} canaries[] = {
    {"passphrase", ROOM_PASSPHRASE},
    {"wrong passphrase", WRONG},
    {"line", IN_LINE},
    {"text", IN_TEXT},
    {"date", IN_DATE},
    {"count", IN_COUNT},
    {"point", IN_POINT},
    {"term", IN_TERM},
    {"language", IN_LANGUAGE},
    {"file", IN_FILE},
    {"file name", IN_FILE_NAME},
    {"label", IN_LABEL},
    {"how verified", IN_HOW},
    {"loaded", IN_LOAD},
    {"name", IN_NAME},
};
enum { CANARIES = sizeof canaries / sizeof canaries[0] };

static struct room room;
static char temporary[ROOM_PATH_BYTES], desk[ROOM_PATH_BYTES];
static const char *doing; /* what is being done, for the report */
static unsigned hits;

/* ---- looking ---- */

static void
look(void)
{
    const char *found = canary_look(room.folder);

    if (found == NULL)
        found = canary_look(temporary);
    if (found != NULL && hits++ == 0)
        print_message("%s: the %s is readable on the disk\n", doing, found);
}

static int
look_before(enum wb_file_op op)
{
    (void)op;
    look();
    return 0;
}

static void
begin(const char *what)
{
    doing = what;
    wb_file_fault = look_before;
}

static void
end(enum wb_status st, const struct wb_error *e)
{
    wb_file_fault = NULL;
    if (st != WB_OK)
        fail_msg("%s: %s", doing, e->message);
    look();
}

static int
setup(void **state)
{
    (void)state;
    room_quick_keys();
    room_make(&room);
    room_text(temporary, sizeof temporary, "%s-tmp", room.folder);
    room_text(desk, sizeof desk, "%s-desk", room.folder);
    assert_int_equal(mkdir(temporary, 0700), 0);
    assert_int_equal(mkdir(desk, 0700), 0);
    assert_int_equal(setenv("TMPDIR", temporary, 1), 0);
    for (size_t i = 0; i < CANARIES; i++)
        canary_take(canaries[i].name, canaries[i].word);
    hits = 0;
    return 0;
}

static void
remove_file(void *cookie, const char *name, const char *path)
{
    (void)cookie;
    (void)name;
    assert_int_equal(remove(path), 0);
}

static int
teardown(void **state)
{
    (void)state;
    canary_forget();
    room_sweep(&room);
    assert_int_equal(rmdir(temporary), 0);
    room_each_file(desk, remove_file, NULL);
    assert_int_equal(rmdir(desk), 0);
    assert_int_equal(unsetenv("TMPDIR"), 0);
    return 0;
}

/* ---- giving it everything ---- */

/* The first record of each kind, by the kind's place in the table. */
static struct wb_id first[32];
static bool has_first[32];

static const char *
value_for(const struct wb_field *f, char id[static WB_ID_TEXT_BYTES])
{
    switch (f->kind) {
    case WB_LINE:
        return IN_LINE;
    case WB_TEXT:
        return IN_TEXT;
    case WB_DATE:
        return IN_DATE;
    case WB_COUNT:
        return IN_COUNT;
    case WB_PLACE:
        return IN_POINT;
    case WB_TERM:
        return IN_TERM;
    case WB_LANGUAGE:
        return IN_LANGUAGE;
    case WB_CODE:
        return wb_code_at(f->list, 0)->word;
    case WB_REF:
        for (size_t i = 0; i < wb_kind_count(); i++) {
            bool fits = f->target[0] == '\0'
                ? i == 0
                : strcmp(wb_kind_at(i)->name, f->target) == 0;

            if (fits && has_first[i]) {
                wb_id_text(id, &first[i]);
                return id;
            }
        }
        return NULL;
    case WB_DIGEST:
    case WB_NUMBER:
        return NULL;
    }
    return NULL;
}

static struct wb_draft *
draft_of_everything(const struct wb_kind *kind, unsigned *fields)
{
    struct wb_draft *d = NULL;
    struct wb_error e = {0};
    char id[WB_ID_TEXT_BYTES];

    assert_int_equal(wb_draft_new(&d, kind->name, &e), WB_OK);
    for (size_t i = 0; i < kind->count; i++) {
        const struct wb_field *f = &kind->fields[i];
        const char *value = (f->flags & WB_OURS) != 0 ? NULL : value_for(f, id);

        for (int n = 0; value != NULL && n < ((f->flags & WB_REPEATS) != 0 ? 2 : 1);
             n++)
            if (wb_draft_add(d, f->name, WB_STATE_TEXT, value, strlen(value), &e) !=
                WB_OK)
                fail_msg("%s %s: %s", kind->name, f->name, e.message);
        *fields += value != NULL;
    }
    return d;
}

static enum wb_status
add_everything(struct wb_vault *v, unsigned *fields, struct wb_error *e)
{
    struct wb_change *c = NULL;
    enum wb_status st = wb_change_begin(&c, v, e);

    for (size_t i = 0; st == WB_OK && i < wb_kind_count(); i++) {
        struct wb_draft *d;
        struct wb_saved saved;

        if ((wb_kind_at(i)->flags & WB_BY_HAND) == 0)
            continue;
        d = draft_of_everything(wb_kind_at(i), fields);
        st = wb_change_add(c, d, &saved, e);
        wb_draft_free(&d);
        first[i] = saved.id;
        has_first[i] = true;
    }
    if (st == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}

static enum wb_status
attach(struct wb_vault *v, struct wb_id *id, struct wb_error *e)
{
    const struct wb_kind *kind = wb_kind_find("evidence");
    char path[ROOM_PATH_BYTES];
    struct wb_draft *d;
    struct wb_change *c = NULL;
    struct wb_saved saved;
    uint8_t *bytes = malloc(FILE_BYTES);
    unsigned fields = 0;
    enum wb_status st;
    int fd;

    assert_non_null(bytes);
    room_noise(bytes, FILE_BYTES, 5);
    for (size_t at = 100; at + 100 < FILE_BYTES; at += 10007)
        memcpy(bytes + at, IN_FILE, sizeof IN_FILE - 1);
    room_text(path, sizeof path, "%s/file", desk);
    room_write(path, bytes, FILE_BYTES);
    free(bytes);
    d = draft_of_everything(kind, &fields);
    assert_int_equal(wb_draft_clear(d, "about", NULL), WB_OK);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    if ((st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_change_attach(c, &first[0], fd, IN_FILE_NAME, d, &saved, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    wb_draft_free(&d);
    close(fd);
    *id = saved.id;
    return st;
}

static enum wb_status
load(struct wb_vault *v, struct wb_error *e)
{
    static const char lines[] =
        "{\"kind\":\"incident\",\"key\":\"" IN_LOAD
        "\",\"fields\":{\"title\":\"" IN_LOAD
        "\"}}\n{\"kind\":\"act\",\"fields\":{\"incident\":\"" IN_LOAD
        "\",\"type\":\"" IN_LINE "\"}}\n";
    char path[ROOM_PATH_BYTES];
    struct wb_change *c = NULL;
    struct wb_loaded loaded;
    enum wb_status st;
    int fd;

    room_text(path, sizeof path, "%s/lines", desk);
    room_write(path, lines, sizeof lines - 1);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    if ((st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_change_load(c, fd, NULL, &loaded, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    close(fd);
    return st;
}

static enum wb_status
extract(struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    char path[ROOM_PATH_BYTES];
    struct wb_record *r = NULL;
    enum wb_status st = wb_record_load(v, &r, id, e);
    int fd;

    room_text(path, sizeof path, "%s/out", desk);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    if (st == WB_OK)
        st = wb_extract(v, r, fd, e);
    wb_record_free(&r);
    close(fd);
    return st;
}

static void
make(const char *path)
{
    const struct wb_vault_options options = {.name = IN_NAME, .kdf_memory_mib = 64};
    struct wb_error e = {0};

    begin("create");
    end(wb_vault_create(path, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e),
        &e);
}

/* Everything that one vault does by itself. */
static void
use_alone(struct wb_vault *v)
{
    uint8_t print[ROOM_PRINT_BYTES];
    struct wb_verified verified;
    struct wb_error e = {0};
    struct wb_id file;
    unsigned fields = 0;

    memset(has_first, 0, sizeof has_first);
    begin("add");
    end(add_everything(v, &fields, &e), &e);
    begin("add again"); /* now with every reference */
    end(add_everything(v, &fields, &e), &e);
    assert_true(fields > 250);
    begin("attach");
    end(attach(v, &file, &e), &e);
    begin("amend");
    end(room_amend(v, &first[4], IN_TEXT " " IN_LINE, &e), &e);
    begin("load");
    end(load(v, &e), &e);
    begin("extract");
    end(extract(v, &file, &e), &e);
    begin("list");
    end(room_content(v, print, &e), &e);
    begin("verify");
    end(wb_verify(v, WB_VERIFY_DEEP, &verified, NULL, &e), &e);
}

static void
unlock_both_ways(struct wb_vault **v, const char *path)
{
    struct wb_error e = {0};

    begin("open");
    end(wb_vault_open(v, path, 0, &e), &e);
    begin("unlock");
    assert_int_equal(wb_vault_unlock(*v, WRONG, strlen(WRONG), &e), WB_ERR_PASSPHRASE);
    end(wb_vault_unlock(*v, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e), &e);
}

static void
know(struct wb_vault *v, struct wb_vault *whom)
{
    struct wb_saved saved;
    struct wb_error e = {0};
    char *card = NULL;

    begin("identity");
    end(wb_identity_export(whom, &card, &e), &e);
    begin("contact add");
    end(wb_contact_add(v, card, strlen(card), IN_LABEL, &saved, &e), &e);
    wb_text_free(card);
    begin("contact verify");
    end(wb_contact_verify(v, IN_LABEL, IN_HOW, NULL, &e), &e);
}

static void
hand_over(struct wb_vault *from, struct wb_vault *to)
{
    const char *const label[] = {IN_LABEL};
    struct wb_exception overrides[sizeof first / sizeof *first];
    struct wb_export_request request = {.to = label,
        .to_count = 1,
        .all = true,
        .overrides = overrides,
        .leave_out_refused = true};
    char path[ROOM_PATH_BYTES];
    struct wb_bundle_report *report = NULL;
    struct wb_exported exported;
    struct wb_error e = {0};

    room_path(path, &room, "bundle.age");
    request.path = path;
    for (size_t i = 0; i < wb_kind_count(); i++)
        if (has_first[i])
            overrides[request.override_count++] =
                (struct wb_exception){first[i], IN_LINE};
    know(from, to);
    know(to, from);
    begin("export");
    end(wb_export(from, &request, &exported, &e), &e);
    assert_true(exported.records > 15);
    begin("inspect");
    end(wb_inspect(to, path, NULL, &report, &e), &e);
    wb_report_free(&report);
    begin("import");
    end(wb_import(to, path, NULL, &report, &e), &e);
    assert_true(wb_report_added(report) > 15);
    wb_report_free(&report);
}

static void
nothing_is_readable_on_the_disk_at_any_moment(void **state)
{
    char other[ROOM_PATH_BYTES];
    struct wb_vault *a = NULL, *b = NULL;

    (void)state;
    canary_looks = canary_bytes = 0;
    room_path(other, &room, "other");
    make(room.vault);
    make(other);
    unlock_both_ways(&a, room.vault);
    unlock_both_ways(&b, other);
    use_alone(a);
    hand_over(a, b);
    begin("close");
    wb_vault_close(&a);
    wb_vault_close(&b);
    end(WB_OK, NULL);
    assert_int_equal(hits, 0);
    print_message("%lu looks at %lu MiB for %d words in %d disguises: 0 hits\n",
        canary_looks, canary_bytes >> 20, CANARIES, CANARY_DISGUISES);
    counted(canary_looks, "looks for readable words");
    assert_true(canary_looks > 1000);
}

/* A failed change, and one that was cut short, leave no more. */
static void
nothing_is_readable_after_a_change_was_undone(void **state)
{
    struct wb_change *c = NULL;
    struct wb_vault *v;
    struct wb_saved saved;
    struct wb_draft *d;
    unsigned fields = 0;

    (void)state;
    make(room.vault);
    v = room_open(room.vault);
    memset(has_first, 0, sizeof has_first);
    begin("undone");
    assert_int_equal(wb_change_begin(&c, v, NULL), WB_OK);
    for (int i = 0; i < 200; i++) {
        d = draft_of_everything(wb_kind_find("person"), &fields);
        assert_int_equal(wb_change_add(c, d, &saved, NULL), WB_OK);
        wb_draft_free(&d);
    }
    wb_change_rollback(&c);
    wb_vault_close(&v);
    end(WB_OK, NULL);
    assert_int_equal(hits, 0);
}

/* The control: whatever is planted is found, by name, in a file between other bytes. */
static void
the_scanner_finds_every_word_in_every_disguise(void **state)
{
    char path[ROOM_PATH_BYTES];
    uint8_t *bytes = malloc(5000);
    unsigned planted = 0;

    (void)state;
    assert_non_null(bytes);
    room_path(path, &room, "planted");
    canary_forget();
    for (size_t i = 0; i < CANARIES; i++) {
        canary_take(canaries[i].name, canaries[i].word);
        for (size_t n = 0; n < CANARY_DISGUISES; n++) {
            size_t size, at = planted * 37 % 4000;
            const uint8_t *word = canary_disguise(n, &size);

            room_noise(bytes, 5000, planted);
            room_write(path, bytes, 5000);
            assert_null(canary_look(room.folder));
            memcpy(bytes + at, word, size);
            room_write(path, bytes, 5000);
            assert_string_equal(canary_look(room.folder), canaries[i].name);
            planted++;
        }
        assert_int_equal(remove(path), 0);
    }
    free(bytes);
    room_path(path, &room, IN_FILE_NAME); /* a name gives away as much */
    room_write(path, "", 0);
    assert_string_equal(canary_look(room.folder), "file name");
    print_message("%u plants found\n", planted);
    assert_int_equal(planted, CANARIES * CANARY_DISGUISES);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_scanner_finds_every_word_in_every_disguise, setup, teardown),
        cmocka_unit_test_setup_teardown(
            nothing_is_readable_on_the_disk_at_any_moment, setup, teardown),
        cmocka_unit_test_setup_teardown(
            nothing_is_readable_after_a_change_was_undone, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
