/* vault/bundle/card.c - identity cards: who somebody is, signed by themselves. */
#include "card.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "../crypto/box.h"
#include "../custody/heads.h"
#include "../formats/base64.h"
#include "../formats/bech32.h"
#include "../formats/note.h"
#include "../formats/words.h"

/* The lines of a card, in order: label and where its value goes. */
static const struct line {
    const char *label;
    size_t at, size;
} lines[] = {
    {"name ", offsetof(struct wb_card, name), sizeof((struct wb_card *)0)->name},
    {"recipient ", offsetof(struct wb_card, recipient),
        sizeof((struct wb_card *)0)->recipient},
    {"minisign ", offsetof(struct wb_card, minisign),
        sizeof((struct wb_card *)0)->minisign},
    {"log ", offsetof(struct wb_card, log), sizeof((struct wb_card *)0)->log},
    {"cosigner ", offsetof(struct wb_card, cosigner),
        sizeof((struct wb_card *)0)->cosigner},
    {"collect ", offsetof(struct wb_card, collect),
        sizeof((struct wb_card *)0)->collect},
};
enum { LINES = sizeof lines / sizeof *lines };
static const char first_line[] = "witnessbox-card/1\n", any_line[] = "witnessbox-card/";

static void
put_lines(struct wb_buf *out, const struct wb_card *card)
{
    wb_buf_add_text(out, first_line);
    for (size_t i = 0; i < LINES; i++)
        wb_buf_print(out, "%s%s\n", lines[i].label, (const char *)card + lines[i].at);
}

enum wb_status
wb_card_encode(struct wb_buf *out, const struct wb_card *card,
    const struct wb_minisign_signer *signer, struct wb_error *e)
{
    struct wb_buf body;
    enum wb_status st;

    wb_buf_init(&body, WB_CARD_BYTES_MAX);
    put_lines(&body, card);
    if ((st = wb_buf_check(&body, e)) == WB_OK) {
        wb_buf_add(out, body.data, body.size);
        st = wb_minisign_sign(out, signer, WB_CARD_COMMENT, body.data, body.size, e);
    }
    wb_buf_wipe(&body);
    return st;
}

/* The next line must have this label; its value is copied into the card. */
static enum wb_status
take_line(struct wb_card *card, const struct line *l, const char **at, const char *end,
    struct wb_error *e)
{
    size_t label = strlen(l->label);
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    size_t size = stop == NULL ? 0 : (size_t)(stop - *at);

    if (size <= label || memcmp(*at, l->label, label) != 0)
        return wb_fail(e, WB_ERR_FORMAT, "the line '%s...' expected", l->label);
    if (size - label >= l->size)
        return wb_fail(e, WB_ERR_FORMAT, "%.*s: %zu bytes, limit is %zu",
            (int)label - 1, l->label, size - label, l->size - 1);
    memcpy((char *)card + l->at, *at + label, size - label);
    *at = stop + 1;
    return WB_OK;
}

/* UTF-8 without control characters; U+0080 to U+009F are C2 80 to C2 9F. */
static enum wb_status
check_name(const char *name, struct wb_error *e)
{
    const uint8_t *at = (const uint8_t *)name;

    if (wb_text_check(name, strlen(name), NULL) != WB_OK)
        return wb_fail(e, WB_ERR_FORMAT, "name: not UTF-8");
    for (; *at != 0; at++)
        if (*at < 0x20 || *at == 0x7f || (*at == 0xc2 && at[1] < 0xa0))
            return wb_fail(e, WB_ERR_FORMAT, "name: a control character");
    return WB_OK;
}

static enum wb_status
check_note_keys(const struct wb_card *card, struct wb_error *e)
{
    struct wb_note_key log, cosigner;
    char wanted[WB_NOTE_NAME_MAX + sizeof WB_COSIGNER_SUFFIX] = "";
    size_t size;

    if (wb_note_key_decode(&log, card->log, strlen(card->log), NULL) != WB_OK ||
        log.type != WB_NOTE_ED25519)
        return wb_fail(e, WB_ERR_FORMAT, "log: not an Ed25519 verifier key");
    if (strlen(log.name) > WB_ORIGIN_BYTES_MAX)
        return wb_fail(e, WB_ERR_FORMAT, "log: an origin of %zu bytes, limit is %d",
            strlen(log.name), WB_ORIGIN_BYTES_MAX);
    size = strlen(log.name);
    memcpy(wanted, log.name, size);
    memcpy(wanted + size, WB_COSIGNER_SUFFIX, sizeof WB_COSIGNER_SUFFIX);
    if (wb_note_key_decode(&cosigner, card->cosigner, strlen(card->cosigner), NULL) !=
            WB_OK ||
        cosigner.type != WB_NOTE_COSIGNATURE || strcmp(cosigner.name, wanted) != 0)
        return wb_fail(
            e, WB_ERR_FORMAT, "cosigner: not the verifier key of this log's");
    return WB_OK;
}

static enum wb_status
check_values(
    const struct wb_card *card, struct wb_minisign_key *key, struct wb_error *e)
{
    uint8_t point[WB_POINT_BYTES];
    enum wb_status st;

    if ((st = check_name(card->name, e)) != WB_OK)
        return st;
    if (wb_age_recipient_decode(
            point, card->recipient, strlen(card->recipient), NULL) != WB_OK ||
        card->recipient[0] != 'a') /* one spelling: lower case */
        return wb_fail(e, WB_ERR_FORMAT, "recipient: not an age1 key");
    if (wb_minisign_key_decode(key, card->minisign, strlen(card->minisign), NULL) !=
        WB_OK)
        return wb_fail(e, WB_ERR_FORMAT, "minisign: not an RW key");
    if ((st = check_note_keys(card, e)) != WB_OK)
        return st;
    if (!wb_base64_decode(point, sizeof point, card->collect, strlen(card->collect),
            WB_BASE64_PADDED))
        return wb_fail(e, WB_ERR_FORMAT, "collect: not 32 bytes in base64");
    return WB_OK;
}

static enum wb_status
check_signature(const struct wb_minisign_key *key, const char *comment,
    const void *bytes, size_t body, size_t size, struct wb_error *e)
{
    struct wb_minisign m;
    enum wb_status st;

    st = wb_minisign_decode(&m, (const uint8_t *)bytes + body, size - body, e);
    if (st != WB_OK)
        return st;
    if (m.untrusted_size != strlen(comment) ||
        memcmp(m.untrusted, comment, m.untrusted_size) != 0 ||
        m.trusted_size != strlen(comment) ||
        memcmp(m.trusted, comment, m.trusted_size) != 0)
        return wb_fail(e, WB_ERR_FORMAT, "signature: not the comments of a card");
    return wb_minisign_verify(&m, key, bytes, body, e);
}

static enum wb_status
check_first(const char *start, size_t size, struct wb_error *e)
{
    if (size >= sizeof first_line - 1 &&
        memcmp(start, first_line, sizeof first_line - 1) == 0)
        return WB_OK;
    if (size >= sizeof any_line - 1 &&
        memcmp(start, any_line, sizeof any_line - 1) == 0)
        return wb_fail(e, WB_ERR_TOO_NEW,
            "card: of a newer format, known is witnessbox-card/1; update witnessbox");
    return wb_fail(e, WB_ERR_FORMAT, "card: the line witnessbox-card/1 expected");
}

enum wb_status
wb_card_decode(struct wb_card *card, struct wb_minisign_key *key, const void *bytes,
    size_t size, struct wb_error *e)
{
    const size_t first = sizeof first_line - 1;
    const char *start = bytes, *at = start + first, *end = start + size;
    struct wb_card found = {0};
    struct wb_minisign_key signer;
    enum wb_status st = check_first(start, size, e);

    for (size_t i = 0; i < LINES && st == WB_OK; i++)
        st = take_line(&found, &lines[i], &at, end, e);
    if (st == WB_OK)
        st = check_values(&found, &signer, e);
    if (st == WB_OK)
        st = check_signature(
            &signer, WB_CARD_COMMENT, bytes, (size_t)(at - start), size, e);
    if (st != WB_OK)
        return wb_within(e, st, "card");
    *card = found;
    *key = signer;
    return WB_OK;
}

/* Behind the lines of a card and the four of its signature. */
static size_t
card_end(const char *bytes, size_t size)
{
    enum { SIGNATURE_LINES = 4 };
    size_t at = 0;

    for (size_t line = 0; line < 1 + LINES + SIGNATURE_LINES; line++) {
        const char *stop = memchr(bytes + at, '\n', size - at);

        if (stop == NULL)
            return size;
        at = (size_t)(stop - bytes) + 1;
    }
    return at;
}

enum wb_status
wb_card_file_read(
    struct wb_card_file *f, const char *bytes, size_t size, struct wb_error *e)
{
    struct wb_card_file got = {
        .bytes = bytes, .change = card_end(bytes, size), .size = size};
    const uint8_t *second = (const uint8_t *)bytes + got.change;
    struct wb_minisign m;
    enum wb_status st = wb_card_decode(&got.card, &got.key, bytes, got.change, e);

    if (st == WB_OK && got.change < size)
        st = wb_within(e, wb_minisign_decode(&m, second, size - got.change, e),
            "card: second signature");
    if (st == WB_OK)
        *f = got;
    return st;
}

bool
wb_card_vouched(
    const char *bytes, size_t change, size_t size, const struct wb_minisign_key *key)
{
    return check_signature(key, WB_CHANGE_COMMENT, bytes, change, size, NULL) == WB_OK;
}

enum wb_status
wb_card_owner(struct wb_owner *owner, const char *text, size_t size, struct wb_error *e)
{
    struct wb_owner got = {0};
    struct wb_card_file f;
    enum wb_status st;

    if ((st = wb_crypto_start(e)) != WB_OK ||
        (st = wb_card_file_read(&f, text, size, e)) != WB_OK)
        return st;
    if (!wb_base64_decode(got.collect, sizeof got.collect, f.card.collect,
            strlen(f.card.collect), WB_BASE64_PADDED))
        return wb_fail(e, WB_ERR_FORMAT, "card: collect: not 32 bytes in base64");
    memcpy(got.name, f.card.name, sizeof got.name);
    if ((st = wb_owner_mark(got.mark, got.collect, e)) == WB_OK)
        *owner = got;
    return st;
}

/* Without the second signature: every bundle has the card so. */
static enum wb_status
put_words(char **words, const struct wb_card_file *f, struct wb_error *e)
{
    static const char label[] = "witnessbox/v1 card";
    uint8_t hash[WB_HASH_BYTES], digest[WB_HEAD_DIGEST_BYTES];
    char text[WB_WORDS_TEXT_BYTES];
    struct wb_sha256 h;
    struct wb_buf out;
    size_t length;
    enum wb_status st;

    wb_sha256_init(&h);
    wb_sha256_add(&h, label, sizeof label - 1);
    wb_sha256_add(&h, f->bytes, f->change);
    wb_sha256_end(&h, hash);
    wb_head_digest_of(digest, hash);
    wb_words_encode(text, digest, WB_HEAD_WORDS);
    wb_buf_init(&out, sizeof text);
    wb_buf_add(&out, text, strlen(text) + 1);
    if ((st = wb_buf_check(&out, e)) == WB_OK)
        *words = (char *)wb_buf_take(&out, &length);
    wb_buf_wipe(&out);
    return st;
}

enum wb_status
wb_card_read(struct wb_card *card, char **words, const char *text, size_t size,
    struct wb_error *e)
{
    struct wb_card_file f;
    enum wb_status st;

    if ((st = wb_crypto_start(e)) != WB_OK ||
        (st = wb_card_file_read(&f, text, size, e)) != WB_OK ||
        (st = put_words(words, &f, e)) != WB_OK)
        return st;
    *card = f.card;
    return WB_OK;
}
