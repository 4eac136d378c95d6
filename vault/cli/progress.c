/* vault/cli/progress.c - how far something long is, on one line of a terminal. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

enum { UNIT = 1000, LINE_BYTES = 512, PART_BYTES = 64 };

static struct {
    time_t began, told;
    uint64_t done;  /* last time */
    size_t columns; /* of the line that is shown, 0: none */
} meter;

static time_t
seconds_now(void)
{
    struct timespec now;

    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? now.tv_sec : 0;
}

/* "340 MB", "12 kB": what a disk or a stick is sold by. */
static void
write_bytes(char *text, size_t room, uint64_t bytes)
{
    static const char *const units[] = {CLI_SAID("bytes"), CLI_SAID("kB"),
        CLI_SAID("MB"), CLI_SAID("GB"), CLI_SAID("TB")};
    size_t unit = 0;

    for (; bytes >= 10 * UNIT && unit + 1 < sizeof units / sizeof *units; unit++)
        bytes /= UNIT;
    (void)snprintf(text, room, "%" PRIu64 " %s", bytes, cli_word(units[unit]));
}

/* What is counted is named once, behind the last of the amounts. */
static void
write_amount(char *text, uint64_t amount, const char *what)
{
    if (what == NULL)
        write_bytes(text, PART_BYTES, amount);
    else
        (void)snprintf(text, PART_BYTES, "%" PRIu64, amount);
}

static void
write_left(char *text, size_t room, uint64_t left, uint64_t rate)
{
    const uint64_t seconds = rate == 0 ? 0 : left / rate;

    if (rate == 0)
        text[0] = '\0';
    else if (seconds < 120)
        (void)snprintf(text, room, cli_word(", %" PRIu64 " s left"), seconds);
    else
        (void)snprintf(text, room, cli_word(", %" PRIu64 " min left"), seconds / 60);
}

void
cli_progress_clear(void)
{
    if (meter.columns > 0)
        (void)fprintf(stderr, "\r%*s\r", (int)meter.columns, "");
    meter.columns = 0;
}

static void
show_line(const char *line)
{
    cli_progress_clear();
    (void)fputs(line, stderr);
    (void)fflush(stderr);
    meter.columns = wb_text_columns(line, strlen(line));
}

/* Once a second, from the second one on. */
void
cli_progress_show(const struct cli *c, uint64_t done, uint64_t total, const char *what)
{
    const time_t now = seconds_now();
    char line[LINE_BYTES], amount[PART_BYTES], whole[PART_BYTES], rate[PART_BYTES],
        left[PART_BYTES] = "";
    uint64_t each;

    if (done < meter.done || meter.began == 0)
        meter.began = now;
    meter.done = done;
    if (now - meter.began < 1 || now == meter.told || c->global.quiet ||
        isatty(STDERR_FILENO) != 1)
        return;
    meter.told = now;
    each = done / (uint64_t)(now - meter.began);
    write_amount(amount, done, what);
    write_amount(whole, total, what);
    write_amount(rate, each, what);
    if (total > done)
        write_left(left, sizeof left, total - done, each);
    (void)snprintf(line, sizeof line, cli_word("%s: %s%s%s%s%s, %s a second%s"),
        c->command->name, amount, total > 0 ? cli_word(" of ") : "",
        total > 0 ? whole : "", what != NULL ? " " : "",
        what != NULL ? cli_word(what) : "", rate, left);
    show_line(line);
}

static void
tell(void *cookie, uint64_t done, uint64_t total, const char *what)
{
    cli_progress_show(cookie, done, total, what);
}

struct wb_progress
cli_progress(struct cli *c)
{
    return (struct wb_progress){tell, c};
}

void
cli_progress_begin(struct cli *c)
{
    static struct wb_progress progress;

    memset(&meter, 0, sizeof meter);
    progress = cli_progress(c);
    wb_progress_watch(&progress);
}

void
cli_progress_end(void)
{
    wb_progress_watch(NULL);
    cli_progress_clear();
}
