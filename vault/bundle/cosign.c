/* vault/bundle/cosign.c - a request to cosign a head: read strictly, checked, answered.
 */
#include <string.h>

#include "../base/clock.h"
#include "../base/fail.h"
#include "../formats/base64.h"
#include "witness.h"

enum { HASH_CHARACTERS = 44 };

struct request {
    uint64_t old;
    struct wb_merkle_proof proof;
    struct wb_note note;
    struct wb_checkpoint checkpoint;
    const char *text; /* of the note with its lines */
    size_t text_size;
};

/* A line up to its LF; false at the end. */
static bool
next_line(const char **at, size_t *left, const char **line, size_t *size)
{
    const char *end = *left == 0 ? NULL : memchr(*at, '\n', *left);

    if (end == NULL)
        return false;
    *line = *at;
    *size = (size_t)(end - *at);
    *left -= *size + 1;
    *at = end + 1;
    return true;
}

static enum wb_status
read_request(struct request *r, const char *at, size_t left, struct wb_error *e)
{
    const char *line;
    size_t size;

    *r = (struct request){0};
    if (!next_line(&at, &left, &line, &size) || size < 5 ||
        memcmp(line, "old ", 4) != 0 || !wb_decimal_decode(&r->old, line + 4, size - 4))
        return wb_fail(e, WB_ERR_FORMAT, "not a request to cosign: no line \"old N\"");
    while (next_line(&at, &left, &line, &size) && size > 0) {
        if (r->proof.count >= WB_MERKLE_PROOF_MAX || size != HASH_CHARACTERS ||
            !wb_base64_decode(r->proof.hashes[r->proof.count], WB_HASH_BYTES, line,
                size, WB_BASE64_PADDED))
            return wb_fail(
                e, WB_ERR_FORMAT, "request: hash %u is not one", r->proof.count + 1);
        r->proof.count++;
    }
    r->text = at;
    r->text_size = left;
    return wb_note_decode(&r->note, at, left, e);
}

static enum wb_status
check_not_smaller(struct wb_vault *v, struct wb_witness_head *r,
    const struct request *q, struct wb_error *e)
{
    enum wb_status st = wb_witness_newest(v, r, WB_HEAD_COSIGNED, e);

    if (st == WB_OK && r->found && q->checkpoint.head.size < r->head.size)
        return wb_witness_fail(r, &q->checkpoint.head, "smaller than before", e);
    return st;
}

/* A larger head that was only taken in accuses nobody: it may have been made after the
 * request. */
static enum wb_status
check_not_older(struct wb_vault *v, const struct request *q, struct wb_error *e)
{
    struct wb_witness_head seen = {.origin = q->checkpoint.origin};
    enum wb_status st = wb_witness_newest(v, &seen, WB_HEAD_FOREIGN, e);

    if (st == WB_OK && seen.found && q->checkpoint.head.size < seen.head.size)
        return wb_fail(e, WB_ERR_POLICY,
            "%s: size %llu is older than a head of theirs that came since, size %llu: "
            "have them make a new request",
            seen.origin, (unsigned long long)q->checkpoint.head.size,
            (unsigned long long)seen.head.size);
    return st;
}

/* The log must go on from what we cosigned last. A head that was only taken in is no
 * base, since nobody proved it; but it must not be contradicted either. */
static enum wb_status
check_consistent(struct wb_vault *v, const struct request *q, struct wb_error *e)
{
    struct wb_witness_head r = {.origin = q->checkpoint.origin};
    enum wb_status st;

    if ((st = check_not_smaller(v, &r, q, e)) != WB_OK ||
        (st = wb_witness_check_same_size(v, &q->checkpoint, e)) != WB_OK)
        return st;
    if (!r.found)
        wb_merkle_empty(r.head.root);
    if (q->old != r.head.size)
        return wb_fail(e, WB_ERR_POLICY,
            "%s: size %llu of it was cosigned here, ask again from there (head "
            "--request NAME --from %llu)",
            r.origin, (unsigned long long)r.head.size, (unsigned long long)r.head.size);
    st = wb_merkle_check_consistency(&q->checkpoint.head, &r.head, &q->proof, e);
    if (st == WB_ERR_INTEGRITY)
        return wb_witness_fail(
            &r, &q->checkpoint.head, "fork: it does not go on from there", e);
    return st == WB_OK ? check_not_older(v, q, e) : st;
}

/* Our cosignature line over the note's text. */
static enum wb_status
sign_line(struct wb_buf *out, struct wb_vault *v, const struct wb_note *note,
    struct wb_error *e)
{
    struct wb_identity_keys keys = {0};
    struct wb_record *identity = NULL;
    struct wb_note_key key;
    const char *vkey;
    enum wb_status st;

    if ((st = wb_identity_open(v, &keys, e)) != WB_OK ||
        (st = wb_record_load(v, &identity, &wb_store_state(v)->identity, e)) != WB_OK)
        goto out;
    vkey = wb_record_text(identity, "cosigner");
    if ((st = wb_note_key_decode(&key, vkey, strlen(vkey), e)) == WB_OK)
        st = wb_note_cosign(
            out, note->text, note->text_size, wb_clock_now(), &key, keys.cosigner, e);
out:
    wb_identity_wipe(&keys);
    wb_record_free(&identity);
    return st;
}

/* The checkpoint on one line, for the log. */
static void
flatten(struct wb_buf *out, const struct wb_note *note)
{
    for (size_t i = 0; i + 1 < note->text_size; i++)
        wb_buf_add(out, note->text[i] == '\n' ? " " : note->text + i, 1);
}

enum wb_status
wb_cosign(struct wb_vault *v, const char *request, size_t size, char **reply,
    struct wb_head_note *said, struct wb_error *e)
{
    struct wb_witness_key k = {.field = "log"};
    struct wb_detail detail = {0};
    struct wb_checkpoint c;
    struct request q;
    struct wb_buf line, head, kept;
    enum wb_status st;

    wb_buf_init(&line, WB_NOTE_LINE_MAX + 1);
    wb_buf_init(&head, WB_CHECKPOINT_TEXT_MAX);
    wb_buf_init(&kept, WB_NOTE_BYTES_MAX);
    if ((st = wb_verify_log(v, e)) != WB_OK ||
        (st = read_request(&q, request, size, e)) != WB_OK ||
        (st = wb_checkpoint_decode(&c, q.note.text, q.note.text_size, e)) != WB_OK)
        goto out;
    k.name = c.origin;
    if ((st = wb_witness_key(v, &k, e)) != WB_OK ||
        (st = wb_checkpoint_open(&q.checkpoint, &q.note, &k.key, e)) != WB_OK ||
        (st = check_consistent(v, &q, e)) != WB_OK ||
        (st = sign_line(&line, v, &q.note, e)) != WB_OK)
        goto out;
    flatten(&head, &q.note);
    detail.counterpart = k.found_label;
    detail.head = wb_buf_text(&head);
    wb_buf_add(&kept, q.text, q.text_size);
    wb_buf_add(&kept, line.data, line.size);
    if ((st = wb_buf_check(&head, e)) == WB_OK &&
        (st = wb_buf_check(&kept, e)) == WB_OK &&
        (st = wb_witness_keep(v, WB_HEAD_COSIGNED, (const char *)kept.data, kept.size,
             &detail, e)) == WB_OK &&
        (st = wb_witness_take(reply, &line, e)) == WB_OK)
        wb_witness_describe(said, &q.checkpoint, k.found_label, false);
out:
    wb_buf_wipe(&line);
    wb_buf_wipe(&head);
    wb_buf_wipe(&kept);
    return st;
}
