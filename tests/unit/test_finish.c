/* tests/unit/test_finish.c - a bundle that was handed over and waits for its name, and
 * what is kept of the bundles that left and came. */
#include "room.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <witnessbox/bundle.h>

#include "base/file.h"
#include "bundle/handoff.h"
#include "bundle/rules.h"
#include "custody/change.h"
#include "sample.h"

enum { SPLIT = 128 * 1024, PARTS = 3, CALLS_MIN = 20 };
#define BUNDLE "abcdefghjkmnpqrstvwxyz0124"

/* A vault with one bundle that left in PARTS parts and has no name: the disk refused
 * to rename. */
static struct room room;
static uint8_t *kept;
static size_t kept_size;
static struct file {
    char temporary[ROOM_PATH_BYTES], name[ROOM_PATH_BYTES];
    uint8_t *bytes;
    size_t size;
} parts[PARTS];

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("status %d: %s", st, e->message);
}

static int
refuse_rename(enum wb_file_op op)
{
    return op == WB_FILE_RENAME ? EIO : 0;
}

static void
export_without_a_name(void)
{
    const uint8_t point[WB_POINT_BYTES] = {9};
    char key[WB_AGE_RECIPIENT_CHARS + 1];
    const char *const to[] = {key};
    char path[ROOM_PATH_BYTES];
    struct wb_exception overrides[ROOM_OVERRIDES];
    const struct wb_export_request request = {.to = to,
        .to_count = 1,
        .all = true,
        .path = path,
        .split = SPLIT,
        .overrides = overrides,
        .override_count = ROOM_OVERRIDES};
    struct wb_vault *v = room_open(room.vault);
    struct wb_exported exported;
    struct wb_error e = {0};

    wb_age_recipient_encode(key, point);
    room_path(path, &room, "out.age");
    room_override(&room, overrides);
    wb_file_fault = refuse_rename;
    assert_int_equal(wb_export(v, &request, &exported, &e), WB_ERR_IO);
    wb_file_fault = NULL;
    assert_non_null(strstr(e.message, "the bundle is complete, see `handoffs`"));
    wb_vault_close(&v);
}

static int
setup(void **state)
{
    (void)state;
    room_quick_keys();
    room_make(&room);
    room_vault(&room);
    room_fill(&room, 200000);
    export_without_a_name();
    kept = room_read(room.vault, &kept_size);
    for (int i = 0; i < PARTS; i++) {
        char name[32];

        room_text(name, sizeof name, ".out.age.%02d.part0", i + 1);
        room_path(parts[i].temporary, &room, name);
        room_text(name, sizeof name, "out.age.%02d-of-%02d", i + 1, PARTS);
        room_path(parts[i].name, &room, name);
        parts[i].bytes = room_read(parts[i].temporary, &parts[i].size);
    }
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    wb_file_fault = NULL;
    for (int i = 0; i < PARTS; i++)
        free(parts[i].bytes);
    free(kept);
    room_sweep(&room);
    return 0;
}

static struct wb_vault *
begin_again(void)
{
    room_write(room.vault, kept, kept_size);
    for (int i = 0; i < PARTS; i++) {
        (void)remove(parts[i].name);
        room_write(parts[i].temporary, parts[i].bytes, parts[i].size);
    }
    return room_open(room.vault);
}

static void
assert_named(void)
{
    for (int i = 0; i < PARTS; i++) {
        assert_true(room_has(parts[i].name, parts[i].bytes, parts[i].size));
        assert_false(room_exists(parts[i].temporary));
    }
}

static bool
count_waiting(void *cookie, const struct wb_record *r)
{
    struct wb_unfinished u;

    while (wb_handoff_unfinished(&u, r, *(size_t *)cookie))
        ++*(size_t *)cookie;
    return true;
}

/* How many files the vault says wait for their names. */
static size_t
waiting(struct wb_vault *v)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    struct wb_error e = {0};
    uint64_t damaged;
    size_t count = 0;

    ok(wb_list(v, &handoffs, count_waiting, &count, &damaged, &e), &e);
    return count;
}

/* ---- finished ---- */

/* Any part says which bundle it is; the folder may be the one we are in. */
static void
all_parts_get_their_names(void **state)
{
    char before[PATH_MAX];

    (void)state;
    assert_non_null(getcwd(before, sizeof before));
    for (int i = 0; i < PARTS; i++) {
        struct wb_vault *v = begin_again();
        struct wb_finished done;
        struct wb_error e = {0};

        assert_int_equal(waiting(v), PARTS);
        assert_int_equal(chdir(room.folder), 0);
        ok(wb_export_finish(
               v, i == 0 ? strrchr(parts[i].name, '/') + 1 : parts[i].name, &done, &e),
            &e);
        assert_int_equal(chdir(before), 0);
        assert_int_equal(strlen(done.sha256), 64);
        assert_named();
        assert_int_equal(waiting(v), 0);
        wb_vault_close(&v);
    }
}

static struct {
    unsigned calls, at;
} refusal;

static int
refuse_one(enum wb_file_op op)
{
    (void)op;
    return ++refusal.calls == refusal.at ? EIO : 0;
}

/* Each call to the system, one after the other. */
static void
what_the_system_refuses_can_be_asked_again(void **state)
{
    unsigned refused = 0;

    (void)state;
    refusal.calls = refusal.at = 0;
    while (refusal.calls >= refusal.at) {
        struct wb_vault *v = begin_again();
        struct wb_finished done = {.bundle = "untouched"};
        struct wb_error e = {0};
        enum wb_status st;

        refusal.calls = 0;
        refusal.at += (unsigned)every(1);
        wb_file_fault = refuse_one;
        st = wb_export_finish(v, parts[0].name, &done, &e);
        wb_file_fault = NULL;
        if (st != WB_OK) {
            refused++;
            assert_int_equal(st, WB_ERR_IO);
            room_assert_line(&e);
            assert_string_equal(done.bundle, "untouched");
        }
        wb_vault_close(&v);
        v = room_open(room.vault);
        if (waiting(v) > 0)
            ok(wb_export_finish(v, parts[0].name, &done, &e), &e);
        assert_named();
        wb_vault_close(&v);
    }
    counted(refused, "refused calls while a bundle got its name");
    assert_true(refused >= CALLS_MIN / every(1));
}

/* ---- refused ---- */

static void
assert_refused(const char *path, enum wb_status status, const char *said)
{
    struct wb_vault *v = room_open(room.vault);
    struct wb_finished done = {.bundle = "untouched"};
    uint8_t before[ROOM_PRINT_BYTES], after[ROOM_PRINT_BYTES];
    struct wb_error e = {0};

    room_print(room.folder, before);
    assert_int_equal(wb_export_finish(v, path, &done, &e), status);
    if (strstr(e.message, said) == NULL)
        fail_msg("not '%s': %s", said, e.message);
    assert_string_equal(done.bundle, "untouched");
    room_print(room.folder, after);
    assert_memory_equal(before, after, sizeof after);
    wb_vault_close(&v);
}

static void
only_the_very_bytes_get_the_name(void **state)
{
    static char far[2 * PATH_MAX];
    struct wb_vault *v = begin_again();
    size_t size = (size_t)snprintf(far, sizeof far, "%s", room.folder);

    (void)state;
    wb_vault_close(&v);
    assert_refused("other.age", WB_ERR_NOT_FOUND, "no bundle of this vault waits");
    assert_refused("/nowhere/out.age.01-of-03", WB_ERR_NOT_FOUND,
        "out.age.01-of-03: is not here, nor .out.age.01.part0");
    assert_int_equal(remove(parts[2].temporary), 0);
    assert_refused(parts[0].name, WB_ERR_NOT_FOUND,
        "out.age.03-of-03: is not here, nor .out.age.03.part0");
    room_write(parts[2].temporary, parts[1].bytes, parts[1].size);
    assert_refused(parts[0].name, WB_ERR_INTEGRITY,
        "out.age.01-of-03: what lies here is not the bundle that was handed over");
    while (size < PATH_MAX)
        size += (size_t)snprintf(far + size, sizeof far - size, "/.");
    (void)snprintf(far + size, sizeof far - size, "/out.age.01-of-03");
    assert_refused(far, WB_ERR_USAGE, ": the path is too long");
}

/* ---- lines that are none ---- */

static void
add_handoff(struct wb_vault *v, const char *const *fields)
{
    static const char *const common[] = {"bundle", BUNDLE, "time", "2026-11-23", NULL};
    struct wb_draft *d = NULL;
    struct wb_change *c = NULL;
    struct wb_saved saved;
    struct wb_error e = {0};

    ok(wb_draft_new_any(&d, wb_kind_find("handoff"), &e), &e);
    for (const char *const *list = common; list != NULL;
         list = list == common ? fields : NULL)
        for (size_t i = 0; list[i] != NULL; i += 2)
            ok(wb_draft_put(
                   d, list[i], WB_STATE_TEXT, list[i + 1], strlen(list[i + 1]), &e),
                &e);
    ok(wb_change_begin(&c, v, &e), &e);
    ok(wb_change_add(c, d, &saved, &e), &e);
    ok(wb_change_commit(&c, &e), &e);
    wb_draft_free(&d);
}

static void
a_line_that_is_no_path_and_name_waits_for_nothing(void **state)
{
    char long_name[400];
    const char *const lines[] = {"no-slash", long_name};
    struct wb_vault *v = begin_again();
    struct wb_finished done;
    struct wb_error e = {0};

    (void)state;
    memset(long_name, 'n', sizeof long_name);
    memcpy(long_name, "/x/", 3);
    long_name[sizeof long_name - 1] = '\0';
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *const fields[] = {"direction", "out", "file", lines[i], NULL};

        add_handoff(v, fields);
    }
    assert_int_equal(waiting(v), PARTS); /* of the one that does */
    assert_int_equal(wb_export_finish(v, "no-slash", &done, &e), WB_ERR_NOT_FOUND);
    ok(wb_export_finish(v, parts[0].name, &done, &e), &e);
    assert_named();
    wb_vault_close(&v);
}

/* A draft takes no line as long; what is stored is not measured again. */
static void
a_path_longer_than_a_line_is_not_read(void **state)
{
    char path[1100];
    struct wb_draft *d = sample_draft("handoff");
    struct wb_unfinished u;
    struct wb_record *r;
    struct wb_value *value;

    (void)state;
    sample_put(d, "bundle", BUNDLE);
    sample_put(d, "direction", "out");
    sample_put(d, "time", "2026-11-23");
    sample_put(d, "file", "/x/out.age/.out.age.part0");
    r = sample_record(d);
    value = wb_record_place(r, wb_field_find(wb_kind_find("handoff"), "file")->number)
                ->values;
    assert_true(wb_handoff_unfinished(&u, r, 0));
    assert_string_equal(u.path, "/x/out.age");
    assert_string_equal(u.temporary, ".out.age.part0");
    memset(path, 'p', sizeof path);
    memcpy(path + sizeof path - 4, "/.t", 4);
    for (size_t size = sizeof u.path - 1; size <= sizeof u.path; size++) {
        value->text = path + sizeof path - 1 - size;
        value->size = size;
        assert_int_equal(wb_handoff_unfinished(&u, r, 0), size < sizeof u.path);
    }
    wb_record_free(&r);
}

/* ---- came before ---- */

static void
an_id_is_used_twice_only_by_its_sender_for_the_same(void **state)
{
    struct wb_info info = {.sender = {.id = {1}, .point = {2}}};
    const uint8_t hash[WB_HASH_BYTES] = {3}, other[WB_HASH_BYTES] = {4};
    char sender[WB_MINISIGN_KEY_CHARS + 1], list[2 * WB_HASH_BYTES + 1] = "03";
    const char *const fields[] = {
        "direction", "in", "sender", sender, "tag-manifest", list, NULL};
    struct wb_vault *v = begin_again();
    struct wb_error e = {0};

    (void)state;
    assert_true(wb_id_parse(&info.bundle, BUNDLE, strlen(BUNDLE)));
    memset(list + 2, '0', sizeof list - 3);
    wb_minisign_key_encode(sender, &info.sender);
    ok(wb_handoff_check_reused(v, &info, other, &e), &e); /* none came */
    add_handoff(v, fields);
    ok(wb_handoff_check_reused(v, &info, hash, &e), &e);
    assert_int_equal(wb_handoff_check_reused(v, &info, other, &e), WB_ERR_INTEGRITY);
    assert_string_equal(e.message, wb_rule_at(WB_RULE_BUNDLE_REUSED)->message);
    info.sender.point[0] ^= 1; /* somebody else may have drawn it, or seen it */
    ok(wb_handoff_check_reused(v, &info, other, &e), &e);
    wb_vault_close(&v);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_parts_get_their_names),
        cmocka_unit_test(what_the_system_refuses_can_be_asked_again),
        cmocka_unit_test(only_the_very_bytes_get_the_name),
        cmocka_unit_test(a_line_that_is_no_path_and_name_waits_for_nothing),
        cmocka_unit_test(a_path_longer_than_a_line_is_not_read),
        cmocka_unit_test(an_id_is_used_twice_only_by_its_sender_for_the_same),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
