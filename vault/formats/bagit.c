/* vault/formats/bagit.c - the tag files of a BagIt bag, in one strict form. */
#include "bagit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/mem.h"
#include "../base/text.h"

enum { ROOT_BYTES = sizeof WB_USTAR_ROOT - 1, GAP_BYTES = 2 };

void
wb_bagit_manifest_put(
    struct wb_buf *out, const uint8_t hash[static WB_HASH_BYTES], const char *path)
{
    char hex[WB_BAGIT_HASH_DIGITS + 1];

    wb_hex_encode(hex, hash, WB_HASH_BYTES);
    wb_buf_print(out, "%s  %s\n", hex, path);
}

void
wb_bagit_manifest_init(struct wb_bagit_manifest *m)
{
    *m = (struct wb_bagit_manifest){0};
}

const char *
wb_bagit_manifest_path(const struct wb_bagit_manifest *m)
{
    return m->lines == 0 ? "" : m->name + ROOT_BYTES;
}

/* Parses m->line. The name is checked as a whole member name, so that what a manifest
 * may list is what an archive may hold. */
static enum wb_status
read_line(struct wb_bagit_manifest *m, struct wb_error *e)
{
    const size_t path_at = WB_BAGIT_HASH_DIGITS + GAP_BYTES;
    char name[WB_USTAR_NAME_MAX + 1] = WB_USTAR_ROOT;
    uint8_t hash[WB_HASH_BYTES];
    enum wb_status st;

    if (m->used < WB_BAGIT_HASH_DIGITS ||
        !wb_hex_decode(hash, sizeof hash, m->line, WB_BAGIT_HASH_DIGITS))
        return wb_fail(
            e, WB_ERR_FORMAT, "hash: 64 lower-case hexadecimal digits expected");
    if (m->used < path_at || memcmp(m->line + WB_BAGIT_HASH_DIGITS, "  ", 2) != 0)
        return wb_fail(e, WB_ERR_FORMAT, "two spaces expected after the hash");
    memcpy(name + ROOT_BYTES, m->line + path_at, m->used - path_at);
    if ((st = wb_ustar_name_check(name, ROOT_BYTES + m->used - path_at, e)) != WB_OK)
        return st;
    if (m->lines > 0 && strcmp(m->name, name) >= 0)
        return wb_fail(e, WB_ERR_FORMAT,
            "name: not above the one before it, strict bytewise order expected");
    memcpy(m->hash, hash, sizeof hash);
    memcpy(m->name, name, sizeof name);
    m->lines++;
    m->used = 0;
    return WB_OK;
}

enum wb_status
wb_bagit_manifest_next(struct wb_bagit_manifest *m, bool *complete,
    struct wb_cursor *in, struct wb_error *e)
{
    const uint8_t *end = in->left == 0 ? NULL : memchr(in->at, '\n', in->left);
    size_t piece = end == NULL ? in->left : (size_t)(end - in->at);
    enum wb_status st;

    if (piece > sizeof m->line - m->used)
        return wb_fail(e, WB_ERR_FORMAT, "line %" PRIu64 ": more than %d bytes",
            m->lines + 1, WB_BAGIT_LINE_MAX);
    wb_get_copy(in, m->line + m->used, piece);
    m->used += piece;
    if (end != NULL) {
        (void)wb_get_u8(in);
        if ((st = read_line(m, e)) != WB_OK)
            return wb_within(e, st, "line %" PRIu64, m->lines + 1);
    }
    *complete = end != NULL;
    return WB_OK;
}

enum wb_status
wb_bagit_manifest_end(const struct wb_bagit_manifest *m, struct wb_error *e)
{
    if (m->used > 0)
        return wb_fail(e, WB_ERR_FORMAT, "line %" PRIu64 ": ends without a line feed",
            m->lines + 1);
    return WB_OK;
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_label(const char *label, size_t size)
{
    if (size == 0 || !is_letter(label[0]))
        return false;
    for (size_t i = 1; i < size; i++)
        if (!is_letter(label[i]) && (label[i] < '0' || label[i] > '9') &&
            label[i] != '-')
            return false;
    return true;
}

/* NULL, or what is wrong with a line of that label and value. */
static const char *
find_fault(const char *label, size_t label_size, const char *value, size_t value_size)
{
    if (!is_label(label, label_size))
        return "label: a letter, then letters, digits and - expected";
    if (value_size == 0)
        return "value: empty";
    for (size_t i = 0; i < value_size; i++)
        if (value[i] < ' ' || value[i] > '~')
            return "value: printable ASCII expected";
    if (value[0] == ' ' || value[value_size - 1] == ' ')
        return "value: a space at its beginning or end";
    return NULL;
}

enum wb_status
wb_bagit_info_put(
    struct wb_buf *out, const char *label, const char *value, struct wb_error *e)
{
    const char *fault = find_fault(label, strlen(label), value, strlen(value));

    if (fault != NULL)
        return wb_fail(e, WB_ERR_VALUE, "%s", fault);
    wb_buf_print(out, "%s: %s\n", label, value);
    return WB_OK;
}

/* Cuts the line `text` of `size` bytes into label and value in place; text[size] is
 * its line feed. */
static enum wb_status
cut_line(struct wb_bagit_pair *pair, char *text, size_t size, struct wb_error *e)
{
    char *colon = memchr(text, ':', size);
    size_t label_size;
    const char *fault;

    if (text[0] == ' ' || text[0] == '\t')
        return wb_fail(
            e, WB_ERR_FORMAT, "a continuation line, values are on one line each");
    if (colon == NULL || colon[1] != ' ')
        return wb_fail(e, WB_ERR_FORMAT, "a label, ': ' and a value expected");
    label_size = (size_t)(colon - text);
    fault = find_fault(text, label_size, colon + 2, size - label_size - 2);
    if (fault != NULL)
        return wb_fail(e, WB_ERR_FORMAT, "%s", fault);
    *colon = '\0';
    text[size] = '\0';
    *pair = (struct wb_bagit_pair){.label = text, .value = colon + 2};
    return WB_OK;
}

static size_t
count_lines(const char *text, size_t size)
{
    size_t count = 0;

    for (size_t i = 0; i < size; i++)
        count += text[i] == '\n';
    return count;
}

enum wb_status
wb_bagit_info_decode(
    struct wb_bagit_info *info, const void *bytes, size_t size, struct wb_error *e)
{
    struct wb_bagit_info found = {0};
    size_t lines = size > WB_BAGIT_INFO_MAX ? 0 : count_lines(bytes, size);
    size_t at = 0;
    enum wb_status st = WB_OK;

    if (size > WB_BAGIT_INFO_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "size: %zu bytes, limit is 64 KiB", size);
    found.text = wb_mem_copy(bytes, size);
    found.pairs = wb_mem_new_array(lines, sizeof *found.pairs);
    if (found.text == NULL || found.pairs == NULL) {
        st = wb_fail_memory(e);
        goto out;
    }
    while (at < size) {
        char *line = found.text + at;
        const char *end = memchr(line, '\n', size - at);
        size_t length = end == NULL ? 0 : (size_t)(end - line);

        st = end == NULL ? wb_fail(e, WB_ERR_FORMAT, "ends without a line feed")
                         : cut_line(&found.pairs[found.count], line, length, e);
        if (st != WB_OK) {
            st = wb_within(e, st, "line %zu", found.count + 1);
            goto out;
        }
        found.count++;
        at += length + 1;
    }
    *info = found;
    found = (struct wb_bagit_info){0}; /* handed over */
out:
    wb_bagit_info_free(&found);
    return st;
}

void
wb_bagit_info_free(struct wb_bagit_info *info)
{
    wb_mem_free(info->pairs);
    wb_mem_free(info->text);
    *info = (struct wb_bagit_info){0};
}

void
wb_bagit_oxum_encode(
    char out[static WB_BAGIT_OXUM_BYTES], uint64_t octets, uint64_t files)
{
    (void)snprintf(out, WB_BAGIT_OXUM_BYTES, "%" PRIu64 ".%" PRIu64, octets, files);
}

/* A decimal number without leading zeros; *text moves behind it. */
static bool
get_decimal(uint64_t *value, const char **text)
{
    const char *at = *text;
    uint64_t sum = 0;

    for (; *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');

        if (sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    if (at == *text || (**text == '0' && at - *text > 1))
        return false;
    *value = sum;
    *text = at;
    return true;
}

enum wb_status
wb_bagit_oxum_decode(
    uint64_t *octets, uint64_t *files, const char *text, struct wb_error *e)
{
    uint64_t size, count;

    if (!get_decimal(&size, &text) || *text++ != '.' || !get_decimal(&count, &text) ||
        *text != '\0')
        return wb_fail(
            e, WB_ERR_FORMAT, "two decimal numbers with a dot between them expected");
    *octets = size;
    *files = count;
    return WB_OK;
}
