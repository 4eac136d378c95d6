/* vault/cli/main.c - the command `witnessbox`. */
#include "cli.h"

int
main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
