/* vault/custody/slots.c - which slots are in use, their labels, and rekey. */
#include "slots.h"

#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"

enum { ABOUT_BYTES = 160 };

static const char *
kind_name(enum wb_slot_kind kind)
{
    static const char *const names[] = {
        [WB_SLOT_FREE] = "free",
        [WB_SLOT_PASSPHRASE] = "passphrase",
        [WB_SLOT_RECOVERY] = "recovery",
        [WB_SLOT_OWNER] = "owner",
    };

    return names[kind];
}

enum wb_status
wb_slots(struct wb_vault *v, struct wb_slot_view slots[static WB_SLOT_COUNT],
    size_t *count, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(v);
    enum wb_status st = wb_store_need_unlocked(v, e);
    size_t used = 0;

    if (st != WB_OK)
        return st;
    for (unsigned i = 0; i < WB_SLOTS; i++) {
        if (s->slots[i].kind == WB_SLOT_FREE)
            continue;
        slots[used] = (struct wb_slot_view){.number = i,
            .kind = kind_name(s->slots[i].kind),
            .opened = i == wb_store_slot(v)};
        memcpy(slots[used++].label, s->slots[i].label, sizeof s->slots[i].label);
    }
    *count = used;
    return WB_OK;
}

/* "0" to "7": a slot's number, else WB_SLOTS. */
static unsigned
as_number(const char *name)
{
    return name[0] >= '0' && name[0] < '0' + WB_SLOTS && name[1] == '\0'
        ? (unsigned)(name[0] - '0')
        : WB_SLOTS;
}

enum wb_status
wb_slot_find(struct wb_vault *v, unsigned *number, const char *name, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(v);
    enum wb_status st = wb_store_need_unlocked(v, e);

    if (st != WB_OK)
        return st;
    for (unsigned i = 0; i < WB_SLOTS; i++)
        if (s->slots[i].kind != WB_SLOT_FREE &&
            (as_number(name) == i || strcmp(s->slots[i].label, name) == 0)) {
            *number = i;
            return WB_OK;
        }
    return wb_fail(e, WB_ERR_NOT_FOUND,
        "no slot in use has this label or number; `passphrase list` shows them");
}

enum wb_status
wb_slots_free(struct wb_vault *v, unsigned *slot, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(v);

    for (unsigned i = 0; i < WB_SLOTS; i++)
        if (s->slots[i].kind == WB_SLOT_FREE) {
            *slot = i;
            return WB_OK;
        }
    return wb_fail(
        e, WB_ERR_LIMIT, "all %d slots are in use, remove one first", WB_SLOTS);
}

static bool
is_one_line(const char *label)
{
    for (; *label != '\0'; label++)
        if ((unsigned char)*label < 0x20 || *label == 0x7f)
            return false;
    return true;
}

enum wb_status
wb_slots_label(
    struct wb_vault *v, char *out, unsigned slot, const char *label, struct wb_error *e)
{
    const struct wb_vault_state *s = wb_store_state(v);
    size_t size = label == NULL ? 0 : strlen(label);
    enum wb_status st;

    if (label == NULL) {
        (void)snprintf(out, WB_LABEL_BYTES_MAX + 1, "slot %u", slot);
        return WB_OK;
    }
    if (size == 0 || size > WB_LABEL_BYTES_MAX || !is_one_line(label) ||
        as_number(label) < WB_SLOTS)
        return wb_fail(e, WB_ERR_VALUE,
            "label: one line of 1 to %d bytes that is not the number of a slot",
            WB_LABEL_BYTES_MAX);
    if ((st = wb_text_check(label, size, e)) != WB_OK)
        return wb_within(e, st, "label");
    for (unsigned i = 0; i < WB_SLOTS; i++)
        if (s->slots[i].kind != WB_SLOT_FREE && strcmp(s->slots[i].label, label) == 0)
            return wb_fail(
                e, WB_ERR_VALUE, "label: slot %u has it already, take another", i);
    memcpy(out, label, size + 1);
    return WB_OK;
}

enum wb_status
wb_slots_stretch(struct wb_vault *v, struct wb_secret **p, struct wb_secret **key_file,
    const struct wb_new_passphrase *passphrase, struct wb_error *e)
{
    struct wb_pass pass = {passphrase->text, passphrase->size, NULL};
    struct wb_secret *given = NULL;
    enum wb_status st = WB_OK;

    if (passphrase->key_file_use == WB_KEY_FILE_AS_OPENED)
        pass.key_file = wb_store_key_file(v);
    if (passphrase->key_file_use == WB_KEY_FILE_GIVEN) {
        st = wb_store_key_file_read(&given, passphrase->key_file, e);
        pass.key_file = given;
    }
    if (st == WB_OK && (st = wb_store_stretch(v, p, &pass, e)) == WB_OK &&
        key_file != NULL)
        *key_file = wb_secret_take(&given);
    wb_secret_free(&given);
    return st;
}

enum wb_status
wb_slots_entry(struct wb_change *c, const char *what, unsigned slot, const char *label,
    struct wb_error *e)
{
    struct wb_detail detail = {0};
    char about[ABOUT_BYTES];

    (void)snprintf(about, sizeof about, "%s: slot %u, %s", what, slot, label);
    detail.about = about;
    return wb_change_entry(c, WB_ACTION_KEYS, &detail, e);
}

enum wb_status
wb_slots_rekey(
    struct wb_change *c, const struct wb_progress *progress, struct wb_error *e)
{
    static const struct wb_progress silent;
    enum wb_status st;

    if ((st = wb_store_need_sight(wb_change_vault(c), e)) != WB_OK)
        return st;
    if (progress == NULL)
        progress = &silent;
    st = wb_store_rekey(wb_change_vault(c), progress->tell, progress->cookie, e);
    return st == WB_OK ? wb_change_entry(c, WB_ACTION_REKEY, NULL, e) : st;
}

enum wb_status
wb_rekey(struct wb_vault *v, const struct wb_progress *progress, struct wb_error *e)
{
    struct wb_change *c = NULL;
    enum wb_status st;

    if ((st = wb_change_begin(&c, v, e)) == WB_OK &&
        (st = wb_slots_rekey(c, progress, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}
