/* vault/custody/fork.c - the heads of a record: revisions that no other one follows. */
#include <string.h>

#include "../base/fail.h"
#include "change.h"

enum { ROOTS_BYTES_MAX = 1 << 24 };

static bool
has_root(const struct wb_buf *roots, const uint8_t root[static WB_ROOT_BYTES])
{
    for (size_t at = 0; at < roots->size; at += WB_ROOT_BYTES)
        if (memcmp(roots->data + at, root, WB_ROOT_BYTES) == 0)
            return true;
    return false;
}

/* All roots that are stored, and those that some revision follows. */
struct lineage {
    struct wb_buf stored, followed;
    uint32_t highest;
    uint64_t damaged;
};

static enum wb_status
gather(
    struct lineage *l, struct wb_vault *v, const struct wb_id *id, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (uint32_t n = 0; st == WB_OK; n++) {
        struct wb_record *r = NULL;

        st = wb_custody_open_revision(v, &r, id, n, e);
        if (st == WB_ERR_NOT_FOUND)
            return n > 0 ? WB_OK : st;
        if (wb_is_damage(st)) {
            l->damaged++;
            st = WB_OK;
            continue;
        }
        if (st != WB_OK)
            break;
        wb_buf_add(&l->stored, r->root, WB_ROOT_BYTES);
        for (size_t i = 0; i < r->previous_count; i++)
            wb_buf_add(&l->followed, r->previous[i], WB_ROOT_BYTES);
        l->highest = r->revision > l->highest ? r->revision : l->highest;
        wb_record_free(&r);
    }
    return st;
}

enum wb_status
wb_fork_heads(struct wb_vault *v, struct wb_fork *fork, const struct wb_id *id,
    struct wb_error *e)
{
    struct lineage l = {0};
    enum wb_status st;

    wb_buf_init(&l.stored, ROOTS_BYTES_MAX);
    wb_buf_init(&l.followed, ROOTS_BYTES_MAX);
    wb_buf_init(&fork->heads, ROOTS_BYTES_MAX);
    if ((st = gather(&l, v, id, e)) != WB_OK ||
        (st = wb_buf_check(&l.stored, e)) != WB_OK ||
        (st = wb_buf_check(&l.followed, e)) != WB_OK)
        goto out;
    for (size_t at = 0; at < l.stored.size; at += WB_ROOT_BYTES)
        if (!has_root(&l.followed, l.stored.data + at))
            wb_buf_add(&fork->heads, l.stored.data + at, WB_ROOT_BYTES);
    fork->highest = l.highest;
    fork->damaged = l.damaged;
    st = wb_buf_check(&fork->heads, e);
out:
    wb_buf_wipe(&l.stored);
    wb_buf_wipe(&l.followed);
    return st;
}

bool
wb_fork_is_head(const struct wb_fork *fork, const uint8_t root[static WB_ROOT_BYTES])
{
    return has_root(&fork->heads, root);
}

enum wb_status
wb_fork_join(
    struct wb_vault *v, struct wb_lineage *l, struct wb_fork *fork, struct wb_error *e)
{
    enum wb_status st = wb_fork_heads(v, fork, &l->id, e);

    if (st != WB_OK)
        return st;
    if (fork->damaged > 0)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "a revision does not open, it may be one to join; run verify");
    if (fork->heads.size <= WB_ROOT_BYTES)
        return wb_fail(e, WB_ERR_USAGE, "there is no fork to join: it has one head");
    l->revision = fork->highest + 1;
    l->previous = (const uint8_t(*)[WB_ROOT_BYTES])(void *)fork->heads.data;
    l->previous_count = fork->heads.size / WB_ROOT_BYTES;
    return WB_OK;
}

void
wb_fork_wipe(struct wb_fork *fork)
{
    wb_buf_wipe(&fork->heads);
}
