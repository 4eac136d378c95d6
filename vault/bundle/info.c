/* vault/bundle/info.c - bag-info.txt: what a bundle says of itself. */
#include "info.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/record.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../formats/bagit.h"
#include "../formats/base64.h"
#include "../formats/checkpoint.h"
#include "rules.h"

#define FORMAT_VERSION "1"
enum { DATE_CHARS = 10 };

/* ---- overrides ---- */

size_t
wb_info_override_count(const struct wb_info *info)
{
    return info->overrides.size / sizeof(struct wb_info_override);
}

struct wb_info_override *
wb_info_override(const struct wb_info *info, size_t index)
{
    return (struct wb_info_override *)(void *)info->overrides.data + index;
}

void
wb_info_wipe(struct wb_info *info)
{
    wb_buf_wipe(&info->overrides);
}

static bool
is_line(const char *text, size_t size)
{
    if (size == 0 || size > WB_INFO_REASON_MAX ||
        wb_text_check(text, size, NULL) != WB_OK)
        return false;
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

enum wb_status
wb_info_add_override(struct wb_info *info, const struct wb_id *id, const char *reason,
    struct wb_error *e)
{
    struct wb_info_override one = {.id = *id};
    size_t size = strlen(reason);

    if (!is_line(reason, size))
        return wb_fail(e, WB_ERR_USAGE,
            "reason: one line of 1 to %d bytes without control characters",
            WB_INFO_REASON_MAX);
    memcpy(one.reason, reason, size);
    if (info->overrides.max == 0)
        wb_buf_init(&info->overrides, (size_t)WB_BAGIT_INFO_MAX * 64);
    wb_buf_add(&info->overrides, &one, sizeof one);
    return wb_buf_check(&info->overrides, e);
}

static int
compare_overrides(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct wb_id));
}

void
wb_info_settle(struct wb_info *info)
{
    if (wb_info_override_count(info) > 1)
        qsort(info->overrides.data, wb_info_override_count(info),
            sizeof(struct wb_info_override), compare_overrides);
}

static void
put_override(struct wb_buf *out, const struct wb_info_override *one)
{
    char id[WB_ID_TEXT_BYTES];

    wb_id_text(id, &one->id);
    wb_buf_print(out, "Witnessbox-Override: %s ", id);
    wb_base64_put(out, one->reason, strlen(one->reason), WB_BASE64_PADDED);
    wb_buf_add_text(out, "\n");
}

void
wb_info_encode(struct wb_buf *out, const struct wb_info *info)
{
    char oxum[WB_BAGIT_OXUM_BYTES], bundle[WB_ID_TEXT_BYTES];
    char sender[WB_MINISIGN_KEY_CHARS + 1];

    wb_bagit_oxum_encode(oxum, info->octets, info->members);
    wb_id_text(bundle, &info->bundle);
    wb_minisign_key_encode(sender, &info->sender);
    wb_buf_print(out, "Bagging-Date: %.*s\n", DATE_CHARS, info->time);
    wb_buf_print(out, "Payload-Oxum: %s\n", oxum);
    wb_buf_print(out, "Witnessbox-Bundle: %s\n", bundle);
    wb_buf_print(out, "Witnessbox-Format: " FORMAT_VERSION "\n");
    wb_buf_print(out, "Witnessbox-Time: %s\n", info->time);
    wb_buf_print(out, "Witnessbox-Purpose: %s\n", info->purpose);
    wb_buf_print(out, "Witnessbox-Level: %s\n", info->level);
    wb_buf_print(out, "Witnessbox-Sender: %s\n", sender);
    for (size_t i = 0; i < info->recipient_count; i++)
        wb_buf_print(out, "Witnessbox-Recipient: %s\n", info->recipients[i]);
    wb_buf_print(out, "Witnessbox-Records: %" PRIu64 "\n", info->records);
    wb_buf_print(out, "Witnessbox-Files: %" PRIu64 "\n", info->files);
    for (size_t i = 0; i < wb_info_override_count(info); i++)
        put_override(out, wb_info_override(info, i));
    if (info->checkpoint[0] == '\0')
        return;
    wb_buf_add_text(out, "Witnessbox-Checkpoint: ");
    wb_base64_put(out, info->checkpoint, strlen(info->checkpoint), WB_BASE64_PADDED);
    wb_buf_add_text(out, "\n");
}

bool
wb_info_is_addressed(const struct wb_info *info)
{
    return strcmp(info->recipients[0], WB_INFO_PASSPHRASE) != 0;
}

bool
wb_info_is_unlinkable(const struct wb_info *info)
{
    return info->checkpoint[0] == '\0';
}

const char *
wb_info_word(const char *list, const char *text)
{
    const struct wb_code *code;

    for (size_t i = 0; (code = wb_code_at(list, i)) != NULL; i++)
        if (strcmp(code->word, text) == 0)
            return code->word;
    return NULL;
}

/* The lines of the file, taken one after the other. */
struct lines {
    struct wb_bagit_info info;
    size_t at;
};

/* The value of the next line if that is its label, else NULL. */
static const char *
take(struct lines *in, const char *label)
{
    const struct wb_bagit_pair *next = &in->info.pairs[in->at];

    if (in->at >= in->info.count || strcmp(next->label, label) != 0)
        return NULL;
    in->at++;
    return next->value;
}

static enum wb_status
bad(struct wb_error *e, const char *what)
{
    return wb_rule_because(
        e, wb_fail(e, WB_ERR_FORMAT, "%s", wb_word(what)), WB_RULE_INFO_FORM);
}

/* Only what rebuilding cannot say is checked here: a line that is not there, or whose
 * value has more than one meaning. */
static enum wb_status
read_head(struct wb_info *info, struct lines *in, struct wb_error *e)
{
    const char *date = take(in, "Bagging-Date"), *oxum = take(in, "Payload-Oxum");
    const char *bundle = take(in, "Witnessbox-Bundle");
    const char *format = take(in, "Witnessbox-Format");
    const char *time = take(in, "Witnessbox-Time");
    uint64_t version;
    int64_t seconds;

    if (format != NULL && wb_decimal_decode(&version, format, strlen(format)) &&
        version > 1)
        return wb_rule_refuse(e, WB_RULE_INFO_VERSION);
    if (date == NULL || format == NULL)
        return bad(e, "the labels or their order");
    if (oxum == NULL ||
        wb_bagit_oxum_decode(&info->octets, &info->members, oxum, NULL) != WB_OK)
        return bad(e, "Payload-Oxum");
    if (bundle == NULL || !wb_id_parse(&info->bundle, bundle, strlen(bundle)))
        return bad(e, "Witnessbox-Bundle");
    if (time == NULL || !wb_clock_parse(&seconds, time, strlen(time)))
        return bad(e, "Witnessbox-Time");
    wb_clock_text(info->time, seconds);
    return WB_OK;
}

static enum wb_status
read_words(struct wb_info *info, struct lines *in, struct wb_error *e)
{
    const char *purpose = take(in, "Witnessbox-Purpose");
    const char *level = take(in, "Witnessbox-Level");
    const char *sender = take(in, "Witnessbox-Sender");

    info->purpose = purpose == NULL ? NULL : wb_info_word("purpose", purpose);
    info->level = level == NULL ? NULL : wb_info_word("level", level);
    if (info->purpose == NULL)
        return bad(e, "Witnessbox-Purpose");
    if (info->level == NULL)
        return bad(e, "Witnessbox-Level");
    if (sender == NULL ||
        wb_minisign_key_decode(&info->sender, sender, strlen(sender), NULL) != WB_OK)
        return bad(e, "Witnessbox-Sender");
    return WB_OK;
}

static enum wb_status
read_recipients(struct wb_info *info, struct lines *in, struct wb_error *e)
{
    uint8_t point[WB_POINT_BYTES];
    const char *text;

    while ((text = take(in, "Witnessbox-Recipient")) != NULL) {
        size_t n = info->recipient_count;

        if (n == 0 && strcmp(text, WB_INFO_PASSPHRASE) == 0) {
            memcpy(info->recipients[n], text, sizeof WB_INFO_PASSPHRASE);
            info->recipient_count = 1;
            return WB_OK;
        }
        if (n == WB_RECIPIENTS_MAX)
            return bad(e, "Witnessbox-Recipient: more than 16");
        if (wb_age_recipient_decode(point, text, strlen(text), NULL) != WB_OK)
            return bad(e, "Witnessbox-Recipient: not an age1 key");
        wb_age_recipient_encode(info->recipients[n], point);
        if (n > 0 && strcmp(info->recipients[n - 1], info->recipients[n]) >= 0)
            return bad(e, "Witnessbox-Recipient: not ascending");
        info->recipient_count++;
    }
    if (info->recipient_count == 0)
        return bad(e, "Witnessbox-Recipient: none");
    return WB_OK;
}

/* "ID BASE64" */
static enum wb_status
read_override(struct wb_info *info, const char *text, struct wb_error *e)
{
    const char *space = strchr(text, ' ');
    size_t count = wb_info_override_count(info);
    struct wb_buf reason;
    struct wb_id id;
    enum wb_status st;

    if (space == NULL || !wb_id_parse(&id, text, (size_t)(space - text)) ||
        (count > 0 && compare_overrides(wb_info_override(info, count - 1), &id) >= 0))
        return bad(e, "Witnessbox-Override: ids, ascending");
    wb_buf_init(&reason, WB_INFO_REASON_MAX);
    if (!wb_base64_get(&reason, space + 1, strlen(space + 1), WB_BASE64_PADDED) ||
        !is_line((const char *)reason.data, reason.size))
        st = bad(e, "Witnessbox-Override: the reason");
    else
        st = wb_info_add_override(info, &id, wb_buf_text(&reason), e);
    wb_buf_wipe(&reason);
    return st;
}

static enum wb_status
read_overrides(struct wb_info *info, struct lines *in, struct wb_error *e)
{
    const char *text;
    enum wb_status st = WB_OK;

    while (st == WB_OK && (text = take(in, "Witnessbox-Override")) != NULL)
        st = read_override(info, text, e);
    return st;
}

static enum wb_status
read_counts(struct wb_info *info, struct lines *in, struct wb_error *e)
{
    const char *records = take(in, "Witnessbox-Records");
    const char *files = take(in, "Witnessbox-Files");

    if (records == NULL || !wb_decimal_decode(&info->records, records, strlen(records)))
        return bad(e, "Witnessbox-Records");
    if (files == NULL || !wb_decimal_decode(&info->files, files, strlen(files)))
        return bad(e, "Witnessbox-Files");
    return WB_OK;
}

static enum wb_status
read_checkpoint(struct wb_info *info, struct lines *in, struct wb_error *e)
{
    const char *note = take(in, "Witnessbox-Checkpoint");
    struct wb_buf bytes;
    enum wb_status st = WB_OK;

    if (note == NULL)
        return WB_OK;
    wb_buf_init(&bytes, WB_INFO_NOTE_MAX);
    if (!wb_base64_get(&bytes, note, strlen(note), WB_BASE64_PADDED))
        st = bad(e, "Witnessbox-Checkpoint");
    else
        st = wb_rule_because(e, wb_buf_check(&bytes, e), WB_RULE_INFO_FORM);
    if (st == WB_OK)
        memcpy(info->checkpoint, wb_buf_text(&bytes), bytes.size);
    wb_buf_wipe(&bytes);
    return st;
}

static enum wb_status
compare(const struct wb_info *info, const void *bytes, size_t size, struct wb_error *e)
{
    struct wb_buf again;
    enum wb_status st;

    wb_buf_init(&again, WB_BAGIT_INFO_MAX);
    wb_info_encode(&again, info);
    st = wb_buf_check(&again, e);
    if (st == WB_OK && (again.size != size || memcmp(again.data, bytes, size) != 0))
        st = bad(e, "the labels, their order, or a value written in another way");
    wb_buf_wipe(&again);
    return st;
}

enum wb_status
wb_info_decode(struct wb_info *info, const void *bytes, size_t size, struct wb_error *e)
{
    struct lines in = {0};
    enum wb_status st;

    *info = (struct wb_info){0};
    if ((st = wb_bagit_info_decode(&in.info, bytes, size, e)) != WB_OK)
        return wb_rule_because(e, st, WB_RULE_INFO_FORM);
    if ((st = read_head(info, &in, e)) == WB_OK &&
        (st = read_words(info, &in, e)) == WB_OK &&
        (st = read_recipients(info, &in, e)) == WB_OK &&
        (st = read_counts(info, &in, e)) == WB_OK &&
        (st = read_overrides(info, &in, e)) == WB_OK &&
        (st = read_checkpoint(info, &in, e)) == WB_OK)
        st = compare(info, bytes, size, e);
    wb_bagit_info_free(&in.info);
    return st;
}
