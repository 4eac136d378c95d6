/* tests/lib/deeds.c - everything that is done to vaults, each as one call from the same
 * beginning. */
#include "deeds.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <witnessbox/bundle.h>
#include <witnessbox/collect.h>
#include <witnessbox/destroy.h>
#include <witnessbox/dump.h>
#include <witnessbox/report.h>
#include <witnessbox/text.h>
#include <witnessbox/withdraw.h>

#include "base/file.h"
#include "base/text.h"

/* ---- records ---- */

static enum wb_status
do_create(const struct stage *s, struct wb_error *e)
{
    const struct wb_vault_options options = {.name = "New", .kdf_memory_mib = 64};

    return wb_vault_create(
        s->fresh, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), e);
}

static enum wb_status
do_unlock(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    (void)v;
    (void)s;
    (void)e;
    return WB_OK;
}

static enum wb_status
do_add(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    char witness[WB_ID_TEXT_BYTES];
    const char *const fields[] = {"witness", witness, "text", "A paragraph.", "text",
        "Another.", "date", "2026-11", NULL};

    wb_id_text(witness, &s->room.person);
    return room_add(v, NULL, e, "statement", fields);
}

/* Draft 1 goes on: sealed in the place of itself, then its records are saved. */
static enum wb_status
do_seal(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_sheet *sheet = NULL;
    enum wb_status st = wb_sheet_open(&sheet, v, 1, e);

    (void)s;
    if (st == WB_OK && (st = wb_sheet_mark(sheet, 4, "They said", 9, e)) == WB_OK)
        st = wb_sheet_seal(sheet, v, e);
    wb_sheet_free(&sheet);
    return st;
}

static enum wb_status
do_save(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_sheet *sheet = NULL;
    struct wb_change *c = NULL;
    struct wb_saved saved[2];
    enum wb_status st = wb_sheet_open(&sheet, v, 1, e);

    (void)s;
    if (st == WB_OK && (st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_sheet_save(sheet, c, saved, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    wb_sheet_free(&sheet);
    return st;
}

static enum wb_status
do_drop(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    (void)s;
    return wb_sheet_remove(v, 1, e);
}

static enum wb_status
do_attach(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    return room_attach(v, NULL, &s->room.statement, s->photo, e);
}

static enum wb_status
do_amend(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    return room_amend(v, &s->room.statement, "And this.", e);
}

static enum wb_status
do_load(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_change *c = NULL;
    struct wb_loaded loaded;
    int fd = open(s->lines, O_RDONLY | O_CLOEXEC);
    enum wb_status st;

    assert_true(fd >= 0);
    if ((st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_change_load(c, fd, NULL, &loaded, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    close(fd);
    return st;
}

static enum wb_status
do_extract(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_record *r = NULL;
    int fd = open(s->taken, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    enum wb_status st = wb_record_load(v, &r, &s->room.evidence, e);

    assert_true(fd >= 0);
    if (st == WB_OK)
        st = wb_extract(v, r, fd, e);
    wb_record_free(&r);
    close(fd);
    return st;
}

static enum wb_status
write_fd(void *cookie, const char *text, size_t size, struct wb_error *e)
{
    return wb_file_write(*(const int *)cookie, text, size, e);
}

static enum wb_status
do_dump(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    const struct wb_dump_request request = {.purpose = "internal"};
    int fd = open(s->taken, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const struct wb_dump_watch watch = {.write = write_fd, .cookie = &fd};
    struct wb_dumped dumped;
    enum wb_status st = wb_dump(v, &request, &watch, &dumped, e);

    assert_true(fd >= 0);
    close(fd);
    return st;
}

static enum wb_status
do_list(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    char prefix[WB_ID_TEXT_BYTES];
    uint8_t print[ROOM_PRINT_BYTES];
    struct wb_id id;
    enum wb_status st;

    wb_id_text(prefix, &s->room.person);
    prefix[8] = '\0';
    st = wb_find(v, &id, prefix, e);
    return st != WB_OK ? st : room_content(v, print, e);
}

/* Passes over whatever a walk shows: it went through it. */
static bool
pass_record(void *cookie, const struct wb_record *r)
{
    (void)cookie;
    (void)r;
    return true;
}

static bool
pass_gap(void *cookie, const struct wb_gap *gap)
{
    (void)cookie;
    (void)gap;
    return true;
}

static bool
pass_hit(void *cookie, const struct wb_hit *hit)
{
    (void)cookie;
    (void)hit;
    return true;
}

static bool
pass_entry(void *cookie, const struct wb_log_entry *entry)
{
    (void)cookie;
    (void)entry;
    return true;
}

static bool
pass_contact(void *cookie, const struct wb_contact *contact)
{
    (void)cookie;
    (void)contact;
    return true;
}

static enum wb_status
do_show(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_record *r = NULL;
    struct wb_process p;
    enum wb_status st = wb_record_load(v, &r, &s->room.statement, e);

    wb_record_free(&r);
    return st != WB_OK ? st : wb_process_describe(v, &s->room.evidence, &p, e);
}

static enum wb_status
do_search(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    static const struct wb_search search = {.words = "night"};
    uint64_t damaged;

    (void)s;
    return wb_search(v, &search, pass_hit, NULL, &damaged, e);
}

static enum wb_status
do_log(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    (void)s;
    return wb_log_each(v, NULL, pass_entry, NULL, e);
}

static enum wb_status
do_gaps(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    uint64_t damaged;

    return wb_gaps(v, &s->room.statement, pass_gap, NULL, &damaged, e);
}

static enum wb_status
do_info(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_vault_info info;

    (void)s;
    return wb_vault_info(v, &info, e);
}

static enum wb_status
do_card(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    char *text = NULL;
    enum wb_status st = wb_identity_export(v, &text, e);

    (void)s;
    wb_text_free(text);
    return st;
}

static enum wb_status
do_contacts(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    (void)s;
    return wb_contact_each(v, pass_contact, NULL, e);
}

static enum wb_status
do_handoffs(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    static const struct wb_list_filter handoffs = {.kind = "handoff"};
    uint64_t damaged;

    (void)s;
    return wb_list(v, &handoffs, pass_record, NULL, &damaged, e);
}

static enum wb_status
do_slots(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_slot_view slots[WB_SLOT_COUNT];
    size_t count;

    (void)s;
    return wb_slots(v, slots, &count, e);
}

static enum wb_status
do_verify(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_verified verified = {0};
    enum wb_status st = wb_verify(v, WB_VERIFY_DEEP, &verified, NULL, e);

    (void)s;
    assert_int_equal(verified.problems, 0);
    return st;
}

static enum wb_status
do_shred(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_shredded done;

    return wb_shred(v, &s->room.statement, "the witness asked for it", &done, e);
}

static enum wb_status
do_index(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    (void)s;
    return room_write_index(v, e);
}

static enum wb_status
do_shred_indexed(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    enum wb_status st = do_list(v, s, e); /* from here on it is open */

    return st == WB_OK ? do_shred(v, s, e) : st;
}

static enum wb_status
do_report_statement(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    const struct wb_report_request request = {.id = s->room.statement};
    char *html = NULL;
    enum wb_status st = wb_report_statement(v, &request, &html, e);

    wb_text_free(html);
    return st;
}

static enum wb_status
do_report_custody(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    const struct wb_report_request request = {.id = s->room.evidence};
    char *html = NULL;
    enum wb_status st = wb_report_custody(v, &request, &html, e);

    wb_text_free(html);
    return st;
}

static enum wb_status
do_withdraw(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_withdrawal *w = NULL;
    enum wb_status st = wb_withdrawal_look(&w, v, &s->room.statement, e);

    if (st == WB_OK)
        st = wb_withdraw(w, v, "asked to", e);
    wb_withdrawal_free(&w);
    return st;
}

/* What others agreed to, and a consent of our own about the same: all of it ends. */
static enum wb_status
do_withdraw_beside(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    char about[WB_ID_TEXT_BYTES];
    const char *const fields[] = {"about", about, "purpose", "partner", "decision",
        "yes", "level", "named", "when", "2026-01-11", NULL};
    struct wb_bundle_report *report = NULL;
    enum wb_status st = wb_import(v, s->bundle, NULL, &report, e);

    wb_report_free(&report);
    wb_id_text(about, &s->room.statement);
    if (st == WB_OK && (st = room_add(v, NULL, e, "consent", fields)) == WB_OK)
        st = do_withdraw(v, s, e);
    return st;
}

/* ---- between people ---- */

static enum wb_status
do_contact(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_card card;
    struct wb_saved saved;
    char *words = NULL;
    enum wb_status st = wb_card_read(&card, &words, s->card, strlen(s->card), e);

    wb_text_free(words);
    if (st == WB_OK)
        st = wb_contact_add(v, s->card, strlen(s->card), "third", &saved, e);
    return st;
}

/* The contact is known, and has other keys. */
static enum wb_status
do_follow(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_saved saved;
    enum wb_status st =
        wb_contact_add(v, s->turned, strlen(s->turned), NULL, &saved, e);

    if (st == WB_OK)
        assert_int_equal(saved.revision, 3); /* compared once, and now not yet */
    return st;
}

static enum wb_status
do_compare(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    (void)s;
    return wb_contact_verify(v, "partner", "in person", "other", e);
}

struct labelled {
    const char *label;
    struct wb_id id;
};

static bool
find_labelled(void *cookie, const struct wb_contact *contact)
{
    struct labelled *l = cookie;
    const bool is_it = strcmp(contact->label, l->label) == 0;

    if (is_it)
        l->id = contact->id;
    return !is_it;
}

static enum wb_status
do_forget(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct labelled l = {.label = "partner"};
    struct wb_shredded done;
    enum wb_status st = wb_contact_each(v, find_labelled, &l, e);

    (void)s;
    return st == WB_OK ? wb_shred(v, &l.id, "not to be trusted any more", &done, e)
                       : st;
}

static enum wb_status
do_export(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    return stage_export(v, s->exported, e);
}

static enum wb_status
do_inspect(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_bundle_report *report = NULL;
    enum wb_status st = wb_inspect(v, s->bundle, NULL, &report, e);

    wb_report_free(&report);
    return st;
}

static enum wb_status
do_import(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_bundle_report *report = NULL;
    enum wb_status st = wb_import(v, s->bundle, NULL, &report, e);

    wb_report_free(&report);
    return st;
}

static enum wb_status
do_receipt(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    const struct wb_reading how = {.flags = WB_IMPORT_ANSWER};
    struct wb_bundle_report *report = NULL;
    struct wb_exported exported;
    enum wb_status st = wb_import(v, s->bundle, &how, &report, e);

    if (st == WB_OK)
        st = wb_receipt(v, report, s->exported, &exported, e);
    wb_report_free(&report);
    return st;
}

static enum wb_status
do_take_receipt(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_bundle_report *report = NULL;
    enum wb_status st = wb_import(v, s->receipt, NULL, &report, e);

    wb_report_free(&report);
    return st;
}

static bool
pass_noticed(void *cookie, const struct wb_noticed *noticed)
{
    (void)noticed;
    ++*(unsigned *)cookie;
    return true;
}

static enum wb_status
do_take_notice(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_bundle_report *report = NULL;
    unsigned named = 0;
    enum wb_status st = wb_import(v, s->notice, NULL, &report, e);

    if (st == WB_OK &&
        (st = wb_noticed_each(v, report, pass_noticed, &named, e)) == WB_OK)
        assert_int_equal(named, 1);
    wb_report_free(&report);
    return st;
}

/* Copies under keys of one use, of whatever may go. */
static enum wb_status
do_unlink(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    const char *const to[] = {"partner"};
    const struct wb_export_request request = {.to = to,
        .to_count = 1,
        .all = true,
        .level = "anonymous",
        .leave_out_refused = true,
        .path = s->exported};
    struct wb_exported exported;

    return wb_export(v, &request, &exported, e);
}

/* With a page for a browser. */
static enum wb_status
do_export_page(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    const char *const to[] = {"partner"};
    const struct wb_export_request request = {.to = to,
        .to_count = 1,
        .all = true,
        .page = wb_report_page,
        .path = s->exported};
    struct wb_exported exported;

    return wb_export(v, &request, &exported, e);
}

static bool
pass_holder(void *cookie, const struct wb_holder *holder)
{
    (void)cookie;
    (void)holder;
    return true;
}

static enum wb_status
do_holders(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    return wb_holder_each(v, &s->room.statement, pass_holder, NULL, e);
}

static enum wb_status
do_notices(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    unsigned named = 0;

    return wb_notice_each(v, &s->room.other, pass_noticed, &named, e);
}

static enum wb_status
do_received(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_received received;
    struct wb_record *r = NULL;
    enum wb_status st = wb_record_load(v, &r, &s->room.other, e);

    if (st == WB_OK)
        st = wb_record_received(v, r, &received, e);
    wb_record_free(&r);
    return st;
}

static enum wb_status
do_adopt(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    char root[WB_ROOT_TEXT_BYTES];
    struct wb_record *r = NULL;
    struct wb_saved saved;
    enum wb_status st = wb_record_load(v, &r, &s->room.other, e);

    if (st == WB_OK) {
        wb_hex_encode(root, wb_record_root(r), WB_ROOT_BYTES);
        st = wb_adopt(v, &s->room.other, root, &saved, e);
    }
    wb_record_free(&r);
    return st;
}

static enum wb_status
do_request(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    static const int64_t from[] = {WB_FROM_REMEMBERED, 3};
    enum wb_status st = WB_OK;

    (void)s;
    for (size_t i = 0; i < 2 && st == WB_OK; i++) {
        char *text = NULL;

        st = wb_head_request(v, "partner", from[i], &text, e);
        wb_text_free(text);
    }
    return st;
}

static enum wb_status
do_cosign(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_head_note note;
    char *reply = NULL;
    enum wb_status st = wb_cosign(v, s->request, strlen(s->request), &reply, &note, e);

    wb_text_free(reply);
    return st;
}

static enum wb_status
do_head(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_head_note note;

    return wb_head_import(v, s->reply, strlen(s->reply), &note, e);
}

static enum wb_status
do_hold_head(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    enum wb_status st = wb_head_check(v, s->head, strlen(s->head), NULL, e);

    return st == WB_OK ? wb_head_check(v, s->words, strlen(s->words), NULL, e) : st;
}

static enum wb_status
do_words(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    char *text = NULL;
    enum wb_status st = wb_head_words(v, &text, e);

    (void)s;
    wb_text_free(text);
    return st;
}

static enum wb_status
do_prove(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct wb_record *r = NULL;
    char *text = NULL;
    enum wb_status st = wb_record_load(v, &r, &s->room.statement, e);

    if (st == WB_OK)
        st = wb_record_prove(v, r, &text, e);
    wb_text_free(text);
    wb_record_free(&r);
    return st;
}

static enum wb_status
do_restart(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    (void)s;
    return wb_head_restart(v, "a second copy was used", e);
}

/* ---- keys ---- */

static enum wb_status
do_change(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    const struct wb_new_passphrase words = holder_words(STAGE_THIRD);

    (void)s;
    return wb_passphrase_change(v, &words, NULL, e);
}

static enum wb_status
do_another(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    const struct wb_new_passphrase words = holder_words(STAGE_THIRD);
    unsigned slot;

    (void)s;
    return wb_passphrase_add(v, &slot, &words, "third", e);
}

static enum wb_status
do_remove(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    (void)s;
    return wb_passphrase_remove(v, 1, NULL, e);
}

static enum wb_status
do_rekey(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    (void)s;
    return wb_rekey(v, NULL, e);
}

static enum wb_status
do_split(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    struct paper other;

    (void)s;
    return holder_split(v, 3, 4, &other, e);
}

static enum wb_status
do_recover(const struct stage *s, struct wb_error *e)
{
    static const unsigned two[] = {3, 1, 0};

    return holder_recover(s->a, &s->paper, two, STAGE_THIRD, e);
}

static enum wb_status
do_backup(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    return wb_backup(v, s->copy, e);
}

static enum wb_status
do_restore(const struct stage *s, struct wb_error *e)
{
    static const struct wb_restore how;
    struct wb_restored done;
    struct wb_vault *v = NULL;
    enum wb_status st = stage_open(&v, s->backup, e);

    if (st == WB_OK)
        st = wb_vault_restore(v, s->fresh, &how, &done, e);
    wb_vault_close(&v);
    return st;
}

static enum wb_status
do_rotate(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    enum wb_status st = wb_identity_rotate(v, 0, e);

    return st == WB_OK ? do_card(v, s, e) : st; /* signed by the keys before, too */
}

/* ---- field vaults ---- */

static enum wb_status
do_create_field(const struct stage *s, struct wb_error *e)
{
    struct wb_owner owner;
    const struct wb_vault_options options = {
        .kdf_memory_mib = 64, .owner = owner.collect};
    enum wb_status st = wb_card_owner(&owner, s->card, strlen(s->card), e);

    if (st == WB_OK)
        st = wb_vault_create(
            s->fresh, &options, ROOM_PASSPHRASE, strlen(ROOM_PASSPHRASE), e);
    return st;
}

static enum wb_status
do_attach_field(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    return room_attach(v, NULL, &s->room.statement, s->photo, e); /* not looked up */
}

static enum wb_status
do_collect(struct wb_vault *v, const struct stage *s, struct wb_error *e)
{
    const struct wb_collect how = {.label = "field"};
    struct wb_collected done;

    return wb_collect(v, s->field, &how, &done, e);
}

/* clang-format off */
const struct deed deeds[] = {
    {"create",               "init",               "n",  DEED_WRITES, NULL, do_create},
    {"unlock",               "",                   "a",  0, do_unlock, NULL},
    {"add",                  "add",                "a",  DEED_WRITES, do_add, NULL},
    {"seal",                 "add",                "a",  DEED_WRITES, do_seal, NULL},
    {"drop",                 "drafts",             "a",  DEED_WRITES, do_drop, NULL},
    {"save",                 "add",                "a",  DEED_WRITES, do_save, NULL},
    {"attach",               "attach",             "a",  DEED_WRITES, do_attach, NULL},
    {"amend",                "amend",              "a",  DEED_WRITES, do_amend, NULL},
    {"load",                 "load",               "a",  DEED_WRITES, do_load, NULL},
    {"extract",              "extract",            "a",  DEED_WRITES, do_extract, NULL},
    {"dump",                 "dump",               "a",  DEED_WRITES, do_dump, NULL},
    {"list",                 "list",               "a",  0, do_list, NULL},
    {"verify",               "verify",             "a",  0, do_verify, NULL},
    {"show",                 "show",               "a",  0, do_show, NULL},
    {"search",               "search",             "a",  0, do_search, NULL},
    {"log",                  "log",                "a",  0, do_log, NULL},
    {"gaps",                 "gaps",               "a",  0, do_gaps, NULL},
    {"info",                 "info",               "a",  0, do_info, NULL},
    {"card",                 "identity",           "a",  0, do_card, NULL},
    {"contacts",             "contact list",       "a",  0, do_contacts, NULL},
    {"handoffs",             "handoffs",           "a",  0, do_handoffs, NULL},
    {"slots",                "passphrase list",    "a",  0, do_slots, NULL},
    {"shred",                "shred",              "a",  DEED_WRITES, do_shred, NULL},
    {"shred from index",     "shred",              "a",  DEED_WRITES, do_shred_indexed, NULL},
    {"withdraw",             "withdraw",           "a",  DEED_WRITES, do_withdraw, NULL},
    {"withdraw beside",      "withdraw",           "b",  DEED_WRITES | DEED_LOGS_FIRST, do_withdraw_beside, NULL},
    {"index",                "search",             "b",  DEED_DERIVES, do_index, NULL},
    {"contact",              "contact add",        "a",  DEED_WRITES, do_contact, NULL},
    {"compare",              "contact verify",     "a",  DEED_WRITES, do_compare, NULL},
    {"remove a contact",     "contact remove",     "a",  DEED_WRITES, do_forget, NULL},
    {"export",               "export",             "a",  DEED_WRITES | DEED_LOGS_FIRST, do_export, NULL},
    {"inspect",              "inspect",            "b",  0, do_inspect, NULL},
    {"import",               "import",             "b",  DEED_WRITES, do_import, NULL},
    {"receipt",              "import",             "b",  DEED_WRITES | DEED_LOGS_FIRST, do_receipt, NULL},
    {"take receipt",         "import",             "a",  DEED_WRITES, do_take_receipt, NULL},
    {"take notice",          "import",             "b",  DEED_WRITES, do_take_notice, NULL},
    {"unlink",               "export",             "a",  DEED_WRITES | DEED_LOGS_FIRST, do_unlink, NULL},
    {"export with a page",   "export",             "a",  DEED_WRITES | DEED_LOGS_FIRST, do_export_page, NULL},
    {"follow a contact",     "contact add",        "a",  DEED_WRITES, do_follow, NULL},
    {"holders",              "show",               "a",  0, do_holders, NULL},
    {"notices",              "show",               "a",  0, do_notices, NULL},
    {"received",             "show",               "b",  0, do_received, NULL},
    {"prove",                "show",               "a",  0, do_prove, NULL},
    {"hold a head",          "verify",             "a",  0, do_hold_head, NULL},
    {"words",                "head",               "a",  0, do_words, NULL},
    {"adopt",                "adopt",              "b",  DEED_WRITES, do_adopt, NULL},
    {"request",              "head",               "a",  DEED_WRITES, do_request, NULL},
    {"cosign",               "cosign",             "b",  DEED_WRITES, do_cosign, NULL},
    {"head",                 "head",               "a",  DEED_WRITES, do_head, NULL},
    {"restart",              "head",               "a",  DEED_WRITES, do_restart, NULL},
    {"change passphrase",    "passphrase change",  "a",  DEED_WRITES, do_change, NULL},
    {"add passphrase",       "passphrase add",     "a",  DEED_WRITES, do_another, NULL},
    {"remove passphrase",    "passphrase remove",  "a",  DEED_WRITES, do_remove, NULL},
    {"rekey",                "rekey",              "a",  DEED_WRITES, do_rekey, NULL},
    {"rotate",               "identity rotate",    "a",  DEED_WRITES, do_rotate, NULL},
    {"split",                "recovery split",     "a",  DEED_WRITES, do_split, NULL},
    {"recover",              "recovery restore",   "a",  DEED_WRITES, NULL, do_recover},
    {"backup",               "backup",             "ac", DEED_WRITES | DEED_LOGS_FIRST, do_backup, NULL},
    {"create field vault",   "init",               "n",  DEED_WRITES, NULL, do_create_field},
    {"add in the field",     "add",                "f",  DEED_WRITES, do_add, NULL},
    {"load in the field",    "load",               "f",  DEED_WRITES, do_load, NULL},
    {"attach in the field",  "attach",             "f",  DEED_WRITES, do_attach_field, NULL},
    {"collect",              "collect",            "af", DEED_WRITES, do_collect, NULL},
    {"report statement",     "report statement, report incident", "a", DEED_WRITES, do_report_statement, NULL},
    {"report custody",       "report custody",     "a",  DEED_WRITES, do_report_custody, NULL},
    {"restore",              "restore",            "n",  DEED_WRITES, NULL, do_restore},
};
/* clang-format on */
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

enum wb_status
deed_run(const struct deed *d, const struct stage *s, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    enum wb_status st;

    if (d->act == NULL)
        return d->whole(s, e);
    st = stage_open(&v, stage_vault(s, d->vaults[0]), e);
    if (st == WB_OK)
        st = d->act(v, s, e);
    wb_vault_close(&v);
    return st;
}

/* An entry that says what is to come, and perhaps one that says that it did not, or
 * none yet that says that it did; the file whole, and then with the first of them, or
 * not there at all. */
static bool
logged_only(const struct holding *found, const struct holding *before,
    const struct holding *after)
{
    const struct holding_vault *v = &found->vault[0], *was = &before->vault[0];

    return v->there && v->entries >= was->entries &&
        v->entries <= after->vault[0].entries + 1 && v->records >= was->records &&
        v->records <= after->vault[0].records && v->second == was->second &&
        v->third == was->third && v->shares == was->shares &&
        (stage_same_files(found, before) ||
            (stage_same_files(found, after) && v->entries > was->entries));
}

bool
deed_may_leave(const struct deed *d, enum wb_status st, const struct holding *found,
    const struct holding *before, const struct holding *after)
{
    if (stage_same_vaults(found, after) && stage_same_files(found, after))
        return true;
    if (st == WB_OK)
        return false;
    return (stage_same_vaults(found, before) && stage_same_files(found, before)) ||
        ((d->traits & DEED_LOGS_FIRST) != 0 && logged_only(found, before, after));
}
