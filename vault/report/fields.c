/* vault/report/fields.c - fields as a list of terms, paragraphs as a numbered list. */
#include "fields.h"

#include <string.h>

#include "../base/fail.h"

/* How it is called; a page that lacks a name is none. */
static void
call(struct wb_buf *name, struct wb_buf *out, const struct wb_set *s,
    const struct wb_record *r)
{
    wb_buf_init(name, WB_RECORD_BYTES_MAX);
    wb_set_call(name, s, r);
    if (name->failed != WB_OK)
        out->failed = name->failed;
}

void
wb_fields_heading(struct wb_buf *out, const char *element, const struct wb_set *s,
    const struct wb_record *r)
{
    struct wb_buf name;

    call(&name, out, s, r);
    wb_page_put(out, element, (const char *)name.data, name.size);
    wb_buf_wipe(&name);
}

static void
put_reference(struct wb_buf *out, const struct wb_set *s, const struct wb_id *id)
{
    const struct wb_record *named = wb_set_find(s, id);
    struct wb_buf name;

    if (named == NULL) {
        wb_buf_print(out, "<span class=\"none\">%s</span>",
            wb_word("a record that is not in this report"));
        return;
    }
    call(&name, out, s, named);
    wb_page_text(out, (const char *)name.data, name.size);
    wb_buf_wipe(&name);
}

void
wb_fields_value(struct wb_buf *out, const struct wb_set *s,
    const struct wb_field *field, const struct wb_value_view *value)
{
    struct wb_id id;

    if (value->state != WB_STATE_TEXT) {
        wb_buf_add_text(out, "<span class=\"none\">");
        wb_buf_add_text(out, wb_word(wb_state_name(value->state)));
        wb_buf_add_text(out, "</span>");
    } else if (field != NULL && field->kind == WB_REF &&
        wb_id_parse(&id, value->text, value->size))
        put_reference(out, s, &id);
    else
        wb_page_text(out, value->text, value->size);
}

/* One value decides on the direction of what it stands in; of several each has its own
 * (HTML, the dir attribute: auto does not look into bdi). */
void
wb_fields_line(struct wb_buf *out, const struct wb_set *s, const struct wb_record *r,
    const char *name)
{
    const struct wb_kind *kind = wb_kind_find(wb_record_kind(r));
    const struct wb_field *field = kind == NULL ? NULL : wb_field_find(kind, name);
    struct wb_value_view value;
    bool several = wb_record_value(r, name, 1, &value);

    for (size_t i = 0; wb_record_value(r, name, i, &value); i++) {
        if (value.state == WB_STATE_ABSENT)
            continue;
        wb_buf_add_text(out, i == 0 ? "" : "; ");
        wb_buf_add_text(out, several ? "<bdi>" : "");
        wb_fields_value(out, s, field, &value);
        wb_buf_add_text(out, several ? "</bdi>" : "");
    }
}

void
wb_fields_paragraphs(struct wb_buf *out, const struct wb_record *r, const char *name)
{
    struct wb_value_view value;

    wb_buf_add_text(out, "<ol class=\"paragraphs\">\n");
    for (size_t i = 0; wb_record_value(r, name, i, &value); i++) {
        wb_buf_add_text(out, "<li dir=\"auto\">");
        wb_fields_value(out, NULL, NULL, &value);
        wb_buf_add_text(out, "</li>\n");
    }
    wb_buf_add_text(out, "</ol>\n");
}

static bool
is_named(const char *const *list, const char *name)
{
    for (; list != NULL && *list != NULL; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

static bool
is_paragraphs(const struct wb_field_view *view)
{
    return view->repeats && (view->field == NULL || view->field->kind == WB_TEXT);
}

static bool
has_value(const struct wb_record *r, const struct wb_field_view *view)
{
    struct wb_value_view value;

    for (size_t i = 0; wb_record_value(r, view->name, i, &value); i++)
        if (value.state != WB_STATE_ABSENT)
            return true;
    return false;
}

static const char *
label(const struct wb_field_view *view)
{
    return view->field == NULL ? view->name : view->field->label;
}

static void
put_term(struct wb_buf *out, const struct wb_set *s, const struct wb_record *r,
    const struct wb_field_view *view)
{
    wb_page_say(out, "dt", label(view));
    wb_buf_add_text(out, "<dd dir=\"auto\">");
    wb_fields_line(out, s, r, view->name);
    wb_buf_add_text(out, "</dd>\n");
}

void
wb_fields_put(struct wb_buf *out, const struct wb_set *s, const struct wb_record *r,
    const char *const *but)
{
    struct wb_field_view view;

    wb_buf_add_text(out, "<dl>\n");
    for (size_t i = 0; wb_record_field(r, i, &view); i++)
        if (!view.withheld && !is_paragraphs(&view) && has_value(r, &view) &&
            !is_named(but, view.name))
            put_term(out, s, r, &view);
    wb_buf_add_text(out, "</dl>\n");
    for (size_t i = 0; wb_record_field(r, i, &view); i++)
        if (!view.withheld && is_paragraphs(&view) && has_value(r, &view) &&
            !is_named(but, view.name)) {
            wb_page_say(out, "h3", label(&view));
            wb_fields_paragraphs(out, r, view.name);
        }
    if (wb_record_withheld(r) == 0)
        return;
    wb_buf_add_text(out, "<p class=\"none\">");
    wb_buf_print(out,
        wb_word("Places of this record that are withheld or empty, which of the two is "
                "not told: %zu"),
        wb_record_withheld(r));
    wb_buf_add_text(out, "</p>\n");
}
