/* vault/record/sheet.c - drafts that are written in one sitting and saved together. */
#include "sheet.h"

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/mem.h"
#include "../crypto/random.h"

enum wb_status
wb_sheet_new(struct wb_sheet **s, struct wb_error *e)
{
    struct wb_sheet *made = wb_mem_new(sizeof *made);

    if (made == NULL)
        return wb_fail_memory(e);
    made->begun = wb_clock_now();
    wb_buf_init(&made->typed, WB_PARAGRAPH_BYTES_MAX);
    *s = made;
    return WB_OK;
}

void
wb_sheet_free(struct wb_sheet **s)
{
    if (*s == NULL)
        return;
    wb_sheet_cut(*s, 0);
    wb_buf_wipe(&(*s)->typed);
    wb_mem_free(*s);
    *s = NULL;
}

enum wb_status
wb_sheet_add_as(
    struct wb_sheet *s, const char *kind, const struct wb_id *id, struct wb_error *e)
{
    struct wb_sheet_item *item = &s->items[s->count];
    enum wb_status st;

    if (s->count == WB_SHEET_MAX)
        return wb_fail(e, WB_ERR_LIMIT,
            "%d records in one sitting is the limit: save these first", WB_SHEET_MAX);
    if ((st = wb_draft_new(&item->draft, kind, e)) != WB_OK)
        return st;
    item->id = *id;
    s->count++;
    return WB_OK;
}

enum wb_status
wb_sheet_add(struct wb_sheet *s, size_t *index, const char *kind, struct wb_error *e)
{
    struct wb_id id;
    enum wb_status st;

    wb_random(id.bytes, sizeof id.bytes);
    if ((st = wb_sheet_add_as(s, kind, &id, e)) == WB_OK)
        *index = s->count - 1;
    return st;
}

void
wb_sheet_cut(struct wb_sheet *s, size_t index)
{
    while (s->count > index)
        wb_draft_free(&s->items[--s->count].draft);
}

uint64_t
wb_sheet_number(const struct wb_sheet *s)
{
    return s->row;
}

size_t
wb_sheet_count(const struct wb_sheet *s)
{
    return s->count;
}

struct wb_draft *
wb_sheet_draft(const struct wb_sheet *s, size_t index)
{
    return s->items[index].draft;
}

const struct wb_id *
wb_sheet_id(const struct wb_sheet *s, size_t index)
{
    return &s->items[index].id;
}

enum wb_status
wb_sheet_mark(struct wb_sheet *s, uint32_t place, const char *typed, size_t size,
    struct wb_error *e)
{
    struct wb_buf copy;

    wb_buf_init(&copy, s->typed.max);
    wb_buf_add(&copy, typed, size);
    if (wb_buf_check(&copy, e) != WB_OK) {
        enum wb_status st = copy.failed;

        wb_buf_wipe(&copy);
        return st;
    }
    wb_buf_wipe(&s->typed);
    s->typed = copy;
    s->place = place;
    return WB_OK;
}

uint32_t
wb_sheet_place(const struct wb_sheet *s, const char **typed, size_t *size)
{
    *typed = s->typed.size > 0 ? (const char *)s->typed.data : "";
    *size = s->typed.size;
    return s->place;
}
