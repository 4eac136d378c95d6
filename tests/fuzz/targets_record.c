/* tests/fuzz/targets_record.c - records as JSON, as sealed, as they are written. */
#include <string.h>

#include "custody/load_line.h"
#include "formats/edtf.h"
#include "formats/json.h"
#include "fuzz.h"
#include "record/sheet.h"

enum { JSON_MAX = 1024 * 1024, ROW_AT = 4 /* in a sheet, behind its length */ };

/* Reads the whole tree. */
static size_t
walk(const struct wb_json *node)
{
    const struct wb_json *value;
    struct wb_json_walk w;
    const char *key, *text;
    size_t size, sum = 1;

    if (wb_json_get_text(node, &text, &size))
        return sum + strnlen(text, size);
    for (size_t i = 0; wb_json_is_array(node) && i < wb_json_count(node); i++)
        sum += walk(wb_json_at(node, i));
    wb_json_walk_init(&w, node);
    while (wb_json_walk_next(&w, &key, &value)) {
        fuzz_expect(wb_json_get(node, key) == value, "a member is found by its name");
        sum += walk(value);
    }
    return sum;
}

bool
fuzz_json(const uint8_t *bytes, size_t size)
{
    struct wb_arena nodes = {0};
    const struct wb_json *root;
    bool taken = wb_json_decode(&root, &nodes, bytes, size, JSON_MAX, NULL) == WB_OK;

    fuzz_expect(!taken || walk(root) > 0, "a document has a node");
    wb_arena_free(&nodes);
    return taken;
}

/* Names of places may be the sender's, and are ours from then on. */
static void
expect_same_again(const struct wb_record *r, int latest)
{
    struct wb_record *again = NULL;
    struct wb_buf once, twice;
    int mark;

    wb_buf_init(&once, 2 * (size_t)WB_RECORD_BYTES_MAX);
    wb_buf_init(&twice, 2 * (size_t)WB_RECORD_BYTES_MAX);
    wb_record_json_write(&once, r, latest);
    fuzz_expect(
        wb_record_json_read(&again, &mark, once.data, once.size, NULL) == WB_OK &&
            mark == latest,
        "a record that was written is read");
    wb_record_json_write(&twice, again, mark);
    fuzz_same(&twice, once.data, once.size);
    wb_buf_wipe(&once);
    wb_record_free(&again);
}

bool
fuzz_record_json(const uint8_t *bytes, size_t size)
{
    struct wb_record *r = NULL;
    struct wb_buf out;
    int latest;

    if (wb_record_json_read(&r, &latest, bytes, size, NULL) != WB_OK)
        return false;
    wb_buf_init(&out, WB_RECORD_BYTES_MAX);
    wb_record_encode(&out, r);
    fuzz_expect(
        wb_buf_check(&out, NULL) == WB_OK, "a record that was read can be kept");
    (void)fuzz_codec(out.data, out.size);
    wb_buf_wipe(&out);
    expect_same_again(r, latest);
    wb_record_free(&r);
    return true;
}

/* As it is typed into a file for `load`: nothing of it is canonical. */
bool
fuzz_line(const uint8_t *bytes, size_t size)
{
    struct wb_load_item item = {0};
    struct wb_draft *d = NULL;
    struct wb_buf line;
    bool taken;

    wb_buf_init(&line, JSON_MAX);
    wb_buf_add(&line, bytes, size);
    taken = wb_buf_check(&line, NULL) == WB_OK &&
        wb_load_parse(&item, &line, NULL) == WB_OK &&
        wb_load_fill(&d, &item, NULL) == WB_OK;
    wb_draft_free(&d);
    wb_arena_free(&item.nodes);
    wb_buf_wipe(&line);
    return taken;
}

bool
fuzz_codec(const uint8_t *bytes, size_t size)
{
    struct wb_record *r = NULL;
    struct wb_buf out;

    if (wb_record_decode(&r, bytes, size, NULL) != WB_OK)
        return false;
    wb_buf_init(&out, size);
    wb_record_encode(&out, r);
    fuzz_same(&out, bytes, size);
    wb_record_free(&r);
    return true;
}

bool
fuzz_sheet(const uint8_t *bytes, size_t size)
{
    struct wb_sheet *s = NULL;
    struct wb_buf out;
    uint64_t row;

    if (size < ROW_AT + sizeof row)
        return false;
    memcpy(&row, bytes + ROW_AT, sizeof row); /* little-endian, as we are */
    if (wb_sheet_decode(&s, bytes, size, row, NULL) != WB_OK)
        return false;
    wb_buf_init(&out, WB_SHEET_BYTES_MAX);
    wb_sheet_encode(&out, s, row);
    fuzz_same(&out, bytes, size);
    wb_sheet_free(&s);
    return true;
}

bool
fuzz_edtf(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    struct wb_edtf d;

    if (wb_edtf_range(&d, text, size, NULL) != WB_OK) {
        fuzz_expect(wb_edtf_check(text, size, NULL) != WB_OK, "both refuse");
        return false;
    }
    fuzz_expect(wb_edtf_check(text, size, NULL) == WB_OK, "both accept");
    fuzz_expect(d.earliest <= d.latest, "a date does not end before it begins");
    fuzz_expect(wb_edtf_compare(&d, &d) == 0, "a date is equal to itself");
    return true;
}
