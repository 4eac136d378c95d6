/* vault/custody/open.c - a stored revision opened and held against wrap, lookup and
 * log. */
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "open.h"
#include "tree.h"

/* Who wrote it is not in the root, but in the action of its entry. */
static bool
fits_action(const struct wb_entry *entry, const struct wb_record *r)
{
    if (entry->action == WB_ACTION_IMPORT)
        return r->foreign && !r->adopted;
    if (entry->action == WB_ACTION_ADOPT)
        return r->adopted;
    if (entry->action == WB_ACTION_COMPLETE)
        return r->foreign;
    return (entry->action != WB_ACTION_ADD && entry->action != WB_ACTION_AMEND &&
               entry->action != WB_ACTION_COLLECT) ||
        !r->foreign;
}

/* Nor is the bundle that it came in: the entry's detail names it. */
static bool
fits_provenance(const struct wb_entry *entry, const struct wb_record *r)
{
    static const char name[] = "bundle ";
    char line[sizeof name + WB_ID_TEXT_BYTES] = "bundle ";
    struct wb_id bundle;

    if ((entry->action != WB_ACTION_IMPORT && entry->action != WB_ACTION_COMPLETE) ||
        !r->provenance.present)
        return true;
    memcpy(bundle.bytes, r->provenance.bundle, sizeof bundle.bytes);
    wb_id_text(line + sizeof name - 1, &bundle);
    return strstr(entry->detail, line) != NULL;
}

/* The log must say of this row what the row says of itself. */
static enum wb_status
check_entry(struct wb_vault *v, const struct wb_wrap *w, const struct wb_record *r,
    enum wb_open_stage *stage, struct wb_error *e)
{
    struct wb_entry entry = {0};
    struct wb_tree t;
    enum wb_status st;

    *stage = WB_OPEN_UNKNOWN;
    if ((st = wb_tree_find(v, &t, w->tree, e)) != WB_OK)
        return st;
    if (w->leaf >= t.size)
        return wb_fail(e, WB_ERR_INTEGRITY, "its log entry is not in the log");
    st = wb_log_read(v, &entry, t.first + w->leaf, e);
    if (st == WB_ERR_NOT_FOUND)
        st = wb_fail(e, WB_ERR_INTEGRITY, "its log entry is missing");
    else if (st == WB_OK && entry.record_row != w->row)
        st = wb_fail(e, WB_ERR_INTEGRITY, "the log does not name it");
    else if (st == WB_OK &&
        (!entry.has_root || memcmp(entry.root, w->root, WB_ROOT_BYTES) != 0 ||
            !wb_id_equal(&entry.id, &w->id) || !fits_action(&entry, r) ||
            !fits_provenance(&entry, r))) {
        *stage = WB_OPEN_REPLACED;
        st = wb_fail(e, WB_ERR_INTEGRITY, "it is not what the log says of it");
    }
    wb_entry_wipe(&entry);
    return st;
}

/* The decoded revision of a row, its root recomputed and compared. */
static enum wb_status
open_body(struct wb_vault *v, const struct wb_wrap *w, struct wb_record **r,
    enum wb_open_stage *stage, struct wb_error *e)
{
    struct wb_record *got = NULL;
    struct wb_buf body;
    enum wb_status st;

    wb_buf_init(&body, WB_RECORD_BYTES_MAX * 2);
    *stage = WB_OPEN_BODY;
    if ((st = wb_rows_body(v, w, &body, e)) == WB_ERR_NOT_FOUND) {
        *stage = WB_OPEN_MISSING;
        st = wb_fail(e, WB_ERR_INTEGRITY, "its body is missing");
    }
    if (st != WB_OK)
        goto out;
    if ((st = wb_record_decode(&got, body.data, body.size, e)) != WB_OK)
        goto out;
    if (memcmp(got->root, w->root, WB_ROOT_BYTES) != 0 ||
        !wb_id_equal(&got->id, &w->id)) {
        wb_record_free(&got);
        st = wb_fail(e, WB_ERR_INTEGRITY, "its content does not lead to its root");
        goto out;
    }
    got->row = w->row;
    got->ordinal = w->ordinal;
    got->tree = w->tree;
    got->leaf = w->leaf;
    *r = got;
out:
    wb_buf_wipe(&body);
    return st;
}

/* The wrap, and what can be said of one that is not this row's. */
static enum wb_status
open_wrap(struct wb_vault *v, uint64_t row, struct wb_opened *o, struct wb_error *e)
{
    static const struct wb_id none;
    enum wb_status st = wb_rows_wrap(v, &o->wrap, row, e);

    o->has_wrap = st == WB_OK;
    /* it is filled when the box opened, and refused when it names another row */
    o->stage = st == WB_ERR_INTEGRITY && !wb_id_equal(&o->wrap.id, &none)
        ? WB_OPEN_MOVED
        : WB_OPEN_WRAP;
    return st;
}

/* The id must lead to this row. */
static enum wb_status
check_lookup(struct wb_vault *v, struct wb_opened *o, struct wb_error *e)
{
    struct wb_wrap other = {0};
    uint64_t found = 0;
    enum wb_status st = wb_rows_lookup(v, &found, &o->wrap.id, o->wrap.ordinal, e);

    o->stage = WB_OPEN_LOOKUP;
    if (st == WB_OK && found == o->wrap.row)
        return WB_OK;
    if (st != WB_OK && st != WB_ERR_NOT_FOUND)
        return st;
    if (st == WB_OK && found > o->wrap.row &&
        wb_rows_wrap(v, &other, found, NULL) == WB_OK &&
        memcmp(other.root, o->wrap.root, WB_ROOT_BYTES) == 0) {
        o->stage = WB_OPEN_OLDER;
        return wb_fail(e, WB_ERR_INTEGRITY, "row %llu has taken its place",
            (unsigned long long)found);
    }
    return wb_fail(e, WB_ERR_INTEGRITY, "its lookup leads elsewhere");
}

enum wb_status
wb_open_staged(struct wb_vault *v, struct wb_record **r, uint64_t row,
    struct wb_opened *o, struct wb_error *e)
{
    struct wb_record *got = NULL;
    enum wb_status st;

    *o = (struct wb_opened){0};
    if ((st = open_wrap(v, row, o, e)) != WB_OK)
        return st;
    o->stage = WB_OPEN_BODY;
    if ((st = open_body(v, &o->wrap, &got, &o->stage, e)) != WB_OK)
        return st;
    memcpy(o->kind, got->kind, strnlen(got->kind, sizeof o->kind - 1));
    o->revision = got->revision;
    if ((st = check_lookup(v, o, e)) == WB_OK)
        st = check_entry(v, &o->wrap, got, &o->stage, e);
    if (st == WB_OK)
        *r = got;
    else
        wb_record_free(&got);
    return st;
}

enum wb_status
wb_custody_open_row(
    struct wb_vault *v, struct wb_record **r, uint64_t row, struct wb_error *e)
{
    struct wb_opened o;

    return wb_open_staged(v, r, row, &o, e);
}

/* What a lookup led to: nothing, or a revision that is not the one asked for. */
static enum wb_status
check_led(enum wb_status st, uint64_t row, bool same, struct wb_error *e)
{
    if (st == WB_ERR_NOT_FOUND)
        return wb_fail(e, WB_ERR_INTEGRITY, "row %llu: its key is missing, run verify",
            (unsigned long long)row);
    if (st == WB_OK && !same)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "row %llu: its lookup leads to another record, run verify",
            (unsigned long long)row);
    return st;
}

enum wb_status
wb_custody_find_wrap(struct wb_vault *v, struct wb_wrap *w, const struct wb_id *id,
    uint32_t ordinal, struct wb_error *e)
{
    struct wb_wrap got = {0};
    uint64_t row;
    enum wb_status st = wb_rows_lookup(v, &row, id, ordinal, e);

    if (st != WB_OK)
        return st;
    st = wb_rows_wrap(v, &got, row, e);
    st = check_led(st, row, wb_id_equal(&got.id, id) && got.ordinal == ordinal, e);
    if (st == WB_OK)
        *w = got;
    return st;
}

enum wb_status
wb_custody_open_revision(struct wb_vault *v, struct wb_record **r,
    const struct wb_id *id, uint32_t ordinal, struct wb_error *e)
{
    struct wb_record *got = NULL;
    uint64_t row;
    enum wb_status st = wb_rows_lookup(v, &row, id, ordinal, e);

    if (st != WB_OK)
        return st;
    st = wb_custody_open_row(v, &got, row, e);
    st = check_led(st, row,
        got != NULL && wb_id_equal(&got->id, id) && got->ordinal == ordinal, e);
    if (st == WB_OK)
        *r = got;
    else
        wb_record_free(&got);
    return st;
}

/* The newest of ours wins; among foreign ones the highest revision, of equals the last
 * stored. */
static bool
is_newer(const struct wb_record *r, const struct wb_record *best)
{
    if (best == NULL || wb_record_is_ours(r) != wb_record_is_ours(best))
        return best == NULL || wb_record_is_ours(r);
    return r->revision >= best->revision;
}

enum wb_status
wb_record_load(struct wb_vault *v, struct wb_record **r, const struct wb_id *id,
    struct wb_error *e)
{
    struct wb_record *best = NULL, *next = NULL;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK)
        return st;
    for (uint32_t ordinal = 0; st == WB_OK; ordinal++) {
        if ((st = wb_custody_open_revision(v, &next, id, ordinal, e)) != WB_OK)
            break;
        if (is_newer(next, best)) {
            wb_record_free(&best);
            best = next;
            next = NULL;
        }
        wb_record_free(&next);
    }
    if (st == WB_ERR_NOT_FOUND && best != NULL) {
        *r = best;
        return WB_OK;
    }
    wb_record_free(&best);
    return st == WB_ERR_NOT_FOUND ? wb_fail(e, st, "no such record") : st;
}

enum wb_status
wb_record_load_root(struct wb_vault *v, struct wb_record **r, const struct wb_id *id,
    const char *root, struct wb_error *e)
{
    char hex[WB_ROOT_TEXT_BYTES];
    struct wb_wrap w = {0};
    uint64_t found = 0;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK)
        return st;
    if (strlen(root) < 4)
        return wb_fail(e, WB_ERR_USAGE, "root: give at least 4 digits of it");
    for (uint32_t ordinal = 0; st == WB_OK; ordinal++) {
        if ((st = wb_custody_find_wrap(v, &w, id, ordinal, e)) != WB_OK)
            break;
        wb_hex_encode(hex, w.root, WB_ROOT_BYTES);
        if (strncmp(hex, root, strlen(root)) != 0)
            continue;
        if (found != 0)
            return wb_fail(e, WB_ERR_AMBIGUOUS, "root: more than one begins so");
        found = w.row;
    }
    if (st == WB_ERR_NOT_FOUND && found != 0)
        return wb_custody_open_row(v, r, found, e);
    return st == WB_ERR_NOT_FOUND ? wb_fail(e, st, "no such revision") : st;
}

enum wb_status
wb_custody_has(struct wb_vault *v, bool *has, uint64_t *row, const struct wb_id *id,
    const uint8_t root[static WB_ROOT_BYTES], struct wb_error *e)
{
    struct wb_wrap w = {0};
    enum wb_status st = WB_OK;

    for (uint32_t ordinal = 0; st == WB_OK; ordinal++) {
        if ((st = wb_custody_find_wrap(v, &w, id, ordinal, e)) != WB_OK)
            break;
        if (memcmp(w.root, root, WB_ROOT_BYTES) == 0) {
            *has = true;
            if (row != NULL)
                *row = w.row;
            return WB_OK;
        }
    }
    if (st != WB_ERR_NOT_FOUND)
        return st;
    *has = false;
    return WB_OK;
}
