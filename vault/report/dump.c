/* vault/report/dump.c - everything out as plain text: weighed, logged, then written. */
#include "dump.h"

#include <string.h>

#include <witnessbox/custody.h>

#include "../base/fail.h"
#include "../custody/change.h"
#include "../query/gate.h"
#include "../query/walk.h"
#include "finish.h"

enum {
    ROOTS_PER_ENTRY = 65536, /* so that the detail of an entry stays small */
};

#define IDS_BYTES_MAX ((size_t)1 << 36)

/* One dump, in three walks over the same rows: the first weighs and logs, the second
 * looks for names, the third writes. The vault is locked to others between them. */
struct dump {
    struct wb_vault *v;
    const struct wb_dump_request *request;
    const struct wb_dump_watch *watch;
    struct wb_gate gate;
    struct wb_dumped dumped;
    struct wb_change *change; /* of the first walk */
    struct wb_buf roots;      /* not logged yet */
    struct wb_buf reason;     /* for names that are kept */
    struct wb_buf ids;        /* of what goes */
    struct wb_dump_look look;
    bool is_public; /* copies go, under ids of one use */
    struct wb_dump_public public;
    struct wb_buf text; /* of the record at hand */
};

/* ---- which records, and how ---- */

/* A record that stays for want of consent; `reason` is of the decision. */
static void
note_refusal(
    struct dump *d, const struct wb_record *r, const struct wb_verdict *verdict)
{
    const struct wb_dump_refusal refusal = {
        &r->id, r->kind, &verdict->why.subject, wb_reason_words(verdict->why.reason)};

    d->dumped.refused++;
    if (d->watch->refused != NULL)
        d->watch->refused(d->watch->cookie, &refusal);
}

/* Whether a record goes; if so, what may not go of it is closed. */
static enum wb_status
judge(
    struct dump *d, struct wb_record *r, struct wb_verdict *verdict, struct wb_error *e)
{
    enum wb_status st = wb_gate_ask(&d->gate, verdict, r, e);

    if (st == WB_OK && verdict->answer == WB_GOES)
        wb_gate_withhold(&d->gate, r, verdict->level);
    return st;
}

static bool
is_wanted(const struct dump *d, const struct wb_record *r)
{
    const struct wb_kind *kind = wb_kind_find(r->kind);

    if (d->request->kind != NULL && strcmp(d->request->kind, r->kind) != 0)
        return false;
    if (kind != NULL && (kind->flags & WB_PRIVATE) != 0 &&
        strcmp(d->request->purpose, "internal") != 0)
        return false; /* our own notes are for nobody else */
    return kind == NULL || (kind->flags & WB_BY_HAND) != 0;
}

/* ---- first walk ---- */

static enum wb_status
log_roots(struct dump *d, struct wb_error *e)
{
    struct wb_detail detail = {.reason = (const char *)d->reason.data,
        .purpose = d->request->purpose,
        .about = d->request->kind,
        .roots = (const uint8_t(*)[WB_ROOT_BYTES])(void *)d->roots.data,
        .root_count = d->roots.size / WB_ROOT_BYTES};
    enum wb_status st;

    if (detail.root_count == 0)
        return WB_OK;
    st = wb_change_entry(d->change, WB_ACTION_DUMP, &detail, e);
    wb_buf_clear(&d->roots);
    return st;
}

static void
count(struct wb_dumped *dumped, const struct wb_record *r, size_t withheld_from_us)
{
    struct wb_file_view file;

    dumped->records++;
    dumped->reduced += wb_record_withheld(r) > withheld_from_us;
    dumped->withheld += withheld_from_us > 0;
    dumped->files += wb_record_file(r, &file);
}

static enum wb_status
weigh(void *cookie, struct wb_record *r, struct wb_error *e)
{
    struct dump *d = cookie;
    struct wb_verdict verdict;
    size_t withheld = wb_record_withheld(r);
    enum wb_status st;

    if (!is_wanted(d, r))
        return WB_OK;
    if (r->table == NULL) {
        d->dumped.unknown++;
        return WB_OK;
    }
    if ((st = judge(d, r, &verdict, e)) != WB_OK)
        return st;
    if (verdict.answer == WB_REFUSED)
        note_refusal(d, r, &verdict);
    if (verdict.answer != WB_GOES) {
        d->dumped.stay += verdict.answer == WB_STAYS;
        return WB_OK;
    }
    count(&d->dumped, r, withheld);
    if (d->is_public)
        wb_copies_draw(&d->public.copies, &r->id, r->root);
    wb_buf_add(&d->ids, &r->id, sizeof r->id);
    wb_buf_add(&d->roots, r->root, WB_ROOT_BYTES);
    if ((st = wb_buf_check(&d->roots, e)) != WB_OK ||
        (st = wb_buf_check(&d->ids, e)) != WB_OK)
        return st;
    return d->roots.size < (size_t)ROOTS_PER_ENTRY * WB_ROOT_BYTES ? WB_OK
                                                                   : log_roots(d, e);
}

static void
note_damage(void *cookie, const char *where, const char *what)
{
    struct dump *d = cookie;

    d->dumped.damaged++;
    if (d->watch->damaged != NULL)
        d->watch->damaged(d->watch->cookie, where, what);
}

static enum wb_status
weigh_all(struct dump *d, struct wb_error *e)
{
    const struct wb_walk walk = {weigh, note_damage, d};
    enum wb_status st = wb_walk(d->v, &walk, e);

    if (st == WB_OK)
        st = log_roots(d, e);
    if (st == WB_OK && d->dumped.refused > 0 && !d->request->leave_out_refused)
        st = wb_fail(e, WB_ERR_POLICY,
            "consent for %s keeps %llu of the records here, nothing was written: "
            "record "
            "the consent, or --leave-out-refused",
            d->request->purpose, (unsigned long long)d->dumped.refused);
    if (st == WB_OK && d->dumped.records == 0)
        st = d->dumped.damaged > 0
            ? wb_fail(e, WB_ERR_INTEGRITY, "no record opens, nothing was written")
            : wb_fail(e, WB_ERR_VALUE, "there is nothing to write");
    return st;
}

/* ---- second walk ---- */

/* A record that goes, with what may not go of it closed. */
static enum wb_status
take(struct dump *d, struct wb_record *r, bool *goes, struct wb_error *e)
{
    struct wb_verdict verdict = {.answer = WB_STAYS};
    enum wb_status st = WB_OK;

    if (is_wanted(d, r) && r->table != NULL)
        st = judge(d, r, &verdict, e);
    *goes = st == WB_OK && verdict.answer == WB_GOES;
    return st;
}

/* What a record is called in another one; one that stays here, or is gone, is called by
 * its id alone. */
static enum wb_status
add_title(
    void *cookie, struct wb_buf *out, const struct wb_id *named, struct wb_error *e)
{
    struct dump *d = cookie;
    struct wb_record *r = NULL;
    struct wb_verdict verdict = {.answer = WB_STAYS};
    char text[WB_ID_TEXT_BYTES];
    enum wb_status st =
        wb_record_load(d->v, &r, wb_dump_public_original(&d->public, named), e);

    if (st == WB_OK)
        st = judge(d, r, &verdict, e);
    if (st == WB_OK && verdict.answer == WB_GOES && r->table != NULL) {
        r->id = *named;
        wb_dump_title(out, r);
    } else if (st == WB_OK || st == WB_ERR_NOT_FOUND || wb_is_damage(st)) {
        st = WB_OK;
        wb_id_text(text, named);
        wb_buf_add_text(out, text);
    }
    wb_record_free(&r);
    return st;
}

/* The titles of what is referred to stand in a row of CSV as well, but no reference to
 * what has no copy. */
static enum wb_status
look_at_title(
    void *cookie, struct wb_buf *out, const struct wb_id *id, struct wb_error *e)
{
    struct dump *d = cookie;
    size_t before = out->size;
    enum wb_status st = WB_OK;

    if (!d->is_public || wb_copies_find(&d->public.copies, id) != NULL)
        st = add_title(d, out, id, e);
    if (st == WB_OK && out->size > before)
        wb_dump_look_text(&d->look, "title of a reference", 0,
            (const char *)out->data + before, out->size - before);
    return st;
}

static enum wb_status
look_at(void *cookie, struct wb_record *r, struct wb_error *e)
{
    struct dump *d = cookie;
    const struct wb_dump_titles titles = {look_at_title, d};
    bool goes;
    enum wb_status st = take(d, r, &goes, e);

    if (st != WB_OK || !goes)
        return st;
    wb_dump_look_record(&d->look, r);
    if (d->request->format == WB_DUMP_CSV)
        st = wb_dump_csv_row(&d->text, r, &titles, e);
    wb_buf_clear(&d->text);
    return st;
}

static enum wb_status
refuse_found(const struct dump *d, struct wb_error *e)
{
    unsigned long long count = d->look.in_the_way;

    if (count == 0)
        return WB_OK;
    if (d->is_public)
        return wb_fail(e, WB_ERR_POLICY,
            "%llu names or ids that lead back would go in the texts, nothing was "
            "written: amend the text, or --keep-name ID=REASON",
            count);
    return wb_fail(e, WB_ERR_POLICY,
        "%llu name%s of those who stay unnamed would go in the texts, nothing was "
        "written: amend the text, or --keep-name ID=REASON",
        count, count == 1 ? "" : "s");
}

static enum wb_status
look_at_all(struct dump *d, struct wb_error *e)
{
    const struct wb_walk walk = {look_at, NULL, d};
    enum wb_status st;

    d->look.gate = &d->gate;
    d->look.request = d->request;
    d->look.watch = d->watch;
    d->look.ids_of = d->is_public ? d->v : NULL;
    st = wb_gate_names(&d->gate, &d->look.scan,
        (const struct wb_id *)(const void *)d->ids.data,
        d->ids.size / sizeof(struct wb_id), e);
    if (st == WB_OK && (d->is_public || d->look.scan.names.size > 0))
        st = wb_walk(d->v, &walk, e);
    return st == WB_OK ? refuse_found(d, e) : st;
}

static enum wb_status
decide(struct dump *d, struct wb_error *e)
{
    const struct wb_gate_request asked = {
        .purpose = d->request->purpose, .level = WB_LEVEL_NAMED};
    enum wb_status st = wb_gate_open(&d->gate, d->v, &asked, e);

    wb_finish_reason(&d->reason, d->request->keep_names, d->request->keep_name_count);
    if (st == WB_OK && (st = wb_buf_check(&d->reason, e)) == WB_OK)
        st = wb_change_begin(&d->change, d->v, e);
    if (st == WB_OK && (st = weigh_all(d, e)) == WB_OK &&
        (st = wb_dump_public_settle(&d->public, e)) == WB_OK &&
        (st = look_at_all(d, e)) == WB_OK)
        st = wb_change_commit(&d->change, e);
    wb_change_rollback(&d->change);
    return st;
}

/* ---- third walk ---- */

static enum wb_status
flush(struct dump *d, struct wb_error *e)
{
    enum wb_status st = wb_buf_check(&d->text, e);

    if (st == WB_OK)
        st = d->watch->write(
            d->watch->cookie, (const char *)d->text.data, d->text.size, e);
    wb_buf_clear(&d->text);
    return st;
}

static enum wb_status
write_record(void *cookie, struct wb_record *r, struct wb_error *e)
{
    struct dump *d = cookie;
    const struct wb_dump_titles titles = {add_title, d};
    bool goes;
    enum wb_status st = take(d, r, &goes, e);

    if (st == WB_OK && goes && d->is_public)
        st = wb_dump_public_take(&d->public, r, e);
    if (st != WB_OK || !goes)
        return st;
    if (d->request->format == WB_DUMP_CSV)
        st = wb_dump_csv_row(&d->text, r, &titles, e);
    else
        wb_dump_jsonl(&d->text, r);
    return st == WB_OK ? flush(d, e) : st;
}

static enum wb_status
write_all(struct dump *d, struct wb_error *e)
{
    const struct wb_walk walk = {write_record, NULL, d};
    enum wb_status st = WB_OK;

    if (d->request->format == WB_DUMP_CSV) {
        wb_dump_csv_head(&d->text, wb_kind_find(d->request->kind));
        st = flush(d, e);
    }
    return st == WB_OK ? wb_walk(d->v, &walk, e) : st;
}

/* ---- the whole ---- */

enum wb_status
wb_dump(struct wb_vault *v, const struct wb_dump_request *request,
    const struct wb_dump_watch *watch, struct wb_dumped *dumped, struct wb_error *e)
{
    struct dump d = {.v = v,
        .request = request,
        .watch = watch,
        .is_public = wb_unlink_wanted(request->purpose, WB_LEVEL_NAMED)};
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = wb_dump_check(request, e)) != WB_OK)
        return st;
    wb_buf_init(&d.roots, (size_t)ROOTS_PER_ENTRY * WB_ROOT_BYTES);
    wb_buf_init(&d.reason, WB_RECORD_BYTES_MAX);
    wb_buf_init(&d.ids, IDS_BYTES_MAX);
    wb_buf_init(&d.public.copies, IDS_BYTES_MAX);
    wb_buf_init(&d.public.back, IDS_BYTES_MAX);
    wb_buf_init(&d.text, SIZE_MAX);
    wb_name_scan_init(&d.look.scan);
    if ((st = decide(&d, e)) == WB_OK)
        st = write_all(&d, e);
    if (st == WB_OK || st == WB_ERR_POLICY)
        *dumped = d.dumped;
    if (st == WB_OK && d.dumped.damaged > 0)
        st = wb_fail(e, WB_ERR_INTEGRITY,
            "records that do not open and are left out: %llu; all others are written",
            (unsigned long long)d.dumped.damaged);
    wb_name_scan_wipe(&d.look.scan);
    wb_gate_wipe(&d.gate);
    wb_buf_wipe(&d.roots);
    wb_buf_wipe(&d.reason);
    wb_buf_wipe(&d.ids);
    wb_buf_wipe(&d.public.copies);
    wb_buf_wipe(&d.public.back);
    wb_buf_wipe(&d.text);
    return st;
}
