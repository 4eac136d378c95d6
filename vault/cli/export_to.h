/* vault/cli/export_to.h - to whom bundles go, and into which files. */
#ifndef WB_CLI_EXPORT_TO_H
#define WB_CLI_EXPORT_TO_H

#include <limits.h>

#include "cli.h"

struct cli_export_to {
    struct cli_list to;
    bool together;
    bool passphrase;
    struct cli_number words_fd;
    const char *output;
    const char *split;
};

/* Refuses what contradicts itself, before the vault is asked. */
WB_CHECKED enum wb_status cli_export_to_check(
    const struct cli_export_to *t, struct wb_error *e);

/* folder/bundle-<random>.age (NULL: here): a name that says nothing of content, sender
 * or day. */
WB_CHECKED enum wb_status cli_export_path(
    char path[static PATH_MAX], const char *folder, struct wb_error *e);

/* Which bundle lies in which file, as lines. */
void cli_exported_print(const char *bundle, const char *sha256, const char *path);

/* Exports what `request` says, whose recipients and path are filled in here: one bundle
 * for each recipient, or one for all of them together, or one under words that are
 * drawn by lot. Tells of each as it is there. */
WB_CHECKED enum wb_status cli_export_to_each(struct cli *c,
    const struct cli_export_to *t, struct wb_export_request *request,
    struct wb_error *e);

#endif
