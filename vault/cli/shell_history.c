/* vault/cli/shell_history.c - the lines typed before, in memory only. */
#include <string.h>

#include "shell.h"

void
shell_history_keep(struct shell_history *h, const struct cli_bytes *line)
{
    char *to = h->lines[h->count % SHELL_HISTORY];

    h->at = 0;
    if (line->size == 0 || line->size > SHELL_LINE_BYTES)
        return;
    wb_text_wipe(to, SHELL_LINE_BYTES);
    memcpy(to, line->bytes, line->size);
    h->sizes[h->count % SHELL_HISTORY] = line->size;
    h->count++;
}

void
shell_history_step(struct shell_history *h, struct cli_reader *r, int step)
{
    const size_t most = h->count < SHELL_HISTORY ? h->count : SHELL_HISTORY;
    size_t slot;

    if ((step > 0 && h->at == most) || (step < 0 && h->at == 0))
        return;
    h->at = step > 0 ? h->at + 1 : h->at - 1;
    cli_reader_clear(r);
    if (h->at == 0)
        return;
    slot = (h->count - h->at) % SHELL_HISTORY;
    if (cli_bytes_put(&r->line, 0, h->lines[slot], h->sizes[slot]))
        r->at = r->line.size;
}
