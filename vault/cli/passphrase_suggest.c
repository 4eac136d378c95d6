/* vault/cli/passphrase_suggest.c - `passphrase suggest`: words drawn by lot. */
#include <string.h>

#include "commands.h"

enum { WORDS_DEFAULT = 7, WORD_BITS = 11 };

struct suggest_options {
    struct cli_number words;
};

static const struct cli_option rows[] = {
    {.name = "words",
        .kind = CLI_NUMBER,
        .offset = offsetof(struct suggest_options, words),
        .value = "N",
        .least = 4,
        .most = 24,
        .help = "how many words; 7 if not given"},
    {.name = NULL},
};

static enum wb_status
run(struct cli *c, struct wb_error *e)
{
    const struct suggest_options *o = (const void *)c->options.bytes;
    unsigned words = o->words.given ? (unsigned)o->words.value : WORDS_DEFAULT;
    char *text = NULL;
    enum wb_status st = wb_passphrase_suggest(&text, words, e);

    if (st != WB_OK)
        return st;
    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_pair(c, "passphrase", text);
        cli_json_count(c, "bits", words * WORD_BITS);
        cli_json_close(c, '}');
    } else
        cli_print("%s\n", text);
    wb_text_free(text);
    cli_note(c, "%u words of 2,048 drawn by lot: %u bits, 2^%u guesses", words,
        words * WORD_BITS, words * WORD_BITS);
    return WB_OK;
}

const struct cli_command cli_passphrase_suggest = {
    .name = "passphrase suggest",
    .needs = CLI_NONE,
    .operands = "",
    .run = run,
    .summary = "a passphrase of words drawn by lot",
    .options = rows,
    .options_size = sizeof(struct suggest_options),
    .help = "The words are those of BIP 39; the first four letters tell them apart. "
            "Make a\n"
            "picture of them in your mind rather than a note of them on paper.",
};
