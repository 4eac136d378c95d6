/* vault/bundle/collect_record.c - one record of a field vault, with file and proof. */
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "claim.h"
#include "collect.h"

enum { DANGLING_BYTES_MAX = 4096 };

/* ---- its file ---- */

struct copying {
    struct wb_chunk_writer *writer;
    struct wb_sha256 hash;
};

static enum wb_status
copy_part(void *cookie, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct copying *c = cookie;

    wb_sha256_add(&c->hash, bytes, size);
    return wb_chunk_writer_add(c->writer, bytes, size, e);
}

/* Byte by byte, under a key of ours; compared with what the record says of it. */
static enum wb_status
copy_chunks(struct wb_collecting *s, struct wb_attachment *to,
    const struct wb_attachment *from, const struct wb_claim *claim, struct wb_error *e)
{
    uint8_t hash[WB_HASH_BYTES];
    struct copying c = {0};
    enum wb_status st;

    wb_sha256_init(&c.hash);
    if ((st = wb_chunk_writer_new(&c.writer, s->v, to, e)) == WB_OK &&
        (st = wb_chunks_read(s->field, from, copy_part, &c, e)) == WB_OK)
        st = wb_chunk_writer_end(c.writer, e);
    wb_chunk_writer_free(&c.writer);
    wb_sha256_end(&c.hash, hash);
    if (st == WB_OK &&
        (!claim->has || to->size != claim->size ||
            memcmp(hash, claim->sha256, sizeof hash) != 0))
        st = wb_fail(e, WB_ERR_INTEGRITY, "its file is not the one recorded");
    return st;
}

static enum wb_status
copy_file(struct wb_collecting *s, struct wb_record *r, struct wb_error *e)
{
    struct wb_attachment from = {0}, to = {0};
    uint8_t *place = wb_arena_new(&r->arena, WB_ATTACHMENT_BYTES);
    struct wb_claim claim;
    enum wb_status st;

    if (r->private_size == 0)
        return WB_OK;
    if (place == NULL)
        return wb_fail_memory(e);
    if ((st = wb_claim_read(&claim, r, e)) != WB_OK ||
        (st = wb_attachment_new(&from, e)) != WB_OK ||
        (st = wb_attachment_new(&to, e)) != WB_OK ||
        (st = wb_attachment_decode(&from, r->private_part, r->private_size, e)) !=
            WB_OK ||
        (st = copy_chunks(s, &to, &from, &claim, e)) != WB_OK)
        goto out;
    wb_attachment_encode(&to, place);
    r->private_part = place;
    r->private_size = WB_ATTACHMENT_BYTES;
    s->done.files++;
out:
    wb_attachment_wipe(&from);
    wb_attachment_wipe(&to);
    return st;
}

/* ---- what it refers to ---- */

/* The field vault could not look; here both vaults are asked. */
static enum wb_status
look_for(struct wb_collecting *s, const struct wb_record *r, const struct wb_place *p,
    const struct wb_value *value, struct wb_buf *dangling, struct wb_error *e)
{
    char id[WB_ID_TEXT_BYTES], where[WB_ID_TEXT_BYTES + 64], what[160];
    const struct wb_problem note = {"note", where, what};
    const struct wb_verify_watch *watch = s->how->watch;
    struct wb_id to;
    uint64_t row;
    enum wb_status st;

    if (value->state != WB_STATE_TEXT || !wb_id_parse(&to, value->text, value->size) ||
        (st = wb_rows_lookup(s->v, &row, &to, 0, e)) == WB_OK)
        return WB_OK;
    if (st != WB_ERR_NOT_FOUND ||
        (st = wb_rows_lookup(s->field, &row, &to, 0, e)) != WB_ERR_NOT_FOUND)
        return st;
    s->done.dangling++;
    if (dangling->size < DANGLING_BYTES_MAX / 2)
        wb_buf_print(
            dangling, "%s%s", dangling->size == 0 ? "not here: " : " ", value->text);
    wb_id_text(id, &r->id);
    (void)snprintf(where, sizeof where, "%.32s %s", r->kind, id);
    (void)snprintf(what, sizeof what,
        "%.32s refers to %.26s, which is in neither vault", p->name, value->text);
    if (watch != NULL && watch->problem != NULL)
        watch->problem(watch->cookie, &note);
    return WB_OK;
}

static enum wb_status
find_dangling(struct wb_collecting *s, const struct wb_record *r,
    struct wb_buf *dangling, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    for (size_t i = 0; r->table != NULL && i < r->table->count; i++) {
        const struct wb_place *p = r->table->fields[i].kind != WB_REF
            ? NULL
            : wb_record_place(r, r->table->fields[i].number);

        for (size_t n = 0; p != NULL && st == WB_OK && n < p->count; n++)
            st = look_for(s, r, p, &p->values[n], dangling, e);
    }
    return st == WB_OK ? wb_buf_check(dangling, e) : st;
}

/* ---- storing ---- */

/* Ours once the mark was compared; until then somebody else's, without its seed. */
static enum wb_status
store(struct wb_collecting *s, struct wb_record *r, uint64_t instead_of,
    const char *dangling, struct wb_error *e)
{
    const struct wb_detail detail = {.counterpart = s->done.label, .about = dangling};
    const enum wb_action action =
        s->done.verified ? WB_ACTION_COLLECT : WB_ACTION_IMPORT;

    if (!s->done.verified) {
        r->foreign = true;
        wb_wipe(r->seed, sizeof r->seed);
    }
    return instead_of == 0 ? wb_change_store(s->c, action, r, &detail, e)
                           : wb_change_replace(s->c, action, r, instead_of, &detail, e);
}

static enum wb_status
take(struct wb_collecting *s, struct wb_record *r, uint64_t instead_of,
    struct wb_error *e)
{
    struct wb_buf dangling;
    enum wb_status st;

    wb_buf_init(&dangling, DANGLING_BYTES_MAX);
    if ((st = find_dangling(s, r, &dangling, e)) == WB_OK &&
        (st = wb_prove_onto(s->prover, r, e)) == WB_OK &&
        (st = copy_file(s, r, e)) == WB_OK)
        st = store(
            s, r, instead_of, dangling.size == 0 ? NULL : wb_buf_text(&dangling), e);
    wb_buf_wipe(&dangling);
    return st;
}

/* It is here: as ours or somebody else's? */
static enum wb_status
meet(struct wb_collecting *s, struct wb_record *r, uint64_t row, struct wb_error *e)
{
    struct wb_record *here = NULL;
    enum wb_status st = wb_custody_open_row(s->v, &here, row, e);

    if (st != WB_OK)
        return wb_within(e, st, "here");
    if (here->foreign && s->done.verified) {
        st = take(s, r, row, e);
        s->done.ours += st == WB_OK;
    } else
        s->done.present++;
    wb_record_free(&here);
    return st;
}

/* It is not: unless it was shredded, or another record has its id. */
static enum wb_status
enter(struct wb_collecting *s, struct wb_record *r, struct wb_error *e)
{
    char id[WB_ID_TEXT_BYTES];
    bool shredded = false;
    uint64_t row;
    enum wb_status st = wb_rows_lookup(s->v, &row, &r->id, 0, e);

    if (st == WB_OK) {
        wb_id_text(id, &r->id);
        return wb_fail(
            e, WB_ERR_INTEGRITY, "%s %s: another record here has its id", r->kind, id);
    }
    if (st != WB_ERR_NOT_FOUND ||
        (st = wb_tombs_cover(&s->tombs, s->v, &shredded, &r->id, e)) != WB_OK)
        return st;
    if (shredded) {
        s->done.refused++;
        return WB_OK;
    }
    st = take(s, r, 0, e);
    s->done.added += st == WB_OK;
    return st;
}

enum wb_status
wb_collect_take(struct wb_collecting *s, uint64_t row, struct wb_error *e)
{
    struct wb_record *r = NULL;
    uint64_t here = 0;
    bool has = false;
    enum wb_status st;

    if ((st = wb_custody_open_row(s->field, &r, row, e)) == WB_OK &&
        (st = wb_collect_check_record(s, r, e)) == WB_OK &&
        (st = wb_custody_has(s->v, &has, &here, &r->id, r->root, e)) == WB_OK)
        st = has ? meet(s, r, here, e) : enter(s, r, e);
    wb_record_free(&r);
    return st;
}
