/* vault/cli/cli.h - the desk, and what every command shares.
 *
 * A command is a row (row.h). The desk (desk.c) reads the words, opens and unlocks what
 * the row needs, runs it, prints the error and closes; commands never do. Nothing here
 * is seen by the library: the command is an ordinary client of <witnessbox/...>. */
#ifndef WB_CLI_CLI_H
#define WB_CLI_CLI_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <witnessbox/witnessbox.h>

#include "ask.h"
#include "files.h"
#include "row.h"
#include "speak.h"

struct shell; /* shell.h */

/* ---- the desk -------------------------------------------------------------------- */

enum { CLI_OPTIONS_BYTES = 256 };

/* Options that stand before or behind any command. */
struct cli_global {
    const char *vault;
    struct cli_number passphrase_fd;
    const char *passphrase_file;
    const char *key_file;
    const char *head_file;
    struct cli_number idle; /* minutes */
    bool json;
    bool quiet;
    bool help;
    bool version;
};

struct cli {
    struct cli_global global;
    const struct cli_command *command; /* NULL: none was given */
    const char *group; /* "contact", while its second word is missing; else NULL */
    union {
        max_align_t align;
        unsigned char bytes[CLI_OPTIONS_BYTES];
    } options; /* the command's options struct */
    char **operands;
    size_t operand_count;
    struct wb_vault *vault; /* open and unlocked as the row needs, else NULL */
    char path[PATH_MAX];    /* of the vault */
    bool default_path;      /* it was not named by the user */
    struct shell *shell;    /* that it runs in, or NULL */
    int signal;             /* that ended it, to be obeyed when all is closed; or 0 */
    const char *stdin_user; /* what already read standard input, or NULL */
    unsigned json_depth;
    bool json_comma;   /* the next item of the document needs one before it */
    bool json_spoiled; /* a piece of it is missing for want of memory */
};

/* The whole command: an exit status (DESIGN section 8). */
int cli_main(int argc, char **argv);

/* Its parts, for the shell: version, help, and a command that is none (*told: that was
 * it); the command in a vault that is open as its row needs; what stands at the end,
 * errors and warnings told. cli_end answers the status that counts. */
WB_CHECKED enum wb_status cli_tell_itself(
    struct cli *c, bool *told, struct wb_error *e);
WB_CHECKED enum wb_status cli_run_open(struct cli *c, struct wb_error *e);
enum wb_status cli_end(struct cli *c, enum wb_status st, struct wb_error *e);

/* ---- sandbox.c ------------------------------------------------------------------- */

/* Forbids the process everything but the vault's folder and the files that the words
 * name, before anything is opened. */
WB_CHECKED enum wb_status cli_sandbox(struct cli *c, struct wb_error *e);

/* ---- interrupt.c ----------------------------------------------------------------- */

/* From here to the end an interrupt is noted, once: the library ends what it does, and
 * questions end. Where the command failed of it, c->signal is SIGINT. */
void cli_interrupt_begin(void);
void cli_interrupt_end(struct cli *c, enum wb_status st);
bool cli_is_interrupted(void);

/* swap.c: says so where memory can be written to a disk that is not encrypted. Reads
 * what the sandbox closes off. */
void cli_swap_warn(const struct cli *c);
/* Test seam: what stands before /proc and /sys. */
extern const char *cli_swap_root;

/* ---- options.c ------------------------------------------------------------------- */

/* Sorts argv into c->command, c->global, c->options and c->operands. WB_ERR_USAGE names
 * the word that does not fit and what would. How many operands there are is not asked
 * here: `add --help` is fine. */
WB_CHECKED enum wb_status cli_parse(
    struct cli *c, int argc, char **argv, struct wb_error *e);
WB_CHECKED enum wb_status cli_check_operands(const struct cli *c, struct wb_error *e);

/* ---- head_file.c: --head-file ---- */

/* The open vault must go on from the head that the file holds, if there is one. */
WB_CHECKED enum wb_status cli_head_file_check(struct cli *c, struct wb_error *e);
/* Puts the newest head there. */
WB_CHECKED enum wb_status cli_head_file_write(struct cli *c, struct wb_error *e);

/* ---- shared by commands ---------------------------------------------------------- */

/* damage.c: where a list passed something over. Warns of each revision that does not
 * open. Answers WB_ERR_INTEGRITY, or why it could not look. */
enum wb_status cli_damaged(struct cli *c, struct wb_error *e);

/* info.c: what stands before a line of `info`. */
void cli_info_label(const char *english);

/* info_keys.c: slots, log and last backup, as members of the object or as lines. */
WB_CHECKED enum wb_status cli_info_keys(struct cli *c, struct wb_error *e);

/* field.c: refuses what does not work in the open vault, a field vault; shows the
 * owner's mark on a terminal in every session; both marks, as members of the object or
 * lines. */
WB_CHECKED enum wb_status cli_field_check(struct cli *c, struct wb_error *e);
WB_CHECKED enum wb_status cli_field_greet(struct cli *c, struct wb_error *e);
WB_CHECKED enum wb_status cli_field_marks(struct cli *c, struct wb_error *e);

/* init.c: the folders above the vault in its usual place. */
WB_CHECKED enum wb_status cli_make_folders(struct cli *c, struct wb_error *e);

/* fields.c: applies every -F to a draft, left to right. With `amending`, the first
 * `f=v` of a field replaces its values and `f=` clears it. */
WB_CHECKED enum wb_status cli_fields(struct cli *c, struct wb_draft *d,
    const struct cli_list *list, bool amending, struct wb_error *e);

/* same_bytes.c: an evidence record here, other than `own`, of the file with this hash
 * (64 hex digits): the oldest. False where there is none. */
bool cli_same_bytes(struct cli *c, char same[static WB_ID_TEXT_BYTES],
    const char *sha256, const struct wb_id *own);

/* attach.c: one file as a new evidence record about `about`, inside a change. */
WB_CHECKED enum wb_status cli_attach_path(struct cli *c, struct wb_change *change,
    const struct wb_id *about, const char *path, struct wb_saved *saved,
    struct wb_error *e);

/* Once they are stored: where the originals still lie. */
void cli_attached(const struct cli *c, const char *const *paths, size_t count);

/* kinds.c: the word for a value kind: line, text, date... */
const char *cli_value_word(enum wb_value_kind kind);

/* list.c: a record as one line, or as an object with --json. */
void cli_print_row(struct cli *c, const struct wb_record *r);

/* handoffs.c: notes which bundles lie there complete and wait for their names. */
WB_CHECKED enum wb_status cli_handoffs_remind(struct cli *c, struct wb_error *e);

/* bundle_print.c: what inspect and import tell of one bundle. */
void cli_bundle_print(struct cli *c, const struct wb_bundle_report *r, bool imported);
/* What notices in it name of what is here; in JSON the pair "notices". */
void cli_notices_print(struct cli *c, const struct wb_bundle_report *r);

/* reading.c: how the files of `inspect` and `import` are read. */
struct cli_words {
    struct cli_number fd;
    const char *file;
};
#define CLI_WORDS_ROWS(type)                                                           \
    {.name = "words-fd",                                                               \
        .kind = CLI_NUMBER,                                                            \
        .offset = offsetof(type, words.fd),                                            \
        .value = "N",                                                                  \
        .most = INT_MAX,                                                               \
        .help = "read the words of a bundle under a passphrase from this descriptor"}, \
    {                                                                                  \
        .name = "words-file", .kind = CLI_WORD, .offset = offsetof(type, words.file),  \
        .value = "FILE", .help = "read them from this file", .use = CLI_READS          \
    }
struct cli_reading {
    const struct cli_words *words;
    struct wb_reading how;
    enum wb_status (*read)(struct wb_vault *v, const char *path,
        const struct wb_reading *how, struct wb_bundle_report **report,
        struct wb_error *e);
};
/* Reads one bundle by `read`; where it is under a passphrase, with the words given, or
 * asked for on a terminal. */
WB_CHECKED enum wb_status cli_bundle_read(struct cli *c, struct cli_reading *r,
    const char *path, struct wb_bundle_report **report, struct wb_error *e);

/* Wipes the words that were read; at the end of the command. */
void cli_words_forget(void);

/* tombstone.c: where `st` says that nothing was found for the word and a shredded
 * record had that id, says when and why it was. Answers `st`. */
enum wb_status cli_tombstone_or(
    struct cli *c, const char *word, enum wb_status st, struct wb_error *e);

/* tombstone.c: ID or ID@ROOT, where the id may be any unique beginning; *root is what
 * stands behind the @, borrowed from the word, or NULL. */
WB_CHECKED enum wb_status cli_find_revision(struct cli *c, struct wb_id *id,
    const char **root, const char *word, struct wb_error *e);

/* several.c: runs `one` for every operand from number `first` on. With several it goes
 * on past failures, told at once, and ends with the worst status; with --json their
 * documents stand in an array then. */
WB_CHECKED enum wb_status cli_each_operand(struct cli *c, size_t first,
    enum wb_status (*one)(
        struct cli *c, void *cookie, const char *operand, struct wb_error *e),
    void *cookie, struct wb_error *e);

/* help.c */
void cli_help_command(struct cli *c, const struct cli_command *command);
void cli_help_all(struct cli *c, const char *group); /* NULL: all commands */

#endif
