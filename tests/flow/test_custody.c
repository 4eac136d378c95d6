/* tests/flow/test_custody.c - heads kept outside, copies that went on, restarts,
 * cosignatures: what a stranger can be convinced of. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/bundle.h>
#include <witnessbox/text.h>

#include "base/clock.h"
#include "custody/heads.h"
#include "custody/log.h"
#include "formats/merkle.h"
#include "formats/proof.h"
#include "room.h"

enum { HEAD_BYTES = 1024 };

static struct room room;
static char b[ROOM_PATH_BYTES], kept[HEAD_BYTES];

static void
ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s", e->message);
}

static int
setup(void **state)
{
    (void)state;
    room_quick_keys();
    room_make(&room);
    room_vault(&room);
    room_fill(&room, 1000);
    room_path(b, &room, "b");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    wb_clock_source = NULL;
    room_sweep(&room);
    return 0;
}

/* ---- small deeds, each from opening to closing ---- */

static void
note_head(const char *path, char out[static HEAD_BYTES])
{
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};
    const char *text;

    ok(wb_head(v, &text, &e), &e);
    room_text(out, HEAD_BYTES, "%s", text);
    wb_vault_close(&v);
}

static void
note_words(const char *path, char out[static HEAD_BYTES])
{
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};
    char *text = NULL;

    ok(wb_head_words(v, &text, &e), &e);
    room_text(out, HEAD_BYTES, "%s", text);
    wb_text_free(text);
    wb_vault_close(&v);
}

static void
go_on(const char *path, const char *title)
{
    const char *const fields[] = {"title", title, NULL};
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};

    ok(room_add(v, NULL, &e, "incident", fields), &e);
    wb_vault_close(&v);
}

static void
restart(const char *path, const char *reason)
{
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};

    ok(wb_head_restart(v, reason, &e), &e);
    wb_vault_close(&v);
}

static enum wb_standing
stands(const char *path, const char *text, struct wb_error *e)
{
    struct wb_vault *v = room_open(path);
    enum wb_standing standing = WB_STANDING_OTHER;
    enum wb_status st;

    *e = (struct wb_error){0};
    st = wb_head_check(v, text, strlen(text), &standing, e);
    assert_int_equal(st == WB_OK, standing == WB_STANDING_WHOLE);
    if (st != WB_OK)
        room_assert_line(e);
    wb_vault_close(&v);
    return standing;
}

static void
import_head(const char *path, const char *text, struct wb_head_note *said)
{
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};

    ok(wb_head_import(v, text, strlen(text), said, &e), &e);
    wb_vault_close(&v);
}

/* ---- rolled back, forked ---- */

static void
a_log_that_went_on_holds_every_head_of_before(void **state)
{
    char words[HEAD_BYTES];
    struct wb_error e;

    (void)state;
    note_head(room.vault, kept);
    note_words(room.vault, words);
    for (int i = 0; i < 5; i++) {
        go_on(room.vault, "more");
        assert_int_equal(stands(room.vault, kept, &e), WB_STANDING_WHOLE);
        assert_int_equal(stands(room.vault, words, &e), WB_STANDING_WHOLE);
    }
}

static void
the_copy_of_yesterday_is_named_rolled_back(void **state)
{
    char words[HEAD_BYTES];
    struct wb_error e;

    (void)state;
    room_copy(room.vault, b);
    go_on(room.vault, "today");
    note_head(room.vault, kept);
    note_words(room.vault, words);
    room_copy(b, room.vault);
    assert_int_equal(stands(room.vault, kept, &e), WB_STANDING_ROLLED_BACK);
    assert_non_null(strstr(e.message, "rolled back: a head of size "));
    assert_int_equal(stands(room.vault, words, &e), WB_STANDING_ROLLED_BACK);
    assert_non_null(strstr(e.message, "rolled back"));
}

static void
two_copies_that_both_went_on_are_a_fork_to_each_other(void **state)
{
    char one[HEAD_BYTES], two[HEAD_BYTES], words[HEAD_BYTES];
    struct wb_error e;

    (void)state;
    room_copy(room.vault, b);
    go_on(room.vault, "here");
    go_on(b, "there");
    note_head(room.vault, one);
    note_head(b, two);
    note_words(b, words);
    assert_int_equal(stands(room.vault, two, &e), WB_STANDING_FORK);
    assert_non_null(strstr(e.message, "fork: at size "));
    assert_int_equal(stands(room.vault, words, &e), WB_STANDING_FORK);
    assert_int_equal(stands(b, one, &e), WB_STANDING_FORK);
    /* the longer one tells at once, the shorter one names both causes */
    go_on(b, "further");
    note_head(b, two);
    assert_int_equal(stands(b, one, &e), WB_STANDING_FORK);
    assert_int_equal(stands(room.vault, two, &e), WB_STANDING_ROLLED_BACK);
    assert_non_null(strstr(e.message, "fork"));
}

/* The head is remembered, so that verify finds it without being told. */
static void
a_remembered_head_that_does_not_hold_is_a_problem_of_verify(void **state)
{
    struct wb_head_note said;
    struct room_finding *f = malloc(sizeof *f);
    struct wb_vault *v;
    struct wb_error e = {0};

    (void)state;
    assert_non_null(f);
    room_copy(room.vault, b);
    go_on(b, "there");
    note_head(b, kept);
    /* kept by hand, as a copy would that took it in before it was put back */
    v = room_open(room.vault);
    ok(wb_store_begin(v, &e), &e);
    ok(wb_head_keep(v, WB_HEAD_OURS, kept, strlen(kept), &e), &e);
    ok(wb_store_commit(v, &e), &e);
    wb_vault_close(&v);
    room_examine(f, room.vault);
    assert_int_equal(f->counts.problems, 1);
    assert_ptr_equal(strstr(f->said, "rolled back | witnessbox/"), f->said);
    go_on(room.vault, "here");
    room_examine(f, room.vault);
    assert_int_equal(f->counts.problems, 1);
    assert_ptr_equal(strstr(f->said, "fork | witnessbox/"), f->said);
    /* and b, whose head it is, is well */
    import_head(b, kept, &said);
    assert_true(said.ours);
    room_assert_sound(b);
    free(f);
}

static void
what_is_no_head_of_ours_is_not_taken_for_one(void **state)
{
    static const char *const no_heads[] = {
        "", "zoo", "\n", "abandon abandon size 3", "witnessbox/x\n1\nAAAA\n\n"};
    char other[HEAD_BYTES];
    struct room somebody;
    struct wb_vault *v;
    struct wb_error e = {0};
    enum wb_standing standing;
    char *digit;

    (void)state;
    room_make(&somebody);
    room_vault(&somebody);
    note_head(somebody.vault, other);
    room_sweep(&somebody);
    note_head(room.vault, kept);
    v = room_open(room.vault);
    for (size_t i = 0; i < sizeof no_heads / sizeof no_heads[0]; i++)
        assert_int_equal(
            wb_head_check(v, no_heads[i], strlen(no_heads[i]), &standing, &e),
            WB_ERR_VALUE);
    assert_int_equal(
        wb_head_check(v, other, strlen(other), &standing, &e), WB_ERR_NOT_FOUND);
    assert_int_equal(standing, WB_STANDING_OTHER);
    digit = strchr(kept, '\n') + 1; /* of the size: the signature does not hold */
    *digit = *digit == '9' ? '8' : (char)(*digit + 1);
    assert_int_equal(
        wb_head_check(v, kept, strlen(kept), &standing, &e), WB_ERR_INTEGRITY);
    assert_int_equal(standing, WB_STANDING_OTHER);
    wb_vault_close(&v);
}

static void
words_that_were_copied_badly_are_no_accusation(void **state)
{
    char words[HEAD_BYTES], swapped[HEAD_BYTES];
    char *second, *third;
    struct wb_vault *v;
    struct wb_error e = {0};
    unsigned noticed = 0;

    (void)state;
    note_words(room.vault, words);
    v = room_open(room.vault);
    /* two words in the wrong order, at every place: the check bits catch most */
    for (int skip = 0; skip < 11; skip++) {
        size_t first = 0;
        enum wb_status st;

        for (int i = 0; i < skip; i++)
            first = (size_t)(strchr(words + first, ' ') - words) + 1;
        second = strchr(words + first, ' ') + 1;
        third = second + strcspn(second, " \n");
        room_text(swapped, sizeof swapped, "%.*s%.*s %.*s%s", (int)first, words,
            (int)(third - second), second, (int)(second - 1 - (words + first)),
            words + first, third);
        st = wb_head_check(v, swapped, strlen(swapped), NULL, &e);
        assert_true(st == WB_ERR_VALUE || st == WB_ERR_INTEGRITY);
        noticed += st == WB_ERR_VALUE;
    }
    assert_true(noticed >= 6);
    wb_vault_close(&v);
}

static void
words_are_taken_by_four_letters_in_any_case(void **state)
{
    char words[HEAD_BYTES], short_words[HEAD_BYTES];
    size_t used = 0, letters = 0;
    struct wb_error e;

    (void)state;
    note_words(room.vault, words);
    for (const char *at = words; *at != '\0'; at++) {
        letters = *at == ' ' || *at == '\n' ? 0 : letters + 1;
        if (letters <= 4)
            short_words[used++] = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
    }
    short_words[used] = '\0';
    assert_int_equal(stands(room.vault, short_words, &e), WB_STANDING_WHOLE);
}

/* ---- restart ---- */

static void
verify_proof(const char *path, const struct wb_id *id)
{
    struct wb_vault *v = room_open(path);
    struct wb_record *r = NULL;
    struct wb_record_proof p = {0};
    struct wb_error e = {0};
    char *text = NULL;

    ok(wb_record_load(v, &r, id, &e), &e);
    ok(wb_record_prove(v, r, &text, &e), &e);
    p.text = text;
    p.size = strlen(text);
    p.time = "";
    ok(wb_custody_check_proof(&p, r->root, true, NULL, NULL, &e), &e);
    wb_text_free(text);
    wb_record_free(&r);
    wb_vault_close(&v);
}

static void
after_a_restart_old_and_new_hold(void **state)
{
    char old[HEAD_BYTES], fresh[HEAD_BYTES];
    struct wb_error e;

    (void)state;
    note_head(room.vault, old);
    for (int i = 0; i < 3; i++) {
        restart(room.vault, "a second copy");
        go_on(room.vault, "after it");
        note_head(room.vault, fresh);
        assert_memory_not_equal(fresh, old, strcspn(old, "\n"));
        room_assert_sound(room.vault);
        verify_proof(room.vault, &room.statement);
        assert_int_equal(stands(room.vault, old, &e), WB_STANDING_WHOLE);
        assert_int_equal(stands(room.vault, fresh, &e), WB_STANDING_WHOLE);
    }
}

static bool
look_for_head(void *cookie, const struct wb_log_entry *entry)
{
    char *found = cookie;

    if (strcmp(entry->action, "restart") == 0) {
        assert_int_equal(entry->index, 0);
        room_text(found, HEAD_BYTES, "%s", entry->detail);
    }
    return true;
}

static void
the_first_entry_after_a_restart_commits_to_the_last_head(void **state)
{
    char detail[HEAD_BYTES] = "", line[HEAD_BYTES];
    struct wb_vault *v;
    struct wb_error e = {0};
    size_t size;

    (void)state;
    note_head(room.vault, kept);
    restart(room.vault, "restored from the copy of May");
    v = room_open(room.vault);
    ok(wb_log_each(v, NULL, look_for_head, detail, &e), &e);
    wb_vault_close(&v);
    size = (size_t)(strstr(kept, "\n\n") - kept);
    room_text(line, sizeof line, "head %.*s\n", (int)size, kept);
    for (size_t i = 0; line[i + 1] != '\0'; i++)
        line[i] = line[i] == '\n' ? ' ' : line[i];
    assert_non_null(strstr(detail, line));
    assert_non_null(strstr(detail, "reason restored from the copy of May\n"));
}

static void
a_restart_needs_its_reason(void **state)
{
    struct wb_vault *v = room_open(room.vault);
    struct wb_error e = {0};

    (void)state;
    assert_int_equal(wb_head_restart(v, "", &e), WB_ERR_USAGE);
    wb_vault_close(&v);
    room_assert_sound(room.vault);
}

/* A backup is put back honestly: the later head proves what is lost, and it is no fault
 * of the copy. */
static void
an_honest_restart_says_which_entries_a_later_head_proves_lost(void **state)
{
    struct wb_head_note said;
    struct room_finding *f = malloc(sizeof *f);
    struct wb_error e;

    (void)state;
    assert_non_null(f);
    room_copy(room.vault, b);
    go_on(room.vault, "one");
    go_on(room.vault, "two");
    note_head(room.vault, kept);
    room_copy(b, room.vault);
    restart(room.vault, "the disk is gone");
    assert_int_equal(stands(room.vault, kept, &e), WB_STANDING_LOST);
    assert_non_null(strstr(e.message, "its entries 7 to 8 are not in this copy"));
    import_head(room.vault, kept, &said);
    assert_non_null(strstr(said.remark, "its entries 7 to 8 are not"));
    room_examine(f, room.vault);
    assert_false(room_is_named(f));
    assert_int_equal(f->counts.notes, 1);
    assert_ptr_equal(strstr(f->said, "note | witnessbox/"), f->said);
    free(f);
}

/* The log key is the same in every copy: a head of a log that only another copy has. */
static void
a_head_of_a_log_that_another_copy_began_is_named(void **state)
{
    struct wb_error e;

    (void)state;
    room_copy(room.vault, b);
    restart(b, "a second copy");
    note_head(b, kept);
    assert_int_equal(stands(room.vault, kept, &e), WB_STANDING_ROLLED_BACK);
    assert_non_null(strstr(e.message, "another copy began it"));
}

/* A fork inside of a log that was closed since. */
static void
a_fork_of_a_closed_log_is_named(void **state)
{
    struct wb_error e;

    (void)state;
    room_copy(room.vault, b);
    go_on(room.vault, "here");
    go_on(b, "there");
    note_head(b, kept);
    restart(room.vault, "moved");
    assert_int_equal(stands(room.vault, kept, &e), WB_STANDING_FORK);
}

/* ---- the clock ---- */

static int64_t now;

static int64_t
tell_time(void)
{
    return now;
}

static bool
look_for_clock(void *cookie, const struct wb_log_entry *entry)
{
    unsigned *count = cookie;

    *count += strstr(entry->detail, "clock 3600 s behind the entry before\n") != NULL;
    assert_non_null(strstr(entry->detail, "actor "));
    return true;
}

static void
a_clock_that_ran_backwards_is_noted_and_every_entry_names_its_actor(void **state)
{
    struct wb_vault *v;
    struct wb_error e = {0};
    unsigned noted = 0;

    (void)state;
    now = INT64_C(4000000000);
    wb_clock_source = tell_time;
    go_on(room.vault, "before");
    now -= 3600;
    go_on(room.vault, "after");
    go_on(room.vault, "again");
    now += 7200;
    go_on(room.vault, "later");
    wb_clock_source = NULL;
    v = room_open(room.vault);
    ok(wb_log_each(v, NULL, look_for_clock, &noted, &e), &e);
    wb_vault_close(&v);
    assert_int_equal(noted, 2);
}

/* ---- cosigning ---- */

static void
know(const char *path, const char *whom, const char *label)
{
    struct wb_vault *v = room_open(whom);
    struct wb_error e = {0};
    struct wb_saved saved;
    char *card = NULL;

    ok(wb_identity_export(v, &card, &e), &e);
    wb_vault_close(&v);
    v = room_open(path);
    ok(wb_contact_add(v, card, strlen(card), label, &saved, &e), &e);
    wb_text_free(card);
    wb_vault_close(&v);
}

/* Vault `w`, who knows the room's vault by this label and is known to it. */
static void
make_witness_of(char w[static ROOM_PATH_BYTES], const char *label)
{
    const struct wb_vault_options options = {.name = "Witness", .kdf_memory_mib = 64};
    struct wb_error e = {0};

    room_path(w, &room, "witness");
    ok(wb_vault_create(w, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e), &e);
    know(w, room.vault, label);
    know(room.vault, w, "partner");
}

static void
make_witness(char w[static ROOM_PATH_BYTES])
{
    make_witness_of(w, "documenter");
}

static char *
ask(const char *path, int64_t from)
{
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};
    char *request = NULL;

    ok(wb_head_request(v, "partner", from, &request, &e), &e);
    wb_vault_close(&v);
    return request;
}

/* Frees the request; the reply, or NULL with the reason. */
static char *
answer(const char *w, char *request, enum wb_status *st, struct wb_error *e)
{
    struct wb_head_note said;
    struct wb_vault *v = room_open(w);
    char *reply = NULL;

    *e = (struct wb_error){0};
    *st = wb_cosign(v, request, strlen(request), &reply, &said, e);
    if (*st != WB_OK)
        room_assert_line(e);
    wb_text_free(request);
    wb_vault_close(&v);
    return reply;
}

static void
cosign_and_return(const char *path, const char *w)
{
    struct wb_head_note said;
    struct wb_error e;
    enum wb_status st;
    char *reply = answer(w, ask(path, WB_FROM_REMEMBERED), &st, &e);

    ok(st, &e);
    import_head(path, reply, &said);
    assert_string_equal(said.label, "partner");
    assert_true(said.ours);
    wb_text_free(reply);
}

static unsigned
count_signatures(const char *path, const struct wb_id *id, uint64_t *size)
{
    struct wb_vault *v = room_open(path);
    struct wb_record *r = NULL;
    struct wb_checkpoint c;
    struct wb_proof p;
    struct wb_note note;
    struct wb_buf extra = {0};
    struct wb_error e = {0};
    char *text = NULL;

    ok(wb_record_load(v, &r, id, &e), &e);
    ok(wb_record_prove(v, r, &text, &e), &e);
    ok(wb_proof_decode(&p, &extra, text, strlen(text), &e), &e);
    ok(wb_note_decode(&note, p.checkpoint, p.checkpoint_size, &e), &e);
    ok(wb_checkpoint_decode(&c, note.text, note.text_size, &e), &e);
    *size = c.head.size;
    wb_buf_wipe(&extra);
    wb_text_free(text);
    wb_record_free(&r);
    wb_vault_close(&v);
    return note.count;
}

static void
a_proof_stands_on_the_newest_cosigned_head_that_covers_it(void **state)
{
    char w[ROOM_PATH_BYTES];
    uint64_t first, second, open;

    (void)state;
    make_witness(w);
    assert_int_equal(count_signatures(room.vault, &room.statement, &open), 1);
    cosign_and_return(room.vault, w);
    go_on(room.vault, "more");
    assert_int_equal(count_signatures(room.vault, &room.statement, &first), 2);
    cosign_and_return(room.vault, w);
    assert_int_equal(count_signatures(room.vault, &room.statement, &second), 2);
    assert_true(open <= first && first < second);
    restart(room.vault, "moved"); /* the cosigned head of the old tree stays */
    go_on(room.vault, "after");
    assert_int_equal(count_signatures(room.vault, &room.statement, &open), 2);
    assert_int_equal(open, second);
    room_assert_sound(room.vault);
}

static void
a_cosigner_refuses_what_is_smaller_and_what_is_another_history(void **state)
{
    char w[ROOM_PATH_BYTES], fork[ROOM_PATH_BYTES], early[ROOM_PATH_BYTES];
    struct wb_error e;
    enum wb_status st;

    (void)state;
    make_witness(w);
    room_path(fork, &room, "fork");
    room_path(early, &room, "early");
    room_copy(room.vault, early);
    go_on(room.vault, "one");
    room_copy(room.vault, fork);
    go_on(room.vault, "two");
    cosign_and_return(room.vault, w);
    assert_null(answer(w, ask(early, 0), &st, &e));
    assert_int_equal(st, WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "smaller than before: remembered size "));
    go_on(fork, "another");
    assert_null(answer(w, ask(fork, 0), &st, &e));
    assert_int_equal(st, WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "fork: another history of the same size"));
    go_on(fork, "and on");
    assert_null(answer(w, ask(fork, 0), &st, &e));
    assert_int_equal(st, WB_ERR_POLICY); /* from where it was cosigned */
    assert_non_null(strstr(e.message, "--from "));
    st = WB_OK;
    assert_null(answer(w,
        ask(fork, (int64_t)strtoull(strstr(e.message, "--from ") + 7, NULL, 10)), &st,
        &e));
    assert_int_equal(st, WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "fork: it does not go on from there"));
    room_assert_sound(w);
}

/* A head that was only taken in is no base: else a fork could be brought in by two
 * small steps. */
static void
a_head_that_nobody_proved_is_no_base_for_a_cosignature(void **state)
{
    char w[ROOM_PATH_BYTES], fork[ROOM_PATH_BYTES];
    struct wb_head_note said;
    struct wb_checkpoint c;
    struct wb_note note;
    struct wb_error e = {0};
    enum wb_status st;

    (void)state;
    make_witness(w);
    room_path(fork, &room, "fork");
    room_copy(room.vault, fork);
    go_on(room.vault, "cosigned");
    cosign_and_return(room.vault, w);
    for (int i = 0; i < 4; i++)
        go_on(fork, "another history");
    note_head(fork, kept);
    import_head(w, kept, &said); /* larger than what was cosigned: taken in */
    assert_false(said.ours);
    ok(wb_note_decode(&note, kept, strlen(kept), &e), &e);
    ok(wb_checkpoint_decode(&c, note.text, note.text_size, &e), &e);
    go_on(fork, "and on");
    assert_null(answer(w, ask(fork, (int64_t)c.head.size), &st, &e));
    assert_int_equal(st, WB_ERR_POLICY);
    assert_null(answer(w, ask(fork, 10), &st, &e));
    assert_true(st == WB_ERR_INTEGRITY || st == WB_ERR_POLICY);
}

static void
a_request_that_is_not_one_is_refused(void **state)
{
    char hashes[64 + 46 * (WB_MERKLE_PROOF_MAX + 1)] = "old 1\n";
    const char *const no_requests[] = {"", "old\n", "old 1\n", "old 01\n\n",
        "old 1\nzzz\n\n", "new 1\n\n", "old 18446744073709551616\n\n", hashes};
    struct wb_head_note said;
    char w[ROOM_PATH_BYTES], *reply = NULL, *request;
    struct wb_vault *v;
    struct wb_error e = {0};
    unsigned reached = 0;

    (void)state;
    for (int i = 0; i <= WB_MERKLE_PROOF_MAX; i++) /* one more than there can be */
        memcpy(hashes + strlen(hashes),
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 46);
    make_witness(w);
    request = ask(room.vault, 3);
    v = room_open(w);
    for (size_t i = 0; i < sizeof no_requests / sizeof no_requests[0]; i++)
        assert_int_equal(
            wb_cosign(v, no_requests[i], strlen(no_requests[i]), &reply, &said, &e),
            WB_ERR_FORMAT);
    /* every changed byte: refused in some way, never signed */
    for (size_t i = 0; i < strlen(request); i++, reached++) {
        request[i] ^= 1;
        assert_int_not_equal(
            wb_cosign(v, request, strlen(request), &reply, &said, &e), WB_OK);
        request[i] ^= 1;
    }
    assert_null(reply);
    assert_true(reached > 300);
    wb_text_free(request);
    wb_vault_close(&v);
}

/* Refused, and the vault is what it was to the byte. */
static void
refuse_head(const char *path, const char *text, enum wb_status status, const char *said)
{
    struct wb_head_note note = {.size = 77};
    struct wb_vault *v = room_open(path);
    struct wb_error e = {0};
    size_t size;
    uint8_t *before = room_read(path, &size);
    enum wb_status st = wb_head_import(v, text, strlen(text), &note, &e);

    if (st != status || strstr(e.message, said) == NULL)
        fail_msg("status %d (%s), not %d (%s)", st, e.message, status, said);
    room_assert_line(&e);
    assert_int_equal(note.size, 77);
    wb_vault_close(&v);
    assert_true(room_has(path, before, size));
    free(before);
}

#define NOBODY                                                                         \
    "\xe2\x80\x94 nobody "                                                             \
    "AAAAAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygp"                     \
    "KissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkM=\n"

static void
what_is_neither_a_head_nor_a_cosignature_is_not_taken_in(void **state)
{
    static const struct {
        const char *text;
        enum wb_status status;
        const char *said;
    } cases[] = {
        {"", WB_ERR_VALUE, "not a head"},
        {"abc", WB_ERR_VALUE, "not a head"},
        {"\xe2\x80\x94 ", WB_ERR_VALUE, "not a head"},
        {"\xe2\x80\x94 nobody", WB_ERR_VALUE, "not a cosignature line"},
        {NOBODY, WB_ERR_POLICY, "nobody: no contact has this key"},
        {"A letter.\n\n" NOBODY, WB_ERR_VALUE, "not a head"},
    };
    char words[HEAD_BYTES], *end;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refuse_head(room.vault, cases[i].text, cases[i].status, cases[i].said);
    room_text(words, sizeof words, "\xe2\x80\x94 ");
    end = words + strlen(words);
    memset(end, 'n', 256);
    memcpy(end + 256, " AAAA\n", 7);
    refuse_head(room.vault, words, WB_ERR_VALUE, "not a cosignature line");
    note_words(room.vault, words);
    refuse_head(room.vault, words, WB_ERR_USAGE, "words are checked with `verify");
}

static void
a_head_of_a_stranger_and_one_that_is_not_signed_are_not_taken_in(void **state)
{
    char w[ROOM_PATH_BYTES], *size;

    (void)state;
    make_witness(w);
    note_head(w, kept);
    room_copy(room.vault, b);
    size = strchr(kept, '\n') + 1;
    *size = *size == '9' ? '8' : (char)(*size + 1);
    refuse_head(room.vault, kept, WB_ERR_INTEGRITY, "");
    memcpy(kept + 11, "aaaa", 4);
    refuse_head(room.vault, kept, WB_ERR_POLICY, "no contact has this key");
}

/* What was cosigned is held against a head that only comes in. */
static void
a_head_of_another_history_of_the_same_size_is_not_taken_in(void **state)
{
    char w[ROOM_PATH_BYTES];

    (void)state;
    make_witness(w);
    room_copy(room.vault, b);
    go_on(room.vault, "here");
    go_on(b, "there");
    cosign_and_return(room.vault, w);
    note_head(b, kept);
    refuse_head(w, kept, WB_ERR_INTEGRITY, "fork: another history of the same size");
}

/* An unknown signature is dropped, and our own counts once: two lines of which one is
 * nobody's are no cosignature. */
static void
a_line_of_nobody_does_not_make_a_head_cosigned(void **state)
{
    struct wb_head_note said;
    char text[HEAD_BYTES], own[HEAD_BYTES], longer[HEAD_BYTES], other[HEAD_BYTES];
    const char *const lines[] = {NOBODY, own, longer, other};
    uint64_t size;
    char *name;

    (void)state;
    note_head(room.vault, kept);
    room_text(own, sizeof own, "%s", strstr(kept, "\n\n") + 2);
    /* the same key under a longer name, and under one as long as its own */
    name = strchr(own, '/') + 1;
    room_text(longer, sizeof longer, "%.*sx%s", (int)(name - own), own, name);
    room_text(other, sizeof other, "%s", own);
    other[name - own] = *name == 'x' ? 'y' : 'x';
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        room_text(text, sizeof text, "%s%s", kept, lines[i]);
        import_head(room.vault, text, &said);
        assert_string_equal(said.label, "");
        assert_int_equal(count_signatures(room.vault, &room.statement, &size), 1);
    }
    room_assert_sound(room.vault);
}

/* A good line of ours does not carry one in with it that was made over another head. */
static void
a_forged_line_beside_our_own_is_refused(void **state)
{
    char w[ROOM_PATH_BYTES], text[HEAD_BYTES], *reply;
    struct wb_error e;
    enum wb_status st;

    (void)state;
    make_witness(w);
    reply = answer(w, ask(room.vault, 0), &st, &e);
    ok(st, &e);
    go_on(room.vault, "more");
    note_head(room.vault, kept);
    room_text(text, sizeof text, "%s%s", kept, reply);
    refuse_head(room.vault, text, WB_ERR_INTEGRITY, "a signature line is forged");
    wb_text_free(reply);
}

static void
lines_of_two_cosigners_over_one_head_are_both_kept(void **state)
{
    const struct wb_vault_options options = {.name = "Second", .kdf_memory_mib = 64};
    char w[ROOM_PATH_BYTES], second[ROOM_PATH_BYTES], text[HEAD_BYTES];
    char *replies[2], *request = NULL;
    struct wb_head_note said;
    struct wb_vault *v;
    struct wb_error e = {0};
    enum wb_status st;
    uint64_t size;

    (void)state;
    make_witness(w);
    room_path(second, &room, "second");
    ok(wb_vault_create(second, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), &e),
        &e);
    know(second, room.vault, "documenter");
    know(room.vault, second, "second");
    note_head(room.vault, kept);
    replies[0] = answer(w, ask(room.vault, 0), &st, &e);
    ok(st, &e);
    v = room_open(room.vault);
    ok(wb_head_request(v, "second", WB_FROM_REMEMBERED, &request, &e), &e);
    wb_vault_close(&v);
    replies[1] = answer(second, request, &st, &e);
    ok(st, &e);
    room_text(text, sizeof text, "%s%s%s", kept, replies[0], replies[1]);
    import_head(room.vault, text, &said);
    assert_true(
        strcmp(said.label, "partner") == 0 || strcmp(said.label, "second") == 0);
    assert_int_equal(count_signatures(room.vault, &room.statement, &size), 3);
    import_head(room.vault, replies[0], &said); /* nothing new: its line is there */
    assert_int_equal(count_signatures(room.vault, &room.statement, &size), 3);
    room_assert_sound(room.vault);
    wb_text_free(replies[0]);
    wb_text_free(replies[1]);
}

/* Answers that come back in the wrong order: the larger head is what it goes on from.
 */
static void
an_older_cosignature_that_comes_later_is_no_step_back(void **state)
{
    char w[ROOM_PATH_BYTES], *replies[2], *request;
    struct wb_head_note said[2];
    struct wb_error e;
    enum wb_status st;

    (void)state;
    make_witness(w);
    for (int i = 0; i < 2; i++) {
        int64_t from = i == 0 ? 0 : (int64_t)said[0].size;

        replies[i] = answer(w, ask(room.vault, from), &st, &e);
        ok(st, &e);
        note_head(room.vault, kept);
        said[i].size = strtoull(strchr(kept, '\n') + 1, NULL, 10);
        go_on(room.vault, "more");
    }
    for (int i = 2; i-- > 0;) {
        uint64_t size = said[i].size;

        import_head(room.vault, replies[i], &said[i]);
        assert_int_equal(said[i].size, size);
        wb_text_free(replies[i]);
    }
    request = ask(room.vault, WB_FROM_REMEMBERED);
    assert_int_equal(strtoull(request + 4, NULL, 10), said[1].size);
    replies[0] = answer(w, request, &st, &e);
    ok(st, &e);
    wb_text_free(replies[0]);
}

/* Heads that come in need not come in order; the newest of them counts. It may have
 * been made after the request, so nobody is accused. */
static void
a_request_that_a_newer_head_has_overtaken_is_only_older(void **state)
{
    char w[ROOM_PATH_BYTES], newer[HEAD_BYTES];
    struct wb_head_note said;
    struct wb_error e;
    enum wb_status st;
    char *request;
    uint8_t *before;
    size_t size;

    (void)state;
    make_witness(w);
    note_head(room.vault, kept);
    request = ask(room.vault, 0);
    go_on(room.vault, "more");
    note_head(room.vault, newer);
    import_head(w, newer, &said);
    import_head(w, kept, &said);
    before = room_read(w, &size);
    assert_null(answer(w, request, &st, &e));
    assert_int_equal(st, WB_ERR_POLICY);
    assert_non_null(
        strstr(e.message, "is older than a head of theirs that came since"));
    assert_non_null(strstr(e.message, "have them make a new request"));
    assert_true(room_has(w, before, size));
    free(before);
    cosign_and_return(room.vault, w);
}

/* It hides neither a step back from what was cosigned nor another history. */
static void
a_newer_head_that_came_in_excuses_nothing(void **state)
{
    char w[ROOM_PATH_BYTES], early[ROOM_PATH_BYTES], fork[ROOM_PATH_BYTES];
    struct wb_head_note said;
    struct wb_error e;
    enum wb_status st;
    uint64_t cosigned;

    (void)state;
    make_witness(w);
    room_path(early, &room, "early");
    room_path(fork, &room, "fork");
    room_copy(room.vault, early);
    go_on(room.vault, "one");
    room_copy(room.vault, fork);
    go_on(room.vault, "two");
    cosign_and_return(room.vault, w);
    note_head(room.vault, kept);
    cosigned = strtoull(strchr(kept, '\n') + 1, NULL, 10);
    for (int i = 0; i < 4; i++)
        go_on(room.vault, "more");
    note_head(room.vault, kept);
    import_head(w, kept, &said);
    assert_null(answer(w, ask(early, 0), &st, &e));
    assert_int_equal(st, WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "smaller than before: remembered size "));
    go_on(fork, "another");
    assert_null(answer(w, ask(fork, 0), &st, &e));
    assert_int_equal(st, WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "fork: another history of the same size"));
    go_on(fork, "and on");
    assert_null(answer(w, ask(fork, (int64_t)cosigned), &st, &e));
    assert_int_equal(st, WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "fork: it does not go on from there"));
}

/* The witness's log has begun anew since; who has the new card still has what the key
 * on the old one signed, and asks on from there. */
static void
a_cosignature_by_the_key_of_an_earlier_card_is_taken_in(void **state)
{
    struct wb_head_note said;
    char w[ROOM_PATH_BYTES], *reply, *request;
    struct wb_error e;
    enum wb_status st;
    uint64_t size;

    (void)state;
    make_witness(w);
    reply = answer(w, ask(room.vault, 0), &st, &e);
    ok(st, &e);
    restart(w, "a second copy was used");
    know(room.vault, w, NULL);
    import_head(room.vault, reply, &said);
    assert_string_equal(said.label, "partner");
    assert_int_equal(count_signatures(room.vault, &room.statement, &size), 2);
    assert_int_equal(size, said.size);
    reply[strlen(reply) - 6] ^= 1;
    refuse_head(room.vault, reply, WB_ERR_INTEGRITY, "over no head that was asked for");
    wb_text_free(reply);
    go_on(room.vault, "more");
    request = ask(room.vault, WB_FROM_REMEMBERED);
    assert_int_equal(strtoull(request + 4, NULL, 10), size);
    reply = answer(w, request, &st, &e);
    ok(st, &e);
    import_head(room.vault, reply, &said);
    assert_string_equal(said.label, "partner");
    assert_int_equal(count_signatures(room.vault, &room.statement, &size), 2);
    wb_text_free(reply);
    room_assert_sound(room.vault);
}

/* A log that was given up is not cosigned under the key that it had. */
static void
a_request_of_a_log_that_was_closed_is_not_cosigned(void **state)
{
    char w[ROOM_PATH_BYTES], *request;
    struct wb_error e;
    enum wb_status st;

    (void)state;
    make_witness(w);
    request = ask(room.vault, 0);
    restart(room.vault, "moved");
    know(w, room.vault, NULL);
    assert_null(answer(w, request, &st, &e));
    assert_int_equal(st, WB_ERR_POLICY);
    assert_non_null(strstr(e.message, "no contact has this key"));
}

/* In the log it stands for ever. */
static void
a_long_label_is_cut_between_two_characters(void **state)
{
    char w[ROOM_PATH_BYTES], label[256] = "a", line[256];
    struct wb_head_note said = {0};
    struct wb_entry entry = {0};
    struct wb_vault *v;
    struct wb_error e = {0};
    char *reply = NULL, *request;

    (void)state;
    for (int i = 0; i < 90; i++)
        memcpy(label + 1 + 2 * i, "\xd0\xb6", 2);
    room_text(line, sizeof line, "counterpart %.*s\n", 1 + 2 * 63, label);
    make_witness_of(w, label);
    request = ask(room.vault, 0);
    v = room_open(w);
    ok(wb_cosign(v, request, strlen(request), &reply, &said, &e), &e);
    assert_int_equal(strlen(said.label), 1 + 2 * 63);
    assert_int_equal(strncmp(said.label, label, strlen(said.label)), 0);
    ok(wb_log_read(v, &entry, wb_store_state(v)->next_log - 1, &e), &e);
    assert_non_null(memmem(entry.detail, entry.detail_size, line, strlen(line)));
    wb_entry_wipe(&entry);
    wb_text_free(request);
    wb_text_free(reply);
    wb_vault_close(&v);
}

static void
nothing_is_asked_of_nobody_or_from_beyond_the_log(void **state)
{
    char w[ROOM_PATH_BYTES], *request = NULL;
    struct wb_vault *v;
    struct wb_error e = {0};
    uint8_t *before;
    size_t size;

    (void)state;
    make_witness(w);
    before = room_read(room.vault, &size);
    v = room_open(room.vault);
    assert_int_equal(wb_head_request(v, "nobody", 0, &request, &e), WB_ERR_NOT_FOUND);
    assert_string_equal(
        e.message, "nobody: no such contact; `contact list` shows them");
    assert_int_equal(wb_head_request(v, "partner", 1000, &request, &e), WB_ERR_USAGE);
    assert_non_null(strstr(e.message, "from 1000: our log has "));
    assert_null(request);
    wb_vault_close(&v);
    assert_true(room_has(room.vault, before, size));
    free(before);
}

static void
a_cosignature_over_another_head_is_refused(void **state)
{
    struct wb_head_note said;
    char w[ROOM_PATH_BYTES], *reply;
    struct wb_vault *v;
    struct wb_error e;
    enum wb_status st;

    (void)state;
    make_witness(w);
    room_copy(room.vault, b);
    go_on(room.vault, "not asked for by b");
    reply = answer(w, ask(room.vault, 0), &st, &e);
    ok(st, &e);
    v = room_open(b);
    assert_int_equal(
        wb_head_import(v, reply, strlen(reply), &said, &e), WB_ERR_INTEGRITY);
    assert_non_null(strstr(e.message, "over no head that was asked for here"));
    wb_vault_close(&v);
    reply[strlen(reply) - 3] ^= 1;
    v = room_open(room.vault);
    assert_int_not_equal(wb_head_import(v, reply, strlen(reply), &said, &e), WB_OK);
    wb_vault_close(&v);
    wb_text_free(reply);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_log_that_went_on_holds_every_head_of_before),
        CASE(the_copy_of_yesterday_is_named_rolled_back),
        CASE(two_copies_that_both_went_on_are_a_fork_to_each_other),
        CASE(a_remembered_head_that_does_not_hold_is_a_problem_of_verify),
        CASE(what_is_no_head_of_ours_is_not_taken_for_one),
        CASE(words_that_were_copied_badly_are_no_accusation),
        CASE(words_are_taken_by_four_letters_in_any_case),
        CASE(after_a_restart_old_and_new_hold),
        CASE(the_first_entry_after_a_restart_commits_to_the_last_head),
        CASE(a_restart_needs_its_reason),
        CASE(an_honest_restart_says_which_entries_a_later_head_proves_lost),
        CASE(a_head_of_a_log_that_another_copy_began_is_named),
        CASE(a_fork_of_a_closed_log_is_named),
        CASE(a_clock_that_ran_backwards_is_noted_and_every_entry_names_its_actor),
        CASE(a_proof_stands_on_the_newest_cosigned_head_that_covers_it),
        CASE(a_cosigner_refuses_what_is_smaller_and_what_is_another_history),
        CASE(a_head_that_nobody_proved_is_no_base_for_a_cosignature),
        CASE(a_request_that_is_not_one_is_refused),
        CASE(what_is_neither_a_head_nor_a_cosignature_is_not_taken_in),
        CASE(a_head_of_a_stranger_and_one_that_is_not_signed_are_not_taken_in),
        CASE(a_head_of_another_history_of_the_same_size_is_not_taken_in),
        CASE(a_line_of_nobody_does_not_make_a_head_cosigned),
        CASE(a_forged_line_beside_our_own_is_refused),
        CASE(lines_of_two_cosigners_over_one_head_are_both_kept),
        CASE(an_older_cosignature_that_comes_later_is_no_step_back),
        CASE(a_request_that_a_newer_head_has_overtaken_is_only_older),
        CASE(a_newer_head_that_came_in_excuses_nothing),
        CASE(a_cosignature_by_the_key_of_an_earlier_card_is_taken_in),
        CASE(a_request_of_a_log_that_was_closed_is_not_cosigned),
        CASE(a_long_label_is_cut_between_two_characters),
        CASE(nothing_is_asked_of_nobody_or_from_beyond_the_log),
        CASE(a_cosignature_over_another_head_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
