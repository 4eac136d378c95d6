/* vault/custody/verify_rows.c - every revision held against the log, every attachment
 * against its record. */
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "open.h"
#include "run.h"

/* The log row that was reached in looking for the entries of damaged rows: both are
 * numbered in the order of saving, so that one walk finds them all. */
struct scan {
    struct wb_run *run;
    uint64_t log_row;
    bool deep;
};

/* ---- which record a row is ---- */

/* The id that the log has for a row. */
static bool
find_id(struct scan *s, uint64_t row, struct wb_id *id)
{
    bool found = false, past = false;

    while (!found && !past && s->log_row < wb_store_state(s->run->v)->next_log) {
        struct wb_entry entry = {0};

        if (wb_log_read(s->run->v, &entry, s->log_row, NULL) == WB_OK &&
            entry.action != WB_ACTION_SHRED) {
            found = entry.record_row == row;
            past = entry.record_row > row;
            if (found)
                *id = entry.id;
        }
        wb_entry_wipe(&entry);
        s->log_row += !past;
    }
    return found;
}

/* The kind of another revision of this id that opens. */
static bool
find_kind(struct scan *s, uint64_t row, const struct wb_id *id,
    char kind[static WB_KIND_NAME_MAX + 1])
{
    struct wb_record *r = NULL;
    struct wb_opened o;
    uint64_t at;

    for (uint32_t n = 0; wb_rows_lookup(s->run->v, &at, id, n, NULL) == WB_OK; n++)
        if (at != row && wb_open_staged(s->run->v, &r, at, &o, NULL) == WB_OK) {
            wb_record_free(&r);
            memcpy(kind, o.kind, sizeof o.kind);
            return true;
        }
    return false;
}

/* "statement 4c7h... revision 2", "record 4c7h..., row 12", "row 12": as much as can be
 * told. */
static void
where_row(struct scan *s, uint64_t row, const struct wb_opened *o,
    char out[static WB_WHERE_BYTES])
{
    char text[WB_ID_TEXT_BYTES], kind[WB_KIND_NAME_MAX + 1] = "record";
    struct wb_id id = o->wrap.id;

    if (!o->has_wrap && !find_id(s, row, &id)) {
        (void)snprintf(
            out, WB_WHERE_BYTES, wb_word("row %llu"), (unsigned long long)row);
        return;
    }
    wb_id_text(text, &id);
    if (o->kind[0] != '\0') {
        (void)snprintf(out, WB_WHERE_BYTES, wb_word("%s %s revision %u, row %llu"),
            o->kind, text, o->revision, (unsigned long long)row);
        return;
    }
    (void)find_kind(s, row, &id, kind);
    (void)snprintf(out, WB_WHERE_BYTES, wb_word("%s %s, row %llu"), kind, text,
        (unsigned long long)row);
}

static void
where_record(char out[static WB_WHERE_BYTES], const struct wb_record *r)
{
    char id[WB_ID_TEXT_BYTES];

    wb_id_text(id, &r->id);
    (void)snprintf(
        out, WB_WHERE_BYTES, wb_word("%s %s revision %u"), r->kind, id, r->revision);
}

/* ---- attachments ---- */

struct reading {
    struct scan *s;
    const struct wb_record *r;
    struct wb_sha256 hash;
    bool faulty;
};

static enum wb_status
hash_part(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct reading *f = cookie;

    (void)e;
    wb_sha256_add(&f->hash, bytes, size);
    wb_run_step(f->s->run);
    return WB_OK;
}

static void
tell_fault(void *cookie, uint64_t chunk, enum wb_chunk_fault fault)
{
    static const struct {
        const char *kind, *what;
    } faults[] = {
        [WB_CHUNK_MISSING] = {"chunk missing", "it is not there"},
        [WB_CHUNK_MOVED] = {"chunk reordered", "it belongs to another place"},
        [WB_CHUNK_TRUNCATED] = {"chunk truncated", "the file ends before it"},
        [WB_CHUNK_ALTERED] = {"chunk altered", "altered or foreign"},
        [WB_CHUNK_EXTRA] = {"chunk altered", "there are more than the file has"},
    };
    struct reading *f = cookie;
    char where[WB_WHERE_BYTES], what[WB_WHERE_BYTES];

    f->faulty = true;
    wb_run_step(f->s->run);
    where_record(where, f->r);
    (void)snprintf(what, sizeof what, "chunk %llu: %s", (unsigned long long)chunk,
        faults[fault].what);
    wb_run_tell(f->s->run, faults[fault].kind, where, what);
}

/* All chunks of a record's attachment, and their hash. */
static enum wb_status
check_file(struct scan *s, const struct wb_record *r, struct wb_error *e)
{
    struct reading f = {.s = s, .r = r};
    const struct wb_chunk_watch watch = {hash_part, tell_fault, &f};
    struct wb_attachment a = {0};
    uint8_t hash[WB_HASH_BYTES];
    char hex[2 * WB_HASH_BYTES + 1], where[WB_WHERE_BYTES];
    enum wb_status st;

    wb_sha256_init(&f.hash);
    if ((st = wb_attachment_new(&a, e)) == WB_OK &&
        (st = wb_attachment_decode(&a, r->private_part, r->private_size, e)) == WB_OK &&
        (st = wb_chunks_examine(s->run->v, &a, &watch, e)) == WB_OK) {
        wb_sha256_end(&f.hash, hash);
        wb_hex_encode(hex, hash, sizeof hash);
        if (!f.faulty && strcmp(hex, wb_record_text(r, "sha256")) != 0)
            st = wb_fail(e, WB_ERR_INTEGRITY, "its bytes are not those recorded");
        s->run->verified.files++;
    }
    wb_attachment_wipe(&a);
    if (st == WB_OK || wb_run_is_fatal(st))
        return st;
    where_record(where, r);
    wb_run_tell(s->run, "chunk altered", where, e->message);
    return WB_OK;
}

/* ---- records ---- */

/* Foreign proofs lie outside of the root: they are held against it again. */
static void
check_proofs(struct scan *s, const struct wb_record *r)
{
    struct wb_error reason = {0};
    char where[WB_WHERE_BYTES];

    for (size_t i = 0; i < r->proof_count; i++)
        if (wb_custody_check_proof(
                &r->proofs[i], r->root, i == 0, NULL, NULL, &reason) != WB_OK) {
            where_record(where, r);
            wb_run_tell(s->run, "row altered", where, reason.message);
        }
}

/* Without the one before it, a revision would not be found. */
static enum wb_status
check_ordinal(struct scan *s, const struct wb_record *r, struct wb_error *e)
{
    char where[WB_WHERE_BYTES];
    uint64_t row;
    enum wb_status st = r->ordinal == 0
        ? WB_OK
        : wb_rows_lookup(s->run->v, &row, &r->id, r->ordinal - 1, e);

    if (st != WB_ERR_NOT_FOUND)
        return wb_run_is_fatal(st) ? st : WB_OK;
    where_record(where, r);
    wb_run_tell(s->run, "lookup", where, "the revision stored before it is not found");
    return WB_OK;
}

/* What a partial bundle refers to need not be here. */
static enum wb_status
check_reference(struct scan *s, const struct wb_record *r, const struct wb_place *p,
    const struct wb_value *value, struct wb_error *e)
{
    char where[WB_WHERE_BYTES], what[WB_WHERE_BYTES];
    struct wb_id id;
    uint64_t row;
    enum wb_status st;

    if (value->state != WB_STATE_TEXT || !wb_id_parse(&id, value->text, value->size) ||
        (st = wb_rows_lookup(s->run->v, &row, &id, 0, e)) == WB_OK)
        return WB_OK;
    if (st != WB_ERR_NOT_FOUND)
        return wb_run_is_fatal(st) ? st : WB_OK;
    where_record(where, r);
    (void)snprintf(
        what, sizeof what, "%s refers to %s, which is not here", p->name, value->text);
    wb_run_note(s->run, where, what);
    return WB_OK;
}

static enum wb_status
check_references(struct scan *s, const struct wb_record *r, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (size_t i = 0; r->table != NULL && i < r->table->count; i++) {
        const struct wb_place *p = r->table->fields[i].kind != WB_REF
            ? NULL
            : wb_record_place(r, r->table->fields[i].number);

        for (size_t n = 0; p != NULL && st == WB_OK && n < p->count; n++)
            st = check_reference(s, r, p, &p->values[n], e);
    }
    return st;
}

static enum wb_status
check_row(struct scan *s, uint64_t row, struct wb_error *e)
{
    static const char *const kinds[] = {
        [WB_OPEN_WRAP] = "row altered",
        [WB_OPEN_MOVED] = "row foreign",
        [WB_OPEN_MISSING] = "row missing",
        [WB_OPEN_BODY] = "row altered",
        [WB_OPEN_LOOKUP] = "lookup",
        [WB_OPEN_OLDER] = "row older",
        [WB_OPEN_UNKNOWN] = "row foreign",
        [WB_OPEN_REPLACED] = "row replaced",
    };
    struct wb_record *r = NULL;
    struct wb_opened o;
    char where[WB_WHERE_BYTES];
    enum wb_status st = wb_open_staged(s->run->v, &r, row, &o, e);

    wb_run_step(s->run);
    if (st == WB_OK) {
        s->run->verified.records++;
        check_proofs(s, r);
        if ((st = check_ordinal(s, r, e)) == WB_OK &&
            (st = check_references(s, r, e)) == WB_OK && s->deep &&
            r->private_size != 0 && strcmp(r->kind, "evidence") == 0)
            st = check_file(s, r, e);
    } else if (!wb_run_is_fatal(st)) {
        where_row(s, row, &o, where);
        wb_run_tell(s->run, kinds[o.stage], where, e->message);
        st = WB_OK;
    }
    wb_record_free(&r);
    return st;
}

enum wb_status
wb_run_rows(struct wb_run *run, bool deep, struct wb_error *e)
{
    struct scan s = {.run = run, .log_row = 1, .deep = deep};
    struct wb_error reason = {0};
    uint64_t row = 0;
    enum wb_status st = WB_OK;

    while (st == WB_OK && (st = wb_rows_next(run->v, &row, &reason)) == WB_OK)
        st = check_row(&s, row, &reason);
    if (st == WB_ERR_INTEGRITY) { /* no way on: said, and the rest is looked at */
        wb_run_tell(run, "page", "vault file", reason.message);
        return WB_OK;
    }
    if (st != WB_OK && st != WB_ERR_NOT_FOUND)
        return wb_fail(e, st, "%s", reason.message);
    return WB_OK;
}
