/* include/witnessbox/collect.h - an owner takes in what a field vault holds. */
#ifndef WITNESSBOX_COLLECT_H
#define WITNESSBOX_COLLECT_H

#include "custody.h"
#include "field.h"

struct wb_collect {
    const char
        *label; /* of the contact that a new field vault becomes; NULL: "field " */
                /* and the first six characters of its log's name */
    /* Problems of the field vault, and as kind "note" what its records refer to that is
     * in neither vault. May be NULL. */
    const struct wb_verify_watch *watch;
};

struct wb_collected {
    char origin[65];          /* of the field vault's log */
    char label[129];          /* its contact here */
    char mark[WB_MARK_BYTES]; /* of its log's key: wb_field_marks there */
    bool verified;            /* that mark was compared, as contact `label` says */
    uint64_t size;            /* entries of its log */
    uint64_t added;           /* records that are new here */
    uint64_t ours;            /* that were here as somebody else's, and are ours now */
    uint64_t present;         /* that were here already */
    uint64_t refused;         /* that were shredded here: a tombstone stays one */
    uint64_t files;           /* attachments taken in */
    uint64_t dangling;        /* references to what is in neither vault */
};

/* Opens the field vault (or a copy of it) at `path` with our collect secret, older ones
 * included, and takes in every record with its file and a proof that it stands in that
 * log. Everything is checked before anything is stored: as wb_verify does with
 * WB_VERIFY_DEEP, that it is only what a field vault can hold, and that its log goes on
 * from the heads of it that are kept here. One transaction; a second time changes
 * nothing. The file is read only.
 *
 * The first time its log becomes a contact that is not verified, and its records are
 * somebody else's. Once the mark was compared (wb_contact_verify), collecting makes
 * them ours. That shows that nothing was dropped since a head that we saw, not who
 * typed.
 *   WB_ERR_POLICY     made for another owner
 *   WB_ERR_INTEGRITY  damaged, tampered with, forged, rolled back, a fork: said
 *   WB_ERR_USAGE      not a field vault; a label that is taken */
WB_API WB_CHECKED enum wb_status wb_collect(struct wb_vault *v, const char *path,
    const struct wb_collect *how, struct wb_collected *done, struct wb_error *e);

#endif
