/* vault/cli/several.c - one command, several operands: past failures to the end. */
#include "cli.h"

enum wb_status
cli_each_operand(struct cli *c, size_t first,
    enum wb_status (*one)(
        struct cli *c, void *cookie, const char *operand, struct wb_error *e),
    void *cookie, struct wb_error *e)
{
    enum wb_status worst = WB_OK;

    if (c->operand_count - first == 1)
        return one(c, cookie, c->operands[first], e);
    if (c->global.json)
        cli_json_open(c, '[');
    for (size_t i = first; i < c->operand_count && !cli_is_interrupted(); i++) {
        enum wb_status st = one(c, cookie, c->operands[i], e);

        if (st != WB_OK)
            cli_complain(e);
        worst = cli_worse(worst, st);
    }
    if (c->global.json)
        cli_json_close(c, ']');
    e->message[0] = '\0'; /* told above */
    return worst;
}
