/* vault/formats/age_header_write.c - writing the header of an age v1 file. */
#include "age_header.h"

#include "../base/fail.h"
#include "../crypto/random.h"
#include "age_stanza.h"
#include "base64.h"

/* `point` is NULL for a dummy: its share is a real one, since 32 random bytes look like
 * a share only three times in a hundred; its body is random, as a sealed one looks. */
static bool
put_x25519(struct wb_buf *b, struct wb_age_wrap *w, const uint8_t *point,
    const struct wb_secret *file_key)
{
    uint8_t share[WB_POINT_BYTES], body[WB_AGE_BODY_BYTES];

    wb_point_new(w->own, share);
    if (point == NULL)
        wb_random(body, sizeof body);
    else if (wb_age_wrap_agree(w, w->own, point, share, point))
        wb_age_wrap_seal(body, w, file_key);
    else
        return false;
    wb_buf_add_text(b, "-> X25519 ");
    wb_base64_put(b, share, sizeof share, WB_BASE64_RAW);
    wb_buf_add_text(b, "\n");
    wb_age_stanza_put_body(b, body, sizeof body);
    return true;
}

/* The end of a header, and the whole of it onto the caller's buffer. */
static enum wb_status
put_header(struct wb_buf *out, struct wb_buf *b, struct wb_age_wrap *w,
    const struct wb_secret *file_key, struct wb_error *e)
{
    uint8_t mac[WB_HASH_BYTES];
    enum wb_status st;

    wb_buf_add_text(b, "---");
    if ((st = wb_buf_check(b, e)) != WB_OK)
        return st;
    wb_age_wrap_mac(mac, w, file_key, b->data, b->size);
    wb_age_mac_put(b, mac);
    if ((st = wb_buf_check(b, e)) != WB_OK)
        return st;
    wb_buf_add(out, b->data, b->size);
    return wb_buf_check(out, e);
}

/* The numbers below `count` in a random order. */
static void
shuffle(uint8_t order[static WB_AGE_STANZAS_MAX], size_t count)
{
    for (size_t i = 0; i < WB_AGE_STANZAS_MAX; i++)
        order[i] = (uint8_t)i;
    for (size_t i = count; i > 1; i--) {
        uint32_t other = wb_random_below((uint32_t)i);
        uint8_t kept = order[i - 1];

        order[i - 1] = order[other];
        order[other] = kept;
    }
}

enum wb_status
wb_age_header_write(struct wb_buf *out, const uint8_t *points, size_t count,
    size_t dummies, const struct wb_secret *file_key, struct wb_error *e)
{
    uint8_t order[WB_AGE_STANZAS_MAX];
    struct wb_age_wrap w;
    struct wb_buf b;
    enum wb_status st;

    if (count == 0 || count > sizeof order || dummies > sizeof order - count)
        return wb_fail(e, WB_ERR_LIMIT, "recipients: %zu and %zu dummies, limit is %zu",
            count, dummies, sizeof order);
    if ((st = wb_age_wrap_init(&w, e)) != WB_OK)
        return st;
    wb_buf_init(&b, WB_AGE_HEADER_BYTES_MAX);
    wb_buf_add_text(&b, WB_AGE_VERSION_LINE "\n");
    shuffle(order, count + dummies);
    for (size_t i = 0; i < count + dummies; i++)
        if (!put_x25519(&b, &w,
                order[i] < count ? points + order[i] * WB_POINT_BYTES : NULL,
                file_key)) {
            st = wb_fail(e, WB_ERR_VALUE,
                "recipient %u: a point of low order, nobody's key", order[i] + 1U);
            goto out;
        }
    st = put_header(out, &b, &w, file_key, e);
out:
    wb_buf_wipe(&b);
    wb_age_wrap_wipe(&w);
    return st;
}

enum wb_status
wb_age_header_write_scrypt(struct wb_buf *out, const struct wb_secret *passphrase,
    size_t passphrase_size, unsigned log_n, const struct wb_secret *file_key,
    struct wb_error *e)
{
    uint8_t salt[WB_AGE_SALT_BYTES], body[WB_AGE_BODY_BYTES];
    struct wb_age_wrap w;
    struct wb_buf b;
    enum wb_status st;

    if ((st = wb_age_wrap_init(&w, e)) != WB_OK)
        return st;
    wb_buf_init(&b, WB_AGE_HEADER_BYTES_MAX);
    wb_random(salt, sizeof salt);
    st = wb_age_wrap_stretch(&w, passphrase, passphrase_size, salt, log_n, e);
    if (st != WB_OK)
        goto out;
    wb_age_wrap_seal(body, &w, file_key);
    wb_buf_add_text(&b, WB_AGE_VERSION_LINE "\n-> scrypt ");
    wb_base64_put(&b, salt, sizeof salt, WB_BASE64_RAW);
    wb_buf_print(&b, " %u\n", log_n);
    wb_age_stanza_put_body(&b, body, sizeof body);
    st = put_header(out, &b, &w, file_key, e);
out:
    wb_buf_wipe(&b);
    wb_age_wrap_wipe(&w);
    return st;
}
