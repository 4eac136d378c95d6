/* vault/bundle/rules.c - every reason to refuse a bundle, as rows of one table. */
#include "rules.h"

#include "../base/fail.h"

/* clang-format off */

static const struct wb_rule_row rows[] = {
    /* age */
    {WB_RULE_AGE_HEADER,      "age-header",      WB_ERR_FORMAT,    "age: not the header of an age file for recipients"},
    {WB_RULE_AGE_ADDRESS,     "age-address",     WB_ERR_POLICY,    "not addressed to this vault, or its header is damaged"},
    {WB_RULE_AGE_PASSPHRASE,  "age-passphrase",  WB_ERR_LOCKED,    "under a passphrase, and none was given"},
    {WB_RULE_AGE_WORDS,       "age-words",       WB_ERR_PASSPHRASE, "these are not its words"},
    {WB_RULE_AGE_MAC,         "age-mac",         WB_ERR_INTEGRITY, "age: the header was altered"},
    {WB_RULE_AGE_PAYLOAD,     "age-payload",     WB_ERR_INTEGRITY, "age: the payload is damaged, cut short or too long"},
    /* tar */
    {WB_RULE_TAR_HEADER,      "tar-header",      WB_ERR_FORMAT,    "tar: not the canonical header of a plain file"},
    {WB_RULE_TAR_ORDER,       "tar-order",       WB_ERR_FORMAT,    "tar: not the member that stands here in every bundle"},
    {WB_RULE_TAR_NAME,        "tar-name",        WB_ERR_FORMAT,    "tar: neither a file nor a record of a bundle"},
    {WB_RULE_TAR_SORTED,      "tar-sorted",      WB_ERR_FORMAT,    "tar: not in bytewise order of the names"},
    {WB_RULE_TAR_DUPLICATE,   "tar-duplicate",   WB_ERR_FORMAT,    "tar: the same member twice"},
    {WB_RULE_TAR_PADDING,     "tar-padding",     WB_ERR_FORMAT,    "tar: bytes other than zero behind the member"},
    {WB_RULE_TAR_CUT,         "tar-cut",         WB_ERR_FORMAT,    "tar: ends before its end blocks"},
    {WB_RULE_TAR_END,         "tar-end",         WB_ERR_FORMAT,    "tar: one end block, two are needed"},
    {WB_RULE_TAR_SECOND,      "tar-second",      WB_ERR_FORMAT,    "tar: a second archive behind the first"},
    {WB_RULE_TAR_TRAILING,    "tar-trailing",    WB_ERR_FORMAT,    "tar: bytes other than zero behind the end"},
    {WB_RULE_TAR_LENGTH,      "tar-length",      WB_ERR_FORMAT,    "tar: not as long as its content makes it"},
    /* tag files */
    {WB_RULE_TAG_SIZE,        "tag-size",        WB_ERR_LIMIT,     "tag file: more than 64 KiB"},
    {WB_RULE_TAG_UNLISTED,    "tag-unlisted",    WB_ERR_FORMAT,    "tag file: none that a bundle has"},
    {WB_RULE_TAG_MISSING,     "tag-missing",     WB_ERR_FORMAT,    "tag file: missing"},
    {WB_RULE_BAG_DECLARATION, "bag-declaration", WB_ERR_FORMAT,    "bagit.txt: not BagIt 1.0 in UTF-8, to the byte"},
    {WB_RULE_BAG_README,      "bag-readme",      WB_ERR_FORMAT,    "README.txt: not the text that every bundle has"},
    {WB_RULE_BAG_TAGMANIFEST, "bag-tagmanifest", WB_ERR_INTEGRITY, "tagmanifest-sha256.txt: not the hashes of the tag files"},
    {WB_RULE_INFO_FORM,       "info-form",       WB_ERR_FORMAT,    "bag-info.txt: not in its one form"},
    {WB_RULE_INFO_VERSION,    "info-version",    WB_ERR_TOO_NEW,   "bag-info.txt: a bundle of a newer format, written by a newer version"},
    {WB_RULE_INFO_COUNTS,     "info-counts",     WB_ERR_INTEGRITY, "bag-info.txt: other numbers than what is there"},
    {WB_RULE_INFO_CHECKPOINT, "info-checkpoint", WB_ERR_INTEGRITY, "bag-info.txt: checkpoint: not signed by the log of the sender's card"},
    /* signature and sender */
    {WB_RULE_SIG_FORM,        "sig-form",        WB_ERR_FORMAT,    "minisig: not four lines with algorithm ED"},
    {WB_RULE_SIG_COMMENT,     "sig-comment",     WB_ERR_FORMAT,    "minisig: not the comments of this bundle"},
    {WB_RULE_SIG_FORGED,      "sig-forged",      WB_ERR_INTEGRITY, "forged or altered: not signed by the key that bag-info.txt names"},
    {WB_RULE_CARD_FORM,       "card-form",       WB_ERR_FORMAT,    "sender.txt: not an identity card in its one form"},
    {WB_RULE_CARD_FORGED,     "card-forged",     WB_ERR_INTEGRITY, "sender.txt: the card is not signed by its own key"},
    {WB_RULE_CARD_OTHER,      "card-other",      WB_ERR_INTEGRITY, "sender.txt: the card of another than the sender"},
    {WB_RULE_ADDRESS_LISTED,  "address-listed",  WB_ERR_POLICY,    "not addressed to us: the signed list of recipients does not have our key, somebody passed it on"},
    {WB_RULE_BUNDLE_REUSED,   "bundle-reused",   WB_ERR_INTEGRITY, "a bundle of this id and sender was taken in before, and held something else"},
    /* payload */
    {WB_RULE_BAG_MANIFEST,    "bag-manifest",    WB_ERR_INTEGRITY, "manifest-sha256.txt: not the hashes of the payload: altered, missing or added"},
    {WB_RULE_FILE_PART,       "file-part",       WB_ERR_FORMAT,    "file: its parts are not 4 GiB each and a shorter last one, in order"},
    {WB_RULE_FILE_HASH,       "file-hash",       WB_ERR_INTEGRITY, "file: its SHA-256 is not its name"},
    {WB_RULE_FILE_UNCLAIMED,  "file-unclaimed",  WB_ERR_INTEGRITY, "file: no evidence record names it"},
    {WB_RULE_FILE_MISSING,    "file-missing",    WB_ERR_INTEGRITY, "file: named by an evidence record, but missing"},
    {WB_RULE_FILE_SIZE,       "file-size",       WB_ERR_INTEGRITY, "file: another size than its evidence record says"},
    {WB_RULE_PAGE_SIZE,       "page-size",       WB_ERR_LIMIT,     "report.html: empty, or more than 64 MiB"},
    {WB_RULE_RECORD_SIZE,     "record-size",     WB_ERR_LIMIT,     "record: more than 64 MiB"},
    {WB_RULE_RECORD_FORM,     "record-form",     WB_ERR_INTEGRITY, "record: not the one form of a record"},
    {WB_RULE_RECORD_NAME,     "record-name",     WB_ERR_INTEGRITY, "record: its root is not its name"},
    {WB_RULE_RECORD_ORIGIN,   "record-origin",   WB_ERR_INTEGRITY, "record: its first proof is not of the log that it names"},
    {WB_RULE_RECORD_PROOF,    "record-proof",    WB_ERR_INTEGRITY, "record: a proof does not hold"},
    {WB_RULE_RECORD_LINKED,   "record-linked",   WB_ERR_FORMAT,    "record: tied to others in a bundle without a checkpoint, or to none in one with it"},
    {WB_RULE_RECEIPT_BUNDLE,  "receipt-bundle",  WB_ERR_POLICY,    "receipt: for a bundle that did not leave this vault"},
    {WB_RULE_RECEIPT_CONTENT, "receipt-content", WB_ERR_INTEGRITY, "receipt: for other contents than what left here under that id"},
    {WB_RULE_RECEIPT_SENDER,  "receipt-sender",  WB_ERR_INTEGRITY, "receipt: by somebody whom that bundle was not for; with keys changed since, add the new card first"},
    /* second pass */
    {WB_RULE_CHANGED,         "changed",         WB_ERR_INTEGRITY, "the file was changed while it was read"},
};

/* clang-format on */

_Static_assert(sizeof rows / sizeof *rows == WB_RULE_END, "a row for each rule");

const struct wb_rule_row *
wb_rule_at(unsigned rule)
{
    return rule < WB_RULE_END ? &rows[rule] : NULL;
}

enum wb_status
wb_rule_refuse(struct wb_error *e, enum wb_rule rule)
{
    return wb_fail(e, rows[rule].status, "%s", wb_word(rows[rule].message));
}

enum wb_status
wb_rule_because(struct wb_error *e, enum wb_status st, enum wb_rule rule)
{
    switch (st) {
    case WB_OK:
    case WB_ERR_IO:
    case WB_ERR_MEMORY:
    case WB_ERR_INTERNAL:
        return st;
    case WB_ERR_TOO_NEW:
        return wb_within(e, st, "%s", wb_word(rows[rule].message));
    default:
        (void)wb_within(e, st, "%s", wb_word(rows[rule].message));
        if (e != NULL)
            e->status = rows[rule].status;
        return rows[rule].status;
    }
}
