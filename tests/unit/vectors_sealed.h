/* tests/unit/vectors_sealed.h - one function for each `what` of rows under an epoch's
 * key. */
#ifndef WB_TESTS_VECTORS_SEALED_H
#define WB_TESTS_VECTORS_SEALED_H

#include "vectors.h"

void vectors_log_row(const struct vector *c);
void vectors_field_log_row(const struct vector *c);
void vectors_node_row(const struct vector *c);
void vectors_head_row(const struct vector *c);
void vectors_draft_row(const struct vector *c);
void vectors_set(const struct vector *c);

#endif
