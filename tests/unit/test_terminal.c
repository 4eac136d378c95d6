/* tests/unit/test_terminal.c - a passphrase typed on a terminal, here a pseudo one. */
#include "cm.h"

#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"

static const char prompt[] = "Passphrase: ";

struct line {
    int keyboard; /* the far end: what is written here is typed */
    int terminal;
    pid_t typist;
};

static bool
echo_is_on(int fd)
{
    struct termios t;

    assert_int_equal(tcgetattr(fd, &t), 0);
    return (t.c_lflag & ECHO) != 0;
}

/* Another process waits for the prompt, then types `text`, or (NULL) sends SIGALRM. Its
 * exit status says whether the echo was off meanwhile. */
static void
sit_down(struct line *l, const char *text)
{
    char seen[sizeof prompt] = "";
    pid_t asker = getpid();

    assert_int_equal(openpty(&l->keyboard, &l->terminal, NULL, NULL, NULL), 0);
    assert_true(echo_is_on(l->terminal));
    l->typist = fork();
    assert_true(l->typist >= 0);
    if (l->typist != 0)
        return;
    for (size_t got = 0; got < sizeof prompt - 1;) {
        ssize_t n = read(l->keyboard, seen + got, sizeof prompt - 1 - got);

        if (n <= 0)
            _exit(2);
        got += (size_t)n;
    }
    if (strcmp(seen, prompt) != 0 || echo_is_on(l->terminal))
        _exit(3);
    if (text == NULL)
        _exit(kill(asker, SIGALRM) == 0 ? 0 : 4);
    _exit(write(l->keyboard, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : 5);
}

static void
stand_up(struct line *l)
{
    int status = 0;

    while (waitpid(l->typist, &status, 0) < 0)
        continue;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(echo_is_on(l->terminal));
    (void)close(l->keyboard);
    (void)close(l->terminal);
}

static void
what_is_typed_is_read_without_its_line_feed_and_not_echoed(void **state)
{
    struct cli_passphrase p = {0};
    struct wb_error e = {0};
    struct line l;
    char shown[64] = "";

    (void)state;
    sit_down(&l, "correct horse\nmore");
    assert_int_equal(cli_terminal_ask(&p, l.terminal, prompt, &e), WB_OK);
    assert_int_equal(p.size, strlen("correct horse"));
    assert_memory_equal(p.bytes, "correct horse", p.size);
    assert_true(read(l.keyboard, shown, sizeof shown - 1) > 0);
    assert_string_equal(shown, "\r\n");
    stand_up(&l);
}

static void
a_line_too_long_is_refused(void **state)
{
    static char text[CLI_PASSPHRASE_MAX + 3];
    struct cli_passphrase p = {0};
    struct wb_error e = {0};
    struct line l;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 2] = '\n';
    sit_down(&l, text);
    assert_int_equal(cli_terminal_ask(&p, l.terminal, prompt, &e), WB_ERR_VALUE);
    assert_string_equal(e.message, "passphrase: more than 1024 bytes");
    stand_up(&l);
}

static void
the_end_of_input_is_no_passphrase(void **state)
{
    struct cli_passphrase p = {0};
    struct wb_error e = {0};
    struct line l;

    (void)state;
    sit_down(&l, "\004"); /* control D */
    assert_int_equal(cli_terminal_ask(&p, l.terminal, prompt, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "no passphrase was given");
    stand_up(&l);
}

static int watched_terminal;
static volatile sig_atomic_t echo_at_signal;

static void
look_at_echo(int number)
{
    struct termios t;

    (void)number;
    echo_at_signal =
        tcgetattr(watched_terminal, &t) == 0 && (t.c_lflag & ECHO) != 0 ? 1 : -1;
}

static void
a_signal_is_obeyed_only_when_the_echo_is_back(void **state)
{
    struct cli_passphrase p = {0};
    struct wb_error e = {0};
    struct line l;

    (void)state;
    sit_down(&l, NULL);
    watched_terminal = l.terminal;
    assert_true(signal(SIGALRM, look_at_echo) != SIG_ERR);
    assert_int_equal(cli_terminal_ask(&p, l.terminal, prompt, &e), WB_ERR_USAGE);
    assert_string_equal(e.message, "interrupted");
    assert_int_equal(echo_at_signal, 1);
    (void)signal(SIGALRM, SIG_DFL);
    stand_up(&l);
}

static void
what_is_no_terminal_is_refused(void **state)
{
    struct cli_passphrase p = {.size = 3, .bytes = "abc"};
    struct wb_error e = {0};
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(cli_terminal_ask(&p, ends[0], prompt, &e), WB_ERR_IO);
    assert_int_equal(p.size, 3);
    assert_memory_equal(p.bytes, "abc", 3);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_typed_is_read_without_its_line_feed_and_not_echoed),
        cmocka_unit_test(a_line_too_long_is_refused),
        cmocka_unit_test(the_end_of_input_is_no_passphrase),
        cmocka_unit_test(a_signal_is_obeyed_only_when_the_echo_is_back),
        cmocka_unit_test(what_is_no_terminal_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
