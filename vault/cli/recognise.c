/* vault/cli/recognise.c - which kind of file of ours a file is, by how it begins. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "arrivals.h"

enum { LOOK_BYTES = 128, SHARE_LETTERS = 68 };

static const struct {
    const char *begins;
    enum cli_file_kind kind;
} beginnings[] = {
    {"age-encryption.org/", CLI_FILE_BUNDLE},
    {"witnessbox-card/", CLI_FILE_CARD},
    {"witnessbox/", CLI_FILE_HEAD}, /* a checkpoint begins with its origin */
    {"\xe2\x80\x94 ", CLI_FILE_COSIGNATURE},
    {"old ", CLI_FILE_REQUEST},
    {"SQLite format 3", CLI_FILE_VAULT},
};

/* Nothing but the letters of one share, parted as a person may write them. */
static bool
is_share(const char *text, size_t size)
{
    size_t letters = 0;

    for (size_t i = 0; i < size; i++) {
        const char c = text[i];

        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            letters++;
        else if (strchr(" -\t\r\n", c) == NULL)
            return false;
    }
    return letters == SHARE_LETTERS;
}

enum wb_status
cli_file_recognise(
    const struct cli *c, enum cli_file_kind *kind, const char *path, struct wb_error *e)
{
    char head[LOOK_BYTES + 1] = "";
    enum wb_status st;
    ssize_t n;
    int fd;

    if ((st = cli_open_file(c, &fd, path, e)) != WB_OK)
        return st;
    n = read(fd, head, LOOK_BYTES);
    if (n < 0)
        st = cli_fail_os(e, errno, "%s", path);
    (void)close(fd);
    if (st != WB_OK)
        return st;
    *kind = is_share(head, (size_t)n) ? CLI_FILE_SHARE : CLI_FILE_BUNDLE;
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (strncmp(head, beginnings[i].begins, strlen(beginnings[i].begins)) == 0)
            *kind = beginnings[i].kind;
    return WB_OK;
}
