/* tests/unit/test_change.c - changes: stored, amended, refused, loaded, rolled back. */
#include "cm.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "room.h"

struct fixture {
    struct room room;
    struct wb_vault *v;
};

static int
set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    room_quick_keys();
    room_make(&f->room);
    room_vault(&f->room);
    f->v = room_open(f->room.vault);
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    wb_vault_close(&f->v);
    room_sweep(&f->room);
    free(f);
    return 0;
}

static uint64_t
entries(struct wb_vault *v)
{
    struct wb_vault_info info;
    struct wb_error e = {0};

    assert_int_equal(wb_vault_info(v, &info, &e), WB_OK);
    return info.entries;
}

static void
a_reference_to_nothing_is_refused_and_nothing_changes(void **state)
{
    static const char *const fields[] = {
        "text", "words", "witness", "00000000000000000000000000", NULL};
    struct fixture *f = *state;
    uint64_t before = entries(f->v);
    struct wb_error e = {0};
    struct wb_id id;

    assert_int_equal(room_add(f->v, &id, &e, "statement", fields), WB_ERR_NOT_FOUND);
    assert_string_equal(
        e.message, "witness: no record 00000000000000000000000000 here");
    assert_int_equal(entries(f->v), before);
}

static void
a_reference_to_the_wrong_kind_is_refused(void **state)
{
    static const char *const incident[] = {"title", "One", NULL};
    struct fixture *f = *state;
    char text[WB_ID_TEXT_BYTES];
    struct wb_error e = {0};
    struct wb_id id;

    assert_int_equal(room_add(f->v, &id, &e, "incident", incident), WB_OK);
    wb_id_text(text, &id);
    {
        const char *const fields[] = {"text", "words", "witness", text, NULL};

        assert_int_equal(room_add(f->v, &id, &e, "statement", fields), WB_ERR_VALUE);
        assert_non_null(
            strstr(e.message, "is a record of kind incident, it must be person"));
    }
}

static void
a_missing_required_field_is_named(void **state)
{
    static const char *const fields[] = {"date", "2021", NULL};
    struct fixture *f = *state;
    struct wb_error e = {0};
    struct wb_id id;

    assert_int_equal(room_add(f->v, &id, &e, "statement", fields), WB_ERR_VALUE);
    assert_non_null(strstr(e.message, "text"));
}

static void
an_amendment_keeps_what_it_follows(void **state)
{
    static const char *const fields[] = {"text", "first", NULL};
    struct fixture *f = *state;
    struct wb_record *r = NULL;
    struct wb_error e = {0};
    uint8_t root[WB_ROOT_BYTES];
    char hex[9];
    struct wb_id id;

    assert_int_equal(room_add(f->v, &id, &e, "statement", fields), WB_OK);
    assert_int_equal(wb_record_load(f->v, &r, &id, &e), WB_OK);
    memcpy(root, wb_record_root(r), sizeof root);
    wb_record_free(&r);
    assert_int_equal(room_amend(f->v, &id, "second", &e), WB_OK);
    assert_int_equal(wb_record_load(f->v, &r, &id, &e), WB_OK);
    assert_int_equal(wb_record_revision(r), 2);
    assert_int_equal(wb_record_previous_count(r), 1);
    assert_memory_equal(wb_record_previous(r, 0), root, sizeof root);
    wb_record_free(&r);
    for (int i = 0; i < 4; i++)
        room_text(hex + 2 * i, 3, "%02x", root[i]);
    assert_int_equal(wb_record_load_root(f->v, &r, &id, hex, &e), WB_OK);
    assert_int_equal(wb_record_revision(r), 1);
    wb_record_free(&r);
}

/* One amendment of one field; nothing is kept unless it goes through. */
static enum wb_status
amend_field(struct fixture *f, const struct wb_id *id, const char *field,
    const char *text, const struct wb_amendment *why, struct wb_error *e)
{
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st;

    assert_int_equal(wb_change_begin(&c, f->v, e), WB_OK);
    assert_int_equal(wb_change_draft(c, &d, id, e), WB_OK);
    assert_int_equal(wb_draft_clear(d, field, e), WB_OK);
    assert_int_equal(
        wb_draft_add(d, field, WB_STATE_TEXT, text, strlen(text), e), WB_OK);
    if ((st = wb_change_amend(c, id, d, why, &saved, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    wb_draft_free(&d);
    return st;
}

static bool
keep_reason(void *cookie, const struct wb_log_entry *entry)
{
    char(*kept)[128] = cookie;
    const char *at = strstr(entry->detail, "reason ");

    room_text(*kept, sizeof *kept, "%s", at == NULL ? "" : at);
    (*kept)[strcspn(*kept, "\n")] = '\0';
    return true;
}

static void
assert_last_reason(struct fixture *f, const struct wb_id *id, const char *reason)
{
    char kept[128] = "";

    assert_int_equal(wb_log_each(f->v, id, keep_reason, &kept, NULL), WB_OK);
    assert_string_equal(kept, reason);
}

static void
an_account_that_was_read_back_or_signed_stands(void **state)
{
    static const char *const marks[][2] = {
        {"read-back", "to-witness"}, {"read-back", "by-witness"}, {"signed", "mark"}};
    static const struct wb_amendment why = {.reason = "transcription"};
    struct fixture *f = *state;
    struct wb_error e = {0};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *const fields[] = {"text", "first", marks[i][0], marks[i][1], NULL};
        struct wb_id id;
        uint64_t before;

        assert_int_equal(room_add(f->v, &id, &e, "statement", fields), WB_OK);
        before = entries(f->v);
        assert_int_equal(amend_field(f, &id, "text", "other", &why, &e), WB_ERR_POLICY);
        assert_memory_equal(e.message, "text: the statement was ", 24);
        assert_non_null(strstr(e.message, "-F supplements="));
        assert_int_equal(entries(f->v), before);
        assert_int_equal(amend_field(f, &id, "place", "Osh", &why, &e), WB_OK);
        assert_last_reason(f, &id, "reason transcription");
    }
}

static void
whoever_insists_may_change_it_and_the_log_says_so(void **state)
{
    static const char *const fields[] = {
        "text", "first", "read-back", "no", "signed", "none", NULL};
    static const struct wb_amendment why = {.reason = "transcription"},
                                     insists = {.reason = "transcription",
                                         .over_signature = true};
    struct fixture *f = *state;
    struct wb_error e = {0};
    struct wb_id id;

    assert_int_equal(room_add(f->v, &id, &e, "statement", fields), WB_OK);
    assert_int_equal(amend_field(f, &id, "text", "second", &insists, &e), WB_OK);
    assert_last_reason(f, &id, "reason transcription");
    assert_int_equal(amend_field(f, &id, "signed", "ink", &why, &e), WB_OK);
    assert_int_equal(amend_field(f, &id, "text", "third", &insists, &e), WB_OK);
    assert_last_reason(f, &id, "reason transcription, over a signature");
}

static void
an_amendment_that_changes_nothing_or_gives_no_good_reason_is_refused(void **state)
{
    static const char *const fields[] = {"text", "first", NULL};
    struct fixture *f = *state;
    struct wb_amendment why = {.reason = "witness"};
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    struct wb_error e = {0};
    struct wb_id id;
    uint64_t before;

    assert_int_equal(room_add(f->v, &id, &e, "statement", fields), WB_OK);
    before = entries(f->v);
    assert_int_equal(wb_change_begin(&c, f->v, &e), WB_OK);
    assert_int_equal(wb_change_draft(c, &d, &id, &e), WB_OK);
    assert_int_equal(wb_change_amend(c, &id, d, &why, &saved, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "nothing changed, nothing was saved");
    why.reason = "because";
    assert_int_equal(wb_change_amend(c, &id, d, &why, &saved, &e), WB_ERR_USAGE);
    wb_change_rollback(&c);
    wb_draft_free(&d);
    assert_int_equal(entries(f->v), before);
}

static void
two_changes_at_once_are_refused(void **state)
{
    struct fixture *f = *state;
    struct wb_change *c = NULL, *second = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_change_begin(&c, f->v, &e), WB_OK);
    assert_int_equal(wb_change_begin(&second, f->v, &e), WB_ERR_INTERNAL);
    assert_null(second);
    wb_change_rollback(&c);
}

/* Loads JSONL and answers what the change said. */
static enum wb_status
load(struct fixture *f, const char *jsonl, struct wb_loaded *loaded, struct wb_error *e)
{
    char path[ROOM_PATH_BYTES];
    struct wb_change *c = NULL;
    enum wb_status st;
    int fd;

    room_path(path, &f->room, "load.jsonl");
    room_write(path, jsonl, strlen(jsonl));
    fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(wb_change_begin(&c, f->v, e), WB_OK);
    if ((st = wb_change_load(c, fd, NULL, loaded, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    close(fd);
    return st;
}

static void
lines_may_name_each_other_in_any_order(void **state)
{
    struct fixture *f = *state;
    struct wb_loaded loaded = {0};
    struct wb_record *r = NULL;
    struct wb_value_view value;
    struct wb_error e = {0};
    char person[WB_ID_TEXT_BYTES];

    assert_int_equal(load(f,
                         "{\"kind\":\"statement\",\"fields\":{\"witness\":\"w\","
                         "\"text\":[\"a\",\"b\"],"
                         "\"date\":{\"state\":\"unknown\"}}}\n"
                         "{\"kind\":\"person\",\"key\":\"w\",\"fields\":{\"name\":"
                         "\"Иззат Амон\"}}\n",
                         &loaded, &e),
        WB_OK);
    assert_int_equal(loaded.added, 2);
    wb_id_text(person, &loaded.last);
    assert_int_equal(wb_record_load(f->v, &r, &loaded.first, &e), WB_OK);
    assert_true(wb_record_value(r, "witness", 0, &value));
    assert_string_equal(value.text, person);
    assert_true(wb_record_value(r, "text", 1, &value));
    assert_string_equal(value.text, "b");
    assert_true(wb_record_value(r, "date", 0, &value));
    assert_int_equal(value.state, WB_STATE_UNKNOWN);
    wb_record_free(&r);
}

static void
one_bad_line_is_named_and_none_is_stored(void **state)
{
    static const struct {
        const char *line, *message;
    } cases[] = {
        {"{\"kind\":\"person\",\"fields\":{\"nam\":\"x\"}}",
            "line 2: person has no field"},
        {"{\"kind\":\"handoff\",\"fields\":{}}", "line 2: kind: there is none"},
        {"{\"kind\":\"person\",\"fields\":{\"name\":7}}",
            "line 2: name: must be a string"},
        {"{\"kind\":\"person\"}", "line 2: must be"},
        {"not json", "line 2: "},
        {"{\"kind\":\"statement\",\"fields\":{\"text\":\"x\",\"witness\":\"zz\"}}",
            "line 2: witness: no such key in this file, and not an id"},
        {"{\"kind\":\"person\",\"key\":\"k\",\"fields\":{\"name\":\"x\"}}",
            "line 2: key: given twice"},
        {"{\"kind\":\"evidence\",\"fields\":{\"about\":\"k\",\"sha256\":\"00\"}}",
            "line 2: sha256: not a SHA-256"},
    };
    struct fixture *f = *state;
    uint64_t before = entries(f->v);
    char text[512];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wb_loaded loaded = {0};
        struct wb_error e = {0};

        room_text(text, sizeof text,
            "{\"kind\":\"person\",\"key\":\"k\",\"fields\":{\"name\":\"x\"}}\n%s\n",
            cases[i].line);
        assert_int_not_equal(load(f, text, &loaded, &e), WB_OK);
        assert_int_equal(
            strncmp(e.message, cases[i].message, strlen(cases[i].message)), 0);
        assert_int_equal(loaded.added, 0);
        assert_int_equal(entries(f->v), before);
    }
    wb_vault_close(&f->v);
    room_assert_sound(f->room.vault);
}

static void
an_attachment_comes_out_as_it_went_in(void **state)
{
    struct fixture *f = *state;
    char in[ROOM_PATH_BYTES], out[ROOM_PATH_BYTES];
    static const char *const incident[] = {"title", "One", NULL};
    struct wb_record *r = NULL;
    struct wb_file_view file;
    struct wb_error e = {0};
    struct wb_id about, id;
    static uint8_t bytes[70000];
    uint8_t *back;
    size_t size;
    int fd;

    room_noise(bytes, sizeof bytes, 5);
    room_path(in, &f->room, "photo.jpg");
    room_path(out, &f->room, "out.jpg");
    room_write(in, bytes, sizeof bytes);
    assert_int_equal(room_add(f->v, &about, &e, "incident", incident), WB_OK);
    assert_int_equal(room_attach(f->v, &id, &about, in, &e), WB_OK);
    assert_int_equal(wb_record_load(f->v, &r, &id, &e), WB_OK);
    assert_true(wb_record_file(r, &file));
    assert_string_equal(file.name, "photo.jpg");
    assert_int_equal(file.size, sizeof bytes);
    assert_true(file.stored);
    fd = open(out, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_int_equal(wb_extract(f->v, r, fd, &e), WB_OK);
    close(fd);
    back = room_read(out, &size);
    assert_int_equal(size, sizeof bytes);
    assert_memory_equal(back, bytes, size);
    free(back);
    wb_record_free(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_reference_to_nothing_is_refused_and_nothing_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_reference_to_the_wrong_kind_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_missing_required_field_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_amendment_keeps_what_it_follows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_account_that_was_read_back_or_signed_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            whoever_insists_may_change_it_and_the_log_says_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_amendment_that_changes_nothing_or_gives_no_good_reason_is_refused,
            set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            two_changes_at_once_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            lines_may_name_each_other_in_any_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            one_bad_line_is_named_and_none_is_stored, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_attachment_comes_out_as_it_went_in, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
