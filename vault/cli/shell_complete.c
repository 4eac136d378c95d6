/* vault/cli/shell_complete.c - what the word before the cursor may become: commands,
 * options, kinds, fields, words of lists, ids. */
#include <stdio.h>
#include <string.h>

#include "shell.h"

enum { ID_BYTES_MIN = 4, SHOWN_MAX = 60 };

/* What fits so far: what all have in common, and how many there are. */
struct fits {
    const char *word;
    size_t size;
    char common[256];
    size_t count;
    bool shows;
};

static void
offer(struct fits *f, const char *candidate)
{
    size_t same = 0;

    if (strncmp(candidate, f->word, f->size) != 0)
        return;
    if (f->count++ == 0)
        (void)snprintf(f->common, sizeof f->common, "%s", candidate);
    while (f->common[same] != '\0' && f->common[same] == candidate[same])
        same++;
    f->common[same] = '\0';
    if (f->shows && f->count <= SHOWN_MAX)
        cli_tell("%s  ", candidate);
}

/* ---- where candidates come from ---- */

/* The words before the one at the cursor. */
struct before {
    char line[SHELL_LINE_BYTES];
    char *words[SHELL_WORDS_MAX + 1];
    int count;
    const struct cli_command *command;
    int operands_at; /* words of the command's name */
};

static void
find_command(struct before *b)
{
    char both[128];

    if (b->count > 1) {
        (void)snprintf(both, sizeof both, "%s %s", b->words[0], b->words[1]);
        b->command = cli_command_find(both);
        b->operands_at = 2;
    }
    if (b->command == NULL && b->count > 0) {
        b->command = cli_command_find(b->words[0]);
        b->operands_at = 1;
    }
}

static void
offer_commands(struct fits *f, const struct before *b)
{
    char first[64];

    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const char *name = cli_commands[i]->name, *space = strchr(name, ' ');

        if (b->count == 1 && space != NULL &&
            strncmp(name, b->words[0], (size_t)(space - name)) == 0 &&
            b->words[0][space - name] == '\0')
            offer(f, space + 1);
        if (b->count > 0)
            continue;
        (void)snprintf(first, sizeof first, "%.*s",
            (int)(space != NULL ? space - name : (int)strlen(name)), name);
        offer(f, first);
    }
}

static void
offer_options(struct fits *f, const struct cli_option *rows)
{
    char name[64];

    for (; rows != NULL && rows->name != NULL; rows++) {
        (void)snprintf(name, sizeof name, "--%s", rows->name);
        offer(f, name);
    }
}

static void
offer_kinds(struct fits *f)
{
    for (size_t i = 0; i < wb_kind_count(); i++)
        if ((wb_kind_at(i)->flags & WB_BY_HAND) != 0)
            offer(f, wb_kind_at(i)->name);
}

/* FIELD= of the kind that is being added, or FIELD=WORD of a list. */
static void
offer_fields(struct fits *f, const struct before *b)
{
    const struct wb_kind *kind =
        b->count > b->operands_at ? wb_kind_find(b->words[b->operands_at]) : NULL;
    const struct wb_code *code;
    char text[256];

    for (size_t i = 0; kind != NULL && i < kind->count; i++) {
        const struct wb_field *field = &kind->fields[i];

        if ((field->flags & WB_OURS) != 0)
            continue;
        (void)snprintf(text, sizeof text, "%s=", field->name);
        if (strncmp(f->word, text, strlen(text)) != 0) {
            offer(f, text);
            continue;
        }
        for (size_t n = 0;
             field->kind == WB_CODE && (code = wb_code_at(field->list, n)) != NULL;
             n++) {
            (void)snprintf(text, sizeof text, "%s=%s", field->name, code->word);
            offer(f, text);
        }
    }
}

/* A whole id for its unique beginning. */
static void
offer_id(struct fits *f, struct wb_vault *v)
{
    char text[WB_ID_TEXT_BYTES];
    struct wb_error ignored;
    struct wb_id id;

    if (v == NULL || f->size < ID_BYTES_MIN || f->size >= sizeof text)
        return;
    memcpy(text, f->word, f->size);
    text[f->size] = '\0';
    if (wb_find(v, &id, text, &ignored) != WB_OK)
        return;
    wb_id_text(text, &id);
    offer(f, text);
}

static void
offer_all(struct fits *f, const struct shell *s, const struct before *b)
{
    const char *last = b->count > 0 ? b->words[b->count - 1] : "";

    if (b->command == NULL)
        offer_commands(f, b);
    else if (f->size > 0 && f->word[0] == '-') {
        offer_options(f, b->command->options);
        offer_options(f, cli_globals);
    } else if (strcmp(last, "-F") == 0 || strcmp(last, "--field") == 0)
        offer_fields(f, b);
    else if (strcmp(last, "--kind") == 0 ||
        (b->count == b->operands_at && strstr(b->command->operands, "KIND") != NULL))
        offer_kinds(f);
    else
        offer_id(f, s->c->vault);
}

/* ---- the key ---- */

/* Cuts the line before the cursor into words and the one at it; false inside quotes. */
static bool
split(const struct cli_reader *r, struct before *b, struct fits *f)
{
    struct wb_error ignored;
    size_t start = r->at;

    while (start > 0 && r->line.bytes[start - 1] != ' ')
        start--;
    f->word = r->line.bytes + start;
    f->size = r->at - start;
    if (start >= sizeof b->line)
        return false;
    memcpy(b->line, r->line.bytes, start);
    b->line[start] = '\0';
    if (shell_words(b->line, b->words, &b->count, &ignored) != WB_OK)
        return false;
    find_command(b);
    return true;
}

static void
put_in(struct cli_reader *r, const char *text, size_t size)
{
    if (cli_bytes_put(&r->line, r->at, text, size))
        r->at += size;
}

void
shell_complete(struct shell *s)
{
    struct cli_reader *r = &s->reader;
    const void *taken = cli_taken();
    struct before *b = cli_take(1, sizeof *b);
    struct fits f = {0};

    if (b == NULL || !split(r, b, &f))
        goto out;
    offer_all(&f, s, b);
    if (f.count > 0 && strlen(f.common) > f.size)
        put_in(r, f.common + f.size, strlen(f.common) - f.size);
    else if (f.count > 1) {
        cli_reader_pass(r);
        f.shows = true;
        f.count = 0;
        offer_all(&f, s, b);
        cli_tell("\n");
    }
    if (f.count == 1 && f.common[strlen(f.common) - 1] != '=')
        put_in(r, " ", 1);
out:
    wb_text_wipe(&f, sizeof f);
    cli_release(taken);
}
