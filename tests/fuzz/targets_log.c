/* tests/fuzz/targets_log.c - heads and proofs as text. */
#include <string.h>

#include "formats/checkpoint.h"
#include "formats/note.h"
#include "formats/proof.h"
#include "fuzz.h"

static bool
read_vkey(const uint8_t *bytes, size_t size)
{
    struct wb_note_key key;
    struct wb_buf out;

    if (wb_note_key_decode(&key, (const char *)bytes, size, NULL) != WB_OK)
        return false;
    wb_buf_init(&out, size);
    wb_note_key_encode(&out, &key);
    fuzz_same(&out, bytes, size);
    return true;
}

bool
fuzz_note(const uint8_t *bytes, size_t size)
{
    struct wb_note note;
    struct wb_buf out;

    if (wb_note_decode(&note, bytes, size, NULL) != WB_OK)
        return read_vkey(bytes, size);
    wb_buf_init(&out, size);
    fuzz_expect(wb_note_encode(&out, note.text, note.text_size, note.lines,
                    note.lines_size, NULL) == WB_OK,
        "a note that was read can be written");
    fuzz_same(&out, bytes, size);
    return true;
}

bool
fuzz_checkpoint(const uint8_t *bytes, size_t size)
{
    struct wb_checkpoint c;
    struct wb_buf out;

    if (wb_checkpoint_decode(&c, (const char *)bytes, size, NULL) != WB_OK)
        return false;
    wb_buf_init(&out, size);
    fuzz_expect(wb_checkpoint_encode(&out, &c, NULL) == WB_OK,
        "a checkpoint that was read can be written");
    fuzz_same(&out, bytes, size);
    return true;
}

bool
fuzz_proof(const uint8_t *bytes, size_t size)
{
    static const uint8_t leaf[WB_HASH_BYTES];
    struct wb_buf extra, out;
    struct wb_checkpoint c;
    struct wb_note_key log;
    struct wb_proof p;
    bool accepted;

    wb_buf_init(&extra, 0);
    accepted = wb_proof_decode(&p, &extra, (const char *)bytes, size, NULL) == WB_OK;
    if (accepted) {
        wb_buf_init(&out, size);
        fuzz_expect(wb_proof_encode(&out, &p, NULL) == WB_OK,
            "a proof that was read can be written");
        fuzz_same(&out, bytes, size);
        fuzz_expect(
            wb_note_key_init(&log, "nobody", WB_NOTE_ED25519, leaf, NULL) == WB_OK &&
                wb_proof_check(&c, &p, leaf, &log, NULL) != WB_OK,
            "nothing is proved under a worthless key");
    }
    wb_buf_wipe(&extra);
    return accepted;
}
