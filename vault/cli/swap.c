/* vault/cli/swap.c - can memory be written to a disk that is not encrypted? */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cli.h"

enum { SWAP_NAME_BYTES = 512, SYS_PATH_BYTES = 512, DEPTH_MAX = 8 };

const char *cli_swap_root = "";

/* The first line of a small file of the kernel's, "" without one. */
static void
read_line(const char *path, char line[static SWAP_NAME_BYTES])
{
    FILE *f = fopen(path, "re");

    line[0] = '\0';
    if (f == NULL)
        return;
    if (fgets(line, SWAP_NAME_BYTES, f) == NULL)
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    (void)fclose(f);
}

static bool device_is_safe(const char *folder, int depth);

/* Every device below must be safe, and there must be one. */
static bool
below_is_safe(const char *folder, int depth)
{
    char path[SYS_PATH_BYTES];
    DIR *below;
    struct dirent *one;
    unsigned safe = 0, other = 0;

    if (snprintf(path, sizeof path, "%s/slaves", folder) >= (int)sizeof path ||
        depth == 0 || (below = opendir(path)) == NULL)
        return false;
    while ((one = readdir(below)) != NULL) {
        char next[SYS_PATH_BYTES];

        if (one->d_name[0] == '.')
            continue;
        if (snprintf(next, sizeof next, "%s/%s", path, one->d_name) <
                (int)sizeof next &&
            device_is_safe(next, depth - 1))
            safe++;
        else
            other++;
    }
    (void)closedir(below);
    return safe > 0 && other == 0;
}

/* A folder of /sys/dev/block: memory that never leaves the machine (zram), an encrypted
 * mapping (dm-crypt), or something on top of nothing but those. */
static bool
device_is_safe(const char *folder, int depth)
{
    char path[SYS_PATH_BYTES], line[SWAP_NAME_BYTES];

    (void)snprintf(path, sizeof path, "%s/dm/uuid", folder);
    read_line(path, line);
    if (strncmp(line, "CRYPT-", 6) == 0)
        return true;
    (void)snprintf(path, sizeof path, "%s/mm_stat", folder); /* only zram has it */
    if (access(path, F_OK) == 0) {
        (void)snprintf(path, sizeof path, "%s/backing_dev", folder);
        read_line(path, line);
        return line[0] == '\0' || strcmp(line, "none") == 0;
    }
    return below_is_safe(folder, depth);
}

/* A line of /proc/swaps (proc(5)): a device, or a file on one. */
static bool
swap_is_safe(const char *path)
{
    char folder[SYS_PATH_BYTES];
    struct stat info;
    dev_t device;

    if (stat(path, &info) != 0)
        return false;
    device = S_ISBLK(info.st_mode) ? info.st_rdev : info.st_dev;
    (void)snprintf(folder, sizeof folder, "%s/sys/dev/block/%u:%u", cli_swap_root,
        major(device), minor(device));
    return device_is_safe(folder, DEPTH_MAX);
}

void
cli_swap_warn(const struct cli *c)
{
    char line[SWAP_NAME_BYTES];
    FILE *f;

    (void)snprintf(line, sizeof line, "%s/proc/swaps", cli_swap_root);
    if ((f = fopen(line, "re")) == NULL)
        return;
    (void)!fgets(line, sizeof line, f); /* the head of the table */
    while (!c->global.quiet && fgets(line, sizeof line, f) != NULL) {
        line[strcspn(line, " \t\n")] = '\0';
        if (line[0] == '\0' || swap_is_safe(line))
            continue;
        cli_warn("%s: swap that is not encrypted, as far as can be told: what is on "
                 "the screen or typed may be written there; encrypt it, or `swapoff "
                 "-a`",
            line);
        break;
    }
    (void)fclose(f);
}
