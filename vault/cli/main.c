/* vault/cli/main.c - the command `witnessbox`. */
#include "cli.h"

int
main(int argc, char **argv)
{
    cli_language_begin(WB_LOCALES);
    return cli_main(argc, argv);
}
