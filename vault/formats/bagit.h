/* vault/formats/bagit.h - the tag files of a BagIt bag, in one strict form. */
#ifndef WB_FORMATS_BAGIT_H
#define WB_FORMATS_BAGIT_H

#include "../base/wire.h"
#include "../crypto/hash.h"
#include "ustar.h"

/* bagit.txt, RFC 8493 section 2.1.1: these bytes and no others. */
#define WB_BAGIT_DECLARATION "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

enum {
    WB_BAGIT_HASH_DIGITS = 2 * WB_HASH_BYTES,
    WB_BAGIT_PATH_MAX = WB_USTAR_NAME_MAX - 4, /* 96: the member name without bag/ */
    WB_BAGIT_LINE_MAX = WB_BAGIT_HASH_DIGITS + 2 + WB_BAGIT_PATH_MAX, /* without LF */
    WB_BAGIT_INFO_MAX = 64 * 1024,
    WB_BAGIT_OXUM_BYTES = 42, /* two numbers of up to 20 digits, a dot, NUL */
};

/* Manifests, RFC 8493 sections 2.1.3 and 2.2.1, SHA-256 only. A line is 64 lower-case
 * hexadecimal digits, two spaces, the path in the bag, LF; paths ascend strictly,
 * compared bytewise, and are member names (ustar.h) without bag/. So sha256sum -c reads
 * it the same. */

/* Appends one line. The caller keeps the order. */
void wb_bagit_manifest_put(
    struct wb_buf *out, const uint8_t hash[static WB_HASH_BYTES], const char *path);

/* Reads a manifest in pieces cut anywhere; needs no other memory than this struct.
 * `hash`, `name` and `lines` belong to the line that was last completed. */
struct wb_bagit_manifest {
    uint64_t lines;                   /* completed so far */
    uint8_t hash[WB_HASH_BYTES];      /* as decoded */
    char name[WB_USTAR_NAME_MAX + 1]; /* bag/ and the path */
    char line[WB_BAGIT_LINE_MAX];     /* the line being read, `used` bytes of it */
    size_t used;
};

void wb_bagit_manifest_init(struct wb_bagit_manifest *m);

/* The path of the last line, "data/files/...": `name` without bag/. */
const char *wb_bagit_manifest_path(const struct wb_bagit_manifest *m);

/* Consumes `in` up to the end of the next line. *complete: a line is there; else all of
 * `in` was consumed and more is wanted. After an error the reader is of no more use.
 * Errors  FORMAT with the line number */
WB_CHECKED enum wb_status wb_bagit_manifest_next(struct wb_bagit_manifest *m,
    bool *complete, struct wb_cursor *in, struct wb_error *e);

/* WB_OK when the last line was complete; else WB_ERR_FORMAT. */
WB_CHECKED enum wb_status wb_bagit_manifest_end(
    const struct wb_bagit_manifest *m, struct wb_error *e);

/* bag-info.txt, RFC 8493 section 2.2.2: lines "Label: value" LF, in the order given,
 * labels may repeat, at most 64 KiB. A label is a letter, then letters, digits and -. A
 * value is printable ASCII, not empty, no space at its ends; no continuation lines. */

/* Appends one line. An error leaves `out` as it was; whether the bytes found room is
 * said by wb_buf_check.
 * Errors  VALUE label or value not as above */
WB_CHECKED enum wb_status wb_bagit_info_put(
    struct wb_buf *out, const char *label, const char *value, struct wb_error *e);

struct wb_bagit_pair {
    const char *label;
    const char *value;
};

struct wb_bagit_info {
    size_t count;
    struct wb_bagit_pair *pairs; /* in the order of the file; strings lie in `text` */
    char *text;
};

/* Reads the whole file; *info is freed with wb_bagit_info_free.
 * Errors  FORMAT with the line number | LIMIT above 64 KiB | MEMORY */
WB_CHECKED enum wb_status wb_bagit_info_decode(
    struct wb_bagit_info *info, const void *bytes, size_t size, struct wb_error *e);

/* Frees what decode took; a zeroed one is fine. Zeroed afterwards. */
void wb_bagit_info_free(struct wb_bagit_info *info);

/* Payload-Oxum, "octets.files" in decimal: bytes and number of the files in data/. */
void wb_bagit_oxum_encode(
    char out[static WB_BAGIT_OXUM_BYTES], uint64_t octets, uint64_t files);

/* Reads exactly what encode writes.
 * Errors  FORMAT */
WB_CHECKED enum wb_status wb_bagit_oxum_decode(
    uint64_t *octets, uint64_t *files, const char *text, struct wb_error *e);

#endif
