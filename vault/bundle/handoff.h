/* vault/bundle/handoff.h - what a vault keeps of a bundle that left or came. */
#ifndef WB_BUNDLE_HANDOFF_H
#define WB_BUNDLE_HANDOFF_H

#include <witnessbox/bundle.h>

#include "../custody/change.h"
#include "info.h"
#include "parts.h"

/* A record in a bundle, as it is stored here, and what went in its place. */
struct wb_handed {
    struct wb_id id;
    uint8_t root[WB_ROOT_BYTES];
    bool copied;
    struct wb_id copy_id;
    uint8_t copy_root[WB_ROOT_BYTES];
};

/* A bundle as it is kept. Borrowed. */
struct wb_handoff {
    const char *direction; /* "out" or "in" */
    const struct wb_info *info;
    const char *time;            /* when it left or came, here */
    const char *contact;         /* as we call them */
    const char *sha256;          /* of the file, hexadecimal */
    const uint8_t *tag_manifest; /* WB_HASH_BYTES: SHA-256 of the tag manifest */
    const char *const *withheld; /* fields that stayed behind */
    size_t withheld_count;
    /* What was warned of and sent all the same, with the reasons; NULL: nothing. */
    const struct wb_export_request *answered;
    const struct wb_parts *out; /* the file that waits for its name, or NULL */
    /* The records in it, by number. */
    size_t total;
    void (*record)(const void *source, size_t index, struct wb_handed *out);
    const void *source;
};

/* A private handoff record, and of one that leaves an export entry in the log. A bundle
 * of more records than wb_handoff_records leaves several of both, each with its share;
 * *first, of which alone it is said what waits for its name, is the first of them. */
WB_CHECKED enum wb_status wb_handoff_put(struct wb_change *c, struct wb_id *first,
    const struct wb_handoff *h, struct wb_error *e);

/* The file has its name: a change of its own, unless nothing was said of it. */
WB_CHECKED enum wb_status wb_handoff_named(
    struct wb_vault *v, const struct wb_id *first, struct wb_error *e);

/* INTEGRITY where a bundle of this id and sender came before and had another tag
 * manifest. */
WB_CHECKED enum wb_status wb_handoff_check_reused(struct wb_vault *v,
    const struct wb_info *info, const uint8_t tag_manifest[static WB_HASH_BYTES],
    struct wb_error *e);

/* Calls `each` for the handoff records of a bundle in one direction. */
WB_CHECKED enum wb_status wb_handoff_each(struct wb_vault *v, const char *direction,
    const char *bundle, bool (*each)(void *cookie, const struct wb_record *r),
    void *cookie, struct wb_error *e);

/* Test seam: 50,000, which keeps the record and the entry below their limits. */
extern size_t wb_handoff_records;

#endif
