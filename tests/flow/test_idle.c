/* tests/flow/test_idle.c - the idle lock: afterwards no key and no plaintext is in any
 * mapping of the process; and what is typed is sealed every thirty seconds.
 *
 * The command runs in a process that opened its own memory before it made itself
 * undumpable. A thread of it searches all mappings when told to. What is searched for
 * is drawn only after the fork, and handed over masked, so that only the command itself
 * can have brought it there. */
#include "cm.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "crypto/random.h"
#include "custody/change.h"
#include "room.h"
#include "store/session.h"

enum {
    SECOND_MS = 60, /* so the idle lock comes after 3.6 s, a tick after 1.8 s */
    NEEDLES = 24,
    NEEDLE_BYTES = 64,
    WINDOW_BYTES = 1 << 20,
    PATIENCE_MS = 60000,
    SHOWN_BYTES = 1 << 16,
    MASK = 0xa5,
};

/* ---- what both processes see ---- */

struct needle {
    char name[24];
    bool must_be_there; /* before the lock */
    size_t size;
    uint8_t masked[NEEDLE_BYTES];
    unsigned found;
};

static struct shared {
    struct needle needles[NEEDLES];
    size_t count;
    uint64_t bytes, mappings; /* that were searched */
    uint8_t window[WINDOW_BYTES + NEEDLE_BYTES];
} * shared;

/* ---- the process that is searched ---- */

struct searcher {
    int memory, maps, asked, answer;
};

static void
count_in(size_t size)
{
    for (size_t n = 0; n < shared->count; n++) {
        struct needle *needle = &shared->needles[n];
        const uint8_t first = needle->masked[0] ^ MASK;
        const uint8_t *at = shared->window, *end = shared->window + size;

        while ((at = memchr(at, first, (size_t)(end - at))) != NULL) {
            size_t same = 0;

            while (same < needle->size && at + same < end &&
                (at[same] ^ MASK) == needle->masked[same])
                same++;
            needle->found += same == needle->size;
            at++;
        }
    }
}

/* A window begins with the end of the one before: no needle is missed between them. */
static void
search_mapping(int memory, uint64_t start, uint64_t end)
{
    shared->mappings++;
    for (uint64_t at = start; at < end;) {
        size_t wanted = end - at < WINDOW_BYTES ? (size_t)(end - at) : WINDOW_BYTES;
        ssize_t got = pread(memory, shared->window, wanted, (off_t)at);

        if (got <= 0) /* a page of the kernel's that nobody can read */
            return;
        shared->bytes += (uint64_t)got;
        at += (uint64_t)got;
        count_in((size_t)got);
        if (at < end && got > NEEDLE_BYTES) {
            at -= NEEDLE_BYTES;
            shared->bytes -= NEEDLE_BYTES;
        }
    }
}

static void
search(const struct searcher *s)
{
    static char maps[1 << 20];
    size_t size = 0;
    ssize_t n;

    for (size_t i = 0; i < shared->count; i++)
        shared->needles[i].found = 0;
    shared->bytes = shared->mappings = 0;
    (void)lseek(s->maps, 0, SEEK_SET);
    while ((n = read(s->maps, maps + size, sizeof maps - 1 - size)) > 0)
        size += (size_t)n;
    maps[size] = '\0';
    for (char *line = strtok(maps, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        unsigned long start, end;

        if (sscanf(line, "%lx-%lx", &start, &end) != 2 ||
            start == (unsigned long)(uintptr_t)shared || strstr(line, "[v") != NULL)
            continue;
        search_mapping(s->memory, start, end);
    }
}

static void *
serve_searches(void *cookie)
{
    const struct searcher *s = cookie;
    char byte;

    while (read(s->asked, &byte, 1) == 1) {
        search(s);
        if (write(s->answer, "x", 1) != 1)
            break;
    }
    return NULL;
}

/* In the child: waits for the path of the vault, then is the command. */
static _Noreturn void
sit(int terminal, int orders, struct searcher *s, const char *const *words)
{
    char vault[ROOM_PATH_BYTES] = "";
    const char *argv[8] = {"witnessbox", "--vault", vault, "--idle", "1"};
    int argc = 5;
    pthread_t thread;

    if (setsid() < 0 || ioctl(terminal, TIOCSCTTY, 0) != 0 || dup2(terminal, 0) < 0 ||
        dup2(terminal, 1) < 0 || dup2(terminal, 2) < 0 ||
        read(orders, vault, sizeof vault - 1) <= 0)
        _exit(90);
    s->memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    s->maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (s->memory < 0 || s->maps < 0 ||
        pthread_create(&thread, NULL, serve_searches, s) != 0)
        _exit(91);
    for (; *words != NULL; words++)
        argv[argc++] = *words;
    cli_second_ms = SECOND_MS;
    _exit(cli_main(argc, (char **)(uintptr_t)argv));
}

/* ---- the person at the terminal ---- */

struct table {
    struct room room;
    char passphrase[48];
    pid_t pid;
    int keyboard, orders, ask, answered;
    char shown[SHOWN_BYTES];
    size_t size;
};

static void
sit_down(struct table *t, const char *const *words)
{
    struct searcher s;
    int terminal, orders[2], asked[2], answer[2];

    memset(t, 0, sizeof *t);
    room_make(&t->room);
    assert_int_equal(openpty(&t->keyboard, &terminal, NULL, NULL, NULL), 0);
    assert_int_equal(pipe(orders) | pipe(asked) | pipe(answer), 0);
    t->pid = fork();
    assert_true(t->pid >= 0);
    if (t->pid == 0) {
        s = (struct searcher){.asked = asked[0], .answer = answer[1]};
        (void)close(t->keyboard);
        sit(terminal, orders[0], &s, words);
    }
    (void)close(terminal);
    t->orders = orders[1];
    t->ask = asked[1];
    t->answered = answer[0];
}

/* Hexadecimal digits that nobody has drawn before. */
static void
draw(char *out, size_t digits)
{
    uint8_t byte;

    for (size_t i = 0; i < digits; i++) {
        wb_random(&byte, 1);
        out[i] = "0123456789abcdef"[byte & 15];
    }
    out[digits] = '\0';
}

static void
make_vault(struct table *t)
{
    const struct wb_vault_options options = {
        .name = "Table", .kdf_memory_mib = 64, .kdf_passes = 3, .kdf_lanes = 4};
    struct wb_error e = {0};

    assert_int_equal(wb_crypto_start(&e), WB_OK);
    draw(t->passphrase, 40);
    assert_int_equal(wb_vault_create(t->room.vault, &options, t->passphrase,
                         strlen(t->passphrase), &e),
        WB_OK);
}

/* From here on the command has the vault. */
static void
begin(struct table *t)
{
    assert_true(write(t->orders, t->room.vault, strlen(t->room.vault)) > 0);
}

static void
type(struct table *t, const char *text)
{
    assert_int_equal(write(t->keyboard, text, strlen(text)), strlen(text));
}

/* Waits until it is shown; what was shown up to then is forgotten. */
static void
expect(struct table *t, const char *wanted)
{
    struct pollfd wait = {.fd = t->keyboard, .events = POLLIN};
    const char *at;

    while ((at = strstr(t->shown, wanted)) == NULL) {
        ssize_t n = 0;

        if (poll(&wait, 1, PATIENCE_MS) != 1 ||
            (n = read(t->keyboard, t->shown + t->size, SHOWN_BYTES - 1 - t->size)) <= 0)
            fail_msg("waited for '%s', saw: %s", wanted, t->shown);
        t->size += (size_t)n;
        t->shown[t->size] = '\0';
    }
    at += strlen(wanted);
    t->size -= (size_t)(at - t->shown);
    memmove(t->shown, at, t->size + 1);
}

static void
get_up(struct table *t, bool killed)
{
    int status;

    assert_int_equal(waitpid(t->pid, &status, 0), t->pid);
    if (killed)
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    else
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    (void)close(t->keyboard);
    (void)close(t->orders);
    (void)close(t->ask);
    (void)close(t->answered);
}

/* ---- needles ---- */

static void
add_needle(const char *name, bool must_be_there, const void *bytes, size_t size)
{
    struct needle *n = &shared->needles[shared->count++];

    assert_true(shared->count <= NEEDLES && size <= NEEDLE_BYTES && size >= 16);
    (void)snprintf(n->name, sizeof n->name, "%s", name);
    n->must_be_there = must_be_there;
    n->size = size;
    for (size_t i = 0; i < size; i++)
        n->masked[i] = ((const uint8_t *)bytes)[i] ^ MASK;
}

static void
add_key(const char *name, bool must_be_there, const struct wb_secret *key)
{
    add_needle(name, must_be_there, wb_secret_bytes(key), WB_KEY_BYTES);
}

static void
add_keys(const struct table *t)
{
    const struct wb_pass pass = {t->passphrase, strlen(t->passphrase), NULL};
    struct wb_identity_keys identity = {0};
    struct wb_secret *stretched = NULL;
    struct wb_vault *v = NULL;
    struct wb_error e = {0};

    assert_int_equal(wb_vault_open(&v, t->room.vault, 0, &e), WB_OK);
    assert_int_equal(
        wb_vault_unlock(v, t->passphrase, strlen(t->passphrase), &e), WB_OK);
    assert_int_equal(wb_store_stretch(v, &stretched, &pass, &e), WB_OK);
    assert_int_equal(wb_identity_open(v, &identity, &e), WB_OK);
    add_key("root key", true, v->root);
    add_key("header key", true, v->header_key);
    add_key("state key", true, v->state_key);
    add_key("wrap key", true, v->wrap_key);
    add_key("lookup key", true, v->lookup_key);
    add_key("epoch key", true, v->state.epochs);
    add_key("stretched passphrase", false, stretched);
    add_key("signing key", false, identity.sign);
    add_key("log key", false, identity.log);
    add_key("cosigner key", false, identity.cosigner);
    add_key("age key", false, identity.age);
    add_key("collect key", false, identity.collect);
    add_needle("passphrase", false, t->passphrase, strlen(t->passphrase));
    wb_secret_free(&stretched);
    wb_identity_wipe(&identity);
    wb_vault_close(&v);
}

static void
ask_for_search(struct table *t)
{
    char byte;

    assert_int_equal(write(t->ask, "x", 1), 1);
    assert_int_equal(read(t->answered, &byte, 1), 1);
    assert_true(shared->mappings > 20 && shared->bytes > 1000000);
}

/* ---- the tests ---- */

static void
unlock(struct table *t)
{
    char line[64];

    expect(t, "Passphrase for ");
    expect(t, ": ");
    usleep(100000); /* the echo goes off */
    (void)snprintf(line, sizeof line, "%s\n", t->passphrase);
    type(t, line);
}

static void
type_line(struct table *t, const char *before, const char *text, const char *after)
{
    type(t, before);
    type(t, text);
    type(t, after);
}

static void
after_the_idle_lock_no_key_and_no_plaintext_is_in_any_mapping(void **state)
{
    static const char *const shell[] = {NULL};
    static struct table t;
    char name[33], paragraph[41], half[41];

    (void)state;
    sit_down(&t, shell);
    make_vault(&t);
    add_keys(&t);
    draw(name, 32);
    draw(paragraph, 40);
    draw(half, 40);
    add_needle("a name in a command", true, name, strlen(name));
    add_needle("a paragraph", true, paragraph, strlen(paragraph));
    add_needle("half a paragraph", true, half, strlen(half));
    begin(&t);
    unlock(&t);
    expect(&t, "Table> ");
    type_line(&t, "add person -F name=", name, "\r");
    expect(&t, "Table> ");
    expect(&t, "Table> ");
    type(&t, "list\r");
    expect(&t, name);
    type(&t, "add statement\r");
    expect(&t, "1> ");
    type_line(&t, "", paragraph, "\r");
    expect(&t, "2> ");
    type(&t, half);
    expect(&t, half);
    ask_for_search(&t);
    for (size_t n = 0; n < shared->count; n++)
        if (shared->needles[n].must_be_there && shared->needles[n].found == 0)
            fail_msg("%s is not found while it is in use", shared->needles[n].name);
    expect(&t, "Locked: nothing was typed for too long. What was written is sealed.");
    ask_for_search(&t);
    print_message("%zu keys and texts searched for in %llu mappings, %llu bytes\n",
        shared->count, (unsigned long long)shared->mappings,
        (unsigned long long)shared->bytes);
    for (size_t n = 0; n < shared->count; n++)
        if (shared->needles[n].found != 0)
            fail_msg("%s is still there %u times", shared->needles[n].name,
                shared->needles[n].found);
    unlock(&t);
    expect(&t, paragraph); /* it goes on where it was */
    expect(&t, "2> ");
    expect(&t, half);
    type(&t, "\r");
    expect(&t, "3> ");
    type(&t, ".\r");
    expect(&t, "> ");
    type(&t, ".\r");
    expect(&t, half);
    expect(&t, "Save it?");
    type(&t, "y\r");
    expect(&t, "Saved: 1 record.");
    expect(&t, "Table> ");
    type(&t, "exit\r");
    get_up(&t, false);
    room_sweep(&t.room);
}

static time_t
changed(const char *path, long *nanoseconds)
{
    struct stat s;

    assert_int_equal(stat(path, &s), 0);
    *nanoseconds = s.st_mtim.tv_nsec;
    return s.st_mtim.tv_sec;
}

/* Waits until the vault was written, and then not again for a while. */
static void
wait_for_seal(const char *path)
{
    long was, now;
    time_t seconds = changed(path, &was), later;
    int calm = 0, written = 0;

    for (int i = 0; i < 600 && (written == 0 || calm < 5); i++) {
        usleep(100000);
        later = changed(path, &now);
        calm = later == seconds && now == was ? calm + 1 : 0;
        written += calm == 0;
        seconds = later;
        was = now;
    }
    assert_true(written > 0);
}

static bool
is_half(void *cookie, const struct wb_sealed_sheet *sheet)
{
    const char *typed;
    size_t size;

    assert_non_null(sheet->sheet);
    (void)wb_sheet_place(sheet->sheet, &typed, &size);
    *(bool *)cookie |= size == 6 && memcmp(typed, "half a", 6) == 0;
    return true;
}

static void
what_is_typed_is_sealed_every_thirty_seconds(void **state)
{
    static const char *const add[] = {"add", "statement", NULL};
    static struct table t;
    struct wb_vault *v = NULL;
    struct wb_error e = {0};
    bool found = false;

    (void)state;
    sit_down(&t, add);
    make_vault(&t);
    begin(&t);
    unlock(&t);
    expect(&t, "1> ");
    type(&t, "half a");
    expect(&t, "half a");
    wait_for_seal(t.room.vault);
    assert_int_equal(kill(t.pid, SIGKILL), 0);
    get_up(&t, true);
    assert_int_equal(wb_vault_open(&v, t.room.vault, 0, &e), WB_OK);
    assert_int_equal(wb_vault_unlock(v, t.passphrase, strlen(t.passphrase), &e), WB_OK);
    assert_int_equal(wb_sheet_each(v, is_half, &found, &e), WB_OK);
    assert_true(found);
    wb_vault_close(&v);
    room_sweep(&t.room);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_the_idle_lock_no_key_and_no_plaintext_is_in_any_mapping),
        cmocka_unit_test(what_is_typed_is_sealed_every_thirty_seconds),
    };

#if defined(__SANITIZE_ADDRESS__)
    print_message("skipped: a sanitizer's mappings are too large to be searched\n");
    return 77;
#endif
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
