/* vault/bundle/tag_files.c - the tag files of a bundle that leaves. */
#include "tag_files.h"

#include <string.h>

#include "../base/fail.h"
#include "../crypto/random.h"
#include "../custody/identity.h"
#include "../formats/bagit.h"
#include "card.h"
#include "readme.h"
#include "unlink.h"

/* The name on a card of one use; whose it is nobody is to know. */
#define NAME_OF_ONE_USE "key of one use"

/* ---- bag-info.txt ---- */

_Static_assert((int)WB_CHECKPOINT_BYTES_MAX <= (int)WB_INFO_NOTE_MAX, "it fits");

static void
fill_checkpoint(struct wb_info *info, struct wb_vault *v, const struct wb_plan *p)
{
    const char *checkpoint = wb_store_state(v)->checkpoint;

    if (!p->unlinked)
        memcpy(info->checkpoint, checkpoint, strlen(checkpoint) + 1);
}

static void
fill_info(
    struct wb_tag_files *t, const struct wb_plan *plan, const struct wb_address *to)
{
    struct wb_info *info = &t->info;

    info->purpose = plan->purpose;
    info->level = wb_level_word(plan->level);
    wb_random(info->bundle.bytes, sizeof info->bundle.bytes);
    memcpy(info->time, plan->time, sizeof plan->time);
    memcpy(info->sender.id, t->keys.key_id, sizeof info->sender.id);
    memcpy(info->sender.point, t->keys.sign_public, sizeof info->sender.point);
    memcpy(info->recipients, to->recipients, sizeof info->recipients);
    info->recipient_count = to->count;
    info->octets = plan->octets;
    info->members = plan->members;
    info->records = wb_plan_record_count(plan);
    info->files = wb_plan_file_count(plan);
}

static enum wb_status
fill_overrides(struct wb_info *info, const struct wb_plan *plan, struct wb_error *e)
{
    const struct wb_exception *list =
        (const struct wb_exception *)(const void *)plan->overridden.data;
    enum wb_status st = WB_OK;

    for (size_t i = 0; i < plan->overridden.size / sizeof *list && st == WB_OK; i++) {
        const struct wb_copy *copy = wb_copies_find(&plan->copies, &list[i].id);

        st = wb_info_add_override(
            info, copy == NULL ? &list[i].id : &copy->id, list[i].reason, e);
        st = wb_within(e, st, "override");
    }
    wb_info_settle(info);
    return st;
}

/* ---- whose they are ---- */

/* Keys and a log that never were before and never will be again. */
static enum wb_status
draw_sender(struct wb_tag_files *t, char origin[static WB_ORIGIN_BYTES_MAX + 1],
    struct wb_error *e)
{
    memcpy(t->keys.name, NAME_OF_ONE_USE, sizeof NAME_OF_ONE_USE);
    wb_store_origin_new(origin);
    return wb_identity_draw(&t->keys, e);
}

static enum wb_status
make_card(struct wb_tag_files *t, struct wb_vault *v, const struct wb_plan *plan,
    struct wb_error *e)
{
    char origin[WB_ORIGIN_BYTES_MAX + 1];
    struct wb_minisign_signer signer;
    struct wb_card card;
    enum wb_status st;

    memcpy(origin, wb_store_state(v)->origin, sizeof origin);
    if (plan->unlinked)
        st = draw_sender(t, origin, e);
    else
        st = wb_identity_open(v, &t->keys, e);
    if (st != WB_OK || (st = wb_card_of(&card, &t->keys, origin, e)) != WB_OK)
        return st;
    signer = wb_card_signer(&t->keys, WB_CARD_COMMENT);
    return wb_card_encode(&t->bytes[WB_TAG_CARD], &card, &signer, e);
}

/* ---- the manifest, and the signature over all ---- */

static enum wb_status
hash_line(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct wb_tag_files *t = cookie;

    (void)e;
    wb_sha256_add(&t->manifest, bytes, size);
    t->manifest_size += size;
    return WB_OK;
}

/* Hashes, the list of them, and the signature over the list: that signs everything. */
static enum wb_status
sign(struct wb_tag_files *t, struct wb_error *e)
{
    struct wb_minisign_signer signer = wb_card_signer(&t->keys, WB_BUNDLE_COMMENT);
    struct wb_buf *list = &t->bytes[WB_TAG_LIST];
    char trusted[sizeof WB_BUNDLE_COMMENT + WB_ID_TEXT_BYTES] = WB_BUNDLE_COMMENT " ";
    enum wb_tag tag;

    for (size_t i = 0; (tag = wb_tag_listed(i)) != WB_TAGS; i++) {
        if (tag != WB_TAG_MANIFEST)
            wb_sha256_of(t->hashes[tag], t->bytes[tag].data, t->bytes[tag].size);
        wb_bagit_manifest_put(
            list, t->hashes[tag], wb_tag_name(tag) + sizeof WB_USTAR_ROOT - 1);
    }
    wb_id_text(trusted + sizeof WB_BUNDLE_COMMENT, &t->info.bundle);
    if (wb_buf_check(list, NULL) != WB_OK)
        return wb_buf_check(list, e);
    return wb_minisign_sign(
        &t->bytes[WB_TAG_SIGNATURE], &signer, trusted, list->data, list->size, e);
}

enum wb_status
wb_tag_files_make(struct wb_tag_files *t, struct wb_vault *v,
    const struct wb_plan *plan, const struct wb_address *to, struct wb_error *e)
{
    enum wb_status st;

    for (int i = 0; i < WB_TAGS; i++)
        wb_buf_init(&t->bytes[i], WB_TAG_BYTES_MAX);
    wb_sha256_init(&t->manifest);
    if ((st = make_card(t, v, plan, e)) != WB_OK)
        return st;
    fill_info(t, plan, to);
    fill_checkpoint(&t->info, v, plan);
    if ((st = fill_overrides(&t->info, plan, e)) != WB_OK ||
        (st = wb_plan_manifest(plan, hash_line, t, e)) != WB_OK)
        return st;
    wb_sha256_end(&t->manifest, t->hashes[WB_TAG_MANIFEST]);
    wb_buf_add_text(&t->bytes[WB_TAG_DECLARATION], WB_BAGIT_DECLARATION);
    wb_buf_add_text(&t->bytes[WB_TAG_README], wb_readme);
    wb_info_encode(&t->bytes[WB_TAG_INFO], &t->info);
    if ((st = sign(t, e)) != WB_OK)
        return st;
    for (int i = 0; i < WB_TAGS && st == WB_OK; i++)
        st = wb_buf_check(&t->bytes[i], e);
    return st;
}

void
wb_tag_files_wipe(struct wb_tag_files *t)
{
    for (int i = 0; i < WB_TAGS; i++)
        wb_buf_wipe(&t->bytes[i]);
    wb_identity_wipe(&t->keys);
    wb_info_wipe(&t->info);
}
