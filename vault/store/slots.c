/* vault/store/slots.c - the eight slots: put, cleared; passphrases, key files,
 * parameters.
 */
#include <string.h>

#include "../base/fail.h"
#include "../base/file.h"
#include "../crypto/random.h"
#include "session.h"

enum { KEY_FILE_BYTES_MAX = 16 * 1024 * 1024 };

enum wb_status
wb_store_key_file_read(struct wb_secret **hash, int fd, struct wb_error *e)
{
    struct wb_secret *made = NULL;
    struct wb_buf bytes;
    enum wb_status st;

    wb_buf_init(&bytes, KEY_FILE_BYTES_MAX);
    if ((st = wb_crypto_start(e)) != WB_OK || /* before there is a vault */
        (st = wb_file_read_all(fd, &bytes, e)) != WB_OK)
        goto out;
    if (bytes.size == 0)
        st = wb_fail(e, WB_ERR_VALUE, "empty");
    else if ((st = wb_secret_new(&made, WB_KEY_BYTES, e)) == WB_OK)
        wb_blake2b_256(wb_secret_room(made), bytes.data, bytes.size);
    if (st == WB_OK)
        *hash = wb_secret_take(&made);
out:
    wb_buf_wipe(&bytes);
    return wb_within(e, st, "key file");
}

enum wb_status
wb_vault_key_file(struct wb_vault *v, int fd, struct wb_error *e)
{
    struct wb_secret *hash = NULL;
    enum wb_status st = wb_store_key_file_read(&hash, fd, e);

    if (st == WB_OK)
        wb_store_key_file_set(v, &hash);
    return st;
}

const struct wb_secret *
wb_store_key_file(const struct wb_vault *v)
{
    return v->key_file;
}

void
wb_store_key_file_set(struct wb_vault *v, struct wb_secret **hash)
{
    wb_secret_free(&v->key_file);
    v->key_file = wb_secret_take(hash);
}

unsigned
wb_store_slot(const struct wb_vault *v)
{
    return v->slot;
}

enum wb_status
wb_store_stretch(struct wb_vault *v, struct wb_secret **p, const struct wb_pass *pass,
    struct wb_error *e)
{
    return wb_header_stretch(p, &v->header, pass, e);
}

enum wb_status
wb_store_slot_put(struct wb_vault *v, unsigned slot, enum wb_slot_kind kind,
    const char *label, const struct wb_secret *p, struct wb_error *e)
{
    struct wb_slot_note *note = &v->state.slots[slot];
    size_t size = strlen(label);
    enum wb_status st;

    if (size > WB_LABEL_BYTES_MAX)
        return wb_fail(
            e, WB_ERR_VALUE, "label: %zu bytes, limit is %d", size, WB_LABEL_BYTES_MAX);
    if ((st = wb_slot_seal(&v->header, slot, p, v->root, note->point, e)) != WB_OK)
        return st;
    note->kind = kind;
    memmove(note->label, label, size + 1); /* it may be the label that is there */
    v->header_changed = true;
    return WB_OK;
}

enum wb_status
wb_store_slot_clear(struct wb_vault *v, unsigned slot, struct wb_error *e)
{
    struct wb_secret *thrown_away = NULL;
    enum wb_status st = wb_secret_new(&thrown_away, WB_KEY_BYTES, e);

    if (st != WB_OK)
        return st;
    wb_random_secret(thrown_away);
    st = wb_store_slot_put(v, slot, WB_SLOT_FREE, "", thrown_away, e);
    wb_secret_free(&thrown_away);
    return st;
}

enum wb_status
wb_store_set_kdf(
    struct wb_vault *v, const struct wb_kdf_params *kdf, struct wb_error *e)
{
    enum wb_status st = wb_header_set_kdf(&v->header, kdf, e);

    if (st == WB_OK)
        v->header_changed = true;
    return st;
}
