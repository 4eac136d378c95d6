/* vault/report/style.h - how every page looks, on a screen and on A4. */
#ifndef WB_REPORT_STYLE_H
#define WB_REPORT_STYLE_H

extern const char wb_page_style[];

#endif
