/* vault/report/seal.c - paper that can be held against the vault later. */
#include "seal.h"

#include <string.h>
#include <witnessbox/custody.h>

#include "../base/fail.h"
#include "../base/text.h"
#include "qr.h"

void
wb_seal_line(struct wb_buf *out, const struct wb_set *s, const struct wb_record *r)
{
    char id[WB_ID_TEXT_BYTES], root[WB_ROOT_TEXT_BYTES];

    if (!wb_set_has_ids(s))
        return;
    wb_id_text(id, wb_record_id(r));
    wb_hex_encode(root, wb_record_root(r), WB_ROOT_BYTES);
    wb_buf_add_text(out, "<p class=\"small\">");
    wb_buf_print(out, wb_word("<code>%s</code> revision %u, root <code>%s</code>"), id,
        (unsigned)wb_record_revision(r), root);
    wb_buf_add_text(out, "</p>\n");
}

static enum wb_status
put_root(struct wb_buf *out, const struct wb_record *r, struct wb_error *e)
{
    char id[WB_ID_TEXT_BYTES], root[WB_ROOT_TEXT_BYTES];
    enum wb_status st;

    wb_id_text(id, wb_record_id(r));
    wb_hex_encode(root, wb_record_root(r), WB_ROOT_BYTES);
    wb_buf_add_text(out, "<div class=\"seal\">\n");
    st = wb_qr_put(out, root, wb_word("The root of this revision"), e);
    wb_buf_add_text(out, "<div><p class=\"small\">");
    wb_buf_print(out,
        wb_word("Record <code>%s</code>, revision %u. Its root is the hash of "
                "everything that was written down, so that no word of it can be "
                "changed later without being seen:"),
        id, (unsigned)wb_record_revision(r));
    wb_buf_print(out, "</p><p><code>%s</code></p></div>\n</div>\n", root);
    return st;
}

static enum wb_status
put_log(struct wb_buf *out, struct wb_vault *v, struct wb_error *e)
{
    const char *checkpoint;
    enum wb_status st = wb_head(v, &checkpoint, e);

    if (st != WB_OK)
        return st;
    wb_buf_add_text(out, "<p class=\"small\">");
    wb_buf_add_text(out,
        wb_word("Before this page was made the whole log was checked, each entry in "
                "its place. This was its head: whoever keeps it can tell later whether "
                "anything before it was changed or dropped (verify --head FILE)."));
    wb_buf_add_text(out, "</p>\n<pre><code>");
    wb_page_text(out, checkpoint, strlen(checkpoint));
    wb_buf_add_text(out, "</code></pre>\n");
    return WB_OK;
}

enum wb_status
wb_seal_put(struct wb_buf *out, struct wb_vault *v, const struct wb_set *s,
    const struct wb_record *r, struct wb_error *e)
{
    enum wb_status st;

    if (!wb_set_has_ids(s))
        return WB_OK;
    wb_page_say(out, "h2", "To hold this page against the vault");
    st = put_root(out, r, e);
    return st == WB_OK && s->level == WB_LEVEL_NAMED ? put_log(out, v, e) : st;
}

static const char *
level_words(enum wb_level level)
{
    static const char *const words[] = {
        [WB_LEVEL_ANONYMOUS] =
            WB_SAID(" Nobody is named on it, and nothing ties it to a "
                    "vault."),
        [WB_LEVEL_PSEUDONYM] = WB_SAID(" People are under their pseudonyms on it."),
        [WB_LEVEL_NAMED] = "",
    };

    return words[level][0] == '\0' ? "" : wb_word(words[level]);
}

static void
put_notice(
    struct wb_buf *out, const struct wb_set *s, const char *purpose, const char *more)
{
    wb_buf_add_text(out, "<p class=\"notice\">");
    wb_buf_print(out,
        wb_word(
            "Made on %s by the clock of the device, for the purpose \"%s\". What was "
            "not agreed to for that is not on it."),
        s->time, purpose);
    wb_buf_add_text(out, level_words(s->level));
    if (s->unlinked && s->level != WB_LEVEL_ANONYMOUS)
        wb_buf_add_text(out, wb_word(" Nothing ties it to a vault."));
    wb_buf_add_text(out, more);
    wb_buf_add_text(out,
        wb_word(" This page is not encrypted: keep it as safe as what it tells of."));
    wb_buf_add_text(out, "</p>\n");
}

void
wb_seal_notice(
    struct wb_buf *out, const struct wb_set *s, const struct wb_report_request *request)
{
    put_notice(out, s, request->purpose == NULL ? "internal" : request->purpose, "");
}

void
wb_seal_notice_bundle(
    struct wb_buf *out, const struct wb_set *s, const struct wb_plan *plan)
{
    put_notice(out, s, plan->purpose,
        wb_word(
            " It came in a signed bundle: README.txt in the folder above says how to "
            "see who signed it, and that nothing was altered. What it tells stands in "
            "the folder records/ too, each record under the beginning of its root; "
            "photographs and other files are in files/, under their SHA-256."));
}

void
wb_seal_signatures(struct wb_buf *out, const char *const *who)
{
    wb_buf_add_text(out, "<div class=\"sign\">\n");
    for (; *who != NULL; who++)
        wb_page_say(out, "div", *who);
    wb_buf_add_text(out, "</div>\n");
}
