/* vault/bundle/untar.c - reads the one form of tar that a bundle has, in pieces. */
#include <string.h>

#include "../base/fail.h"
#include "rules.h"
#include "unpack.h"

void
wb_untar_init(struct wb_untar *u, struct wb_untar_sink sink)
{
    *u = (struct wb_untar){.sink = sink, .state = WB_UNTAR_HEADER};
}

static enum wb_status
begin_member(struct wb_untar *u, struct wb_error *e)
{
    enum wb_status st = wb_ustar_decode(&u->member, u->block, e);

    if (st != WB_OK)
        return wb_rule_because(e, st, WB_RULE_TAR_HEADER);
    u->content += WB_USTAR_BLOCK_BYTES;
    u->left = u->member.size;
    u->state = WB_UNTAR_CONTENT;
    return wb_within(
        e, u->sink.begin(u->sink.context, &u->member, e), "%s", u->member.name);
}

/* The content is complete: what follows is padding. */
static enum wb_status
end_content(struct wb_untar *u, struct wb_error *e)
{
    u->content += u->member.size + wb_ustar_padding(u->member.size);
    u->left = wb_ustar_padding(u->member.size);
    u->state = u->left > 0 ? WB_UNTAR_PADDING : WB_UNTAR_HEADER;
    return wb_within(e, u->sink.end(u->sink.context, e), "%s", u->member.name);
}

static enum wb_status
refuse_tail(const struct wb_untar *u, struct wb_error *e)
{
    static const char magic[] = "ustar";
    bool header = memcmp(u->block + 257, magic, sizeof magic - 1) == 0;

    return wb_rule_refuse(e, header ? WB_RULE_TAR_SECOND : WB_RULE_TAR_TRAILING);
}

/* A whole block that is not content. */
static enum wb_status
take_block(struct wb_untar *u, struct wb_error *e)
{
    bool zero = wb_ustar_is_end(u->block);

    switch (u->state) {
    case WB_UNTAR_HEADER:
        if (!zero)
            return begin_member(u, e);
        u->state = WB_UNTAR_SECOND_END;
        return WB_OK;
    case WB_UNTAR_SECOND_END:
        if (!zero)
            return wb_rule_refuse(e, WB_RULE_TAR_END);
        u->state = WB_UNTAR_TAIL;
        return WB_OK;
    default:
        return zero ? WB_OK : refuse_tail(u, e);
    }
}

/* Each step takes some of the bytes and says how many. */
static enum wb_status
step_block(struct wb_untar *u, size_t *took, const uint8_t *bytes, size_t size,
    struct wb_error *e)
{
    size_t wanted = sizeof u->block - u->used;

    *took = size < wanted ? size : wanted;
    memcpy(u->block + u->used, bytes, *took);
    u->used += *took;
    if (u->used < sizeof u->block)
        return WB_OK;
    u->used = 0;
    return take_block(u, e);
}

static enum wb_status
step_content(struct wb_untar *u, size_t *took, const uint8_t *bytes, size_t size,
    struct wb_error *e)
{
    *took = size < u->left ? size : (size_t)u->left;
    u->left -= *took;
    return wb_within(
        e, u->sink.take(u->sink.context, bytes, *took, e), "%s", u->member.name);
}

static enum wb_status
step_padding(struct wb_untar *u, size_t *took, const uint8_t *bytes, size_t size,
    struct wb_error *e)
{
    *took = size < u->left ? size : (size_t)u->left;
    for (size_t i = 0; i < *took; i++)
        if (bytes[i] != 0)
            return wb_within(
                e, wb_rule_refuse(e, WB_RULE_TAR_PADDING), "%s", u->member.name);
    u->left -= *took;
    if (u->left == 0)
        u->state = WB_UNTAR_HEADER;
    return WB_OK;
}

static enum wb_status
step(struct wb_untar *u, size_t *took, const uint8_t *bytes, size_t size,
    struct wb_error *e)
{
    if (u->state == WB_UNTAR_CONTENT)
        return step_content(u, took, bytes, size, e);
    if (u->state == WB_UNTAR_PADDING)
        return step_padding(u, took, bytes, size, e);
    return step_block(u, took, bytes, size, e);
}

enum wb_status
wb_untar_push(struct wb_untar *u, const uint8_t *bytes, size_t size, struct wb_error *e)
{
    enum wb_status st = WB_OK;
    size_t took;

    u->bytes += size;
    while (size > 0 && st == WB_OK) {
        st = step(u, &took, bytes, size, e);
        bytes += took;
        size -= took;
        if (st == WB_OK && u->state == WB_UNTAR_CONTENT && u->left == 0)
            st = end_content(u, e);
    }
    return st;
}

enum wb_status
wb_untar_end(const struct wb_untar *u, struct wb_error *e)
{
    if (u->state != WB_UNTAR_TAIL)
        return wb_rule_refuse(e, WB_RULE_TAR_CUT);
    if (u->bytes != wb_ustar_total(u->content))
        return wb_rule_refuse(e, WB_RULE_TAR_LENGTH);
    return WB_OK;
}
