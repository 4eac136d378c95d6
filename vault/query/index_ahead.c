/* vault/query/index_ahead.c - texts whose words a second thread finds before FTS5 asks
 * for them. */
#include <string.h>

#include "../base/fail.h"
#include "../base/fold.h"
#include "../base/mem.h"
#include "../base/worker.h"
#include "index.h"

enum {
    SLOTS = 4,
    TEXTS = 16,           /* of a slot: a thread is not woken for each */
    TEXT_BYTES = 1 << 14, /* of a slot, about: what is larger has one of its own */
    FOUND_BYTES = 4 * TEXT_BYTES,
};

/* Texts behind each other, and the words of all of them. */
struct slot {
    struct wb_buf text;
    uint8_t *found;
    size_t count;
    struct text {
        uint64_t row;
        size_t from, to; /* in `text` */
        struct wb_index_found words;
    } texts[TEXTS];
};

struct wb_ahead {
    struct wb_worker *worker;
    struct slot slots[SLOTS];
};

/* ---- the second thread ---- */

/* A word, the folded form and the skeleton behind it. */
struct packed {
    uint32_t at, size;
    uint8_t folded_size, skeleton_size;
};

static size_t
pack(uint8_t *out, const struct wb_fold_word *w)
{
    const struct packed head = {(uint32_t)w->at, (uint32_t)w->size,
        (uint8_t)w->folded_size, (uint8_t)w->skeleton_size};

    memcpy(out, &head, sizeof head);
    memcpy(out + sizeof head, w->folded, w->folded_size);
    memcpy(out + sizeof head + w->folded_size, w->skeleton, w->skeleton_size);
    return sizeof head + w->folded_size + w->skeleton_size;
}

/* Nothing of a text that has more words than there is room for: they are found when
 * they are asked for. */
static size_t
find_words(struct wb_index_found *f, uint8_t *out, size_t room)
{
    const size_t most = sizeof(struct packed) + 2 * WB_FOLD_BYTES_MAX;
    struct wb_fold fold;
    struct wb_fold_word word;
    size_t used = 0;

    f->words = NULL;
    wb_fold_init(&fold, f->text, f->size);
    while (wb_fold_next(&fold, &word)) {
        if (room - used < most)
            return 0;
        used += pack(out + used, &word);
    }
    f->words = out;
    f->words_size = used;
    return used;
}

static void
work(void *cookie, unsigned number)
{
    struct slot *s = &((struct wb_ahead *)cookie)->slots[number];
    size_t used = 0;

    for (size_t i = 0; i < s->count; i++) {
        struct text *t = &s->texts[i];

        t->words.text = (const char *)s->text.data + t->from;
        t->words.size = t->to - t->from;
        used += find_words(&t->words, s->found + used, FOUND_BYTES - used);
    }
}

bool
wb_found_next(const struct wb_index_found *f, size_t *at, struct wb_index_word *word)
{
    struct packed head;

    if (*at >= f->words_size)
        return false;
    memcpy(&head, f->words + *at, sizeof head);
    *word = (struct wb_index_word){.from = (int)head.at,
        .to = (int)(head.at + head.size),
        .folded = (const char *)f->words + *at + sizeof head,
        .folded_size = head.folded_size,
        .skeleton_size = head.skeleton_size};
    word->skeleton = word->folded + head.folded_size;
    *at += sizeof head + head.folded_size + head.skeleton_size;
    return true;
}

/* ---- the ring ---- */

void
wb_ahead_free(struct wb_ahead **a)
{
    if (*a == NULL)
        return;
    wb_worker_free(&(*a)->worker);
    for (unsigned i = 0; i < SLOTS; i++) {
        wb_buf_wipe(&(*a)->slots[i].text);
        wb_mem_free((*a)->slots[i].found);
    }
    wb_mem_free(*a);
    *a = NULL;
}

enum wb_status
wb_ahead_new(struct wb_ahead **a, struct wb_error *e)
{
    struct wb_ahead *made = wb_mem_new(sizeof *made);
    enum wb_status st = WB_OK;

    if (made == NULL)
        return wb_fail_memory(e);
    for (unsigned i = 0; i < SLOTS && st == WB_OK; i++) {
        wb_buf_init(&made->slots[i].text, 2 * (size_t)WB_RECORD_BYTES_MAX);
        made->slots[i].found = wb_mem_new(FOUND_BYTES);
        if (made->slots[i].found == NULL)
            st = wb_fail_memory(e);
    }
    if (st == WB_OK &&
        (st = wb_worker_new(&made->worker, SLOTS, work, made, e)) == WB_OK)
        *a = made;
    else
        wb_ahead_free(&made);
    return st;
}

/* The texts of the oldest slot, one after the other. */
static enum wb_status
hand_out(struct wb_ahead *a, struct wb_index *x, struct wb_error *e)
{
    struct slot *s = &a->slots[wb_worker_take(a->worker)];
    enum wb_status st = wb_buf_check(&s->text, e);

    for (size_t i = 0; i < s->count && st == WB_OK; i++)
        st = wb_index_put_words(x, s->texts[i].row, &s->texts[i].words, e);
    wb_buf_clear(&s->text);
    s->count = 0;
    return st;
}

struct wb_buf *
wb_ahead_begin(struct wb_ahead *a, uint64_t row)
{
    struct slot *s = &a->slots[wb_worker_next(a->worker)];
    struct text *t = &s->texts[s->count];

    *t = (struct text){.row = row, .from = s->text.size};
    return &s->text;
}

enum wb_status
wb_ahead_end(struct wb_ahead *a, struct wb_index *x, struct wb_error *e)
{
    struct slot *s = &a->slots[wb_worker_next(a->worker)];
    struct text *t = &s->texts[s->count++];

    t->to = s->text.size;
    if (s->count < TEXTS && s->text.size < TEXT_BYTES)
        return WB_OK;
    wb_worker_give(a->worker);
    return wb_worker_is_full(a->worker) ? hand_out(a, x, e) : WB_OK;
}

enum wb_status
wb_ahead_settle(struct wb_ahead *a, struct wb_index *x, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    if (a->slots[wb_worker_next(a->worker)].count > 0)
        wb_worker_give(a->worker);
    while (st == WB_OK && !wb_worker_is_empty(a->worker))
        st = hand_out(a, x, e);
    return st;
}
