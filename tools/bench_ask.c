/* tools/bench_ask.c - what one question costs in a new process: milliseconds of
 * processor time after the vault was unlocked.
 *
 * usage: bench_ask VAULT PASSPHRASE-FILE search WORDS
 *        bench_ask VAULT PASSPHRASE-FILE list KIND|- SINCE|- UNTIL|- */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <witnessbox/query.h>
#include <witnessbox/vault.h>

enum { SHOWN = 50 };

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

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

static const char *
given(const char *word)
{
    return strcmp(word, "-") == 0 ? NULL : word;
}

int
main(int argc, char **argv)
{
    const struct wb_search search = {.words = argv[argc - 1], .limit = SHOWN};
    struct wb_list_filter filter = {.limit = SHOWN};
    struct wb_vault *v = NULL;
    struct wb_error e = {0};
    char passphrase[256] = "";
    size_t bytes = 0;
    uint64_t damaged;
    enum wb_status st;
    double begun;
    FILE *f = argc >= 5 ? fopen(argv[2], "r") : NULL;

    if (f == NULL || fgets(passphrase, sizeof passphrase, f) == NULL)
        return 2;
    fclose(f);
    passphrase[strcspn(passphrase, "\n")] = '\0';
    if ((st = wb_vault_open(&v, argv[1], 0, &e)) == WB_OK)
        st = wb_vault_unlock(v, passphrase, strlen(passphrase), &e);
    begun = now();
    if (st == WB_OK && argc == 5)
        st = wb_search(v, &search, take_hit, &bytes, &damaged, &e);
    else if (st == WB_OK && argc == 7) {
        filter.kind = given(argv[4]);
        filter.since = given(argv[5]);
        filter.until = given(argv[6]);
        st = wb_list(v, &filter, take_row, &bytes, &damaged, &e);
    }
    if (st == WB_OK)
        printf("%.3f\n", now() - begun);
    else
        fprintf(stderr, "bench_ask: %s\n", e.message);
    wb_vault_close(&v);
    return st == WB_OK ? 0 : 1;
}
