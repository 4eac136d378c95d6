/* vault/cli/speak.h - what goes to people and programs: lines, JSON, complaints. */
#ifndef WB_CLI_SPEAK_H
#define WB_CLI_SPEAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <witnessbox/witnessbox.h>

struct cli; /* cli.h */

/* ---- language.c: a language other than English ----------------------------------- */

/* The catalogues lie below `folder`; the locale (LANGUAGE, LC_ALL, LC_MESSAGES, LANG)
 * says which. Once, before anything else. */
void cli_language_begin(const char *folder);
/* The same in that language, with the same conversions, or as it is. All that is said
 * below goes through it by itself. */
/* What stands before a command where it is typed: the name of the program (it is given
 * when it is built) and a space; nothing in the shell, from when that begins. */
const char *cli_program(void);
void cli_program_inside(void);

/* From here to the next call with false all is English, whatever the locale says: what
 * a program reads. */
void cli_language_plain(bool plain);

/* Marks words in a table that cli_word, or cli_plural, is asked for where they are
 * used.
 */
#define CLI_SAID(words) words
#define CLI_COUNTED(one, many) one, many

const char *cli_word(const char *english) __attribute__((format_arg(1)));

/* Of two wordings, for one and for another number, what fits `count` in that language,
 * which may have more forms than two. */
const char *cli_plural(const char *one, const char *many, uint64_t count)
    __attribute__((format_arg(1), format_arg(2)));

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

/* ---- progress.c: how far something long is --------------------------------------- */

/* Who tells a terminal of it; from cli_progress_begin to the end that watches. */
struct wb_progress cli_progress(struct cli *c);
void cli_progress_begin(struct cli *c);
void cli_progress_end(void);
/* On a terminal, from the second second on: amount, rate, time left. `what` is counted;
 * NULL: bytes. */
void cli_progress_show(
    const struct cli *c, uint64_t done, uint64_t total, const char *what);
/* Before anything else is shown. */
void cli_progress_clear(void);

/* ---- output.c: text on standard output ------------------------------------------- */

/* The format is our words, or has none; what is data stands behind it. */
void cli_print(const char *format, ...) WB_PRINTF(1, 2);
/* Our word for what stands behind it, in at least `columns`, and two spaces. */
void cli_print_label(const char *english, size_t columns);
/* "COUNT one" or "COUNT many". */
void cli_print_count(uint64_t count, const char *one, const char *many);
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

/* ---- tell.c: for the person at the terminal, whatever standard output is ---- */

/* At most 1,023 bytes, made of our own words and numbers. */
void cli_tell(const char *format, ...) WB_PRINTF(1, 2);
/* Foreign text, made safe; all lines but the first start with `indent` spaces. */
void cli_tell_safe(const char *text, size_t size, int indent);

/* Of a text: what is before its first line feed and at most `most` bytes, whole
 * characters. */
size_t cli_cut(const char *text, size_t size, size_t most);

#endif
