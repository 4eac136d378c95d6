/* vault/bundle/plan.c - chooses what goes into a bundle. */
#include "plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/mem.h"
#include "closure.h"
#include "info.h"
#include "unlink.h"

enum { DAY_SECONDS = 24 * 60 * 60 };
#define PLAN_BYTES_MAX ((size_t)1 << 36)

void
wb_plan_init(struct wb_plan *p)
{
    *p = (struct wb_plan){0};
    wb_buf_init(&p->overridden, PLAN_BYTES_MAX);
    wb_buf_init(&p->records, PLAN_BYTES_MAX);
    wb_buf_init(&p->files, PLAN_BYTES_MAX);
    wb_buf_init(&p->pieces, PLAN_BYTES_MAX);
    wb_buf_init(&p->copies, PLAN_BYTES_MAX);
    wb_buf_init(&p->page, WB_PAGE_MEMBER_MAX);
}

void
wb_plan_wipe(struct wb_plan *p)
{
    wb_buf_wipe(&p->overridden);
    wb_buf_wipe(&p->records);
    wb_buf_wipe(&p->files);
    wb_buf_wipe(&p->pieces);
    wb_buf_wipe(&p->copies);
    wb_buf_wipe(&p->page);
    wb_gate_wipe(&p->gate);
    wb_prover_free(&p->prover);
    wb_mem_free(p->used);
    p->used = NULL;
}

size_t
wb_plan_record_count(const struct wb_plan *p)
{
    return p->records.size / sizeof(struct wb_plan_record);
}

size_t
wb_plan_file_count(const struct wb_plan *p)
{
    return p->files.size / sizeof(struct wb_plan_file);
}

struct wb_plan_record *
wb_plan_record(const struct wb_plan *p, size_t index)
{
    return (struct wb_plan_record *)(void *)p->records.data + index;
}

struct wb_plan_file *
wb_plan_file(const struct wb_plan *p, size_t index)
{
    return (struct wb_plan_file *)(void *)p->files.data + index;
}

struct wb_plan_piece *
wb_plan_piece(const struct wb_plan *p, size_t index)
{
    return (struct wb_plan_piece *)(void *)p->pieces.data + index;
}

static void
add(struct wb_plan *p, uint64_t row, const struct wb_id *id, const uint8_t *root,
    bool named)
{
    struct wb_plan_record record = {.from = {.row = row, .named = named}, .id = *id};

    memcpy(record.root, root, sizeof record.root);
    wb_buf_add(&p->records, &record, sizeof record);
}

/* By the kind's name: a newer schema of a private kind is as private. */
static bool
is_private(const struct wb_record *r)
{
    const struct wb_kind *kind = wb_kind_find(r->kind);

    return kind != NULL && (kind->flags & WB_PRIVATE) != 0;
}

/* Receipts and notices: between us and one other, about other bundles. */
static bool
is_between_us(const struct wb_record *r)
{
    const struct wb_kind *kind = wb_kind_find(r->kind);

    return kind != NULL && (kind->flags & WB_BY_HAND) == 0;
}

/* ---- by id ---- */

static enum wb_status
choose_id(
    struct wb_plan *p, struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    struct wb_record *r = NULL;
    enum wb_status st = wb_record_load(v, &r, id, e);

    if (st != WB_OK)
        return st;
    if (is_private(r))
        st = wb_fail(e, WB_ERR_POLICY, "records of kind %s never leave", r->kind);
    else if (p->unlinked && is_between_us(r))
        st = wb_fail(e, WB_ERR_POLICY, "a %s ties this bundle to another", r->kind);
    else
        add(p, r->row, &r->id, r->root, true);
    wb_record_free(&r);
    return st;
}

/* ---- all, or an incident with what belongs to it: one walk over all records ---- */

struct walk {
    struct wb_plan *plan;       /* or NULL */
    struct wb_closure *closure; /* or NULL */
};

static bool
visit(void *cookie, const struct wb_record *r)
{
    const struct walk *w = cookie;

    if (is_private(r) || is_between_us(r))
        return true;
    if (w->plan != NULL)
        add(w->plan, r->row, &r->id, r->root, false);
    if (w->closure != NULL)
        wb_closure_record(w->closure, r);
    return true;
}

static enum wb_status
walk_all(struct wb_vault *v, struct walk *w, struct wb_error *e)
{
    const struct wb_list_filter everything = {0};
    uint64_t damaged = 0;
    enum wb_status st = wb_list(v, &everything, visit, w, &damaged, e);

    if (st == WB_OK && damaged > 0)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "%" PRIu64 " records do not open, so that something might be left out; "
            "`verify` names them",
            damaged);
    return st;
}

/* Without an index this opens every record once: as long as a `list` takes. */
static enum wb_status
choose_incident(
    struct wb_plan *p, struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    struct wb_closure c;
    struct walk w = {.closure = &c};
    const struct wb_closure_node *node;
    enum wb_status st;

    wb_closure_init(&c);
    if ((st = walk_all(v, &w, e)) == WB_OK &&
        (st = wb_closure_take(&c, id, e)) == WB_OK)
        for (size_t i = 0; (node = wb_closure_at(&c, i)) != NULL; i++)
            if (node->taken)
                add(p, node->row, &node->id, node->root, false);
    wb_closure_wipe(&c);
    return st;
}

/* ---- both ---- */

static int
compare_roots(const void *a, const void *b)
{
    return memcmp(a, b, WB_ROOT_BYTES);
}

void
wb_plan_sort(struct wb_plan *p)
{
    if (p->records.size > sizeof(struct wb_plan_record))
        qsort(p->records.data, wb_plan_record_count(p), sizeof(struct wb_plan_record),
            compare_roots);
}

/* Sorted, each once. */
static void
settle(struct wb_plan *p)
{
    size_t count = wb_plan_record_count(p), kept = 0;

    wb_plan_sort(p);
    for (size_t i = 0; i < count; i++)
        if (i == 0 ||
            compare_roots(wb_plan_record(p, i), wb_plan_record(p, kept - 1)) != 0)
            *wb_plan_record(p, kept++) = *wb_plan_record(p, i);
        else
            wb_plan_record(p, kept - 1)->from.named |= wb_plan_record(p, i)->from.named;
    p->records.size = kept * sizeof(struct wb_plan_record);
}

/* The second of an export would tie those to each other that were made together. */
static int64_t
time_said(const struct wb_plan *p)
{
    int64_t now = wb_clock_now();

    return p->unlinked ? now - now % DAY_SECONDS : now;
}

/* For what, and how far identities may go. */
static enum wb_status
set_terms(struct wb_plan *p, struct wb_vault *v,
    const struct wb_export_request *request, struct wb_error *e)
{
    p->request = request;
    p->purpose = wb_info_word(
        "purpose", request->purpose == NULL ? "partner" : request->purpose);
    if (p->purpose == NULL)
        return wb_fail(
            e, WB_ERR_USAGE, "purpose: not one of the list, see `kinds consent`");
    p->level = WB_LEVEL_NAMED;
    if (request->level != NULL && !wb_level_find(&p->level, request->level))
        return wb_fail(e, WB_ERR_USAGE, "level: named, pseudonym or anonymous");
    p->unlinked = wb_unlink_wanted(p->purpose, p->level);
    wb_clock_text(p->time, time_said(p));
    if (p->level == WB_LEVEL_NAMED && !request->no_proof && !p->unlinked)
        return wb_prover_new(&p->prover, v, e);
    return WB_OK;
}

enum wb_status
wb_plan_choose(struct wb_plan *p, struct wb_vault *v,
    const struct wb_export_request *request, struct wb_error *e)
{
    struct walk all = {.plan = p};
    char text[WB_ID_TEXT_BYTES];
    enum wb_status st = set_terms(p, v, request, e);

    if (st != WB_OK)
        return st;
    if (request->id_count == 0 && request->incident == NULL && !request->all)
        return wb_fail(
            e, WB_ERR_USAGE, "which records? name them, an incident, or all");
    p->redaction = (struct wb_redaction){request->redact, request->redact_count};
    if (request->redact_count > 0 &&
        (p->used = wb_mem_new_array(request->redact_count, sizeof *p->used)) == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; i < request->id_count && st == WB_OK; i++) {
        wb_id_text(text, &request->ids[i]);
        st = wb_within(e, choose_id(p, v, &request->ids[i], e), "%s", text);
    }
    if (st == WB_OK && request->incident != NULL) {
        wb_id_text(text, request->incident);
        st = wb_within(e, choose_incident(p, v, request->incident, e), "%s", text);
    }
    if (st == WB_OK && request->all)
        st = walk_all(v, &all, e);
    if (st == WB_OK)
        st = wb_buf_check(&p->records, e);
    if (st != WB_OK)
        return st;
    settle(p);
    if (p->records.size == 0)
        return wb_fail(
            e, WB_ERR_USAGE, "there is no record to export yet; `add` makes one");
    return WB_OK;
}
