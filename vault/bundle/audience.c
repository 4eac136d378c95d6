/* vault/bundle/audience.c - who will read a bundle, as consents may call them. */
#include "audience.h"

#include <string.h>

#include "../base/fail.h"
#include "contact.h"

struct looking {
    struct wb_audience *audience;
    bool failed;
};

static bool
add_name(struct wb_audience *a, struct wb_gate_recipient *to, const char *name)
{
    char *copy = wb_arena_copy(&a->arena, name, strlen(name));

    if (copy != NULL)
        to->names[to->count++] = copy;
    return copy != NULL;
}

static bool
visit(void *cookie, const struct wb_record *r)
{
    static const char *const fields[] = {"label", "name", "minisign"};
    struct looking *l = cookie;
    struct wb_audience *a = l->audience;

    if (r->foreign) /* nobody else tells us who somebody is */
        return true;
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->list[i].names[0], wb_record_text(r, "recipient")) != 0 ||
            a->list[i].count > 1)
            continue;
        for (size_t n = 0; n < sizeof fields / sizeof *fields && !l->failed; n++)
            l->failed = !add_name(a, &a->list[i], wb_record_text(r, fields[n]));
        a->own[i] = strcmp(wb_record_text(r, "organisation"), "own") == 0 &&
            strcmp(wb_record_text(r, "verified"), "yes") == 0;
    }
    return !l->failed;
}

enum wb_status
wb_audience_find(struct wb_audience *a, struct wb_vault *v, const struct wb_address *to,
    struct wb_error *e)
{
    struct looking l = {.audience = a};
    enum wb_status st;

    for (a->count = 0; a->count < to->count; a->count++)
        if (!add_name(a, &a->list[a->count], to->recipients[a->count]))
            return wb_fail_memory(e);
    if ((st = wb_contact_records(v, visit, &l, e)) == WB_OK && l.failed)
        st = wb_fail_memory(e);
    return st;
}

void
wb_audience_wipe(struct wb_audience *a)
{
    wb_arena_free(&a->arena);
    *a = (struct wb_audience){0};
}
