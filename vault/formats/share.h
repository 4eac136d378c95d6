/* vault/formats/share.h - a share of a recovery key as a line to be typed from paper.
 */
#ifndef WB_FORMATS_SHARE_H
#define WB_FORMATS_SHARE_H

#include "../crypto/hash.h"

/* FORMAT.md section 11 of the store: 42 bytes as 68 characters of base32 in 17 groups
 * of four, with a space between. */
enum {
    WB_SHARE_GROUPS = 17,
    WB_SHARE_GROUP = 4,                                           /* characters */
    WB_SHARE_TEXT_BYTES = WB_SHARE_GROUPS * (WB_SHARE_GROUP + 1), /* with the NUL */
    WB_SHARE_MARK_BYTES = 4,
    WB_SHARE_NEEDED_MAX = 15,
};

struct wb_share {
    uint8_t needed;                    /* k, 1 to 15 */
    uint8_t number;                    /* from 1 */
    uint8_t mark[WB_SHARE_MARK_BYTES]; /* of the vault */
    struct wb_secret *bytes;           /* WB_KEY_BYTES; owned by the struct */
};

/* The mark that all shares of a vault carry: it tells which vault, and not how to find
 * its id. */
void wb_share_mark(
    uint8_t mark[static WB_SHARE_MARK_BYTES], const uint8_t vault_id[static 16]);

/* *text is a new secret of WB_SHARE_TEXT_BYTES with the NUL. */
WB_CHECKED enum wb_status wb_share_encode(
    struct wb_secret **text, const struct wb_share *share, struct wb_error *e);

/* Reads what was typed: capitals, spaces, tabs, line ends and hyphens anywhere do not
 * count, o is 0, i and l are 1. WB_ERR_VALUE: a wrong length, a character that no share
 * has (its group is named), or a check that does not fit; WB_ERR_TOO_NEW. The caller
 * frees share->bytes. */
WB_CHECKED enum wb_status wb_share_decode(
    struct wb_share *share, const char *text, size_t size, struct wb_error *e);

#endif
