/* vault/bundle/report.h - what is known of a bundle once all of it was checked. */
#ifndef WB_BUNDLE_REPORT_H
#define WB_BUNDLE_REPORT_H

#include <witnessbox/bundle.h>

#include "../base/arena.h"
#include "../custody/tombs.h"
#include "contact.h"
#include "info.h"
#include "unpack.h"

/* A record of the bundle; kind and title lie in the report's arena. */
struct wb_report_record {
    struct wb_id id;
    uint8_t root[WB_ROOT_BYTES];
    const char *kind;
    const char *title;
    uint32_t revision;
    uint32_t withheld;
    bool present, fork, refused;
    bool has_file; /* evidence of the file with this hash */
    uint8_t sha256[WB_HASH_BYTES];
    bool completes;         /* it is here, and this bundle adds to it */
    const char *readmitted; /* the reason, or NULL; the caller's of the import */
};

/* A file of the bundle, in the order of the archive. */
struct wb_report_file {
    uint8_t sha256[WB_HASH_BYTES];
    uint64_t size;
    bool claimed; /* by an evidence record of this hash and size */
    bool wanted;  /* by one that is not here yet */
};

/* The sender's log when the bundle was made, and what was known of it before. */
struct wb_report_head {
    bool is_known; /* a contact's log; else nothing below is filled */
    bool is_fork;  /* another head of this size is kept */
    uint64_t size, newest;
    char fork[WB_ERROR_MESSAGE_BYTES]; /* both heads */
};

struct wb_bundle_report {
    struct wb_arena arena;
    struct wb_info info;
    char bundle[WB_ID_TEXT_BYTES];
    char sha256[2 * WB_HASH_BYTES + 1];
    char signer[WB_MINISIGN_KEY_CHARS + 1];
    struct wb_signer_contact contact;
    enum wb_trust trust;
    struct wb_report_head head;
    struct wb_envelope envelope;
    uint8_t tag_manifest[WB_HASH_BYTES]; /* SHA-256 of the tag manifest */
    struct wb_card card;                 /* the sender's */
    const char *card_text;               /* as it came, in the arena */
    struct wb_buf records; /* of struct wb_report_record, in the order of the archive */
    struct wb_buf files;   /* of struct wb_report_file */
    uint64_t added, completed, present, forks, refused;
    uint64_t page_bytes; /* of report.html; 0: there is none */
    const struct wb_reading *how;
    struct wb_tombs tombs;
};

WB_CHECKED enum wb_status wb_report_new(
    struct wb_bundle_report **r, struct wb_error *e);
struct wb_report_record *wb_report_record_at(
    const struct wb_bundle_report *r, size_t index);
size_t wb_report_file_count(const struct wb_bundle_report *r);
struct wb_report_file *wb_report_file_at(
    const struct wb_bundle_report *r, size_t index);
/* The file of that hash, or NULL: the list is sorted. */
struct wb_report_file *wb_report_file_find(
    const struct wb_bundle_report *r, const uint8_t sha256[static WB_HASH_BYTES]);

#endif
