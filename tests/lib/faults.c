/* tests/lib/faults.c - the system refuses: which call, when, and with what. */
#include "faults.h"

#include <stddef.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "places.h"

const char *const fault_words[FAULT_KINDS] = {"faults: open", "faults: read",
    "faults: write", "faults: fsync", "faults: rename", "faults: ftruncate",
    "faults: lock", "faults: unlink", "faults: allocation", "faults: room",
    "faults: mlock", "faults: interrupt"};
unsigned long fault_reached[FAULT_KINDS];

static const struct fault *armed;
static long count, first;

static bool
is_hit(enum fault_kind kind)
{
    if ((armed->kinds & FAULT_BIT(kind)) == 0)
        return false;
    count++;
    if (first == 0)
        places_note(count);
    if (first == 0 || (armed->for_good ? count < first : count != first))
        return false;
    fault_reached[kind] += count == first; /* what follows is the same fault */
    return true;
}

static int
refuse_file(enum wb_file_op op)
{
    return is_hit((enum fault_kind)op) ? armed->answer : 0;
}

static bool
refuse_memory(size_t size)
{
    (void)size;
    return is_hit(FAULT_MEMORY);
}

static bool
refuse_room(void)
{
    return is_hit(FAULT_ROOM);
}

static bool
refuse_lock(void)
{
    return is_hit(FAULT_MLOCK);
}

static bool
interrupt(void)
{
    return is_hit(FAULT_INTERRUPT);
}

void
fault_arm(const struct fault *f, long at)
{
    armed = f;
    count = 0;
    first = at;
    if (at == 0)
        places_begin();
    wb_file_fault = refuse_file;
    wb_mem_fault = refuse_memory;
    wb_mem_room_fault = refuse_room;
    wb_secret_fault = refuse_lock;
    wb_interrupt_fault = interrupt;
}

long
fault_disarm(void)
{
    wb_file_fault = NULL;
    wb_mem_fault = NULL;
    wb_mem_room_fault = NULL;
    wb_secret_fault = NULL;
    wb_interrupt_fault = NULL;
    return count;
}
