/* vault/bundle/address.c - to whom a bundle goes: contacts and keys, resolved. */
#include "address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../store/store.h"
#include "contact.h"
#include "unpack.h"

static enum wb_status
resolve(char out[static 64], struct wb_vault *v, const char *to, struct wb_error *e)
{
    uint8_t point[WB_POINT_BYTES];
    enum wb_status st = wb_contact_recipient(v, out, to, e);

    if (st != WB_ERR_NOT_FOUND)
        return st;
    if (wb_age_recipient_decode(point, to, strlen(to), NULL) != WB_OK)
        return wb_fail(e, WB_ERR_NOT_FOUND,
            "%s: neither a contact nor an age1 key; `contact list` shows them", to);
    wb_age_recipient_encode(out, point);
    return WB_OK;
}

static bool
is_there(const struct wb_address *a, const char *recipient)
{
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->recipients[i], recipient) == 0)
            return true;
    return false;
}

/* The names together are one line of a record; where they do not fit, their number. */
static void
name(struct wb_address *a, const char *const *to, size_t count)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        int n = snprintf(
            a->names + used, sizeof a->names - used, "%s%s", i == 0 ? "" : ", ", to[i]);

        if ((size_t)n >= sizeof a->names - used) {
            (void)snprintf(a->names, sizeof a->names, "%zu recipients", count);
            return;
        }
        used += (size_t)n;
    }
}

static int
compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static enum wb_status
add(struct wb_address *a, const char *recipient, struct wb_error *e)
{
    if (is_there(a, recipient))
        return WB_OK;
    if (a->count == WB_RECIPIENTS_MAX)
        return wb_fail(
            e, WB_ERR_USAGE, "to: more than %d recipients", WB_RECIPIENTS_MAX);
    memcpy(a->recipients[a->count++], recipient, sizeof a->recipients[0]);
    return WB_OK;
}

static enum wb_status
resolve_keys(struct wb_address *a, struct wb_vault *v, const char *const *to,
    size_t count, struct wb_error *e)
{
    char recipient[64];
    enum wb_status st;

    if (count == 0)
        return wb_fail(e, WB_ERR_USAGE, "to whom? name a contact or an age1 key");
    for (size_t i = 0; i < count; i++)
        if ((st = resolve(recipient, v, to[i], e)) != WB_OK ||
            (st = add(a, recipient, e)) != WB_OK)
            return st;
    qsort(a->recipients, a->count, sizeof a->recipients[0], compare);
    for (size_t i = 0; i < a->count; i++)
        if ((st = wb_age_recipient_decode(
                 a->points[i], a->recipients[i], strlen(a->recipients[i]), e)) != WB_OK)
            return st;
    name(a, to, count);
    return WB_OK;
}

/* The words are their own address: whoever has them. */
static enum wb_status
take_passphrase(struct wb_address *a, const char *words, struct wb_error *e)
{
    enum wb_status st = wb_envelope_passphrase(&a->passphrase, words, e);

    if (st != WB_OK)
        return st;
    a->passphrase_size = strlen(words);
    memcpy(a->recipients[0], WB_INFO_PASSPHRASE, sizeof WB_INFO_PASSPHRASE);
    memcpy(a->names, WB_INFO_PASSPHRASE, sizeof WB_INFO_PASSPHRASE);
    a->count = 1;
    return WB_OK;
}

enum wb_status
wb_address_resolve(struct wb_address *a, struct wb_vault *v,
    const struct wb_export_request *request, struct wb_error *e)
{
    *a = (struct wb_address){0};
    if (request->passphrase == NULL)
        return resolve_keys(a, v, request->to, request->to_count, e);
    if (request->to_count > 0)
        return wb_fail(
            e, WB_ERR_USAGE, "to: keys or a passphrase, age has no file for both");
    return take_passphrase(a, request->passphrase, e);
}

void
wb_address_wipe(struct wb_address *a)
{
    wb_secret_free(&a->passphrase);
}

enum wb_status
wb_export_check_recipients(struct wb_vault *v, const char *const *to, size_t count,
    size_t *keys, struct wb_error *e)
{
    struct wb_address *a = wb_mem_new(sizeof *a);
    enum wb_status st = a == NULL ? wb_fail_memory(e) : wb_store_need_unlocked(v, e);

    if (st == WB_OK)
        st = resolve_keys(a, v, to, count, e);
    if (st == WB_OK && keys != NULL)
        *keys = a->count;
    wb_mem_free(a);
    return st;
}
