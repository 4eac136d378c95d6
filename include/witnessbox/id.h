/* include/witnessbox/id.h - the names of records: 128 random bits. */
#ifndef WITNESSBOX_ID_H
#define WITNESSBOX_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* 128 random bits, written as 26 lower-case letters and digits without i, l, o, u. */
struct wb_id {
    uint8_t bytes[16];
};
enum { WB_ID_TEXT_BYTES = 27, WB_ROOT_BYTES = 32, WB_ROOT_TEXT_BYTES = 65 };

WB_API void wb_id_text(char out[static WB_ID_TEXT_BYTES], const struct wb_id *id);
/* Exactly 26 characters of a whole id; false for anything else. */
WB_API bool wb_id_parse(struct wb_id *id, const char *text, size_t size);
WB_API bool wb_id_equal(const struct wb_id *a, const struct wb_id *b);

#endif
