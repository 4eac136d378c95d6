/* tests/lib/room.h - a folder with a vault in it, for tests of the whole path. */
#ifndef WB_TESTS_ROOM_H
#define WB_TESTS_ROOM_H

#include <witnessbox/custody.h>
#include <witnessbox/query.h>
#include <witnessbox/sheet.h>

#include "cm.h"

#define ROOM_PASSPHRASE "correct horse battery staple"

enum { ROOM_PATH_BYTES = 256, ROOM_TEXT_BYTES = 4096, ROOM_PRINT_BYTES = 32 };

/* What a room with records in it holds: a person, two statements (the second amended
 * once), one attachment of the first, and two drafts, numbers 1 and 2. */
struct room {
    char folder[ROOM_PATH_BYTES];
    char vault[ROOM_PATH_BYTES];
    struct wb_id person, statement, other, evidence;
};

/* Argon2id is replaced by something instant for the rest of the program: sweeps open
 * thousands of vaults. Counts the calls. */
void room_quick_keys(void);
extern unsigned room_key_calls;

/* A new folder without a vault (under TMPDIR, /dev/shm or /tmp), and its end. */
void room_make(struct room *r);
void room_sweep(struct room *r);

/* An empty vault; the records; `file_bytes` is the size of the attachment. */
void room_vault(struct room *r);
void room_fill(struct room *r, size_t file_bytes);

/* Writes the search index of a vault into it, small as the vault may be. */
enum wb_status room_write_index(struct wb_vault *v, struct wb_error *e);
void room_index(const char *path);

/* Lets all of a filled room be exported, though nobody in it was asked. */
enum { ROOM_OVERRIDES = 3 };
void room_override(
    const struct room *r, struct wb_exception out[static ROOM_OVERRIDES]);

/* Instead: those concerned agree that it goes to a partner. Three more records. */
void room_agree(const struct room *r);

/* Opens and unlocks; fails the test when that does not work. */
struct wb_vault *room_open(const char *path);

/* A room and its empty vault, open: what cmocka calls before and behind a test of
 * these. */
struct open_room {
    struct room room;
    struct wb_vault *v;
};
int room_set_up(void **state);
int room_tear_down(void **state);

/* One record in a change of its own. `about` may be NULL; `fields` are name, value
 * pairs up to a NULL. */
enum wb_status room_add(struct wb_vault *v, struct wb_id *id, struct wb_error *e,
    const char *kind, const char *const *fields);
enum wb_status room_amend(
    struct wb_vault *v, const struct wb_id *id, const char *text, struct wb_error *e);
/* Instead of one paragraph more: all of its text is another. */
enum wb_status room_rewrite(
    struct wb_vault *v, const struct wb_id *id, const char *text, struct wb_error *e);
enum wb_status room_attach(struct wb_vault *v, struct wb_id *id,
    const struct wb_id *about, const char *path, struct wb_error *e);

/* A statement and its witness as they are being written; the sheet is freed with
 * wb_sheet_free. Sealed as a draft. */
enum wb_status room_sheet(struct wb_sheet **s, const char *text, struct wb_error *e);
enum wb_status room_draft(struct wb_vault *v, const char *text, struct wb_error *e);

/* ---- files ---- */

/* snprintf that fails the test when it does not fit. */
void room_text(char *out, size_t size, const char *format, ...) WB_PRINTF(3, 4);
/* folder/name */
void room_path(
    char out[static ROOM_PATH_BYTES], const struct room *r, const char *name);
/* Whole files; room_read's answer is freed with free(). */
uint8_t *room_read(const char *path, size_t *size);
void room_write(const char *path, const void *bytes, size_t size);
void room_copy(const char *from, const char *to);
bool room_exists(const char *path);
/* It is a file of exactly these bytes. */
bool room_has(const char *path, const void *bytes, size_t size);
/* Pseudo random bytes that do not repeat. */
void room_noise(uint8_t *bytes, size_t size, uint64_t seed);
/* Calls `each` for every file of the folder, sorted by name. */
void room_each_file(const char *folder,
    void (*each)(void *cookie, const char *name, const char *path), void *cookie);
/* SHA-256 over names, modes and bytes of all files. */
void room_print(const char *folder, uint8_t out[static ROOM_PRINT_BYTES]);

/* ---- what a vault says of itself ---- */

/* Opening, unlocking and a deep verify: how far it came and what was said. `said` is
 * the refusal, or a line "kind | where | what" for each problem. */
struct room_finding {
    enum wb_status opened, unlocked, verified;
    struct wb_verified counts;
    uint8_t content[ROOM_PRINT_BYTES]; /* room_content, when nothing was found wrong */
    char said[ROOM_TEXT_BYTES];
};
void room_examine(struct room_finding *f, const char *path);
void room_examine_as(struct room_finding *f, const char *path, const char *passphrase);
/* Examined, refused or with problems. */
bool room_is_named(const struct room_finding *f);
/* Fails the test unless everything is in order. */
void room_assert_sound(const char *path);

/* SHA-256 over everything that can be read: all records with all values, the log, the
 * head. WB_OK or what reading answered. */
enum wb_status room_content(
    struct wb_vault *v, uint8_t out[static ROOM_PRINT_BYTES], struct wb_error *e);

/* Fails the test with the message. */
void room_assert_ok(enum wb_status st, const struct wb_error *e);

/* One line for a person: not empty, no line feed, no full stop at its end. */
void room_assert_line(const struct wb_error *e);

#endif
