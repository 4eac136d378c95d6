/* vault/crypto/calibrate.c - Argon2id parameters that take about a second here. */
#include "calibrate.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { PROBE_KIB = 256 * 1024, STEP_KIB = 16 * 1024, RUNS = 2 };

static uint32_t
at_most(uint64_t value, uint32_t most)
{
    return value > most ? most : (uint32_t)value;
}

/* The memory at three passes that fits the target, going by one measured derivation. */
static uint32_t
fitting_memory(
    const struct wb_kdf_params *measured, uint64_t microseconds, uint32_t most)
{
    uint64_t target = UINT64_C(1000) * WB_CALIBRATE_TARGET_MS;
    uint64_t fits = (uint64_t)measured->memory_kib * target /
        (microseconds == 0 ? 1 : microseconds);

    return at_most(fits / STEP_KIB * STEP_KIB, most);
}

enum wb_status
wb_calibrate_with(struct wb_kdf_params *chosen, uint32_t memory_max_kib,
    enum wb_status (*measure)(
        uint64_t *microseconds, const struct wb_kdf_params *p, struct wb_error *e),
    struct wb_error *e)
{
    const uint32_t most = memory_max_kib / STEP_KIB * STEP_KIB;
    struct wb_kdf_params p = WB_KDF_FLOOR;
    uint64_t took, target = UINT64_C(1000) * WB_CALIBRATE_TARGET_MS;
    enum wb_status st = measure(&took, &p, e);

    if (st != WB_OK)
        return st;
    if (fitting_memory(&p, took, most) >= PROBE_KIB) {
        p.memory_kib = PROBE_KIB; /* more memory is slower by the byte: look again */
        if ((st = measure(&took, &p, e)) != WB_OK)
            return st;
    }
    took = took * WB_KDF_FLOOR.memory_kib / p.memory_kib; /* of 64 MiB, three passes */
    p = WB_KDF_FLOOR;
    p.memory_kib = fitting_memory(&p, took, most);
    if (p.memory_kib < WB_KDF_FLOOR.memory_kib)
        p.memory_kib = WB_KDF_FLOOR.memory_kib;
    took = took * (p.memory_kib / STEP_KIB) / (WB_KDF_FLOOR.memory_kib / STEP_KIB);
    if (p.memory_kib >= most && took > 0 && took < target)
        p.passes = at_most(target * p.passes / took, WB_KDF_CAP.passes);
    *chosen = p;
    return WB_OK;
}

static uint64_t
now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* A derivation of nothing in particular; the faster of two, as the machine may have had
 * something else to do. */
static enum wb_status
measure_here(uint64_t *microseconds, const struct wb_kdf_params *p, struct wb_error *e)
{
    static const uint8_t salt[WB_SALT_BYTES];
    struct wb_secret *words = NULL, *out = NULL;
    struct wb_kdf_input in = {.passphrase_size = WB_KEY_BYTES, .salt = salt};
    uint64_t fastest = UINT64_MAX, before, took;
    enum wb_status st;

    if ((st = wb_secret_new(&words, WB_KEY_BYTES, e)) != WB_OK ||
        (st = wb_secret_new(&out, WB_KEY_BYTES, e)) != WB_OK)
        goto out;
    in.passphrase = words;
    for (int run = 0; run < RUNS && st == WB_OK; run++) {
        before = now_us();
        st = wb_kdf_passphrase(out, p, &in, e);
        took = now_us() - before;
        fastest = took < fastest ? took : fastest;
    }
    if (st == WB_OK)
        *microseconds = fastest;
out:
    wb_secret_free(&words);
    wb_secret_free(&out);
    return st;
}

/* What the kernel would give without swapping (proc(5), MemAvailable), else what lies
 * free. */
static uint64_t
available_kib(void)
{
    unsigned long long kib = 0;
    FILE *f = fopen("/proc/meminfo", "re");
    char line[128];

    while (f != NULL && kib == 0 && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "MemAvailable: %llu kB", &kib) != 1)
            kib = 0;
    if (f != NULL)
        fclose(f);
    if (kib == 0)
        kib = (unsigned long long)sysconf(_SC_AVPHYS_PAGES) *
            (unsigned long long)sysconf(_SC_PAGESIZE) / 1024;
    return kib;
}

enum wb_status
wb_calibrate(struct wb_kdf_params *chosen, struct wb_error *e)
{
    return wb_calibrate_with(chosen,
        at_most(available_kib() / 2, WB_CALIBRATE_MEMORY_MAX_KIB), measure_here, e);
}
