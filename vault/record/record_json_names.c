/* vault/record/record_json_names.c - what a sender calls the places of a record. */
#include "record_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"

enum { NAME_MAX = 64, GENERIC_BYTES = sizeof "field-65535" };

static bool
is_generic(uint16_t field, const char *name)
{
    char generic[GENERIC_BYTES];

    (void)snprintf(generic, sizeof generic, "field-%" PRIu16, field);
    return strcmp(name, generic) == 0;
}

/* A name that a table of fields may have; `origin` is taken. */
static bool
is_name(const char *name, size_t size)
{
    return size <= NAME_MAX && name[0] >= 'a' && name[0] <= 'z' &&
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == size &&
        strcmp(name, "origin") != 0;
}

static enum wb_status
check_name(const struct wb_record *r, const struct wb_place *p, const char *name,
    size_t size, struct wb_error *e)
{
    if (r->table == NULL && p->field != WB_FIELD_ORIGIN)
        return is_name(name, size)
            ? WB_OK
            : wb_fail(
                  e, WB_ERR_FORMAT, "name: not 1 to %d of a-z, 0-9 and -", NAME_MAX);
    if (strcmp(name, p->name) == 0 ||
        (p->field != WB_FIELD_ORIGIN && is_generic(p->field, name)))
        return WB_OK;
    return wb_fail(e, WB_ERR_FORMAT, "name: not %s", p->name);
}

enum wb_status
wb_record_names_take(const char ***names, struct wb_record *r,
    const struct wb_json *root, struct wb_error *e)
{
    const struct wb_json *places = wb_json_get(root, "places");
    const char **made = wb_arena_new_array(&r->arena, r->place_count, sizeof *made);
    enum wb_status st = WB_OK;

    if (made == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; st == WB_OK && i < r->place_count; i++) {
        const struct wb_json *name = wb_json_get(wb_json_at(places, i), "name");
        size_t size;

        if (!wb_json_get_text(name, &made[i], &size))
            st = wb_fail(e, WB_ERR_FORMAT, "name: missing, or not a string");
        else
            st = check_name(r, &r->places[i], made[i], size, e);
        st = wb_within(e, st, "places %zu", i + 1);
    }
    if (st == WB_OK)
        *names = made;
    return st;
}

void
wb_record_names_swap(struct wb_record *r, const char **names)
{
    for (size_t i = 0; i < r->place_count; i++) {
        const char *ours = r->places[i].name;

        r->places[i].name = names[i];
        names[i] = ours;
    }
}
