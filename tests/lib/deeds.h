/* tests/lib/deeds.h - everything that is done to vaults, each as one call from the same
 * beginning, for sweeps that break it at every step. A new operation is a new row: the
 * sweeps of faults, kills and lost power then hold it as well. */
#ifndef WB_TESTS_DEEDS_H
#define WB_TESTS_DEEDS_H

#include "stage.h"

enum deed_traits {
    DEED_WRITES = 1,     /* afterwards a vault or the folder is another */
    DEED_LOGS_FIRST = 2, /* its entry may be there without its file */
    DEED_DERIVES = 4, /* writes what can be read again: afterwards all is as before */
};

struct deed {
    const char *name;
    /* The rows of the command that do it, ", " between; "": a part of them all. */
    const char *commands;
    const char *vaults; /* letters: the one that `act` is given; all that may change */
    int traits;
    /* With the vault open and unlocked; or, where NULL, `whole` from the beginning. */
    enum wb_status (*act)(
        struct wb_vault *v, const struct stage *s, struct wb_error *e);
    enum wb_status (*whole)(const struct stage *s, struct wb_error *e);
};
extern const struct deed deeds[];
extern const size_t deed_count;
const struct deed *deed_find(const char *name);

/* From opening the vault to closing it. */
enum wb_status deed_run(
    const struct deed *d, const struct stage *s, struct wb_error *e);

/* Whether what is found is what this deed may leave when it answered `st`: all as after
 * it, or, unless it was done, as before. */
bool deed_may_leave(const struct deed *d, enum wb_status st,
    const struct holding *found, const struct holding *before,
    const struct holding *after);

#endif
