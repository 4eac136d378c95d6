/* vault/custody/refs.c - do the records that a draft refers to exist, and of the right
 * kind? */
#include "refs.h"

#include <string.h>

#include "../base/fail.h"
#include "tombs.h"

enum { KIND_BYTES_MAX = 64 };

/* Names in the staging table: one space for keys, one for ids. */
static enum wb_status
tag_of(
    struct wb_buf *out, char space, const void *name, size_t size, struct wb_error *e)
{
    wb_buf_clear(out);
    wb_buf_add(out, &space, 1);
    wb_buf_add(out, name, size);
    return wb_buf_check(out, e);
}

enum wb_status
wb_refs_announce(struct wb_vault *v, const char *key, size_t size,
    const struct wb_id *id, const char *kind, struct wb_error *e)
{
    struct wb_buf tag;
    enum wb_status st;

    wb_buf_init(&tag, size + 1 + sizeof id->bytes);
    if ((st = tag_of(&tag, 'k', key, size, e)) != WB_OK ||
        (st = wb_staging_put(v, tag.data, tag.size, id->bytes, sizeof id->bytes, e)) !=
            WB_OK ||
        (st = tag_of(&tag, 'i', id->bytes, sizeof id->bytes, e)) != WB_OK)
        goto out;
    st = wb_staging_put(v, tag.data, tag.size, kind, strlen(kind), e);
out:
    wb_buf_wipe(&tag);
    return st;
}

enum wb_status
wb_refs_announced(struct wb_vault *v, const char *key, size_t size, struct wb_id *id,
    struct wb_error *e)
{
    struct wb_buf tag, found;
    enum wb_status st;

    wb_buf_init(&tag, size + 1);
    wb_buf_init(&found, sizeof id->bytes);
    if ((st = tag_of(&tag, 'k', key, size, e)) == WB_OK &&
        (st = wb_staging_get(v, tag.data, tag.size, &found, e)) == WB_OK) {
        if (found.size == sizeof id->bytes)
            memcpy(id->bytes, found.data, sizeof id->bytes);
        else
            st = wb_fail(e, WB_ERR_VALUE, "names a line that is rejected itself");
    }
    wb_buf_wipe(&tag);
    wb_buf_wipe(&found);
    return st;
}

enum wb_status
wb_refs_withdraw(struct wb_vault *v, const char *key, size_t size, struct wb_error *e)
{
    struct wb_buf tag;
    enum wb_status st;

    wb_buf_init(&tag, size + 1);
    if ((st = tag_of(&tag, 'k', key, size, e)) == WB_OK)
        st = wb_staging_replace(v, tag.data, tag.size, "", 0, e);
    wb_buf_wipe(&tag);
    return st;
}

/* The kind of a record that is stored here, or announced. */
static enum wb_status
kind_of(
    struct wb_vault *v, const struct wb_id *id, struct wb_buf *kind, struct wb_error *e)
{
    struct wb_record *r = NULL;
    struct wb_buf tag;
    enum wb_status st = wb_custody_open_revision(v, &r, id, 0, e);

    if (st == WB_OK) {
        wb_buf_add_text(kind, r->kind);
        st = wb_buf_check(kind, e);
        wb_record_free(&r);
    } else if (st == WB_ERR_NOT_FOUND) {
        wb_buf_init(&tag, 1 + sizeof id->bytes);
        if ((st = tag_of(&tag, 'i', id->bytes, sizeof id->bytes, e)) == WB_OK)
            st = wb_staging_get(v, tag.data, tag.size, kind, e);
        wb_buf_wipe(&tag);
    }
    return st;
}

/* What was shredded was here: who refers to it can still be amended. */
static enum wb_status
check_one(void *cookie, const struct wb_field *field, struct wb_draft_value *value,
    struct wb_error *e)
{
    struct wb_vault *v = cookie;
    struct wb_tombs tombs = {0};
    bool shredded = false;
    struct wb_buf kind;
    struct wb_id id;
    enum wb_status st;

    if (!wb_id_parse(&id, value->text, value->size))
        return wb_fail(e, WB_ERR_VALUE, "not an id");
    wb_buf_init(&kind, KIND_BYTES_MAX);
    st = kind_of(v, &id, &kind, e);
    if (st == WB_ERR_NOT_FOUND &&
        (st = wb_tombs_cover(&tombs, v, &shredded, &id, e)) == WB_OK && !shredded)
        st = WB_ERR_NOT_FOUND;
    if (st == WB_ERR_NOT_FOUND)
        wb_fail(e, st, "no record %s here", value->text);
    else if (st == WB_OK && !shredded && field->target[0] != '\0' &&
        strcmp(field->target, wb_buf_text(&kind)) != 0)
        st = wb_fail(e, WB_ERR_VALUE, "%s is a record of kind %s, it must be %s",
            value->text, wb_buf_text(&kind), field->target);
    wb_buf_wipe(&kind);
    wb_tombs_wipe(&tombs);
    return st;
}

enum wb_status
wb_refs_check(struct wb_vault *v, const struct wb_draft *d, struct wb_error *e)
{
    if (wb_store_is_blind(v)) /* it cannot look: the owner hears of what dangles */
        return WB_OK;
    return wb_draft_each_ref(d, check_one, v, e);
}
