/* vault/formats/proof.c - proof that a log holds an entry, as text (C2SP tlog-proof).
 */
#include "proof.h"

#include <string.h>

#include "../base/fail.h"
#include "base64.h"

#define HEAD "c2sp.org/tlog-proof@"
#define VERSION "v1"
#define EXTRA "extra "
#define INDEX "index "

static enum wb_status
check_limits(const struct wb_proof *p, struct wb_error *e)
{
    if (p->index > WB_MERKLE_SIZE_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "proof: index above 2^63 - 1");
    if (p->inclusion.count > WB_MERKLE_PROOF_MAX)
        return wb_fail(
            e, WB_ERR_LIMIT, "proof: more than %d hashes", WB_MERKLE_PROOF_MAX);
    if (p->extra_size > WB_PROOF_EXTRA_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "proof: extra of %zu bytes, limit is %d",
            p->extra_size, WB_PROOF_EXTRA_MAX);
    if (p->checkpoint_size > WB_NOTE_BYTES_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "proof: checkpoint of %zu bytes, limit is %d",
            p->checkpoint_size, WB_NOTE_BYTES_MAX);
    return WB_OK;
}

enum wb_status
wb_proof_encode(struct wb_buf *out, const struct wb_proof *p, struct wb_error *e)
{
    size_t before = out->size;
    enum wb_status st;

    if ((st = check_limits(p, e)) != WB_OK)
        return st;
    if (p->checkpoint_size == 0)
        return wb_fail(e, WB_ERR_VALUE, "proof: no checkpoint");
    wb_buf_add_text(out, HEAD VERSION "\n");
    if (p->extra_size > 0) {
        wb_buf_add_text(out, EXTRA);
        wb_base64_put(out, p->extra, p->extra_size, WB_BASE64_PADDED);
        wb_buf_add(out, "\n", 1);
    }
    wb_buf_print(out, INDEX "%llu\n", (unsigned long long)p->index);
    for (unsigned i = 0; i < p->inclusion.count; i++) {
        wb_base64_put(out, p->inclusion.hashes[i], WB_HASH_BYTES, WB_BASE64_PADDED);
        wb_buf_add(out, "\n", 1);
    }
    wb_buf_add(out, "\n", 1);
    wb_buf_add(out, p->checkpoint, p->checkpoint_size);
    if ((st = wb_buf_check(out, e)) != WB_OK)
        out->size = before;
    return st;
}

/* What is left of the text; `line` is the one that was taken last, without its LF. */
struct lines {
    const char *at;
    size_t left;
    const char *line;
    size_t size;
};

static bool
next_line(struct lines *l)
{
    const char *feed = memchr(l->at, '\n', l->left);

    if (feed == NULL)
        return false;
    l->line = l->at;
    l->size = (size_t)(feed - l->at);
    l->at = feed + 1;
    l->left -= l->size + 1;
    return true;
}

/* Whether the line begins so; then only the rest of it stays. */
static bool
take_prefix(struct lines *l, const char *prefix)
{
    size_t size = strlen(prefix);

    if (l->size < size || memcmp(l->line, prefix, size) != 0)
        return false;
    l->line += size;
    l->size -= size;
    return true;
}

static enum wb_status
decode_head(struct lines *l, struct wb_error *e)
{
    if (!next_line(l) || !take_prefix(l, HEAD))
        return wb_fail(e, WB_ERR_FORMAT, "proof: not a tlog-proof");
    if (!take_prefix(l, VERSION) || l->size > 0)
        return wb_fail(e, WB_ERR_TOO_NEW, "proof: a version other than " VERSION);
    if (!next_line(l))
        return wb_fail(e, WB_ERR_FORMAT, "proof: ends too early");
    return WB_OK;
}

/* The line of extra data, if there is one; then `l` stands on the line behind it. */
static enum wb_status
decode_extra(struct wb_buf *extra, struct lines *l, struct wb_error *e)
{
    if (!take_prefix(l, EXTRA))
        return WB_OK;
    if (l->size > wb_base64_length(WB_PROOF_EXTRA_MAX, WB_BASE64_PADDED))
        return wb_fail(
            e, WB_ERR_LIMIT, "proof: extra above %d bytes", WB_PROOF_EXTRA_MAX);
    if (!wb_base64_get(extra, l->line, l->size, WB_BASE64_PADDED) || l->size == 0)
        return wb_fail(e, WB_ERR_FORMAT, "proof: extra is empty or not base64");
    if (wb_buf_check(extra, e) != WB_OK)
        return wb_within(e, extra->failed, "proof: extra");
    if (!next_line(l))
        return wb_fail(e, WB_ERR_FORMAT, "proof: ends too early");
    return WB_OK;
}

/* The index, the hashes, and the empty line behind them. */
static enum wb_status
decode_place(struct wb_proof *p, struct lines *l, struct wb_error *e)
{
    struct wb_merkle_proof *i = &p->inclusion;

    if (!take_prefix(l, INDEX) || !wb_decimal_decode(&p->index, l->line, l->size))
        return wb_fail(e, WB_ERR_FORMAT, "proof: no index, a number below 2^63");
    for (i->count = 0; next_line(l); i->count++) {
        if (l->size == 0)
            return WB_OK;
        if (i->count == WB_MERKLE_PROOF_MAX)
            return wb_fail(
                e, WB_ERR_LIMIT, "proof: more than %d hashes", WB_MERKLE_PROOF_MAX);
        if (!wb_base64_decode(
                i->hashes[i->count], WB_HASH_BYTES, l->line, l->size, WB_BASE64_PADDED))
            return wb_fail(e, WB_ERR_FORMAT, "proof: hash %u is not base64 of %d bytes",
                i->count + 1, WB_HASH_BYTES);
    }
    return wb_fail(e, WB_ERR_FORMAT, "proof: no empty line before the checkpoint");
}

enum wb_status
wb_proof_decode(struct wb_proof *p, struct wb_buf *extra, const char *text, size_t size,
    struct wb_error *e)
{
    struct lines l = {.at = text, .left = size};
    struct wb_proof made = {0};
    struct wb_buf decoded;
    enum wb_status st;

    wb_buf_init(&decoded, WB_PROOF_EXTRA_MAX);
    if ((st = decode_head(&l, e)) != WB_OK ||
        (st = decode_extra(&decoded, &l, e)) != WB_OK ||
        (st = decode_place(&made, &l, e)) != WB_OK)
        goto out;
    made.checkpoint = l.at;
    made.checkpoint_size = l.left;
    st = check_limits(&made, e);
    if (st == WB_OK && l.left == 0)
        st = wb_fail(e, WB_ERR_FORMAT, "proof: no checkpoint");
    if (st != WB_OK)
        goto out;
    made.extra = decoded.data;
    made.extra_size = decoded.size;
    *p = made;
    wb_buf_wipe(extra);
    *extra = decoded; /* handed over */
    return WB_OK;
out:
    wb_buf_wipe(&decoded);
    return st;
}

enum wb_status
wb_proof_check(struct wb_checkpoint *c, const struct wb_proof *p,
    const uint8_t leaf[static WB_HASH_BYTES], const struct wb_note_key *log,
    struct wb_error *e)
{
    struct wb_checkpoint made;
    struct wb_note note;
    enum wb_status st;

    if ((st = wb_note_decode(&note, p->checkpoint, p->checkpoint_size, e)) != WB_OK ||
        (st = wb_checkpoint_open(&made, &note, log, e)) != WB_OK ||
        (st = wb_merkle_check_inclusion(
             &made.head, leaf, p->index, &p->inclusion, e)) != WB_OK)
        return wb_within(e, st, "proof");
    *c = made;
    return WB_OK;
}
