/* vault/custody/keys.c - passphrases: changed, added, removed, suggested. */
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../crypto/calibrate.h"
#include "../crypto/random.h"
#include "../formats/guess.h"
#include "../formats/words.h"
#include "slots.h"

enum { NAMES_BYTES = 300, SUGGEST_MIN = 4, MIB = 1024 };

static unsigned
count_passphrases(const struct wb_vault_state *s)
{
    unsigned count = 0;

    for (int i = 0; i < WB_SLOTS; i++)
        count += s->slots[i].kind == WB_SLOT_PASSPHRASE;
    return count;
}

/* Salt and parameters are one for all: a passphrase that is not at hand would never
 * open its slot again. */
static enum wb_status
refuse_others(const struct wb_vault_state *s, unsigned mine, struct wb_error *e)
{
    struct wb_buf names;
    enum wb_status st = WB_ERR_POLICY;

    wb_buf_init(&names, NAMES_BYTES);
    for (unsigned i = 0; i < WB_SLOTS; i++)
        if (i != mine && s->slots[i].kind == WB_SLOT_PASSPHRASE) {
            wb_buf_print(&names, "%s%u \"", names.size > 0 ? ", " : "", i);
            wb_text_show(&names, s->slots[i].label, strlen(s->slots[i].label));
            wb_buf_add_text(&names, "\"");
        }
    wb_fail(e, st,
        "the parameters change only with the last passphrase; remove these first: %s",
        names.failed == WB_OK ? wb_buf_text(&names) : "all other slots");
    wb_buf_wipe(&names);
    return st;
}

static enum wb_status
set_kdf(struct wb_vault *v, const struct wb_kdf_choice *choice, struct wb_error *e)
{
    struct wb_kdf_params kdf = {0, choice->passes, choice->lanes};
    enum wb_status st;

    if (count_passphrases(wb_store_state(v)) > 1)
        return refuse_others(wb_store_state(v), wb_store_slot(v), e);
    kdf.memory_kib =
        choice->memory_mib > UINT32_MAX / MIB ? UINT32_MAX : choice->memory_mib * MIB;
    if ((st = wb_kdf_check(&kdf, e)) != WB_OK)
        return wb_fail(e, WB_ERR_USAGE, "%s", e == NULL ? "" : e->message);
    return wb_store_set_kdf(v, &kdf, e);
}

enum wb_status
wb_passphrase_change(struct wb_vault *v, const struct wb_new_passphrase *passphrase,
    const struct wb_kdf_choice *kdf, struct wb_error *e)
{
    const struct wb_slot_note *note;
    struct wb_secret *p = NULL, *key_file = NULL;
    struct wb_change *c = NULL;
    enum wb_status st;

    if ((st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    note = &wb_store_state(v)->slots[wb_store_slot(v)];
    if (note->kind != WB_SLOT_PASSPHRASE)
        st = wb_fail(e, WB_ERR_POLICY,
            "this session was not opened with a passphrase that is still in use");
    if (st == WB_OK && kdf != NULL)
        st = set_kdf(v, kdf, e);
    if (st == WB_OK &&
        (st = wb_slots_stretch(v, &p, &key_file, passphrase, e)) == WB_OK &&
        (st = wb_store_slot_put(
             v, wb_store_slot(v), WB_SLOT_PASSPHRASE, note->label, p, e)) == WB_OK &&
        (st = wb_slots_entry(c,
             kdf == NULL ? "passphrase changed" : "passphrase and parameters changed",
             wb_store_slot(v), note->label, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    if (st == WB_OK && passphrase->key_file_use != WB_KEY_FILE_AS_OPENED)
        wb_store_key_file_set(v, &key_file); /* what opens this session's slot now */
    wb_change_rollback(&c);
    wb_secret_free(&key_file);
    wb_secret_free(&p);
    return st;
}

enum wb_status
wb_passphrase_add(struct wb_vault *v, unsigned *number,
    const struct wb_new_passphrase *passphrase, const char *label, struct wb_error *e)
{
    char name[WB_LABEL_BYTES_MAX + 1];
    struct wb_secret *p = NULL;
    struct wb_change *c = NULL;
    unsigned slot;
    enum wb_status st;

    if ((st = wb_store_need_sight(v, e)) != WB_OK ||
        (st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    if ((st = wb_slots_free(v, &slot, e)) == WB_OK &&
        (st = wb_slots_label(v, name, slot, label, e)) == WB_OK &&
        (st = wb_slots_stretch(v, &p, NULL, passphrase, e)) == WB_OK &&
        (st = wb_store_slot_put(v, slot, WB_SLOT_PASSPHRASE, name, p, e)) == WB_OK &&
        (st = wb_slots_entry(c, "passphrase added", slot, name, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    if (st == WB_OK)
        *number = slot;
    wb_change_rollback(&c);
    wb_secret_free(&p);
    return st;
}

static enum wb_status
may_remove(const struct wb_vault_state *s, unsigned slot, struct wb_error *e)
{
    if (slot >= WB_SLOTS || s->slots[slot].kind == WB_SLOT_FREE)
        return wb_fail(e, WB_ERR_NOT_FOUND, "slot %u is not in use", slot);
    if (s->slots[slot].kind == WB_SLOT_PASSPHRASE && count_passphrases(s) == 1)
        return wb_fail(e, WB_ERR_POLICY,
            "this is the last passphrase, it is not removed; `passphrase change` makes "
            "another of it");
    return WB_OK;
}

/* The rekey comes first: what is logged then is read by nobody who knows the old keys
 * only. The slot goes last: its label says who did it. */
enum wb_status
wb_passphrase_remove(struct wb_vault *v, unsigned number,
    const struct wb_progress *progress, struct wb_error *e)
{
    const struct wb_slot_note *note;
    struct wb_change *c = NULL;
    enum wb_status st;

    if ((st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    if ((st = wb_store_need_sight(v, e)) != WB_OK ||
        (st = may_remove(wb_store_state(v), number, e)) != WB_OK)
        goto out;
    note = &wb_store_state(v)->slots[number];
    if ((st = wb_slots_rekey(c, progress, e)) == WB_OK &&
        (st = wb_slots_entry(c,
             note->kind == WB_SLOT_RECOVERY ? "recovery removed" : "passphrase removed",
             number, note->label, e)) == WB_OK &&
        (st = wb_store_slot_clear(v, number, e)) == WB_OK)
        st = wb_change_commit(&c, e);
out:
    wb_change_rollback(&c);
    return st;
}

/* The words are drawn into a secret; the text is the caller's to wipe, as it is made to
 * be shown. */
enum wb_status
wb_passphrase_suggest(char **text, unsigned words, struct wb_error *e)
{
    struct wb_secret *bits = NULL, *drawn = NULL;
    struct wb_buf out;
    size_t size;
    enum wb_status st;

    if (words < SUGGEST_MIN || words > WB_WORDS_MAX)
        return wb_fail(e, WB_ERR_USAGE, "words: %u, from %d to %d", words, SUGGEST_MIN,
            WB_WORDS_MAX);
    wb_buf_init(&out, WB_WORDS_TEXT_BYTES);
    if ((st = wb_crypto_start(e)) != WB_OK ||
        (st = wb_secret_new(&bits, (words * 11 + 7) / 8, e)) != WB_OK ||
        (st = wb_secret_new(&drawn, WB_WORDS_TEXT_BYTES, e)) != WB_OK)
        goto out;
    wb_random_secret(bits);
    wb_words_encode((char *)wb_secret_room(drawn), wb_secret_bytes(bits), words);
    wb_buf_add_text(&out, (const char *)wb_secret_bytes(drawn));
    wb_buf_add(&out, "", 1);
    if ((st = wb_buf_check(&out, e)) == WB_OK)
        *text = (char *)wb_buf_take(&out, &size);
out:
    wb_secret_free(&bits);
    wb_secret_free(&drawn);
    wb_buf_wipe(&out);
    return st;
}

unsigned
wb_passphrase_guesses(const char *text, size_t size, const char **why)
{
    struct wb_guess g;

    wb_guess_of(&g, text, size);
    *why = g.why;
    return g.bits;
}

enum wb_status
wb_vault_calibrate(struct wb_vault_options *options, struct wb_error *e)
{
    struct wb_kdf_params kdf;
    enum wb_status st;

    if ((st = wb_crypto_start(e)) != WB_OK || (st = wb_calibrate(&kdf, e)) != WB_OK)
        return st;
    options->kdf_memory_mib = kdf.memory_kib / MIB;
    options->kdf_passes = kdf.passes;
    options->kdf_lanes = kdf.lanes;
    return WB_OK;
}
