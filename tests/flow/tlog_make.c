/* tests/flow/tlog_make.c - random trees with our proofs and checkpoints, a JSON line
 * for each, for a program that shares nothing with us: tests/go/verify.go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/random.h"
#include "custody/log.h"
#include "formats/base64.h"

enum { LEAVES_MAX = 400, ENTRY_BYTES = 64, LINE_BYTES = 1 << 20 };

static struct wb_merkle_row rows[LEAVES_MAX];
static uint64_t dice = 20261123;

static uint64_t
draw(uint64_t below)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (dice >> 33) % below;
}

static void
must(bool good, const char *what)
{
    if (good)
        return;
    (void)fprintf(stderr, "tlog_make: %s\n", what);
    exit(1);
}

static enum wb_status
read_node(void *context, unsigned level, uint64_t index,
    uint8_t out[static WB_HASH_BYTES], struct wb_error *e)
{
    (void)context;
    (void)e;
    memcpy(out, rows[((index + 1) << level) - 1].hashes[level], WB_HASH_BYTES);
    return WB_OK;
}

static const struct wb_merkle_reader reader = {read_node, NULL};

/* Leaf i of tree t is the text "tree T leaf I": the other side makes it again. */
static void
grow(struct wb_merkle_edge *edge, unsigned tree, uint64_t size)
{
    char entry[ENTRY_BYTES];
    uint8_t leaf[WB_HASH_BYTES];

    *edge = (struct wb_merkle_edge){0};
    for (uint64_t i = 0; i < size; i++) {
        int length = snprintf(
            entry, sizeof entry, "tree %u leaf %llu", tree, (unsigned long long)i);

        wb_merkle_leaf(leaf, entry, (size_t)length);
        must(wb_merkle_append(edge, &rows[i], leaf, NULL) == WB_OK, "append");
    }
}

static void
print_hashes(const char *name, const struct wb_merkle_proof *p)
{
    char text[48] = "";

    printf(",\"%s\":[", name);
    for (unsigned i = 0; i < p->count; i++) {
        wb_base64_encode(text, p->hashes[i], WB_HASH_BYTES, WB_BASE64_PADDED);
        printf("%s\"%s\"", i > 0 ? "," : "", text);
    }
    printf("]");
}

static void
print_text(const char *name, const struct wb_buf *text)
{
    printf(",\"%s\":\"", name);
    for (size_t i = 0; i < text->size; i++) {
        if (text->data[i] == '\n')
            printf("\\n");
        else
            putchar(text->data[i]);
    }
    printf("\"");
}

static void
print_note(const struct wb_merkle_edge *edge, const struct wb_note_key *key,
    const struct wb_secret *seed)
{
    struct wb_checkpoint c = {.head.size = edge->size};
    struct wb_buf text, line, note, vkey;

    wb_buf_init(&text, LINE_BYTES);
    wb_buf_init(&line, LINE_BYTES);
    wb_buf_init(&note, LINE_BYTES);
    wb_buf_init(&vkey, LINE_BYTES);
    memcpy(c.origin, key->name, sizeof c.origin);
    wb_merkle_root(c.head.root, edge);
    wb_note_key_encode(&vkey, key);
    must(wb_checkpoint_encode(&text, &c, NULL) == WB_OK &&
            wb_note_sign(&line, (const char *)text.data, text.size, key, seed, NULL) ==
                WB_OK &&
            wb_note_encode(&note, (const char *)text.data, text.size,
                (const char *)line.data, line.size, NULL) == WB_OK,
        "note");
    print_text("vkey", &vkey);
    print_text("note", &note);
    wb_buf_wipe(&text);
    wb_buf_wipe(&line);
    wb_buf_wipe(&note);
    wb_buf_wipe(&vkey);
}

static void
make_tree(unsigned tree, const struct wb_note_key *key, const struct wb_secret *seed)
{
    static struct wb_merkle_edge edge;
    static struct wb_merkle_proof inclusion, consistency;
    const uint64_t size = 1 + draw(draw(8) == 0 ? LEAVES_MAX : 70);
    const uint64_t index = draw(size), old = draw(size + 1);

    grow(&edge, tree, size);
    must(wb_merkle_prove_inclusion(&inclusion, index, size, &reader, NULL) == WB_OK &&
            wb_merkle_prove_consistency(&consistency, old, size, &reader, NULL) ==
                WB_OK,
        "proof");
    printf("{\"tree\":%u,\"size\":%llu,\"index\":%llu,\"old\":%llu", tree,
        (unsigned long long)size, (unsigned long long)index, (unsigned long long)old);
    print_hashes("inclusion", &inclusion);
    print_hashes("consistency", &consistency);
    print_note(&edge, key, seed);
    printf("}\n");
}

int
main(int argc, char **argv)
{
    const unsigned count = argc == 2 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
    struct wb_secret *seed = NULL;
    struct wb_note_key key;
    uint8_t public[WB_SIGN_PUBLIC_BYTES];

    must(count > 0, "how many trees?");
    must(wb_crypto_start(NULL) == WB_OK &&
            wb_secret_new(&seed, WB_KEY_BYTES, NULL) == WB_OK,
        "start");
    wb_random_secret(seed);
    must(wb_sign_public(public, seed, NULL) == WB_OK &&
            wb_note_key_init(&key, "witnessbox/7777777777777777777777777w",
                WB_NOTE_ED25519, public, NULL) == WB_OK,
        "key");
    for (unsigned tree = 0; tree < count; tree++)
        make_tree(tree, &key, seed);
    wb_secret_free(&seed);
    return fflush(stdout) == 0 ? 0 : 1;
}
