/* vault/report/dump.h - one record as text, in either form. */
#ifndef WB_REPORT_DUMP_H
#define WB_REPORT_DUMP_H

#include <witnessbox/dump.h>

#include "../bundle/unlink.h"
#include "../query/gate.h"
#include "../record/record.h"

/* dump_check.c: purpose, and the kind that CSV needs. Errors USAGE */
WB_CHECKED enum wb_status wb_dump_check(
    const struct wb_dump_request *q, struct wb_error *e);

/* What was withheld is left out in both forms: the caller withholds first. */

/* Appends the line of a record of a known kind. */
void wb_dump_jsonl(struct wb_buf *out, const struct wb_record *r);

/* What a record is called by others that name it: its title, or else its pseudonym or
 * kind, and the beginning of its id, so that no two are called the same. */
void wb_dump_title(struct wb_buf *out, const struct wb_record *r);

/* Who says what a record that is referred to is called. */
struct wb_dump_titles {
    enum wb_status (*add)(
        void *cookie, struct wb_buf *out, const struct wb_id *id, struct wb_error *e);
    void *cookie;
};

/* The names of the columns of a kind, then a row. */
void wb_dump_csv_head(struct wb_buf *out, const struct wb_kind *kind);
WB_CHECKED enum wb_status wb_dump_csv_row(struct wb_buf *out, const struct wb_record *r,
    const struct wb_dump_titles *titles, struct wb_error *e);

/* dump_public.c: copies that nothing ties to their originals. Both buffers are made and
 * wiped by the caller; every record that goes is drawn into `copies`, then all are
 * settled. */
struct wb_dump_public {
    struct wb_buf copies, back;
};
WB_CHECKED enum wb_status wb_dump_public_settle(
    struct wb_dump_public *p, struct wb_error *e);
/* Turns a record that was drawn into its copy: its id and references are new, and
 * references to what does not go are withheld. */
WB_CHECKED enum wb_status wb_dump_public_take(
    const struct wb_dump_public *p, struct wb_record *r, struct wb_error *e);
/* The original of a copy; what is none is itself. */
const struct wb_id *wb_dump_public_original(
    const struct wb_dump_public *p, const struct wb_id *copy);

/* dump_look.c: what is looked for, and where we are. `scan` is filled and wiped by the
 * caller. */
struct wb_dump_look {
    struct wb_name_scan scan;
    struct wb_vault *ids_of; /* whose ids are looked for too, or NULL */
    const struct wb_gate *gate;
    const struct wb_dump_request *request;
    const struct wb_dump_watch *watch;
    const struct wb_record *record;
    const char *field;
    size_t value;
    const struct wb_gate_person *last; /* of this text who was told already */
    uint64_t in_the_way;
};

/* Looks through a record as it would go, or through one more text of the one that was
 * looked at last (`cookie` is the look). */
void wb_dump_look_record(struct wb_dump_look *l, const struct wb_record *r);
void wb_dump_look_text(
    void *cookie, const char *field, size_t value, const char *text, size_t size);

#endif
