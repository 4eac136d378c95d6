/* tests/lib/sample.h - records to test with: fixed ids, fixed seeds, drafts in a line.
 */
#ifndef WB_TESTS_SAMPLE_H
#define WB_TESTS_SAMPLE_H

#include <string.h>

#include "cm.h"
#include "crypto/random.h"
#include "record/record.h"

/* 26 characters each, the last one with its two zero bits. */
#define SAMPLE_ID_A "00000000000000000000000004"
#define SAMPLE_ID_B "0000000000000000000000000g"
#define SAMPLE_ORIGIN "witnessbox/7777777777777777777777777w"

/* Counts up from 0 at every call: seeds are 00 01 02 ... 1f. */
static inline void
sample_random(void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)i;
}

static inline struct wb_draft *
sample_draft(const char *kind)
{
    struct wb_draft *d = NULL;

    assert_int_equal(wb_draft_new_any(&d, wb_kind_find(kind), NULL), WB_OK);
    return d;
}

static inline void
sample_put(struct wb_draft *d, const char *field, const char *text)
{
    struct wb_error e = {0};

    if (wb_draft_put(d, field, WB_STATE_TEXT, text, strlen(text), &e) != WB_OK)
        fail_msg("%s", e.message);
}

static inline void
sample_state(struct wb_draft *d, const char *field, enum wb_state state)
{
    assert_int_equal(wb_draft_put(d, field, state, NULL, 0, NULL), WB_OK);
}

/* Frees the draft. Revision 1, id SAMPLE_ID_A. */
static inline struct wb_record *
sample_record(struct wb_draft *d)
{
    struct wb_lineage lineage = {.revision = 1, .origin = SAMPLE_ORIGIN};
    struct wb_record *r = NULL;
    struct wb_error e = {0};

    assert_true(wb_id_parse(&lineage.id, SAMPLE_ID_A, 26));
    wb_random_source = sample_random;
    if (wb_record_from_draft(&r, d, &lineage, &e) != WB_OK)
        fail_msg("%s", e.message);
    wb_random_source = NULL;
    wb_draft_free(&d);
    return r;
}

/* A statement of two paragraphs with a date, a language and something unknown. */
static inline struct wb_record *
sample_statement(void)
{
    struct wb_draft *d = sample_draft("statement");

    sample_put(d, "witness", SAMPLE_ID_B);
    sample_put(d, "text", "Police are here.");
    sample_put(d, "text", "\xd0\x90\xd0\xb7\xd0\xb0\xd1\x82 said: \"I am hiding\"\n\\");
    sample_put(d, "language", "ru");
    sample_put(d, "date", "2021-10-20");
    sample_state(d, "place", WB_STATE_UNKNOWN);
    return sample_record(d);
}

/* The same content as somebody else would hold it: salts, no seed. */
static inline void
sample_make_foreign(struct wb_record *r)
{
    r->foreign = true;
    memset(r->seed, 0, sizeof r->seed);
}

static inline void
sample_close(struct wb_record *r, const char *field)
{
    for (size_t i = 0; i < r->place_count; i++) {
        struct wb_place *p = &r->places[i];

        if (strcmp(p->name, field) != 0)
            continue;
        p->form = WB_FORM_CLOSED;
        p->values = NULL;
        p->count = 0;
        memset(p->salt, 0, sizeof p->salt);
        return;
    }
    fail_msg("no field %s", field);
}

static inline void
sample_close_value(struct wb_value *v)
{
    memset(v->salt, 0, sizeof v->salt);
    v->state = WB_STATE_WITHHELD;
    v->text = "";
    v->size = 0;
}

static inline void
sample_close_empty(struct wb_record *r)
{
    for (size_t i = 0; i < r->place_count; i++) {
        struct wb_place *p = &r->places[i];

        if (p->form != WB_FORM_CLOSED &&
            (p->count == 0 || p->values[0].state == WB_STATE_ABSENT))
            sample_close(r, p->name);
    }
}

#endif
