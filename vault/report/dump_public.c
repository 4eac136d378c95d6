/* vault/report/dump_public.c - a dump for the public: copies, under ids of one use. */
#include <stdlib.h>
#include <string.h>

#include "dump.h"

/* From a copy back to its original, for what it is called. */
struct back {
    struct wb_id copy, of;
};

static int
compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct wb_id)); /* begins with `copy` */
}

enum wb_status
wb_dump_public_settle(struct wb_dump_public *p, struct wb_error *e)
{
    enum wb_status st = wb_copies_settle(&p->copies, e);
    const struct wb_copy *list = (const void *)p->copies.data;

    if (st != WB_OK)
        return st;
    for (size_t i = 0; i < p->copies.size / sizeof *list; i++) {
        const struct back one = {list[i].id, list[i].of};

        wb_buf_add(&p->back, &one, sizeof one);
    }
    if ((st = wb_buf_check(&p->back, e)) == WB_OK && p->back.size > sizeof(struct back))
        qsort(p->back.data, p->back.size / sizeof(struct back), sizeof(struct back),
            compare);
    return st;
}

enum wb_status
wb_dump_public_take(
    const struct wb_dump_public *p, struct wb_record *r, struct wb_error *e)
{
    return wb_unlink_record(r, &p->copies, wb_copies_find(&p->copies, &r->id), e);
}

const struct wb_id *
wb_dump_public_original(const struct wb_dump_public *p, const struct wb_id *copy)
{
    const struct back *found = NULL;

    if (p->back.size > 0)
        found = bsearch(copy, p->back.data, p->back.size / sizeof(struct back),
            sizeof(struct back), compare);
    return found != NULL ? &found->of : copy;
}
