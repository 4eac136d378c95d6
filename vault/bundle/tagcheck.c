/* vault/bundle/tagcheck.c - the tag files of a bundle, alone and together. */
#include <string.h>

#include "../base/fail.h"
#include "../formats/bagit.h"
#include "../formats/checkpoint.h"
#include "card.h"
#include "reader.h"
#include "readme.h"
#include "rules.h"

static bool
is_exactly(const struct wb_buf *b, const char *text)
{
    return b->size == strlen(text) && memcmp(b->data, text, b->size) == 0;
}

/* Built again from the hashes of what was read, then compared. */
static enum wb_status
check_list(const struct wb_tags *tags, struct wb_error *e)
{
    const struct wb_buf *list = &tags->bytes[WB_TAG_LIST];
    struct wb_buf again;
    enum wb_tag tag;
    enum wb_status st;

    wb_buf_init(&again, WB_TAG_BYTES_MAX);
    for (size_t i = 0; (tag = wb_tag_listed(i)) != WB_TAGS; i++)
        wb_bagit_manifest_put(
            &again, tags->hashes[tag], wb_tag_name(tag) + sizeof WB_USTAR_ROOT - 1);
    st = wb_buf_check(&again, e);
    if (st == WB_OK &&
        (again.size != list->size || memcmp(again.data, list->data, again.size) != 0))
        st = wb_rule_refuse(e, WB_RULE_BAG_TAGMANIFEST);
    wb_buf_wipe(&again);
    return st;
}

static enum wb_status
check_signature(
    const struct wb_tags *tags, const struct wb_info *info, struct wb_error *e)
{
    const struct wb_buf *file = &tags->bytes[WB_TAG_SIGNATURE];
    const struct wb_buf *list = &tags->bytes[WB_TAG_LIST];
    char trusted[sizeof WB_BUNDLE_COMMENT + WB_ID_TEXT_BYTES] = WB_BUNDLE_COMMENT " ";
    struct wb_minisign m;
    enum wb_status st;

    if ((st = wb_minisign_decode(&m, file->data, file->size, e)) != WB_OK)
        return wb_rule_because(e, st, WB_RULE_SIG_FORM);
    wb_id_text(trusted + sizeof WB_BUNDLE_COMMENT, &info->bundle);
    if (m.untrusted_size != strlen(WB_BUNDLE_COMMENT) ||
        memcmp(m.untrusted, WB_BUNDLE_COMMENT, m.untrusted_size) != 0 ||
        m.trusted_size != strlen(trusted) ||
        memcmp(m.trusted, trusted, m.trusted_size) != 0)
        return wb_rule_refuse(e, WB_RULE_SIG_COMMENT);
    st = wb_minisign_verify(&m, &info->sender, list->data, list->size, e);
    return wb_rule_because(e, st, WB_RULE_SIG_FORGED);
}

static enum wb_status
check_card(struct wb_card *card, const struct wb_tags *tags, const struct wb_info *info,
    struct wb_error *e)
{
    const struct wb_buf *file = &tags->bytes[WB_TAG_CARD];
    struct wb_minisign_key key;
    enum wb_status st = wb_card_decode(card, &key, file->data, file->size, e);

    if (st != WB_OK)
        return wb_rule_because(
            e, st, st == WB_ERR_INTEGRITY ? WB_RULE_CARD_FORGED : WB_RULE_CARD_FORM);
    if (memcmp(key.id, info->sender.id, sizeof key.id) != 0 ||
        memcmp(key.point, info->sender.point, sizeof key.point) != 0)
        return wb_rule_refuse(e, WB_RULE_CARD_OTHER);
    return WB_OK;
}

/* Not inlined into one frame with the rest: a note has room for many signatures. */
static enum wb_status
check_checkpoint(
    const struct wb_info *info, const struct wb_card *card, struct wb_error *e)
{
    struct wb_note_key log;
    struct wb_note note;
    struct wb_checkpoint c;
    enum wb_status st;

    if (info->checkpoint[0] == '\0')
        return WB_OK;
    if ((st = wb_note_key_decode(&log, card->log, strlen(card->log), e)) != WB_OK ||
        (st = wb_note_decode(&note, info->checkpoint, strlen(info->checkpoint), e)) !=
            WB_OK)
        return wb_rule_because(e, st, WB_RULE_INFO_CHECKPOINT);
    return wb_rule_because(
        e, wb_checkpoint_open(&c, &note, &log, e), WB_RULE_INFO_CHECKPOINT);
}

/* A stranger can do all the rest with a bundle that was meant for another: decrypt it
 * as its recipient and encrypt it again for us. */
static enum wb_status
check_address(const struct wb_info *info, const char *recipient, struct wb_error *e)
{
    for (size_t i = 0; i < info->recipient_count; i++)
        if (strcmp(info->recipients[i], recipient) == 0)
            return WB_OK;
    return wb_rule_refuse(e, WB_RULE_ADDRESS_LISTED);
}

enum wb_status
wb_tags_check(struct wb_info *info, struct wb_card *card, const struct wb_tags *tags,
    const char *recipient, struct wb_error *e)
{
    const struct wb_buf *bag_info = &tags->bytes[WB_TAG_INFO];
    enum wb_status st;

    if (!is_exactly(&tags->bytes[WB_TAG_DECLARATION], WB_BAGIT_DECLARATION))
        return wb_rule_refuse(e, WB_RULE_BAG_DECLARATION);
    /* before the rest, so that a newer format is called that */
    if ((st = wb_info_decode(info, bag_info->data, bag_info->size, e)) != WB_OK)
        return st;
    if (!is_exactly(&tags->bytes[WB_TAG_README], wb_readme))
        return wb_rule_refuse(e, WB_RULE_BAG_README);
    if ((st = check_list(tags, e)) != WB_OK ||
        (st = check_signature(tags, info, e)) != WB_OK ||
        (st = check_card(card, tags, info, e)) != WB_OK ||
        (st = check_checkpoint(info, card, e)) != WB_OK)
        return st;
    return check_address(info, recipient, e);
}
