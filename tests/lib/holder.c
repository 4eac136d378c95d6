/* tests/lib/holder.c - people who hold something of a vault: a passphrase, shares. */
#include "holder.h"

#include <stdlib.h>
#include <string.h>

struct wb_new_passphrase
holder_words(const char *text)
{
    return (struct wb_new_passphrase){.text = text, .size = strlen(text)};
}

struct wb_vault *
holder_open(const char *path, const char *text, struct wb_error *e)
{
    struct wb_vault *v = NULL;
    enum wb_status st = wb_vault_open(&v, path, 0, e);

    if (st == WB_OK && text != NULL)
        st = wb_vault_unlock(v, text, strlen(text), e);
    if (st != WB_OK)
        wb_vault_close(&v);
    return v;
}

bool
holder_opens(const char *path, const char *text)
{
    struct wb_verified verified;
    struct wb_error e = {0};
    struct wb_vault *v = holder_open(path, text, &e);

    if (v == NULL) {
        if (e.status != WB_ERR_PASSPHRASE)
            fail_msg("%s", e.message);
        return false;
    }
    if (wb_verify(v, WB_VERIFY_DEEP, &verified, NULL, &e) != WB_OK)
        fail_msg("%s", e.message);
    assert_int_equal(verified.problems, 0);
    wb_vault_close(&v);
    return true;
}

static enum wb_status
keep_line(void *cookie, unsigned number, const char *share, struct wb_error *e)
{
    struct paper *paper = cookie;

    (void)e;
    assert_int_equal(number, paper->count + 1);
    room_text(paper->lines[paper->count++], HOLDER_LINE_BYTES, "%s", share);
    return WB_OK;
}

enum wb_status
holder_split(struct wb_vault *v, unsigned needed, unsigned count, struct paper *paper,
    struct wb_error *e)
{
    *paper = (struct paper){0};
    return wb_recovery_split(v, needed, count, keep_line, paper, e);
}

enum wb_status
holder_recover(const char *path, const struct paper *paper, const unsigned *numbers,
    const char *text, struct wb_error *e)
{
    const struct wb_new_passphrase words = holder_words(text);
    struct wb_vault *v = holder_open(path, NULL, e);
    struct wb_recovery *r = NULL;
    unsigned missing, slot;
    enum wb_status st;

    if (v == NULL)
        return e->status;
    st = wb_recovery_new(&r, v, e);
    for (; st == WB_OK && *numbers != 0; numbers++)
        st = wb_recovery_add(r, &missing, paper->lines[*numbers - 1],
            strlen(paper->lines[*numbers - 1]), e);
    if (st == WB_OK && (st = wb_recovery_unlock(r, e)) == WB_OK)
        st = wb_recovery_restore(r, &slot, &words, NULL, NULL, e);
    wb_recovery_free(&r);
    wb_vault_close(&v);
    return st;
}

bool
holder_shares_open(const char *path, const struct paper *paper)
{
    struct wb_error e = {0};
    struct wb_vault *v = holder_open(path, NULL, &e);
    struct wb_recovery *r = NULL;
    unsigned missing;
    enum wb_status st;

    if (v == NULL || wb_recovery_new(&r, v, &e) != WB_OK)
        fail_msg("%s", e.message);
    for (int i = 0; i < 2; i++)
        if (wb_recovery_add(
                r, &missing, paper->lines[i], strlen(paper->lines[i]), &e) != WB_OK)
            fail_msg("%s", e.message);
    st = wb_recovery_unlock(r, &e);
    assert_true(st == WB_OK || st == WB_ERR_PASSPHRASE);
    wb_recovery_free(&r);
    wb_vault_close(&v);
    return st == WB_OK;
}

struct search {
    const void *bytes;
    size_t size;
    unsigned found;
};

static void
search_file(void *cookie, const char *name, const char *path)
{
    struct search *s = cookie;
    size_t size, left;
    uint8_t *bytes = room_read(path, &size), *at = bytes;

    (void)name;
    for (left = size; (at = memmem(at, left, s->bytes, s->size)) != NULL; s->found++) {
        at++;
        left = size - (size_t)(at - bytes);
    }
    free(bytes);
}

unsigned
holder_search(const char *folder, const void *bytes, size_t size)
{
    struct search s = {bytes, size, 0};

    room_each_file(folder, search_file, &s);
    return s.found;
}
