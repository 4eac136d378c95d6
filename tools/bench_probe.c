/* tools/bench_probe.c - raw limits of this machine: the libraries called directly.
 *
 * usage: bench_probe argon2 MIB PASSES LANES | insert FOLDER COUNT |
 *        open COUNT BYTES[,BYTES...] | hash FILE
 *
 * Prints seconds. Built and run by tools/bench, which compares. */
#include <argon2.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK_BYTES = 256 * 1024, THREADS = 2 };

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
fail(const char *what)
{
    fprintf(stderr, "bench_probe: %s\n", what);
    exit(1);
}

/* One call as a program without any care would make it. */
static double
argon2(char **words)
{
    uint8_t out[32], salt[16] = {0};
    double begin = now();

    if (argon2id_hash_raw((uint32_t)atoi(words[1]), (uint32_t)atoi(words[0]) * 1024,
            (uint32_t)atoi(words[2]), "passphrase", 10, salt, sizeof salt, out,
            sizeof out) != ARGON2_OK)
        fail("argon2");
    return now() - begin;
}

static void
run_sql(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(sqlite3_errmsg(db));
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The median of COUNT transactions that write what one added statement of 1.5 KiB
 * writes: wrap, lookup, body, log row, node row, state. */
static double
insert(char **words)
{
    int count = atoi(words[1]);
    double *took = calloc((size_t)count, sizeof *took);
    char path[4096];
    sqlite3 *db;

    (void)snprintf(path, sizeof path, "%s/probe.db", words[0]);
    (void)unlink(path);
    if (took == NULL || sqlite3_open(path, &db) != SQLITE_OK)
        fail(path);
    run_sql(db,
        "PRAGMA page_size=16384; PRAGMA locking_mode=EXCLUSIVE;"
        "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=EXTRA;"
        "PRAGMA secure_delete=ON;"
        "CREATE TABLE wrap(id INTEGER PRIMARY KEY, b);"
        "CREATE TABLE lookup(k BLOB PRIMARY KEY, id) WITHOUT ROWID;"
        "CREATE TABLE body(id INTEGER PRIMARY KEY, b);"
        "CREATE TABLE log(id INTEGER PRIMARY KEY, b);"
        "CREATE TABLE node(id INTEGER PRIMARY KEY, b);"
        "CREATE TABLE state(id INTEGER PRIMARY KEY, b);"
        "INSERT INTO state VALUES(1, zeroblob(4096));");
    for (int i = 0; i < count; i++) {
        double begin = now();

        run_sql(db,
            "BEGIN IMMEDIATE;"
            "INSERT INTO wrap(b) VALUES(randomblob(160));"
            "INSERT INTO lookup VALUES(randomblob(16), last_insert_rowid());"
            "INSERT INTO body(b) VALUES(randomblob(2048));"
            "INSERT INTO log(b) VALUES(randomblob(320));"
            "INSERT INTO node(b) VALUES(randomblob(96));"
            "UPDATE state SET b=randomblob(4096);COMMIT;");
        took[i] = now() - begin;
    }
    qsort(took, (size_t)count, sizeof *took, compare);
    sqlite3_close(db);
    (void)unlink(path);
    return took[count / 2];
}

struct share {
    size_t count;
    const char *sizes;
};

/* A box of so many bytes, opened and hashed again and again. */
static void
open_boxes(size_t bytes, size_t count)
{
    uint8_t key[32] = {1}, nonce[24] = {0}, hash[32];
    uint8_t *box = malloc(bytes + 16), *text = malloc(bytes);
    struct sha256_ctx h;

    if (box == NULL || text == NULL)
        fail("memory");
    memset(text, 7, bytes);
    crypto_secretbox_easy(box, text, bytes, nonce, key);
    for (size_t i = 0; i < count; i++) {
        if (crypto_secretbox_open_easy(text, box, bytes + 16, nonce, key) != 0)
            fail("box");
        sha256_init(&h);
        sha256_update(&h, bytes, text);
        sha256_digest(&h, sizeof hash, hash);
    }
    free(box);
    free(text);
}

static void *
open_share(void *cookie)
{
    const struct share *s = cookie;

    for (const char *at = s->sizes; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        open_boxes((size_t)atoll(at), s->count);
    }
    return NULL;
}

/* COUNT boxes of each size, opened and hashed by both cores. */
static double
open_all(char **words)
{
    struct share s = {(size_t)atoll(words[0]) / THREADS, words[1]};
    pthread_t threads[THREADS];
    double begin = now();

    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, open_share, &s) != 0)
            fail("thread");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return now() - begin;
}

static double
hash_file(char **words)
{
    static uint8_t chunk[CHUNK_BYTES];
    uint8_t hash[32];
    struct sha256_ctx h;
    double begin = now();
    ssize_t n;
    int fd = open(words[0], O_RDONLY);

    if (fd < 0)
        fail(words[0]);
    sha256_init(&h);
    while ((n = read(fd, chunk, sizeof chunk)) > 0)
        sha256_update(&h, (size_t)n, chunk);
    sha256_digest(&h, sizeof hash, hash);
    close(fd);
    return now() - begin;
}

static const struct {
    const char *name;
    int words;
    double (*run)(char **words);
} probes[] = {
    {"argon2", 3, argon2},
    {"insert", 2, insert},
    {"open", 2, open_all},
    {"hash", 1, hash_file},
};

int
main(int argc, char **argv)
{
    if (sodium_init() < 0)
        fail("sodium");
    for (size_t i = 0; argc > 1 && i < sizeof probes / sizeof *probes; i++)
        if (strcmp(argv[1], probes[i].name) == 0 && argc == 2 + probes[i].words) {
            printf("%.6f\n", probes[i].run(argv + 2));
            return 0;
        }
    fail("usage: argon2 MIB PASSES LANES | insert FOLDER COUNT | "
         "open COUNT BYTES[,BYTES...] | hash FILE");
}
