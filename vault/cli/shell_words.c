/* vault/cli/shell_words.c - a typed line cut into words. */
#include <string.h>

#include "shell.h"

/* One word, unquoted in place from *at on. */
static bool
take_word(char **at, char *to)
{
    char quote = 0;

    for (; **at != '\0' && (quote != 0 || (**at != ' ' && **at != '\t')); ++*at) {
        if (quote == 0 && (**at == '\'' || **at == '"'))
            quote = **at;
        else if (quote != 0 && **at == quote)
            quote = 0;
        else if (**at == '\\' && quote != '\'' && (*at)[1] != '\0')
            *to++ = *++*at;
        else
            *to++ = **at;
    }
    if (**at != '\0')
        ++*at;
    *to = '\0';
    return quote == 0;
}

enum wb_status
shell_words(
    char *line, char *words[static SHELL_WORDS_MAX + 1], int *count, struct wb_error *e)
{
    char *at = line;

    *count = 0;
    for (;;) {
        at += strspn(at, " \t\n");
        if (*at == '\0')
            break;
        if (*count == SHELL_WORDS_MAX)
            return cli_fail(e, WB_ERR_USAGE, "more than %d words", SHELL_WORDS_MAX);
        words[(*count)++] = at;
        if (!take_word(&at, at))
            return cli_fail(
                e, WB_ERR_USAGE, "a quote has no end: close it as it was opened");
    }
    words[*count] = NULL;
    return WB_OK;
}
