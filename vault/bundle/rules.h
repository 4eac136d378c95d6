/* vault/bundle/rules.h - every reason to refuse a bundle, as rows of one table. */
#ifndef WB_BUNDLE_RULES_H
#define WB_BUNDLE_RULES_H

#include <witnessbox/error.h>

/* The rules of vault/bundle/FORMAT.md section 6, in the order in which a reader comes
 * to them. tests/evil has a hostile bundle for each that a stranger can break. */
enum wb_rule {
    WB_RULE_AGE_HEADER,
    WB_RULE_AGE_ADDRESS,
    WB_RULE_AGE_PASSPHRASE,
    WB_RULE_AGE_WORDS,
    WB_RULE_AGE_MAC,
    WB_RULE_AGE_PAYLOAD,
    WB_RULE_TAR_HEADER,
    WB_RULE_TAR_ORDER,
    WB_RULE_TAR_NAME,
    WB_RULE_TAR_SORTED,
    WB_RULE_TAR_DUPLICATE,
    WB_RULE_TAR_PADDING,
    WB_RULE_TAR_CUT,
    WB_RULE_TAR_END,
    WB_RULE_TAR_SECOND,
    WB_RULE_TAR_TRAILING,
    WB_RULE_TAR_LENGTH,
    WB_RULE_TAG_SIZE,
    WB_RULE_TAG_UNLISTED,
    WB_RULE_TAG_MISSING,
    WB_RULE_BAG_DECLARATION,
    WB_RULE_BAG_README,
    WB_RULE_BAG_TAGMANIFEST,
    WB_RULE_INFO_FORM,
    WB_RULE_INFO_VERSION,
    WB_RULE_INFO_COUNTS,
    WB_RULE_INFO_CHECKPOINT,
    WB_RULE_SIG_FORM,
    WB_RULE_SIG_COMMENT,
    WB_RULE_SIG_FORGED,
    WB_RULE_CARD_FORM,
    WB_RULE_CARD_FORGED,
    WB_RULE_CARD_OTHER,
    WB_RULE_ADDRESS_LISTED,
    WB_RULE_BUNDLE_REUSED,
    WB_RULE_BAG_MANIFEST,
    WB_RULE_FILE_PART,
    WB_RULE_FILE_HASH,
    WB_RULE_FILE_UNCLAIMED,
    WB_RULE_FILE_MISSING,
    WB_RULE_FILE_SIZE,
    WB_RULE_PAGE_SIZE,
    WB_RULE_RECORD_SIZE,
    WB_RULE_RECORD_FORM,
    WB_RULE_RECORD_NAME,
    WB_RULE_RECORD_ORIGIN,
    WB_RULE_RECORD_PROOF,
    WB_RULE_RECORD_LINKED,
    WB_RULE_RECEIPT_BUNDLE,
    WB_RULE_RECEIPT_CONTENT,
    WB_RULE_RECEIPT_SENDER,
    WB_RULE_CHANGED,
    WB_RULE_END
};

struct wb_rule_row {
    enum wb_rule rule;
    const char *id;
    enum wb_status status;
    const char *message;
};

/* The row of a rule; NULL from WB_RULE_END on. */
const struct wb_rule_row *wb_rule_at(unsigned rule);

/* Refuses by a rule: the row's status and message. */
enum wb_status wb_rule_refuse(struct wb_error *e, enum wb_rule rule);

/* A lower layer answered `st` with its reason in `e`: the row's message is put in front
 * and the row's status returned. WB_OK passes, and so do what is no fault of the bundle
 * (I/O, memory, our own mistakes) and WB_ERR_TOO_NEW. */
enum wb_status wb_rule_because(
    struct wb_error *e, enum wb_status st, enum wb_rule rule);

#endif
