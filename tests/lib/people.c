/* tests/lib/people.c - vaults of people who know each other, all open at once. */
#include "people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/text.h>

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("status %d: %s", st, e->message);
}

static void
introduce(struct people *p, size_t who, size_t to)
{
    struct wb_error e = {0};
    char *card = NULL;

    ok(wb_identity_export(p->v[who], &card, &e), &e);
    ok(wb_contact_add(p->v[to], card, strlen(card), p->label[who], NULL, &e), &e);
    if (who != p->stranger)
        ok(wb_contact_verify(p->v[to], p->label[who], "face to face", NULL, &e), &e);
    wb_text_free(card);
}

void
people_make(struct people *p, size_t count, size_t stranger)
{
    struct wb_error e = {0};

    assert_true(count <= PEOPLE_MAX);
    room_quick_keys();
    *p = (struct people){.count = count, .stranger = stranger};
    room_make(&p->room);
    for (size_t i = 0; i < count; i++) {
        const struct wb_vault_options options = {
            .name = p->label[i], .kdf_memory_mib = 64};

        room_text(p->label[i], sizeof p->label[i], "p%zu", i);
        room_path(p->path[i], &p->room, p->label[i]);
        ok(wb_vault_create(
               p->path[i], &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e),
            &e);
        p->v[i] = room_open(p->path[i]);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            if (i != k)
                introduce(p, i, k);
}

void
people_sweep(struct people *p)
{
    for (size_t i = 0; i < p->count; i++)
        wb_vault_close(&p->v[i]);
    room_sweep(&p->room);
}

struct wb_id
people_add(struct people *p, size_t who, const char *kind, const char *const *fields)
{
    struct wb_error e = {0};
    struct wb_id id;

    ok(room_add(p->v[who], &id, &e, kind, fields), &e);
    assert_true(p->anyway_count < PEOPLE_RECORDS_MAX);
    p->anyway[p->anyway_count++] = (struct wb_exception){id, "for a test"};
    return id;
}

void
people_send(struct people *p, size_t from, size_t to, const struct wb_id *id,
    const char *const *redact, char path[static ROOM_PATH_BYTES])
{
    people_send_to(p, from, &to, 1, id, redact, path);
}

void
people_send_to(struct people *p, size_t from, const size_t *to, size_t to_count,
    const struct wb_id *id, const char *const *redact,
    char path[static ROOM_PATH_BYTES])
{
    const char *labels[PEOPLE_MAX];
    struct wb_export_request request = {.to = labels,
        .to_count = to_count,
        .ids = id,
        .id_count = id != NULL,
        .all = id == NULL,
        .redact = redact,
        .overrides = p->anyway,
        .override_count = p->anyway_count,
        .path = path};
    char name[32];
    struct wb_exported exported;
    struct wb_error e = {0};

    for (size_t i = 0; i < to_count; i++)
        labels[i] = p->label[to[i]];
    while (redact != NULL && redact[request.redact_count] != NULL)
        request.redact_count++;
    room_text(name, sizeof name, "bundle-%u", p->bundles++);
    room_path(path, &p->room, name);
    ok(wb_export(p->v[from], &request, &exported, &e), &e);
}

struct people_taken
people_take(struct people *p, size_t who, const char *path)
{
    const struct wb_reading accepting = {.flags = WB_IMPORT_ACCEPT};
    struct wb_bundle_report *report = NULL;
    struct people_taken taken;
    struct wb_error e = {0};

    ok(wb_import(p->v[who], path, &accepting, &report, &e), &e);
    taken = (struct people_taken){
        .added = wb_report_added(report),
        .completed = wb_report_completed(report),
        .present = wb_report_present(report),
        .forks = wb_report_forks(report),
        .refused = wb_report_refused(report),
    };
    wb_report_free(&report);
    return taken;
}

struct people_taken
people_hand(struct people *p, size_t from, size_t to, const struct wb_id *id,
    const char *const *redact)
{
    char path[ROOM_PATH_BYTES];
    struct people_taken taken;

    people_send(p, from, to, id, redact, path);
    taken = people_take(p, to, path);
    assert_int_equal(remove(path), 0);
    return taken;
}

void
people_receipt(
    struct people *p, size_t who, const char *taken, char path[static ROOM_PATH_BYTES])
{
    struct wb_bundle_report *report = NULL;
    struct wb_exported exported;
    struct wb_error e = {0};
    char name[32];

    room_text(name, sizeof name, "receipt-%u", p->bundles++);
    room_path(path, &p->room, name);
    ok(wb_import(p->v[who], taken, NULL, &report, &e), &e);
    ok(wb_receipt(p->v[who], report, path, &exported, &e), &e);
    wb_report_free(&report);
}

void
people_refuse(struct people *p, size_t who, const char *path,
    const struct wb_reading *how, enum wb_status status, const char *said)
{
    struct wb_bundle_report *report = NULL;
    struct wb_error e = {0};
    size_t sizes[2];
    uint8_t *before = room_read(p->path[who], &sizes[0]), *after;

    assert_int_equal(wb_import(p->v[who], path, how, &report, &e), status);
    assert_null(report);
    if (strstr(e.message, said) == NULL)
        fail_msg("said '%s', not '%s'", e.message, said);
    room_assert_line(&e);
    after = room_read(p->path[who], &sizes[1]);
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(before, after, sizes[0]);
    free(before);
    free(after);
}

void
people_assert_sound(struct people *p)
{
    for (size_t i = 0; i < p->count; i++) {
        struct wb_verified verified = {0};
        struct wb_error e = {0};

        ok(wb_verify(p->v[i], WB_VERIFY_DEEP, &verified, NULL, &e), &e);
        assert_int_equal(verified.problems, 0);
    }
}
