/* vault/query/id_scan.c - ids of records in running text. */
#include "id_scan.h"

static size_t
word_size(const char *text, size_t size)
{
    size_t n = 0;

    while (n < size &&
        ((text[n] >= '0' && text[n] <= '9') || (text[n] >= 'a' && text[n] <= 'z')))
        n++;
    return n;
}

void
wb_id_scan_text(struct wb_vault *v, const char *text, size_t size,
    void (*found)(void *cookie, const struct wb_id *id, const char *name), void *cookie)
{
    char name[WB_ID_TEXT_BYTES];
    struct wb_id id;
    uint64_t row;

    for (size_t at = 0, word; at < size; at += word + 1) {
        word = word_size(text + at, size - at);
        if (word != WB_ID_TEXT_BYTES - 1 || !wb_id_parse(&id, text + at, word) ||
            wb_rows_lookup(v, &row, &id, 0, NULL) == WB_ERR_NOT_FOUND)
            continue;
        wb_id_text(name, &id);
        found(cookie, &id, name);
    }
}
