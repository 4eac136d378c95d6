/* vault/formats/age_stanza.h - the lines of an age header, as text. */
#ifndef WB_FORMATS_AGE_STANZA_H
#define WB_FORMATS_AGE_STANZA_H

#include "../base/buf.h"
#include "age_wrap.h"

/* For age_header.c and age_header_write.c only (C2SP age.md, "ABNF definition of file
 * header"). */
#define WB_AGE_VERSION_LINE "age-encryption.org/v1"

enum {
    WB_AGE_BODY_COLUMNS = 64,
    WB_AGE_BODY_LINE_BYTES = WB_AGE_BODY_COLUMNS / 4 * 3, /* 48 */
};

enum wb_age_kind { WB_AGE_OTHER, WB_AGE_X25519, WB_AGE_SCRYPT };

/* Where its text lies is the header's business, in its own buffers. */
struct wb_age_stanza {
    enum wb_age_kind kind;
    unsigned log_n;                /* of a scrypt stanza, 1 or more, far above any limit
                                      when the text is */
    uint8_t share[WB_POINT_BYTES]; /* scrypt: the salt, in front */
    size_t line, line_size;        /* the arguments */
    size_t body, body_size;        /* the decoded body */
};

/* The arguments, what stands behind "-> ": sets kind, share and log_n. FORMAT unless
 * they are 1*VCHAR with one space between, and those that X25519 and scrypt want. */
WB_CHECKED enum wb_status wb_age_stanza_read(
    struct wb_age_stanza *s, const char *text, size_t length, struct wb_error *e);

/* The body: lines of 64 columns and a shorter one, which may be empty. */
void wb_age_stanza_put_body(struct wb_buf *b, const uint8_t *body, size_t size);

/* What stands behind the three dashes. */
void wb_age_mac_put(struct wb_buf *b, const uint8_t mac[static WB_HASH_BYTES]);

#endif
