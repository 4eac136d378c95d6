/* vault/report/qr.c - one row of modules after the other, each run of dark ones as one
 * piece of a path. */
#include "qr.h"

#include <qrencode.h>
#include <string.h>

#include "../base/fail.h"
#include "page.h"

enum { TEXT_BYTES_MAX = 512, QUIET_MODULES = 4 };

static void
draw_row(struct wb_buf *out, const QRcode *code, int y)
{
    const unsigned char *row = code->data + (size_t)y * (size_t)code->width;

    for (int x = 0, run; x < code->width; x += run) {
        for (run = 1; x + run < code->width && (row[x + run] & 1) == (row[x] & 1);)
            run++;
        if (row[x] & 1) /* bit 0: dark (qrencode.h) */
            wb_buf_print(out, "M%d %dh%dv1h-%dz", x + QUIET_MODULES, y + QUIET_MODULES,
                run, run);
    }
}

enum wb_status
wb_qr_put(struct wb_buf *out, const char *text, const char *label, struct wb_error *e)
{
    QRcode *code;
    int side;

    if (strlen(text) > TEXT_BYTES_MAX)
        return wb_fail(e, WB_ERR_LIMIT, "qr code: %zu bytes, limit is %d", strlen(text),
            TEXT_BYTES_MAX);
    code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return wb_fail(e, WB_ERR_MEMORY, "qr code: not enough memory");
    side = code->width + 2 * QUIET_MODULES;
    wb_buf_print(
        out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", side, side);
    wb_page_text(out, label, strlen(label));
    wb_buf_print(
        out, "\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"", side, side);
    for (int y = 0; y < code->width; y++)
        draw_row(out, code, y);
    wb_buf_add_text(out, "\"/></svg>\n");
    QRcode_free(code);
    return WB_OK;
}
