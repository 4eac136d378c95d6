/* vault/custody/process.c - what was hashed, when, with what, by whom, with what
 * result.
 */
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/text.h"
#include "tree.h"

static const char method[] = "SHA-256 (FIPS 180-4)";

/* A C string into a fixed place, cut where it is too long. */
static void
copy_text(char *out, size_t room, const char *text, size_t size)
{
    size = size < room ? size : room - 1;
    memcpy(out, text, size);
    out[size] = '\0';
}

/* The value of the line "actor ...", which stands first. */
static void
take_actor(struct wb_process *p, const struct wb_entry *entry)
{
    static const char name[] = "actor ";
    const char *at = entry->detail + sizeof name - 1;

    if (strncmp(entry->detail, name, sizeof name - 1) == 0)
        copy_text(p->actor, sizeof p->actor, at, strcspn(at, "\n"));
}

/* The entry of the first revision stored here: then its bytes were read and hashed. */
static enum wb_status
take_entry(struct wb_process *p, struct wb_vault *v, const struct wb_id *id,
    struct wb_error *e)
{
    struct wb_record *first = NULL;
    struct wb_entry entry = {0};
    struct wb_tree t;
    enum wb_status st;

    if ((st = wb_custody_open_revision(v, &first, id, 0, e)) != WB_OK ||
        (st = wb_tree_find(v, &t, first->tree, e)) != WB_OK ||
        (st = wb_log_read(v, &entry, t.first + first->leaf, e)) != WB_OK)
        goto out;
    p->index = first->leaf;
    copy_text(p->origin, sizeof p->origin, t.origin, strlen(t.origin));
    copy_text(p->action, sizeof p->action, wb_action_name(entry.action),
        strlen(wb_action_name(entry.action)));
    wb_clock_text(p->hashed, (int64_t)entry.seconds);
    take_actor(p, &entry);
out:
    wb_entry_wipe(&entry);
    wb_record_free(&first);
    return st;
}

static enum wb_status
hash_part(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    (void)e;
    wb_sha256_add(cookie, bytes, size);
    return WB_OK;
}

static enum wb_status
compute(struct wb_process *p, struct wb_vault *v, const struct wb_record *r,
    struct wb_error *e)
{
    struct wb_attachment a = {0};
    uint8_t hash[WB_HASH_BYTES];
    struct wb_sha256 h;
    enum wb_status st;

    wb_sha256_init(&h);
    if ((st = wb_attachment_new(&a, e)) == WB_OK &&
        (st = wb_attachment_decode(&a, r->private_part, r->private_size, e)) == WB_OK &&
        (st = wb_chunks_read(v, &a, hash_part, &h, e)) == WB_OK) {
        wb_sha256_end(&h, hash);
        wb_hex_encode(p->computed, hash, sizeof hash);
        p->same = strcmp(p->computed, p->sha256) == 0;
        p->size = a.size;
        wb_clock_text(p->compared, wb_clock_now());
    }
    wb_attachment_wipe(&a);
    return st;
}

enum wb_status
wb_process_describe(struct wb_vault *v, const struct wb_id *id, struct wb_process *p,
    struct wb_error *e)
{
    struct wb_process made = {.id = *id, .method = method};
    struct wb_record *r = NULL;
    const char *name, *sha256;
    enum wb_status st = wb_record_load(v, &r, id, e);

    if (st != WB_OK)
        return st;
    if (strcmp(r->kind, "evidence") != 0 || r->private_size == 0) {
        st = wb_fail(e, WB_ERR_NOT_FOUND, "not evidence with a file in this vault");
        goto out;
    }
    name = wb_record_text(r, "file-name");
    sha256 = wb_record_text(r, "sha256");
    copy_text(made.file_name, sizeof made.file_name, name, strlen(name));
    copy_text(made.sha256, sizeof made.sha256, sha256, strlen(sha256));
    made.revision = r->revision;
    memcpy(made.root, r->root, sizeof made.root);
    if ((st = take_entry(&made, v, id, e)) == WB_OK &&
        (st = compute(&made, v, r, e)) == WB_OK)
        *p = made;
out:
    wb_record_free(&r);
    return st;
}
