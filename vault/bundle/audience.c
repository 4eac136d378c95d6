/* vault/bundle/audience.c - who will read a bundle, as consents may call them. */
#include "audience.h"

#include <string.h>

#include "../base/fail.h"
#include "contact.h"

struct looking {
    struct wb_audience *audience;
    struct wb_vault *v;
    struct wb_gate_recipient *all; /* of the one whose revisions are looked at */
    struct wb_error *e;
    enum wb_status st;
};

/* As far as they may close, and as far as they may open. */
static struct wb_gate_recipient *
all_of(struct wb_audience *a, size_t i)
{
    return &a->asked[2 * i];
}

static struct wb_gate_recipient *
known_of(struct wb_audience *a, size_t i)
{
    return &a->asked[2 * i + 1];
}

static bool
is_called(const struct wb_gate_recipient *to, const char *name)
{
    for (size_t i = 0; i < to->count; i++)
        if (strcmp(to->names[i], name) == 0)
            return true;
    return false;
}

static void
add_name(struct looking *l, struct wb_gate_recipient *to, const char *name)
{
    struct wb_arena *arena = &l->audience->arena;
    const char **names, *copy;

    if (l->st != WB_OK || name[0] == '\0' || is_called(to, name))
        return;
    names = wb_arena_new_array(arena, to->count + 1, sizeof *names);
    copy = wb_arena_copy(arena, name, strlen(name));
    if (names == NULL || copy == NULL) {
        l->st = wb_fail_memory(l->e);
        return;
    }
    if (to->count > 0)
        memcpy(names, to->names, to->count * sizeof *names);
    names[to->count++] = copy;
    to->names = names;
}

/* What is theirs: what we call them, the keys, and their own name once the card with it
 * was compared. */
static void
add_known(struct looking *l, size_t i, const struct wb_record *r)
{
    struct wb_gate_recipient *to = known_of(l->audience, i);
    const bool verified = strcmp(wb_record_text(r, "verified"), "yes") == 0;

    add_name(l, to, wb_record_text(r, "label"));
    if (l->st == WB_OK)
        l->audience->readers[i].label = to->names[to->count - 1];
    add_name(l, to, wb_record_text(r, "minisign"));
    if (verified)
        add_name(l, to, wb_record_text(r, "name"));
    l->audience->readers[i].own =
        verified && strcmp(wb_record_text(r, "organisation"), "own") == 0;
}

static bool
add_all(void *cookie, const struct wb_record *r)
{
    static const char *const fields[] = {"label", "name", "recipient", "minisign"};
    struct looking *l = cookie;

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        add_name(l, l->all, wb_record_text(r, fields[i]));
    return l->st == WB_OK;
}

static bool
visit(void *cookie, const struct wb_record *r)
{
    struct looking *l = cookie;
    struct wb_audience *a = l->audience;
    enum wb_status st = WB_OK;

    if (r->foreign) /* nobody else tells us who somebody is */
        return true;
    for (size_t i = 0; l->st == WB_OK && st == WB_OK && i < a->count; i++) {
        if (strcmp(known_of(a, i)->names[0], wb_record_text(r, "recipient")) != 0)
            continue;
        if (known_of(a, i)->count == 1) /* of two with one key the newest is meant */
            add_known(l, i, r);
        l->all = all_of(a, i);
        st = wb_contact_revisions(l->v, &r->id, add_all, l, l->e);
    }
    if (l->st == WB_OK)
        l->st = st;
    return l->st == WB_OK;
}

enum wb_status
wb_audience_find(struct wb_audience *a, struct wb_vault *v, const struct wb_address *to,
    struct wb_error *e)
{
    struct looking l = {.audience = a, .v = v, .e = e};
    enum wb_status st;

    for (size_t i = 0; i < to->count; i++) {
        add_name(&l, all_of(a, i), to->recipients[i]);
        add_name(&l, known_of(a, i), to->recipients[i]);
        if (l.st != WB_OK)
            return l.st;
        a->readers[i].label = known_of(a, i)->names[0];
    }
    a->count = to->count;
    st = wb_contact_records(v, visit, &l, e);
    return st == WB_OK ? l.st : st;
}

void
wb_audience_wipe(struct wb_audience *a)
{
    wb_arena_free(&a->arena);
    *a = (struct wb_audience){0};
}
