/* vault/cli/show.h - the pieces of `show`. */
#ifndef WB_CLI_SHOW_H
#define WB_CLI_SHOW_H

#include "cli.h"

enum { SHOW_LABEL_COLUMNS = 18, SHOW_INDENT = SHOW_LABEL_COLUMNS + 2 };

/* show_text.c, show_json.c: one revision, what belongs to it, what names it. Where
 * something does not open the rest is shown, and the answer is INTEGRITY. */
WB_CHECKED enum wb_status show_text(
    struct cli *c, const struct wb_record *r, struct wb_error *e);
WB_CHECKED enum wb_status show_json(
    struct cli *c, const struct wb_record *r, struct wb_error *e);

/* show_history.c: all revisions, each by what it changed. */
WB_CHECKED enum wb_status show_history(
    struct cli *c, const struct wb_id *id, struct wb_error *e);
/* How many heads the record has; more than one is a fork. */
WB_CHECKED enum wb_status show_heads(
    struct cli *c, const struct wb_id *id, size_t *count, struct wb_error *e);

/* show_parts.c: files, parts and mentions, as lines or as members of the object. */
WB_CHECKED enum wb_status show_parts(
    struct cli *c, const struct wb_record *r, struct wb_error *e);

/* show_notices.c: what notices say of it, as lines or as a member of the object. */
WB_CHECKED enum wb_status show_notices(
    struct cli *c, const struct wb_record *r, struct wb_error *e);

/* show_text.c */
void show_label(const char *label);
/* What a record is called, by the id that names it; "" where it is not here. Written
 * safely. */
void show_called(struct cli *c, const struct wb_value_view *id);

/* show_json.c: a value, or the state that stands for it; what a revision follows. */
void show_json_value(struct cli *c, const struct wb_value_view *value);
void show_json_previous(struct cli *c, const struct wb_record *r);

/* Who sent a foreign one and how far that is known; written safely. */
WB_CHECKED enum wb_status show_sender(
    struct cli *c, const struct wb_record *r, struct wb_error *e);

#endif
