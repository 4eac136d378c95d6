/* tools/examples/statement.c - a program that uses the library: it adds a statement
 * with the consent of the witness, and writes a bundle for a recipient.
 *
 * usage: statement VAULT age1... BUNDLE <TEXT        the passphrase in $PASSPHRASE
 *
 * Build: cc statement.c $(pkg-config --cflags --libs witnessbox)
 * A program for real use asks for the passphrase and wipes it; see vault/cli/. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <witnessbox/witnessbox.h>

/* Each call answers a status; the message says where, what, and what to do. */
#define TRY(call)                                                                      \
    do {                                                                               \
        if ((st = (call)) != WB_OK)                                                    \
            goto out;                                                                  \
    } while (0)

static enum wb_status
put(struct wb_draft *d, const char *field, const char *text, struct wb_error *e)
{
    return wb_draft_add(d, field, WB_STATE_TEXT, text, strlen(text), e);
}

/* The statement and the consent to hand it on, in one transaction: both or none. */
static enum wb_status
add(struct wb_vault *v, const char *text, size_t size, struct wb_saved *statement,
    struct wb_error *e)
{
    struct wb_draft *said = NULL, *allowed = NULL;
    struct wb_change *c = NULL;
    struct wb_saved consent;
    char id[WB_ID_TEXT_BYTES];
    enum wb_status st;

    TRY(wb_change_begin(&c, v, e));
    TRY(wb_draft_new(&said, "statement", e));
    TRY(wb_draft_add_paragraphs(said, "text", text, size, e));
    TRY(wb_change_add(c, said, statement, e));
    wb_id_text(id, &statement->id);
    TRY(wb_draft_new(&allowed, "consent", e));
    TRY(put(allowed, "about", id, e));
    TRY(put(allowed, "purpose", "partner", e));
    TRY(put(allowed, "decision", "yes", e));
    TRY(put(allowed, "level", "pseudonym", e));
    TRY(wb_change_add(c, allowed, &consent, e));
    st = wb_change_commit(&c, e);
out:
    wb_change_rollback(&c); /* nothing, once it is committed */
    wb_draft_free(&said);
    wb_draft_free(&allowed);
    return st;
}

static enum wb_status
run(char **words, struct wb_error *e)
{
    static char text[1 << 20];
    const char *passphrase = getenv("PASSPHRASE"), *to = words[2];
    struct wb_vault *v = NULL;
    struct wb_saved statement;
    struct wb_exported exported;
    struct wb_export_request request = {.to = &to,
        .to_count = 1,
        .ids = &statement.id,
        .id_count = 1,
        .path = words[3]};
    size_t size = fread(text, 1, sizeof text, stdin);
    enum wb_status st;

    TRY(wb_vault_open(&v, words[1], 0, e));
    TRY(wb_vault_unlock(v, passphrase != NULL ? passphrase : "",
        passphrase != NULL ? strlen(passphrase) : 0, e));
    TRY(add(v, text, size, &statement, e));
    TRY(wb_export(v, &request, &exported, e));
    printf("%s sha256 %s\n", words[3], exported.sha256);
out:
    wb_vault_close(&v);
    wb_text_wipe(text, sizeof text);
    return st;
}

int
main(int argc, char **argv)
{
    struct wb_error e = {0};
    enum wb_status st;

    if (argc != 4) {
        fprintf(stderr, "usage: statement VAULT age1... BUNDLE <TEXT\n");
        return 2;
    }
    if ((st = run(argv, &e)) != WB_OK)
        fprintf(stderr, "%s\n", e.message);
    return wb_status_exit(st);
}
