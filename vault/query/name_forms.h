/* vault/query/name_forms.h - the forms that a word of a name takes in a text. Pure. */
#ifndef WB_QUERY_NAME_FORMS_H
#define WB_QUERY_NAME_FORMS_H

#include "../base/fold.h"

/* Calls `base` with what each ending, or two endings one behind the other, leave of the
 * skeleton of `w`. `short_min`: so many letters it must have to be the beginning of a
 * name that lost its last vowel. `text` lives for the call. */
void wb_name_bases(const struct wb_fold_word *w,
    void (*base)(void *cookie, const char *text, size_t short_min), void *cookie);

/* Calls `spelled` with the word as it is written by who has not all of its letters, or
 * keeps them in a passport: Семёнов as Семенов, Aşyrow as Asyrow, Semyonov as Semenov.
 * `raw` is what stands in the text, w->size bytes. */
void wb_name_spellings(const struct wb_fold_word *w, const char *raw,
    void (*spelled)(void *cookie, const struct wb_fold_word *word), void *cookie);

/* Calls `begin` with what a word of a name may begin with where an ending follows that
 * changes it. `shortened` has lost what an ending replaces (Лейл-ой, Вишневск-ого);
 * otherwise its last sound is another one (Mered-i). */
void wb_name_begins(const struct wb_fold_word *w,
    void (*begin)(void *cookie, const char *text, size_t size, bool shortened),
    void *cookie);

/* Code points. */
size_t wb_name_letters(const char *text, size_t size);

#endif
