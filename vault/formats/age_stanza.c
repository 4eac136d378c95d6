/* vault/formats/age_stanza.c - the lines of an age header, as text. */
#include "age_stanza.h"

#include <string.h>

#include "../base/fail.h"
#include "base64.h"

enum {
    ARGUMENTS_KEPT = 4, /* one more than any stanza that we know */
    LOG_N_CEILING = 1000,
};

struct argument {
    const char *text;
    size_t length;
};

/* How many arguments there are, 1*VCHAR each with one space between; 0 when there is
 * anything else. The first ARGUMENTS_KEPT are kept. */
static size_t
split(struct argument kept[static ARGUMENTS_KEPT], const char *text, size_t length)
{
    size_t count = 0, begin = 0;

    for (size_t i = 0; i <= length; i++) {
        if (i < length && text[i] > ' ' && text[i] <= '~')
            continue;
        if (i == begin || (i < length && text[i] != ' '))
            return 0;
        if (count < ARGUMENTS_KEPT)
            kept[count] = (struct argument){text + begin, i - begin};
        count++;
        begin = i + 1;
    }
    return count;
}

static bool
is_word(const struct argument *a, const char *word)
{
    return a->length == strlen(word) && memcmp(a->text, word, a->length) == 0;
}

static bool
is_base64(uint8_t *out, size_t size, const struct argument *a)
{
    return wb_base64_decode(out, size, a->text, a->length, WB_BASE64_RAW);
}

/* ^[1-9][0-9]*$, with a ceiling far above any limit; 0 when it is not that. */
static unsigned
read_log_n(const struct argument *a)
{
    unsigned value = 0;

    for (size_t i = 0; i < a->length; i++) {
        if (a->text[i] < (i == 0 ? '1' : '0') || a->text[i] > '9')
            return 0;
        if (value < LOG_N_CEILING)
            value = value * 10 + (unsigned)(a->text[i] - '0');
    }
    return value;
}

enum wb_status
wb_age_stanza_read(
    struct wb_age_stanza *s, const char *text, size_t length, struct wb_error *e)
{
    struct argument a[ARGUMENTS_KEPT];
    size_t count = split(a, text, length);

    if (count == 0)
        return wb_fail(e, WB_ERR_FORMAT, "stanza: arguments with one space between");
    if (is_word(&a[0], "X25519")) {
        s->kind = WB_AGE_X25519;
        if (count != 2 || !is_base64(s->share, sizeof s->share, &a[1]))
            return wb_fail(
                e, WB_ERR_FORMAT, "X25519 stanza: not one share of 32 bytes");
    } else if (is_word(&a[0], "scrypt")) {
        s->kind = WB_AGE_SCRYPT;
        if (count != 3 || !is_base64(s->share, WB_AGE_SALT_BYTES, &a[1]) ||
            (s->log_n = read_log_n(&a[2])) == 0)
            return wb_fail(e, WB_ERR_FORMAT,
                "scrypt stanza: not a salt of 16 bytes and a work factor");
    }
    return WB_OK;
}

/* Lines of 64 columns and a shorter one, which may be empty. */
void
wb_age_stanza_put_body(struct wb_buf *b, const uint8_t *body, size_t size)
{
    for (; size >= WB_AGE_BODY_LINE_BYTES;
         size -= WB_AGE_BODY_LINE_BYTES, body += WB_AGE_BODY_LINE_BYTES) {
        wb_base64_put(b, body, WB_AGE_BODY_LINE_BYTES, WB_BASE64_RAW);
        wb_buf_add_text(b, "\n");
    }
    wb_base64_put(b, body, size, WB_BASE64_RAW);
    wb_buf_add_text(b, "\n");
}

void
wb_age_mac_put(struct wb_buf *b, const uint8_t mac[static WB_HASH_BYTES])
{
    wb_buf_add_text(b, " ");
    wb_base64_put(b, mac, WB_HASH_BYTES, WB_BASE64_RAW);
    wb_buf_add_text(b, "\n");
}
