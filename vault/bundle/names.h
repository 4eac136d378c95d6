/* vault/bundle/names.h - names of members, taken apart and put together. */
#ifndef WB_BUNDLE_NAMES_H
#define WB_BUNDLE_NAMES_H

#include <witnessbox/id.h>

#include "../crypto/hash.h"
#include "../formats/ustar.h"

/* The tag files in the order of the archive (bundle FORMAT.md section 2). */
enum wb_tag {
    WB_TAG_DECLARATION, /* bagit.txt */
    WB_TAG_INFO,        /* bag-info.txt */
    WB_TAG_README,      /* README.txt */
    WB_TAG_CARD,        /* sender.txt */
    WB_TAG_MANIFEST,    /* manifest-sha256.txt */
    WB_TAG_LIST,        /* tagmanifest-sha256.txt */
    WB_TAG_SIGNATURE,   /* tagmanifest-sha256.txt.minisig */
    WB_TAGS
};
enum { WB_TAG_BYTES_MAX = 64 * 1024 };

/* "bag/bagit.txt"; the path in the bag begins behind WB_USTAR_ROOT. */
const char *wb_tag_name(enum wb_tag tag);
/* The tag files that the tag manifest lists, in its order; WB_TAGS past the last. */
enum wb_tag wb_tag_listed(size_t index);

enum wb_payload_kind { WB_PAYLOAD_FILE, WB_PAYLOAD_RECORD, WB_PAYLOAD_PAGE };
enum { WB_PART_NONE = -1, WB_PARTS_MAX = 10000, WB_ROOT_PREFIX_BYTES = 16 };
enum { WB_PAGE_MEMBER_MAX = 64 * 1024 * 1024 };

struct wb_payload {
    enum wb_payload_kind kind;
    /* of the file; of a record the first 16 of its root; not of the page */
    uint8_t hash[WB_HASH_BYTES];
    int part; /* of a file, from 0; WB_PART_NONE: not in parts */
};

/* False for a name that no payload member has. */
bool wb_payload_parse(struct wb_payload *p, const char *name);

/* The name with bag/ in front. */
void wb_payload_name(
    char out[static WB_USTAR_NAME_MAX + 1], const struct wb_payload *p);

/* Of a file in parts: each is this long but the last, which is not longer. Test seam: 4
 * GiB (WB_USTAR_MEMBER_MAX) but in tests. */
extern uint64_t wb_part_bytes;

#endif
