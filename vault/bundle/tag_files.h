/* vault/bundle/tag_files.h - the tag files of a bundle that leaves. */
#ifndef WB_BUNDLE_TAG_FILES_H
#define WB_BUNDLE_TAG_FILES_H

#include "address.h"
#include "names.h"
#include "plan.h"

/* Starts as {0}. */
struct wb_tag_files {
    struct wb_identity_keys keys; /* that sign: ours, or of one use */
    struct wb_info info;
    struct wb_buf bytes[WB_TAGS]; /* all but the manifest, which is streamed */
    uint8_t hashes[WB_TAGS][WB_HASH_BYTES];
    struct wb_sha256 manifest;
    uint64_t manifest_size;
};

/* Makes and signs them for a plan that was weighed. Wiped by the caller, on errors too.
 */
WB_CHECKED enum wb_status wb_tag_files_make(struct wb_tag_files *t, struct wb_vault *v,
    const struct wb_plan *plan, const struct wb_address *to, struct wb_error *e);
void wb_tag_files_wipe(struct wb_tag_files *t);

#endif
