/* vault/bundle/envelope.c - the outermost layer of a bundle, age, read to its end. */
#include "../base/fail.h"
#include "../base/file.h"
#include "../base/mem.h"
#include "../formats/age_header.h"
#include "rules.h"
#include "unpack.h"

enum { PIECE_BYTES = 256 * 1024 };

/* Everything a pass needs; the sink stands between decoder and caller. */
struct pass {
    struct wb_sha256 file, plain;
    struct wb_age_header *header;
    struct wb_age_decoder *decoder;
    struct wb_age_sink sink;
    bool sink_failed; /* the error is the caller's, no fault of this layer */
    struct wb_secret *identity;
};

static enum wb_status
hand_on(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct pass *p = context;
    enum wb_status st;

    wb_sha256_add(&p->plain, bytes, size);
    st = p->sink.take(p->sink.context, bytes, size, e);
    p->sink_failed = st != WB_OK;
    return st;
}

static enum wb_status
decoded(const struct pass *p, enum wb_status st, struct wb_error *e)
{
    return p->sink_failed ? st : wb_rule_because(e, st, WB_RULE_AGE_PAYLOAD);
}

/* A header for a passphrase is for nobody's key either. */
static enum wb_status
unlock(struct pass *p, struct wb_error *e)
{
    struct wb_age_sink sink = {hand_on, p};
    struct wb_secret *file_key = NULL;
    enum wb_status st;

    if ((st = wb_secret_new(&file_key, WB_AGE_FILE_KEY_BYTES, e)) != WB_OK)
        return st;
    st = wb_age_header_unlock(file_key, p->header, &p->identity, 1, e);
    if (st == WB_ERR_POLICY)
        st = wb_rule_refuse(e, WB_RULE_AGE_ADDRESS);
    else if (st == WB_ERR_INTEGRITY)
        st = wb_rule_because(e, st, WB_RULE_AGE_MAC);
    else
        st = wb_rule_because(e, st, WB_RULE_AGE_HEADER);
    if (st == WB_OK)
        st = wb_age_decoder_new(&p->decoder, file_key, sink, e);
    wb_secret_free(&file_key);
    return st;
}

static enum wb_status
push(struct pass *p, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    size_t used = 0;
    enum wb_status st;

    wb_sha256_add(&p->file, bytes, size);
    if (p->decoder == NULL) {
        st = wb_age_header_feed(p->header, &used, bytes, size, e);
        if (st != WB_OK)
            return wb_rule_because(e, st, WB_RULE_AGE_HEADER);
        if (!wb_age_header_is_complete(p->header))
            return WB_OK;
        if ((st = unlock(p, e)) != WB_OK)
            return st;
    }
    return decoded(p, wb_age_decoder_push(p->decoder, bytes + used, size - used, e), e);
}

static enum wb_status
end(struct pass *p, struct wb_error *e)
{
    if (p->decoder == NULL)
        return wb_rule_because(
            e, wb_fail(e, WB_ERR_FORMAT, "ends early"), WB_RULE_AGE_HEADER);
    return decoded(p, wb_age_decoder_end(p->decoder, e), e);
}

enum wb_status
wb_envelope_read(struct wb_envelope *seen, int fd, struct wb_secret *identity,
    struct wb_age_sink sink, struct wb_error *e)
{
    struct pass p = {.sink = sink, .identity = identity};
    uint8_t *piece = wb_mem_new(PIECE_BYTES);
    uint64_t at = 0;
    size_t got = PIECE_BYTES;
    enum wb_status st = piece == NULL ? wb_fail_memory(e) : WB_OK;

    wb_sha256_init(&p.file);
    wb_sha256_init(&p.plain);
    if (st == WB_OK)
        st = wb_age_header_new(&p.header, e);
    /* read at offsets: the second pass begins at the first byte again */
    for (; st == WB_OK && got == PIECE_BYTES; at += got) {
        st = wb_file_read_at(fd, at, piece, PIECE_BYTES, &got, e);
        if (st == WB_OK && got > 0)
            st = push(&p, piece, got, e);
    }
    if (st == WB_OK)
        st = end(&p, e);
    if (st == WB_OK) {
        wb_sha256_end(&p.file, seen->file_hash);
        wb_sha256_end(&p.plain, seen->plain_hash);
    }
    wb_age_decoder_free(&p.decoder);
    wb_age_header_free(&p.header);
    wb_mem_free(piece);
    return st;
}
