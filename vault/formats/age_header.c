/* vault/formats/age_header.c - reading the header of an age v1 file. */
#include "age_header.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "age_stanza.h"
#include "base64.h"

static const char version_line[] = WB_AGE_VERSION_LINE;
static const size_t version_name = sizeof "age-encryption.org/" - 1;

struct wb_age_header {
    struct wb_buf raw; /* as read, line ends and all */
    struct wb_buf bodies;
    enum { VERSION_LINE, STANZA_LINE, BODY_LINE, COMPLETE } expect;
    enum wb_status failed;
    size_t line, number; /* where the line being collected begins; counted from 1 */
    size_t count;
    uint8_t mac[WB_HASH_BYTES];
    struct wb_age_stanza stanzas[WB_AGE_STANZAS_MAX];
};

enum wb_status
wb_age_header_new(struct wb_age_header **h, struct wb_error *e)
{
    struct wb_age_header *made = wb_mem_new(sizeof *made);

    if (made == NULL)
        return wb_fail_memory(e);
    wb_buf_init(&made->raw, WB_AGE_HEADER_BYTES_MAX);
    wb_buf_init(&made->bodies, WB_AGE_HEADER_BYTES_MAX);
    made->number = 1;
    *h = made;
    return WB_OK;
}

void
wb_age_header_free(struct wb_age_header **h)
{
    if (*h != NULL) {
        wb_buf_wipe(&(*h)->raw);
        wb_buf_wipe(&(*h)->bodies);
    }
    wb_mem_free(*h);
    *h = NULL;
}

bool
wb_age_header_is_complete(const struct wb_age_header *h)
{
    return h->expect == COMPLETE;
}

size_t
wb_age_header_stanzas(const struct wb_age_header *h)
{
    return h->count;
}

bool
wb_age_header_is_scrypt(const struct wb_age_header *h)
{
    return h->count == 1 && h->stanzas[0].kind == WB_AGE_SCRYPT;
}

/* On the first bytes already: what is no age file is not collected. */
static enum wb_status
check_version(const struct wb_age_header *h, bool whole, struct wb_error *e)
{
    const char *text = (const char *)h->raw.data;
    size_t size = h->raw.size, head = size < version_name ? size : version_name;

    if (memcmp(text, version_line, head) != 0)
        return wb_fail(e, WB_ERR_FORMAT, "not a binary age file");
    if (!whole)
        return WB_OK;
    size -= 1;
    for (size_t i = 0; i < size; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return wb_fail(e, WB_ERR_FORMAT, "a character that cannot be in a version");
    if (size == version_name)
        return wb_fail(e, WB_ERR_FORMAT, "no version");
    if (size != sizeof version_line - 1 || memcmp(text, version_line, size) != 0)
        return wb_fail(e, WB_ERR_TOO_NEW, "a version of age other than v1");
    return WB_OK;
}

static enum wb_status
take_stanza_line(
    struct wb_age_header *h, const char *text, size_t length, struct wb_error *e)
{
    struct wb_age_stanza *s = &h->stanzas[h->count];
    enum wb_status st;

    if (length < 3 || memcmp(text, "-> ", 3) != 0)
        return wb_fail(e, WB_ERR_FORMAT, "neither a stanza nor the MAC");
    if (h->count == WB_AGE_STANZAS_MAX)
        return wb_fail(
            e, WB_ERR_LIMIT, "stanzas: too many, limit is %d", WB_AGE_STANZAS_MAX);
    s->line = h->line + 3;
    s->line_size = length - 3;
    s->body = h->bodies.size;
    if ((st = wb_age_stanza_read(s, text + 3, length - 3, e)) != WB_OK)
        return st;
    h->count++;
    if (h->count > 1 &&
        (s->kind == WB_AGE_SCRYPT || h->stanzas[0].kind == WB_AGE_SCRYPT))
        return wb_fail(e, WB_ERR_FORMAT, "a scrypt stanza is not the only one");
    h->expect = BODY_LINE;
    return WB_OK;
}

static enum wb_status
take_body_line(
    struct wb_age_header *h, const char *text, size_t length, struct wb_error *e)
{
    struct wb_age_stanza *s = &h->stanzas[h->count - 1];
    enum wb_status st;

    if (length > WB_AGE_BODY_COLUMNS)
        return wb_fail(e, WB_ERR_FORMAT, "body: %zu columns, limit is %d", length,
            WB_AGE_BODY_COLUMNS);
    if (!wb_base64_get(&h->bodies, text, length, WB_BASE64_RAW))
        return wb_fail(e, WB_ERR_FORMAT, "body: not canonical base64");
    if ((st = wb_buf_check(&h->bodies, e)) != WB_OK)
        return st;
    if (length == WB_AGE_BODY_COLUMNS)
        return WB_OK;
    s->body_size = h->bodies.size - s->body;
    /* before anything is decrypted: a longer body could hold more than one file key for
     * more than one wrap key (partitioning oracles) */
    if (s->kind != WB_AGE_OTHER && s->body_size != WB_AGE_BODY_BYTES)
        return wb_fail(e, WB_ERR_FORMAT, "body: %zu bytes, must be %d", s->body_size,
            WB_AGE_BODY_BYTES);
    h->expect = STANZA_LINE;
    return WB_OK;
}

/* Parse, rebuild, compare: what has been understood is all that was there. */
static enum wb_status
check_rebuilt(const struct wb_age_header *h, struct wb_error *e)
{
    struct wb_buf b;
    enum wb_status st;

    wb_buf_init(&b, WB_AGE_HEADER_BYTES_MAX);
    wb_buf_add_text(&b, WB_AGE_VERSION_LINE "\n");
    for (const struct wb_age_stanza *s = h->stanzas; s < h->stanzas + h->count; s++) {
        wb_buf_add_text(&b, "-> ");
        wb_buf_add(&b, h->raw.data + s->line, s->line_size);
        wb_buf_add_text(&b, "\n");
        wb_age_stanza_put_body(&b, h->bodies.data + s->body, s->body_size);
    }
    wb_buf_add_text(&b, "---");
    wb_age_mac_put(&b, h->mac);
    st = wb_buf_check(&b, e);
    if (st == WB_OK &&
        (b.size != h->raw.size || memcmp(b.data, h->raw.data, b.size) != 0))
        st = wb_fail(e, WB_ERR_FORMAT, "not what it reads as");
    wb_buf_wipe(&b);
    return st;
}

static enum wb_status
take_mac_line(
    struct wb_age_header *h, const char *text, size_t length, struct wb_error *e)
{
    enum wb_status st;

    if (length < 4 || text[3] != ' ' ||
        !wb_base64_decode(h->mac, sizeof h->mac, text + 4, length - 4, WB_BASE64_RAW))
        return wb_fail(e, WB_ERR_FORMAT, "not a MAC of 32 bytes in base64");
    if (h->count == 0)
        return wb_fail(e, WB_ERR_FORMAT, "no stanza");
    if ((st = check_rebuilt(h, e)) == WB_OK)
        h->expect = COMPLETE;
    return st;
}

/* The line that the last byte of raw has ended. */
static enum wb_status
take_line(struct wb_age_header *h, struct wb_error *e)
{
    const char *text = (const char *)h->raw.data + h->line;
    size_t length = h->raw.size - h->line - 1;
    enum wb_status st = WB_OK;

    if (h->expect == VERSION_LINE)
        h->expect = STANZA_LINE;
    else if (h->expect == BODY_LINE)
        st = take_body_line(h, text, length, e);
    else if (length >= 3 && memcmp(text, "---", 3) == 0)
        st = take_mac_line(h, text, length, e);
    else
        st = take_stanza_line(h, text, length, e);
    if (st == WB_OK && h->expect != COMPLETE) {
        h->line = h->raw.size;
        h->number++;
    }
    return st;
}

/* Up to the end of the line, or all. */
static enum wb_status
take_piece(struct wb_age_header *h, const uint8_t *at, size_t size, struct wb_error *e)
{
    bool ends = at[size - 1] == '\n';
    enum wb_status st;

    wb_buf_add(&h->raw, at, size);
    if ((st = wb_buf_check(&h->raw, e)) == WB_OK && h->expect == VERSION_LINE)
        st = check_version(h, ends, e);
    if (st == WB_OK && ends)
        st = take_line(h, e);
    h->failed = st;
    return wb_within(e, st, "age header: line %zu", h->number);
}

enum wb_status
wb_age_header_feed(struct wb_age_header *h, size_t *used, const void *bytes,
    size_t size, struct wb_error *e)
{
    const uint8_t *at = bytes, *end;
    size_t taken = 0, piece;

    if (h->failed != WB_OK)
        return wb_fail(e, h->failed, "age header: goes on after an error");
    for (; taken < size && h->expect != COMPLETE; taken += piece) {
        end = memchr(at + taken, '\n', size - taken);
        piece = end == NULL ? size - taken : (size_t)(end + 1 - (at + taken));
        if (take_piece(h, at + taken, piece, e) != WB_OK)
            return h->failed;
    }
    *used = taken;
    return WB_OK;
}

static enum wb_status
check_complete(const struct wb_age_header *h, struct wb_error *e)
{
    if (h->expect != COMPLETE)
        return wb_fail(
            e, WB_ERR_FORMAT, "age header: line %zu: ends too early", h->number);
    return WB_OK;
}

/* The MAC under the file key that a stanza held; only then the key goes out. */
static enum wb_status
hand_over(struct wb_secret *file_key, const struct wb_age_header *h,
    struct wb_age_wrap *w, struct wb_error *e)
{
    uint8_t mac[WB_HASH_BYTES];

    wb_age_wrap_mac(mac, w, w->file_key, h->raw.data, h->line + 3);
    if (!wb_equal(mac, h->mac, sizeof mac))
        return wb_fail(
            e, WB_ERR_INTEGRITY, "age header: the MAC does not fit, it was altered");
    memcpy(
        wb_secret_room(file_key), wb_secret_bytes(w->file_key), WB_AGE_FILE_KEY_BYTES);
    return WB_OK;
}

/* Tries one identity on all stanzas. */
static enum wb_status
try_identity(bool *opened, const struct wb_age_header *h, struct wb_age_wrap *w,
    const struct wb_secret *identity, struct wb_error *e)
{
    uint8_t own[WB_POINT_BYTES];

    *opened = false;
    wb_point_of(own, identity);
    for (size_t i = 0; i < h->count && !*opened; i++) {
        const struct wb_age_stanza *s = &h->stanzas[i];

        if (s->kind != WB_AGE_X25519)
            continue;
        if (!wb_age_wrap_agree(w, identity, s->share, s->share, own))
            return wb_fail(e, WB_ERR_FORMAT,
                "age header: stanza %zu: a share of low order", i + 1);
        *opened = wb_age_wrap_open(w, h->bodies.data + s->body);
    }
    return WB_OK;
}

enum wb_status
wb_age_header_unlock(struct wb_secret *file_key, const struct wb_age_header *h,
    struct wb_secret *const *identities, size_t count, struct wb_error *e)
{
    struct wb_age_wrap w;
    enum wb_status st;
    bool opened = false;

    if ((st = check_complete(h, e)) != WB_OK || (st = wb_age_wrap_init(&w, e)) != WB_OK)
        return st;
    for (size_t i = 0; st == WB_OK && i < count && !opened; i++)
        st = try_identity(&opened, h, &w, identities[i], e);
    if (st == WB_OK && opened)
        st = hand_over(file_key, h, &w, e);
    else if (st == WB_OK)
        st = wb_fail(e, WB_ERR_POLICY,
            wb_age_header_is_scrypt(h)
                ? "age header: opens with a passphrase, not with a key"
                : "age header: not addressed to a key of this vault");
    wb_age_wrap_wipe(&w);
    return st;
}

enum wb_status
wb_age_header_unlock_scrypt(struct wb_secret *file_key, const struct wb_age_header *h,
    const struct wb_secret *passphrase, size_t passphrase_size, unsigned log_n_max,
    struct wb_error *e)
{
    const struct wb_age_stanza *s = &h->stanzas[0];
    struct wb_age_wrap w;
    enum wb_status st;

    if ((st = check_complete(h, e)) != WB_OK)
        return st;
    if (!wb_age_header_is_scrypt(h))
        return wb_fail(
            e, WB_ERR_POLICY, "age header: opens with a key, not with a passphrase");
    if (s->log_n > log_n_max)
        return wb_fail(e, WB_ERR_LIMIT,
            "age header: scrypt work factor %u, limit is %u", s->log_n, log_n_max);
    if ((st = wb_age_wrap_init(&w, e)) != WB_OK)
        return st;
    st = wb_age_wrap_stretch(&w, passphrase, passphrase_size, s->share, s->log_n, e);
    if (st == WB_OK && !wb_age_wrap_open(&w, h->bodies.data + s->body))
        st = wb_fail(e, WB_ERR_PASSPHRASE,
            "age header: wrong passphrase, keyboard layout, or damaged header");
    if (st == WB_OK)
        st = hand_over(file_key, h, &w, e);
    wb_age_wrap_wipe(&w);
    return st;
}
