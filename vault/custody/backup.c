/* vault/custody/backup.c - a verified copy of the whole vault, and a vault from one. */
#include <stdio.h>
#include <string.h>

#include <witnessbox/keys.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/file.h"
#include "../base/mem.h"
#include "heads.h"

enum { LOOK_BACK = 100000, HEAD_LINE_BYTES = 512 };

static const char not_made[] = "not made";

/* ---- a copy under a temporary name ---- */

struct copy {
    struct wb_file_out out;
    char *path; /* of the temporary file */
    struct wb_vault *v;
};

/* Lets go of the file before its descriptors and name go. */
static void
copy_close(struct copy *copy)
{
    wb_vault_close(&copy->v);
    wb_file_out_close(&copy->out);
    wb_mem_free(copy->path);
}

static enum wb_status
copy_open(struct copy *copy, const char *path, struct wb_error *e)
{
    enum wb_status st;

    *copy = (struct copy){.out = {.fd = -1, .directory = -1}};
    if ((st = wb_file_out_open(&copy->out, path, e)) != WB_OK)
        return st;
    copy->path = wb_file_out_path(&copy->out, path);
    return copy->path == NULL ? wb_fail_memory(e) : WB_OK;
}

/* All pages of `v`, durable, opened as a vault and unlocked with the keys of `v`:
 * header and state are held against them there. */
static enum wb_status
copy_fill(struct copy *copy, struct wb_vault *v, struct wb_error *e)
{
    enum wb_status st;

    if ((st = wb_store_copy(v, copy->path, e)) != WB_OK ||
        (st = wb_file_out_sync(&copy->out, e)) != WB_OK ||
        (st = wb_vault_open(&copy->v, copy->path, 0, e)) != WB_OK)
        return st;
    return wb_store_unlock_as(copy->v, v, e);
}

/* ---- backup ---- */

static enum wb_status
make_copy(struct wb_vault *v, const char *path, struct wb_error *e)
{
    struct copy copy;
    enum wb_status st;

    if ((st = copy_open(&copy, path, e)) == WB_OK &&
        (st = copy_fill(&copy, v, e)) == WB_OK &&
        (st = wb_verify_log(copy.v, e)) == WB_OK) {
        wb_vault_close(&copy.v);
        st = wb_file_out_publish(&copy.out, e);
    }
    copy_close(&copy);
    return st;
}

static enum wb_status
log_backup(struct wb_vault *v, const char *path, const char *reason, struct wb_error *e)
{
    const char *slash = strrchr(path, '/');
    struct wb_detail detail = {
        .reason = reason, .about = slash == NULL ? path : slash + 1};
    struct wb_change *c = NULL;
    enum wb_status st;

    if ((st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_change_entry(c, WB_ACTION_BACKUP, &detail, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}

/* The entry goes into the copy too, so it comes first; where the copy fails, another
 * one says so. */
enum wb_status
wb_backup(struct wb_vault *v, const char *path, struct wb_error *e)
{
    struct wb_file_out probe;
    enum wb_status st = wb_store_need_unlocked(v, e);

    if (st != WB_OK || (st = wb_file_out_open(&probe, path, e)) != WB_OK)
        return st; /* a name that cannot be used is not worth an entry */
    wb_file_out_close(&probe);
    if ((st = log_backup(v, path, NULL, e)) != WB_OK ||
        (st = make_copy(v, path, e)) == WB_OK)
        return st;
    if (log_backup(v, path, not_made, NULL) != WB_OK)
        (void)wb_within(e, st, "the log names a backup that was not made");
    return st;
}

static bool
is_not_made(const struct wb_entry *entry)
{
    static const char mark[] = "reason not made\n";

    for (size_t i = 0; i + sizeof mark - 1 <= entry->detail_size; i++)
        if ((i == 0 || entry->detail[i - 1] == '\n') &&
            memcmp(entry->detail + i, mark, sizeof mark - 1) == 0)
            return true;
    return false;
}

enum wb_status
wb_backup_last(struct wb_vault *v, char time[static 21], struct wb_error *e)
{
    enum wb_status st = wb_store_need_unlocked(v, e);
    bool skip = false;
    uint64_t row, end;

    if (st != WB_OK)
        return st;
    row = wb_store_state(v)->next_log;
    end = row > LOOK_BACK ? row - LOOK_BACK : 1;
    while (row-- > end) {
        struct wb_entry entry = {0};

        if ((st = wb_log_read(v, &entry, row, e)) != WB_OK)
            return st;
        if (entry.action == WB_ACTION_BACKUP && !skip && !is_not_made(&entry)) {
            wb_clock_text(time, (int64_t)entry.seconds);
            wb_entry_wipe(&entry);
            return WB_OK;
        }
        if (entry.action == WB_ACTION_BACKUP) /* the one before is what was not made */
            skip = !skip;
        wb_entry_wipe(&entry);
    }
    return wb_fail(e, WB_ERR_NOT_FOUND, "no backup in the last entries of the log");
}

/* ---- restore ---- */

/* A later head as one line for the log, and how much of it the backup does not have. */
struct later {
    char line[HEAD_LINE_BYTES];
    uint64_t lost;
};

/* The size that a head of either form says: it was found to be one. */
static uint64_t
size_of(const struct wb_restore *how, char *origin)
{
    static const char mark[] = "size ";
    struct wb_checkpoint c;
    struct wb_note note;
    uint64_t size = 0;

    origin[0] = '\0';
    if (wb_note_decode(&note, how->head, how->head_size, NULL) == WB_OK &&
        wb_checkpoint_decode(&c, note.text, note.text_size, NULL) == WB_OK) {
        memcpy(origin, c.origin, strlen(c.origin) + 1);
        return c.head.size;
    }
    for (size_t i = 0; i + sizeof mark - 1 < how->head_size; i++)
        if (memcmp(how->head + i, mark, sizeof mark - 1) == 0) {
            size_t from = i + sizeof mark - 1, digits = 0;

            while (from + digits < how->head_size && how->head[from + digits] >= '0' &&
                how->head[from + digits] <= '9')
                digits++;
            if (!wb_decimal_decode(&size, how->head + from, digits))
                continue; /* the word "size" of the list */
        }
    return size;
}

static enum wb_status
look_at_head(struct wb_vault *backup, struct later *later, const struct wb_restore *how,
    struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(backup);
    char origin[WB_NOTE_NAME_MAX + 1];
    enum wb_standing standing;
    uint64_t size;
    enum wb_status st;

    if (how->head == NULL)
        return WB_OK;
    st = wb_head_check(backup, how->head, how->head_size, &standing, e);
    size = size_of(how, origin);
    if (st == WB_OK || standing != WB_STANDING_ROLLED_BACK || size <= s->edge.size ||
        (origin[0] != '\0' && strcmp(origin, s->origin) != 0))
        return wb_within(e, st, "later head");
    later->lost = size - s->edge.size;
    (void)snprintf(later->line, sizeof later->line,
        "%llu entries lost: a head of size %llu was noted",
        (unsigned long long)later->lost, (unsigned long long)size);
    return WB_OK;
}

static enum wb_status
check_whole(struct wb_vault *v, const struct wb_restore *how,
    struct wb_verified *verified, struct wb_error *e)
{
    enum wb_status st = wb_verify(v, WB_VERIFY_DEEP, verified, how->watch, e);

    if (st == WB_OK && verified->problems > 0)
        st = wb_fail(e, WB_ERR_INTEGRITY,
            "the backup has %llu problem%s, nothing was made of it; it can be opened "
            "as "
            "it is with --vault, and `verify` names them",
            (unsigned long long)verified->problems, verified->problems == 1 ? "" : "s");
    return st;
}

enum wb_status
wb_vault_restore(struct wb_vault *backup, const char *path,
    const struct wb_restore *how, struct wb_restored *done, struct wb_error *e)
{
    const char *reason = how->reason == NULL ? "restored from a backup" : how->reason;
    struct wb_restored made = {0};
    struct later later = {0};
    struct copy copy;
    enum wb_status st;

    if ((st = wb_store_need_unlocked(backup, e)) != WB_OK ||
        (st = wb_store_need_sight(backup, e)) != WB_OK ||
        (st = look_at_head(backup, &later, how, e)) != WB_OK)
        return st;
    made.size = wb_store_state(backup)->edge.size;
    made.lost = later.lost;
    if ((st = copy_open(&copy, path, e)) == WB_OK &&
        (st = copy_fill(&copy, backup, e)) == WB_OK &&
        (st = check_whole(copy.v, how, &made.verified, e)) == WB_OK &&
        (st = wb_head_begin_again(
             copy.v, WB_ACTION_RESTORE, reason, later.line, NULL, e)) == WB_OK) {
        wb_vault_close(&copy.v);
        if ((st = wb_file_out_sync(&copy.out, e)) == WB_OK &&
            (st = wb_file_out_publish(&copy.out, e)) == WB_OK)
            *done = made;
    }
    copy_close(&copy);
    return st;
}
