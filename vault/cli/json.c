/* vault/cli/json.c - one JSON document on standard output (RFC 8259), piece by piece.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

static void
separate(struct cli *c)
{
    if (c->json_comma)
        (void)putchar(',');
    c->json_comma = true;
}

void
cli_json_open(struct cli *c, char bracket)
{
    separate(c);
    (void)putchar(bracket);
    c->json_depth++;
    c->json_comma = false;
}

void
cli_json_close(struct cli *c, char bracket)
{
    (void)putchar(bracket);
    c->json_comma = true;
    if (--c->json_depth == 0) {
        (void)putchar('\n');
        c->json_comma = false;
    }
}

/* The name of a file need not be UTF-8; then it stands as a terminal would show it. */
static char *
quote(const char *text, size_t size)
{
    char *quoted = wb_text_json(text, size), *safe;

    if (quoted != NULL)
        return quoted;
    safe = wb_text_safe(text, size, true);
    if (safe != NULL)
        quoted = wb_text_json(safe, strlen(safe));
    wb_text_free(safe);
    return quoted;
}

void
cli_json_text(struct cli *c, const char *text, size_t size)
{
    char *quoted = quote(text, size);

    separate(c);
    if (quoted == NULL)
        c->json_spoiled = true; /* cli_flush tells, and no reader takes it for whole */
    else
        (void)fputs(quoted, stdout);
    wb_text_free(quoted);
}

void
cli_json_key(struct cli *c, const char *key)
{
    cli_json_text(c, key, strlen(key));
    (void)putchar(':');
    c->json_comma = false;
}

void
cli_json_number(struct cli *c, uint64_t value)
{
    separate(c);
    (void)printf("%" PRIu64, value);
}

void
cli_json_bool(struct cli *c, bool value)
{
    separate(c);
    (void)fputs(value ? "true" : "false", stdout);
}

void
cli_json_null(struct cli *c)
{
    separate(c);
    (void)fputs("null", stdout);
}

void
cli_json_pair(struct cli *c, const char *key, const char *text)
{
    cli_json_key(c, key);
    cli_json_text(c, text, strlen(text));
}

void
cli_json_count(struct cli *c, const char *key, uint64_t value)
{
    cli_json_key(c, key);
    cli_json_number(c, value);
}

void
cli_json_id(struct cli *c, const char *key, const struct wb_id *id)
{
    char text[WB_ID_TEXT_BYTES];

    wb_id_text(text, id);
    cli_json_pair(c, key, text);
}

void
cli_json_root(struct cli *c, const char *key, const uint8_t *root)
{
    char text[WB_ROOT_TEXT_BYTES];

    cli_hex(text, root);
    cli_json_pair(c, key, text);
}
