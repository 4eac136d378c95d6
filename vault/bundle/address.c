/* vault/bundle/address.c - to whom a bundle goes: contacts and keys, resolved. */
#include "address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "contact.h"

static enum wb_status
resolve(char out[static 64], struct wb_vault *v, const char *to, struct wb_error *e)
{
    uint8_t point[WB_POINT_BYTES];
    enum wb_status st = wb_contact_recipient(v, out, to, e);

    if (st != WB_ERR_NOT_FOUND)
        return st;
    if (wb_age_recipient_decode(point, to, strlen(to), NULL) != WB_OK)
        return wb_fail(
            e, WB_ERR_NOT_FOUND, "%s: neither a contact nor a key age1...", to);
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

        if (n < 0 || (size_t)n >= sizeof a->names - used) {
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

enum wb_status
wb_address_resolve(struct wb_address *a, struct wb_vault *v, const char *const *to,
    size_t count, struct wb_error *e)
{
    char recipient[64];
    enum wb_status st;

    *a = (struct wb_address){0};
    if (count == 0)
        return wb_fail(e, WB_ERR_USAGE, "to whom? name a contact or a key age1...");
    if (count > WB_RECIPIENTS_MAX)
        return wb_fail(
            e, WB_ERR_USAGE, "%zu recipients, limit is %d", count, WB_RECIPIENTS_MAX);
    for (size_t i = 0; i < count; i++) {
        if ((st = resolve(recipient, v, to[i], e)) != WB_OK)
            return st;
        if (!is_there(a, recipient))
            memcpy(a->recipients[a->count++], recipient, sizeof a->recipients[0]);
    }
    qsort(a->recipients, a->count, sizeof a->recipients[0], compare);
    for (size_t i = 0; i < a->count; i++)
        if ((st = wb_age_recipient_decode(
                 a->points[i], a->recipients[i], strlen(a->recipients[i]), e)) != WB_OK)
            return st;
    name(a, to, count);
    return WB_OK;
}
