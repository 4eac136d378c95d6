/* vault/custody/log.c - entries of the custody log: rows, leaves, the tree (store
 * FORMAT.md 9). */
#include "log.h"

#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "../base/wire.h"
#include "../crypto/random.h"
#include "../formats/checkpoint.h"
#include "tree.h"

enum { DETAIL_BYTES_MAX = 64 * 1024 * 1024, ENTRY_EXTRA_BYTES = 256 };

static const char leaf_head[] = "witnessbox-log/v1\n";
static const char time_label[] = "witnessbox/v1 log time";
static const char detail_label[] = "witnessbox/v1 log detail";

const char *
wb_action_name(unsigned action)
{
    static const char *const names[WB_ACTION_END] = {
        [WB_ACTION_ADD] = "add",
        [WB_ACTION_AMEND] = "amend",
        [WB_ACTION_ADOPT] = "adopt",
        [WB_ACTION_COMPLETE] = "complete",
        [WB_ACTION_IMPORT] = "import",
        [WB_ACTION_COLLECT] = "collect",
        [WB_ACTION_SHRED] = "shred",
        [WB_ACTION_CREATE] = "create",
        [WB_ACTION_EXPORT] = "export",
        [WB_ACTION_DUMP] = "dump",
        [WB_ACTION_REPORT] = "report",
        [WB_ACTION_EXTRACT] = "extract",
        [WB_ACTION_COSIGN] = "cosign",
        [WB_ACTION_KEYS] = "keys",
        [WB_ACTION_REKEY] = "rekey",
        [WB_ACTION_WITHDRAW] = "withdraw",
        [WB_ACTION_CONTACT] = "contact",
        [WB_ACTION_IDENTITY] = "identity",
        [WB_ACTION_BACKUP] = "backup",
        [WB_ACTION_RESTORE] = "restore",
        [WB_ACTION_RESTART] = "restart",
    };

    return action < WB_ACTION_END ? names[action] : NULL;
}

/* SHA-256(label || salt || text): what a leaf shows instead of the text. */
static void
commit_text(uint8_t out[static WB_HASH_BYTES], const char *label,
    const uint8_t salt[static WB_SALT16_BYTES], const void *text, size_t size)
{
    struct wb_sha256 h;

    wb_sha256_init(&h);
    wb_sha256_add(&h, label, strlen(label));
    wb_sha256_add(&h, salt, WB_SALT16_BYTES);
    wb_sha256_add(&h, text, size);
    wb_sha256_end(&h, out);
}

void
wb_log_time_hash(uint8_t out[static WB_HASH_BYTES],
    const uint8_t salt[static WB_SALT16_BYTES], const char *time)
{
    commit_text(out, time_label, salt, time, strlen(time));
}

static void
add_hex_line(struct wb_buf *out, const uint8_t hash[static WB_HASH_BYTES])
{
    char hex[2 * WB_HASH_BYTES + 1];

    wb_hex_encode(hex, hash, WB_HASH_BYTES);
    wb_buf_print(out, "%s\n", hex);
}

enum wb_status
wb_entry_leaf(struct wb_buf *out, const struct wb_entry *entry, struct wb_error *e)
{
    char time[WB_TIME_TEXT_BYTES];
    uint8_t hash[WB_HASH_BYTES];

    wb_buf_print(out, "%s%s\n", leaf_head, wb_action_name(entry->action));
    if (entry->has_root)
        add_hex_line(out, entry->root);
    else
        wb_buf_add_text(out, "-\n");
    wb_clock_text(time, (int64_t)entry->seconds);
    wb_log_time_hash(hash, entry->time_salt, time);
    add_hex_line(out, hash);
    commit_text(
        hash, detail_label, entry->detail_salt, entry->detail, entry->detail_size);
    add_hex_line(out, hash);
    return wb_buf_check(out, e);
}

static enum wb_status
leaf_hash(
    uint8_t out[static WB_HASH_BYTES], const struct wb_entry *entry, struct wb_error *e)
{
    struct wb_buf leaf;
    enum wb_status st;

    wb_buf_init(&leaf, WB_LEAF_BYTES_MAX);
    if ((st = wb_entry_leaf(&leaf, entry, e)) == WB_OK)
        wb_merkle_leaf(out, leaf.data, leaf.size);
    wb_buf_wipe(&leaf);
    return st;
}

static enum wb_status
put_row(struct wb_vault *v, const struct wb_entry *entry, struct wb_error *e)
{
    struct wb_buf b;
    enum wb_status st;

    wb_buf_init(&b, DETAIL_BYTES_MAX + ENTRY_EXTRA_BYTES);
    wb_put_u64(&b, entry->row);
    wb_put_u8(&b, (uint8_t)entry->action);
    wb_put_u8(&b, entry->has_root);
    wb_buf_add(&b, entry->root, sizeof entry->root);
    wb_buf_add(&b, entry->time_salt, sizeof entry->time_salt);
    wb_put_u64(&b, entry->seconds);
    wb_buf_add(&b, entry->detail_salt, sizeof entry->detail_salt);
    wb_put_long(&b, entry->detail, entry->detail_size);
    wb_buf_add(&b, entry->id.bytes, sizeof entry->id.bytes);
    wb_put_u64(&b, entry->record_row);
    if ((st = wb_buf_check(&b, e)) == WB_OK)
        st = wb_sealed_put(v, WB_TABLE_LOG, entry->row, b.data, b.size, e);
    wb_buf_wipe(&b);
    return st;
}

enum wb_status
wb_log_append(struct wb_vault *v, struct wb_entry *entry, struct wb_error *e)
{
    struct wb_vault_state *s = wb_store_state(v);
    uint8_t leaf[WB_HASH_BYTES];
    struct wb_merkle_row nodes;
    enum wb_status st;

    entry->row = s->next_log;
    wb_random(entry->time_salt, sizeof entry->time_salt);
    wb_random(entry->detail_salt, sizeof entry->detail_salt);
    if ((st = leaf_hash(leaf, entry, e)) != WB_OK ||
        (st = put_row(v, entry, e)) != WB_OK ||
        (st = wb_merkle_append(&s->edge, &nodes, leaf, e)) != WB_OK ||
        (st = wb_sealed_put(v, WB_TABLE_NODES, entry->row, nodes.hashes,
             nodes.count * sizeof nodes.hashes[0], e)) != WB_OK)
        return st;
    s->next_log++;
    if (entry->seconds > s->last_time)
        s->last_time = entry->seconds;
    return WB_OK;
}

enum wb_status
wb_log_read(
    struct wb_vault *v, struct wb_entry *entry, uint64_t row, struct wb_error *e)
{
    struct wb_entry got = {0};
    struct wb_cursor c;
    struct wb_buf b;
    const uint8_t *detail;
    uint8_t has_root;
    enum wb_status st;

    wb_buf_init(&b, DETAIL_BYTES_MAX + ENTRY_EXTRA_BYTES);
    if ((st = wb_sealed_get(v, WB_TABLE_LOG, row, &b, e)) != WB_OK)
        goto out;
    wb_cursor_init(&c, b.data, b.size);
    got.row = wb_get_u64(&c);
    got.action = wb_get_u8(&c);
    has_root = wb_get_u8(&c);
    wb_get_copy(&c, got.root, sizeof got.root);
    wb_get_copy(&c, got.time_salt, sizeof got.time_salt);
    got.seconds = wb_get_u64(&c);
    wb_get_copy(&c, got.detail_salt, sizeof got.detail_salt);
    detail = wb_get_long(&c, &got.detail_size);
    wb_get_copy(&c, got.id.bytes, sizeof got.id.bytes);
    got.record_row = wb_get_u64(&c);
    got.has_root = has_root == 1;
    if (wb_cursor_end(&c, e) != WB_OK || got.row != row || has_root > 1 ||
        wb_action_name(got.action) == NULL) {
        st = wb_fail(e, WB_ERR_INTEGRITY, "log entry row %llu: not as written",
            (unsigned long long)row);
        goto out;
    }
    got.detail = wb_mem_new(got.detail_size + 1);
    if (got.detail == NULL) {
        st = wb_fail_memory(e);
        goto out;
    }
    if (got.detail_size > 0)
        memcpy(got.detail, detail, got.detail_size);
    *entry = got;
out:
    wb_buf_wipe(&b);
    return st;
}

void
wb_entry_wipe(struct wb_entry *entry)
{
    wb_mem_free(entry->detail);
    *entry = (struct wb_entry){0};
}

enum wb_status
wb_log_nodes(
    struct wb_vault *v, struct wb_merkle_row *nodes, uint64_t row, struct wb_error *e)
{
    struct wb_buf b;
    enum wb_status st;

    wb_buf_init(&b, sizeof nodes->hashes);
    st = wb_sealed_get(v, WB_TABLE_NODES, row, &b, e);
    if (st == WB_OK && (b.size == 0 || b.size % WB_HASH_BYTES != 0))
        st = wb_fail(e, WB_ERR_INTEGRITY, "tree node row %llu: not as written",
            (unsigned long long)row);
    if (st == WB_OK) {
        nodes->count = (unsigned)(b.size / WB_HASH_BYTES);
        memcpy(nodes->hashes, b.data, b.size);
    }
    wb_buf_wipe(&b);
    return st;
}

enum wb_status
wb_log_key(struct wb_note_key *key, const char *origin,
    const struct wb_secret *log_seed, struct wb_error *e)
{
    uint8_t public[WB_SIGN_PUBLIC_BYTES];
    enum wb_status st = wb_sign_public(public, log_seed, e);

    if (st != WB_OK)
        return st;
    return wb_note_key_init(key, origin, WB_NOTE_ED25519, public, e);
}

enum wb_status
wb_log_sign(struct wb_vault *v, const struct wb_secret *log_seed, struct wb_error *e)
{
    struct wb_vault_state *s = wb_store_state(v);
    struct wb_checkpoint c = {0};
    struct wb_note_key key;
    struct wb_buf text, line, note;
    enum wb_status st;

    wb_buf_init(&text, WB_CHECKPOINT_BYTES_MAX);
    wb_buf_init(&line, WB_CHECKPOINT_BYTES_MAX);
    wb_buf_init(&note, WB_CHECKPOINT_BYTES_MAX);
    memcpy(c.origin, s->origin, sizeof s->origin);
    c.head.size = s->edge.size;
    wb_merkle_root(c.head.root, &s->edge);
    if ((st = wb_log_key(&key, s->origin, log_seed, e)) != WB_OK ||
        (st = wb_checkpoint_encode(&text, &c, e)) != WB_OK ||
        (st = wb_buf_check(&text, e)) != WB_OK ||
        (st = wb_note_sign(
             &line, (const char *)text.data, text.size, &key, log_seed, e)) != WB_OK ||
        (st = wb_buf_check(&line, e)) != WB_OK ||
        (st = wb_note_encode(&note, (const char *)text.data, text.size,
             (const char *)line.data, line.size, e)) != WB_OK ||
        (st = wb_buf_check(&note, e)) != WB_OK)
        goto out;
    memcpy(s->checkpoint, note.data, note.size);
    s->checkpoint[note.size] = '\0';
out:
    wb_buf_wipe(&text);
    wb_buf_wipe(&line);
    wb_buf_wipe(&note);
    return st;
}

/* ---- reading for people
 * ------------------------------------------------------------------ */

static bool
is_wanted(const struct wb_entry *entry, const struct wb_id *id)
{
    return id == NULL || (entry->record_row != 0 && wb_id_equal(&entry->id, id));
}

/* The entries of one tree; *more is false once `each` has had enough. */
static enum wb_status
each_of_tree(struct wb_vault *v, const struct wb_tree *t, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_log_entry *entry), void *cookie,
    bool *more, struct wb_error *e)
{
    char time[WB_TIME_TEXT_BYTES];
    enum wb_status st = WB_OK;

    for (uint64_t leaf = 0; st == WB_OK && *more && leaf < t->size; leaf++) {
        struct wb_entry entry = {0};

        if ((st = wb_log_read(v, &entry, t->first + leaf, e)) == WB_OK &&
            is_wanted(&entry, id)) {
            struct wb_log_entry shown = {
                .origin = t->origin,
                .index = leaf,
                .action = wb_action_name(entry.action),
                .time = time,
                .detail = entry.detail,
                .id = entry.record_row != 0 ? &entry.id : NULL,
                .root = entry.has_root ? entry.root : NULL,
            };

            wb_clock_text(time, (int64_t)entry.seconds);
            *more = each(cookie, &shown);
        }
        wb_entry_wipe(&entry);
    }
    return st;
}

enum wb_status
wb_log_each(struct wb_vault *v, const struct wb_id *id,
    bool (*each)(void *cookie, const struct wb_log_entry *entry), void *cookie,
    struct wb_error *e)
{
    struct wb_tree t;
    bool more = true;
    enum wb_status st = wb_store_need_unlocked(v, e);

    for (uint32_t n = 0; st == WB_OK && n <= wb_store_state(v)->tree; n++)
        if ((st = wb_tree_find(v, &t, n, e)) == WB_OK)
            st = each_of_tree(v, &t, id, each, cookie, &more, e);
    if (st == WB_ERR_NOT_FOUND)
        st = wb_fail(e, WB_ERR_INTEGRITY, "log: an entry is missing, run verify");
    return st;
}
