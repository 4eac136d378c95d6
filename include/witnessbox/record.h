/* include/witnessbox/record.h - records: their kinds and fields, drafts, and what was
 * stored. */
#ifndef WITNESSBOX_RECORD_H
#define WITNESSBOX_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "id.h"

/* ---- kinds and fields: one table of data
 * ----------------------------------------------- */

/* What a value may be. The words in brackets are what `kinds` prints. */
enum wb_value_kind {
    WB_LINE,     /* [line] one line of text, at most 1,024 bytes */
    WB_TEXT,     /* [text] a paragraph, at most 16 MiB, line feeds allowed */
    WB_DATE,     /* [date] EDTF level 1 */
    WB_REF,      /* [ref] id of a record of the kind in `target` ("" any kind) */
    WB_CODE,     /* [code] a word of the controlled list `list` */
    WB_COUNT,    /* [count] 3, 3..5 or 40.. (at least), up to 12 digits each */
    WB_LANGUAGE, /* [language] BCP 47 tag, well-formed */
    WB_DIGEST,   /* [sha256] 64 lower-case hexadecimal digits */
    WB_NUMBER,   /* [number] decimal, at most 18 digits, no leading zero */
    WB_PLACE, /* [point] geo URI (RFC 5870): geo:55.7558,37.6173;u=500, u in metres */
    WB_TERM,  /* [term] number of a term of a HURIDOCS micro-thesaurus, 2 to 12
                 digits; `list` has those with a meaning here, which are not all */
};

enum wb_field_flags {
    WB_REQUIRED = 1,    /* a record of this kind needs it */
    WB_REPEATS = 2,     /* a list of values */
    WB_IDENTIFIES = 4,  /* withheld where a person's identity is */
    WB_PART_OF = 8,     /* exporting the record it refers to takes this record along */
    WB_NEEDS = 16,      /* exporting this record takes the one it refers to along */
    WB_SUBJECT = 32,    /* a person whose consent decides beside the record's own */
    WB_OURS = 64,       /* set by the program, not by hand */
    WB_KEPT = 128,      /* never leaves: closed in every export, whatever was agreed */
    WB_CONFIRMED = 256, /* stands as it is once it was read back or signed */
    WB_LINKS = 512,     /* ties to other bundles: closed in unlinkable ones */
};

/* What an export asks before a record of the kind goes. Of a private kind: nothing, it
 * never does. */
enum wb_gate_rule {
    WB_GATE_NONE,     /* nothing of the record itself */
    WB_GATE_CONSENT,  /* consent for it and of each of its subjects, else refused */
    WB_GATE_IDENTITY, /* goes; without consent with the identity withheld */
    WB_GATE_PARENT,   /* goes as everything goes that its WB_PART_OF fields name */
};

struct wb_field {
    uint16_t number; /* for ever */
    const char *name;
    enum wb_value_kind kind;
    unsigned flags;
    const char *list;   /* WB_CODE, WB_TERM: name of the controlled list, else "" */
    const char *target; /* WB_REF: kind referred to, "" any, else "" */
    const char *label;  /* at a prompt: "Place of birth" */
    const char *esf;    /* number in the Events Standard Formats, "0912", or "" */
    const char *help;
};

enum wb_kind_flags {
    WB_BY_HAND = 1, /* may be added with `add`, and is listed */
    WB_PRIVATE = 2, /* never exported */
};

struct wb_kind {
    const char *name;
    uint16_t schema; /* version of the field list, frozen once released */
    unsigned flags;
    enum wb_gate_rule gate;
    const char *title; /* the field that stands for the record in lists */
    const struct wb_field *fields;
    size_t count;
    const char *help;
};

WB_API size_t wb_kind_count(void);
WB_API const struct wb_kind *wb_kind_at(size_t index);
WB_API const struct wb_kind *wb_kind_find(const char *name); /* NULL: unknown */
WB_API const struct wb_field *wb_field_find(
    const struct wb_kind *kind, const char *name);

/* One word of a controlled list. */
struct wb_code {
    const char *list;
    const char *word;    /* what is stored */
    const char *number;  /* "41:0102", thesaurus and number at HURIDOCS, or "" */
    const char *meaning; /* in plain words */
};
/* The words of a list, in order; NULL past the last. */
WB_API const struct wb_code *wb_code_at(const char *list, size_t index);

/* ---- values
 * ---------------------------------------------------------------------------- */

enum wb_state {
    WB_STATE_ABSENT = 0,
    WB_STATE_TEXT = 1,
    WB_STATE_UNKNOWN = 2,
    WB_STATE_NOT_ASKED = 3,
    WB_STATE_REFUSED = 4,
    WB_STATE_WITHHELD = 255, /* somebody exported it closed; only its hash is known */
};
/* "unknown", "not-asked", "refused", "absent", "withheld"; NULL for text. */
WB_API const char *wb_state_name(enum wb_state state);
/* The other way; false for other words. Withheld is not settable. */
WB_API bool wb_state_find(enum wb_state *state, const char *name);

/* ---- drafts: a record being written
 * ---------------------------------------------------- */

struct wb_draft;

/* An empty draft of a kind that may be added by hand; WB_ERR_USAGE names what there is.
 */
WB_API WB_CHECKED enum wb_status wb_draft_new(
    struct wb_draft **d, const char *kind, struct wb_error *e);
WB_API void wb_draft_free(struct wb_draft **d);
WB_API const struct wb_kind *wb_draft_kind(const struct wb_draft *d);

/* Appends a value to a field (a second value of a field that does not repeat is
 * refused, a line feed at the end is kept). The text is checked by the field's value
 * kind; WB_ERR_VALUE says `field: what`. `text` is copied; it is NULL when `state` is
 * not WB_STATE_TEXT. WB_REF takes a whole id; whether such a record exists is asked
 * when the draft is saved. */
WB_API WB_CHECKED enum wb_status wb_draft_add(struct wb_draft *d, const char *field,
    enum wb_state state, const char *text, size_t size, struct wb_error *e);

/* As wb_draft_add once per paragraph: the text is split at blank lines (-F text=@FILE).
 * A paragraph ends before its last line's end; a field that does not repeat takes the
 * text whole, from its first line that is not blank to its last. All or nothing;
 * WB_ERR_VALUE where there is no paragraph. */
WB_API WB_CHECKED enum wb_status wb_draft_add_paragraphs(struct wb_draft *d,
    const char *field, const char *text, size_t size, struct wb_error *e);

/* Takes all values of a field away. */
WB_API WB_CHECKED enum wb_status wb_draft_clear(
    struct wb_draft *d, const char *field, struct wb_error *e);

/* Value `index` (from 0) of a field as it stands in the draft; false past the last and
 * for a field that the kind does not have. Borrowed until the field is changed. */
struct wb_value_view;
WB_API bool wb_draft_value(const struct wb_draft *d, const char *field, size_t index,
    struct wb_value_view *view);

/* ---- records: what was stored, read back
 * ------------------------------------------------ */

/* One revision, opened, checked against its root. Getters borrow: what they return
 * lives as long as the record. */
struct wb_record;

WB_API void wb_record_free(struct wb_record **r);

WB_API const struct wb_id *wb_record_id(const struct wb_record *r);
WB_API const char *wb_record_kind(const struct wb_record *r);
WB_API uint16_t wb_record_schema(const struct wb_record *r);
WB_API uint32_t wb_record_revision(const struct wb_record *r);
WB_API const uint8_t *wb_record_root(const struct wb_record *r); /* WB_ROOT_BYTES */
WB_API size_t wb_record_previous_count(const struct wb_record *r);
WB_API const uint8_t *wb_record_previous(const struct wb_record *r, size_t index);
WB_API const char *wb_record_origin(const struct wb_record *r); /* "" where withheld */
WB_API bool wb_record_is_foreign(const struct wb_record *r);
WB_API bool wb_record_is_adopted(
    const struct wb_record *r); /* foreign, and ours since wb_adopt */
WB_API size_t wb_record_withheld(
    const struct wb_record *r); /* closed places and elements */
WB_API size_t wb_record_proof_count(const struct wb_record *r);

/* The one line that stands for the record in lists; "" where it has none. */
WB_API const char *wb_record_title(const struct wb_record *r);

/* Fields in number order, our own origin (field 0) left out; `index` from 0. */
struct wb_field_view {
    uint16_t number;
    const char *name;             /* "field-N" where unknown */
    const struct wb_field *field; /* NULL where unknown */
    bool repeats;
    bool withheld; /* the whole field is closed */
    size_t count;  /* values; an absent single field has none */
};
WB_API bool wb_record_field(
    const struct wb_record *r, size_t index, struct wb_field_view *view);

struct wb_value_view {
    enum wb_state state;
    const char *text; /* NUL-terminated for convenience; `size` counts without it */
    size_t size;
};
/* Value `index` (from 0) of the field of that name; false past the last. */
WB_API bool wb_record_value(const struct wb_record *r, const char *field, size_t index,
    struct wb_value_view *view);

/* The attachment of an evidence record. */
struct wb_file_view {
    const char *name; /* as received; never a path to write to */
    const char *sha256;
    const char *type;
    uint64_t size;
    bool stored; /* its bytes are in this vault */
};
WB_API bool wb_record_file(const struct wb_record *r, struct wb_file_view *view);

#endif
