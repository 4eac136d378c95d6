/* vault/record/codec.c - the bytes of a revision, vault/store/FORMAT.md section 6. */
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../base/text.h"
#include "../base/wire.h"
#include "record.h"

enum {
    VERSION = 1,
    FLAG_FOREIGN = 1,
    FLAG_LATEST = 2,
    FLAG_ADOPTED = 4,
    VALUE_BYTES_MIN = 5, /* tag and length: no list has more elements than fit so */
    TRUST_FIRST = 1,
    TRUST_LAST = 3,
};

/* ---- writing ---- */

static void
put_value(struct wb_buf *out, const struct wb_record *r, const struct wb_value *v)
{
    wb_put_u8(out, (uint8_t)v->state);
    if (v->state == WB_STATE_WITHHELD) {
        wb_buf_add(out, v->hash, sizeof v->hash);
        return;
    }
    if (r->foreign)
        wb_buf_add(out, v->salt, sizeof v->salt);
    wb_put_long(out, v->text, v->size);
}

static void
put_place(struct wb_buf *out, const struct wb_record *r, const struct wb_place *p)
{
    wb_put_u16(out, p->field);
    wb_put_u8(out, (uint8_t)p->form);
    if (p->form == WB_FORM_CLOSED)
        wb_buf_add(out, p->hash, sizeof p->hash);
    if (p->form == WB_FORM_LIST) {
        if (r->foreign)
            wb_buf_add(out, p->salt, sizeof p->salt);
        wb_put_u32(out, (uint32_t)p->count);
    }
    for (size_t i = 0; i < p->count; i++)
        put_value(out, r, &p->values[i]);
}

static void
put_provenance(struct wb_buf *out, const struct wb_provenance *p)
{
    wb_put_u8(out, p->present);
    if (!p->present)
        return;
    wb_buf_add(out, p->sender, sizeof p->sender);
    wb_buf_add(out, p->bundle, sizeof p->bundle);
    wb_put_u8(out, p->trust);
    wb_put_u64(out, p->received);
}

void
wb_record_encode(struct wb_buf *out, const struct wb_record *r)
{
    wb_put_u8(out, VERSION);
    wb_put_u8(out,
        (uint8_t)((r->foreign ? FLAG_FOREIGN : 0) | (r->adopted ? FLAG_ADOPTED : 0) |
            (r->latest_said ? FLAG_LATEST : 0)));
    wb_put_short(out, r->kind, strlen(r->kind));
    wb_put_u16(out, r->schema);
    wb_buf_add(out, r->id.bytes, sizeof r->id.bytes);
    wb_put_u32(out, r->revision);
    wb_put_u8(out, (uint8_t)r->previous_count);
    wb_buf_add(out, r->previous, r->previous_count * WB_ROOT_BYTES);
    if (!r->foreign)
        wb_buf_add(out, r->seed, sizeof r->seed);
    wb_put_u16(out, (uint16_t)r->place_count);
    for (size_t i = 0; i < r->place_count; i++)
        put_place(out, r, &r->places[i]);
    wb_put_long(out, r->private_part, r->private_size);
    put_provenance(out, &r->provenance);
    wb_put_u8(out, (uint8_t)r->proof_count);
    for (size_t i = 0; i < r->proof_count; i++) {
        wb_put_long(out, r->proofs[i].text, r->proofs[i].size);
        wb_buf_add(out, r->proofs[i].salt, sizeof r->proofs[i].salt);
        wb_put_short(out, r->proofs[i].time, strlen(r->proofs[i].time));
    }
}

/* ---- reading ---- */

/* The cursor runs over a copy in the record's arena, which texts stay in. */
struct reader {
    struct wb_cursor c;
    struct wb_record *r;
    uint8_t *copy;
};

/* A text where it lies, moved one byte down onto its length, so that a NUL fits behind
 * it without a second copy. */
static enum wb_status
keep_text(struct reader *d, const char **text, const uint8_t *at, size_t size,
    struct wb_error *e)
{
    uint8_t *to;
    enum wb_status st;

    *text = "";
    if (size == 0)
        return WB_OK;
    if ((st = wb_text_check(at, size, e)) != WB_OK)
        return wb_fail(e, WB_ERR_FORMAT, "not UTF-8, or a zero character");
    to = d->copy + (at - d->copy) - 1;
    memmove(to, at, size);
    to[size] = '\0';
    *text = (const char *)to;
    return WB_OK;
}

static enum wb_status
get_head(struct reader *d, struct wb_error *e)
{
    struct wb_record *r = d->r;
    uint8_t version = wb_get_u8(&d->c);
    uint8_t flags = wb_get_u8(&d->c);
    const uint8_t *at;
    size_t size;
    enum wb_status st;

    if (version > VERSION)
        return wb_fail(e, WB_ERR_TOO_NEW, "version %u, known is %d", version, VERSION);
    if (version != VERSION || flags > (FLAG_FOREIGN | FLAG_LATEST | FLAG_ADOPTED) ||
        (flags != 0 && (flags & FLAG_FOREIGN) == 0))
        return wb_fail(e, WB_ERR_FORMAT, "version %u, flags %u", version, flags);
    r->foreign = (flags & FLAG_FOREIGN) != 0;
    r->adopted = (flags & FLAG_ADOPTED) != 0;
    r->latest_said = (flags & FLAG_LATEST) != 0;
    at = wb_get_short(&d->c, &size);
    if ((st = keep_text(d, &r->kind, at, size, e)) != WB_OK)
        return wb_within(e, st, "kind");
    r->schema = wb_get_u16(&d->c);
    wb_get_copy(&d->c, r->id.bytes, sizeof r->id.bytes);
    r->revision = wb_get_u32(&d->c);
    r->previous_count = wb_get_u8(&d->c);
    at = wb_get_bytes(&d->c, r->previous_count * WB_ROOT_BYTES);
    if (at != NULL)
        r->previous = (void *)(d->copy + (at - d->copy));
    else
        r->previous_count = 0;
    if (!r->foreign)
        wb_get_copy(&d->c, r->seed, sizeof r->seed);
    return WB_OK;
}

static enum wb_status
get_value(struct reader *d, struct wb_value *v, bool in_list, struct wb_error *e)
{
    uint8_t tag = wb_get_u8(&d->c);
    const uint8_t *at;
    size_t size;

    if (tag == WB_STATE_WITHHELD ? !in_list || !d->r->foreign : tag > WB_STATE_REFUSED)
        return wb_fail(e, WB_ERR_FORMAT, "tag %u is not allowed here", tag);
    if (tag == WB_STATE_ABSENT && in_list)
        return wb_fail(e, WB_ERR_FORMAT, "an absent element");
    v->state = tag;
    v->text = "";
    if (tag == WB_STATE_WITHHELD) {
        wb_get_copy(&d->c, v->hash, sizeof v->hash);
        return WB_OK;
    }
    if (d->r->foreign)
        wb_get_copy(&d->c, v->salt, sizeof v->salt);
    at = wb_get_long(&d->c, &size);
    if (tag != WB_STATE_TEXT && size > 0)
        return wb_fail(e, WB_ERR_FORMAT, "a state with a text");
    if (size > WB_PARAGRAPH_BYTES_MAX)
        return wb_fail(e, WB_ERR_FORMAT, "size: %zu bytes, limit is 16 MiB", size);
    v->size = size;
    return keep_text(d, &v->text, at, size, e);
}

static enum wb_status
get_values(struct reader *d, struct wb_place *p, size_t count, struct wb_error *e)
{
    bool in_list = p->form == WB_FORM_LIST;
    enum wb_status st = WB_OK;

    if (count > d->c.left / VALUE_BYTES_MIN)
        return wb_fail(e, WB_ERR_FORMAT, "%zu values, more than there is room", count);
    p->values = wb_arena_new_array(&d->r->arena, count, sizeof *p->values);
    if (p->values == NULL)
        return wb_fail_memory(e);
    p->count = count;
    for (size_t i = 0; st == WB_OK && i < count; i++)
        if ((st = get_value(d, &p->values[i], in_list, e)) != WB_OK && in_list)
            st = wb_within(e, st, "value %zu", i + 1);
    return st;
}

static enum wb_status
get_place(struct reader *d, struct wb_place *p, struct wb_error *e)
{
    uint8_t form;

    p->field = wb_get_u16(&d->c);
    form = wb_get_u8(&d->c);
    p->form = form;
    if (form == WB_FORM_SINGLE)
        return get_values(d, p, 1, e);
    if (form == WB_FORM_LIST) {
        if (d->r->foreign)
            wb_get_copy(&d->c, p->salt, sizeof p->salt);
        return get_values(d, p, wb_get_u32(&d->c), e);
    }
    if (form != WB_FORM_CLOSED || !d->r->foreign)
        return wb_fail(e, WB_ERR_FORMAT, "form %u is not allowed here", form);
    wb_get_copy(&d->c, p->hash, sizeof p->hash);
    return WB_OK;
}

static enum wb_status
get_places(struct reader *d, struct wb_error *e)
{
    struct wb_record *r = d->r;
    size_t count = wb_get_u16(&d->c);
    enum wb_status st = WB_OK;

    if (count > WB_FIELDS_MAX)
        return wb_fail(
            e, WB_ERR_FORMAT, "places: %zu, limit is %d", count, WB_FIELDS_MAX);
    r->places = wb_arena_new_array(&r->arena, count, sizeof *r->places);
    if (r->places == NULL)
        return wb_fail_memory(e);
    r->place_count = count;
    for (size_t i = 0; st == WB_OK && i < count; i++)
        st = wb_within(e, get_place(d, &r->places[i], e), "places %zu", i + 1);
    return st;
}

static enum wb_status
get_provenance(struct reader *d, struct wb_error *e)
{
    struct wb_provenance *p = &d->r->provenance;
    uint8_t present = wb_get_u8(&d->c);

    if (present > d->r->foreign)
        return wb_fail(e, WB_ERR_FORMAT, "provenance: %u", present);
    p->present = present == 1;
    if (!p->present)
        return WB_OK;
    wb_get_copy(&d->c, p->sender, sizeof p->sender);
    wb_get_copy(&d->c, p->bundle, sizeof p->bundle);
    p->trust = wb_get_u8(&d->c);
    p->received = wb_get_u64(&d->c);
    if (p->trust < TRUST_FIRST || p->trust > TRUST_LAST)
        return wb_fail(e, WB_ERR_FORMAT, "provenance: trust %u", p->trust);
    return WB_OK;
}

static enum wb_status
get_proof(struct reader *d, struct wb_record_proof *p, struct wb_error *e)
{
    static const uint8_t closed[WB_SALT16_BYTES];
    const uint8_t *at = wb_get_long(&d->c, &p->size);
    size_t size;
    int64_t seconds;
    enum wb_status st;

    if (p->size == 0 || p->size > WB_PROOF_BYTES_MAX)
        return wb_fail(e, WB_ERR_FORMAT, "size: %zu bytes, 1 to 65,536", p->size);
    if ((st = keep_text(d, &p->text, at, p->size, e)) != WB_OK)
        return st;
    wb_get_copy(&d->c, p->salt, sizeof p->salt);
    at = wb_get_short(&d->c, &size);
    if ((st = keep_text(d, &p->time, at, size, e)) != WB_OK)
        return st;
    if (size == 0 ? memcmp(p->salt, closed, sizeof closed) != 0
                  : !wb_clock_parse(&seconds, p->time, size))
        return wb_fail(e, WB_ERR_FORMAT, "not a time");
    return WB_OK;
}

static enum wb_status
get_tail(struct reader *d, struct wb_error *e)
{
    struct wb_record *r = d->r;
    enum wb_status st;

    r->private_part = wb_get_long(&d->c, &r->private_size);
    if ((st = get_provenance(d, e)) != WB_OK)
        return st;
    r->proof_count = wb_get_u8(&d->c);
    if (r->proof_count > WB_PROOFS_MAX)
        return wb_fail(e, WB_ERR_FORMAT, "proofs: %zu, limit is %d", r->proof_count,
            WB_PROOFS_MAX);
    r->proofs = wb_arena_new_array(&r->arena, r->proof_count, sizeof *r->proofs);
    if (r->proofs == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; st == WB_OK && i < r->proof_count; i++)
        st = wb_within(e, get_proof(d, &r->proofs[i], e), "proofs %zu", i + 1);
    return st;
}

enum wb_status
wb_record_decode(
    struct wb_record **r, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct reader d = {0};
    enum wb_status st;

    if (size > WB_RECORD_BYTES_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "size: %zu bytes, limit is 64 MiB", size);
    if ((st = wb_record_new(&d.r, e)) != WB_OK)
        return st;
    d.copy = wb_arena_copy(&d.r->arena, bytes, size);
    if (d.copy == NULL) {
        st = wb_fail_memory(e);
        goto out;
    }
    wb_cursor_init(&d.c, d.copy, size);
    if ((st = get_head(&d, e)) != WB_OK || (st = get_places(&d, e)) != WB_OK ||
        (st = get_tail(&d, e)) != WB_OK || (st = wb_cursor_end(&d.c, e)) != WB_OK) {
        if (d.c.failed && st == WB_ERR_FORMAT)
            st = wb_cursor_end(&d.c, e); /* zeros read past the end explain nothing */
        goto out;
    }
    if ((st = wb_record_settle(d.r, e)) != WB_OK)
        goto out;
    wb_record_commit(d.r);
    *r = d.r;
    d.r = NULL;
out:
    wb_record_free(&d.r);
    return st;
}
