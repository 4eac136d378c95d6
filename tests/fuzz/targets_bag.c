/* tests/fuzz/targets_bag.c - what is inside a bundle but the records. */
#include <string.h>

#include "base/wire.h"
#include "bundle/card.h"
#include "bundle/info.h"
#include "formats/bagit.h"
#include "formats/minisign.h"
#include "formats/ustar.h"
#include "fuzz.h"

bool
fuzz_ustar(const uint8_t *bytes, size_t size)
{
    uint8_t block[WB_USTAR_BLOCK_BYTES];
    struct wb_ustar_member m;

    if (size != sizeof block || wb_ustar_decode(&m, bytes, NULL) != WB_OK)
        return false;
    fuzz_expect(wb_ustar_encode(block, m.name, m.size, NULL) == WB_OK &&
            memcmp(block, bytes, sizeof block) == 0,
        "a header of a member has one form");
    return true;
}

bool
fuzz_manifest(const uint8_t *bytes, size_t size)
{
    struct wb_bagit_manifest m;
    struct wb_cursor in;
    struct wb_buf out;
    bool complete = true;
    enum wb_status st = WB_OK;

    wb_buf_init(&out, size);
    wb_bagit_manifest_init(&m);
    wb_cursor_init(&in, bytes, size);
    while (st == WB_OK && complete) {
        st = wb_bagit_manifest_next(&m, &complete, &in, NULL);
        if (st == WB_OK && complete)
            wb_bagit_manifest_put(&out, m.hash, wb_bagit_manifest_path(&m));
    }
    if (st == WB_OK)
        st = wb_bagit_manifest_end(&m, NULL);
    if (st == WB_OK)
        fuzz_same(&out, bytes, size);
    wb_buf_wipe(&out);
    return st == WB_OK;
}

static void
read_info(const uint8_t *bytes, size_t size)
{
    struct wb_bagit_info info;
    struct wb_buf out;

    if (wb_bagit_info_decode(&info, bytes, size, NULL) != WB_OK)
        return;
    wb_buf_init(&out, WB_BAGIT_INFO_MAX);
    for (size_t i = 0; i < info.count; i++)
        fuzz_expect(wb_bagit_info_put(
                        &out, info.pairs[i].label, info.pairs[i].value, NULL) == WB_OK,
            "a label and value that were read can be written");
    fuzz_same(&out, bytes, size);
    wb_bagit_info_free(&info);
}

bool
fuzz_bag_info(const uint8_t *bytes, size_t size)
{
    static struct wb_info info;
    struct wb_buf out;

    read_info(bytes, size);
    memset(&info, 0, sizeof info);
    if (wb_info_decode(&info, bytes, size, NULL) != WB_OK)
        return false;
    wb_buf_init(&out, WB_BAGIT_INFO_MAX);
    wb_info_encode(&out, &info);
    fuzz_same(&out, bytes, size);
    return true;
}

static bool
read_key(const uint8_t *bytes, size_t size)
{
    struct wb_minisign_key key, again;
    struct wb_buf out;

    if (wb_minisign_key_get(&key, bytes, size, NULL) != WB_OK)
        return false;
    wb_buf_init(&out, 1024);
    wb_minisign_key_put(&out, &key);
    fuzz_expect(wb_minisign_key_get(&again, out.data, out.size, NULL) == WB_OK &&
            memcmp(&key, &again, sizeof key) == 0,
        "a key that was written is the same key");
    wb_buf_wipe(&out);
    return true;
}

bool
fuzz_minisign(const uint8_t *bytes, size_t size)
{
    static const struct wb_minisign_key key;
    struct wb_minisign m;

    if (wb_minisign_decode(&m, bytes, size, NULL) != WB_OK)
        return read_key(bytes, size);
    fuzz_expect(m.untrusted_size + m.trusted_size < size &&
            (const uint8_t *)m.trusted >= bytes &&
            (const uint8_t *)m.trusted + m.trusted_size <= bytes + size,
        "the comments lie in the bytes");
    fuzz_expect(wb_minisign_verify(&m, &key, "x", 1, NULL) != WB_OK,
        "nothing is signed by a worthless key");
    return true;
}

bool
fuzz_card(const uint8_t *bytes, size_t size)
{
    static struct wb_card card;
    struct wb_minisign_key key;
    char text[WB_MINISIGN_KEY_CHARS + 1];

    memset(&card, 0, sizeof card);
    if (wb_card_decode(&card, &key, bytes, size, NULL) != WB_OK)
        return false;
    wb_minisign_key_encode(text, &key);
    fuzz_expect(strcmp(text, card.minisign) == 0, "a card is signed by its own key");
    return true;
}
