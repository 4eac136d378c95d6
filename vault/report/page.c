/* vault/report/page.c - the frame of a page, and text made safe inside it. */
#include "page.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "../crypto/hash.h"
#include "../formats/base64.h"
#include "style.h"

static const char *
entity(uint8_t byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void
wb_page_text(struct wb_buf *out, const char *text, size_t size)
{
    struct wb_buf shown;
    size_t plain = 0;

    wb_buf_init(&shown, WB_PAGE_BYTES_MAX);
    wb_text_show_lines(&shown, text, size);
    if (shown.failed != WB_OK)
        out->failed = shown.failed;
    for (size_t i = 0; i < shown.size; i++) {
        const char *named = entity(shown.data[i]);

        if (named == NULL)
            continue;
        wb_buf_add(out, shown.data + plain, i - plain);
        wb_buf_add_text(out, named);
        plain = i + 1;
    }
    wb_buf_add(out, shown.data + plain, shown.size - plain);
    wb_buf_wipe(&shown);
}

void
wb_page_put(struct wb_buf *out, const char *element, const char *text, size_t size)
{
    wb_buf_print(out, "<%s dir=\"auto\">", element);
    wb_page_text(out, text, size);
    wb_buf_print(out, "</%s>\n", element);
}

void
wb_page_say(struct wb_buf *out, const char *element, const char *words)
{
    wb_buf_print(out, "<%s>", element);
    words = wb_word(words);
    wb_page_text(out, words, strlen(words));
    wb_buf_print(out, "</%s>\n", element);
}

void
wb_page_begin(struct wb_buf *out, const char *title)
{
    uint8_t hash[WB_HASH_BYTES];

    wb_sha256_of(hash, wb_page_style, strlen(wb_page_style));
    wb_buf_print(out,
        "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'sha256-",
        wb_word("en")); /* the tag of what is said on it (BCP 47) */
    wb_base64_put(out, hash, sizeof hash, WB_BASE64_PADDED);
    wb_buf_add_text(out,
        "'; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>");
    wb_page_text(out, title, strlen(title));
    wb_buf_add_text(out, "</title>\n<style>");
    wb_buf_add_text(out, wb_page_style);
    wb_buf_add_text(out, "</style>\n</head>\n<body>\n");
}

void
wb_page_end(struct wb_buf *out)
{
    wb_buf_add_text(out, "</body>\n</html>\n");
}
