/* vault/formats/note.c - C2SP signed notes and cosignatures. */
#include "note.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../crypto/hash.h"
#include "base64.h"

enum {
    ID_BYTES = 4,
    TIME_BYTES = 8,
    SIGNATURE_BYTES_MAX = ID_BYTES + TIME_BYTES + WB_SIGN_BYTES,
    ID_TEXT_BYTES = 8,                          /* hexadecimal */
    KEY_BYTES = 1 + WB_SIGN_PUBLIC_BYTES,       /* type and public key */
    MESSAGE_BYTES_MAX = WB_NOTE_BYTES_MAX + 64, /* the note text and its header lines */
};

/* An em dash (U+2014) and a space open a signature line. */
static const char line_start[] = "\xe2\x80\x94 ";
enum { LINE_START_BYTES = sizeof line_start - 1 };

/* The characters with the property White_Space that are not ASCII control characters,
 * in UTF-8: names hold none of them. */
/* clang-format off */
static const char *const spaces[] = {
    " ", "\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
    "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
    "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
    "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
};
/* clang-format on */

/* Whether UTF-8 without control characters may be a key name. */
static bool
is_name(const char *name, size_t size)
{
    if (size == 0 || memchr(name, '+', size) != NULL)
        return false;
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (memmem(name, size, spaces[i], strlen(spaces[i])) != NULL)
            return false;
    return true;
}

/* UTF-8 and no ASCII control character but LF (signed-note, "Format"). */
static enum wb_status
check_characters(const char *text, size_t size, struct wb_error *e)
{
    if (size > WB_NOTE_BYTES_MAX)
        return wb_fail(
            e, WB_ERR_LIMIT, "note: %zu bytes, limit is %d", size, WB_NOTE_BYTES_MAX);
    if (wb_text_check(text, size, e) != WB_OK)
        return wb_within(e, WB_ERR_FORMAT, "note");
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < 0x20 && text[i] != '\n')
            return wb_fail(
                e, WB_ERR_FORMAT, "note: byte %zu: a control character", i + 1);
    return WB_OK;
}

static void
put_be(uint8_t *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
}

static uint64_t
get_be(const uint8_t *at, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | at[i];
    return value;
}

static uint32_t
key_id(const struct wb_note_key *key)
{
    const uint8_t middle[2] = {'\n', (uint8_t)key->type};
    uint8_t hash[WB_HASH_BYTES];
    struct wb_sha256 h;

    wb_sha256_init(&h);
    wb_sha256_add(&h, key->name, strlen(key->name));
    wb_sha256_add(&h, middle, sizeof middle);
    wb_sha256_add(&h, key->public, sizeof key->public);
    wb_sha256_end(&h, hash);
    return (uint32_t)get_be(hash, ID_BYTES);
}

enum wb_status
wb_note_key_init(struct wb_note_key *key, const char *name, enum wb_note_type type,
    const uint8_t public[static WB_SIGN_PUBLIC_BYTES], struct wb_error *e)
{
    struct wb_note_key made = {.type = type};
    size_t size = strlen(name);

    if (size > WB_NOTE_NAME_MAX)
        return wb_fail(e, WB_ERR_VALUE, "key name: %zu bytes, limit is %d", size,
            WB_NOTE_NAME_MAX);
    if (check_characters(name, size, NULL) != WB_OK || memchr(name, '\n', size) ||
        !is_name(name, size))
        return wb_fail(e, WB_ERR_VALUE,
            "key name: empty, or with a space, a plus or a control character");
    memcpy(made.name, name, size);
    memcpy(made.public, public, sizeof made.public);
    made.id = key_id(&made);
    *key = made;
    return WB_OK;
}

void
wb_note_key_encode(struct wb_buf *out, const struct wb_note_key *key)
{
    uint8_t bytes[KEY_BYTES] = {(uint8_t)key->type};

    memcpy(bytes + 1, key->public, sizeof key->public);
    wb_buf_print(out, "%s+%08x+", key->name, (unsigned)key->id);
    wb_base64_put(out, bytes, sizeof bytes, WB_BASE64_PADDED);
}

enum wb_status
wb_note_key_decode(
    struct wb_note_key *key, const char *text, size_t size, struct wb_error *e)
{
    const char *plus = memchr(text, '+', size);
    size_t name_size = plus == NULL ? size : (size_t)(plus - text);
    size_t skip = name_size + 1 + ID_TEXT_BYTES + 1;
    uint8_t id[ID_BYTES], bytes[KEY_BYTES];
    char name[WB_NOTE_NAME_MAX + 1] = {0};
    struct wb_note_key made;

    if (name_size > WB_NOTE_NAME_MAX || size < skip || text[skip - 1] != '+' ||
        !wb_hex_decode(id, sizeof id, plus + 1, ID_TEXT_BYTES))
        return wb_fail(e, WB_ERR_FORMAT, "verifier key: not name+id+key");
    text += skip;
    size -= skip;
    /* keys of other types have other lengths, so the type is looked at first */
    if (size >= 4 && wb_base64_decode(bytes, 3, text, 4, WB_BASE64_RAW) &&
        bytes[0] != WB_NOTE_ED25519 && bytes[0] != WB_NOTE_COSIGNATURE)
        return wb_fail(e, WB_ERR_TOO_NEW,
            "verifier key: signature type %u, known are 1 and 4", bytes[0]);
    if (!wb_base64_decode(bytes, sizeof bytes, text, size, WB_BASE64_PADDED))
        return wb_fail(
            e, WB_ERR_FORMAT, "verifier key: not base64 of %d bytes", KEY_BYTES);
    memcpy(name, text - skip, name_size);
    if (strlen(name) != name_size ||
        wb_note_key_init(&made, name, bytes[0], bytes + 1, NULL) != WB_OK)
        return wb_fail(e, WB_ERR_FORMAT, "verifier key: a name that no key may have");
    if (made.id != get_be(id, sizeof id))
        return wb_fail(
            e, WB_ERR_FORMAT, "verifier key: the id is not that of name and key");
    *key = made;
    return WB_OK;
}

/* Canonical base64, not kept: signatures of types that we do not know have any length.
 */
static bool
is_base64(const char *text, size_t size)
{
    uint8_t group[3];

    for (; size > 4; text += 4, size -= 4)
        if (!wb_base64_decode(group, 3, text, 4, WB_BASE64_PADDED))
            return false;
    return wb_base64_decode(group, 3, text, size, WB_BASE64_PADDED) ||
        wb_base64_decode(group, 2, text, size, WB_BASE64_PADDED) ||
        wb_base64_decode(group, 1, text, size, WB_BASE64_PADDED);
}

/* One signature line without its line feed. */
static bool
decode_line(struct wb_note_signature *s, const char *line, size_t size)
{
    const char *space;
    uint8_t head[6];

    if (size < LINE_START_BYTES || memcmp(line, line_start, LINE_START_BYTES) != 0)
        return false;
    s->name = line + LINE_START_BYTES;
    size -= LINE_START_BYTES;
    space = memchr(s->name, ' ', size);
    if (space == NULL)
        return false;
    s->name_size = (size_t)(space - s->name);
    s->base64 = space + 1;
    s->base64_size = size - s->name_size - 1;
    if (s->base64_size < 8 || !is_name(s->name, s->name_size))
        return false;
    /* more than an id: its four bytes and at least one */
    if (!wb_base64_decode(head, 6, s->base64, 8, WB_BASE64_PADDED) &&
        !(s->base64_size == 8 &&
            wb_base64_decode(head, 5, s->base64, 8, WB_BASE64_PADDED)))
        return false;
    s->id = (uint32_t)get_be(head, ID_BYTES);
    return is_base64(s->base64, s->base64_size);
}

static enum wb_status
decode_lines(struct wb_note *note, struct wb_error *e)
{
    const char *at = note->lines, *end = note->lines + note->lines_size;

    for (note->count = 0; at < end; note->count++) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));

        if (note->count == WB_NOTE_SIGNATURES_MAX)
            return wb_fail(e, WB_ERR_LIMIT, "note: more than %d signatures",
                WB_NOTE_SIGNATURES_MAX);
        if (feed == NULL ||
            !decode_line(&note->signatures[note->count], at, (size_t)(feed - at)))
            return wb_fail(e, WB_ERR_FORMAT,
                "note: signature %u: not an em dash, a name and base64",
                note->count + 1);
        at = feed + 1;
    }
    if (note->count == 0)
        return wb_fail(e, WB_ERR_FORMAT, "note: no signature");
    return WB_OK;
}

enum wb_status
wb_note_decode(struct wb_note *note, const void *bytes, size_t size, struct wb_error *e)
{
    struct wb_note made = {.text = bytes};
    const char *text = bytes;
    enum wb_status st;
    size_t at = size;

    if ((st = check_characters(text, size, e)) != WB_OK)
        return st;
    /* the last empty line ends the text: `at` comes to stand behind its line feed */
    while (at >= 2 && !(text[at - 2] == '\n' && text[at - 1] == '\n'))
        at--;
    if (at < 2)
        return wb_fail(
            e, WB_ERR_FORMAT, "note: no empty line between text and signatures");
    made.text_size = at - 1;
    made.lines = text + at;
    made.lines_size = size - at;
    if ((st = decode_lines(&made, e)) == WB_OK)
        *note = made;
    return st;
}

enum wb_status
wb_note_encode(struct wb_buf *out, const char *text, size_t text_size,
    const char *lines, size_t lines_size, struct wb_error *e)
{
    size_t before = out->size;
    struct wb_note note;
    enum wb_status st;

    wb_buf_add(out, text, text_size);
    wb_buf_add(out, "\n", 1);
    wb_buf_add(out, lines, lines_size);
    if ((st = wb_buf_check(out, e)) == WB_OK)
        st = wb_note_decode(&note, out->data + before, out->size - before, e);
    if (st == WB_OK && note.text_size != text_size)
        st = wb_fail(e, WB_ERR_FORMAT, "note: the text does not end with a line feed");
    if (st != WB_OK)
        out->size = before;
    return st;
}

/* The bytes under a signature: the text alone, or what a cosigner signs
 * (tlog-cosignature, "Ed25519 signed message"). */
static enum wb_status
make_message(struct wb_buf *out, enum wb_note_type type, uint64_t time,
    const char *text, size_t size, struct wb_error *e)
{
    wb_buf_init(out, MESSAGE_BYTES_MAX);
    if (type == WB_NOTE_COSIGNATURE)
        wb_buf_print(out, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
    wb_buf_add(out, text, size);
    return wb_buf_check(out, e);
}

/* The bytes in front of a signature: the id, and a cosigner's time. */
static size_t
lead_bytes(enum wb_note_type type)
{
    return type == WB_NOTE_COSIGNATURE ? ID_BYTES + TIME_BYTES : ID_BYTES;
}

/* Everything that can be wrong before something is signed. */
static enum wb_status
check_signing(const char *text, size_t size, const struct wb_note_key *key,
    const struct wb_secret *seed, struct wb_error *e)
{
    uint8_t public[WB_SIGN_PUBLIC_BYTES];
    enum wb_status st;

    if ((st = check_characters(text, size, e)) != WB_OK)
        return st;
    if (size == 0 || text[size - 1] != '\n')
        return wb_fail(
            e, WB_ERR_FORMAT, "note: the text does not end with a line feed");
    if ((st = wb_sign_public(public, seed, e)) != WB_OK)
        return st;
    if (!wb_equal(public, key->public, sizeof public))
        return wb_fail(e, WB_ERR_INTERNAL, "note: the seed of another key");
    return WB_OK;
}

static enum wb_status
put_line(struct wb_buf *out, const char *text, size_t size, uint64_t time,
    const struct wb_note_key *key, const struct wb_secret *seed, struct wb_error *e)
{
    size_t lead = lead_bytes(key->type), before = out->size;
    uint8_t bytes[SIGNATURE_BYTES_MAX];
    struct wb_buf message;
    enum wb_status st;

    if ((st = check_signing(text, size, key, seed, e)) != WB_OK)
        return st;
    put_be(bytes, key->id, ID_BYTES);
    put_be(bytes + ID_BYTES, time, lead - ID_BYTES);
    if ((st = make_message(&message, key->type, time, text, size, e)) != WB_OK ||
        (st = wb_sign(bytes + lead, message.data, message.size, seed, e)) != WB_OK)
        goto out;
    wb_buf_print(out, "%s%s ", line_start, key->name);
    wb_base64_put(out, bytes, lead + WB_SIGN_BYTES, WB_BASE64_PADDED);
    wb_buf_add(out, "\n", 1);
    if ((st = wb_buf_check(out, e)) != WB_OK)
        out->size = before;
out:
    wb_buf_wipe(&message);
    return st;
}

enum wb_status
wb_note_sign(struct wb_buf *out, const char *text, size_t text_size,
    const struct wb_note_key *key, const struct wb_secret *seed, struct wb_error *e)
{
    if (key->type != WB_NOTE_ED25519)
        return wb_fail(e, WB_ERR_INTERNAL, "note: signed with a cosigner's key");
    return put_line(out, text, text_size, 0, key, seed, e);
}

enum wb_status
wb_note_cosign(struct wb_buf *out, const char *text, size_t text_size, int64_t time,
    const struct wb_note_key *key, const struct wb_secret *seed, struct wb_error *e)
{
    if (key->type != WB_NOTE_COSIGNATURE)
        return wb_fail(e, WB_ERR_INTERNAL, "note: cosigned with a signer's key");
    if (time < 0)
        return wb_fail(e, WB_ERR_VALUE, "cosignature: a time before 1970");
    return put_line(out, text, text_size, (uint64_t)time, key, seed, e);
}

/* One line that bears the key's name and id. */
static enum wb_status
verify_line(const struct wb_note *note, const struct wb_note_signature *s,
    uint64_t *time, const struct wb_note_key *key, struct wb_error *e)
{
    size_t lead = lead_bytes(key->type);
    uint8_t bytes[SIGNATURE_BYTES_MAX];
    struct wb_buf message;
    enum wb_status st;

    if (!wb_base64_decode(
            bytes, lead + WB_SIGN_BYTES, s->base64, s->base64_size, WB_BASE64_PADDED))
        return wb_fail(e, WB_ERR_INTEGRITY, "a signature of the wrong length");
    *time = get_be(bytes + ID_BYTES, lead - ID_BYTES);
    st = make_message(&message, key->type, *time, note->text, note->text_size, e);
    if (st == WB_OK &&
        (*time > INT64_MAX ||
            !wb_sign_verify(bytes + lead, message.data, message.size, key->public)))
        st = wb_fail(e, WB_ERR_INTEGRITY, "not signed by the key it names: forged");
    wb_buf_wipe(&message);
    return st;
}

enum wb_status
wb_note_verify(const struct wb_note *note, int64_t *time, const struct wb_note_key *key,
    struct wb_error *e)
{
    uint64_t earliest = UINT64_MAX, stated = 0;
    enum wb_status st;

    for (unsigned i = 0; i < note->count; i++) {
        const struct wb_note_signature *s = &note->signatures[i];

        if (s->id != key->id || s->name_size != strlen(key->name) ||
            memcmp(s->name, key->name, s->name_size) != 0)
            continue;
        if ((st = verify_line(note, s, &stated, key, e)) != WB_OK)
            return wb_within(e, st, "note: signature %u", i + 1);
        if (stated < earliest)
            earliest = stated;
    }
    if (earliest == UINT64_MAX)
        return wb_fail(e, WB_ERR_NOT_FOUND, "note: no signature by this key");
    if (time != NULL)
        *time = (int64_t)earliest;
    return WB_OK;
}
