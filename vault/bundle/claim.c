/* vault/bundle/claim.c - which file an evidence record stands for. */
#include "claim.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../formats/checkpoint.h"

/* The one open text of a field of evidence, or NULL. */
static const struct wb_value *
find_text(const struct wb_record *r, const char *field)
{
    const struct wb_kind *kind = wb_kind_find("evidence");
    const struct wb_place *p = wb_record_place(r, wb_field_find(kind, field)->number);

    if (p == NULL || p->form != WB_FORM_SINGLE || p->values[0].state != WB_STATE_TEXT)
        return NULL;
    return &p->values[0];
}

enum wb_status
wb_claim_read(struct wb_claim *c, const struct wb_record *r, struct wb_error *e)
{
    const struct wb_value *sha256, *size;
    struct wb_claim found = {.has = true};

    *c = (struct wb_claim){0};
    if (strcmp(r->kind, "evidence") != 0 || (sha256 = find_text(r, "sha256")) == NULL)
        return WB_OK;
    size = find_text(r, "size");
    if (!wb_hex_decode(found.sha256, sizeof found.sha256, sha256->text, sha256->size))
        return wb_fail(e, WB_ERR_FORMAT, "sha256: not 64 hexadecimal digits");
    if (size == NULL || !wb_decimal_decode(&found.size, size->text, size->size))
        return wb_fail(e, WB_ERR_FORMAT, "size: missing beside a sha256");
    *c = found;
    return WB_OK;
}
