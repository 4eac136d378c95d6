/* vault/custody/mark.c - four words for a public key (store FORMAT.md section 14). */
#include <string.h>

#include <witnessbox/field.h>

#include "../base/fail.h"
#include "../formats/words.h"
#include "identity.h"

enum { MARK_WORDS = 4 };

/* Finding another key with the same words costs 2^44 runs of Argon2id, not 2^44
 * additions on the curve, which are a weekend's work. */
static enum wb_status
make_mark(char mark[static WB_MARK_BYTES], const uint8_t key[static WB_KEY_BYTES],
    const char *label, struct wb_error *e)
{
    static const uint8_t salt[WB_SALT_BYTES];
    const struct wb_kdf_params kdf = WB_KDF_FLOOR;
    struct wb_secret *out = NULL, *in = NULL;
    struct wb_kdf_input input = {.passphrase_size = WB_KEY_BYTES,
        .salt = salt,
        .ad = label,
        .ad_size = strlen(label)};
    char words[WB_WORDS_TEXT_BYTES];
    enum wb_status st;

    if ((st = wb_crypto_start(e)) != WB_OK ||
        (st = wb_secret_new(&in, WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&out, WB_KEY_BYTES, e)) != WB_OK)
        goto done;
    memcpy(wb_secret_room(in), key, WB_KEY_BYTES);
    input.passphrase = in;
    if ((st = wb_kdf_passphrase(out, &kdf, &input, e)) != WB_OK)
        goto done;
    wb_words_encode(words, wb_secret_bytes(out), MARK_WORDS);
    memcpy(mark, words, WB_MARK_BYTES);
done:
    wb_secret_free(&out);
    wb_secret_free(&in);
    return wb_within(e, st, "mark");
}

enum wb_status
wb_owner_mark(char mark[static WB_MARK_BYTES], const uint8_t collect[static 32],
    struct wb_error *e)
{
    return make_mark(mark, collect, "witnessbox/v1 owner mark", e);
}

enum wb_status
wb_log_mark(
    char mark[static WB_MARK_BYTES], const uint8_t key[static 32], struct wb_error *e)
{
    return make_mark(mark, key, "witnessbox/v1 log mark", e);
}

enum wb_status
wb_field_marks(struct wb_vault *v, struct wb_field_marks *marks, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(v);
    uint8_t public[WB_SIGN_PUBLIC_BYTES];
    struct wb_field_marks made;
    enum wb_status st = wb_store_need_unlocked(v, e);

    if (st != WB_OK)
        return st;
    if (s->field_log == NULL)
        return wb_fail(e, WB_ERR_USAGE, "not a field vault");
    if ((st = wb_sign_public(public, s->field_log, e)) == WB_OK &&
        (st = wb_owner_mark(made.owner, s->field_owner, e)) == WB_OK &&
        (st = wb_log_mark(made.vault, public, e)) == WB_OK)
        *marks = made;
    return st;
}
