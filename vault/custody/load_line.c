/* vault/custody/load_line.c - what one line of JSONL says. */
#include "load_line.h"

#include "../base/fail.h"

enum wb_status
wb_load_parse(struct wb_load_item *item, const struct wb_buf *line, struct wb_error *e)
{
    const struct wb_json *root, *key;
    const char *kind;
    size_t size;
    enum wb_status st;

    *item = (struct wb_load_item){0};
    st = wb_json_decode(
        &root, &item->nodes, line->data, line->size, WB_LOAD_LINE_BYTES_MAX, e);
    if (st != WB_OK)
        return st == WB_ERR_FORMAT ? wb_fail(e, WB_ERR_VALUE, "%s", e ? e->message : "")
                                   : st;
    item->fields = wb_json_get(root, "fields");
    key = wb_json_get(root, "key");
    if (!wb_json_get_text(wb_json_get(root, "kind"), &kind, &size) ||
        !wb_json_is_object(item->fields) ||
        (key != NULL && !wb_json_get_text(key, &item->key, &item->key_size)) ||
        wb_json_count(root) != (key == NULL ? 2 : 3))
        st = wb_fail(
            e, WB_ERR_VALUE, "must be {\"kind\",\"fields\"} and may have a \"key\"");
    else if ((item->kind = wb_kind_find(kind)) == NULL ||
        (item->kind->flags & WB_BY_HAND) == 0)
        st = wb_fail(e, WB_ERR_VALUE, "kind: there is none of that name to be added");
    return st;
}

/* A value is a string, or {"state":"unknown"}. */
static enum wb_status
add_value(struct wb_draft *d, const char *field, const struct wb_json *node,
    struct wb_error *e)
{
    enum wb_state state = WB_STATE_TEXT;
    const char *text;
    size_t size;

    if (wb_json_get_text(node, &text, &size))
        return wb_draft_put(d, field, WB_STATE_TEXT, text, size, e);
    if (wb_json_is_object(node) && wb_json_count(node) == 1 &&
        wb_json_get_text(wb_json_get(node, "state"), &text, &size) &&
        wb_state_find(&state, text))
        return wb_draft_put(d, field, state, NULL, 0, e);
    return wb_fail(e, WB_ERR_VALUE,
        "%s: must be a string, an array of strings, or "
        "{\"state\":\"unknown\"}",
        field);
}

enum wb_status
wb_load_fill(struct wb_draft **d, const struct wb_load_item *item, struct wb_error *e)
{
    struct wb_draft *made = NULL;
    const struct wb_json *value;
    struct wb_json_walk walk;
    const char *field;
    enum wb_status st = wb_draft_new_any(&made, item->kind, e);

    wb_json_walk_init(&walk, item->fields);
    while (st == WB_OK && wb_json_walk_next(&walk, &field, &value)) {
        if (!wb_json_is_array(value))
            st = add_value(made, field, value, e);
        for (size_t i = 0;
             st == WB_OK && wb_json_is_array(value) && i < wb_json_count(value); i++)
            st = add_value(made, field, wb_json_at(value, i), e);
    }
    if (st == WB_OK)
        *d = made;
    else
        wb_draft_free(&made);
    return st;
}
