/* vault/cli/row.h - a command as a row of data, and its options. */
#ifndef WB_CLI_ROW_H
#define WB_CLI_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <witnessbox/error.h>

struct cli; /* cli.h */

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
    bool reads_too; /* of use on a read-only medium too: what it writes is refused there
                     */
    bool in_field;  /* works in a field vault too; all others refuse there */
};

extern const struct cli_command *const cli_commands[]; /* ends with NULL */
extern const struct cli_option cli_globals[];

const struct cli_command *cli_command_find(const char *name); /* NULL: none */
/* Whether some command's name is `name` and a second word. */
bool cli_command_is_group(const char *name);

#endif
