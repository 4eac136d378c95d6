/* vault/custody/tree.c - the trees of a vault: the open one, and those that a restart
 * closed. */
#include "tree.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/wire.h"
#include "../formats/checkpoint.h"
#include "heads.h"

/* Size and origin are what the signed checkpoint says; verify holds it against the
 * entries. */
static bool
read_closed(struct wb_tree *t, struct wb_cursor *c)
{
    struct wb_checkpoint head;
    struct wb_note note;
    const uint8_t *origin, *checkpoint;
    size_t origin_size, checkpoint_size;

    t->number = wb_get_u32(c);
    t->first = wb_get_u64(c);
    origin = wb_get_short(c, &origin_size);
    checkpoint = wb_get_long(c, &checkpoint_size);
    if (wb_cursor_end(c, NULL) != WB_OK || origin_size > WB_ORIGIN_BYTES_MAX ||
        checkpoint_size > WB_CHECKPOINT_BYTES_MAX ||
        wb_note_decode(&note, checkpoint, checkpoint_size, NULL) != WB_OK ||
        wb_checkpoint_decode(&head, note.text, note.text_size, NULL) != WB_OK)
        return false;
    memcpy(t->origin, origin, origin_size);
    t->origin[origin_size] = '\0';
    memcpy(t->checkpoint, checkpoint, checkpoint_size);
    t->checkpoint[checkpoint_size] = '\0';
    t->size = head.head.size;
    return true;
}

static enum wb_status
find_closed(struct wb_vault *v, struct wb_tree *t, uint32_t number, struct wb_error *e)
{
    struct wb_buf row;
    uint64_t at = 0;
    enum wb_status st;

    wb_buf_init(&row, WB_HEAD_BYTES_MAX);
    while ((st = wb_unlogged_next(v, WB_TABLE_HEADS, &at, &row, e)) == WB_OK) {
        struct wb_tree got = {0};
        struct wb_cursor c;

        if (!wb_head_begin(&c, &row, at, WB_HEAD_CLOSED_TREE))
            continue;
        if (!read_closed(&got, &c))
            st = wb_fail(e, WB_ERR_INTEGRITY, "head row: not as written");
        else if (got.number == number)
            *t = got;
        if (st != WB_OK || got.number == number)
            break;
    }
    wb_buf_wipe(&row);
    if (st == WB_ERR_NOT_FOUND)
        return wb_fail(e, WB_ERR_INTEGRITY, "log: its tree %u is missing", number);
    return st;
}

enum wb_status
wb_tree_find(struct wb_vault *v, struct wb_tree *t, uint32_t number, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(v);

    if (number > s->tree)
        return wb_fail(e, WB_ERR_INTEGRITY, "log: there is no tree %u", number);
    if (number < s->tree)
        return find_closed(v, t, number, e);
    t->number = number;
    t->first = s->tree_first;
    t->size = s->edge.size;
    memcpy(t->origin, s->origin, sizeof t->origin);
    memcpy(t->checkpoint, s->checkpoint, sizeof t->checkpoint);
    return WB_OK;
}

enum wb_status
wb_tree_behind(struct wb_vault *v, uint64_t *entries, uint32_t number, uint64_t leaf,
    struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(v);
    struct wb_tree t;
    enum wb_status st = wb_tree_find(v, &t, number, e);

    if (st != WB_OK)
        return st;
    if (t.first > s->next_log || leaf > s->next_log - t.first)
        return wb_fail(e, WB_ERR_INTEGRITY, "log: its tree %u has no leaf %llu", number,
            (unsigned long long)leaf);
    *entries = s->next_log - t.first - leaf;
    return WB_OK;
}

static enum wb_status
read_node(const struct wb_tree_nodes *n, uint64_t leaf, unsigned level,
    uint8_t out[static WB_HASH_BYTES], struct wb_error *e)
{
    struct wb_merkle_row row;
    enum wb_status st = wb_log_nodes(n->v, &row, n->first + leaf, e);

    if (st == WB_ERR_NOT_FOUND || (st == WB_OK && level >= row.count))
        return wb_fail(e, WB_ERR_INTEGRITY,
            "log entry %llu: its tree hashes are missing", (unsigned long long)leaf);
    if (st == WB_OK)
        memcpy(out, row.hashes[level], WB_HASH_BYTES);
    return st;
}

/* Its one place among those that are kept: any spreading will do. */
static struct wb_kept_node *
place_of(const struct wb_tree_nodes *n, uint64_t index, unsigned level)
{
    uint64_t spread = (index + n->first + ((uint64_t)level << 32)) * 0x9e3779b97f4a7c15;

    return &n->kept[(spread >> 32) % WB_NODES_KEPT];
}

enum wb_status
wb_tree_node(void *nodes, unsigned level, uint64_t index,
    uint8_t out[static WB_HASH_BYTES], struct wb_error *e)
{
    const struct wb_tree_nodes *n = nodes;
    uint64_t leaf = ((index + 1) << level) - 1;
    struct wb_kept_node *kept = n->kept == NULL ? NULL : place_of(n, index, level);
    enum wb_status st;

    if (kept != NULL && kept->row == n->first + leaf && kept->level == level) {
        memcpy(out, kept->hash, WB_HASH_BYTES);
        return WB_OK;
    }
    if ((st = read_node(n, leaf, level, out, e)) == WB_OK && kept != NULL) {
        *kept = (struct wb_kept_node){n->first + leaf, level, {0}};
        memcpy(kept->hash, out, WB_HASH_BYTES);
    }
    return st;
}

enum wb_status
wb_tree_root(struct wb_vault *v, const struct wb_tree *t, uint64_t size,
    uint8_t root[static WB_ROOT_BYTES], struct wb_error *e)
{
    struct wb_tree_nodes nodes = {.v = v, .first = t->first};
    const struct wb_merkle_reader reader = {wb_tree_node, &nodes};
    struct wb_merkle_edge edge;
    enum wb_status st = wb_merkle_edge_read(&edge, size, &reader, e);

    if (st == WB_OK)
        wb_merkle_root(root, &edge);
    return st;
}

enum wb_status
wb_tree_close(struct wb_vault *v, struct wb_error *e)
{
    struct wb_vault_state *s = wb_store_state(v);
    struct wb_buf row;
    enum wb_status st;

    wb_buf_init(&row, WB_HEAD_BYTES_MAX);
    wb_put_u64(&row, s->next_head);
    wb_put_u8(&row, WB_HEAD_CLOSED_TREE);
    wb_put_u32(&row, s->tree);
    wb_put_u64(&row, s->tree_first);
    wb_put_short(&row, s->origin, strlen(s->origin));
    wb_put_long(&row, s->checkpoint, strlen(s->checkpoint));
    if ((st = wb_buf_check(&row, e)) == WB_OK &&
        (st = wb_unlogged_put(v, WB_TABLE_HEADS, row.data, row.size, e)) == WB_OK) {
        s->tree++;
        s->tree_first = s->next_log;
        s->edge = (struct wb_merkle_edge){0};
        s->checkpoint[0] = '\0';
        wb_store_origin_new(s->origin);
    }
    wb_buf_wipe(&row);
    return st;
}
