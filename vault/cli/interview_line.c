/* vault/cli/interview_line.c - one answer: a line, or one key that says something else.
 */
#include <signal.h>
#include <string.h>

#include "interview.h"

/* Keys that every keyboard has, of whatever script; typed alone they are no answer. */
static const struct {
    const char *alone;
    enum cli_key key;
    enum cli_answer answer;
} one_key[] = {
    {"?", CLI_KEY_F1, CLI_ANSWER_HELP},
    {"\xd8\x9f", CLI_KEY_NONE, CLI_ANSWER_HELP}, /* the Arabic question mark */
    {"-", CLI_KEY_UP, CLI_ANSWER_BACK},
    {".", CLI_KEY_NONE, CLI_ANSWER_ENOUGH},
    {",", CLI_KEY_NONE, CLI_ANSWER_RETRACT},
    {"*", CLI_KEY_F2, CLI_ANSWER_UNKNOWN},
    {"/", CLI_KEY_F3, CLI_ANSWER_NOT_ASKED},
    {"!", CLI_KEY_F4, CLI_ANSWER_REFUSED},
};

static enum cli_answer
answer_of_line(const struct cli_reader *r)
{
    size_t start = 0, end = r->line.size;

    while (end > start && (r->line.bytes[end - 1] == ' '))
        end--;
    if (end == start)
        return CLI_ANSWER_NOTHING;
    for (size_t n = 0; n < sizeof one_key / sizeof *one_key; n++)
        if (strlen(one_key[n].alone) == end &&
            memcmp(one_key[n].alone, r->line.bytes, end) == 0)
            return one_key[n].answer;
    return CLI_ANSWER_TEXT;
}

static enum cli_answer
answer_of_key(enum cli_key key)
{
    for (size_t n = 0; n < sizeof one_key / sizeof *one_key; n++)
        if (one_key[n].key == key && key != CLI_KEY_NONE)
            return one_key[n].answer;
    return CLI_ANSWER_HELP;
}

/* A signal is obeyed when the draft is sealed; until then nothing may be lost. */
static enum cli_answer
interrupted(struct cli_interview *i)
{
    if (!cli_interview_seal(i) && i->reader.signal == SIGINT)
        return CLI_ANSWER_HELP;        /* it was said; the line is still there */
    if (i->reader.signal == SIGTSTP) { /* who is stopped cannot lock itself */
        i->c->signal = 0;
        return CLI_ANSWER_LOCK;
    }
    i->c->signal = i->reader.signal;
    return CLI_ANSWER_KEEP;
}

enum cli_answer
cli_interview_line(struct cli_interview *i, const char *prompt)
{
    struct cli_reader *r = &i->reader;
    enum cli_answer answer;

    r->prompt = prompt;
    switch (cli_reader_read(r)) {
    case CLI_END_LINE:
        answer = answer_of_line(r);
        if (answer != CLI_ANSWER_TEXT)
            cli_reader_clear(r);
        return answer;
    case CLI_END_KEY:
        return answer_of_key(r->key);
    case CLI_END_CLOSED:
        return CLI_ANSWER_KEEP;
    case CLI_END_IDLE:
        return CLI_ANSWER_LOCK;
    case CLI_END_SIGNAL:
        return interrupted(i);
    case CLI_END_FAILED:
        break;
    }
    (void)cli_fail(i->e, WB_ERR_IO, "terminal: it cannot be read");
    return CLI_ANSWER_STOP;
}
