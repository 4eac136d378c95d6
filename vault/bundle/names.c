/* vault/bundle/names.c - names of members, taken apart and put together. */
#include "names.h"

#include <stdio.h>
#include <string.h>

#include "../base/text.h"

#define FILES WB_USTAR_ROOT "data/files/"
#define RECORDS WB_USTAR_ROOT "data/records/"
#define PAGE WB_USTAR_ROOT "data/report.html"

uint64_t wb_part_bytes = WB_USTAR_MEMBER_MAX;

static const char *const tags[WB_TAGS] = {
    WB_USTAR_ROOT "bagit.txt",
    WB_USTAR_ROOT "bag-info.txt",
    WB_USTAR_ROOT "README.txt",
    WB_USTAR_ROOT "sender.txt",
    WB_USTAR_ROOT "manifest-sha256.txt",
    WB_USTAR_ROOT "tagmanifest-sha256.txt",
    WB_USTAR_ROOT "tagmanifest-sha256.txt.minisig",
};

/* Bytewise: capital letters come first. */
static const enum wb_tag listed[] = {
    WB_TAG_README, WB_TAG_INFO, WB_TAG_DECLARATION, WB_TAG_MANIFEST, WB_TAG_CARD};

const char *
wb_tag_name(enum wb_tag tag)
{
    return tags[tag];
}

enum wb_tag
wb_tag_listed(size_t index)
{
    return index < sizeof listed / sizeof *listed ? listed[index] : WB_TAGS;
}

void
wb_payload_name(char out[static WB_USTAR_NAME_MAX + 1], const struct wb_payload *p)
{
    char hex[2 * WB_HASH_BYTES + 1];

    if (p->kind == WB_PAYLOAD_PAGE) {
        memcpy(out, PAGE, sizeof PAGE);
        return;
    }
    if (p->kind == WB_PAYLOAD_RECORD) {
        wb_hex_encode(hex, p->hash, WB_ROOT_PREFIX_BYTES);
        (void)snprintf(out, WB_USTAR_NAME_MAX + 1, RECORDS "%s.json", hex);
        return;
    }
    wb_hex_encode(hex, p->hash, WB_HASH_BYTES);
    if (p->part == WB_PART_NONE)
        (void)snprintf(out, WB_USTAR_NAME_MAX + 1, FILES "%s", hex);
    else
        (void)snprintf(out, WB_USTAR_NAME_MAX + 1, FILES "%s.%04d", hex, p->part);
}

/* What the name seems to be; the caller builds it again and compares. */
static bool
guess(struct wb_payload *p, const char *name)
{
    const char *hex, *dot;

    if (strcmp(name, PAGE) == 0) {
        p->kind = WB_PAYLOAD_PAGE;
        return true;
    }
    if (strncmp(name, RECORDS, sizeof RECORDS - 1) == 0) {
        p->kind = WB_PAYLOAD_RECORD;
        hex = name + sizeof RECORDS - 1;
        dot = strchr(hex, '.');
        return dot != NULL &&
            wb_hex_decode(p->hash, WB_ROOT_PREFIX_BYTES, hex, (size_t)(dot - hex));
    }
    if (strncmp(name, FILES, sizeof FILES - 1) != 0)
        return false;
    p->kind = WB_PAYLOAD_FILE;
    hex = name + sizeof FILES - 1;
    dot = strchr(hex, '.');
    if (dot != NULL) {
        p->part = 0;
        for (const char *c = dot + 1; *c >= '0' && *c <= '9' && c < dot + 5; c++)
            p->part = p->part * 10 + (*c - '0');
    }
    return wb_hex_decode(
        p->hash, WB_HASH_BYTES, hex, dot == NULL ? strlen(hex) : (size_t)(dot - hex));
}

bool
wb_payload_parse(struct wb_payload *p, const char *name)
{
    struct wb_payload found = {.part = WB_PART_NONE};
    char again[WB_USTAR_NAME_MAX + 1];

    if (!guess(&found, name))
        return false;
    wb_payload_name(again, &found);
    if (strcmp(again, name) != 0)
        return false;
    *p = found;
    return true;
}
