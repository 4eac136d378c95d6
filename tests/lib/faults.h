/* tests/lib/faults.h - the system refuses: which call, when, and with what. */
#ifndef WB_TESTS_FAULTS_H
#define WB_TESTS_FAULTS_H

#include <stdbool.h>

/* Calls that can be refused. The eight of enum wb_file_op first, in its order. A random
 * number is none: without a source libsodium aborts, which is a kill. */
enum fault_kind {
    FAULT_OPEN,
    FAULT_READ,
    FAULT_WRITE,
    FAULT_SYNC,
    FAULT_RENAME,
    FAULT_TRUNCATE,
    FAULT_LOCK,
    FAULT_UNLINK,
    FAULT_MEMORY,    /* an allocation */
    FAULT_ROOM,      /* of an arena or a buffer that has some */
    FAULT_MLOCK,     /* locking a secret against swapping */
    FAULT_INTERRUPT, /* what somebody who presses control C does */
    FAULT_KINDS,
};
extern const char *const fault_words[FAULT_KINDS]; /* "faults: open" */

#define FAULT_BIT(kind) (1u << (kind))
/* Every call of base/file.h and of SQLite below the shim. */
#define FAULT_FILES (FAULT_BIT(FAULT_MEMORY) - 1)

struct fault {
    const char *words;
    unsigned kinds; /* bits: which calls are counted and refused */
    bool for_good;  /* once, or from then on */
    int answer;     /* errno, of a file */
};

/* From now on calls of these kinds are counted, and number `at` (from 1; 0: none)
 * refused. fault_disarm ends it and answers how many were counted. Where none is
 * refused lib/places.h takes note. */
void fault_arm(const struct fault *f, long at);
long fault_disarm(void);

/* How many calls of each kind were refused since the program began, and deeds met. */
extern unsigned long fault_reached[FAULT_KINDS];

#endif
