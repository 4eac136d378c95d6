/* tests/lib/room.c - a folder with a vault in it, for tests of the whole path. */
#include "room.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <witnessbox/field.h>

#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "query/index.h"

unsigned room_key_calls;

static void
quick(uint8_t out[static WB_KEY_BYTES], const uint8_t *passphrase, size_t size,
    const uint8_t salt[static WB_SALT_BYTES])
{
    struct wb_sha256 h;

    room_key_calls++;
    wb_sha256_init(&h);
    wb_sha256_add(&h, salt, WB_SALT_BYTES);
    wb_sha256_add(&h, passphrase, size);
    wb_sha256_end(&h, out);
}

void
room_quick_keys(void)
{
    wb_kdf_source = quick;
}

/* ---- files ---- */

void
room_text(char *out, size_t size, const char *format, ...)
{
    va_list args;
    int needed;

    va_start(args, format);
    needed = vsnprintf(out, size, format, args);
    va_end(args);
    assert_true(needed >= 0 && (size_t)needed < size);
}

void
room_path(char out[static ROOM_PATH_BYTES], const struct room *r, const char *name)
{
    room_text(out, ROOM_PATH_BYTES, "%s/%s", r->folder, name);
}

uint8_t *
room_read(const char *path, size_t *size)
{
    struct stat info;
    uint8_t *bytes;
    FILE *f = fopen(path, "rb");

    assert_non_null(f);
    assert_int_equal(fstat(fileno(f), &info), 0);
    *size = (size_t)info.st_size;
    bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, f), *size);
    fclose(f);
    return bytes;
}

void
room_write(const char *path, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    assert_int_equal(close(fd), 0);
}

void
room_copy(const char *from, const char *to)
{
    size_t size;
    uint8_t *bytes = room_read(from, &size);

    room_write(to, bytes, size);
    free(bytes);
}

bool
room_exists(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}

bool
room_has(const char *path, const void *bytes, size_t size)
{
    size_t found;
    uint8_t *there;
    bool same;

    if (!room_exists(path))
        return false;
    there = room_read(path, &found);
    same = found == size && memcmp(there, bytes, size) == 0;
    free(there);
    return same;
}

void
room_noise(uint8_t *bytes, size_t size, uint64_t seed)
{
    uint64_t x = seed * 2 + 1;

    for (size_t i = 0; i < size; i++) {
        x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bytes[i] = (uint8_t)(x >> 56);
    }
}

static int
is_file(const struct dirent *d)
{
    return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

void
room_each_file(const char *folder,
    void (*each)(void *cookie, const char *name, const char *path), void *cookie)
{
    struct dirent **found;
    char path[ROOM_PATH_BYTES * 2];
    int count = scandir(folder, &found, is_file, alphasort);

    assert_true(count >= 0);
    for (int i = 0; i < count; i++) {
        room_text(path, sizeof path, "%s/%s", folder, found[i]->d_name);
        each(cookie, found[i]->d_name, path);
        free(found[i]);
    }
    free(found);
}

static void
print_file(void *cookie, const char *name, const char *path)
{
    struct wb_sha256 *h = cookie;
    struct stat info;
    uint8_t *bytes;
    size_t size;

    assert_int_equal(lstat(path, &info), 0);
    wb_sha256_add(h, name, strlen(name) + 1);
    wb_sha256_add(h, &info.st_mode, sizeof info.st_mode);
    wb_sha256_add(h, &info.st_size, sizeof info.st_size);
    if (!S_ISREG(info.st_mode))
        return;
    bytes = room_read(path, &size);
    wb_sha256_add(h, bytes, size);
    free(bytes);
}

void
room_print(const char *folder, uint8_t out[static ROOM_PRINT_BYTES])
{
    struct wb_sha256 h;

    wb_sha256_init(&h);
    room_each_file(folder, print_file, &h);
    wb_sha256_end(&h, out);
}

/* ---- the room ---- */

/* Sweeps sync thousands of times and care for order, not for platters: in memory where
 * there is a folder for it. */
static const char *
base_folder(void)
{
    const char *named = getenv("TMPDIR");

    if (named != NULL)
        return named;
    return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

void
room_make(struct room *r)
{
    *r = (struct room){0};
    room_text(r->folder, sizeof r->folder, "%s/wb-room-XXXXXX", base_folder());
    assert_non_null(mkdtemp(r->folder));
    room_path(r->vault, r, "vault");
}

static void
remove_file(void *cookie, const char *name, const char *path)
{
    (void)cookie;
    (void)name;
    assert_int_equal(remove(path), 0);
}

void
room_sweep(struct room *r)
{
    room_each_file(r->folder, remove_file, NULL);
    assert_int_equal(rmdir(r->folder), 0);
}

void
room_vault(struct room *r)
{
    const struct wb_vault_options options = {
        .name = "Documenter", .kdf_memory_mib = 64};
    struct wb_error e = {0};

    if (wb_vault_create(
            r->vault, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e) != WB_OK)
        fail_msg("%s", e.message);
}

void
room_agree(const struct room *r)
{
    const struct wb_id *const about[] = {&r->person, &r->statement, &r->other};
    struct wb_vault *v = room_open(r->vault);

    for (size_t i = 0; i < sizeof about / sizeof *about; i++) {
        char text[WB_ID_TEXT_BYTES];
        const char *const fields[] = {"about", text, "purpose", "partner", "decision",
            "yes", "level", "named", "when", "2026-01-10", NULL};
        struct wb_error e = {0};
        struct wb_id id;

        wb_id_text(text, about[i]);
        assert_int_equal(room_add(v, &id, &e, "consent", fields), WB_OK);
    }
    wb_vault_close(&v);
}

void
room_override(const struct room *r, struct wb_exception out[static ROOM_OVERRIDES])
{
    out[0] = (struct wb_exception){r->person, "for a test"};
    out[1] = (struct wb_exception){r->statement, "for a test"};
    out[2] = (struct wb_exception){r->other, "for a test"};
}

struct wb_vault *
room_open(const char *path)
{
    struct wb_vault *v = NULL;
    struct wb_error e = {0};

    if (wb_vault_open(&v, path, 0, &e) != WB_OK ||
        wb_vault_unlock(v, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e) != WB_OK)
        fail_msg("%s", e.message);
    return v;
}

int
room_set_up(void **state)
{
    struct open_room *o = calloc(1, sizeof *o);

    assert_non_null(o);
    room_quick_keys();
    room_make(&o->room);
    room_vault(&o->room);
    o->v = room_open(o->room.vault);
    *state = o;
    return 0;
}

int
room_tear_down(void **state)
{
    struct open_room *o = *state;

    wb_vault_close(&o->v);
    room_sweep(&o->room);
    free(o);
    return 0;
}

static bool
stop(void *cookie, const struct wb_record *r)
{
    (void)cookie;
    (void)r;
    return false;
}

enum wb_status
room_write_index(struct wb_vault *v, struct wb_error *e)
{
    const uint64_t before = wb_index_memory_most;
    const struct wb_list_filter all = {0};
    uint64_t damaged;
    enum wb_status st;

    wb_index_memory_most = 0;
    st = wb_list(v, &all, stop, NULL, &damaged, e);
    wb_index_memory_most = before;
    return st;
}

void
room_index(const char *path)
{
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};

    assert_int_equal(room_write_index(v, &e), WB_OK);
    assert_true(wb_store_state(v)->pages.count > 0);
    wb_vault_close(&v);
}

enum wb_status
room_add(struct wb_vault *v, struct wb_id *id, struct wb_error *e, const char *kind,
    const char *const *fields)
{
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st = wb_draft_new(&d, kind, e);

    for (; st == WB_OK && *fields != NULL; fields += 2)
        st = wb_draft_add(d, fields[0], WB_STATE_TEXT, fields[1], strlen(fields[1]), e);
    if (st == WB_OK && (st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_change_add(c, d, &saved, e)) == WB_OK &&
        (st = wb_change_commit(&c, e)) == WB_OK && id != NULL)
        *id = saved.id;
    wb_change_rollback(&c);
    wb_draft_free(&d);
    return st;
}

/* A paragraph more, or the only one. */
static enum wb_status
amend(struct wb_vault *v, const struct wb_id *id, const char *text, bool alone,
    struct wb_error *e)
{
    static const struct wb_amendment why = {
        .reason = "witness", .over_signature = true};
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st = wb_change_begin(&c, v, e);

    if (st == WB_OK && (st = wb_change_draft(c, &d, id, e)) == WB_OK &&
        (!alone || (st = wb_draft_clear(d, "text", e)) == WB_OK) &&
        (st = wb_draft_add(d, "text", WB_STATE_TEXT, text, strlen(text), e)) == WB_OK &&
        (st = wb_change_amend(c, id, d, &why, &saved, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    wb_draft_free(&d);
    return st;
}

enum wb_status
room_amend(
    struct wb_vault *v, const struct wb_id *id, const char *text, struct wb_error *e)
{
    return amend(v, id, text, false, e);
}

enum wb_status
room_rewrite(
    struct wb_vault *v, const struct wb_id *id, const char *text, struct wb_error *e)
{
    return amend(v, id, text, true, e);
}

enum wb_status
room_attach(struct wb_vault *v, struct wb_id *id, const struct wb_id *about,
    const char *path, struct wb_error *e)
{
    struct wb_change *c = NULL;
    struct wb_saved saved;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum wb_status st;

    assert_true(fd >= 0);
    if ((st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_change_attach(c, about, fd, "photo.jpg", NULL, &saved, e)) == WB_OK &&
        (st = wb_change_commit(&c, e)) == WB_OK && id != NULL)
        *id = saved.id;
    wb_change_rollback(&c);
    close(fd);
    return st;
}

enum wb_status
room_sheet(struct wb_sheet **s, const char *text, struct wb_error *e)
{
    char witness[WB_ID_TEXT_BYTES];
    struct wb_sheet *made = NULL;
    size_t statement, person;
    enum wb_status st;

    if ((st = wb_sheet_new(&made, e)) != WB_OK ||
        (st = wb_sheet_add(made, &statement, "statement", e)) != WB_OK ||
        (st = wb_sheet_add(made, &person, "person", e)) != WB_OK)
        goto out;
    wb_id_text(witness, wb_sheet_id(made, person));
    if ((st = wb_draft_add(wb_sheet_draft(made, statement), "text", WB_STATE_TEXT, text,
             strlen(text), e)) == WB_OK &&
        (st = wb_draft_add(wb_sheet_draft(made, statement), "witness", WB_STATE_TEXT,
             witness, strlen(witness), e)) == WB_OK &&
        (st = wb_draft_add(wb_sheet_draft(made, person), "name", WB_STATE_TEXT,
             "Sayora", 6, e)) == WB_OK &&
        (st = wb_sheet_mark(made, 3, "And th", 6, e)) == WB_OK) {
        *s = made;
        made = NULL;
    }
out:
    wb_sheet_free(&made);
    return st;
}

enum wb_status
room_draft(struct wb_vault *v, const char *text, struct wb_error *e)
{
    struct wb_sheet *s = NULL;
    enum wb_status st = room_sheet(&s, text, e);

    if (st == WB_OK)
        st = wb_sheet_seal(s, v, e);
    wb_sheet_free(&s);
    return st;
}

void
room_assert_ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s", e->message);
}

void
room_fill(struct room *r, size_t file_bytes)
{
    struct wb_vault *v = room_open(r->vault);
    const char *const person[] = {
        "name", "\xd0\x90\xd0\xb7\xd0\xb0\xd1\x82", "pseudonym", "W1", NULL};
    char witness[WB_ID_TEXT_BYTES], file[ROOM_PATH_BYTES];
    const char *const one[] = {"witness", witness, "text", "They came at night.",
        "text", "I hid in the barn.", "date", "2021-10", NULL};
    const char *const two[] = {"witness", witness, "text", "Nothing more.", NULL};
    struct wb_error e = {0};
    uint8_t *bytes = malloc(file_bytes + 1);

    assert_non_null(bytes);
    room_noise(bytes, file_bytes, 1);
    room_path(file, r, "photo");
    room_write(file, bytes, file_bytes);
    free(bytes);
    room_assert_ok(room_add(v, &r->person, &e, "person", person), &e);
    wb_id_text(witness, &r->person);
    room_assert_ok(room_add(v, &r->statement, &e, "statement", one), &e);
    room_assert_ok(room_attach(v, &r->evidence, &r->statement, file, &e), &e);
    room_assert_ok(room_add(v, &r->other, &e, "statement", two), &e);
    room_assert_ok(room_amend(v, &r->other, "But one thing more.", &e), &e);
    room_assert_ok(room_draft(v, "It was still dark.", &e), &e);
    room_assert_ok(room_draft(v, "Three cars.", &e), &e);
    wb_vault_close(&v);
    assert_int_equal(remove(file), 0);
}

/* ---- what a vault says of itself ---- */

static bool
add_record(void *cookie, const struct wb_record *r)
{
    struct wb_sha256 *h = cookie;
    struct wb_field_view field;
    struct wb_value_view value;

    wb_sha256_add(h, wb_record_id(r), sizeof(struct wb_id));
    wb_sha256_add(h, wb_record_root(r), WB_ROOT_BYTES);
    wb_sha256_add(h, wb_record_kind(r), strlen(wb_record_kind(r)));
    for (size_t i = 0; wb_record_field(r, i, &field); i++) {
        wb_sha256_add(h, field.name, strlen(field.name));
        for (size_t n = 0; wb_record_value(r, field.name, n, &value); n++) {
            wb_sha256_add(h, &value.state, sizeof value.state);
            if (value.text != NULL)
                wb_sha256_add(h, value.text, value.size);
        }
    }
    return true;
}

static bool
add_draft(void *cookie, const struct wb_sealed_sheet *sheet)
{
    struct wb_sha256 *h = cookie;
    struct wb_value_view value;
    const char *typed;
    size_t size;

    wb_sha256_add(h, &sheet->number, sizeof sheet->number);
    if (sheet->sheet == NULL)
        return true;
    (void)wb_sheet_place(sheet->sheet, &typed, &size);
    wb_sha256_add(h, typed, size);
    for (size_t n = 0;
         wb_draft_value(wb_sheet_draft(sheet->sheet, 0), "text", n, &value); n++)
        wb_sha256_add(h, value.text, value.size);
    return true;
}

static bool
add_entry(void *cookie, const struct wb_log_entry *entry)
{
    struct wb_sha256 *h = cookie;

    wb_sha256_add(h, entry->action, strlen(entry->action));
    wb_sha256_add(h, entry->time, strlen(entry->time));
    wb_sha256_add(h, entry->detail, strlen(entry->detail));
    return true;
}

enum wb_status
room_content(
    struct wb_vault *v, uint8_t out[static ROOM_PRINT_BYTES], struct wb_error *e)
{
    struct wb_list_filter filter = {0};
    struct wb_sha256 h;
    const char *head;
    uint64_t damaged;
    enum wb_status st = WB_OK;

    wb_sha256_init(&h);
    if (wb_vault_is_field(v)) { /* nothing can be read of it but what all is under */
        if ((st = wb_head(v, &head, e)) == WB_OK)
            wb_sha256_add(&h, head, strlen(head));
        wb_sha256_end(&h, out);
        return st;
    }
    /* what is by hand together, the others when asked for by kind */
    for (size_t i = 0; st == WB_OK && i <= wb_kind_count(); i++) {
        const struct wb_kind *kind = wb_kind_at(i);

        if (kind != NULL && (kind->flags & WB_BY_HAND) != 0)
            continue;
        filter.kind = kind == NULL ? NULL : kind->name;
        st = wb_list(v, &filter, add_record, &h, &damaged, e);
        wb_sha256_add(&h, &damaged, sizeof damaged);
    }
    if (st == WB_OK && (st = wb_log_each(v, NULL, add_entry, &h, e)) == WB_OK &&
        (st = wb_sheet_each(v, add_draft, &h, e)) == WB_OK &&
        (st = wb_head(v, &head, e)) == WB_OK)
        wb_sha256_add(&h, head, strlen(head));
    wb_sha256_end(&h, out);
    return st;
}

static void
say(void *cookie, const struct wb_problem *p)
{
    struct room_finding *f = cookie;
    size_t used = strlen(f->said);

    (void)snprintf(f->said + used, sizeof f->said - used, "%s | %s | %s\n", p->kind,
        p->where, p->what);
}

void
room_examine(struct room_finding *f, const char *path)
{
    room_examine_as(f, path, ROOM_PASSPHRASE);
}

void
room_examine_as(struct room_finding *f, const char *path, const char *passphrase)
{
    const struct wb_verify_watch watch = {.problem = say, .cookie = f};
    struct wb_vault *v = NULL;
    struct wb_error e = {0};

    *f = (struct room_finding){.unlocked = WB_ERR_LOCKED, .verified = WB_ERR_LOCKED};
    f->opened = wb_vault_open(&v, path, 0, &e);
    if (f->opened == WB_OK)
        f->unlocked = wb_vault_unlock(v, passphrase, strlen(passphrase), &e);
    if (f->opened == WB_OK && f->unlocked == WB_OK)
        f->verified = wb_verify(v, WB_VERIFY_DEEP, &f->counts, &watch, &e);
    if (f->verified == WB_OK && f->counts.problems == 0)
        f->verified = room_content(v, f->content, &e);
    if (f->verified != WB_OK) {
        (void)snprintf(f->said, sizeof f->said, "%s", e.message);
        room_assert_line(&e);
    }
    wb_vault_close(&v);
}

bool
room_is_named(const struct room_finding *f)
{
    return f->opened != WB_OK || f->unlocked != WB_OK || f->verified != WB_OK ||
        f->counts.problems > 0;
}

void
room_assert_sound(const char *path)
{
    struct room_finding f;

    room_examine(&f, path);
    if (room_is_named(&f))
        fail_msg("%s", f.said);
}

void
room_assert_line(const struct wb_error *e)
{
    size_t size = strlen(e->message);

    assert_true(size > 0 && size < 300);
    assert_null(strchr(e->message, '\n'));
    assert_true(e->message[size - 1] != '.');
}
