/* tests/lib/deeds.c - everything that is done to vaults, each as one call from the same
 * beginning. */
#include "deeds.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <witnessbox/bundle.h>
#include <witnessbox/text.h>

#include "base/clock.h"
#include "crypto/random.h"

/* ---- always the same ---- */

static uint64_t drawn;

static void
draw(void *bytes, size_t size)
{
    room_noise(bytes, size, ++drawn);
}

static int64_t
noon(void)
{
    return INT64_C(1795435200);
}

void
deed_settle(void)
{
    drawn = 1000000;
    wb_random_source = draw;
    wb_clock_source = noon;
}

/* ---- the stage ---- */

static void
assert_ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s", e->message);
}

static void
make_vault(const char *path, const char *name)
{
    const struct wb_vault_options options = {.name = name, .kdf_memory_mib = 64};
    struct wb_error e = {0};

    assert_ok(
        wb_vault_create(path, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e),
        &e);
}

static char *
card_of(const char *path)
{
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};
    char *text = NULL;

    assert_ok(wb_identity_export(v, &text, &e), &e);
    wb_vault_close(&v);
    return text;
}

static void
know(const char *path, const char *card, const char *label)
{
    struct wb_vault *v = room_open(path);
    struct wb_saved saved;
    struct wb_error e = {0};

    assert_ok(wb_contact_add(v, card, strlen(card), label, &saved, &e), &e);
    assert_ok(wb_contact_verify(v, label, "read aloud on the telephone", &e), &e);
    wb_vault_close(&v);
}

static enum wb_status
export_all(const char *vault, const char *path, struct wb_error *e)
{
    const char *const to[] = {"partner"};
    const struct wb_export_request request = {
        .to = to, .to_count = 1, .all = true, .path = path};
    struct wb_vault *v = NULL;
    struct wb_exported exported;
    enum wb_status st;

    if ((st = wb_vault_open(&v, vault, 0, e)) == WB_OK &&
        (st = wb_vault_unlock(v, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), e)) == WB_OK)
        st = wb_export(v, &request, &exported, e);
    wb_vault_close(&v);
    return st;
}

static void
make_lines(const struct stage *s)
{
    static const char text[] =
        "{\"kind\":\"act\",\"fields\":{\"incident\":\"i1\",\"type\":\"abduction\"}}\n"
        "{\"kind\":\"incident\",\"key\":\"i1\",\"fields\":{\"title\":\"A night\"}}\n"
        "{\"kind\":\"statement\",\"fields\":{\"text\":[\"One.\",\"Two.\"],"
        "\"incident\":\"i1\",\"place\":{\"state\":\"unknown\"}}}\n";

    room_write(s->lines, text, sizeof text - 1);
}

static void
keep(struct stage *s, int i, const char *path)
{
    s->kept[i] = room_read(path, &s->kept_size[i]);
}

static void
make_desk(struct stage *s)
{
    uint8_t *bytes = malloc(DEED_ATTACHMENT_BYTES);

    assert_non_null(bytes);
    room_text(s->desk, sizeof s->desk, "%s-desk", s->room.folder);
    room_text(s->photo, sizeof s->photo, "%s-desk/photo.jpg", s->room.folder);
    room_text(s->lines, sizeof s->lines, "%s-desk/lines.jsonl", s->room.folder);
    room_text(s->taken, sizeof s->taken, "%s-desk/taken.jpg", s->room.folder);
    assert_int_equal(mkdir(s->desk, 0700), 0);
    room_noise(bytes, DEED_ATTACHMENT_BYTES, 3);
    room_write(s->photo, bytes, DEED_ATTACHMENT_BYTES);
    free(bytes);
    make_lines(s);
}

void
stage_make(struct stage *s)
{
    const struct deed *load;
    char third[ROOM_PATH_BYTES], *a, *b;
    struct wb_error e = {0};

    room_quick_keys();
    *s = (struct stage){0};
    room_make(&s->room);
    make_desk(s);
    room_path(s->a, &s->room, "vault");
    room_path(s->b, &s->room, "other");
    room_path(s->fresh, &s->room, "new");
    room_path(s->bundle, &s->room, "in.age");
    room_path(s->exported, &s->room, "out.age");
    room_path(third, &s->room, "third");
    room_vault(&s->room);
    room_fill(&s->room, 300000);
    make_vault(s->b, "Organisation");
    make_vault(third, "Somebody else");
    s->card = card_of(third);
    a = card_of(s->a);
    b = card_of(s->b);
    know(s->a, b, "partner");
    know(s->b, a, "documenter");
    wb_text_free(a);
    wb_text_free(b);
    assert_ok(export_all(s->a, s->bundle, &e), &e);
    keep(s, 0, s->a);
    keep(s, 1, s->b);
    keep(s, 2, s->bundle);
    load = deed_find("load");
    if (load == NULL)
        abort();
    assert_ok(load->run(s, &e), &e); /* JSON draws its seed only once */
    stage_reset(s);
}

static void
remove_file(void *cookie, const char *name, const char *path)
{
    (void)cookie;
    (void)name;
    assert_int_equal(remove(path), 0);
}

void
stage_reset(struct stage *s)
{
    room_each_file(s->room.folder, remove_file, NULL);
    room_write(s->a, s->kept[0], s->kept_size[0]);
    room_write(s->b, s->kept[1], s->kept_size[1]);
    room_write(s->bundle, s->kept[2], s->kept_size[2]);
    (void)unlink(s->taken);
}

void
stage_sweep(struct stage *s)
{
    for (int i = 0; i < 3; i++)
        free(s->kept[i]);
    wb_text_free(s->card);
    room_sweep(&s->room);
    room_each_file(s->desk, remove_file, NULL);
    assert_int_equal(rmdir(s->desk), 0);
    wb_random_source = NULL;
    wb_clock_source = NULL;
}

/* ---- the deeds ---- */

static enum wb_status
unlocked(struct wb_vault **v, const char *path, struct wb_error *e)
{
    enum wb_status st = wb_vault_open(v, path, 0, e);

    if (st == WB_OK)
        st = wb_vault_unlock(*v, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), e);
    return st;
}

static enum wb_status
do_create(const struct stage *s, struct wb_error *e)
{
    const struct wb_vault_options options = {.name = "New", .kdf_memory_mib = 64};

    return wb_vault_create(
        s->fresh, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), e);
}

static enum wb_status
do_unlock(const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    enum wb_status st = unlocked(&v, s->a, e);

    wb_vault_close(&v);
    return st;
}

static enum wb_status
do_add(const struct stage *s, struct wb_error *e)
{
    char witness[WB_ID_TEXT_BYTES];
    const char *const fields[] = {"witness", witness, "text", "A paragraph.", "text",
        "Another.", "date", "2026-11", NULL};
    struct wb_vault *v = NULL;
    enum wb_status st = unlocked(&v, s->a, e);

    wb_id_text(witness, &s->room.person);
    if (st == WB_OK)
        st = room_add(v, NULL, e, "statement", fields);
    wb_vault_close(&v);
    return st;
}

/* Draft 1 goes on: sealed in the place of itself, then its records are saved. */
static enum wb_status
do_seal(const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    struct wb_sheet *sheet = NULL;
    enum wb_status st = unlocked(&v, s->a, e);

    if (st == WB_OK && (st = wb_sheet_open(&sheet, v, 1, e)) == WB_OK &&
        (st = wb_sheet_mark(sheet, 4, "They said", 9, e)) == WB_OK)
        st = wb_sheet_seal(sheet, v, e);
    wb_sheet_free(&sheet);
    wb_vault_close(&v);
    return st;
}

static enum wb_status
do_save(const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    struct wb_sheet *sheet = NULL;
    struct wb_change *c = NULL;
    struct wb_saved saved[2];
    enum wb_status st = unlocked(&v, s->a, e);

    if (st == WB_OK && (st = wb_sheet_open(&sheet, v, 1, e)) == WB_OK &&
        (st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_sheet_save(sheet, c, saved, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    wb_sheet_free(&sheet);
    wb_vault_close(&v);
    return st;
}

static enum wb_status
do_attach(const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    enum wb_status st = unlocked(&v, s->a, e);

    if (st == WB_OK)
        st = room_attach(v, NULL, &s->room.statement, s->photo, e);
    wb_vault_close(&v);
    return st;
}

static enum wb_status
do_amend(const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    enum wb_status st = unlocked(&v, s->a, e);

    if (st == WB_OK)
        st = room_amend(v, &s->room.statement, "And this.", e);
    wb_vault_close(&v);
    return st;
}

static enum wb_status
do_load(const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    struct wb_change *c = NULL;
    struct wb_loaded loaded;
    int fd = open(s->lines, O_RDONLY | O_CLOEXEC);
    enum wb_status st = unlocked(&v, s->a, e);

    assert_true(fd >= 0);
    if (st == WB_OK && (st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_change_load(c, fd, NULL, &loaded, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    wb_vault_close(&v);
    close(fd);
    return st;
}

static enum wb_status
do_extract(const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    struct wb_record *r = NULL;
    int fd = open(s->taken, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    enum wb_status st = unlocked(&v, s->a, e);

    assert_true(fd >= 0);
    if (st == WB_OK && (st = wb_record_load(v, &r, &s->room.evidence, e)) == WB_OK)
        st = wb_extract(v, r, fd, e);
    wb_record_free(&r);
    wb_vault_close(&v);
    close(fd);
    return st;
}

static enum wb_status
do_list(const struct stage *s, struct wb_error *e)
{
    char prefix[WB_ID_TEXT_BYTES];
    uint8_t print[ROOM_PRINT_BYTES];
    struct wb_vault *v = NULL;
    struct wb_id id;
    enum wb_status st = unlocked(&v, s->a, e);

    wb_id_text(prefix, &s->room.person);
    prefix[8] = '\0';
    if (st == WB_OK && (st = wb_find(v, &id, prefix, e)) == WB_OK)
        st = room_content(v, print, e);
    wb_vault_close(&v);
    return st;
}

static enum wb_status
do_verify(const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    struct wb_verified verified = {0};
    enum wb_status st = unlocked(&v, s->a, e);

    if (st == WB_OK)
        st = wb_verify(v, WB_VERIFY_DEEP, &verified, NULL, e);
    wb_vault_close(&v);
    assert_int_equal(verified.problems, 0);
    return st;
}

static enum wb_status
do_contact(const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    struct wb_saved saved;
    enum wb_status st = unlocked(&v, s->a, e);

    if (st == WB_OK)
        st = wb_contact_add(v, s->card, strlen(s->card), "third", &saved, e);
    wb_vault_close(&v);
    return st;
}

static enum wb_status
do_export(const struct stage *s, struct wb_error *e)
{
    return export_all(s->a, s->exported, e);
}

static enum wb_status
do_inspect(const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    struct wb_bundle_report *report = NULL;
    enum wb_status st = unlocked(&v, s->b, e);

    if (st == WB_OK)
        st = wb_inspect(v, s->bundle, NULL, &report, e);
    wb_report_free(&report);
    wb_vault_close(&v);
    return st;
}

static enum wb_status
do_import(const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    struct wb_bundle_report *report = NULL;
    enum wb_status st = unlocked(&v, s->b, e);

    if (st == WB_OK)
        st = wb_import(v, s->bundle, NULL, &report, e);
    wb_report_free(&report);
    wb_vault_close(&v);
    return st;
}

const struct deed deeds[] = {
    {"create", do_create, 'n'},
    {"unlock", do_unlock, 'a'},
    {"add", do_add, 'a'},
    {"seal", do_seal, 'a'},
    {"save", do_save, 'a'},
    {"attach", do_attach, 'a'},
    {"amend", do_amend, 'a'},
    {"load", do_load, 'a'},
    {"extract", do_extract, 'a'},
    {"list", do_list, 'a'},
    {"verify", do_verify, 'a'},
    {"contact", do_contact, 'a'},
    {"export", do_export, 'a'},
    {"inspect", do_inspect, 'b'},
    {"import", do_import, 'b'},
};
const size_t deed_count = sizeof deeds / sizeof deeds[0];

const struct deed *
deed_find(const char *name)
{
    size_t i = 0;

    while (i + 1 < deed_count && strcmp(deeds[i].name, name) != 0)
        i++;
    assert_string_equal(deeds[i].name, name);
    return &deeds[i];
}

const char *
deed_vault(const struct stage *s, const struct deed *d)
{
    return d->vault == 'a' ? s->a : d->vault == 'b' ? s->b : s->fresh;
}

void
deed_holding(struct holding *h, const char *path)
{
    struct room_finding f;

    *h = (struct holding){.there = room_exists(path)};
    if (!h->there)
        return;
    room_examine(&f, path);
    if (room_is_named(&f))
        fail_msg("%s", f.said);
    h->entries = f.counts.size;
    h->records = f.counts.records;
    memcpy(h->content, f.content, sizeof h->content);
}

bool
deed_same(const struct holding *a, const struct holding *b)
{
    return a->there == b->there && a->entries == b->entries &&
        a->records == b->records &&
        memcmp(a->content, b->content, sizeof a->content) == 0;
}
