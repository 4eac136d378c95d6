/* vault/formats/note.h - C2SP signed notes and cosignatures. */
#ifndef WB_FORMATS_NOTE_H
#define WB_FORMATS_NOTE_H

#include "../base/buf.h"
#include "../crypto/sign.h"

enum {
    WB_NOTE_BYTES_MAX = 1024 * 1024,
    WB_NOTE_SIGNATURES_MAX = 64,
    WB_NOTE_NAME_MAX = 255, /* bytes; what tlog-cosignature can carry */
    WB_NOTE_KEY_TEXT_MAX = WB_NOTE_NAME_MAX + 54, /* an encoded verifier key */
    WB_NOTE_LINE_MAX = WB_NOTE_NAME_MAX + 110,    /* a signature line of ours */
};

/* Signature types that we sign and verify (signed-note, "Signature types"). */
enum wb_note_type {
    WB_NOTE_ED25519 = 0x01,     /* over the note text */
    WB_NOTE_COSIGNATURE = 0x04, /* over "cosignature/v1\ntime T\n" and the note text */
};

/* A public key with its name. `id` = first four bytes, big-endian, of SHA-256(name ||
 * 0x0a || type || public). Filled by wb_note_key_init and wb_note_key_decode only. */
struct wb_note_key {
    char name[WB_NOTE_NAME_MAX + 1];
    enum wb_note_type type;
    uint32_t id;
    uint8_t public[WB_SIGN_PUBLIC_BYTES];
};

/* WB_ERR_VALUE for a name that is empty, longer than WB_NOTE_NAME_MAX, not UTF-8, or
 * has a control character, a Unicode space or a plus. */
WB_CHECKED enum wb_status wb_note_key_init(struct wb_note_key *key, const char *name,
    enum wb_note_type type, const uint8_t public[static WB_SIGN_PUBLIC_BYTES],
    struct wb_error *e);

/* The verifier key ("vkey") as text, without a line end: name+hex(id)+base64(type ||
 * public). Appends; the buffer's failure sticks. */
void wb_note_key_encode(struct wb_buf *out, const struct wb_note_key *key);

/* Reads exactly what wb_note_key_encode writes. Errors
 *   FORMAT   not such a text, or the id is not the one of this name and key
 *   TOO_NEW  a signature type other than ours */
WB_CHECKED enum wb_status wb_note_key_decode(
    struct wb_note_key *key, const char *text, size_t size, struct wb_error *e);

/* A parsed note: pointers into the bytes that were parsed, not ended by a NUL. `text`
 * ends with its line feed; `lines` are the signature lines as they stand. */
struct wb_note_signature {
    const char *name;
    size_t name_size;
    uint32_t id;
    const char *base64; /* of id and signature: checked to be canonical and > 4 bytes */
    size_t base64_size;
};
struct wb_note {
    const char *text;
    size_t text_size;
    const char *lines;
    size_t lines_size;
    unsigned count;
    struct wb_note_signature signatures[WB_NOTE_SIGNATURES_MAX];
};

/* Reads a note: UTF-8 without control characters but LF; text, an empty line, then one
 * or more signature lines and nothing else. Nothing is verified: the text must not be
 * believed before wb_note_verify. Errors
 *   LIMIT   more than WB_NOTE_BYTES_MAX or WB_NOTE_SIGNATURES_MAX
 *   FORMAT  anything else; the message names the signature line */
WB_CHECKED enum wb_status wb_note_decode(
    struct wb_note *note, const void *bytes, size_t size, struct wb_error *e);

/* Appends a note made of a text and one or more signature lines (from wb_note_sign,
 * wb_note_cosign, another note's `lines`). Refuses what wb_note_decode would not read
 * back as this text and these lines, with its errors. No bytes are added then; a full
 * buffer sticks (buf.h). */
WB_CHECKED enum wb_status wb_note_encode(struct wb_buf *out, const char *text,
    size_t text_size, const char *lines, size_t lines_size, struct wb_error *e);

/* Appends the signature line of a key over a note text, which ends with a line feed.
 * The seed is the one of key->public; the key's type is WB_NOTE_ED25519, and with
 * wb_note_cosign WB_NOTE_COSIGNATURE. `time` in seconds since 1970, not negative. No
 * bytes are added on an error:
 *   FORMAT    the text cannot be the text of a note
 *   VALUE     the time is negative
 *   LIMIT     the text is longer than WB_NOTE_BYTES_MAX, or the buffer is full
 *   INTERNAL  the key is of the other type, or not this seed's
 *   MEMORY */
WB_CHECKED enum wb_status wb_note_sign(struct wb_buf *out, const char *text,
    size_t text_size, const struct wb_note_key *key, const struct wb_secret *seed,
    struct wb_error *e);
WB_CHECKED enum wb_status wb_note_cosign(struct wb_buf *out, const char *text,
    size_t text_size, int64_t time, const struct wb_note_key *key,
    const struct wb_secret *seed, struct wb_error *e);

/* Whether this key signed the note. Signatures under other names or ids are ignored.
 * All of this key's lines must be good. `time` (may be NULL) is the earliest time that
 * a cosigner's lines state: since then the text cannot have been written; 0 for
 * WB_NOTE_ED25519. A caller who knows several keys asks for each and rejects the note
 * if any answer is INTEGRITY. Errors NOT_FOUND  no line by this key INTEGRITY  a line
 * by this key that is not its signature: the note is forged MEMORY */
WB_CHECKED enum wb_status wb_note_verify(const struct wb_note *note, int64_t *time,
    const struct wb_note_key *key, struct wb_error *e);

#endif
