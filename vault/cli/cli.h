/* vault/cli/cli.h - what every command shares: its row, the desk, ways to read and
 * speak.
 *
 * A command is a row (struct cli_command). The desk (desk.c) reads the words, opens and
 * unlocks what the row needs, runs it, prints the error and closes; commands never do.
 * Nothing here is seen by the library: the command is an ordinary client of
 * <witnessbox/...>. */
#ifndef WB_CLI_CLI_H
#define WB_CLI_CLI_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <witnessbox/witnessbox.h>

struct cli;
struct shell; /* shell.h */

/* ---- rows ------------------------------------------------------------------------ */

enum cli_needs {
    CLI_NONE,  /* no vault */
    CLI_PATH,  /* only where the vault is, or will be */
    CLI_OPEN,  /* an open vault, still locked */
    CLI_READ,  /* an unlocked vault, opened for reading */
    CLI_WRITE, /* an unlocked vault */
};

/* What an option's value is, and the member that `offset` must name. */
enum cli_option_kind {
    CLI_FLAG,   /* bool */
    CLI_WORD,   /* const char *, NULL when not given; points into argv */
    CLI_NUMBER, /* struct cli_number, decimal, from `least` to `most` */
    CLI_LIST,   /* struct cli_list: may be given several times */
};

struct cli_number {
    bool given;
    uint64_t value;
};

struct cli_list {
    const char **items; /* in the order given; they point into argv */
    size_t count;
};

/* What a word names, so that the sandbox leaves it open. */
enum cli_use {
    CLI_NO_FILE,
    CLI_READS,      /* a file to be read; "-" is standard input */
    CLI_MAKES,      /* a file to be made */
    CLI_MAKES_IN,   /* the same, or a folder to make one in; else the current one */
    CLI_FILLS_HERE, /* a folder to write into; without the option the current one */
    CLI_FIELDS,     /* FIELD=@PATH, a file to be read */
};

struct cli_option {
    const char *name; /* without the dashes; NULL ends the table */
    char letter;      /* short form, or 0 */
    enum cli_option_kind kind;
    size_t offset;     /* in the command's options struct */
    const char *value; /* word that stands for the value in help */
    const char *help;
    uint64_t least;
    uint64_t most;
    enum cli_use use;
};

/* `operands` is read by the parser: "ID PATH..." needs one ID and one or more PATHs,
 * "[KIND]" takes at most one, "[ID...]" any number. */
struct cli_command {
    const char *name; /* "add"; of a group two words: "contact add" */
    enum cli_needs needs;
    const char *operands;
    /* With a refusal the reason is in `e`; an empty message means: already told. */
    enum wb_status (*run)(struct cli *c, struct wb_error *e);
    const char *summary;
    const struct cli_option *options; /* NULL: none */
    size_t options_size;              /* at most CLI_OPTIONS_BYTES */
    const char *help;
    enum cli_use first_use; /* of the first operand */
    enum cli_use rest_use;  /* of those behind it */
    bool in_field;          /* works in a field vault too; all others refuse there */
};

extern const struct cli_command *const cli_commands[]; /* ends with NULL */
extern const struct cli_option cli_globals[];

const struct cli_command *cli_command_find(const char *name); /* NULL: none */
/* Whether some command's name is `name` and a second word. */
bool cli_command_is_group(const char *name);

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

/* swap.c: says so where memory can be written to a disk that is not encrypted. Reads
 * what the sandbox closes off. */
void cli_swap_warn(const struct cli *c);

/* ---- options.c ------------------------------------------------------------------- */

/* Sorts argv into c->command, c->global, c->options and c->operands. WB_ERR_USAGE names
 * the word that does not fit and what would. How many operands there are is not asked
 * here: `add --help` is fine. */
WB_CHECKED enum wb_status cli_parse(
    struct cli *c, int argc, char **argv, struct wb_error *e);
WB_CHECKED enum wb_status cli_check_operands(const struct cli *c, struct wb_error *e);

/* ---- errors and notes (complain.c) ----------------------------------------------- */

/* Fill *e and answer `status`; with _os the reason of `os_errno` stands behind. */
enum wb_status cli_fail(
    struct wb_error *e, enum wb_status status, const char *format, ...) WB_PRINTF(3, 4);
enum wb_status cli_fail_os(struct wb_error *e, int os_errno, const char *format, ...)
    WB_PRINTF(3, 4);
/* Puts "where: " before the message unless it starts so already. */
enum wb_status cli_within(struct wb_error *e, enum wb_status status, const char *where);

/* One line on standard error, made safe for a terminal. A note is left out by --quiet,
 * a warning is not. */
void cli_complain(const struct wb_error *e);
void cli_note(const struct cli *c, const char *format, ...) WB_PRINTF(2, 3);
void cli_warn(const char *format, ...) WB_PRINTF(1, 2);

/* Of two, the one that the exit status should tell: integrity before failure before
 * refusal before the rest. */
enum wb_status cli_worse(enum wb_status a, enum wb_status b);

/* ---- damage.c: where a list passed something over ---- */

/* Warns of each revision that does not open. Answers WB_ERR_INTEGRITY, or why it could
 * not look. */
enum wb_status cli_damaged(struct cli *c, struct wb_error *e);

/* ---- bytes.c ----------------------------------------------------------------------
 */

/* Zeroed memory outside of every core dump, kept until it is released or the process
 * ends; NULL without memory. */
void *cli_take(size_t count, size_t size);
/* What was taken last; everything that is taken after it is wiped and given back. */
const void *cli_taken(void);
void cli_release(const void *since);

struct cli_bytes {
    char *bytes; /* a NUL behind the last, not counted */
    size_t size;
    size_t room;
};
void cli_bytes_free(struct cli_bytes *b); /* wipes */
/* Room for `more` bytes and a NUL; false without memory, everything as before. */
bool cli_bytes_grow(struct cli_bytes *b, size_t more);
/* Bytes put in before offset `at`. */
bool cli_bytes_put(struct cli_bytes *b, size_t at, const char *bytes, size_t size);
/* Bytes taken out; what is left over behind is wiped. */
void cli_bytes_cut(struct cli_bytes *b, size_t from, size_t to);

/* ---- input.c --------------------------------------------------------------------- */

/* Reads a file, or standard input where `path` is "-" (`user` says what for, as two
 * cannot share it), of at most `most` bytes: WB_ERR_LIMIT above. */
WB_CHECKED enum wb_status cli_read(struct cli *c, struct cli_bytes *b, const char *path,
    size_t most, const char *user, struct wb_error *e);
WB_CHECKED enum wb_status cli_read_fd(
    struct cli_bytes *b, int fd, size_t most, struct wb_error *e);

/* Claims standard input for `user`; WB_ERR_USAGE names who has it. */
WB_CHECKED enum wb_status cli_claim_stdin(
    struct cli *c, const char *user, struct wb_error *e);

/* Opens a regular file for reading; refuses the vault itself, because closing a second
 * descriptor would drop its locks. */
WB_CHECKED enum wb_status cli_open_file(
    const struct cli *c, int *fd, const char *path, struct wb_error *e);

bool cli_is_folder(const char *path);

/* The last part of a path. */
const char *cli_base_name(const char *path);

/* ---- passphrase.c ---------------------------------------------------------------- */

enum { CLI_PASSPHRASE_MAX = 1024 };

struct cli_passphrase {
    size_t size;
    char bytes[CLI_PASSPHRASE_MAX + 2]; /* a line feed and one byte too many */
};

/* Where a passphrase comes from: a descriptor, a file, or (neither, and standard input
 * is a terminal) the terminal with its echo off. */
struct cli_source {
    struct cli_number fd;
    const char *file;
    const char *prompt;
    bool twice; /* ask again on a terminal and compare */
};

/* The caller wipes *p with wb_text_wipe, also after an error. */
WB_CHECKED enum wb_status cli_passphrase(struct cli *c, struct cli_passphrase *p,
    const struct cli_source *source, struct wb_error *e);
/* Whether it would be asked for on the terminal, and whether there is any source. */
bool cli_passphrase_is_asked(const struct cli_source *source);
bool cli_passphrase_is_there(const struct cli_source *source);
/* One line from an open terminal, echo off, without its line feed. */
WB_CHECKED enum wb_status cli_terminal_ask(
    struct cli_passphrase *p, int fd, const char *prompt, struct wb_error *e);

/* The desk's: unlocks c->vault, which is the file at `path`, with the passphrase and
 * key file of the global options, or asks. */
WB_CHECKED enum wb_status cli_unlock(
    struct cli *c, const char *path, struct wb_error *e);

/* ---- lock.c: the idle lock ---- */

/* How long a question waits for a key before it ends; negative: for ever. */
extern long cli_idle_ms;
/* Test seam: a second, in milliseconds. */
extern long cli_second_ms;
/* From here on questions wait as long as --idle says. */
void cli_idle_begin(const struct cli *c);
/* Closes the vault with all its keys, empties the screen, wipes what was left on the
 * stack. What the caller has of a plaintext it wipes before. */
void cli_lock(struct cli *c);
/* Opens the vault again with a passphrase from the terminal, however often it takes. */
WB_CHECKED enum wb_status cli_unlock_again(struct cli *c, struct wb_error *e);

/* ---- tell.c: for the person at the terminal, whatever standard output is ---- */

/* At most 1,023 bytes, made of our own words and numbers. */
void cli_tell(const char *format, ...) WB_PRINTF(1, 2);
/* Foreign text, made safe; all lines but the first start with `indent` spaces. */
void cli_tell_safe(const char *text, size_t size, int indent);

/* Of a text: what is before its first line feed and at most `most` bytes, whole
 * characters. */
size_t cli_cut(const char *text, size_t size, size_t most);

/* ---- confirm.c: questions on the terminal, the echo on ---- */

/* Somebody is there to ask. */
bool cli_is_terminal(void);
/* One line, cut to `room` with its NUL. */
WB_CHECKED enum wb_status cli_ask(
    char *answer, size_t room, const char *prompt, struct wb_error *e);
/* "y" or "yes". */
WB_CHECKED enum wb_status cli_confirm(
    bool *yes, const char *question, struct wb_error *e);
/* Offers what could be done next: a question where somebody is there to answer, else
 * the words as a note. */
WB_CHECKED enum wb_status cli_offer(const struct cli *c, bool *yes,
    const char *question, const char *words, struct wb_error *e);
void cli_clear_screen(void);

/* ---- output.c: text on standard output ------------------------------------------- */

void cli_print(const char *format, ...) WB_PRINTF(1, 2);
/* Foreign text, made safe; on one line. */
void cli_print_safe(const char *text, size_t size);
/* As cli_print_safe in at least `columns`, and two spaces. */
void cli_print_column(const char *text, size_t size, size_t columns);
/* Foreign text of several lines; all but the first start with `indent` spaces. */
void cli_print_block(const char *text, size_t size, int indent);
/* "s", or "" for exactly one. */
const char *cli_s(uint64_t count);
void cli_hex(
    char out[static WB_ROOT_TEXT_BYTES], const uint8_t root[static WB_ROOT_BYTES]);
/* Standard output gets a buffer that can be wiped; before anything is written. */
void cli_output_begin(void);
/* Everything reached standard output, else WB_ERR_IO; wipes the buffer. */
WB_CHECKED enum wb_status cli_flush(const struct cli *c, struct wb_error *e);

/* What add, amend and attach answer: the id, or its JSON document. */
void cli_print_saved(struct cli *c, const struct wb_saved *saved);

/* ---- write.c: text into files ---- */

/* Writes to a file that is not there yet, mode 0600; NULL or "-": standard output. */
WB_CHECKED enum wb_status cli_write_text(
    const char *text, const char *path, struct wb_error *e);
/* Writes to an open descriptor, which may be a pipe; `where` names it. */
WB_CHECKED enum wb_status cli_write_fd(
    int fd, const char *text, const char *where, struct wb_error *e);
/* Puts a file in the place of another, whole. */
WB_CHECKED enum wb_status cli_replace_text(
    const char *text, const char *path, struct wb_error *e);

/* ---- sink.c: a file that grows, and has its name only when it is whole ---- */

struct cli_sink {
    const char *path; /* NULL: standard output, or nothing is open */
    int fd;
    char partial[PATH_MAX];
};
/* A new file, mode 0600; NULL or "-": standard output. USAGE where it is there. */
WB_CHECKED enum wb_status cli_sink_open(
    struct cli_sink *s, const char *path, struct wb_error *e);
/* `cookie` is the sink. */
WB_CHECKED enum wb_status cli_sink_write(
    void *cookie, const char *text, size_t size, struct wb_error *e);
/* With WB_OK in `st` the file gets its name, else it goes. Answers `st`, or why not.
 * Does nothing where nothing is open. */
WB_CHECKED enum wb_status cli_sink_close(
    struct cli_sink *s, enum wb_status st, struct wb_error *e);
/* Gives a file its name in the same folder, never in the place of another. */
WB_CHECKED enum wb_status cli_publish(
    int folder, const char *partial, const char *name, struct wb_error *e);

/* ---- head_file.c: --head-file ---- */

/* The open vault must go on from the head that the file holds, if there is one. */
WB_CHECKED enum wb_status cli_head_file_check(struct cli *c, struct wb_error *e);
/* Puts the newest head there. */
WB_CHECKED enum wb_status cli_head_file_write(struct cli *c, struct wb_error *e);

/* ---- json.c: one document on standard output ------------------------------------- */

void cli_json_open(struct cli *c, char bracket);
void cli_json_close(struct cli *c, char bracket); /* the outermost ends the line */
void cli_json_key(struct cli *c, const char *key);
void cli_json_text(struct cli *c, const char *text, size_t size);
void cli_json_number(struct cli *c, uint64_t value);
void cli_json_bool(struct cli *c, bool value);
void cli_json_null(struct cli *c);
/* Members of an object. */
void cli_json_pair(struct cli *c, const char *key, const char *text);
void cli_json_count(struct cli *c, const char *key, uint64_t value);
void cli_json_id(struct cli *c, const char *key, const struct wb_id *id);
void cli_json_root(struct cli *c, const char *key, const uint8_t *root);

/* ---- shared by commands ---------------------------------------------------------- */

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

/* attach.c: one file as a new evidence record about `about`, inside a change. */
WB_CHECKED enum wb_status cli_attach_path(struct cli *c, struct wb_change *change,
    const struct wb_id *about, const char *path, struct wb_saved *saved,
    struct wb_error *e);

/* kinds.c: the word for a value kind: line, text, date... */
const char *cli_value_word(enum wb_value_kind kind);

/* bundle_print.c: what inspect and import tell of one bundle. */
void cli_bundle_print(struct cli *c, const struct wb_bundle_report *r, bool imported);

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

/* tombstone.c: where `st` says that nothing was found for the word and a shredded
 * record had that id, says when and why it was. Answers `st`. */
enum wb_status cli_tombstone_or(
    struct cli *c, const char *word, enum wb_status st, struct wb_error *e);

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
