/* vault/cli/lock.c - the idle lock: every key and every plaintext is wiped, and the
 * passphrase is asked for again. */
#include <stdio.h>
#include <string.h>

#include "shell.h"

enum { MINUTES = 15, STACK_FRAMES = 64, FRAME_BYTES = 4096 };

long cli_idle_ms = -1;
long cli_second_ms = 1000;

void
cli_idle_begin(const struct cli *c)
{
    const struct cli_number *n = &c->global.idle;

    cli_idle_ms = (long)(n->given ? n->value : MINUTES) * 60 * cli_second_ms;
}

/* What calls before left below us on the stack. */
static __attribute__((noinline)) void
wipe_stack(unsigned frames)
{
    char frame[FRAME_BYTES];

    wb_text_wipe(frame, sizeof frame);
    if (frames > 0)
        wipe_stack(frames - 1);
    wb_text_wipe(frame, sizeof frame);
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
    wipe_stack(STACK_FRAMES);
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
