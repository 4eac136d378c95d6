/* vault/custody/verify.c - everything stored held against the log, and the log against
 * itself. */
#include <stdio.h>

#include "../base/fail.h"
#include "run.h"
#include "tree.h"

enum { STEPS_BETWEEN_NEWS = 256 };

void
wb_run_tell(struct wb_run *run, const char *kind, const char *where, const char *what)
{
    const struct wb_problem p = {kind, wb_word(where), wb_word(what)};

    run->verified.problems++;
    if (run->watch.problem != NULL)
        run->watch.problem(run->watch.cookie, &p);
}

void
wb_run_note(struct wb_run *run, const char *where, const char *what)
{
    const struct wb_problem p = {"note", wb_word(where), wb_word(what)};

    run->verified.notes++;
    if (run->watch.problem != NULL)
        run->watch.problem(run->watch.cookie, &p);
}

void
wb_run_step(struct wb_run *run)
{
    const uint64_t done = ++run->verified.checked;

    if (run->watch.progress != NULL && done % STEPS_BETWEEN_NEWS == 0)
        run->watch.progress(
            run->watch.cookie, done, done > run->total ? done : run->total);
}

bool
wb_run_is_fatal(enum wb_status st)
{
    return st == WB_ERR_IO || st == WB_ERR_MEMORY || st == WB_ERR_INTERNAL;
}

/* ---- what must be there in number ---- */

static enum wb_status
check_counts(struct wb_run *run, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(run->v);
    struct wb_counts found = {0};
    enum wb_status st = wb_sealed_counts(run->v, &found, e);
    const struct {
        const char *table;
        uint64_t found, expected;
    } counts[] = {
        {"wraps", found.wraps, s->rows},
        {"bodies", found.bodies, s->rows},
        {"lookups", found.lookups, s->rows},
        {"log", found.log, s->next_log - 1},
        {"nodes", found.nodes, s->next_log - 1},
        {"heads", found.heads, s->heads.count},
        {"drafts", found.drafts, s->drafts.count},
        {"pages", found.pages, s->pages.count},
        {"staging", found.staging, 0},
        {"attachments", found.files, s->files},
        {"state", found.states, 1},
        {"last row of wraps", found.last_wrap, s->next_row - 1},
        {"last row of log", found.last_log, s->next_log - 1},
        {"last row of heads", found.last_head, s->next_head - 1},
        {"last row of drafts", found.last_draft, s->next_draft - 1},
    };
    char what[WB_WHERE_BYTES];

    for (size_t i = 0; st == WB_OK && i < sizeof counts / sizeof counts[0]; i++)
        if (counts[i].found != counts[i].expected) {
            (void)snprintf(what, sizeof what,
                wb_word("%llu are there, the state names %llu"),
                (unsigned long long)counts[i].found,
                (unsigned long long)counts[i].expected);
            wb_run_tell(run, "count", counts[i].table, what);
        }
    return st;
}

static void
tell_page(void *run, const char *what)
{
    wb_run_tell(run, "page", "vault file", what);
}

/* The search index: nothing in the log names its pages. */
static enum wb_status
check_index(struct wb_run *run, struct wb_error *e)
{
    struct wb_error reason = {0};
    const struct wb_vault_state *s = wb_store_state(run->v);
    struct wb_buf page;
    uint64_t row = 0, behind;
    bool same = true;
    enum wb_status st = wb_unlogged_check(run->v, WB_TABLE_PAGES, &same, &reason);

    if (st == WB_OK && !same)
        wb_run_tell(run, "index", "pages",
            "they are not those that the state has counted; a search makes them anew "
            "where they do not open");
    if (st == WB_OK &&
        wb_tree_behind(run->v, &behind, s->index_tree, s->index_leaf, &reason) ==
            WB_ERR_INTEGRITY)
        wb_run_tell(run, "index", "pages", reason.message);
    wb_buf_init(&page, WB_PAGE_BYTES);
    while (st == WB_OK || st == WB_ERR_INTEGRITY || st == WB_ERR_LIMIT) {
        const uint64_t before = row;

        st = wb_unlogged_next(run->v, WB_TABLE_PAGES, &row, &page, &reason);
        if (st == WB_ERR_INTEGRITY || st == WB_ERR_LIMIT)
            wb_run_tell(run, "index", "pages", reason.message);
        if (row == before)
            break; /* the rows lead no further */
    }
    wb_buf_wipe(&page);
    return wb_run_is_fatal(st) ? wb_fail(e, st, "%s", reason.message) : WB_OK;
}

/* About how many steps there will be: entries, rows, and the file in chunks. */
static enum wb_status
count_steps(struct wb_run *run, bool deep, struct wb_error *e)
{
    struct wb_vault_info info;
    enum wb_status st = wb_vault_info(run->v, &info, e);

    if (st == WB_OK)
        run->total = wb_store_state(run->v)->next_log - 1 + info.revisions +
            (deep && info.files > 0 ? info.bytes / WB_CHUNK_BYTES : 0);
    return st;
}

/* Entries and revisions, where they can be read at all. */
static enum wb_status
check_content(struct wb_run *run, bool deep, struct wb_error *e)
{
    enum wb_status st;

    if (wb_store_is_blind(run->v)) {
        wb_run_note(run, "field vault",
            "what entries, records and files hold is for its owner to check: "
            "`collect`");
        return WB_OK;
    }
    st = wb_run_entries(run, e);
    return st == WB_OK ? wb_run_rows(run, deep, e) : st;
}

enum wb_status
wb_verify(struct wb_vault *v, int flags, struct wb_verified *verified,
    const struct wb_verify_watch *watch, struct wb_error *e)
{
    const bool deep = (flags & WB_VERIFY_DEEP) != 0;
    struct wb_run run = {.v = v};
    struct wb_error reason = {0};
    enum wb_status st;

    if (watch != NULL)
        run.watch = *watch;
    if ((st = wb_store_need_unlocked(v, &reason)) == WB_OK &&
        (st = count_steps(&run, deep, &reason)) == WB_OK &&
        (st = wb_run_log(&run, &reason)) == WB_OK &&
        (st = check_content(&run, deep, &reason)) == WB_OK &&
        (st = wb_run_drafts(&run, &reason)) == WB_OK)
        st = check_counts(&run, &reason);
    if (st == WB_OK && deep)
        st = check_index(&run, &reason);
    if (st == WB_OK && deep)
        st = wb_sealed_pages(v, tell_page, &run, &reason);
    wb_tombs_wipe(&run.tombs);
    if (st == WB_OK)
        *verified = run.verified;
    return st == WB_OK ? st : wb_fail(e, st, "%s", reason.message);
}

/* The first problem's words, for wb_verify_log. */
static void
keep_first(void *cookie, const struct wb_problem *p)
{
    struct wb_error *first = cookie;

    if (first->status == WB_OK)
        wb_fail(first, WB_ERR_INTEGRITY, "%s: %s: %s", p->kind, p->where, p->what);
}

enum wb_status
wb_verify_log(struct wb_vault *v, struct wb_error *e)
{
    struct wb_error reason = {0}, first = {0};
    struct wb_run run = {.v = v, .watch = {.problem = keep_first, .cookie = &first}};
    enum wb_status st = wb_store_need_unlocked(v, &reason);

    if (st == WB_OK)
        st = wb_run_log(&run, &reason);
    if (st != WB_OK)
        return wb_fail(e, st, "%s", reason.message);
    if (run.verified.problems > 0)
        return wb_fail(e, WB_ERR_INTEGRITY, "%s", first.message);
    return WB_OK;
}
