/* vault/formats/checkpoint.c - the head of a log as text (C2SP tlog-checkpoint). */
#include "checkpoint.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "base64.h"

enum { LINES = 3 };

bool
wb_decimal_decode(uint64_t *value, const char *text, size_t size)
{
    uint64_t number = 0;

    if (size == 0 || size > WB_DECIMAL_MAX || (text[0] == '0' && size > 1))
        return false;
    for (size_t i = 0; i < size; i++) { /* 19 digits cannot overflow 64 bits */
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (uint64_t)(text[i] - '0');
    }
    if (number > WB_MERKLE_SIZE_MAX)
        return false;
    *value = number;
    return true;
}

/* Any line that is not empty: only our own origins are key names as well. */
static bool
is_origin(const char *origin, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)origin[i] < 0x20)
            return false;
    return size > 0 && wb_text_check(origin, size, NULL) == WB_OK;
}

static enum wb_status
check_head(const struct wb_merkle_head *head, struct wb_error *e)
{
    uint8_t empty[WB_HASH_BYTES];

    wb_merkle_empty(empty);
    if (head->size > WB_MERKLE_SIZE_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "checkpoint: size above 2^63 - 1");
    if (head->size == 0 && !wb_equal(head->root, empty, sizeof empty))
        return wb_fail(
            e, WB_ERR_INTEGRITY, "checkpoint: size 0, but not the root of no leaves");
    return WB_OK;
}

enum wb_status
wb_checkpoint_encode(
    struct wb_buf *out, const struct wb_checkpoint *c, struct wb_error *e)
{
    size_t before = out->size, size = strnlen(c->origin, sizeof c->origin);
    enum wb_status st;

    if (size > WB_NOTE_NAME_MAX || !is_origin(c->origin, size))
        return wb_fail(
            e, WB_ERR_VALUE, "checkpoint: origin empty or with a control character");
    if ((st = check_head(&c->head, e)) != WB_OK)
        return st;
    wb_buf_print(out, "%s\n%llu\n", c->origin, (unsigned long long)c->head.size);
    wb_base64_put(out, c->head.root, WB_HASH_BYTES, WB_BASE64_PADDED);
    wb_buf_add(out, "\n", 1);
    if ((st = wb_buf_check(out, e)) != WB_OK)
        out->size = before;
    return st;
}

enum wb_status
wb_checkpoint_decode(
    struct wb_checkpoint *c, const char *text, size_t size, struct wb_error *e)
{
    struct wb_checkpoint made = {0};
    const char *line[LINES];
    size_t length[LINES];
    enum wb_status st;

    for (int i = 0; i < LINES; i++) {
        const char *feed = memchr(text, '\n', size);

        if (feed == NULL)
            return wb_fail(e, WB_ERR_FORMAT, "checkpoint: less than three lines");
        line[i] = text;
        length[i] = (size_t)(feed - text);
        size -= length[i] + 1;
        text = feed + 1;
    }
    if (size > 0)
        return wb_fail(
            e, WB_ERR_FORMAT, "checkpoint: extension lines, which are not accepted");
    if (length[0] > WB_NOTE_NAME_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "checkpoint: origin of %zu bytes, limit is %d",
            length[0], WB_NOTE_NAME_MAX);
    if (!is_origin(line[0], length[0]))
        return wb_fail(
            e, WB_ERR_FORMAT, "checkpoint: origin empty or with a control character");
    if (!wb_decimal_decode(&made.head.size, line[1], length[1]))
        return wb_fail(e, WB_ERR_FORMAT, "checkpoint: size is not a number below 2^63");
    if (!wb_base64_decode(
            made.head.root, WB_HASH_BYTES, line[2], length[2], WB_BASE64_PADDED))
        return wb_fail(e, WB_ERR_FORMAT, "checkpoint: root is not base64 of %d bytes",
            WB_HASH_BYTES);
    if ((st = check_head(&made.head, e)) != WB_OK)
        return st;
    memcpy(made.origin, line[0], length[0]);
    *c = made;
    return WB_OK;
}

enum wb_status
wb_checkpoint_open(struct wb_checkpoint *c, const struct wb_note *note,
    const struct wb_note_key *log, struct wb_error *e)
{
    struct wb_checkpoint made;
    enum wb_status st;

    if ((st = wb_note_verify(note, NULL, log, e)) != WB_OK ||
        (st = wb_checkpoint_decode(&made, note->text, note->text_size, e)) != WB_OK)
        return st;
    if (strcmp(made.origin, log->name) != 0)
        return wb_fail(
            e, WB_ERR_INTEGRITY, "checkpoint: the origin is not the name of its key");
    *c = made;
    return WB_OK;
}
