/* tests/lib/places.c - to which places of the program the calls of a run come back. */
#include "places.h"

#include <execinfo.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "cm.h"

enum { FRAMES_MAX = 64, MET_SLOTS = 1 << 16, PICKED_MAX = 1 << 14 };

/* Where the linker put the program: libraries are not ours to test. */
extern const char __executable_start[], etext[];

static bool used;
static void *met[MET_SLOTS]; /* open addressing; NULL is free */
static size_t met_count;
static long picked[PICKED_MAX];
static size_t picked_count;

void
places_use(bool on)
{
    used = on;
    memset(met, 0, sizeof met);
    met_count = 0;
    places_begin();
}

void
places_begin(void)
{
    picked_count = 0;
}

static bool
is_new(void *place)
{
    size_t i = ((uintptr_t)place * 0x9e3779b97f4a7c15u) >> 48;

    while (met[i] != NULL && met[i] != place)
        i = (i + 1) % MET_SLOTS;
    if (met[i] == place)
        return false;
    met[i] = place;
    assert_true(++met_count < MET_SLOTS / 2);
    return true;
}

void
places_note(long at)
{
    void *frames[FRAMES_MAX];
    bool any = false;
    int n;

    if (!used)
        return;
    n = backtrace(frames, FRAMES_MAX);
    for (int i = 0; i < n; i++)
        if ((const char *)frames[i] >= __executable_start &&
            (const char *)frames[i] < etext && is_new(frames[i]))
            any = true;
    if (!any)
        return;
    assert_true(picked_count < PICKED_MAX);
    picked[picked_count++] = at;
}

long
places_next(long at)
{
    for (size_t i = 0; i < picked_count; i++)
        if (picked[i] > at)
            return picked[i];
    return LONG_MAX;
}
