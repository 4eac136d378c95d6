/* vault/formats/age_header.h - the header of an age v1 file: who can open it. */
#ifndef WB_FORMATS_AGE_HEADER_H
#define WB_FORMATS_AGE_HEADER_H

#include "../base/buf.h"
#include "age_wrap.h"

/* C2SP age.md, "Header": a version line, one stanza per recipient that wraps the file
 * key, and a MAC over all of it under the file key. Binary files only (no armor);
 * stanzas X25519 and scrypt; others are allowed and ignored. Pure: no I/O.
 *
 * What it does not tell: any recipient learns the file key and can forge the payload
 * for the others. The MAC proves only that the writer knew the file key. */
enum {
    WB_AGE_HEADER_BYTES_MAX = 256 * 1024,
    WB_AGE_STANZAS_MAX = 64,
    WB_AGE_LOG_N = 18,     /* scrypt work factor written: 256 MiB */
    WB_AGE_LOG_N_MAX = 20, /* and read unless the user asks for more: 1 GiB */
};

/* Appends a header for `count` X25519 recipients, 1 or more, their points one behind
 * the other, and `dummies` that nobody opens; together at most WB_AGE_STANZAS_MAX, in
 * random order. A dummy looks like a real one to everybody who cannot open it.
 * `file_key` is WB_AGE_FILE_KEY_BYTES fresh random bytes that never serve for a second
 * file. A buffer that is too small sticks (buf.h); on any other error `out` is as it
 * was:
 *   VALUE   a recipient's point is of low order
 *   LIMIT   too many stanzas, or more than `out` may hold
 *   MEMORY */
WB_CHECKED enum wb_status wb_age_header_write(struct wb_buf *out, const uint8_t *points,
    size_t count, size_t dummies, const struct wb_secret *file_key, struct wb_error *e);

/* The same under a passphrase, its only stanza. `log_n` is 1 to 30; opening takes
 * 2^log_n KiB of memory. */
WB_CHECKED enum wb_status wb_age_header_write_scrypt(struct wb_buf *out,
    const struct wb_secret *passphrase, size_t passphrase_size, unsigned log_n,
    const struct wb_secret *file_key, struct wb_error *e);

/* A header being read. */
struct wb_age_header;

WB_CHECKED enum wb_status wb_age_header_new(
    struct wb_age_header **h, struct wb_error *e);

/* Frees and nulls; NULL is fine. */
void wb_age_header_free(struct wb_age_header **h);

/* Takes the next bytes of the file, any number of them. *used of them belonged to the
 * header; fewer than `size` only when the header is complete: then the payload begins
 * there. The grammar is checked line by line, and what X25519 and scrypt stanzas must
 * look like with it (argument counts, lengths, a body of 32 bytes, scrypt alone):
 *   FORMAT   not an age v1 header; the message names the line
 *   TOO_NEW  another version of age
 *   LIMIT    more than WB_AGE_HEADER_BYTES_MAX or WB_AGE_STANZAS_MAX
 *   MEMORY
 * After an error it takes nothing more and repeats the status. */
WB_CHECKED enum wb_status wb_age_header_feed(struct wb_age_header *h, size_t *used,
    const void *bytes, size_t size, struct wb_error *e);

bool wb_age_header_is_complete(const struct wb_age_header *h);

/* Of a complete header: how many stanzas it has, and whether it is one for a
 * passphrase. */
size_t wb_age_header_stanzas(const struct wb_age_header *h);
bool wb_age_header_is_scrypt(const struct wb_age_header *h);

/* Opens the file key with the first of `count` identities that fits, then checks the
 * MAC. `file_key` has WB_AGE_FILE_KEY_BYTES and is written only on WB_OK:
 *   FORMAT     the header ended too early, or a share is of low order
 *   POLICY     no stanza is for one of the identities
 *   INTEGRITY  the file key opened, but the MAC does not fit: altered
 *   MEMORY */
WB_CHECKED enum wb_status wb_age_header_unlock(struct wb_secret *file_key,
    const struct wb_age_header *h, struct wb_secret *const *identities, size_t count,
    struct wb_error *e);

/* The same with a passphrase. Besides: PASSPHRASE it does not open | POLICY the file is
 * for recipients | LIMIT the work factor is above `log_n_max`, checked first. */
WB_CHECKED enum wb_status wb_age_header_unlock_scrypt(struct wb_secret *file_key,
    const struct wb_age_header *h, const struct wb_secret *passphrase,
    size_t passphrase_size, unsigned log_n_max, struct wb_error *e);

#endif
