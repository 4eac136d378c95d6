/* tests/lib/stage.c - two vaults that know each other and all that passes between them.
 */
#include "stage.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <witnessbox/bundle.h>
#include <witnessbox/text.h>
#include <witnessbox/withdraw.h>

#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "formats/json.h"

/* ---- always the same ---- */

enum { DRAW_BYTES_MAX = 64 }; /* the longest that is counted apart */

/* A sequence for each length: SQLite may write a page more, whose nonce then changes no
 * salt and no key. */
static uint64_t drawn[DRAW_BYTES_MAX + 1];

static void
draw(void *bytes, size_t size)
{
    const size_t length = size < DRAW_BYTES_MAX ? size : DRAW_BYTES_MAX;

    room_noise(bytes, size, ((uint64_t)length << 32) + ++drawn[length]);
}

static int64_t
noon(void)
{
    return INT64_C(1795435200);
}

void
stage_settle(void)
{
    memset(drawn, 0, sizeof drawn);
    wb_random_source = draw;
    wb_clock_source = noon;
}

/* What was found in the files looked at last: most faults leave one of a few. */
static struct looked {
    char letter;
    uint8_t bytes[WB_HASH_BYTES];
    struct holding_vault found;
} looked[16];
static size_t looked_count;

/* ---- making it ---- */

static void
make_vault(const char *path, const char *name)
{
    const struct wb_vault_options options = {.name = name, .kdf_memory_mib = 64};
    struct wb_error e = {0};

    room_assert_ok(
        wb_vault_create(path, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e),
        &e);
}

static char *
card_of(const char *path)
{
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};
    char *text = NULL;

    room_assert_ok(wb_identity_export(v, &text, &e), &e);
    wb_vault_close(&v);
    return text;
}

static void
know(const char *path, const char *card, const char *label)
{
    struct wb_vault *v = room_open(path);
    struct wb_saved saved;
    struct wb_error e = {0};

    room_assert_ok(wb_contact_add(v, card, strlen(card), label, &saved, &e), &e);
    room_assert_ok(
        wb_contact_verify(v, label, "read aloud on the telephone", NULL, &e), &e);
    wb_vault_close(&v);
}

enum wb_status
stage_open(struct wb_vault **v, const char *path, struct wb_error *e)
{
    enum wb_status st = wb_vault_open(v, path, 0, e);

    if (st == WB_OK)
        st = wb_vault_unlock(*v, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), e);
    return st;
}

enum wb_status
stage_export(struct wb_vault *v, const char *path, struct wb_error *e)
{
    const char *const to[] = {"partner"};
    const struct wb_export_request request = {
        .to = to, .to_count = 1, .all = true, .path = path};
    struct wb_exported exported;

    return wb_export(v, &request, &exported, e);
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
make_desk(struct stage *s)
{
    uint8_t *bytes = malloc(STAGE_ATTACHMENT_BYTES);

    assert_non_null(bytes);
    room_text(s->desk, sizeof s->desk, "%s-desk", s->room.folder);
    room_text(s->photo, sizeof s->photo, "%s-desk/photo.jpg", s->room.folder);
    room_text(s->lines, sizeof s->lines, "%s-desk/lines.jsonl", s->room.folder);
    room_text(s->taken, sizeof s->taken, "%s-desk/taken.jpg", s->room.folder);
    assert_int_equal(mkdir(s->desk, 0700), 0);
    room_noise(bytes, STAGE_ATTACHMENT_BYTES, 3);
    room_write(s->photo, bytes, STAGE_ATTACHMENT_BYTES);
    free(bytes);
    make_lines(s);
}

static void
make_keys(struct stage *s)
{
    const struct wb_new_passphrase words = holder_words(STAGE_SECOND);
    struct wb_vault *v = room_open(s->a);
    struct wb_error e = {0};
    unsigned slot;

    room_assert_ok(wb_passphrase_add(v, &slot, &words, "second", &e), &e);
    assert_int_equal(slot, 1);
    room_assert_ok(holder_split(v, 2, 3, &s->paper, &e), &e);
    room_assert_ok(wb_backup(v, s->backup, &e), &e);
    wb_vault_close(&v);
}

static void
make_cards(struct stage *s)
{
    char third[ROOM_PATH_BYTES], *a, *b;

    room_path(third, &s->room, "third");
    make_vault(third, "Somebody else");
    s->card = card_of(third);
    assert_int_equal(remove(third), 0);
    a = card_of(s->a);
    b = card_of(s->b);
    know(s->a, b, "partner");
    know(s->b, a, "documenter");
    wb_text_free(a);
    wb_text_free(b);
}

void
stage_owner(const struct stage *s, uint8_t point[static 32])
{
    struct wb_owner owner;
    struct wb_error e = {0};
    char *card = card_of(s->a);

    room_assert_ok(wb_card_owner(&owner, card, strlen(card), &e), &e);
    memcpy(point, owner.collect, sizeof owner.collect);
    wb_text_free(card);
}

static void
make_field(struct stage *s)
{
    const char *const fields[] = {"text", "Told in the field.", NULL};
    uint8_t owner[32];
    const struct wb_vault_options options = {.kdf_memory_mib = 64, .owner = owner};
    struct wb_vault *v;
    struct wb_error e = {0};
    struct wb_id id;

    stage_owner(s, owner);
    room_assert_ok(wb_vault_create(s->field, &options, ROOM_PASSPHRASE,
                       strlen(ROOM_PASSPHRASE), &e),
        &e);
    v = room_open(s->field);
    room_assert_ok(room_add(v, &id, &e, "statement", fields), &e);
    room_assert_ok(room_attach(v, NULL, &id, s->photo, &e), &e);
    wb_vault_close(&v);
}

/* A first, redacted copy of the second statement, which the bundle then completes. */
static void
hand_over_a_part(const struct stage *s, struct wb_vault *v)
{
    static const char *const to[] = {"partner"}, *const redact[] = {"text"};
    const struct wb_export_request request = {.to = to,
        .to_count = 1,
        .ids = &s->room.other,
        .id_count = 1,
        .redact = redact,
        .redact_count = 1,
        .path = s->bundle};
    struct wb_bundle_report *report = NULL;
    struct wb_exported exported;
    struct wb_vault *b = room_open(s->b);
    struct wb_error e = {0};

    room_assert_ok(wb_export(v, &request, &exported, &e), &e);
    room_assert_ok(wb_import(b, s->bundle, NULL, &report, &e), &e);
    wb_report_free(&report);
    wb_vault_close(&b);
    assert_int_equal(unlink(s->bundle), 0);
}

static void
make_bundle(struct stage *s)
{
    struct wb_vault *v = room_open(s->a);
    struct wb_error e = {0};

    hand_over_a_part(s, v);
    room_assert_ok(stage_export(v, s->bundle, &e), &e);
    wb_vault_close(&v);
}

/* What a vault gives away is made by a copy of it: who has asked, answered or changed
 * keys before has nothing left to do. */
static void
by_copy(struct stage *s, const char *path,
    void (*make)(struct stage *s, struct wb_vault *v))
{
    struct wb_vault *v;

    room_copy(path, s->copy);
    v = room_open(s->copy);
    make(s, v);
    wb_vault_close(&v);
    assert_int_equal(remove(s->copy), 0);
}

static void
make_request(struct stage *s, struct wb_vault *v)
{
    struct wb_error e = {0};

    room_assert_ok(
        wb_head_request(v, "partner", WB_FROM_REMEMBERED, &s->request, &e), &e);
}

static void
make_reply(struct stage *s, struct wb_vault *v)
{
    struct wb_head_note note;
    struct wb_error e = {0};

    room_assert_ok(
        wb_cosign(v, s->request, strlen(s->request), &s->reply, &note, &e), &e);
}

static void
make_receipt(struct stage *s, struct wb_vault *v)
{
    struct wb_bundle_report *report = NULL;
    struct wb_exported exported;
    struct wb_error e = {0};

    room_assert_ok(wb_import(v, s->bundle, NULL, &report, &e), &e);
    room_assert_ok(wb_receipt(v, report, s->receipt, &exported, &e), &e);
    wb_report_free(&report);
}

static void
make_notice(struct stage *s, struct wb_vault *v)
{
    static const char *const to[] = {"partner"};
    struct wb_export_request request = {
        .to = to, .to_count = 1, .id_count = 1, .path = s->notice};
    struct wb_exported exported;
    struct wb_withdrawal *w = NULL;
    struct wb_told told;
    struct wb_error e = {0};

    room_assert_ok(wb_withdrawal_look(&w, v, &s->room.other, &e), &e);
    room_assert_ok(wb_withdraw(w, v, "asked to", &e), &e);
    assert_true(wb_withdrawal_told(w, 0, &told));
    request.ids = &told.notice;
    room_assert_ok(wb_export(v, &request, &exported, &e), &e);
    wb_withdrawal_free(&w);
}

static void
make_turned(struct stage *s, struct wb_vault *v)
{
    struct wb_error e = {0};

    room_assert_ok(wb_identity_rotate(v, 0, &e), &e);
    room_assert_ok(wb_identity_export(v, &s->turned, &e), &e);
}

static void
make_heads(struct stage *s, struct wb_vault *v)
{
    struct wb_error e = {0};
    const char *head;

    room_assert_ok(wb_head(v, &head, &e), &e);
    assert_non_null(s->head = strdup(head));
    room_assert_ok(wb_head_words(v, &s->words, &e), &e);
}

static void
make_letters(struct stage *s)
{
    by_copy(s, s->a, make_request);
    by_copy(s, s->b, make_reply);
    by_copy(s, s->b, make_receipt);
    by_copy(s, s->a, make_notice);
    by_copy(s, s->b, make_turned);
    by_copy(s, s->a, make_heads);
}

/* JSON draws a seed for its tables once in a process; not in the middle of a deed. */
static void
draw_json_seed(void)
{
    struct wb_arena nodes = {0};
    const struct wb_json *root;
    struct wb_error e = {0};

    room_assert_ok(wb_json_decode(&root, &nodes, "{}", 2, 2, &e), &e);
    wb_arena_free(&nodes);
}

void
stage_make(struct stage *s)
{
    static const char *const names[] = {
        "vault", "other", "backup", "in.age", "field", "back.age", "notice.age"};

    room_quick_keys();
    draw_json_seed();
    *s = (struct stage){0};
    room_make(&s->room);
    make_desk(s);
    room_path(s->a, &s->room, "vault");
    room_path(s->b, &s->room, "other");
    room_path(s->fresh, &s->room, "new");
    room_path(s->backup, &s->room, "backup");
    room_path(s->copy, &s->room, "copy");
    room_path(s->field, &s->room, "field");
    room_path(s->bundle, &s->room, "in.age");
    room_path(s->exported, &s->room, "out.age");
    room_path(s->receipt, &s->room, "back.age");
    room_path(s->notice, &s->room, "notice.age");
    room_vault(&s->room);
    room_fill(&s->room, 300000);
    room_agree(&s->room);
    room_index(s->a);
    make_keys(s);
    make_vault(s->b, "Organisation");
    make_cards(s);
    make_bundle(s);
    make_letters(s);
    make_field(s);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        stage_keep(s, names[i]);
    stage_reset(s);
}

void
stage_keep(struct stage *s, const char *name)
{
    char path[ROOM_PATH_BYTES];
    struct stage_file *f = s->kept;

    while (f < s->kept + s->kept_count && strcmp(f->name, name) != 0)
        f++;
    assert_true(f < s->kept + STAGE_FILES_MAX);
    if (f == s->kept + s->kept_count)
        s->kept_count++;
    room_text(f->name, sizeof f->name, "%s", name);
    room_path(path, &s->room, name);
    free(f->bytes);
    f->bytes = room_read(path, &f->size);
}

static void
remove_file(void *cookie, const char *name, const char *path)
{
    (void)cookie;
    (void)name;
    assert_int_equal(remove(path), 0);
}

static void
remove_new_file(void *cookie, const char *name, const char *path)
{
    const struct stage *s = cookie;

    for (size_t i = 0; i < s->kept_count; i++)
        if (strcmp(s->kept[i].name, name) == 0)
            return;
    remove_file(NULL, name, path);
}

void
stage_reset(struct stage *s)
{
    char path[ROOM_PATH_BYTES];

    room_each_file(s->room.folder, remove_new_file, s);
    for (size_t i = 0; i < s->kept_count; i++) {
        room_path(path, &s->room, s->kept[i].name);
        if (!room_has(path, s->kept[i].bytes, s->kept[i].size))
            room_write(path, s->kept[i].bytes, s->kept[i].size);
    }
    (void)unlink(s->taken);
}

void
stage_sweep(struct stage *s)
{
    for (size_t i = 0; i < s->kept_count; i++)
        free(s->kept[i].bytes);
    wb_text_free(s->card);
    wb_text_free(s->request);
    wb_text_free(s->reply);
    wb_text_free(s->turned);
    wb_text_free(s->words);
    free(s->head);
    room_sweep(&s->room);
    room_each_file(s->desk, remove_file, NULL);
    assert_int_equal(rmdir(s->desk), 0);
    wb_random_source = NULL;
    wb_clock_source = NULL;
    memset(looked, 0, sizeof looked); /* shares are of one stage */
}

const char *
stage_vault(const struct stage *s, char letter)
{
    return letter == 'a' ? s->a
        : letter == 'b'  ? s->b
        : letter == 'c'  ? s->copy
        : letter == 'f'  ? s->field
                         : s->fresh;
}

/* ---- what is left ---- */

static bool
opens(const struct stage *s, const char *passphrase)
{
    struct wb_error e = {0};
    struct wb_vault *v = holder_open(s->a, passphrase, &e);
    bool opened = v != NULL;

    if (!opened && e.status != WB_ERR_PASSPHRASE)
        fail_msg("%s: %s", s->about, e.message);
    wb_vault_close(&v);
    return opened;
}

/* The first passphrase may have been changed: one of the others opens it then. */
static const char *
who_opens(struct holding_vault *h, const struct stage *s)
{
    h->second = opens(s, STAGE_SECOND);
    h->third = opens(s, STAGE_THIRD);
    h->shares = holder_shares_open(s->a, &s->paper);
    return opens(s, ROOM_PASSPHRASE) ? ROOM_PASSPHRASE
        : h->second                  ? STAGE_SECOND
                                     : STAGE_THIRD;
}

static uint64_t
unlogged_rows(const char *path)
{
    static const char sql[] =
        "SELECT sum(seq) FROM sqlite_sequence WHERE name IN ('heads', 'drafts')";
    sqlite3_stmt *s = NULL;
    sqlite3 *db = NULL;
    uint64_t rows;

    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, "unix"), 0);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), 0);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    rows = (uint64_t)sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    sqlite3_close(db);
    return rows;
}

static void
add_bytes(struct wb_sha256 *h, const char *path)
{
    size_t size;
    uint8_t *bytes = room_read(path, &size);

    wb_sha256_add(h, bytes, size);
    free(bytes);
}

/* The place of a file with these bytes and no journal beside it, `found` filled or to
 * be filled; NULL where there is one, which decides as well. */
static struct looked *
find_looked(const char *path, char letter)
{
    char journal[ROOM_PATH_BYTES + 8];
    struct looked *l = &looked[looked_count % (sizeof looked / sizeof looked[0])];
    uint8_t bytes[WB_HASH_BYTES];
    struct wb_sha256 hash;

    room_text(journal, sizeof journal, "%s-journal", path);
    if (room_exists(journal))
        return NULL;
    wb_sha256_init(&hash);
    add_bytes(&hash, path);
    wb_sha256_end(&hash, bytes);
    for (size_t i = 0; i < sizeof looked / sizeof looked[0]; i++)
        if (looked[i].letter == letter &&
            memcmp(looked[i].bytes, bytes, sizeof bytes) == 0)
            return &looked[i];
    looked_count++;
    *l = (struct looked){.letter = letter};
    memcpy(l->bytes, bytes, sizeof bytes);
    return l;
}

static void
look_into(struct holding_vault *h, const struct stage *s, char letter)
{
    const char *path = stage_vault(s, letter), *passphrase = ROOM_PASSPHRASE;
    struct room_finding f;

    if (letter == 'a')
        passphrase = who_opens(h, s);
    room_examine_as(&f, path, passphrase);
    if (room_is_named(&f))
        fail_msg("%s: vault %c: %s", s->about, letter, f.said);
    h->entries = f.counts.size;
    h->records = f.counts.records;
    h->rows = unlogged_rows(path);
    memcpy(h->content, f.content, sizeof h->content);
    h->there = true;
}

static void
look_at(struct holding_vault *h, const struct stage *s, char letter)
{
    const char *path = stage_vault(s, letter);
    struct looked *l;

    if (!room_exists(path))
        return;
    l = find_looked(path, letter);
    if (l != NULL && l->found.there) {
        *h = l->found;
        return;
    }
    look_into(h, s, letter);
    if (l != NULL)
        l->found = *h;
}

struct names {
    struct wb_sha256 hash;
    unsigned left;
};

static void
look_at_name(void *cookie, const char *name, const char *path)
{
    static const char journal[] = "-journal";
    struct names *names = cookie;
    size_t size = strlen(name), tail = sizeof journal - 1;

    if (name[0] == '.' || (size > tail && strcmp(name + size - tail, journal) == 0))
        names->left++;
    else
        wb_sha256_add(&names->hash, name, size + 1);
    if (strcmp(name, "out.age") == 0)
        add_bytes(&names->hash, path);
}

void
stage_look(struct holding *h, const struct stage *s, const char *letters)
{
    struct names names = {0};

    memset(h, 0, sizeof *h);
    for (size_t i = 0; letters[i] != '\0'; i++)
        look_at(&h->vault[i], s, letters[i]);
    wb_sha256_init(&names.hash);
    room_each_file(s->room.folder, look_at_name, &names);
    wb_sha256_end(&names.hash, h->files);
    h->left = names.left;
}

bool
stage_same_vaults(const struct holding *a, const struct holding *b)
{
    return memcmp(a->vault, b->vault, sizeof a->vault) == 0;
}

bool
stage_same_files(const struct holding *a, const struct holding *b)
{
    return memcmp(a->files, b->files, sizeof a->files) == 0;
}

struct stage stage;

int
stage_set_up(void **state)
{
    (void)state;
    stage_make(&stage);
    return 0;
}

int
stage_tear_down(void **state)
{
    (void)state;
    stage_sweep(&stage);
    return 0;
}
