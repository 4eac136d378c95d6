/* tests/unit/test_vectors_log.c - tests/vectors/log.json: leaves, trees, checkpoints,
 * proofs. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/fail.h"
#include "custody/log.h"
#include "formats/proof.h"
#include "vectors.h"

enum { TEXT_BYTES_MAX = 64 * 1024, NAME_BYTES = 32 };

static unsigned
action_of(const struct vector *c, const char *name)
{
    unsigned action = 1;

    while (action < WB_ACTION_END && strcmp(wb_action_name(action), name) != 0)
        action++;
    vector_true(c, action < WB_ACTION_END, "action: unknown");
    return action;
}

static void
check_leaf(const struct vector *c)
{
    struct vector_bytes detail = vector_bytes(c, "detail"), root;
    const char *time = vector_text(c, "time");
    struct wb_entry entry = {.action = action_of(c, vector_text(c, "action"))};
    uint8_t hash[WB_HASH_BYTES];
    int64_t seconds = 0;
    struct wb_buf leaf;
    struct wb_error e = {0};

    root = vector_bytes(c, "root");
    entry.has_root = root.size > 0;
    if (entry.has_root)
        vector_copy(c, "root", entry.root, sizeof entry.root);
    vector_true(c, wb_clock_parse(&seconds, time, strlen(time)), "time");
    entry.seconds = (uint64_t)seconds;
    vector_copy(c, "time_salt", entry.time_salt, sizeof entry.time_salt);
    vector_copy(c, "detail_salt", entry.detail_salt, sizeof entry.detail_salt);
    entry.detail = wb_arena_copy(c->memory, detail.data, detail.size);
    entry.detail_size = detail.size;
    wb_buf_init(&leaf, WB_LEAF_BYTES_MAX);
    vector_ok(c, wb_entry_leaf(&leaf, &entry, &e), &e);
    vector_same(c, "leaf", leaf.data, leaf.size);
    wb_merkle_leaf(hash, leaf.data, leaf.size);
    vector_same(c, "hash", hash, sizeof hash);
    wb_buf_wipe(&leaf);
}

static void
check_id(const struct vector *c)
{
    const char *text = vector_text(c, "text");
    char out[WB_ID_TEXT_BYTES];
    struct wb_id id;

    vector_copy(c, "raw", id.bytes, sizeof id.bytes);
    wb_id_text(out, &id);
    vector_same_text(c, "text", out);
    memset(&id, 0xa5, sizeof id);
    vector_true(c, wb_id_parse(&id, text, strlen(text)), "id: not read");
    vector_same(c, "raw", id.bytes, sizeof id.bytes);
}

/* ---- trees ---- */

/* Nodes as a vault keeps them: the rows of a `tree` case. */
static enum wb_status
read_node(void *context, unsigned level, uint64_t index,
    uint8_t out[static WB_HASH_BYTES], struct wb_error *e)
{
    const struct vector *tree = context;
    size_t leaf = (size_t)(((index + 1) << level) - 1);
    struct vector_bytes row = vector_bytes_at(tree, "nodes", leaf);

    if (row.size < (level + 1) * (size_t)WB_HASH_BYTES)
        return wb_fail(e, WB_ERR_INTEGRITY, "row %zu: no level %u", leaf, level);
    memcpy(out, row.data + level * (size_t)WB_HASH_BYTES, WB_HASH_BYTES);
    return WB_OK;
}

static void
check_edge(const struct vector *c, const struct wb_merkle_edge *edge)
{
    vector_same_count(c, "edge", edge->count);
    for (unsigned i = 0; i < edge->count; i++)
        vector_same_at(c, "edge", i, edge->hashes[i], WB_HASH_BYTES);
}

static void
check_append(const struct vector *c)
{
    struct wb_merkle_edge edge = {0};
    struct wb_merkle_row row;
    uint8_t root[WB_HASH_BYTES];
    struct wb_error e = {0};

    for (size_t i = 0; i < vector_count(c, "leaves"); i++) {
        const uint8_t *leaf = vector_bytes_at(c, "leaves", i).data;

        vector_ok(c, wb_merkle_append(&edge, &row, leaf, &e), &e);
        vector_same_at(c, "nodes", i, row.hashes, row.count * (size_t)WB_HASH_BYTES);
    }
    wb_merkle_root(root, &edge);
    vector_same(c, "root", root, sizeof root);
    check_edge(c, &edge);
}

static void
check_tree(const struct vector *c)
{
    struct vector self = *c;
    struct wb_merkle_reader reader = {read_node, &self};
    struct wb_merkle_edge edge = {0};
    struct wb_error e = {0};

    vector_same_count(c, "leaves", (size_t)vector_number(c, "size"));
    vector_same_count(c, "nodes", (size_t)vector_number(c, "size"));
    check_append(c);
    vector_ok(c, wb_merkle_edge_read(&edge, vector_number(c, "size"), &reader, &e), &e);
    check_edge(c, &edge);
}

/* Made from the nodes of the tree of that size, and followed to the root. */
static void
check_path(const struct vector *c)
{
    uint64_t index = vector_number(c, "index"), size = vector_number(c, "size");
    struct wb_merkle_head head = {.size = size};
    struct wb_merkle_proof made, given = {0};
    uint8_t leaf[WB_HASH_BYTES];
    char name[NAME_BYTES];
    struct vector tree;
    struct wb_error e = {0};

    (void)snprintf(name, sizeof name, "tree of %u", (unsigned)size);
    tree = vector_other(c, name);
    vector_ok(c,
        wb_merkle_prove_inclusion(
            &made, index, size, &(struct wb_merkle_reader){read_node, &tree}, &e),
        &e);
    vector_same_count(c, "path", made.count);
    for (unsigned i = 0; i < made.count; i++)
        vector_same_at(c, "path", i, made.hashes[i], WB_HASH_BYTES);
    given.count = (unsigned)vector_count(c, "path");
    for (unsigned i = 0; i < given.count; i++)
        memcpy(given.hashes[i], vector_bytes_at(c, "path", i).data, WB_HASH_BYTES);
    vector_copy(c, "root", head.root, sizeof head.root);
    vector_copy(c, "leaf", leaf, sizeof leaf);
    vector_ok(c, wb_merkle_check_inclusion(&head, leaf, index, &given, &e), &e);
    leaf[0] ^= 1;
    vector_true(c,
        wb_merkle_check_inclusion(&head, leaf, index, &given, &e) == WB_ERR_INTEGRITY,
        "another leaf is taken");
}

/* ---- checkpoints and proofs ---- */

static struct wb_note_key
key_of(const struct vector *c)
{
    const char *text = vector_text(c, "vkey");
    struct wb_note_key key;
    struct wb_buf again;
    struct wb_error e = {0};

    vector_ok(c, wb_note_key_decode(&key, text, strlen(text), &e), &e);
    wb_buf_init(&again, WB_NOTE_KEY_TEXT_MAX);
    wb_note_key_encode(&again, &key);
    vector_same_text(c, "vkey", wb_buf_text(&again));
    wb_buf_wipe(&again);
    return key;
}

static void
sign(const struct vector *c, struct wb_buf *note, const struct wb_checkpoint *head,
    const struct wb_note_key *key)
{
    struct wb_secret *seed = vector_secret(c, "seed");
    struct wb_buf text, line;
    struct wb_error e = {0};

    wb_buf_init(&text, TEXT_BYTES_MAX);
    wb_buf_init(&line, TEXT_BYTES_MAX);
    vector_ok(c, wb_checkpoint_encode(&text, head, &e), &e);
    vector_ok(
        c, wb_note_sign(&line, (const char *)text.data, text.size, key, seed, &e), &e);
    vector_ok(c,
        wb_note_encode(note, (const char *)text.data, text.size,
            (const char *)line.data, line.size, &e),
        &e);
    wb_buf_wipe(&text);
    wb_buf_wipe(&line);
    wb_secret_free(&seed);
}

static void
check_checkpoint(const struct vector *c)
{
    struct vector_bytes bytes = vector_bytes(c, "note");
    struct wb_secret *seed = vector_secret(c, "seed");
    struct wb_note_key key = key_of(c), made;
    uint8_t public[WB_SIGN_PUBLIC_BYTES];
    struct wb_checkpoint head;
    struct wb_note note;
    struct wb_buf again;
    struct wb_error e = {0};

    vector_ok(c, wb_sign_public(public, seed, &e), &e);
    vector_same(c, "public", public, sizeof public);
    vector_ok(c,
        wb_note_key_init(&made, vector_text(c, "origin"), WB_NOTE_ED25519, public, &e),
        &e);
    vector_true(c, made.id == key.id && strcmp(made.name, key.name) == 0, "vkey");
    vector_same(c, "public", key.public, sizeof key.public);
    vector_ok(c, wb_note_decode(&note, bytes.data, bytes.size, &e), &e);
    vector_ok(c, wb_checkpoint_open(&head, &note, &key, &e), &e);
    vector_same_text(c, "origin", head.origin);
    vector_same_number(c, "size", head.head.size);
    vector_same(c, "root", head.head.root, sizeof head.head.root);
    wb_buf_init(&again, TEXT_BYTES_MAX);
    sign(c, &again, &head, &made);
    vector_same(c, "note", again.data, again.size);
    wb_buf_wipe(&again);
    wb_secret_free(&seed);
}

static void
check_proof_text(const struct vector *c, const struct vector_bytes *text)
{
    struct wb_buf extra = {0}, again;
    struct wb_proof p;
    struct wb_error e = {0};

    vector_ok(
        c, wb_proof_decode(&p, &extra, (const char *)text->data, text->size, &e), &e);
    vector_same(c, "leaf", p.extra, p.extra_size);
    vector_same_number(c, "index", p.index);
    wb_buf_init(&again, TEXT_BYTES_MAX);
    vector_ok(c, wb_proof_encode(&again, &p, &e), &e);
    vector_same(c, "proof", again.data, again.size);
    wb_buf_wipe(&again);
    wb_buf_wipe(&extra);
}

static void
check_proof(const struct vector *c)
{
    struct vector_bytes text = vector_bytes(c, "proof");
    struct wb_record_proof p = {.text = (const char *)text.data,
        .size = text.size,
        .time = vector_text(c, "time")};
    uint8_t root[WB_ROOT_BYTES];
    struct wb_note_key key = key_of(c);
    struct wb_checkpoint head;
    struct wb_error e = {0};

    check_proof_text(c, &text);
    vector_copy(c, "record_root", root, sizeof root);
    vector_copy(c, "time_salt", p.salt, sizeof p.salt);
    vector_ok(c,
        wb_custody_check_proof(&p, root, true, vector_text(c, "vkey"), &head, &e), &e);
    vector_same_number(c, "size", head.head.size);
    vector_same(c, "root", head.head.root, sizeof head.head.root);
    vector_true(c, strcmp(head.origin, key.name) == 0, "origin");
    root[0] ^= 1;
    vector_true(c,
        wb_custody_check_proof(&p, root, true, NULL, NULL, &e) == WB_ERR_INTEGRITY,
        "another record is taken");
    root[0] ^= 1;
    p.time = "2026-11-23T05:40:40Z";
    vector_true(c,
        wb_custody_check_proof(&p, root, true, NULL, NULL, &e) == WB_ERR_INTEGRITY,
        "another time is taken");
}

static void
every_case_of_log_json_holds(void **state)
{
    static const struct vector_check checks[] = {
        {"leaf", check_leaf},
        {"id", check_id},
        {"tree", check_tree},
        {"path", check_path},
        {"checkpoint", check_checkpoint},
        {"proof", check_proof},
    };

    (void)state;
    vectors_run("log.json", checks, sizeof checks / sizeof *checks);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_of_log_json_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
