/* vault/custody/load_line.h - what one line of JSONL says. */
#ifndef WB_CUSTODY_LOAD_LINE_H
#define WB_CUSTODY_LOAD_LINE_H

#include "../formats/json.h"
#include "../record/record.h"

/* A line, before its references are looked at. Freed with wb_arena_free(&item.nodes),
 * after errors too. */
struct wb_load_item {
    struct wb_arena nodes; /* all below lies in it */
    const struct wb_json *fields;
    const struct wb_kind *kind;
    const char *key; /* NULL without one */
    size_t key_size;
};

/* A record that fits its limits is at most this long as a line: every character of it
 * may be written as an escape. */
#define WB_LOAD_LINE_BYTES_MAX (2u * WB_RECORD_BYTES_MAX)

/* VALUE says what is wrong with the line; MEMORY. */
WB_CHECKED enum wb_status wb_load_parse(
    struct wb_load_item *item, const struct wb_buf *line, struct wb_error *e);

/* The values as a new draft, each checked by its kind; a reference may be any word
 * still. What the program sets itself (name, hash and size of a file) is taken as it is
 * said: the file is elsewhere. */
WB_CHECKED enum wb_status wb_load_fill(
    struct wb_draft **d, const struct wb_load_item *item, struct wb_error *e);

#endif
