/* vault/query/name_scan.h - people's names in running text. Pure: no I/O. */
#ifndef WB_QUERY_NAME_SCAN_H
#define WB_QUERY_NAME_SCAN_H

#include "../base/arena.h"
#include "../base/buf.h"

/* What is looked for, a few hundred bytes a name. Starts with wb_name_scan_init. */
struct wb_name_scan {
    struct wb_arena arena;
    struct wb_buf names; /* of struct name */
    struct wb_buf keys;  /* of struct key: how a word of a name may be met */
    struct wb_buf seen;  /* of uint64_t: where each word of each name stood last */
    uint64_t word;       /* words read so far, over all texts */
};

void wb_name_scan_init(struct wb_name_scan *s);
void wb_name_scan_wipe(struct wb_name_scan *s);

/* Adds one name of a person, whom the caller numbers. The name is found where all its
 * words stand within six words of each other, in any order; with `near` also where one
 * word of it does that has three letters or more. Words are compared as base/fold.h
 * does, as a passport spells them too, and with the endings, one or two, that Russian,
 * Tajik, Uzbek and Turkmen put behind a name of four letters or more (name_forms.h);
 * what other languages put before or behind it hides it, but for an apostrophe. Words
 * written together are found where a capital or a digit parts them (name_cut.h).
 * Errors MEMORY, LIMIT */
WB_CHECKED enum wb_status wb_name_scan_add(struct wb_name_scan *s, size_t person,
    const char *name, bool near, struct wb_error *e);
/* Once all are there. */
void wb_name_scan_settle(struct wb_name_scan *s);

/* Calls `found` wherever `text` has a name; for one person perhaps more than once.
 * `name` is as it was added, and lives as long as the scan. */
void wb_name_scan_text(struct wb_name_scan *s, const char *text, size_t size,
    void (*found)(void *cookie, size_t person, const char *name), void *cookie);

#endif
