/* tools/bench_ask.c - what one deed costs in a new process after the vault was
 * unlocked, in milliseconds: of processor time for a question; by the clock for an
 * addition (the median of some; the disk is most of it) and for the unlocking itself.
 *
 * usage: bench_ask VAULT PASSPHRASE-FILE search WORDS
 *        bench_ask VAULT PASSPHRASE-FILE list KIND|- SINCE|- UNTIL|-
 *        bench_ask VAULT PASSPHRASE-FILE add TEXT-FILE
 *        bench_ask VAULT PASSPHRASE-FILE unlock */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <witnessbox/custody.h>
#include <witnessbox/query.h>
#include <witnessbox/vault.h>

enum { SHOWN = 50, ADDITIONS = 15, TEXT_BYTES_MAX = 1 << 16 };

static double
now(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static size_t
read_file(char *out, size_t size, const char *path)
{
    FILE *f = fopen(path, "r");
    size_t got = f == NULL ? 0 : fread(out, 1, size - 1, f);

    if (f != NULL)
        fclose(f);
    out[got] = '\0';
    return got;
}

/* ---- questions ---- */

static bool
take_hit(void *cookie, const struct wb_hit *hit)
{
    *(size_t *)cookie += strlen(wb_record_title(hit->record)) + hit->size;
    return true;
}

static bool
take_row(void *cookie, const struct wb_record *r)
{
    *(size_t *)cookie += strlen(wb_record_title(r));
    return true;
}

static enum wb_status
search(double *took, struct wb_vault *v, char **words, struct wb_error *e)
{
    const struct wb_search what = {.words = words[0], .limit = SHOWN};
    double begun = now(CLOCK_PROCESS_CPUTIME_ID);
    size_t bytes = 0;
    uint64_t damaged;
    enum wb_status st = wb_search(v, &what, take_hit, &bytes, &damaged, e);

    *took = now(CLOCK_PROCESS_CPUTIME_ID) - begun;
    return st;
}

static const char *
given(const char *word)
{
    return strcmp(word, "-") == 0 ? NULL : word;
}

static enum wb_status
list(double *took, struct wb_vault *v, char **words, struct wb_error *e)
{
    const struct wb_list_filter filter = {.kind = given(words[0]),
        .since = given(words[1]),
        .until = given(words[2]),
        .limit = SHOWN};
    double begun = now(CLOCK_PROCESS_CPUTIME_ID);
    size_t bytes = 0;
    uint64_t damaged;
    enum wb_status st = wb_list(v, &filter, take_row, &bytes, &damaged, e);

    *took = now(CLOCK_PROCESS_CPUTIME_ID) - begun;
    return st;
}

/* ---- additions ---- */

static enum wb_status
add_one(struct wb_vault *v, const char *text, size_t size, struct wb_error *e)
{
    struct wb_change *c = NULL;
    struct wb_draft *d = NULL;
    struct wb_saved saved;
    enum wb_status st = wb_change_begin(&c, v, e);

    if (st == WB_OK && (st = wb_draft_new(&d, "statement", e)) == WB_OK &&
        (st = wb_draft_add_paragraphs(d, "text", text, size, e)) == WB_OK &&
        (st = wb_change_add(c, d, &saved, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    wb_draft_free(&d);
    return st;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static enum wb_status
add(double *took, struct wb_vault *v, char **words, struct wb_error *e)
{
    static char text[TEXT_BYTES_MAX];
    size_t size = read_file(text, sizeof text, words[0]);
    double times[ADDITIONS];
    enum wb_status st = WB_OK;

    for (int i = 0; i < ADDITIONS && st == WB_OK; i++) {
        times[i] = now(CLOCK_MONOTONIC);
        st = add_one(v, text, size, e);
        times[i] = now(CLOCK_MONOTONIC) - times[i];
    }
    qsort(times, ADDITIONS, sizeof *times, compare);
    *took = times[ADDITIONS / 2];
    return st;
}

/* *took is already what it took. */
static enum wb_status
unlock(double *took, struct wb_vault *v, char **words, struct wb_error *e)
{
    (void)took;
    (void)v;
    (void)words;
    (void)e;
    return WB_OK;
}

static const struct {
    const char *name;
    int words;
    enum wb_status (*run)(
        double *took, struct wb_vault *v, char **words, struct wb_error *e);
} deeds[] = {
    {"search", 1, search},
    {"list", 3, list},
    {"add", 1, add},
    {"unlock", 0, unlock},
};

static enum wb_status
run(double *took, int argc, char **argv, struct wb_vault *v, struct wb_error *e)
{
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (strcmp(argv[3], deeds[i].name) == 0 && argc == 4 + deeds[i].words)
            return deeds[i].run(took, v, argv + 4, e);
    (void)snprintf(e->message, sizeof e->message, "unknown words");
    return WB_ERR_USAGE;
}

int
main(int argc, char **argv)
{
    char passphrase[256];
    struct wb_vault *v = NULL;
    struct wb_error e = {0};
    enum wb_status st;
    double took = 0;

    if (argc < 4)
        return 2;
    (void)read_file(passphrase, sizeof passphrase, argv[2]);
    passphrase[strcspn(passphrase, "\n")] = '\0';
    if ((st = wb_vault_open(&v, argv[1], 0, &e)) == WB_OK) {
        took = now(CLOCK_MONOTONIC);
        st = wb_vault_unlock(v, passphrase, strlen(passphrase), &e);
        took = now(CLOCK_MONOTONIC) - took;
    }
    if (st == WB_OK)
        st = run(&took, argc, argv, v, &e);
    if (st == WB_OK)
        printf("%.3f\n", took);
    else
        fprintf(stderr, "bench_ask: %s\n", e.message);
    wb_vault_close(&v);
    return st == WB_OK ? 0 : 1;
}
