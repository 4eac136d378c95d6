/* vault/formats/ustar.c - the one form of a tar member that a bundle may hold. */
#include "ustar.h"

#include <string.h>

#include "../base/fail.h"
#include "../crypto/box.h"

/* POSIX.1-2017 pax, table "ustar Header Block": offset and length in bytes. The
 * checksum stands last: it differs wherever anything else does. */
/* clang-format off */
static const struct part {
    size_t at, size;
    const char *what;
} parts[] = {
    {257,   6, "magic"},
    {263,   2, "version"},
    {  0, 100, "name"},
    {100,   8, "mode"},
    {108,   8, "owner number"},
    {116,   8, "group number"},
    {124,  12, "size"},
    {136,  12, "time"},
    {156,   1, "type"},
    {157, 100, "link name"},
    {265,  32, "owner name"},
    {297,  32, "group name"},
    {329,   8, "device number"},
    {337,   8, "device number"},
    {345, 155, "name prefix"},
    {500,  12, "last 12 bytes"},
    {148,   8, "checksum"},
};

/* What a header that is not ours may be. */
static const struct type {
    char flag;
    const char *what;
} types[] = {
    {'\0', "an old-style file header"},
    {'1', "a hard link"},
    {'2', "a symbolic link"},
    {'3', "a character device"},
    {'4', "a block device"},
    {'5', "a directory"},
    {'6', "a FIFO"},
    {'7', "a contiguous file"},
    {'g', "a global PAX header"},
    {'x', "a PAX header"},
    {'K', "a GNU long link name"},
    {'L', "a GNU long name"},
    {'S', "a GNU sparse file"},
};
/* clang-format on */

enum {
    NAME_AT = 0,
    MODE_AT = 100,
    UID_AT = 108,
    GID_AT = 116,
    SIZE_AT = 124,
    MTIME_AT = 136,
    CHECKSUM_AT = 148,
    CHECKSUM_BYTES = 8,
    TYPE_AT = 156,
    MAGIC_AT = 257,
    DEVMAJOR_AT = 329,
    DEVMINOR_AT = 337,
    SIZE_DIGITS = 11,
};

/* The one name with capitals, so that people see where to begin. */
static const char capitals[] = WB_USTAR_ROOT "README.txt";

static bool
is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static enum wb_status
refuse_name(struct wb_error *e, size_t position, const char *what)
{
    return wb_fail(e, WB_ERR_FORMAT, "name: position %zu: %s", position, what);
}

static enum wb_status
check_component(const char *name, size_t from, size_t to, struct wb_error *e)
{
    if (from == to)
        return refuse_name(e, from + 1, "an empty component");
    if (to - from > WB_USTAR_COMPONENT_MAX)
        return refuse_name(e, from + 1, "a component of more than 69 bytes");
    if (!is_letter_or_digit(name[from]))
        return refuse_name(
            e, from + 1, "a component must begin with a lower-case letter or digit");
    for (size_t i = from + 1; i < to; i++) {
        if (!is_letter_or_digit(name[i]) && strchr("._-", name[i]) == NULL)
            return refuse_name(e, i + 1, "only a-z 0-9 . _ - are allowed");
        if (name[i] == '.' && name[i - 1] == '.')
            return refuse_name(e, i + 1, "two dots in a row");
    }
    if (name[to - 1] == '.')
        return refuse_name(e, to, "a component must not end in a dot");
    return WB_OK;
}

enum wb_status
wb_ustar_name_check(const char *name, size_t size, struct wb_error *e)
{
    const size_t root = sizeof WB_USTAR_ROOT - 1;
    enum wb_status st;

    if (size > WB_USTAR_NAME_MAX)
        return wb_fail(e, WB_ERR_FORMAT, "name: %zu bytes, limit is 100", size);
    if (memchr(name, '\0', size) != NULL)
        return wb_fail(e, WB_ERR_FORMAT, "name: a zero byte inside");
    if (size <= root || memcmp(name, WB_USTAR_ROOT, root) != 0)
        return wb_fail(e, WB_ERR_FORMAT, "name: not under bag/");
    if (size == sizeof capitals - 1 && memcmp(name, capitals, size) == 0)
        return WB_OK;
    for (size_t from = root, to; from <= size; from = to + 1) {
        const char *slash = memchr(name + from, '/', size - from);

        to = slash == NULL ? size : (size_t)(slash - name);
        if ((st = check_component(name, from, to, e)) != WB_OK)
            return st;
    }
    return WB_OK;
}

/* `digits` octal digits; the NUL behind them is there already. */
static void
put_octal(uint8_t *field, size_t digits, uint64_t value)
{
    for (; digits > 0; digits--, value >>= 3)
        field[digits - 1] = (uint8_t)('0' + (value & 7));
}

/* The sum of all bytes, those of the checksum itself taken as spaces. */
static unsigned
checksum(const uint8_t block[static WB_USTAR_BLOCK_BYTES])
{
    unsigned sum = 0;

    for (size_t i = 0; i < WB_USTAR_BLOCK_BYTES; i++)
        sum += i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES ? ' ' : block[i];
    return sum;
}

static void
build(uint8_t block[static WB_USTAR_BLOCK_BYTES], const char *name, uint64_t size)
{
    memset(block, 0, WB_USTAR_BLOCK_BYTES);
    memcpy(block + NAME_AT, name, strlen(name));
    put_octal(block + MODE_AT, 7, 0600);
    put_octal(block + UID_AT, 7, 0);
    put_octal(block + GID_AT, 7, 0);
    put_octal(block + SIZE_AT, SIZE_DIGITS, size);
    put_octal(block + MTIME_AT, 11, 0);
    block[TYPE_AT] = '0';
    memcpy(block + MAGIC_AT,
        "ustar\0"
        "00",
        8);
    put_octal(block + DEVMAJOR_AT, 7, 0);
    put_octal(block + DEVMINOR_AT, 7, 0);
    put_octal(block + CHECKSUM_AT, 6, checksum(block));
    block[CHECKSUM_AT + 7] = ' ';
}

static enum wb_status
check_size(uint64_t size, struct wb_error *e)
{
    if (size > WB_USTAR_MEMBER_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "size: %llu bytes, limit is 4 GiB",
            (unsigned long long)size);
    return WB_OK;
}

enum wb_status
wb_ustar_encode(uint8_t block[static WB_USTAR_BLOCK_BYTES], const char *name,
    uint64_t size, struct wb_error *e)
{
    enum wb_status st;

    if ((st = wb_ustar_name_check(name, strlen(name), e)) != WB_OK ||
        (st = check_size(size, e)) != WB_OK)
        return st;
    build(block, name, size);
    return WB_OK;
}

/* Octal digits up to the first other byte, from 0 up to `max` of them. */
static uint64_t
get_octal(const uint8_t *field, size_t max)
{
    uint64_t value = 0;

    for (size_t i = 0; i < max && field[i] >= '0' && field[i] <= '7'; i++)
        value = value << 3 | (uint64_t)(field[i] - '0');
    return value;
}

/* Whether the header adds up in its own terms, ours or not; the checksums of other
 * writers may begin with spaces. */
static bool
is_intact(const uint8_t block[static WB_USTAR_BLOCK_BYTES])
{
    size_t skip = 0;

    while (skip < CHECKSUM_BYTES && block[CHECKSUM_AT + skip] == ' ')
        skip++;
    return get_octal(block + CHECKSUM_AT + skip, CHECKSUM_BYTES - skip) ==
        checksum(block);
}

/* Why `block` is not `canonical`: what a person can act on first. */
static enum wb_status
explain(const uint8_t *block, const uint8_t *canonical, struct wb_error *e)
{
    if (wb_ustar_is_end(block))
        return wb_fail(e, WB_ERR_FORMAT, "zeros, a member header expected");
    if (!is_intact(block))
        return wb_fail(e, WB_ERR_FORMAT, "checksum: not a tar header, or damaged");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (block[TYPE_AT] == (uint8_t)types[i].flag)
            return wb_fail(
                e, WB_ERR_FORMAT, "%s, only plain files are allowed", types[i].what);
    if ((block[SIZE_AT] & 0x80) != 0)
        return wb_fail(
            e, WB_ERR_FORMAT, "size: in base 256, octal digits are expected");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (memcmp(block + parts[i].at, canonical + parts[i].at, parts[i].size) != 0)
            return wb_fail(e, WB_ERR_FORMAT,
                "%s: header differs from its canonical form", parts[i].what);
    return WB_OK;
}

enum wb_status
wb_ustar_decode(struct wb_ustar_member *m,
    const uint8_t block[static WB_USTAR_BLOCK_BYTES], struct wb_error *e)
{
    struct wb_ustar_member found = {0};
    uint8_t canonical[WB_USTAR_BLOCK_BYTES];
    enum wb_status st;

    memcpy(found.name, block + NAME_AT, WB_USTAR_NAME_MAX);
    found.size = get_octal(block + SIZE_AT, SIZE_DIGITS);
    build(canonical, found.name, found.size);
    if ((st = explain(block, canonical, e)) != WB_OK ||
        (st = wb_ustar_name_check(found.name, strlen(found.name), e)) != WB_OK ||
        (st = check_size(found.size, e)) != WB_OK)
        return st;
    *m = found;
    return WB_OK;
}

bool
wb_ustar_is_end(const uint8_t block[static WB_USTAR_BLOCK_BYTES])
{
    static const uint8_t zeros[WB_USTAR_BLOCK_BYTES];

    return memcmp(block, zeros, sizeof zeros) == 0;
}

size_t
wb_ustar_padding(uint64_t size)
{
    return (size_t)(-size % WB_USTAR_BLOCK_BYTES);
}

uint64_t
wb_ustar_total(uint64_t content)
{
    uint64_t length = wb_pad_length(content + WB_USTAR_END_BYTES, WB_USTAR_FLOOR_BYTES);

    return length + wb_ustar_padding(length);
}
