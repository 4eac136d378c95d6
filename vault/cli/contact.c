/* vault/cli/contact.c - `contact add`, `contact list`, `contact verify`: whom we trust.
 */
#include <string.h>
#include <strings.h>

#include "arrivals.h"
#include "cards.h"
#include "cli.h"
#include "commands.h"

enum { CARD_BYTES_MAX = 64 * 1024, LABEL_COLUMNS = 20, ANSWER_BYTES = 256 };

/* ---- add ---- */

struct add_options {
    const char *label;
    struct cli_words words;
};

static const struct cli_option add_rows[] = {
    {.name = "label",
        .kind = CLI_WORD,
        .offset = offsetof(struct add_options, label),
        .value = "LABEL",
        .help = "what we call them; else the name on the card"},
    CLI_WORDS_ROWS(struct add_options),
    {.name = NULL},
};

/* The card in a bundle: of its sender, checked with all of it. */
static enum wb_status
add_from_bundle(struct cli *c, const char *label, struct wb_saved *saved, char **words,
    struct wb_error *e)
{
    const struct add_options *o = (const void *)c->options.bytes;
    struct cli_reading reading = {.words = &o->words, .read = wb_inspect};
    struct wb_bundle_report *report = NULL;
    struct wb_card card;
    const char *text;
    enum wb_status st = cli_bundle_read(c, &reading, c->operands[0], &report, e);

    cli_words_forget();
    if (st != WB_OK)
        return st;
    text = wb_report_card(report);
    if ((st = wb_contact_add(c->vault, text, strlen(text), label, saved, e)) == WB_OK)
        st = wb_card_read(&card, words, text, strlen(text), e);
    wb_report_free(&report);
    return st;
}

static enum wb_status
add_from_card(struct cli *c, const char *label, struct wb_saved *saved, char **words,
    struct wb_error *e)
{
    struct cli_bytes b = {0};
    struct wb_card card;
    enum wb_status st = cli_read(c, &b, c->operands[0], CARD_BYTES_MAX, "the card", e);

    if (st == WB_OK &&
        (st = wb_contact_add(c->vault, b.bytes, b.size, label, saved, e)) == WB_OK)
        st = wb_card_read(&card, words, b.bytes, b.size, e);
    cli_bytes_free(&b);
    return st;
}

static enum wb_status
run_add(struct cli *c, struct wb_error *e)
{
    const struct add_options *o = (const void *)c->options.bytes;
    const bool is_stdin = strcmp(c->operands[0], "-") == 0;
    enum cli_file_kind kind = CLI_FILE_CARD;
    struct wb_saved saved;
    char *words = NULL;
    enum wb_status st = WB_OK;

    if (!is_stdin)
        st = cli_file_recognise(c, &kind, c->operands[0], e);
    if (st == WB_OK)
        st = kind == CLI_FILE_BUNDLE ? add_from_bundle(c, o->label, &saved, &words, e)
                                     : add_from_card(c, o->label, &saved, &words, e);
    if (st != WB_OK)
        return cli_within(
            e, st, is_stdin ? cli_word("standard input") : c->operands[0]);
    cli_print_saved(c, &saved);
    if ((st = cli_card_warn(c, &saved, e)) == WB_OK) {
        cli_note(c,
            "not verified yet: have them read out the words that `identity` shows "
            "them, then `contact verify`");
        cli_note(c, "words of this card: %s", words);
    }
    wb_text_free(words);
    return st;
}

const struct cli_command cli_contact_add = {
    .name = "contact add",
    .needs = CLI_WRITE,
    .operands = "FILE",
    .first_use = CLI_READS,
    .run = run_add,
    .summary = "add a contact from an identity card, or from a bundle",
    .options = add_rows,
    .options_size = sizeof(struct add_options),
    .help = "The card is what `identity --export` writes; - reads standard input. "
            "Every bundle\n"
            "has the card of its sender in it. Another card of a contact, signed with "
            "the\n"
            "key that was known (after `head --restart`, `restore` or `identity "
            "rotate`),\n"
            "changes that contact, who is to be compared anew.",
};

/* ---- list ---- */

static void
json_words(struct cli *c, const struct wb_contact *contact)
{
    struct wb_error e = {0};
    struct wb_card card;
    char *words = NULL;

    if (wb_card_read(&card, &words, contact->card, strlen(contact->card), &e) != WB_OK)
        return;
    cli_json_pair(c, "words", words);
    wb_text_free(words);
}

static bool
show_contact(void *cookie, const struct wb_contact *contact)
{
    struct cli *c = cookie;

    if (c->global.json) {
        cli_json_open(c, '{');
        cli_json_id(c, "id", &contact->id);
        cli_json_pair(c, "label", contact->label);
        cli_json_pair(c, "name", contact->name);
        cli_json_pair(c, "recipient", contact->recipient);
        cli_json_pair(c, "minisign", contact->minisign);
        cli_json_key(c, "verified");
        cli_json_bool(c, contact->verified);
        cli_json_pair(c, "how", contact->verified_how);
        cli_json_pair(c, "when", contact->verified_when);
        json_words(c, contact);
        cli_json_close(c, '}');
        return true;
    }
    cli_print_column(contact->label, strlen(contact->label), LABEL_COLUMNS);
    cli_print("%s  ", contact->minisign);
    if (contact->verified)
        cli_print("verified: ");
    else
        cli_print("not verified");
    cli_print_safe(contact->verified_how, strlen(contact->verified_how));
    cli_print("%s%s\n", contact->verified ? ", " : "", contact->verified_when);
    return true;
}

static enum wb_status
run_list(struct cli *c, struct wb_error *e)
{
    enum wb_status st;

    if (c->global.json)
        cli_json_open(c, '[');
    st = wb_contact_each(c->vault, show_contact, c, e);
    if (c->global.json)
        cli_json_close(c, ']');
    return st;
}

const struct cli_command cli_contact_list = {
    .name = "contact list",
    .needs = CLI_READ,
    .operands = "",
    .run = run_list,
    .summary = "list contacts and whether their keys were compared",
    .help = "Label, minisign key, and how the key was compared with its owner.",
};

/* ---- verify ---- */

struct verify_options {
    const char *how;
    const char *words;
    const char *organisation;
};

static const struct cli_option verify_rows[] = {
    {.name = "how",
        .kind = CLI_WORD,
        .offset = offsetof(struct verify_options, how),
        .value = "TEXT",
        .help = "how the key was compared: by voice, in person, ..."},
    {.name = "words",
        .kind = CLI_WORD,
        .offset = offsetof(struct verify_options, words),
        .value = "WORDS",
        .help = "the words as their owner read them out: refused where they differ"},
    {.name = "organisation",
        .kind = CLI_WORD,
        .offset = offsetof(struct verify_options, organisation),
        .value = "own/other",
        .help = "of our own organisation, so that purpose internal is open to them"},
    {.name = NULL},
};

/* What is compared of a contact: the words of the card, or of a field vault, which has
 * none, the mark. */
struct wanted {
    const char *label;
    struct wb_error *e;
    enum wb_status st;
    bool is_field;
    char *words; /* of the card */
    char mark[WB_MARK_BYTES];
};

static bool
find_words(void *cookie, const struct wb_contact *contact)
{
    struct wanted *w = cookie;
    struct wb_card card;

    if (strcmp(contact->label, w->label) != 0)
        return true;
    w->is_field = contact->card[0] == '\0';
    w->st = w->is_field
        ? wb_contact_mark(w->mark, contact, w->e)
        : wb_card_read(&card, &w->words, contact->card, strlen(contact->card), w->e);
    return false;
}

static enum wb_status
read_words(struct cli *c, struct wanted *w, struct wb_error *e)
{
    enum wb_status st = wb_contact_each(c->vault, find_words, w, e);

    if (st == WB_OK && w->st == WB_OK && w->words == NULL && !w->is_field)
        st = cli_fail(e, WB_ERR_NOT_FOUND,
            "%s: no contact has this label; `contact list` shows them", w->label);
    return st == WB_OK ? w->st : st;
}

/* Whether they are the same words, however they were typed. */
static bool
are_same(const char *said, const char *words)
{
    static const char blank[] = " \t\r\n";
    size_t size;

    do {
        said += strspn(said, blank);
        words += strspn(words, blank);
        size = strcspn(words, blank);
        if (strcspn(said, blank) != size || strncasecmp(said, words, size) != 0)
            return false;
        said += size;
        words += size;
    } while (size > 0);
    return true;
}

static bool
is_said(const char *how)
{
    return how != NULL && how[0] != '\0';
}

static enum wb_status
check_words(const struct wanted *w, const char *said, struct wb_error *e)
{
    if (said == NULL || are_same(said, w->is_field ? w->mark : w->words))
        return WB_OK;
    if (w->is_field)
        return cli_fail(e, WB_ERR_INTEGRITY,
            "%s: this is not the mark of the field vault that was collected: another "
            "field vault, or misread",
            w->label);
    return cli_fail(e, WB_ERR_INTEGRITY,
        "%s: these are not the words of the card that is here: somebody else's card, "
        "or misread",
        w->label);
}

/* On a terminal the words are shown and the question is asked; a script says what was
 * read out, or only how it was compared. */
static enum wb_status
compare(const struct verify_options *o, const struct wanted *w, const char **how,
    struct wb_error *e)
{
    static char answer[ANSWER_BYTES];
    bool same = false;
    enum wb_status st;

    if ((st = check_words(w, o->words, e)) != WB_OK)
        return st;
    if (is_said(o->how)) {
        *how = o->how;
        return WB_OK;
    }
    if (!cli_is_terminal())
        return cli_fail(e, WB_ERR_USAGE,
            "contact verify: --how is missing: say how you compared the key");
    cli_print("%s\n", w->is_field ? w->mark : w->words);
    if ((st = cli_confirm(&same,
             "Did they read out exactly these words, and is it their voice or face? ",
             e)) != WB_OK)
        return st;
    if (!same)
        return cli_fail(e, WB_ERR_POLICY, "not verified, nothing was changed");
    if ((st = cli_ask(answer, sizeof answer, "How was it compared? ", e)) != WB_OK)
        return st;
    if (answer[0] == '\0')
        return cli_fail(e, WB_ERR_USAGE, "say how, nothing was changed");
    *how = answer;
    return WB_OK;
}

static enum wb_status
run_verify(struct cli *c, struct wb_error *e)
{
    const struct verify_options *o = (const void *)c->options.bytes;
    const char *label = c->operands[0], *how = NULL;
    struct wanted w = {.label = label, .e = e};
    enum wb_status st = WB_OK;

    if (o->words != NULL || !is_said(o->how)) /* else nobody looks at them */
        st = read_words(c, &w, e);
    if (st == WB_OK && (st = compare(o, &w, &how, e)) == WB_OK)
        st = wb_contact_verify(c->vault, label, how, o->organisation, e);
    wb_text_free(w.words);
    if (st != WB_OK)
        return st;
    cli_note(c, "%s is verified: what they sign is taken in without a question", label);
    if (!c->global.json)
        return WB_OK;
    cli_json_open(c, '{');
    cli_json_pair(c, "label", label);
    cli_json_key(c, "verified");
    cli_json_bool(c, true);
    cli_json_close(c, '}');
    return WB_OK;
}

const struct cli_command cli_contact_verify = {
    .name = "contact verify",
    .needs = CLI_WRITE,
    .operands = "LABEL",
    .run = run_verify,
    .summary = "record that a contact's key was compared",
    .options = verify_rows,
    .options_size = sizeof(struct verify_options),
    .help = "Its owner reads out the twelve words of `identity`, by voice or face to "
            "face.\n"
            "From then on bundles signed by this key are accepted without a "
            "question.\n"
            "A field vault has no card: whoever has it reads out its own mark, which\n"
            "`collect` told, and collecting it once more makes its records ours.",
};
