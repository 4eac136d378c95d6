/* vault/bundle/holders.c - who holds copies of a record, by our handoffs. */
#include <string.h>
#include <witnessbox/bundle.h>

#include "../record/record.h"

struct asking {
    char id[WB_ID_TEXT_BYTES];
    bool (*each)(void *cookie, const struct wb_holder *holder);
    void *cookie;
};

/* `records` has a line id@root for each record of the bundle. */
static const char *
root_in(const struct wb_record *r, const char *id)
{
    const size_t size = strlen(id);
    struct wb_value_view value;

    for (size_t i = 0; wb_record_value(r, "records", i, &value); i++)
        if (value.size > size && memcmp(value.text, id, size) == 0 &&
            value.text[size] == '@')
            return value.text + size + 1;
    return NULL;
}

static bool
visit(void *cookie, const struct wb_record *r)
{
    struct asking *a = cookie;
    struct wb_holder h = {
        .bundle = wb_record_text(r, "bundle"),
        .time = wb_record_text(r, "time"),
        .contact = wb_record_text(r, "contact"),
        .recipient = wb_record_text(r, "recipient"),
        .purpose = wb_record_text(r, "purpose"),
        .root = root_in(r, a->id),
    };

    if (h.root == NULL || strcmp(wb_record_text(r, "direction"), "out") != 0)
        return true;
    return a->each(a->cookie, &h);
}

enum wb_status
wb_holder_each(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_holder *holder), void *cookie,
    struct wb_error *e)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    struct asking a = {.each = each, .cookie = cookie};
    uint64_t damaged;

    wb_id_text(a.id, id);
    return wb_list(v, &handoffs, visit, &a, &damaged, e);
}
