/* vault/bundle/withdraw_look.c - what a withdrawal concerns: consents, records, people.
 */
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../query/walk.h"
#include "withdraw.h"

#define LIST_BYTES_MAX ((size_t)1 << 34)

/* ---- consents ---- */

static bool
names(const struct wb_record *r, const char *field, const struct wb_id *id)
{
    const char *text = wb_record_text(r, field);
    struct wb_id named;

    return wb_id_parse(&named, text, strlen(text)) && wb_id_equal(&named, id);
}

static bool
is_in_force(const struct wb_record *r)
{
    struct wb_value_view withdrawn;

    return strcmp(r->kind, "consent") == 0 &&
        strcmp(wb_record_text(r, "decision"), "no") != 0 &&
        (!wb_record_value(r, "withdrawn", 0, &withdrawn) ||
            withdrawn.state == WB_STATE_ABSENT);
}

/* About the target or by it; where the target is a consent, that one. */
static enum wb_status
take_consent(struct wb_withdrawal *w, const struct wb_record *r, struct wb_error *e)
{
    const char *about = wb_record_text(r, "about");
    const char *purpose = wb_record_text(r, "purpose");
    struct wb_withdrawn_consent one = {.id = r->id, .foreign = r->foreign};

    if (!is_in_force(r) || !wb_id_parse(&one.about, about, strlen(about)))
        return WB_OK;
    if (!wb_id_equal(&r->id, &w->target) && !names(r, "about", &w->target) &&
        !names(r, "person", &w->target))
        return WB_OK;
    one.purpose = wb_arena_copy(&w->arena, purpose, strlen(purpose));
    if (one.purpose == NULL)
        return wb_fail_memory(e);
    wb_buf_add(&w->consents, &one, sizeof one);
    wb_closure_edge(&w->graph, &w->target, &one.about);
    return wb_buf_check(&w->consents, e);
}

/* ---- records: what goes with what, and with whom ---- */

static void
draw_edges(struct wb_withdrawal *w, const struct wb_record *r)
{
    struct wb_id to;

    for (size_t i = 0; r->table != NULL && i < r->table->count; i++) {
        const struct wb_field *f = &r->table->fields[i];
        const struct wb_place *p = &r->places[i + 1]; /* 0 is the origin */

        if ((f->flags & (WB_PART_OF | WB_SUBJECT)) == 0 || p->form == WB_FORM_CLOSED)
            continue;
        for (size_t n = 0; n < p->count; n++)
            if (wb_id_parse(&to, p->values[n].text, p->values[n].size))
                wb_closure_edge(&w->graph, &to, &r->id);
    }
}

static enum wb_status
visit(void *cookie, struct wb_record *r, struct wb_error *e)
{
    struct wb_withdrawal *w = cookie;
    const struct wb_kind *kind = wb_kind_find(r->kind);
    struct wb_closure_node node = {.id = r->id, .row = r->row};

    if (kind != NULL && (kind->flags & WB_BY_HAND) == 0)
        return WB_OK;
    memcpy(node.root, r->root, sizeof node.root);
    node.stops = strcmp(r->kind, "incident") == 0;
    wb_closure_node(&w->graph, &node);
    draw_edges(w, r);
    return take_consent(w, r, e);
}

/* The consents themselves are not told of: they say why, not what. */
static enum wb_status
take_record(
    struct wb_withdrawal *w, const struct wb_closure_node *node, struct wb_error *e)
{
    struct wb_record *r = NULL;
    struct wb_concerned one = {.id = node->id};
    const char *title;
    enum wb_status st = wb_record_load(w->v, &r, &node->id, e);

    if (st != WB_OK)
        return st;
    if (strcmp(r->kind, "consent") != 0 && strcmp(r->kind, "note") != 0) {
        title = wb_record_title(r);
        one.kind = wb_arena_copy(&w->arena, r->kind, strlen(r->kind));
        one.title = wb_arena_copy(&w->arena, title, strlen(title));
        if (one.kind == NULL || one.title == NULL)
            st = wb_fail_memory(e);
        wb_buf_add(&w->records, &one, sizeof one);
        wb_buf_add(&w->roots, r->root, sizeof r->root);
    }
    wb_record_free(&r);
    return st == WB_OK ? wb_buf_check(&w->records, e) : st;
}

/* Nodes come by id, so the records do. An incident is of many, unless it is what was
 * agreed about. */
static enum wb_status
find_records(struct wb_withdrawal *w, struct wb_error *e)
{
    const struct wb_withdrawn_consent *list =
        (const struct wb_withdrawn_consent *)(const void *)w->consents.data;
    const struct wb_closure_node *node;
    enum wb_status st;

    for (size_t i = 0; i < wb_withdrawal_consents(w); i++)
        wb_closure_pass(&w->graph, &list[i].about);
    st = wb_closure_take(&w->graph, &w->target, e);
    for (size_t i = 0; st == WB_OK && (node = wb_closure_at(&w->graph, i)) != NULL; i++)
        if (node->taken)
            st = take_record(w, node, e);
    return st == WB_OK ? wb_buf_check(&w->roots, e) : st;
}

/* ---- who has it ---- */

struct asking {
    struct wb_withdrawal *w;
    enum wb_status st;
};

static int
compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct wb_id)); /* begins with it */
}

static bool
concerns(const struct wb_withdrawal *w, const struct wb_value_view *line)
{
    struct wb_id id;

    return line->size == WB_MENTION_BYTES - 1 &&
        wb_id_parse(&id, line->text, WB_ID_TEXT_BYTES - 1) && w->records.size > 0 &&
        bsearch(&id, w->records.data, w->records.size / sizeof(struct wb_concerned),
            sizeof(struct wb_concerned), compare_ids) != NULL;
}

/* Who was met among several first is called by name once a handoff has it. */
static enum wb_status
name_told(struct wb_withdrawal *w, struct wb_told *t, const char *contact)
{
    const char *copy;

    if (t->contact[0] != '\0' || contact[0] == '\0')
        return WB_OK;
    if ((copy = wb_arena_copy(&w->arena, contact, strlen(contact))) == NULL)
        return WB_ERR_MEMORY;
    t->contact = copy;
    return WB_OK;
}

/* The number of who has that key, or of a new one. */
static enum wb_status
find_told(struct wb_withdrawal *w, size_t *number, const struct wb_told *wanted)
{
    size_t count = w->told.size / sizeof *wanted;
    struct wb_told one = *wanted;

    for (size_t i = 0; i < count; i++) {
        struct wb_told *t = (struct wb_told *)(void *)w->told.data + i;

        if (t->reach == wanted->reach && strcmp(t->recipient, wanted->recipient) == 0) {
            *number = i;
            return name_told(w, t, wanted->contact);
        }
    }
    one.recipient = wb_arena_copy(&w->arena, one.recipient, strlen(one.recipient));
    one.contact = wb_arena_copy(&w->arena, one.contact, strlen(one.contact));
    if (one.recipient == NULL || one.contact == NULL)
        return WB_ERR_MEMORY;
    *number = count;
    wb_buf_add(&w->told, &one, sizeof one);
    return wb_buf_check(&w->told, NULL);
}

static bool
is_mentioned(const struct wb_withdrawal *w, const struct wb_mention *m)
{
    const struct wb_mention *list = (const void *)w->mentions.data;

    for (size_t i = 0; i < w->mentions.size / sizeof *m; i++)
        if (list[i].told == m->told &&
            memcmp(list[i].line, m->line, sizeof m->line) == 0)
            return true;
    return false;
}

static enum wb_status
mention(struct wb_withdrawal *w, const struct wb_told *who,
    const struct wb_value_view *line)
{
    struct wb_mention m = {0}; /* its line is compared whole */
    struct wb_told *told;
    enum wb_status st;

    if ((st = find_told(w, &m.told, who)) != WB_OK)
        return st;
    memcpy(m.line, line->text, line->size);
    if (is_mentioned(w, &m))
        return WB_OK;
    told = (struct wb_told *)(void *)w->told.data + m.told;
    told->records++;
    wb_buf_add(&w->mentions, &m, sizeof m);
    return wb_buf_check(&w->mentions, NULL);
}

static enum wb_reach
reach_of(const struct wb_record *handoff, const char *recipient)
{
    struct wb_value_view copy;

    if (wb_record_value(handoff, "copies", 0, &copy))
        return WB_REACH_UNKNOWN;
    return strncmp(recipient, "age1", 4) == 0 ? WB_REACH_NOTICE : WB_REACH_WORDS;
}

/* Of several who share a bundle nobody is called by the names of all. */
static const char *
name_of(const struct wb_record *handoff)
{
    struct wb_value_view second;

    return wb_record_value(handoff, "recipient", 1, &second)
        ? ""
        : wb_record_text(handoff, "contact");
}

static bool
look_at(void *cookie, const struct wb_record *handoff)
{
    struct asking *a = cookie;
    struct wb_value_view line, to;

    if (strcmp(wb_record_text(handoff, "direction"), "out") != 0)
        return true;
    for (size_t i = 0; wb_record_value(handoff, "records", i, &line); i++)
        for (size_t n = 0; concerns(a->w, &line) && a->st == WB_OK &&
             wb_record_value(handoff, "recipient", n, &to);
             n++) {
            const struct wb_told who = {.reach = reach_of(handoff, to.text),
                .recipient = to.text,
                .contact = name_of(handoff)};

            a->st = mention(a->w, &who, &line);
        }
    return a->st == WB_OK;
}

static enum wb_status
find_people(struct wb_withdrawal *w, struct wb_error *e)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    struct asking a = {w, WB_OK};
    uint64_t damaged = 0;
    enum wb_status st = wb_list(w->v, &handoffs, look_at, &a, &damaged, e);

    if (st == WB_OK && a.st != WB_OK)
        st = a.st == WB_ERR_MEMORY ? wb_fail_memory(e) : wb_buf_check(&w->mentions, e);
    if (st == WB_OK && damaged > 0)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "a handoff does not open, so that somebody might not be told; `verify` "
            "names it");
    return st;
}

/* ---- the whole ---- */

static enum wb_status
check_target(struct wb_withdrawal *w, struct wb_error *e)
{
    static const char *const kinds[] = {"consent", "person", "statement", "evidence"};
    struct wb_record *r = NULL;
    enum wb_status st = wb_record_load(w->v, &r, &w->target, e);
    bool fits = false;

    for (size_t i = 0; st == WB_OK && i < sizeof kinds / sizeof *kinds; i++)
        fits |= strcmp(r->kind, kinds[i]) == 0;
    if (st == WB_OK && !fits)
        st = wb_fail(e, WB_ERR_USAGE,
            "a %s: withdrawn is a consent, or all that was agreed about a person, "
            "statement or evidence",
            r->kind);
    wb_record_free(&r);
    return st;
}

static enum wb_status
look(struct wb_withdrawal *w, struct wb_error *e)
{
    const struct wb_walk walk = {.record = visit, .cookie = w};
    enum wb_status st;

    if ((st = check_target(w, e)) != WB_OK || (st = wb_walk(w->v, &walk, e)) != WB_OK)
        return st;
    if (w->consents.size == 0)
        return wb_fail(e, WB_ERR_USAGE, "nothing that was agreed is in force any more");
    if ((st = find_records(w, e)) != WB_OK)
        return st;
    return find_people(w, e);
}

enum wb_status
wb_withdrawal_look(struct wb_withdrawal **w, struct wb_vault *v, const struct wb_id *id,
    struct wb_error *e)
{
    struct wb_withdrawal *made = wb_mem_new(sizeof *made);
    enum wb_status st;

    if (made == NULL)
        return wb_fail_memory(e);
    made->v = v;
    made->target = *id;
    wb_closure_init(&made->graph);
    wb_buf_init(&made->consents, LIST_BYTES_MAX);
    wb_buf_init(&made->records, LIST_BYTES_MAX);
    wb_buf_init(&made->roots, LIST_BYTES_MAX);
    wb_buf_init(&made->told, LIST_BYTES_MAX);
    wb_buf_init(&made->mentions, LIST_BYTES_MAX);
    if ((st = look(made, e)) != WB_OK)
        wb_withdrawal_free(&made);
    else
        *w = made;
    return st;
}

void
wb_withdrawal_free(struct wb_withdrawal **w)
{
    if (*w == NULL)
        return;
    wb_closure_wipe(&(*w)->graph);
    wb_buf_wipe(&(*w)->consents);
    wb_buf_wipe(&(*w)->records);
    wb_buf_wipe(&(*w)->roots);
    wb_buf_wipe(&(*w)->told);
    wb_buf_wipe(&(*w)->mentions);
    wb_arena_free(&(*w)->arena);
    wb_mem_free(*w);
    *w = NULL;
}

size_t
wb_withdrawal_consents(const struct wb_withdrawal *w)
{
    return w->consents.size / sizeof(struct wb_withdrawn_consent);
}

bool
wb_withdrawal_record(
    const struct wb_withdrawal *w, size_t index, struct wb_concerned *record)
{
    if (index >= w->records.size / sizeof *record)
        return false;
    *record = ((const struct wb_concerned *)(const void *)w->records.data)[index];
    return true;
}

bool
wb_withdrawal_told(const struct wb_withdrawal *w, size_t index, struct wb_told *told)
{
    if (index >= w->told.size / sizeof *told)
        return false;
    *told = ((const struct wb_told *)(const void *)w->told.data)[index];
    return true;
}
