/* vault/cli/arrivals.h - files of any kind of ours, as `inspect` and `import` get them.
 */
#ifndef WB_CLI_ARRIVALS_H
#define WB_CLI_ARRIVALS_H

#include "cli.h"

struct cli_arrivals {
    struct cli_reading reading; /* of bundles */
    bool import;
    const char *receipt; /* to be written, or NULL */
};

/* Tells of every operand what it is and does with it what can be done. With several it
 * goes on past failures, told at once, and ends with a table and the worst status; with
 * --json there is an array instead, which has the failures too. Parts of one bundle are
 * one file. */
WB_CHECKED enum wb_status cli_arrivals_run(
    struct cli *c, struct cli_arrivals *f, struct wb_error *e);

/* Which of them a file is, by how it begins. */
enum cli_file_kind {
    CLI_FILE_BUNDLE, /* or nothing of ours, which the reader of bundles then says */
    CLI_FILE_CARD,
    CLI_FILE_HEAD,
    CLI_FILE_COSIGNATURE,
    CLI_FILE_REQUEST,
    CLI_FILE_SHARE,
    CLI_FILE_VAULT,
};
WB_CHECKED enum wb_status cli_file_recognise(const struct cli *c,
    enum cli_file_kind *kind, const char *path, struct wb_error *e);

#endif
