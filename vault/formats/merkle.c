/* vault/formats/merkle.c - the Merkle tree of a log (RFC 6962 section 2.1): roots,
 * proofs. */
#include "merkle.h"

#include <string.h>

#include "../base/fail.h"

_Static_assert(sizeof(unsigned long long) == sizeof(uint64_t), "bit counting");

/* Domain separation: a leaf is never taken for a node (RFC 6962 section 2.1). */
static const uint8_t leaf_prefix = 0x00;
static const uint8_t node_prefix = 0x01;

void
wb_merkle_leaf(uint8_t out[static WB_HASH_BYTES], const void *entry, size_t size)
{
    struct wb_sha256 h;

    wb_sha256_init(&h);
    wb_sha256_add(&h, &leaf_prefix, 1);
    wb_sha256_add(&h, entry, size);
    wb_sha256_end(&h, out);
}

void
wb_merkle_node(uint8_t out[static WB_HASH_BYTES],
    const uint8_t left[static WB_HASH_BYTES], const uint8_t right[static WB_HASH_BYTES])
{
    struct wb_sha256 h;

    wb_sha256_init(&h);
    wb_sha256_add(&h, &node_prefix, 1);
    wb_sha256_add(&h, left, WB_HASH_BYTES);
    wb_sha256_add(&h, right, WB_HASH_BYTES);
    wb_sha256_end(&h, out);
}

void
wb_merkle_empty(uint8_t out[static WB_HASH_BYTES])
{
    wb_sha256_of(out, NULL, 0);
}

unsigned
wb_merkle_edge_count(uint64_t size)
{
    return (unsigned)__builtin_popcountll(size);
}

static enum wb_status
check_size(uint64_t size, struct wb_error *e)
{
    if (size > WB_MERKLE_SIZE_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "tree size: %llu, limit is 2^63 - 1",
            (unsigned long long)size);
    return WB_OK;
}

/* A new leaf completes one subtree for each one bit at the low end of its index, and
 * each of them takes the smallest subtree of the edge as its left half. */
enum wb_status
wb_merkle_append(struct wb_merkle_edge *edge, struct wb_merkle_row *row,
    const uint8_t leaf[static WB_HASH_BYTES], struct wb_error *e)
{
    uint8_t hash[WB_HASH_BYTES];
    unsigned level = 0;

    if (edge->size >= WB_MERKLE_SIZE_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "the tree is full: 2^63 - 1 leaves");
    memcpy(hash, leaf, sizeof hash);
    for (;; level++) {
        if (row != NULL)
            memcpy(row->hashes[level], hash, sizeof hash);
        if ((edge->size >> level & 1) == 0)
            break;
        wb_merkle_node(hash, edge->hashes[--edge->count], hash);
    }
    memcpy(edge->hashes[edge->count++], hash, sizeof hash);
    edge->size++;
    if (row != NULL)
        row->count = level + 1;
    return WB_OK;
}

void
wb_merkle_root(uint8_t out[static WB_HASH_BYTES], const struct wb_merkle_edge *edge)
{
    unsigned i = edge->count;
    uint8_t hash[WB_HASH_BYTES];

    if (i == 0) {
        wb_merkle_empty(out);
        return;
    }
    memcpy(hash, edge->hashes[--i], sizeof hash);
    while (i > 0)
        wb_merkle_node(hash, edge->hashes[--i], hash);
    memcpy(out, hash, sizeof hash);
}

/* The leaves [start, end). In a tree cut as RFC 6962 cuts it, `start` is a multiple of
 * the largest power of two in end - start, so the binary digits of end - start are
 * complete subtrees side by side, the largest first. */
struct range {
    uint64_t start;
    uint64_t end;
};

/* Reads the smallest complete subtree at the end of the range and takes it off. */
static enum wb_status
read_last(struct range *r, uint8_t out[static WB_HASH_BYTES],
    const struct wb_merkle_reader *reader, struct wb_error *e)
{
    unsigned level = (unsigned)__builtin_ctzll(r->end - r->start);
    uint64_t start = r->end - (UINT64_C(1) << level);

    r->end = start;
    return reader->node(reader->context, level, start >> level, out, e);
}

enum wb_status
wb_merkle_edge_read(struct wb_merkle_edge *edge, uint64_t size,
    const struct wb_merkle_reader *reader, struct wb_error *e)
{
    struct wb_merkle_edge made = {.size = size, .count = wb_merkle_edge_count(size)};
    struct range left = {0, size};
    enum wb_status st;

    if ((st = check_size(size, e)) != WB_OK)
        return st;
    for (unsigned i = made.count; i > 0; i--)
        if ((st = read_last(&left, made.hashes[i - 1], reader, e)) != WB_OK)
            return st;
    *edge = made;
    return WB_OK;
}

/* MTH of a range that is not empty. */
static enum wb_status
hash_range(uint8_t out[static WB_HASH_BYTES], struct range left,
    const struct wb_merkle_reader *reader, struct wb_error *e)
{
    uint8_t piece[WB_HASH_BYTES];
    enum wb_status st;

    if ((st = read_last(&left, out, reader, e)) != WB_OK)
        return st;
    while (left.start < left.end) {
        if ((st = read_last(&left, piece, reader, e)) != WB_OK)
            return st;
        wb_merkle_node(out, piece, out);
    }
    return WB_OK;
}

/* Walks down from the root, cutting at the largest power of two, towards the subtree
 * that holds leaf end - 1 as its last one: to the leaf itself, or, if `whole`, only
 * until the subtree ends there. Notes what is left aside on the way; `at` is where the
 * walk ends. This is PATH (end = index + 1) and SUBPROOF of RFC 6962 in one. */
static unsigned
walk_down(struct range aside[static WB_MERKLE_PROOF_MAX], struct range *at,
    uint64_t end, uint64_t size, bool whole)
{
    unsigned count = 0;

    *at = (struct range){0, size};
    while (at->end - at->start > 1 && !(whole && at->end == end)) {
        unsigned level = 63U - (unsigned)__builtin_clzll(at->end - at->start - 1);
        uint64_t middle = at->start + (UINT64_C(1) << level);

        if (end <= middle) {
            aside[count++] = (struct range){middle, at->end};
            at->end = middle;
        } else {
            aside[count++] = (struct range){at->start, middle};
            at->start = middle;
        }
    }
    return count;
}

/* The hashes of what was left aside, bottom first, behind those that are there. */
static enum wb_status
hash_aside(struct wb_merkle_proof *proof, const struct range *aside, unsigned count,
    const struct wb_merkle_reader *reader, struct wb_error *e)
{
    enum wb_status st;

    while (count > 0) {
        st = hash_range(proof->hashes[proof->count], aside[--count], reader, e);
        if (st != WB_OK)
            return st;
        proof->count++;
    }
    return WB_OK;
}

enum wb_status
wb_merkle_prove_inclusion(struct wb_merkle_proof *proof, uint64_t index, uint64_t size,
    const struct wb_merkle_reader *reader, struct wb_error *e)
{
    struct range aside[WB_MERKLE_PROOF_MAX], leaf;
    struct wb_merkle_proof made = {0};
    enum wb_status st;
    unsigned count;

    if ((st = check_size(size, e)) != WB_OK)
        return st;
    if (index >= size)
        return wb_fail(e, WB_ERR_VALUE, "leaf %llu: the tree has %llu leaves",
            (unsigned long long)index, (unsigned long long)size);
    count = walk_down(aside, &leaf, index + 1, size, false);
    if ((st = hash_aside(&made, aside, count, reader, e)) == WB_OK)
        *proof = made;
    return st;
}

enum wb_status
wb_merkle_prove_consistency(struct wb_merkle_proof *proof, uint64_t old_size,
    uint64_t size, const struct wb_merkle_reader *reader, struct wb_error *e)
{
    struct range aside[WB_MERKLE_PROOF_MAX], last;
    struct wb_merkle_proof made = {0};
    enum wb_status st;
    unsigned count;

    if ((st = check_size(size, e)) != WB_OK)
        return st;
    if (old_size > size)
        return wb_fail(e, WB_ERR_VALUE, "old size %llu: the tree has %llu leaves",
            (unsigned long long)old_size, (unsigned long long)size);
    if (old_size > 0 && old_size < size) {
        count = walk_down(aside, &last, old_size, size, true);
        if (last.start > 0) { /* at 0 it is the old tree itself, whose root is known */
            if ((st = hash_range(made.hashes[0], last, reader, e)) != WB_OK)
                return st;
            made.count = 1;
        }
        if ((st = hash_aside(&made, aside, count, reader, e)) != WB_OK)
            return st;
    }
    *proof = made;
    return WB_OK;
}

/* The way up that both checks of RFC 9162 share, fn and sn there: where the running
 * hash stands in its level, and where the last node of that level stands. */
struct climb {
    uint64_t first;
    uint64_t last;
};

/* Whether the next hash of the proof is a left neighbour. */
static bool
stands_left(const struct climb *c)
{
    return (c->first & 1) == 1 || c->first == c->last;
}

/* One level up; from the right edge of the tree, up to where it has a left neighbour.
 */
static void
climb_on(struct climb *c, bool left)
{
    while (left && (c->first & 1) == 0 && c->first != 0) {
        c->first >>= 1;
        c->last >>= 1;
    }
    c->first >>= 1;
    c->last >>= 1;
}

static enum wb_status
wrong_count(struct wb_error *e)
{
    return wb_fail(
        e, WB_ERR_INTEGRITY, "the proof has the wrong number of hashes for its place");
}

enum wb_status
wb_merkle_check_inclusion(const struct wb_merkle_head *head,
    const uint8_t leaf[static WB_HASH_BYTES], uint64_t index,
    const struct wb_merkle_proof *proof, struct wb_error *e)
{
    struct climb c = {index, head->size - 1};
    uint8_t hash[WB_HASH_BYTES];
    enum wb_status st;

    if ((st = check_size(head->size, e)) != WB_OK)
        return st;
    if (index >= head->size)
        return wb_fail(e, WB_ERR_INTEGRITY, "leaf %llu: the tree has %llu leaves",
            (unsigned long long)index, (unsigned long long)head->size);
    memcpy(hash, leaf, sizeof hash);
    for (unsigned i = 0; i < proof->count; i++) {
        bool left = stands_left(&c);

        if (c.last == 0)
            return wrong_count(e);
        if (left)
            wb_merkle_node(hash, proof->hashes[i], hash);
        else
            wb_merkle_node(hash, hash, proof->hashes[i]);
        climb_on(&c, left);
    }
    if (c.last != 0)
        return wrong_count(e);
    if (!wb_equal(hash, head->root, sizeof hash))
        return wb_fail(e, WB_ERR_INTEGRITY, "the proof does not lead to the root");
    return WB_OK;
}

/* RFC 9162 section 2.1.4.2 from step 2 on: 0 < old size < size. */
static enum wb_status
check_growth(const struct wb_merkle_head *head, const struct wb_merkle_head *old,
    const struct wb_merkle_proof *proof, struct wb_error *e)
{
    struct climb c = {old->size - 1, head->size - 1};
    uint8_t before[WB_HASH_BYTES], after[WB_HASH_BYTES];
    bool power = (old->size & (old->size - 1)) == 0;
    unsigned next = power ? 0 : 1;

    if (proof->count == 0)
        return wrong_count(e);
    while ((c.first & 1) == 1) {
        c.first >>= 1;
        c.last >>= 1;
    }
    memcpy(before, power ? old->root : proof->hashes[0], sizeof before);
    memcpy(after, before, sizeof after);
    for (; next < proof->count; next++) {
        bool left = stands_left(&c);

        if (c.last == 0)
            return wrong_count(e);
        if (left) {
            wb_merkle_node(before, proof->hashes[next], before);
            wb_merkle_node(after, proof->hashes[next], after);
        } else
            wb_merkle_node(after, after, proof->hashes[next]);
        climb_on(&c, left);
    }
    if (c.last != 0)
        return wrong_count(e);
    if (!wb_equal(before, old->root, sizeof before) ||
        !wb_equal(after, head->root, sizeof after))
        return wb_fail(e, WB_ERR_INTEGRITY, "the proof does not join the two roots");
    return WB_OK;
}

static enum wb_status
check_head(const struct wb_merkle_head *head, struct wb_error *e)
{
    uint8_t empty[WB_HASH_BYTES];

    wb_merkle_empty(empty);
    if (head->size == 0 && !wb_equal(head->root, empty, sizeof empty))
        return wb_fail(e, WB_ERR_INTEGRITY, "size 0: not the root of the empty tree");
    return check_size(head->size, e);
}

enum wb_status
wb_merkle_check_consistency(const struct wb_merkle_head *head,
    const struct wb_merkle_head *old, const struct wb_merkle_proof *proof,
    struct wb_error *e)
{
    enum wb_status st;

    if ((st = check_head(head, e)) != WB_OK || (st = check_head(old, e)) != WB_OK)
        return st;
    if (head->size < old->size)
        return wb_fail(e, WB_ERR_INTEGRITY, "size %llu: smaller than the older %llu",
            (unsigned long long)head->size, (unsigned long long)old->size);
    if (old->size > 0 && old->size < head->size)
        return check_growth(head, old, proof, e);
    if (proof->count != 0)
        return wrong_count(e);
    if (old->size == head->size && !wb_equal(old->root, head->root, WB_HASH_BYTES))
        return wb_fail(e, WB_ERR_INTEGRITY, "two roots for one size, %llu",
            (unsigned long long)head->size);
    return WB_OK;
}
