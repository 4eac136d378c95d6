/* vault/query/gate_names.c - whose names may not stand in the texts that go. */
#include "gate.h"

#define AROUND_BYTES_MAX ((size_t)1 << 36)

const struct wb_gate_person *
wb_gate_person_at(const struct wb_gate *g, size_t number)
{
    return (const struct wb_gate_person *)(const void *)g->people.data + number;
}

static enum wb_status
add_person(struct wb_name_scan *scan, const struct wb_gate_person *person,
    size_t number, bool near, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < person->name_count && st == WB_OK; i++)
        st = wb_name_scan_add(scan, number, person->names[i], near, e);
    return st;
}

enum wb_status
wb_gate_names(const struct wb_gate *g, struct wb_name_scan *scan,
    const struct wb_id *ids, size_t count, struct wb_error *e)
{
    size_t people = g->people.size / sizeof(struct wb_gate_person);
    struct wb_buf around;
    enum wb_status st;

    wb_buf_init(&around, AROUND_BYTES_MAX);
    st = wb_ties_around(&g->ties, &around, ids, count, true, e);
    for (size_t i = 0; i < people && st == WB_OK; i++) {
        const struct wb_gate_person *person = wb_gate_person_at(g, i);

        if (person->verdict.answer != WB_GOES || person->verdict.level < WB_LEVEL_NAMED)
            st = add_person(scan, person, i, wb_ties_has(&around, &person->id), e);
    }
    wb_buf_wipe(&around);
    if (st == WB_OK)
        wb_name_scan_settle(scan);
    return st;
}
