/* tests/lib/deeds.h - everything that is done to vaults, each as one call from the same
 * beginning, for sweeps that break it at every step. */
#ifndef WB_TESTS_DEEDS_H
#define WB_TESTS_DEEDS_H

#include "room.h"

enum { DEED_ATTACHMENT_BYTES = 600000 }; /* three chunks */

/* What each deed begins with: vault `a` with records, an attachment and the contact
 * "partner", who is vault `b`; `b` knows `a` and has its key compared; a bundle of all
 * of `a` for `b`; files to attach and to load. The plain files lie in a second folder,
 * `desk`. */
struct stage {
    struct room room; /* of vault a */
    char desk[ROOM_PATH_BYTES];
    char a[ROOM_PATH_BYTES], b[ROOM_PATH_BYTES], fresh[ROOM_PATH_BYTES];
    char bundle[ROOM_PATH_BYTES], exported[ROOM_PATH_BYTES];
    char photo[ROOM_PATH_BYTES], lines[ROOM_PATH_BYTES], taken[ROOM_PATH_BYTES];
    char *card; /* of a third vault */
    uint8_t *kept[3];
    size_t kept_size[3];
};

void stage_make(struct stage *s);
/* As it was made: vaults, bundle, and nothing else in the room. */
void stage_reset(struct stage *s);
void stage_sweep(struct stage *s);

struct deed {
    const char *name;
    /* From opening the vault to closing it. */
    enum wb_status (*run)(const struct stage *s, struct wb_error *e);
    char vault; /* 'a', 'b', or 'n' for the new one: the one that it may change */
};
extern const struct deed deeds[];
extern const size_t deed_count;
const struct deed *deed_find(const char *name);

const char *deed_vault(const struct stage *s, const struct deed *d);

/* What a vault holds, to be compared: what is shown of it, and how many log entries.
 * `there` is false without a file. Fails the test unless it is sound. */
struct holding {
    bool there;
    uint64_t entries, records;
    uint8_t content[ROOM_PRINT_BYTES];
};
void deed_holding(struct holding *h, const char *path);
bool deed_same(const struct holding *a, const struct holding *b);

/* The random numbers and the clock of the deeds are the same in every run, so that
 * what they leave can be compared. Called before each. */
void deed_settle(void);

#endif
