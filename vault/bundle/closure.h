/* vault/bundle/closure.h - what belongs to a record, by the references between them. */
#ifndef WB_BUNDLE_CLOSURE_H
#define WB_BUNDLE_CLOSURE_H

#include <witnessbox/id.h>

#include "../base/buf.h"
#include "../record/record.h"

/* A graph of all records: 64 bytes a record, 32 a reference, for as long as an export
 * plans. Pure: no I/O. */
struct wb_closure {
    struct wb_buf nodes; /* of struct wb_closure_node */
    struct wb_buf edges;
};

struct wb_closure_node {
    struct wb_id id;
    uint64_t row;
    uint8_t root[WB_ROOT_BYTES];
    bool stops; /* is not taken by following: an incident */
    bool taken;
};

void wb_closure_init(struct wb_closure *c);
void wb_closure_wipe(struct wb_closure *c);

/* Failures stick in the buffers and are said by wb_closure_take. `taken` of the node is
 * not read. */
void wb_closure_node(struct wb_closure *c, const struct wb_closure_node *node);
/* Who takes `from` takes `to` along. */
void wb_closure_edge(
    struct wb_closure *c, const struct wb_id *from, const struct wb_id *to);

/* A record and the references in it: of a part to the whole it goes with, of a record
 * to what it cannot be understood without. An incident is not taken by following. */
void wb_closure_record(struct wb_closure *c, const struct wb_record *r);

/* This node, if it is there, is taken by following although it stops. */
void wb_closure_pass(struct wb_closure *c, const struct wb_id *id);

/* Marks `start` and everything that follows from it as taken. Edges to records that are
 * not there lead nowhere. Once per graph; afterwards the nodes are sorted by id.
 * WB_ERR_NOT_FOUND where `start` is no node. */
WB_CHECKED enum wb_status wb_closure_take(
    struct wb_closure *c, const struct wb_id *start, struct wb_error *e);

/* After wb_closure_take: whether it took that one. */
bool wb_closure_took(const struct wb_closure *c, const struct wb_id *id);

/* Node `index` from 0, or NULL. */
const struct wb_closure_node *wb_closure_at(const struct wb_closure *c, size_t index);

#endif
