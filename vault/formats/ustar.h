/* vault/formats/ustar.h - the one form of a tar member that a bundle may hold. */
#ifndef WB_FORMATS_USTAR_H
#define WB_FORMATS_USTAR_H

#include <stdbool.h>
#include <stdint.h>

#include <witnessbox/error.h>

/* POSIX.1-2017 pax, "ustar Interchange Format", cut down until one content has one byte
 * string: a header is a function of name and size alone. Type '0', mode 0000600, uid,
 * gid, mtime, devmajor and devminor zero, no link, owner, group or prefix. Numbers are
 * octal digits that fill their field up to one NUL; the checksum is six digits, NUL,
 * space. These are the bytes of GNU tar --format=ustar --mode=600 --owner=0 --group=0
 * --numeric-owner --mtime=@0.
 *
 * An archive is members (header, content, zeros up to the block), then nothing but
 * zeros: two end blocks and padding up to wb_ustar_total. */
enum {
    WB_USTAR_BLOCK_BYTES = 512,
    WB_USTAR_NAME_MAX = 100,
    WB_USTAR_COMPONENT_MAX = 69, /* a SHA-256 in hexadecimal and a part, .NNNN */
    WB_USTAR_END_BYTES = 2 * WB_USTAR_BLOCK_BYTES,
    WB_USTAR_FLOOR_BYTES = 256 * 1024,
};

/* In front of every name. */
#define WB_USTAR_ROOT "bag/"

/* 4 GiB, in bytes: the largest content of a member. */
#define WB_USTAR_MEMBER_MAX (UINT64_C(1) << 32)

struct wb_ustar_member {
    char name[WB_USTAR_NAME_MAX + 1];
    uint64_t size; /* of the content, in bytes */
};

/* A name that means the same on every file system: under bag/, at most 100 bytes; each
 * component 1 to 69 bytes of a-z 0-9 . _ -, beginning with a letter or digit, no two
 * dots in a row, no dot at its end. bag/README.txt is the one exception.
 * Errors  FORMAT with the 1-based position in the name */
WB_CHECKED enum wb_status wb_ustar_name_check(
    const char *name, size_t size, struct wb_error *e);

/* The header of a member. `name` is NUL-terminated.
 * Errors  FORMAT as wb_ustar_name_check | LIMIT size above 4 GiB */
WB_CHECKED enum wb_status wb_ustar_encode(uint8_t block[static WB_USTAR_BLOCK_BYTES],
    const char *name, uint64_t size, struct wb_error *e);

/* Reads a header: name and size are parsed, the header is built again from them, and
 * all 512 bytes must be the same. An end block is not a header: ask wb_ustar_is_end
 * first.
 * Errors  FORMAT saying what it is instead (a PAX header, a link, a damaged one), or
 *         which part differs | LIMIT size above 4 GiB */
WB_CHECKED enum wb_status wb_ustar_decode(struct wb_ustar_member *m,
    const uint8_t block[static WB_USTAR_BLOCK_BYTES], struct wb_error *e);

/* Whether the block is all zeros. */
bool wb_ustar_is_end(const uint8_t block[static WB_USTAR_BLOCK_BYTES]);

/* Zero bytes that follow a content of `size` bytes, 0 to 511. */
size_t wb_ustar_padding(uint64_t size);

/* The length of the whole archive: the Padmé length (crypto/box.h) of `content` and the
 * two end blocks, at least 256 KiB, up to the next block. `content` counts headers,
 * contents and their padding, not the end blocks; up to 2^62. */
uint64_t wb_ustar_total(uint64_t content);

#endif
