/* vault/cli/reading.c - one bundle read, with the words of its passphrase if need be.
 */
#include <stdio.h>

#include "cli.h"

/* Kept from file to file: a descriptor gives them only once. */
static struct cli_passphrase given;

/* The words as one line without its end. */
static void
cut_line(struct cli_passphrase *p)
{
    if (p->size > 0 && p->bytes[p->size - 1] == '\n')
        p->size--;
    p->bytes[p->size] = '\0';
}

static enum wb_status
read_with_words(struct cli *c, struct cli_reading *r, const char *path,
    struct wb_bundle_report **report, struct wb_error *e)
{
    char prompt[PATH_MAX + 32];
    struct cli_source source = {r->words->fd, r->words->file, prompt, false};
    struct wb_reading how = r->how;
    enum wb_status st = WB_OK;

    if (!cli_passphrase_is_there(&source))
        return cli_fail(e, WB_ERR_LOCKED,
            "%s: under a passphrase, and none was given: --words-fd or --words-file",
            path);
    (void)snprintf(prompt, sizeof prompt, "Words for %s: ", path);
    if (given.size == 0)
        st = cli_passphrase(c, &given, &source, e);
    cut_line(&given);
    how.passphrase = given.bytes;
    if (st == WB_OK)
        st = r->read(c->vault, path, &how, report, e);
    if (cli_passphrase_is_asked(&source)) /* of the next bundle it asks again */
        cli_words_forget();
    return st;
}

void
cli_words_forget(void)
{
    wb_text_wipe(&given, sizeof given);
}

enum wb_status
cli_bundle_read(struct cli *c, struct cli_reading *r, const char *path,
    struct wb_bundle_report **report, struct wb_error *e)
{
    enum wb_status st = r->read(c->vault, path, &r->how, report, e);

    if (st == WB_ERR_LOCKED)
        st = read_with_words(c, r, path, report, e);
    return cli_within(e, st, path);
}
