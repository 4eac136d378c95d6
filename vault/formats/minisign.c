/* vault/formats/minisign.c - minisign's public keys and signature files. */
#include "minisign.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../crypto/hash.h"
#include "base64.h"

enum {
    ALGORITHM_BYTES = 2,
    KEY_BYTES = ALGORITHM_BYTES + WB_MINISIGN_ID_BYTES + WB_SIGN_PUBLIC_BYTES, /* 42 */
    SIGNATURE_BYTES = ALGORITHM_BYTES + WB_MINISIGN_ID_BYTES + WB_SIGN_BYTES,  /* 74 */
    SIGNED_COMMENT_MAX = WB_SIGN_BYTES + WB_MINISIGN_COMMENT_MAX,
};

static const char untrusted_prefix[] = "untrusted comment: ";
static const char trusted_prefix[] = "trusted comment: ";

void
wb_minisign_key_encode(
    char out[static WB_MINISIGN_KEY_CHARS + 1], const struct wb_minisign_key *k)
{
    uint8_t bytes[KEY_BYTES] = {'E', 'd'};

    memcpy(bytes + ALGORITHM_BYTES, k->id, sizeof k->id);
    memcpy(bytes + ALGORITHM_BYTES + sizeof k->id, k->point, sizeof k->point);
    wb_base64_encode(out, bytes, sizeof bytes, WB_BASE64_PADDED);
    out[WB_MINISIGN_KEY_CHARS] = '\0';
}

enum wb_status
wb_minisign_key_decode(
    struct wb_minisign_key *k, const char *text, size_t length, struct wb_error *e)
{
    uint8_t bytes[KEY_BYTES];

    if (!wb_base64_decode(bytes, sizeof bytes, text, length, WB_BASE64_PADDED))
        return wb_fail(e, WB_ERR_FORMAT,
            "minisign key: not %d characters of canonical base64",
            WB_MINISIGN_KEY_CHARS);
    if (memcmp(bytes, "Ed", ALGORITHM_BYTES) != 0)
        return wb_fail(e, WB_ERR_FORMAT, "minisign key: algorithm other than Ed");
    memcpy(k->id, bytes + ALGORITHM_BYTES, sizeof k->id);
    memcpy(k->point, bytes + ALGORITHM_BYTES + sizeof k->id, sizeof k->point);
    return WB_OK;
}

void
wb_minisign_key_put(struct wb_buf *out, const struct wb_minisign_key *k)
{
    char text[WB_MINISIGN_KEY_CHARS + 1];
    uint64_t id = 0;

    for (size_t i = sizeof k->id; i > 0; i--)
        id = id << 8 | k->id[i - 1];
    wb_minisign_key_encode(text, k);
    wb_buf_print(
        out, "%sminisign public key %016" PRIX64 "\n%s\n", untrusted_prefix, id, text);
}

/* What is left of a file, and the number of the line last taken from it. */
struct lines {
    const char *at;
    size_t left;
    unsigned number;
};

struct line {
    const char *text;
    size_t length;
};

/* The next line without its LF; printable ASCII and nothing else. */
static enum wb_status
next_line(struct lines *in, struct line *out, struct wb_error *e)
{
    const char *end = in->left == 0 ? NULL : memchr(in->at, '\n', in->left);
    struct line l = {.text = in->at};

    in->number++;
    if (end == NULL)
        return wb_fail(e, WB_ERR_FORMAT, "line %u: %s", in->number,
            in->left == 0 ? wb_word("missing") : wb_word("without a line end"));
    l.length = (size_t)(end - in->at);
    for (size_t i = 0; i < l.length; i++)
        if (l.text[i] < ' ' || l.text[i] > '~')
            return wb_fail(e, WB_ERR_FORMAT, "line %u: byte %zu is not printable ASCII",
                in->number, i + 1);
    in->at += l.length + 1;
    in->left -= l.length + 1;
    *out = l;
    return WB_OK;
}

static enum wb_status
next_comment(struct lines *in, struct line *out, const char *prefix, struct wb_error *e)
{
    size_t size = strlen(prefix);
    struct line l;
    enum wb_status st;

    if ((st = next_line(in, &l, e)) != WB_OK)
        return st;
    if (l.length < size || memcmp(l.text, prefix, size) != 0)
        return wb_fail(e, WB_ERR_FORMAT, "line %u: does not begin with \"%s\"",
            in->number, prefix);
    if (l.length - size > WB_MINISIGN_COMMENT_MAX)
        return wb_fail(e, WB_ERR_FORMAT, "line %u: comment of %zu bytes, limit is %d",
            in->number, l.length - size, WB_MINISIGN_COMMENT_MAX);
    *out = (struct line){l.text + size, l.length - size};
    return WB_OK;
}

static enum wb_status
next_base64(struct lines *in, uint8_t *out, size_t size, struct wb_error *e)
{
    struct line l;
    enum wb_status st;

    if ((st = next_line(in, &l, e)) != WB_OK)
        return st;
    if (!wb_base64_decode(out, size, l.text, l.length, WB_BASE64_PADDED))
        return wb_fail(e, WB_ERR_FORMAT,
            "line %u: not %zu characters of canonical base64", in->number,
            wb_base64_length(size, WB_BASE64_PADDED));
    return WB_OK;
}

static enum wb_status
no_more(const struct lines *in, struct wb_error *e)
{
    if (in->left > 0)
        return wb_fail(
            e, WB_ERR_FORMAT, "%zu bytes behind line %u", in->left, in->number);
    return WB_OK;
}

enum wb_status
wb_minisign_key_get(
    struct wb_minisign_key *k, const void *bytes, size_t size, struct wb_error *e)
{
    struct lines in = {.at = bytes, .left = size};
    struct line comment, key;
    enum wb_status st;

    if ((st = next_comment(&in, &comment, untrusted_prefix, e)) != WB_OK ||
        (st = next_line(&in, &key, e)) != WB_OK || (st = no_more(&in, e)) != WB_OK)
        return wb_within(e, st, "minisign key");
    return wb_minisign_key_decode(k, key.text, key.length, e);
}

static enum wb_status
check_algorithm(const uint8_t *bytes, struct wb_error *e)
{
    if (memcmp(bytes, "Ed", ALGORITHM_BYTES) == 0)
        return wb_fail(e, WB_ERR_FORMAT,
            "line 2: legacy algorithm Ed, only the prehashed ED is accepted");
    if (memcmp(bytes, "ED", ALGORITHM_BYTES) != 0)
        return wb_fail(e, WB_ERR_FORMAT, "line 2: algorithm other than ED");
    return WB_OK;
}

enum wb_status
wb_minisign_decode(
    struct wb_minisign *m, const void *bytes, size_t size, struct wb_error *e)
{
    struct lines in = {.at = bytes, .left = size};
    struct line untrusted, trusted;
    uint8_t signature[SIGNATURE_BYTES], global[WB_SIGN_BYTES];
    enum wb_status st;

    if ((st = next_comment(&in, &untrusted, untrusted_prefix, e)) != WB_OK ||
        (st = next_base64(&in, signature, sizeof signature, e)) != WB_OK ||
        (st = check_algorithm(signature, e)) != WB_OK ||
        (st = next_comment(&in, &trusted, trusted_prefix, e)) != WB_OK ||
        (st = next_base64(&in, global, sizeof global, e)) != WB_OK ||
        (st = no_more(&in, e)) != WB_OK)
        return wb_within(e, st, "signature");
    memcpy(m->id, signature + ALGORITHM_BYTES, sizeof m->id);
    memcpy(
        m->signature, signature + ALGORITHM_BYTES + sizeof m->id, sizeof m->signature);
    memcpy(m->global, global, sizeof m->global);
    m->untrusted = untrusted.text;
    m->untrusted_size = untrusted.length;
    m->trusted = trusted.text;
    m->trusted_size = trusted.length;
    return WB_OK;
}

/* What the global signature is over: the signature and the trusted comment. */
static size_t
join(uint8_t out[static SIGNED_COMMENT_MAX],
    const uint8_t signature[static WB_SIGN_BYTES], const char *trusted, size_t size)
{
    memcpy(out, signature, WB_SIGN_BYTES);
    memcpy(out + WB_SIGN_BYTES, trusted, size);
    return WB_SIGN_BYTES + size;
}

static enum wb_status
check_comment(const char *which, const char *text, struct wb_error *e)
{
    size_t size = strlen(text);

    if (size > WB_MINISIGN_COMMENT_MAX)
        return wb_fail(e, WB_ERR_VALUE, "%s comment: %zu bytes, limit is %d", which,
            size, WB_MINISIGN_COMMENT_MAX);
    for (size_t i = 0; i < size; i++)
        if (text[i] < ' ' || text[i] > '~')
            return wb_fail(e, WB_ERR_VALUE,
                "%s comment: byte %zu is not printable ASCII", which, i + 1);
    return WB_OK;
}

static void
put_base64_line(struct wb_buf *out, const uint8_t *bytes, size_t size)
{
    wb_base64_put(out, bytes, size, WB_BASE64_PADDED);
    wb_buf_add_text(out, "\n");
}

enum wb_status
wb_minisign_sign(struct wb_buf *out, const struct wb_minisign_signer *signer,
    const char *trusted, const void *message, size_t size, struct wb_error *e)
{
    uint8_t hash[WB_BLAKE2B_BYTES], both[SIGNED_COMMENT_MAX], global[WB_SIGN_BYTES];
    uint8_t bytes[SIGNATURE_BYTES] = {'E', 'D'};
    uint8_t *signature = bytes + ALGORITHM_BYTES + WB_MINISIGN_ID_BYTES;
    const char *untrusted =
        signer->untrusted == NULL ? WB_MINISIGN_UNTRUSTED : signer->untrusted;
    size_t length;
    enum wb_status st;

    if ((st = check_comment("untrusted", untrusted, e)) != WB_OK ||
        (st = check_comment("trusted", trusted, e)) != WB_OK)
        return st;
    memcpy(bytes + ALGORITHM_BYTES, signer->id, WB_MINISIGN_ID_BYTES);
    wb_blake2b_512(hash, message, size);
    st = wb_sign(signature, hash, sizeof hash, signer->seed, e);
    if (st != WB_OK)
        return st;
    length = join(both, signature, trusted, strlen(trusted));
    if ((st = wb_sign(global, both, length, signer->seed, e)) != WB_OK)
        return st;
    wb_buf_print(out, "%s%s\n", untrusted_prefix, untrusted);
    put_base64_line(out, bytes, sizeof bytes);
    wb_buf_print(out, "%s%s\n", trusted_prefix, trusted);
    put_base64_line(out, global, sizeof global);
    return wb_buf_check(out, e);
}

enum wb_status
wb_minisign_verify(const struct wb_minisign *m, const struct wb_minisign_key *k,
    const void *message, size_t size, struct wb_error *e)
{
    uint8_t hash[WB_BLAKE2B_BYTES], both[SIGNED_COMMENT_MAX];
    size_t length;

    if (!wb_equal(m->id, k->id, sizeof m->id))
        return wb_fail(e, WB_ERR_INTEGRITY, "signature: made by another key");
    wb_blake2b_512(hash, message, size);
    if (!wb_sign_verify(m->signature, hash, sizeof hash, k->point))
        return wb_fail(e, WB_ERR_INTEGRITY, "signature: does not fit what it is for");
    length = join(both, m->signature, m->trusted, m->trusted_size);
    if (!wb_sign_verify(m->global, both, length, k->point))
        return wb_fail(
            e, WB_ERR_INTEGRITY, "signature: does not fit the trusted comment");
    return WB_OK;
}
