/* tests/lib/bends.c - a field, a row or a revision written again with the keys. */
#include "bends.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/bundle.h>
#include <witnessbox/text.h>

#include "base/wire.h"
#include "custody/change.h"
#include "custody/log.h"
#include "custody/tree.h"
#include "store/session.h"

void
bend_ok(enum wb_status st, const struct wb_error *e)
{
    if (st != WB_OK)
        fail_msg("%s: %s", stage.about, e->message);
}

static void
sql(struct wb_vault *v, const char *text)
{
    char *why = NULL;

    if (sqlite3_exec(v->db, text, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", text, why);
}

/* ---- written again, with the keys ---- */

enum { ROW_BYTES_MAX = 8192, ROWS_MAX = 16 };

struct kept_rows {
    struct kept_row {
        uint64_t number;
        uint8_t bytes[ROW_BYTES_MAX];
        size_t size;
    } rows[ROWS_MAX];
    size_t count;
};

static void
take_heads(struct wb_vault *v, struct kept_rows *k)
{
    struct wb_error e = {0};
    struct wb_buf plain;
    uint64_t number = 0;

    wb_buf_init(&plain, ROW_BYTES_MAX);
    k->count = 0;
    while (wb_unlogged_next(v, WB_TABLE_HEADS, &number, &plain, &e) == WB_OK) {
        struct kept_row *r = &k->rows[k->count++];

        assert_true(k->count < ROWS_MAX);
        r->number = number;
        r->size = plain.size;
        memcpy(r->bytes, plain.data, plain.size);
    }
    wb_buf_wipe(&plain);
}

/* The state counts them by what lies in the file. */
static void
put_heads(struct wb_vault *v, const struct kept_rows *k)
{
    struct wb_error e = {0};

    sql(v, "DELETE FROM heads");
    wb_store_state(v)->heads = (struct wb_row_set){0};
    for (size_t i = 0; i < k->count; i++)
        bend_ok(wb_unlogged_replace(v, WB_TABLE_HEADS, k->rows[i].number,
                    k->rows[i].bytes, k->rows[i].size, &e),
            &e);
}

/* Changes a stored revision; what it is found by may change with it. */
static void
rewrite(struct wb_vault *v, const struct wb_id *id,
    void (*change)(struct wb_wrap *w, struct wb_record *r))
{
    struct wb_vault_state *s = wb_store_state(v);
    const uint64_t next = s->next_row;
    struct wb_record *r = NULL;
    struct wb_wrap w;
    struct wb_error e = {0};
    struct wb_buf body;
    char text[160];
    uint64_t row;

    wb_buf_init(&body, WB_RECORD_BYTES_MAX);
    bend_ok(wb_rows_lookup(v, &row, id, 0, &e), &e);
    bend_ok(wb_rows_wrap(v, &w, row, &e), &e);
    bend_ok(wb_rows_body(v, &w, &body, &e), &e);
    bend_ok(wb_record_decode(&r, body.data, body.size, &e), &e);
    bend_ok(wb_rows_remove(v, &w, &e), &e);
    change(&w, r);
    wb_buf_clear(&body);
    wb_record_encode(&body, r);
    room_text(text, sizeof text, "DELETE FROM wraps WHERE row = %d", (int)row);
    sql(v, text);
    s->next_row = row;
    bend_ok(wb_rows_put(v, &w, body.data, body.size, &e), &e);
    s->next_row = next;
    wb_record_free(&r);
    wb_buf_wipe(&body);
}

/* A record of a kind that only the program adds, `fields` as room_add. */
static void
add_own(struct wb_vault *v, const char *kind, const char *const *fields)
{
    struct wb_draft *d = NULL;
    struct wb_change *c = NULL;
    struct wb_saved saved;
    struct wb_error e = {0};

    bend_ok(wb_draft_new_any(&d, wb_kind_find(kind), &e), &e);
    for (; *fields != NULL; fields += 2)
        bend_ok(
            wb_draft_put(d, fields[0], WB_STATE_TEXT, fields[1], strlen(fields[1]), &e),
            &e);
    bend_ok(wb_change_begin(&c, v, &e), &e);
    bend_ok(wb_change_add(c, d, &saved, &e), &e);
    bend_ok(wb_change_commit(&c, &e), &e);
    wb_draft_free(&d);
}

/* ---- the state ---- */

#define STATE_BEND(name, what)                                                         \
    static void name(struct wb_vault *v)                                               \
    {                                                                                  \
        struct wb_vault_state *s = wb_store_state(v);                                  \
                                                                                       \
        what;                                                                          \
    }

STATE_BEND(other_origin, s->origin[12] ^= 1)
STATE_BEND(no_origin, s->origin[0] = '\0')
STATE_BEND(other_first, s->tree_first++)
STATE_BEND(other_edge, s->edge.hashes[0][0] ^= 1)
STATE_BEND(shorter_edge, memset(&s->edge, 0, sizeof s->edge))
STATE_BEND(no_checkpoint, s->checkpoint[0] = '\0')
STATE_BEND(bent_checkpoint, s->checkpoint[4] ^= 1)
STATE_BEND(unsigned_checkpoint, s->checkpoint[strlen(s->checkpoint) - 8] ^= 1)
STATE_BEND(cut_checkpoint, s->checkpoint[strlen(s->checkpoint) - 8] = '\0')
STATE_BEND(another_tree, s->tree++)
STATE_BEND(first_tree, s->tree = 0)
STATE_BEND(no_identity, s->identity.bytes[3] ^= 1)
STATE_BEND(statement_for_identity, s->identity = stage.room.statement)
STATE_BEND(more_rows, s->rows++)
STATE_BEND(fewer_rows, s->rows--)
STATE_BEND(more_files, s->files++)
STATE_BEND(later_row, s->next_row++)
STATE_BEND(later_entry, s->next_log++)
STATE_BEND(later_head, s->next_head++)
STATE_BEND(later_draft, s->next_draft++)
STATE_BEND(later_file, s->next_file++)
STATE_BEND(more_heads, s->heads.count++)
STATE_BEND(other_heads, s->heads.hash[0] ^= 1)
STATE_BEND(other_drafts, s->drafts.hash[0] ^= 1)
STATE_BEND(other_pages, s->pages.hash[0] ^= 1)
STATE_BEND(later_index, s->index_leaf = 99999)
STATE_BEND(index_elsewhere, s->index_tree = 99)
STATE_BEND(same_label, memcpy(s->slots[1].label, s->slots[0].label, 8))
STATE_BEND(free_slot, s->slots[1].kind = WB_SLOT_FREE)
STATE_BEND(used_slot, s->slots[5].kind = WB_SLOT_PASSPHRASE)
STATE_BEND(unknown_slot, s->slots[5].kind = 9)
STATE_BEND(last_moment, s->last_time = UINT64_MAX)

/* ---- heads ---- */

static void
bend_heads(struct wb_vault *v, unsigned kind, void (*bend)(struct kept_row *r))
{
    static struct kept_rows k;
    unsigned bent = 0;

    take_heads(v, &k);
    for (size_t i = 0; i < k.count; i++)
        if (k.rows[i].bytes[8] == kind) {
            bend(&k.rows[i]);
            bent++;
        }
    assert_true(bent > 0);
    put_heads(v, &k);
}

/* A digit of a text in the row, behind this. */
static void
set_behind(struct kept_row *r, const char *text, size_t skip, char c)
{
    uint8_t *at = memmem(r->bytes, r->size, text, strlen(text));

    assert_non_null(at);
    at[strlen(text) + skip] = (uint8_t)c;
}

static void
cut_row(struct kept_row *r)
{
    r->size--;
}

static void
empty_row(struct kept_row *r)
{
    r->size = 9;
}

static void
lengthen_row(struct kept_row *r)
{
    r->bytes[r->size++] = 0;
}

static void
renumber_row(struct kept_row *r)
{
    r->bytes[7] ^= 0x40;
}

static void
unsign_note(struct kept_row *r)
{
    set_behind(r, "\n\n", 0, '-'); /* in the place of the dash */
}

static void
bend_size(struct kept_row *r)
{
    uint8_t *at = memchr(r->bytes + 30, '\n', r->size - 30);

    assert_non_null(at);
    at[1] = '9';
}

static void
bend_root(struct kept_row *r)
{
    set_behind(r, "=\n\n", 0, '-');
    memcpy(memmem(r->bytes, r->size, "=\n\n", 3), "!\n\n", 3);
}

#define HEAD_BEND(name, kind, bend)                                                    \
    static void name(struct wb_vault *v)                                               \
    {                                                                                  \
        bend_heads(v, kind, bend);                                                     \
    }

HEAD_BEND(cut_closed, 3, cut_row)
HEAD_BEND(empty_closed, 3, empty_row)
HEAD_BEND(lengthened_closed, 3, lengthen_row)
HEAD_BEND(renumbered_closed, 3, renumber_row)
HEAD_BEND(unsigned_closed, 3, unsign_note)
HEAD_BEND(longer_closed, 3, bend_size)
HEAD_BEND(rootless_closed, 3, bend_root)
HEAD_BEND(cut_ours, 2, cut_row)
HEAD_BEND(empty_ours, 2, empty_row)
HEAD_BEND(lengthened_ours, 2, lengthen_row)
HEAD_BEND(renumbered_ours, 2, renumber_row)
HEAD_BEND(unsigned_ours, 2, unsign_note)
HEAD_BEND(longer_ours, 2, bend_size)
HEAD_BEND(rootless_ours, 2, bend_root)
HEAD_BEND(cut_cosigned, 4, cut_row)
HEAD_BEND(longer_cosigned, 4, bend_size)
HEAD_BEND(unsigned_cosigned, 4, unsign_note)

/* ---- revisions ---- */

#define RECORD_BEND(name, which, what)                                                 \
    static void name##_of(struct wb_wrap *w, struct wb_record *r)                      \
    {                                                                                  \
        (void)w;                                                                       \
        (void)r;                                                                       \
        what;                                                                          \
    }                                                                                  \
    static void name(struct wb_vault *v)                                               \
    {                                                                                  \
        rewrite(v, which, name##_of);                                                  \
    }

#define STATEMENT &stage.room.statement
#define EVIDENCE &stage.room.evidence
#define IDENTITY &wb_store_state(v)->identity

RECORD_BEND(other_tree, STATEMENT, w->tree = 0x70000)
RECORD_BEND(next_tree, STATEMENT, w->tree = 1)
RECORD_BEND(next_leaf, STATEMENT, w->leaf++)
RECORD_BEND(far_leaf, STATEMENT, w->leaf = 99999)
RECORD_BEND(other_root, STATEMENT, w->root[0] ^= 1)
RECORD_BEND(other_id, STATEMENT, w->id.bytes[0] ^= 1)
RECORD_BEND(later_revision, STATEMENT, w->ordinal = 7)
RECORD_BEND(foreign_record, STATEMENT, r->foreign = true)
RECORD_BEND(without_its_file, EVIDENCE, r->private_size = 0)
RECORD_BEND(a_cut_file, EVIDENCE, r->private_size -= 3)
RECORD_BEND(
    a_file_of_a_newer_version, EVIDENCE, *(uint8_t *)(uintptr_t)r->private_part = 9)
RECORD_BEND(another_file, EVIDENCE, ((uint8_t *)(uintptr_t)r->private_part)[8] ^= 1)
RECORD_BEND(
    another_file_key, EVIDENCE, ((uint8_t *)(uintptr_t)r->private_part)[12] ^= 1)
RECORD_BEND(a_longer_file, EVIDENCE,
    ((uint8_t *)(uintptr_t)r->private_part)[r->private_size - 1] ^= 1)
RECORD_BEND(a_far_longer_file, EVIDENCE,
    ((uint8_t *)(uintptr_t)r->private_part)[r->private_size - 7] ^= 1)
RECORD_BEND(identity_without_keys, IDENTITY, r->private_size = 0)
RECORD_BEND(
    identity_of_a_newer_version, IDENTITY, *(uint8_t *)(uintptr_t)r->private_part = 9)
RECORD_BEND(identity_with_another_key, IDENTITY,
    ((uint8_t *)(uintptr_t)r->private_part)[20] ^= 1)

/* ---- papers of ours, with odd lines in them ---- */

static void
odd_contact(struct wb_vault *v)
{
    static const char *const fields[] = {"label", "odd", "name", "Odd", "minisign",
        "RW", "recipient", "age1", "log", "no plus", "cosigner", "+", "card", "no card",
        "verified", "yes", NULL};

    add_own(v, "contact", fields);
}

static void
odd_handoff(struct wb_vault *v)
{
    char named[WB_ID_TEXT_BYTES + 2], short_one[WB_ID_TEXT_BYTES];
    const char *const fields[] = {"bundle", "1", "direction", "out", "time",
        "2026-01-01", "file", "no-slash", "records", "short", "records",
        "0000000000000000000000000x@", "records", named, "records", short_one,
        "received", "nobody", NULL};

    wb_id_text(short_one, &stage.room.statement); /* and no root behind it */
    room_text(named, sizeof named, "%s!x", short_one);

    add_own(v, "handoff", fields);
}

static void
odd_notice(struct wb_vault *v)
{
    static const char *const fields[] = {
        "type", "withdrawal", "records", "short", "time", "2026-01-01", NULL};

    add_own(v, "notice", fields);
}

/* ---- all of them ---- */

const struct bend bends[] = {
#define BEND(name, named)                                                              \
    {                                                                                  \
#name, name, named                                                             \
    }
    BEND(other_origin, "checkpoint"),
    BEND(no_origin, "checkpoint"),
    BEND(other_first, "checkpoint"),
    BEND(other_edge, "log altered"),
    BEND(shorter_edge, "checkpoint"),
    BEND(no_checkpoint, "checkpoint"),
    BEND(bent_checkpoint, "checkpoint"),
    BEND(unsigned_checkpoint, "checkpoint"),
    BEND(cut_checkpoint, "checkpoint"),
    BEND(another_tree, "checkpoint"),
    BEND(first_tree, "checkpoint"),
    BEND(no_identity, "checkpoint"),
    BEND(statement_for_identity, "checkpoint"),
    BEND(more_rows, "count"),
    BEND(fewer_rows, "count"),
    BEND(more_files, "count"),
    BEND(later_row, "count"),
    BEND(later_entry, "count"),
    BEND(later_head, "count"),
    BEND(later_draft, "count"),
    BEND(later_file, NULL),
    BEND(more_heads, "count"),
    BEND(other_heads, "count"),
    BEND(other_drafts, "count"),
    BEND(other_pages, "index"),
    BEND(later_index, "index"),
    BEND(index_elsewhere, "index"),
    BEND(same_label, NULL),
    BEND(free_slot, NULL),
    BEND(used_slot, NULL),
    BEND(unknown_slot, "state: not as format 1"),
    BEND(last_moment, NULL),
    BEND(cut_closed, "checkpoint"),
    BEND(empty_closed, "checkpoint"),
    BEND(lengthened_closed, "checkpoint"),
    BEND(renumbered_closed, "checkpoint"),
    BEND(unsigned_closed, "checkpoint"),
    BEND(longer_closed, "log altered"),
    BEND(rootless_closed, "checkpoint"),
    BEND(cut_ours, "log altered"),
    BEND(empty_ours, "log altered"),
    BEND(lengthened_ours, "log altered"),
    BEND(renumbered_ours, NULL),
    BEND(unsigned_ours, "log altered"),
    BEND(longer_ours, NULL),
    BEND(rootless_ours, "log altered"),
    BEND(cut_cosigned, NULL),
    BEND(longer_cosigned, NULL),
    BEND(unsigned_cosigned, NULL),
    BEND(other_tree, "row foreign"),
    BEND(next_tree, "row foreign"),
    BEND(next_leaf, "row foreign"),
    BEND(far_leaf, "row foreign"),
    BEND(other_root, "row missing"),
    BEND(other_id, "row altered"),
    BEND(later_revision, "lookup"),
    BEND(foreign_record, "row replaced"),
    BEND(without_its_file, NULL),
    BEND(a_cut_file, "chunk altered"),
    BEND(a_file_of_a_newer_version, "chunk altered"),
    BEND(another_file, "chunk altered"),
    BEND(another_file_key, "chunk altered"),
    BEND(a_longer_file, "chunk altered"),
    BEND(a_far_longer_file, "chunk altered"),
    BEND(identity_without_keys, NULL),
    BEND(identity_of_a_newer_version, NULL),
    BEND(identity_with_another_key, NULL),
    BEND(odd_contact, NULL),
    BEND(odd_handoff, NULL),
    BEND(odd_notice, NULL),
#undef BEND
};

const size_t bend_count = sizeof bends / sizeof bends[0];
