/* vault/bundle/parts.h - a bundle as one file, or cut into numbered parts. */
#ifndef WB_BUNDLE_PARTS_H
#define WB_BUNDLE_PARTS_H

#include <stdint.h>
#include <witnessbox/bundle.h>

#include "../base/file.h"

/* Bundle FORMAT.md section 7: NAME.03-of-12. */
enum { WB_SPLIT_PARTS_MAX = 99, WB_SPLIT_BYTES_MIN = 64 * 1024 };

/* A bundle being written: bytes go in one after the other, and a new part begins when
 * one is full. Nothing has its name before wb_parts_publish. */
struct wb_parts {
    const char *path;
    uint64_t size; /* of a part; 0: one file */
    uint64_t used; /* of the part that is open */
    struct wb_file_out outs[WB_SPLIT_PARTS_MAX];
    size_t count;
};

/* USAGE where the file is there already, or parts would be smaller than
 * WB_SPLIT_BYTES_MIN. Closed with wb_parts_close, on errors too. */
WB_CHECKED enum wb_status wb_parts_open(
    struct wb_parts *p, const char *path, uint64_t size, struct wb_error *e);
/* LIMIT more than WB_SPLIT_PARTS_MAX parts. */
WB_CHECKED enum wb_status wb_parts_write(
    struct wb_parts *p, const void *bytes, size_t size, struct wb_error *e);
/* All bytes are there: makes them durable under their temporary names. */
WB_CHECKED enum wb_status wb_parts_sync(struct wb_parts *p, struct wb_error *e);
/* They stay from here on, with their names or without: the vault says that they left.
 */
void wb_parts_keep(struct wb_parts *p);
/* The name that a synced part waits for, as a whole path, and behind one slash more the
 * temporary one that it has beside it (FORMAT.md section 8). */
WB_CHECKED enum wb_status wb_parts_waiting(const struct wb_parts *p, size_t index,
    char line[static PATH_MAX], struct wb_error *e);
/* Gives all of them their names. */
WB_CHECKED enum wb_status wb_parts_publish(struct wb_parts *p, struct wb_error *e);
/* Removes what was neither published nor kept. */
void wb_parts_close(struct wb_parts *p);

/* ---- reading ---- */

struct wb_source {
    struct {
        int fd;
        uint64_t begins, ends; /* in the whole */
    } parts[WB_SPLIT_PARTS_MAX];
    size_t count;
};

/* Opens a file, or all parts of one in any order, `path` then being without the ending.
 * USAGE names a part that is missing or given twice, or a file that is none. Closed
 * with wb_source_close, on errors too. */
WB_CHECKED enum wb_status wb_source_open(struct wb_source *s, const char *path,
    const char *const *parts, size_t count, struct wb_error *e);
/* Bytes of all parts. */
uint64_t wb_source_size(const struct wb_source *s);
/* As wb_file_read_at, over all parts. */
WB_CHECKED enum wb_status wb_source_read_at(const struct wb_source *s, uint64_t offset,
    void *bytes, size_t size, size_t *got, struct wb_error *e);
void wb_source_close(struct wb_source *s);

#endif
