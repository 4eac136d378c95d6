/* tests/lib/stage.h - two vaults that know each other and all that passes between them:
 * what every deed begins with, and what is left after it. */
#ifndef WB_TESTS_STAGE_H
#define WB_TESTS_STAGE_H

#include "holder.h"

enum { STAGE_ATTACHMENT_BYTES = 600000, STAGE_FILES_MAX = 8 };

/* Whose words open vault a: of its first two slots, and what they may be changed to. */
#define STAGE_SECOND "the second"
#define STAGE_THIRD "the third"

/* Vault `a` with records and their index, an attachment, a second passphrase, shares,
 * and the contact "partner", who is vault `b`; `b` knows `a` as "documenter" and has
 * its key compared, and has the second statement without its text; a backup of `a`; a
 * field vault for the owner of `a`, with a record in it; a bundle of all of `a` for
 * `b`; the request of `a` to be cosigned, and the reply of `b`; files to attach and to
 * load; the receipt of `b` for that bundle, a notice of `a` that the second statement
 * was withdrawn, and the card of `b` with other keys, signed by those before. The plain
 * files lie in a second folder, `desk`. */
struct stage {
    struct room room; /* of vault a */
    char desk[ROOM_PATH_BYTES];
    char a[ROOM_PATH_BYTES], b[ROOM_PATH_BYTES], fresh[ROOM_PATH_BYTES];
    char backup[ROOM_PATH_BYTES], copy[ROOM_PATH_BYTES], field[ROOM_PATH_BYTES];
    char bundle[ROOM_PATH_BYTES], exported[ROOM_PATH_BYTES];
    char receipt[ROOM_PATH_BYTES], notice[ROOM_PATH_BYTES];
    char photo[ROOM_PATH_BYTES], lines[ROOM_PATH_BYTES], taken[ROOM_PATH_BYTES];
    char *card; /* of a third vault */
    char *turned;
    char *request, *reply;
    char *head, *words; /* of a, as it is */
    struct paper paper; /* shares of a: 2 of 3 */
    struct stage_file {
        char name[32];
        uint8_t *bytes;
        size_t size;
    } kept[STAGE_FILES_MAX];
    size_t kept_count;
    char about[160]; /* what was done to it: stands in front of a failure */
};

void stage_make(struct stage *s);
/* As it was made: vaults, bundle, and nothing else in the room. */
void stage_reset(struct stage *s);
void stage_sweep(struct stage *s);

/* The one stage of a program, and what cmocka calls before and behind its tests. */
extern struct stage stage;
int stage_set_up(void **state);
int stage_tear_down(void **state);
/* Puts the bytes in the place of a file of the room, for this and every later reset. */
void stage_keep(struct stage *s, const char *name);

/* A vault of the stage by its letter: a, b, f (the field vault), n (the new one), c
 * (the copy). */
const char *stage_vault(const struct stage *s, char letter);
/* The collect point of the owner of vault a. */
void stage_owner(const struct stage *s, uint8_t point[static 32]);
/* Opened and unlocked with the first passphrase; to be closed whatever is answered. */
enum wb_status stage_open(struct wb_vault **v, const char *path, struct wb_error *e);
/* All of `a` for the contact "partner", to a new file. */
enum wb_status stage_export(struct wb_vault *v, const char *path, struct wb_error *e);

/* The random numbers and the clock are the same from here on in every run, so that what
 * is left can be compared. Called before each deed. */
void stage_settle(void);

/* What some vaults of the stage (their letters) hold, to be compared. Fails the test
 * unless each that is there is sound. */
struct holding {
    struct holding_vault {
        bool there;
        uint64_t entries, records;
        uint64_t rows; /* of heads and drafts, ever: these are not logged */
        uint8_t content[ROOM_PRINT_BYTES]; /* what is shown of it, and the log */
        bool second, third, shares;        /* of vault a: who else opens it */
    } vault[2];
    uint8_t files[ROOM_PRINT_BYTES]; /* names in the room but those below; the bundle */
    unsigned left;                   /* temporary files and journals */
};
void stage_look(struct holding *h, const struct stage *s, const char *letters);
bool stage_same_vaults(const struct holding *a, const struct holding *b);
bool stage_same_files(const struct holding *a, const struct holding *b);

#endif
