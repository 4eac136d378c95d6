/* vault/cli/lock.c - the idle lock: every key and every plaintext is wiped, and the
 * passphrase is asked for again. */
#include <stdio.h>
#include <string.h>

#include "shell.h"

enum { MINUTES = 15 };

long cli_idle_ms = -1;
long cli_second_ms = 1000;

void
cli_idle_begin(const struct cli *c)
{
    const struct cli_number *n = &c->global.idle;

    cli_idle_ms = (long)(n->given ? n->value : MINUTES) * 60 * cli_second_ms;
}

void
cli_lock(struct cli *c)
{
    struct wb_error e = {0};

    if (c->shell != NULL)
        shell_forget(c->shell);
    if (cli_flush(c, &e) != WB_OK)
        cli_complain(&e);
    wb_vault_close(&c->vault);
    cli_clear_screen();
    wb_stack_wipe();
}

static bool
is_worth_another_try(enum wb_status st)
{
    return st == WB_ERR_PASSPHRASE || st == WB_ERR_BUSY;
}

enum wb_status
cli_unlock_again(struct cli *c, struct wb_error *e)
{
    const long idle_ms = cli_idle_ms;
    enum wb_status st;

    cli_idle_ms = -1; /* nothing is open: it may wait for ever */
    c->global.passphrase_fd.given = false;
    c->global.passphrase_file = NULL;
    do {
        wb_vault_close(&c->vault);
        if ((st = wb_vault_open(&c->vault, c->path, WB_OPEN_READ, e)) == WB_OK)
            st = cli_unlock(c, c->path, e);
        if (is_worth_another_try(st))
            cli_complain(e);
    } while (is_worth_another_try(st));
    if (st != WB_OK)
        wb_vault_close(&c->vault);
    cli_idle_ms = idle_ms;
    return st;
}
