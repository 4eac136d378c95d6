/* vault/bundle/envelope.c - the outermost layer of a bundle, age, read to its end. */
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/progress.h"
#include "../formats/age_header.h"
#include "rules.h"
#include "unpack.h"

enum { PIECE_BYTES = 256 * 1024 };

/* Everything a pass needs; the sink stands between decoder and caller. */
struct pass {
    struct wb_sha256 file;
    struct wb_age_header *header;
    struct wb_age_decoder *decoder;
    struct wb_age_sink sink;
    bool sink_failed; /* the error is the caller's, no fault of this layer */
    struct wb_envelope_keys *keys;
};

static enum wb_status
hand_on(void *context, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    struct pass *p = context;
    enum wb_status st = p->sink.take(p->sink.context, bytes, size, e);

    p->sink_failed = st != WB_OK;
    return st;
}

static enum wb_status
decoded(const struct pass *p, enum wb_status st, struct wb_error *e)
{
    return p->sink_failed ? st : wb_rule_because(e, st, WB_RULE_AGE_PAYLOAD);
}

static enum wb_status
because(enum wb_status st, struct wb_error *e)
{
    if (st == WB_ERR_POLICY)
        return wb_rule_refuse(e, WB_RULE_AGE_ADDRESS);
    if (st == WB_ERR_INTEGRITY)
        return wb_rule_because(e, st, WB_RULE_AGE_MAC);
    if (st == WB_ERR_PASSPHRASE)
        return wb_rule_refuse(e, WB_RULE_AGE_WORDS);
    return wb_rule_because(e, st, WB_RULE_AGE_HEADER);
}

/* Who sent it may know an older card of ours only. */
static enum wb_status
open_with_own(struct pass *p, struct wb_secret *file_key, struct wb_error *e)
{
    struct wb_envelope_keys *keys = p->keys;
    enum wb_status st = WB_ERR_POLICY;

    for (size_t i = 0; st == WB_ERR_POLICY && i < keys->count; i++) {
        st = wb_age_header_unlock(file_key, p->header, &keys->identities[i], 1, e);
        keys->opened = i;
    }
    return st;
}

/* The file key by whichever key the header is for. */
static enum wb_status
open_header(struct pass *p, struct wb_secret *file_key, struct wb_error *e)
{
    struct wb_envelope_keys *keys = p->keys;

    keys->by_passphrase = wb_age_header_is_scrypt(p->header);
    if (!keys->by_passphrase)
        return because(open_with_own(p, file_key, e), e);
    if (keys->passphrase == NULL)
        return wb_rule_refuse(e, WB_RULE_AGE_PASSPHRASE);
    return because(wb_age_header_unlock_scrypt(file_key, p->header, keys->passphrase,
                       keys->passphrase_size, WB_AGE_LOG_N_MAX, e),
        e);
}

static enum wb_status
unlock(struct pass *p, struct wb_error *e)
{
    struct wb_age_sink sink = {hand_on, p};
    struct wb_secret *file_key = NULL;
    enum wb_status st;

    if (p->keys->file_key != NULL)
        return wb_age_decoder_new(&p->decoder, p->keys->file_key, sink, e);
    if ((st = wb_secret_new(&file_key, WB_AGE_FILE_KEY_BYTES, e)) == WB_OK &&
        (st = open_header(p, file_key, e)) == WB_OK)
        st = wb_age_decoder_new(&p->decoder, file_key, sink, e);
    if (st == WB_OK && p->keys->by_passphrase)
        p->keys->file_key = wb_secret_take(&file_key);
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
wb_envelope_passphrase(struct wb_secret **secret, const char *words, struct wb_error *e)
{
    size_t size = strlen(words);
    enum wb_status st;

    if (size == 0 || size > WB_ENVELOPE_WORDS_MAX)
        return wb_fail(e, WB_ERR_USAGE, "passphrase: %zu bytes, from 1 to %d", size,
            WB_ENVELOPE_WORDS_MAX);
    if ((st = wb_secret_new(secret, size, e)) == WB_OK)
        memcpy(wb_secret_room(*secret), words, size);
    return st;
}

enum wb_status
wb_envelope_read(struct wb_envelope *seen, const struct wb_source *from,
    struct wb_envelope_keys *keys, struct wb_age_sink sink, struct wb_error *e)
{
    struct pass p = {.sink = sink, .keys = keys};
    uint8_t *piece = wb_mem_new(PIECE_BYTES);
    uint64_t at = 0;
    size_t got = PIECE_BYTES;
    enum wb_status st = piece == NULL ? wb_fail_memory(e) : WB_OK;

    wb_progress_begin(wb_source_size(from));
    wb_sha256_init(&p.file);
    if (st == WB_OK)
        st = wb_age_header_new(&p.header, e);
    /* read at offsets: the second pass begins at the first byte again */
    for (; st == WB_OK && got == PIECE_BYTES; at += got) {
        st = wb_source_read_at(from, at, piece, PIECE_BYTES, &got, e);
        if (st == WB_OK && got > 0)
            st = push(&p, piece, got, e);
        wb_progress_add(got);
    }
    if (st == WB_OK)
        st = end(&p, e);
    if (st == WB_OK)
        wb_sha256_end(&p.file, seen->file_hash);
    wb_age_decoder_free(&p.decoder);
    wb_age_header_free(&p.header);
    wb_mem_free(piece);
    return st;
}
