/* include/witnessbox/sheet.h - what is written in one sitting: several records that are
 * saved together, and kept as a sealed draft until then. */
#ifndef WITNESSBOX_SHEET_H
#define WITNESSBOX_SHEET_H

#include "record.h"
#include "vault.h"

struct wb_change; /* custody.h */
struct wb_saved;

/* Drafts of records that belong together: a statement, the persons it names, their
 * consents. Each has the id that it will be saved under, so they may refer to each
 * other in any order. */
struct wb_sheet;
enum { WB_SHEET_MAX = 256 };

WB_API WB_CHECKED enum wb_status wb_sheet_new(struct wb_sheet **s, struct wb_error *e);
/* Wipes all of it; NULL is fine. */
WB_API void wb_sheet_free(struct wb_sheet **s);

/* One more record of a kind that may be added by hand, at the end; *index is its
 * place. WB_ERR_USAGE for another kind, WB_ERR_LIMIT after WB_SHEET_MAX. */
WB_API WB_CHECKED enum wb_status wb_sheet_add(
    struct wb_sheet *s, size_t *index, const char *kind, struct wb_error *e);
/* Takes the records from number `index` on away again. */
WB_API void wb_sheet_cut(struct wb_sheet *s, size_t index);

WB_API size_t wb_sheet_count(const struct wb_sheet *s);
/* Borrowed; `index` is below the count. */
WB_API struct wb_draft *wb_sheet_draft(const struct wb_sheet *s, size_t index);
WB_API const struct wb_id *wb_sheet_id(const struct wb_sheet *s, size_t index);

/* Where the writer is, for going on there: a number of the caller's, and what was typed
 * and is no value yet (any bytes; copied). Zero and nothing at first. */
WB_API WB_CHECKED enum wb_status wb_sheet_mark(struct wb_sheet *s, uint32_t place,
    const char *typed, size_t size, struct wb_error *e);
/* `typed` is borrowed until the next mark. */
WB_API uint32_t wb_sheet_place(
    const struct wb_sheet *s, const char **typed, size_t *size);

/* ---- sealed in the vault as a draft ---- */

/* Seals the sheet as it is, in the place of what was sealed of it before, and makes it
 * durable. Not logged: a draft is no record yet. */
WB_API WB_CHECKED enum wb_status wb_sheet_seal(
    struct wb_sheet *s, struct wb_vault *v, struct wb_error *e);

/* The number of its draft, which changes whenever it is sealed; 0: it has none. */
WB_API uint64_t wb_sheet_number(const struct wb_sheet *s);

/* Saves all its records in the change, and removes its draft with them. `saved` has
 * room for wb_sheet_count and is in the sheet's order. Errors as wb_change_add, with
 * the kind in front. */
WB_API WB_CHECKED enum wb_status wb_sheet_save(struct wb_sheet *s, struct wb_change *c,
    struct wb_saved *saved, struct wb_error *e);

/* The draft of this number, to go on with. WB_ERR_NOT_FOUND; WB_ERR_INTEGRITY or
 * WB_ERR_FORMAT when it is not as it was sealed; WB_ERR_TOO_NEW when a newer program
 * wrote it. */
WB_API WB_CHECKED enum wb_status wb_sheet_open(
    struct wb_sheet **s, struct wb_vault *v, uint64_t number, struct wb_error *e);

/* Destroys a draft, whether it can be opened or not. WB_ERR_NOT_FOUND. */
WB_API WB_CHECKED enum wb_status wb_sheet_remove(
    struct wb_vault *v, uint64_t number, struct wb_error *e);

/* A sealed draft; `sheet` is NULL and `fault` says why where it cannot be opened.
 * Borrowed. */
struct wb_sealed_sheet {
    uint64_t number;
    char begun[21]; /* RFC 3339, UTC, by the device's clock */
    char sealed[21];
    const struct wb_sheet *sheet;
    const char *fault;
};
/* All drafts of the vault, oldest first. */
WB_API WB_CHECKED enum wb_status wb_sheet_each(struct wb_vault *v,
    bool (*each)(void *cookie, const struct wb_sealed_sheet *sheet), void *cookie,
    struct wb_error *e);

#endif
