/* tests/lib/places.h - to which places of the program the calls of a run come back. */
#ifndef WB_TESTS_PLACES_H
#define WB_TESTS_PLACES_H

#include <stdbool.h>

/* A place is a return address in the program itself. Off at first: then nothing is
 * done. Switching forgets all places. */
void places_use(bool on);
/* A new run: no call of it is picked. */
void places_begin(void);
/* Call number `at` is being made: picked if there is a new place on its way back, all
 * of which are not new from then on. */
void places_note(long at);
/* The first picked after `at`; LONG_MAX: none. */
long places_next(long at);

#endif
