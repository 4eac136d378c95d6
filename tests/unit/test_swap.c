/* tests/unit/test_swap.c - the warning of swap that is not encrypted, over a made-up
 * /proc and /sys. */
#include "cm.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"

enum { PATH_BYTES = 512, SAID_BYTES = 1024 };

static char root[PATH_BYTES];
static char device[PATH_BYTES]; /* its folder below /sys/dev/block, from the root */

/* Writes a file below the root, with the folders above it. */
static void
put(const char *below, const char *text)
{
    char path[2 * PATH_BYTES];
    FILE *f;

    assert_true(snprintf(path, sizeof path, "%s/%s", root, below) < (int)sizeof path);
    for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL;
         slash++) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
    f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* ... of the device that the swap file lies on. */
static void
put_device(const char *below, const char *text)
{
    char path[2 * PATH_BYTES];

    (void)snprintf(path, sizeof path, "%s/%s", device, below);
    put(path, text);
}

/* One swap file, in the root itself. */
static int
setup(void **state)
{
    char table[2 * PATH_BYTES], swap[PATH_BYTES];
    struct stat info;

    (void)state;
    (void)snprintf(root, sizeof root, "/tmp/wb-swap-XXXXXX");
    assert_non_null(mkdtemp(root));
    put("swapfile", "");
    assert_true(snprintf(swap, sizeof swap, "%.64s/swapfile", root) > 0);
    assert_int_equal(stat(swap, &info), 0);
    (void)snprintf(device, sizeof device, "sys/dev/block/%u:%u", major(info.st_dev),
        minor(info.st_dev));
    (void)snprintf(table, sizeof table,
        "Filename\tType\tSize\tUsed\tPriority\n%s file 1048572 0 -2\n", swap);
    put("proc/swaps", table);
    cli_swap_root = root;
    return 0;
}

static int
teardown(void **state)
{
    char command[PATH_BYTES + 16];

    (void)state;
    cli_swap_root = "";
    (void)snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

/* What `act` writes to standard error, in a process of its own; its exit status. */
static int
listen(char said[static SAID_BYTES], int (*act)(void))
{
    int status, ends[2];
    size_t size = 0;
    ssize_t n;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        _exit(act());
    }
    (void)close(ends[1]);
    while ((n = read(ends[0], said + size, SAID_BYTES - 1 - size)) > 0)
        size += (size_t)n;
    said[size] = '\0';
    (void)close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int
warn(void)
{
    static const struct cli c;

    cli_swap_warn(&c);
    return 0;
}

static void
assert_warned(bool wanted)
{
    char said[SAID_BYTES];

    assert_int_equal(listen(said, warn), 0);
    if (!wanted)
        assert_string_equal(said, "");
    else {
        assert_non_null(strstr(said, "/swapfile: swap that is not encrypted"));
        assert_non_null(strstr(said, "swapoff"));
        assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
    }
}

static void
without_swap_nothing_is_said(void **state)
{
    (void)state;
    put("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n");
    assert_warned(false);
    put("proc/swaps", "");
    assert_warned(false);
}

static void
swap_on_a_plain_disk_is_warned_of(void **state)
{
    (void)state;
    assert_warned(true); /* nothing is known of the device */
    put_device("size", "2097152\n");
    assert_warned(true);
    put_device("dm/uuid", "LVM-0123456789\n");
    assert_warned(true);
}

static void
swap_on_an_encrypted_mapping_is_not(void **state)
{
    (void)state;
    put_device("dm/uuid", "CRYPT-LUKS2-0123456789-swap\n");
    assert_warned(false);
    put_device("dm/uuid", "LVM-0123456789\n");
    put_device("slaves/dm-0/dm/uuid", "CRYPT-PLAIN-swap\n");
    assert_warned(false);
    put_device("slaves/sdb1/size", "2097152\n"); /* half of it is plain */
    assert_warned(true);
}

static void
compressed_memory_is_safe_unless_it_spills_to_a_disk(void **state)
{
    (void)state;
    put_device("mm_stat", "0 0 0 0 0 0 0 0 0\n");
    assert_warned(false);
    put_device("backing_dev", "none\n");
    assert_warned(false);
    put_device("backing_dev", "/dev/sda3\n");
    assert_warned(true);
}

static int
make_vault(void)
{
    char vault[] = "--vault", init[] = "init", kdf[] = "--kdf-memory", mib[] = "64";
    char from[] = "--new-passphrase-file", words[2 * PATH_BYTES], path[2 * PATH_BYTES];
    char name[] = "witnessbox", quiet[] = "--quiet";
    char *argv[] = {name, vault, path, init, kdf, mib, from, words, NULL, NULL};

    (void)snprintf(path, sizeof path, "%s/vault", root);
    (void)snprintf(words, sizeof words, "%s/words", root);
    if (access(path, F_OK) == 0) {
        (void)unlink(path);
        argv[8] = quiet;
    }
    return cli_main(argv[8] == NULL ? 8 : 9, argv);
}

/* Where it can be acted upon: when a vault is made. */
static void
who_makes_a_vault_is_told_unless_quiet(void **state)
{
    char said[SAID_BYTES];

    (void)state;
    put("words", "six brown foxes");
    assert_int_equal(listen(said, make_vault), 0);
    assert_non_null(strstr(said, "/swapfile: swap that is not encrypted"));
    assert_int_equal(listen(said, make_vault), 0);
    assert_null(strstr(said, "swap"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_swap_nothing_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(
            swap_on_a_plain_disk_is_warned_of, setup, teardown),
        cmocka_unit_test_setup_teardown(
            swap_on_an_encrypted_mapping_is_not, setup, teardown),
        cmocka_unit_test_setup_teardown(
            compressed_memory_is_safe_unless_it_spills_to_a_disk, setup, teardown),
        cmocka_unit_test_setup_teardown(
            who_makes_a_vault_is_told_unless_quiet, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
