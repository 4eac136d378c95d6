/* vault/bundle/reader.h - the strict reader: pass 1 over a bundle, which stores
 * nothing. */
#ifndef WB_BUNDLE_READER_H
#define WB_BUNDLE_READER_H

#include "names.h"
#include "report.h"

/* Pass 1: decrypts the file to its end, checks every rule of bundle FORMAT.md
 * section 6 and fills the report. What the reader keeps of a record and of a file is
 * some 200 and 50 bytes, whatever their size; besides that its memory is the largest
 * record. Refuses by the rows of rules.c; *report only on WB_OK. `how` lives as long as
 * the report. */
WB_CHECKED enum wb_status wb_reader_pass(struct wb_bundle_report **report,
    struct wb_vault *v, const struct wb_source *from, struct wb_envelope_keys *keys,
    const struct wb_reading *how, struct wb_error *e);

/* ---- between the files of the reader ---- */

/* The seven tag files, all but the manifest kept whole. */
struct wb_tags {
    struct wb_buf bytes[WB_TAGS];
    uint8_t hashes[WB_TAGS][WB_HASH_BYTES];
};

/* tagcheck.c: everything that the tag files say, alone and together: form, hashes,
 * signature, card, checkpoint, and that `recipient` (ours, or the mark of a passphrase,
 * by what opened it) is on the signed list. */
WB_CHECKED enum wb_status wb_tags_check(struct wb_info *info, struct wb_card *card,
    const struct wb_tags *tags, const char *recipient, struct wb_error *e);

/* evidence.c: a file that evidence names, remembered until all files were seen. */
struct wb_named_file {
    uint8_t sha256[WB_HASH_BYTES];
    uint64_t size;
    bool is_new; /* its record is not here yet, or without it */
};
/* Every name has its file, every file its name, of the same size; marks the files that
 * are wanted. */
WB_CHECKED enum wb_status wb_evidence_match(
    struct wb_bundle_report *report, const struct wb_buf *names, struct wb_error *e);

/* incoming.c: one record, parsed and checked by itself. Appends its line to the report
 * and what file it names to `names`. `payload` is its name. */
WB_CHECKED enum wb_status wb_incoming_check(struct wb_bundle_report *report,
    struct wb_buf *names, struct wb_vault *v, const struct wb_logs *logs,
    const struct wb_payload *payload, const struct wb_buf *json, struct wb_error *e);
/* Parses it, with the rules of its form and name. */
WB_CHECKED enum wb_status wb_incoming_read(struct wb_record **r, int *latest,
    const struct wb_payload *payload, const struct wb_buf *json, struct wb_error *e);

#endif
