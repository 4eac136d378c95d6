/* vault/report/qr.h - a short text as a QR code, drawn in SVG. */
#ifndef WB_REPORT_QR_H
#define WB_REPORT_QR_H

#include "../base/buf.h"

/* Appends an <svg> of the code (ISO/IEC 18004, error correction M, four modules of
 * quiet zone) for 1 to 512 bytes of ASCII that is not secret: libqrencode's memory is
 * not wiped. Errors  MEMORY | LIMIT */
WB_CHECKED enum wb_status wb_qr_put(
    struct wb_buf *out, const char *text, const char *label, struct wb_error *e);

#endif
