/* tests/lib/people.h - vaults of people who know each other, all open at once. */
#ifndef WB_TESTS_PEOPLE_H
#define WB_TESTS_PEOPLE_H

#include <witnessbox/bundle.h>

#include "room.h"

enum { PEOPLE_MAX = 5, PEOPLE_LABEL_BYTES = 8, PEOPLE_RECORDS_MAX = 64 };

/* Person n is "p<n>" to the others, who have compared the key, unless n is the
 * stranger. */
struct people {
    struct room room;
    size_t count, stranger;
    struct wb_vault *v[PEOPLE_MAX];
    char path[PEOPLE_MAX][ROOM_PATH_BYTES];
    char label[PEOPLE_MAX][PEOPLE_LABEL_BYTES];
    unsigned bundles; /* how many were written */
    /* All of people_add: nobody here was asked, and it goes all the same. */
    struct wb_exception anyway[PEOPLE_RECORDS_MAX];
    size_t anyway_count;
};

enum { PEOPLE_NO_STRANGER = PEOPLE_MAX };
void people_make(struct people *p, size_t count, size_t stranger);
void people_sweep(struct people *p);

/* A record of theirs; `fields` as room_add. */
struct wb_id people_add(
    struct people *p, size_t who, const char *kind, const char *const *fields);

/* A bundle from one to another: one record, or all where `id` is NULL; `redact` (up to
 * a NULL) may be NULL. `path` receives where it is. */
void people_send(struct people *p, size_t from, size_t to, const struct wb_id *id,
    const char *const *redact, char path[static ROOM_PATH_BYTES]);

/* The same for several recipients, by their numbers. */
void people_send_to(struct people *p, size_t from, const size_t *to, size_t to_count,
    const struct wb_id *id, const char *const *redact,
    char path[static ROOM_PATH_BYTES]);

/* Takes it in, from the stranger too, and fails the test where that is refused. */
struct people_taken {
    uint64_t added, completed, present, forks, refused;
};
struct people_taken people_take(struct people *p, size_t who, const char *path);

/* Sends and takes. */
struct people_taken people_hand(struct people *p, size_t from, size_t to,
    const struct wb_id *id, const char *const *redact);

/* As people_take, and writes a receipt to `path`. */
void people_receipt(
    struct people *p, size_t who, const char *taken, char path[static ROOM_PATH_BYTES]);

/* Fails the test unless the status is this one, the message has these words, and the
 * vault is what it was to the byte. */
void people_refuse(struct people *p, size_t who, const char *path,
    const struct wb_reading *how, enum wb_status status, const char *said);

/* Fails the test unless a deep verify of everybody finds nothing. */
void people_assert_sound(struct people *p);

#endif
