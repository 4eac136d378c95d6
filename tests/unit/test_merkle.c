/* tests/unit/test_merkle.c - the Merkle tree against RFC 6962, written out a second
 * time. */
#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "formats/merkle.h"

enum {
    TREE_LEAVES_MAX = 1100,
    TREE_LEAVES_FEW = 130,
    TREES = 10000,
    HASH = WB_HASH_BYTES,
};

/* RFC 6962 section 2.1 as it reads, by recursion over the leaves. */

static uint8_t leaves[TREE_LEAVES_MAX][HASH];

static size_t
largest_power_below(size_t n)
{
    size_t k = 1;

    while (k * 2 < n)
        k *= 2;
    return k;
}

static void
naive_root(uint8_t out[HASH], size_t start, size_t end)
{
    uint8_t pair[1 + 2 * HASH] = {0x01};
    size_t n = end - start, k;

    if (n == 0)
        wb_sha256_of(out, "", 0);
    else if (n == 1)
        memcpy(out, leaves[start], HASH);
    else {
        k = largest_power_below(n);
        naive_root(pair + 1, start, start + k);
        naive_root(pair + 1 + HASH, start + k, end);
        wb_sha256_of(out, pair, sizeof pair);
    }
}

static void
naive_path(struct wb_merkle_proof *p, size_t m, size_t start, size_t end)
{
    size_t n = end - start, k;

    if (n <= 1)
        return;
    k = largest_power_below(n);
    if (m < k) {
        naive_path(p, m, start, start + k);
        naive_root(p->hashes[p->count++], start + k, end);
    } else {
        naive_path(p, m - k, start + k, end);
        naive_root(p->hashes[p->count++], start, start + k);
    }
}

static void
naive_subproof(struct wb_merkle_proof *p, size_t m, size_t start, size_t end, bool b)
{
    size_t n = end - start, k;

    if (m == n) {
        if (!b)
            naive_root(p->hashes[p->count++], start, end);
        return;
    }
    k = largest_power_below(n);
    if (m <= k) {
        naive_subproof(p, m, start, start + k, b);
        naive_root(p->hashes[p->count++], start + k, end);
    } else {
        naive_subproof(p, m - k, start + k, end, false);
        naive_root(p->hashes[p->count++], start, start + k);
    }
}

/* a store of rows, as the vault keeps them. */

static struct wb_merkle_row rows[TREE_LEAVES_MAX];
static size_t rows_count;
static unsigned reads;
static unsigned read_to_fail; /* 1 is the next one, 0 none */

static enum wb_status
read_node(void *context, unsigned level, uint64_t index, uint8_t out[static HASH],
    struct wb_error *e)
{
    uint64_t leaf = ((index + 1) << level) - 1;

    assert_ptr_equal(context, rows);
    assert_true(leaf < rows_count);
    assert_true(level < rows[leaf].count);
    reads++;
    if (read_to_fail != 0 && --read_to_fail == 0)
        return wb_fail(e, WB_ERR_IO, "row %u", (unsigned)leaf);
    memcpy(out, rows[leaf].hashes[level], HASH);
    return WB_OK;
}

static const struct wb_merkle_reader reader = {read_node, rows};

static void
grow_tree(struct wb_merkle_edge *edge, size_t size)
{
    char entry[32];

    *edge = (struct wb_merkle_edge){0};
    for (size_t i = 0; i < size; i++) {
        int length = snprintf(entry, sizeof entry, "entry %zu", i);

        wb_merkle_leaf(leaves[i], entry, (size_t)length);
        assert_int_equal(wb_merkle_append(edge, &rows[i], leaves[i], NULL), WB_OK);
    }
    rows_count = size;
}

static void
assert_hex(const uint8_t *hash, const char *hex)
{
    char text[2 * HASH + 1];

    wb_hex_encode(text, hash, HASH);
    assert_string_equal(text, hex);
}

static void
assert_same_proof(const struct wb_merkle_proof *a, const struct wb_merkle_proof *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->hashes, b->hashes, (size_t)a->count * HASH);
}

static unsigned
bits_of(uint64_t n)
{
    unsigned bits = 0;

    for (; n > 0; n >>= 1)
        bits++;
    return bits;
}

/* The entries and roots that the RFC 6962 implementations test themselves with
 * (certificate-transparency merkletree, trillian). */
static void
the_known_tree_of_certificate_transparency_comes_out(void **state)
{
    static const struct {
        const char *entry;
        size_t size;
        const char *root;
    } known[] = {
        /* clang-format off */
        {"", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"\x00", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"\x50\x51\x52\x53\x54\x55\x56\x57", 8, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
        /* clang-format on */
    };
    static struct wb_merkle_edge edge = {0};
    uint8_t leaf[HASH], root[HASH];

    (void)state;
    wb_merkle_root(root, &edge);
    assert_hex(
        root, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        wb_merkle_leaf(leaf, known[i].entry, known[i].size);
        assert_int_equal(wb_merkle_append(&edge, NULL, leaf, NULL), WB_OK);
        wb_merkle_root(root, &edge);
        assert_hex(root, known[i].root);
    }
}

static void
a_row_holds_the_leaf_and_every_subtree_that_ends_with_it(void **state)
{
    static struct wb_merkle_edge edge;
    uint8_t expected[HASH];
    size_t checked = 0;

    (void)state;
    grow_tree(&edge, 300);
    for (size_t i = 0; i < 300; i++) {
        unsigned ones = 0;

        while ((i >> ones & 1) == 1)
            ones++;
        assert_int_equal(rows[i].count, 1 + ones);
        for (unsigned level = 0; level < rows[i].count; level++, checked++) {
            naive_root(expected, i + 1 - ((size_t)1 << level), i + 1);
            assert_memory_equal(rows[i].hashes[level], expected, HASH);
        }
    }
    assert_int_equal(checked, 300 + 150 + 75 + 37 + 18 + 9 + 4 + 2 + 1);
}

static unsigned refused_alterations;

/* A bit of each hash in turn. */
static void
alter_inclusion(
    const struct wb_merkle_head *head, size_t index, struct wb_merkle_proof *proof)
{
    for (unsigned i = 0; i < proof->count; i++, refused_alterations++) {
        uint8_t *byte = &proof->hashes[i][rand() % HASH];

        *byte ^= 1;
        assert_int_equal(
            wb_merkle_check_inclusion(head, leaves[index], index, proof, NULL),
            WB_ERR_INTEGRITY);
        *byte ^= 1;
    }
}

static void
alter_consistency(const struct wb_merkle_head *head, const struct wb_merkle_head *old,
    struct wb_merkle_proof *proof)
{
    for (unsigned i = 0; i < proof->count; i++, refused_alterations++) {
        uint8_t *byte = &proof->hashes[i][rand() % HASH];

        *byte ^= 1;
        assert_int_equal(
            wb_merkle_check_consistency(head, old, proof, NULL), WB_ERR_INTEGRITY);
        *byte ^= 1;
    }
}

static void
check_one_tree(size_t size)
{
    struct wb_merkle_proof naive = {0}, made = {0};
    struct wb_merkle_head head = {.size = size}, old = {0};
    size_t index = (size_t)rand() % size;
    unsigned depth = bits_of(size - 1);

    old.size = (size_t)rand() % (size + 1);
    naive_root(head.root, 0, size);
    naive_root(old.root, 0, (size_t)old.size);
    reads = 0;
    assert_int_equal(
        wb_merkle_prove_inclusion(&made, index, size, &reader, NULL), WB_OK);
    assert_true(reads <= 2 * depth);
    naive_path(&naive, index, 0, size);
    assert_same_proof(&made, &naive);
    assert_int_equal(
        wb_merkle_check_inclusion(&head, leaves[index], index, &made, NULL), WB_OK);
    alter_inclusion(&head, index, &made);

    reads = 0;
    assert_int_equal(
        wb_merkle_prove_consistency(&made, old.size, size, &reader, NULL), WB_OK);
    assert_true(reads <= 3 * depth);
    naive.count = 0;
    if (old.size > 0)
        naive_subproof(&naive, (size_t)old.size, 0, size, true);
    assert_same_proof(&made, &naive);
    assert_int_equal(wb_merkle_check_consistency(&head, &old, &made, NULL), WB_OK);
    alter_consistency(&head, &old, &made);
}

static void
ten_thousand_random_trees_agree_with_the_recursive_definition(void **state)
{
    static struct wb_merkle_edge edge, again;
    uint8_t root[HASH], expected[HASH];

    (void)state;
    srand(6962);
    grow_tree(&edge, TREE_LEAVES_MAX);
    for (unsigned i = 0; i < TREES; i++) {
        /* most are small: the second definition walks every leaf */
        size_t size =
            1 + (size_t)rand() % (rand() % 8 == 0 ? TREE_LEAVES_MAX : TREE_LEAVES_FEW);

        rows_count = size; /* nothing beyond the tree may be read */
        assert_int_equal(wb_merkle_edge_read(&again, size, &reader, NULL), WB_OK);
        assert_int_equal(again.count, wb_merkle_edge_count(size));
        wb_merkle_root(root, &again);
        naive_root(expected, 0, size);
        assert_memory_equal(root, expected, HASH);
        check_one_tree(size);
    }
    print_message("%d trees, %u altered proofs refused\n", TREES, refused_alterations);
    assert_true(refused_alterations > 5 * TREES);
}

static void
every_leaf_and_every_growth_of_the_small_trees_is_proved(void **state)
{
    static struct wb_merkle_edge edge;
    static struct wb_merkle_proof proof;
    unsigned inclusions = 0, growths = 0;

    (void)state;
    grow_tree(&edge, 40);
    for (size_t size = 1; size <= 40; size++) {
        struct wb_merkle_head head = {.size = size};

        naive_root(head.root, 0, size);
        for (size_t i = 0; i < size; i++, inclusions++) {
            assert_int_equal(
                wb_merkle_prove_inclusion(&proof, i, size, &reader, NULL), WB_OK);
            assert_int_equal(
                wb_merkle_check_inclusion(&head, leaves[i], i, &proof, NULL), WB_OK);
        }
        for (size_t i = 0; i <= size; i++, growths++) {
            struct wb_merkle_head old = {.size = i};

            naive_root(old.root, 0, i);
            assert_int_equal(
                wb_merkle_prove_consistency(&proof, i, size, &reader, NULL), WB_OK);
            assert_int_equal(
                wb_merkle_check_consistency(&head, &old, &proof, NULL), WB_OK);
        }
    }
    assert_int_equal(inclusions, 820);
    assert_int_equal(growths, 860);
}

static void
an_edge_read_back_goes_on_where_it_was(void **state)
{
    static struct wb_merkle_edge edge, again;
    static struct wb_merkle_row row;
    uint8_t one[HASH], two[HASH];

    (void)state;
    grow_tree(&edge, 100);
    for (size_t size = 0; size < 100; size++) {
        assert_int_equal(wb_merkle_edge_read(&again, size, &reader, NULL), WB_OK);
        assert_int_equal(again.size, size);
        for (size_t i = size; i < 100; i++) {
            assert_int_equal(wb_merkle_append(&again, &row, leaves[i], NULL), WB_OK);
            assert_int_equal(row.count, rows[i].count);
            assert_memory_equal(row.hashes, rows[i].hashes, (size_t)row.count * HASH);
        }
        wb_merkle_root(one, &again);
        wb_merkle_root(two, &edge);
        assert_memory_equal(one, two, HASH);
    }
}

/* refusals. */

static void
every_altered_bit_of_an_inclusion_is_refused(void **state)
{
    static struct wb_merkle_edge edge;
    static struct wb_merkle_proof proof;
    struct wb_merkle_head head;
    struct wb_error e = {0};
    unsigned refused = 0;

    (void)state;
    for (size_t size = 1; size <= 21; size++) {
        size_t index = size * 5 / 7;

        grow_tree(&edge, size);
        head.size = size;
        wb_merkle_root(head.root, &edge);
        assert_int_equal(
            wb_merkle_prove_inclusion(&proof, index, size, &reader, &e), WB_OK);
        for (size_t bit = 0; bit < proof.count * HASH * 8; bit++, refused++) {
            uint8_t *byte = &proof.hashes[bit / 256][bit / 8 % HASH];

            *byte ^= (uint8_t)(1U << bit % 8);
            assert_int_equal(
                wb_merkle_check_inclusion(&head, leaves[index], index, &proof, &e),
                WB_ERR_INTEGRITY);
            assert_string_equal(e.message, "the proof does not lead to the root");
            *byte ^= (uint8_t)(1U << bit % 8);
        }
        for (size_t bit = 0; bit < HASH * 8; bit++, refused += 2) {
            uint8_t leaf[HASH];

            memcpy(leaf, leaves[index], HASH);
            leaf[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_int_equal(wb_merkle_check_inclusion(&head, leaf, index, &proof, &e),
                WB_ERR_INTEGRITY);
            head.root[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_int_equal(
                wb_merkle_check_inclusion(&head, leaves[index], index, &proof, &e),
                WB_ERR_INTEGRITY);
            head.root[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
    }
    assert_true(refused > 20000);
}

static void
every_altered_bit_of_a_consistency_is_refused(void **state)
{
    static struct wb_merkle_edge edge;
    static struct wb_merkle_proof proof;
    struct wb_merkle_head head, old;
    struct wb_error e = {0};
    unsigned refused = 0;

    (void)state;
    grow_tree(&edge, 23);
    head.size = 23;
    wb_merkle_root(head.root, &edge);
    for (size_t old_size = 1; old_size < 23; old_size++) {
        old.size = old_size;
        naive_root(old.root, 0, old_size);
        assert_int_equal(
            wb_merkle_prove_consistency(&proof, old_size, 23, &reader, &e), WB_OK);
        for (size_t bit = 0; bit < proof.count * HASH * 8; bit++, refused++) {
            uint8_t *byte = &proof.hashes[bit / 256][bit / 8 % HASH];

            *byte ^= (uint8_t)(1U << bit % 8);
            assert_int_equal(
                wb_merkle_check_consistency(&head, &old, &proof, &e), WB_ERR_INTEGRITY);
            *byte ^= (uint8_t)(1U << bit % 8);
        }
        for (size_t bit = 0; bit < HASH * 8; bit++, refused += 2) {
            head.root[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_int_equal(
                wb_merkle_check_consistency(&head, &old, &proof, &e), WB_ERR_INTEGRITY);
            assert_string_equal(e.message, "the proof does not join the two roots");
            head.root[bit / 8] ^= (uint8_t)(1U << bit % 8);
            old.root[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_int_equal(
                wb_merkle_check_consistency(&head, &old, &proof, &e), WB_ERR_INTEGRITY);
            assert_string_equal(e.message, "the proof does not join the two roots");
            old.root[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
    }
    assert_true(refused > 20000);
}

static void
an_inclusion_is_refused_at_any_other_place(void **state)
{
    static struct wb_merkle_edge edge;
    static struct wb_merkle_proof proof;
    struct wb_merkle_head head;
    unsigned refused = 0;

    (void)state;
    grow_tree(&edge, 40);
    for (size_t size = 1; size <= 40; size++)
        for (size_t index = 0; index < size; index++) {
            naive_root(head.root, 0, size);
            assert_int_equal(
                wb_merkle_prove_inclusion(&proof, index, size, &reader, NULL), WB_OK);
            head.size = size;
            for (size_t other = 0; other <= size + 1; other++, refused++)
                if (other != index)
                    assert_int_equal(wb_merkle_check_inclusion(
                                         &head, leaves[index], other, &proof, NULL),
                        WB_ERR_INTEGRITY);
        }
    assert_true(refused > 20000);
}

/* A size is no part of the root: a proof may fit a tree of another size with as many
 * levels on its way. That is why a checkpoint signs both. What never fits is a size
 * that asks for another number of hashes. */
static void
a_proof_of_another_length_than_its_place_asks_is_refused(void **state)
{
    static struct wb_merkle_edge edge;
    static struct wb_merkle_proof proof, other;
    struct wb_merkle_head head;
    struct wb_error e = {0};
    unsigned refused = 0;

    (void)state;
    grow_tree(&edge, 70);
    for (size_t size = 1; size <= 70; size++) {
        naive_root(head.root, 0, size);
        assert_int_equal(
            wb_merkle_prove_inclusion(&proof, size / 3, size, &reader, &e), WB_OK);
        for (size_t n = 1; n <= 70; n++) {
            if (size / 3 >= n)
                continue;
            assert_int_equal(
                wb_merkle_prove_inclusion(&other, size / 3, n, &reader, &e), WB_OK);
            if (other.count == proof.count)
                continue;
            head.size = n;
            assert_int_equal(wb_merkle_check_inclusion(
                                 &head, leaves[size / 3], size / 3, &proof, &e),
                WB_ERR_INTEGRITY);
            assert_string_equal(
                e.message, "the proof has the wrong number of hashes for its place");
            refused++;
        }
    }
    assert_true(refused > 2000);
}

static void
a_hash_more_or_less_is_refused(void **state)
{
    static struct wb_merkle_edge edge;
    static struct wb_merkle_proof proof;
    struct wb_merkle_head head, old;
    struct wb_error e = {0};

    (void)state;
    grow_tree(&edge, 50);
    for (size_t size = 1; size <= 50; size++) {
        head.size = size;
        old.size = size / 2;
        naive_root(head.root, 0, size);
        naive_root(old.root, 0, size / 2);
        assert_int_equal(
            wb_merkle_prove_inclusion(&proof, size / 2, size, &reader, &e), WB_OK);
        proof.count++;
        assert_int_equal(
            wb_merkle_check_inclusion(&head, leaves[size / 2], size / 2, &proof, &e),
            WB_ERR_INTEGRITY);
        if (proof.count >= 2) {
            proof.count -= 2;
            assert_int_equal(wb_merkle_check_inclusion(
                                 &head, leaves[size / 2], size / 2, &proof, &e),
                WB_ERR_INTEGRITY);
        }
        assert_int_equal(
            wb_merkle_prove_consistency(&proof, size / 2, size, &reader, &e), WB_OK);
        proof.count++;
        assert_int_equal(
            wb_merkle_check_consistency(&head, &old, &proof, &e), WB_ERR_INTEGRITY);
        if (proof.count >= 2) {
            proof.count -= 2;
            assert_int_equal(
                wb_merkle_check_consistency(&head, &old, &proof, &e), WB_ERR_INTEGRITY);
        }
    }
}

static void
heads_that_cannot_follow_one_another_are_refused(void **state)
{
    static struct wb_merkle_edge edge;
    struct wb_merkle_proof none = {0}, proof;
    struct wb_merkle_head head = {.size = 7}, old = {.size = 5}, empty = {0};
    struct wb_error e = {0};

    (void)state;
    grow_tree(&edge, 7);
    naive_root(head.root, 0, 7);
    naive_root(old.root, 0, 5);
    wb_merkle_empty(empty.root);
    assert_int_equal(wb_merkle_check_consistency(&head, &empty, &none, &e), WB_OK);
    assert_int_equal(wb_merkle_check_consistency(&empty, &empty, &none, &e), WB_OK);
    assert_int_equal(wb_merkle_check_consistency(&head, &head, &none, &e), WB_OK);

    assert_int_equal(wb_merkle_prove_consistency(&proof, 5, 7, &reader, &e), WB_OK);
    assert_int_equal(
        wb_merkle_check_consistency(&old, &head, &proof, &e), WB_ERR_INTEGRITY);
    assert_string_equal(e.message, "size 5: smaller than the older 7");
    assert_int_equal(
        wb_merkle_check_consistency(&head, &empty, &proof, &e), WB_ERR_INTEGRITY);
    assert_int_equal(
        wb_merkle_check_consistency(&head, &head, &proof, &e), WB_ERR_INTEGRITY);
    assert_int_equal(
        wb_merkle_check_consistency(&head, &old, &none, &e), WB_ERR_INTEGRITY);
    old = head;
    old.root[0] ^= 1;
    assert_int_equal(
        wb_merkle_check_consistency(&head, &old, &none, &e), WB_ERR_INTEGRITY);
    assert_string_equal(e.message, "two roots for one size, 7");
    empty.root[31] ^= 0x80;
    assert_int_equal(
        wb_merkle_check_consistency(&head, &empty, &none, &e), WB_ERR_INTEGRITY);
    assert_string_equal(e.message, "size 0: not the root of the empty tree");
    assert_int_equal(
        wb_merkle_check_inclusion(&empty, leaves[0], 0, &none, &e), WB_ERR_INTEGRITY);
    assert_string_equal(e.message, "leaf 0: the tree has 0 leaves");
}

static void
a_proof_of_what_is_not_in_the_tree_is_not_made(void **state)
{
    static struct wb_merkle_edge edge;
    static struct wb_merkle_proof proof, before;
    struct wb_error e = {0};

    (void)state;
    grow_tree(&edge, 9);
    memset(&proof, 0xa5, sizeof proof);
    before = proof;
    reads = 0;
    assert_int_equal(
        wb_merkle_prove_inclusion(&proof, 9, 9, &reader, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "leaf 9: the tree has 9 leaves");
    assert_int_equal(
        wb_merkle_prove_consistency(&proof, 10, 9, &reader, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "old size 10: the tree has 9 leaves");
    assert_int_equal(
        wb_merkle_prove_inclusion(&proof, 1, UINT64_MAX, &reader, &e), WB_ERR_LIMIT);
    assert_int_equal(
        wb_merkle_prove_consistency(&proof, 1, WB_MERKLE_SIZE_MAX + 1, &reader, &e),
        WB_ERR_LIMIT);
    assert_int_equal(reads, 0);
    assert_memory_equal(&proof, &before, sizeof proof);
}

static void
a_failing_read_leaves_the_outputs_alone(void **state)
{
    static struct wb_merkle_edge edge, kept;
    static struct wb_merkle_proof proof, before;
    struct wb_error e = {0};
    unsigned failed = 0;

    (void)state;
    grow_tree(&edge, 107);
    kept = edge;
    memset(&proof, 0xa5, sizeof proof);
    before = proof;
    for (unsigned n = 1; n < 30; n++) {
        read_to_fail = n;
        if (wb_merkle_prove_inclusion(&proof, 33, 107, &reader, &e) == WB_OK)
            memcpy(&proof, &before, sizeof proof);
        else
            failed++;
        assert_memory_equal(&proof, &before, sizeof proof);
        read_to_fail = n;
        if (wb_merkle_prove_consistency(&proof, 91, 107, &reader, &e) == WB_OK)
            memcpy(&proof, &before, sizeof proof);
        else
            failed++;
        assert_memory_equal(&proof, &before, sizeof proof);
        read_to_fail = n;
        if (wb_merkle_edge_read(&edge, 101, &reader, &e) == WB_OK)
            edge = kept;
        else
            failed++;
        assert_memory_equal(&edge, &kept, sizeof edge);
    }
    read_to_fail = 0;
    assert_int_equal(e.status, WB_ERR_IO);
    assert_true(failed >= 20);
}

static void
a_full_tree_takes_no_leaf(void **state)
{
    static struct wb_merkle_edge edge = {.size = WB_MERKLE_SIZE_MAX, .count = 63};
    static struct wb_merkle_edge before;
    static struct wb_merkle_row row = {.count = 77};
    struct wb_merkle_head head = {.size = WB_MERKLE_SIZE_MAX + 1};
    struct wb_merkle_proof none = {0};
    struct wb_error e = {0};
    uint8_t leaf[HASH] = {0};

    (void)state;
    before = edge;
    assert_int_equal(wb_merkle_append(&edge, &row, leaf, &e), WB_ERR_LIMIT);
    assert_string_equal(e.message, "the tree is full: 2^63 - 1 leaves");
    assert_memory_equal(&edge, &before, sizeof edge);
    assert_int_equal(row.count, 77);
    assert_int_equal(
        wb_merkle_check_inclusion(&head, leaf, 0, &none, &e), WB_ERR_LIMIT);
    assert_int_equal(
        wb_merkle_check_consistency(&head, &head, &none, &e), WB_ERR_LIMIT);
    edge.size = WB_MERKLE_SIZE_MAX - 1; /* the last one still fits */
    edge.count = 62;
    assert_int_equal(wb_merkle_append(&edge, &row, leaf, &e), WB_OK);
    assert_int_equal(edge.count, 63);
    assert_int_equal(row.count, 1);
}

/* The largest tree: its proofs must fit their arrays. All nodes of a level are alike.
 */
static enum wb_status
read_alike(void *context, unsigned level, uint64_t index, uint8_t out[static HASH],
    struct wb_error *e)
{
    uint8_t(*levels)[HASH] = context;

    (void)e;
    assert_true(((index + 1) << level) <= WB_MERKLE_SIZE_MAX);
    memcpy(out, levels[level], HASH);
    return WB_OK;
}

static void
proofs_of_the_largest_tree_fit(void **state)
{
    static uint8_t levels[63][HASH];
    const struct wb_merkle_reader alike = {read_alike, levels};
    static struct wb_merkle_edge edge;
    struct wb_merkle_head head = {.size = WB_MERKLE_SIZE_MAX}, old;
    static struct wb_merkle_proof proof;

    (void)state;
    wb_merkle_leaf(levels[0], "x", 1);
    for (unsigned i = 1; i < 63; i++)
        wb_merkle_node(levels[i], levels[i - 1], levels[i - 1]);
    assert_int_equal(wb_merkle_edge_read(&edge, head.size, &alike, NULL), WB_OK);
    wb_merkle_root(head.root, &edge);
    for (uint64_t index = 1; index < head.size; index = index * 3 + 1) {
        assert_int_equal(
            wb_merkle_prove_inclusion(&proof, index, head.size, &alike, NULL), WB_OK);
        assert_true(proof.count >= 2 && proof.count <= 63);
        assert_int_equal(
            wb_merkle_check_inclusion(&head, levels[0], index, &proof, NULL), WB_OK);
        old.size = index;
        assert_int_equal(wb_merkle_edge_read(&edge, old.size, &alike, NULL), WB_OK);
        wb_merkle_root(old.root, &edge);
        assert_int_equal(
            wb_merkle_prove_consistency(&proof, old.size, head.size, &alike, NULL),
            WB_OK);
        assert_true(proof.count <= WB_MERKLE_PROOF_MAX);
        assert_int_equal(wb_merkle_check_consistency(&head, &old, &proof, NULL), WB_OK);
        if (index > head.size / 4)
            break;
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_known_tree_of_certificate_transparency_comes_out),
        cmocka_unit_test(a_row_holds_the_leaf_and_every_subtree_that_ends_with_it),
        cmocka_unit_test(ten_thousand_random_trees_agree_with_the_recursive_definition),
        cmocka_unit_test(every_leaf_and_every_growth_of_the_small_trees_is_proved),
        cmocka_unit_test(an_edge_read_back_goes_on_where_it_was),
        cmocka_unit_test(every_altered_bit_of_an_inclusion_is_refused),
        cmocka_unit_test(every_altered_bit_of_a_consistency_is_refused),
        cmocka_unit_test(an_inclusion_is_refused_at_any_other_place),
        cmocka_unit_test(a_proof_of_another_length_than_its_place_asks_is_refused),
        cmocka_unit_test(a_hash_more_or_less_is_refused),
        cmocka_unit_test(heads_that_cannot_follow_one_another_are_refused),
        cmocka_unit_test(a_proof_of_what_is_not_in_the_tree_is_not_made),
        cmocka_unit_test(a_failing_read_leaves_the_outputs_alone),
        cmocka_unit_test(a_full_tree_takes_no_leaf),
        cmocka_unit_test(proofs_of_the_largest_tree_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
