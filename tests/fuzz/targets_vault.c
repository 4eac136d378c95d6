/* tests/fuzz/targets_vault.c - the vault file before SQLite sees it, and its state. */
#include <string.h>

#include "fuzz.h"
#include "store/precheck.h"
#include "store/state.h"

enum { PAGE_BYTES = 16384, JOURNAL_HEAD = 512, JOURNAL_TAIL = 8 };

/* Every slot is tried with a key that fits none. */
static void
try_slots(const struct wb_header *h)
{
    struct wb_secret *p = NULL, *root = NULL;
    unsigned index;

    if (wb_secret_new(&p, WB_KEY_BYTES, NULL) != WB_OK)
        return;
    memset(wb_secret_room(p), 5, WB_KEY_BYTES);
    fuzz_expect(
        wb_slots_open(h, &root, &index, p, NULL) != WB_OK && !wb_header_check(h, p),
        "no slot opens with a key of nobody");
    wb_secret_free(&p);
}

bool
fuzz_header(const uint8_t *bytes, size_t size)
{
    static struct wb_header h;

    if (size != WB_HEADER_BYTES || wb_header_decode(&h, bytes, NULL) != WB_OK)
        return false;
    fuzz_expect(memcmp(h.bytes, bytes, size) == 0, "a header is kept as it is");
    try_slots(&h);
    return true;
}

/* The bytes from the front of the page, more of them from its end: what counts of it
 * stands there. */
bool
fuzz_page(const uint8_t *bytes, size_t size)
{
    static uint8_t page[PAGE_BYTES];
    uint8_t header[WB_HEADER_BYTES];
    size_t front = size < 16 ? size : 16;

    if (size > PAGE_BYTES)
        return false;
    memset(page, 0, sizeof page);
    memcpy(page, bytes, front);
    memcpy(page + PAGE_BYTES - (size - front), bytes + front, size - front);
    if (wb_precheck_page(header, page, NULL) != WB_OK)
        return false;
    (void)fuzz_header(header, sizeof header);
    return true;
}

bool
fuzz_journal(const uint8_t *bytes, size_t size)
{
    if (size < JOURNAL_TAIL)
        return false;
    return wb_precheck_journal(bytes, size < JOURNAL_HEAD ? size : JOURNAL_HEAD,
               bytes + size - JOURNAL_TAIL, NULL) == WB_OK;
}

bool
fuzz_state(const uint8_t *bytes, size_t size)
{
    static struct wb_vault_state s;
    struct wb_secret *plain = NULL, *again = NULL;
    bool accepted = false;

    if (size == 0 || size > 65536 || wb_secret_new(&plain, size, NULL) != WB_OK)
        return false;
    memcpy(wb_secret_room(plain), bytes, size);
    memset(&s, 0, sizeof s);
    accepted = wb_state_decode(&s, plain, NULL) == WB_OK;
    if (accepted) {
        fuzz_expect(wb_state_encode(&again, &s, NULL) == WB_OK &&
                wb_secret_size(again) == size &&
                memcmp(wb_secret_bytes(again), bytes, size) == 0,
            "what was accepted is written as the same bytes");
        wb_state_wipe(&s);
    }
    wb_secret_free(&again);
    wb_secret_free(&plain);
    return accepted;
}
