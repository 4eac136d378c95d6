/* vault/cli/language.c - the language that the command speaks: gettext of the C
 * library. What programs read (JSON, field names, words of lists) stays as it is. */
#include <libintl.h>
#include <locale.h>

#include "speak.h"

static const char domain[] = WB_PROGRAM;

static const char *program = WB_PROGRAM " ";

/* Before the sandbox: the catalogue is read at the first word. Only messages follow the
 * locale; bytes are UTF-8 whatever it says. */
void
cli_language_begin(const char *folder)
{
    (void)setlocale(LC_MESSAGES, "");
    (void)bindtextdomain(domain, folder);
    (void)bind_textdomain_codeset(domain, "UTF-8");
    (void)cli_word("create a vault");
}

void
cli_language_plain(bool plain)
{
    const locale_t english = newlocale(LC_MESSAGES_MASK, "C", (locale_t)0);

    (void)uselocale(plain && english != (locale_t)0 ? english : LC_GLOBAL_LOCALE);
}

const char *
cli_word(const char *english)
{
    return english[0] == '\0' ? english : dgettext(domain, english);
}

const char *
cli_plural(const char *one, const char *many, uint64_t count)
{
    return dngettext(domain, one, many, count);
}

const char *
cli_program(void)
{
    return program;
}

void
cli_program_inside(void)
{
    program = "";
}
