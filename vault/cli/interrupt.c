/* vault/cli/interrupt.c - control C while a command runs: the first ends the command,
 * which says so; a second one ends the process at once. */
#include <signal.h>

#include "cli.h"

static volatile sig_atomic_t interrupted;
static struct sigaction before;

static void
note(int number)
{
    (void)number;
    interrupted = 1;
    wb_interrupt(true);
}

void
cli_interrupt_begin(void)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};

    (void)sigemptyset(&action.sa_mask);
    interrupted = 0;
    (void)sigaction(SIGINT, &action, &before);
}

bool
cli_is_interrupted(void)
{
    return interrupted != 0;
}

void
cli_interrupt_end(struct cli *c, enum wb_status st)
{
    (void)sigaction(SIGINT, &before, NULL);
    wb_interrupt(false);
    if (interrupted != 0 && st != WB_OK)
        c->signal = SIGINT;
    interrupted = 0;
}
