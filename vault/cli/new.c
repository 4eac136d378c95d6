/* vault/cli/new.c - a new passphrase and what it costs to guess: read, opened, told. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "new.h"

enum {
    PORTABLE_MIB = 256, /* opens within seconds on any laptop of the last ten years */
    PORTABLE_PASSES = 3,
    PORTABLE_LANES = 4,
    STRONG_BITS = 64,
    TIME_BYTES = 64,
    GUESSES_A_SECOND = 10000, /* of somebody with many machines, at one second each */
};

enum wb_status
cli_kdf_given(const struct cli_kdf *from, bool *given, struct wb_error *e)
{
    bool numbers = from->memory.given || from->passes.given || from->lanes.given;

    if (from->portable && numbers)
        return cli_fail(
            e, WB_ERR_USAGE, "--portable sets what the --kdf options would");
    *given = from->portable || numbers;
    return WB_OK;
}

static void
put_number(uint32_t *to, const struct cli_number *from)
{
    if (from->given)
        *to = (uint32_t)from->value;
}

void
cli_kdf_put(struct wb_vault_options *to, const struct cli_kdf *from)
{
    if (from->portable) {
        to->kdf_memory_mib = PORTABLE_MIB;
        to->kdf_passes = PORTABLE_PASSES;
        to->kdf_lanes = PORTABLE_LANES;
    }
    put_number(&to->kdf_memory_mib, &from->memory);
    put_number(&to->kdf_passes, &from->passes);
    put_number(&to->kdf_lanes, &from->lanes);
}

void
cli_kdf_warn(uint32_t memory_mib)
{
    if (memory_mib > PORTABLE_MIB)
        cli_warn("opening takes %" PRIu32
                 " MiB of memory: a smaller computer may not be "
                 "able to; --portable takes %d",
            memory_mib, PORTABLE_MIB);
}

/* Seconds as people count them. */
static void
spell_time(char out[static TIME_BYTES], uint64_t seconds)
{
    static const struct {
        uint64_t seconds;
        const char *one, *many;
    } units[] = {{UINT64_C(31557600), CLI_COUNTED("year", "years")},
        {86400, CLI_COUNTED("day", "days")}, {3600, CLI_COUNTED("hour", "hours")},
        {60, CLI_COUNTED("minute", "minutes")}, {1, CLI_COUNTED("second", "seconds")}};
    size_t i = 0;

    while (i < 4 && seconds < 2 * units[i].seconds)
        i++;
    if (seconds / units[i].seconds >= 1000000)
        (void)snprintf(out, TIME_BYTES, "%s", cli_word("millions of years"));
    else
        (void)snprintf(out, TIME_BYTES, "%" PRIu64 " %s", seconds / units[i].seconds,
            cli_plural(units[i].one, units[i].many, seconds / units[i].seconds));
}

void
cli_tell_strength(const struct cli *c, const struct cli_passphrase *p)
{
    const char *why;
    unsigned bits = wb_passphrase_guesses(p->bytes, p->size, &why);
    char time[TIME_BYTES];

    if (bits >= STRONG_BITS)
        return;
    spell_time(time, (UINT64_C(1) << bits) / 2 / GUESSES_A_SECOND);
    cli_note(c,
        "this passphrase (%s) may take about 2^%u guesses: %s for somebody who tries "
        "%d a "
        "second; `%spassphrase suggest` makes one of 2^77",
        cli_word(why), bits, time, GUESSES_A_SECOND, cli_program());
}

static enum wb_status
open_key_file(struct cli *c, struct wb_new_passphrase *to, const struct cli_new *from,
    struct wb_error *e)
{
    if (from->key_file != NULL && from->no_key_file)
        return cli_fail(
            e, WB_ERR_USAGE, "--new-key-file and --no-key-file: one or the other");
    to->key_file = -1;
    if (from->no_key_file)
        to->key_file_use = WB_KEY_FILE_NONE;
    if (from->key_file == NULL)
        return WB_OK;
    to->key_file_use = WB_KEY_FILE_GIVEN;
    return cli_open_file(c, &to->key_file, from->key_file, e);
}

enum wb_status
cli_new_passphrase(struct cli *c, struct cli_passphrase *p,
    struct wb_new_passphrase *to, const struct cli_new *from, struct wb_error *e)
{
    const struct cli_source source = {
        from->fd, from->file, cli_word("New passphrase: "), true};
    enum wb_status st;

    *to = (struct wb_new_passphrase){.key_file = -1};
    if (!cli_passphrase_is_there(&source))
        return cli_fail(e, WB_ERR_USAGE,
            "new passphrase: standard input is no terminal to ask on; give "
            "--new-passphrase-fd or --new-passphrase-file");
    if ((st = open_key_file(c, to, from, e)) != WB_OK)
        return st;
    (void)mlock(p, sizeof *p);
    if ((st = cli_passphrase(c, p, &source, e)) != WB_OK)
        return st;
    if (cli_passphrase_is_asked(&source))
        cli_tell_strength(c, p);
    to->text = p->bytes;
    to->size = p->size;
    return WB_OK;
}

void
cli_new_end(struct cli_passphrase *p, struct wb_new_passphrase *to)
{
    wb_text_wipe(p, sizeof *p);
    if (to->key_file >= 0)
        (void)close(to->key_file);
    to->key_file = -1;
}

enum wb_status
cli_rekey(struct cli *c, struct wb_error *e)
{
    const struct wb_progress progress = cli_progress(c);
    enum wb_status st = wb_rekey(c->vault, &progress, e);

    if (st == WB_OK)
        cli_note(c, "rekeyed: keys copied before today open nothing added from now on");
    return st;
}
