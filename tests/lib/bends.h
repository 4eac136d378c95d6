/* tests/lib/bends.h - what only somebody with the keys can have written, and not as the
 * formats say. */
#ifndef WB_TESTS_BENDS_H
#define WB_TESTS_BENDS_H

#include "stage.h"

/* Done to vault a of the stage, with heads of all kinds. `named`: what a deep verify,
 * or unlocking, says to it; NULL: nothing, as it is of somebody else's log, of a
 * revision that another has followed, or a record of ours that may say what it likes.
 */
struct bend {
    const char *what;
    void (*bend)(struct wb_vault *v);
    const char *named;
};
extern const struct bend bends[];
extern const size_t bend_count;

/* Fails the test, with what stage.about says, where this is not WB_OK. */
void bend_ok(enum wb_status st, const struct wb_error *e);

#endif
