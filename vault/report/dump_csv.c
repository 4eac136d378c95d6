/* vault/report/dump_csv.c - records as rows of Uwazi's CSV import (README.md). */
#include <string.h>

#include "../base/clock.h"
#include "../formats/csv.h"
#include "../formats/edtf.h"
#include "dump.h"

enum { DAY_SECONDS = 86400, DATE_CHARACTERS = 10, SHORT_ID_CHARACTERS = 8 };

/* The days that wb_clock_text can write: years 0000 to 9999. */
enum { FIRST_DAY = -719528, LAST_DAY = 2932896 };

/* What separates values in a cell, and what stands for it inside one. */
#define SEPARATOR "|"
#define INSTEAD "\xc2\xa6" /* broken bar */

/* ---- what stands in cells ---- */

/* Uwazi's name of a property: small letters and underscores. */
static void
add_name(struct wb_buf *out, const char *field, const char *suffix)
{
    for (; *field != '\0'; field++)
        wb_buf_add(out, *field == '-' ? "_" : field, 1);
    wb_buf_add_text(out, suffix);
}

/* A value of several in one cell: it cannot hold the separators. */
static void
add_item(struct wb_buf *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] == '|')
            wb_buf_add_text(out, INSTEAD);
        else
            wb_buf_add(out, text[i] == ';' ? "," : text + i, 1);
}

/* First and last day, where both are known: a year alone would become its 1 January. */
static void
add_range(struct wb_buf *out, const struct wb_value *v)
{
    char from[WB_TIME_TEXT_BYTES], to[WB_TIME_TEXT_BYTES];
    struct wb_edtf d;

    if (v->state != WB_STATE_TEXT ||
        wb_edtf_range(&d, v->text, v->size, NULL) != WB_OK || d.earliest < FIRST_DAY ||
        d.latest > LAST_DAY)
        return;
    wb_clock_text(from, d.earliest * DAY_SECONDS);
    wb_clock_text(to, d.latest * DAY_SECONDS);
    wb_buf_add(out, from, DATE_CHARACTERS);
    wb_buf_add_text(out, ":");
    wb_buf_add(out, to, DATE_CHARACTERS);
}

/* Latitude and longitude of a geo URI; the radius stands in the cell beside it. */
static void
add_point(struct wb_buf *out, const struct wb_value *v)
{
    static const char scheme[] = "geo:";
    const char *at = v->text + sizeof scheme - 1, *comma, *end;

    if (v->state != WB_STATE_TEXT || strncmp(v->text, scheme, sizeof scheme - 1) != 0 ||
        (comma = strchr(at, ',')) == NULL)
        return;
    end = comma + 1 + strcspn(comma + 1, ",;");
    wb_buf_add(out, at, (size_t)(comma - at));
    wb_buf_add_text(out, SEPARATOR);
    wb_buf_add(out, comma + 1, (size_t)(end - comma - 1));
}

/* Value kinds that have two cells: as Uwazi has such a thing, and as it was recorded.
 */
static const struct twin {
    enum wb_value_kind kind;
    void (*add)(struct wb_buf *out, const struct wb_value *v);
    const char *suffix; /* of the second column */
} twins[] = {
    {WB_DATE, add_range, "_edtf"},
    {WB_PLACE, add_point, "_geo"},
};

static const struct twin *
find_twin(enum wb_value_kind kind)
{
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
        if (twins[i].kind == kind)
            return &twins[i];
    return NULL;
}

static void
add_state(struct wb_buf *out, const char *field, const struct wb_value *v)
{
    if (v->state == WB_STATE_TEXT || v->state == WB_STATE_ABSENT)
        return;
    if (out->size > 0)
        wb_buf_add_text(out, SEPARATOR);
    add_name(out, field, ": ");
    wb_buf_add_text(out, wb_state_name(v->state));
}

void
wb_dump_title(struct wb_buf *out, const struct wb_record *r)
{
    const char *title = wb_record_text(r, r->table->title);
    char id[WB_ID_TEXT_BYTES];

    wb_id_text(id, &r->id);
    if (title[0] != '\0')
        title = r->title;
    else if ((title = wb_record_text(r, "pseudonym"))[0] == '\0')
        title = r->kind;
    if (wb_csv_is_formula(title, strlen(title)))
        wb_buf_add_text(out, "'"); /* wherever in a cell the title will stand */
    add_item(out, title, strlen(title));
    wb_buf_print(out, " (%.*s)", SHORT_ID_CHARACTERS, id);
}

/* ---- rows ---- */

struct row {
    struct wb_buf *out;
    struct wb_buf cell, states;
    const struct wb_record *r;
    const struct wb_dump_titles *titles;
};

static void
end_cell(struct row *row)
{
    wb_csv_cell(row->out, false, row->cell.data, row->cell.size);
    if (row->cell.failed != WB_OK && row->out->failed == WB_OK)
        row->out->failed = row->cell.failed;
    wb_buf_clear(&row->cell);
}

static enum wb_status
add_value(struct row *row, const struct wb_field *f, const struct wb_value *v,
    struct wb_error *e)
{
    struct wb_id id;

    if (row->cell.size > 0)
        wb_buf_add_text(&row->cell, f->kind == WB_TEXT ? "\n\n" : SEPARATOR);
    if (f->kind == WB_REF && wb_id_parse(&id, v->text, v->size))
        return row->titles->add(row->titles->cookie, &row->cell, &id, e);
    if ((f->flags & WB_REPEATS) != 0 && f->kind != WB_TEXT)
        add_item(&row->cell, v->text, v->size);
    else
        wb_buf_add(&row->cell, v->text, v->size);
    return WB_OK;
}

static enum wb_status
add_field(struct row *row, const struct wb_field *f, const struct wb_place *p,
    struct wb_error *e)
{
    const struct twin *twin = find_twin(f->kind);
    enum wb_status st = WB_OK;

    if (twin != NULL) {
        if (p->count > 0)
            twin->add(&row->cell, &p->values[0]);
        end_cell(row);
    }
    for (size_t i = 0; st == WB_OK && i < p->count; i++) {
        add_state(&row->states, f->name, &p->values[i]);
        if (p->values[i].state == WB_STATE_TEXT)
            st = add_value(row, f, &p->values[i], e);
    }
    end_cell(row);
    return st;
}

static enum wb_status
write_row(struct row *row, struct wb_error *e)
{
    const struct wb_record *r = row->r;
    char id[WB_ID_TEXT_BYTES];
    enum wb_status st = WB_OK;

    wb_dump_title(&row->cell, r);
    wb_csv_cell(row->out, true, row->cell.data, row->cell.size);
    wb_buf_clear(&row->cell);
    for (size_t i = 0; st == WB_OK && i < r->table->count; i++)
        if (strcmp(r->table->fields[i].name, "title") != 0)
            st = add_field(row, &r->table->fields[i], &r->places[i + 1], e);
    wb_csv_cell(row->out, false, row->states.data, row->states.size);
    wb_id_text(id, &r->id);
    wb_csv_cell(row->out, false, id, strlen(id));
    wb_csv_end(row->out);
    return st == WB_OK ? wb_buf_check(row->out, e) : st;
}

void
wb_dump_csv_head(struct wb_buf *out, const struct wb_kind *kind)
{
    const struct twin *twin;

    wb_buf_add_text(out, "title");
    for (size_t i = 0; i < kind->count; i++) {
        const struct wb_field *f = &kind->fields[i];

        if (strcmp(f->name, "title") == 0)
            continue;
        wb_buf_add_text(out, ",");
        add_name(out, f->name, "");
        if ((twin = find_twin(f->kind)) == NULL)
            continue;
        wb_buf_add_text(out, ",");
        add_name(out, f->name, twin->suffix);
    }
    wb_buf_add_text(out, ",not_given,record");
    wb_csv_end(out);
}

enum wb_status
wb_dump_csv_row(struct wb_buf *out, const struct wb_record *r,
    const struct wb_dump_titles *titles, struct wb_error *e)
{
    struct row row = {.out = out, .r = r, .titles = titles};
    enum wb_status st;

    wb_buf_init(&row.cell, out->max);
    wb_buf_init(&row.states, out->max);
    st = write_row(&row, e);
    wb_buf_wipe(&row.cell);
    wb_buf_wipe(&row.states);
    return st;
}
