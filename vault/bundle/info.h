/* vault/bundle/info.h - bag-info.txt: what a bundle says of itself. */
#ifndef WB_BUNDLE_INFO_H
#define WB_BUNDLE_INFO_H

#include <witnessbox/id.h>

#include "../base/buf.h"
#include "../base/clock.h"
#include "../formats/bech32.h"
#include "../formats/minisign.h"
#include "../formats/note.h"

enum {
    WB_RECIPIENTS_MAX = 16,
    WB_INFO_NOTE_MAX = 2048,  /* bytes of the checkpoint note */
    WB_INFO_REASON_MAX = 900, /* bytes: with the option and the id a line of a record */
};

/* A record that was sent although nobody agreed, and why: one line of UTF-8. */
struct wb_info_override {
    struct wb_id id;
    char reason[WB_INFO_REASON_MAX + 1];
};

/* Stands in the place of a recipient. */
#define WB_INFO_PASSPHRASE "passphrase"

/* Bundle FORMAT.md section 3, decoded. */
struct wb_info {
    struct wb_id bundle;
    char time[WB_TIME_TEXT_BYTES];
    const char *purpose; /* words of the controlled lists */
    const char *level;
    struct wb_minisign_key sender;
    char recipients[WB_RECIPIENTS_MAX][WB_AGE_RECIPIENT_CHARS + 1]; /* ascending */
    size_t recipient_count;   /* 1, WB_INFO_PASSPHRASE, where it is for no key */
    uint64_t octets, members; /* of the payload */
    uint64_t records, files;
    struct wb_buf overrides; /* of struct wb_info_override, ids ascending; owned */
    char checkpoint[WB_INFO_NOTE_MAX + 1]; /* signed note; "" in an unlinkable bundle */
};

void wb_info_wipe(struct wb_info *info);
size_t wb_info_override_count(const struct wb_info *info);
struct wb_info_override *wb_info_override(const struct wb_info *info, size_t index);

/* Takes a reason in: one line of UTF-8 without control characters, sorted by the next
 * wb_info_settle. WB_ERR_USAGE for anything else. */
WB_CHECKED enum wb_status wb_info_add_override(struct wb_info *info,
    const struct wb_id *id, const char *reason, struct wb_error *e);
void wb_info_settle(struct wb_info *info);

/* Appends the file. The buffer's failure sticks. */
void wb_info_encode(struct wb_buf *out, const struct wb_info *info);

/* Reads exactly what wb_info_encode writes. Refuses by the rows info-form,
 * info-version. `info` is wiped by the caller, on errors too. */
WB_CHECKED enum wb_status wb_info_decode(
    struct wb_info *info, const void *bytes, size_t size, struct wb_error *e);

/* Sealed with a passphrase: addressed to nobody. */
bool wb_info_is_addressed(const struct wb_info *info);

/* Copies under keys of one use: FORMAT.md section 4. */
bool wb_info_is_unlinkable(const struct wb_info *info);

/* The word of a controlled list that equals `text`, or NULL. */
const char *wb_info_word(const char *list, const char *text);

#endif
