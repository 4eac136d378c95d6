/* tests/unit/test_sandbox.c - what is given up is really given up: each call is tried
 * in a process of its own that has entered the sandbox. */
#include "cm.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <witnessbox/sandbox.h>

enum { PATH_BYTES = 128, SKIPPED = 99 };

static char folder[PATH_BYTES];

static void
path_of(char out[static PATH_BYTES], const char *name)
{
    assert_true(snprintf(out, PATH_BYTES, "%s/%s", folder, name) < PATH_BYTES);
}

static void
write_file(const char *name)
{
    char path[PATH_BYTES];
    FILE *f;

    path_of(path, name);
    f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs("words", f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int
setup(void **state)
{
    char path[PATH_BYTES];

    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/wb-sandbox-XXXXXX");
    assert_non_null(mkdtemp(folder));
    path_of(path, "mine");
    assert_int_equal(mkdir(path, 0700), 0);
    path_of(path, "theirs");
    assert_int_equal(mkdir(path, 0700), 0);
    write_file("mine/vault");
    write_file("theirs/secret");
    write_file("theirs/named");
    return 0;
}

static int
teardown(void **state)
{
    char command[PATH_BYTES + 16];

    (void)state;
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static int
enter(void)
{
    char vault[PATH_BYTES], named[PATH_BYTES], missing[PATH_BYTES];
    const struct wb_sandbox_path paths[] = {
        {vault, WB_SANDBOX_BESIDE},
        {named, WB_SANDBOX_READ},
        {missing, WB_SANDBOX_READ},
    };
    const struct wb_sandbox_rules rules = {paths, 3};
    struct wb_error e = {0};

    path_of(vault, "mine/vault");
    path_of(named, "theirs/named");
    path_of(missing, "theirs/nothing");
    return wb_sandbox_enter(&rules, &e) == WB_OK ? 0 : 1;
}

/* Runs `try` inside; it answers 0 when everything was as it must be. */
static void
inside(int (*try)(void))
{
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0)
        _exit(enter() != 0 ? 98 : try());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == SKIPPED)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

static bool
refused(long answer, int os_errno)
{
    return answer == -1 && errno == os_errno;
}

static int
try_calls(void)
{
    static char name[] = "true";
    char *const words[] = {name, NULL};
    struct wb_protections p;

    wb_sandbox_protections(&p);
    if (!p.calls)
        return SKIPPED;
    if (!refused(socket(AF_INET, SOCK_STREAM, 0), EPERM) ||
        !refused(socket(AF_UNIX, SOCK_STREAM, 0), EPERM) ||
        !refused(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, NULL), EPERM))
        return 1;
    if (!refused(execve("/bin/true", words, words), EPERM) ||
        !refused(syscall(SYS_execveat, AT_FDCWD, "/bin/true", words, words, 0), EPERM))
        return 2;
    if (!refused(syscall(SYS_clone3, NULL, 0), ENOSYS))
        return 3;
#ifndef __SANITIZE_ADDRESS__
    if (!refused(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0), EPERM) ||
        !refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL), EPERM))
        return 4;
#endif
    if (!refused(
            syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0), EPERM) ||
        !refused(syscall(SYS_io_uring_setup, 1, NULL), EPERM) ||
        !refused(syscall(SYS_bpf, 0, NULL, 0), EPERM) ||
        !refused(syscall(SYS_keyctl, 0, 0, 0, 0, 0), EPERM) ||
        !refused(ioctl(STDIN_FILENO, TIOCSTI, "x"), EPERM))
        return 5;
    return 0;
}

static void
the_network_programs_and_processes_are_out_of_reach(void **state)
{
    (void)state;
    inside(try_calls);
}

static int
can_open(const char *name, int flags)
{
    char path[PATH_BYTES];
    int fd;

    path_of(path, name);
    fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    (void)close(fd);
    return 0;
}

static int
try_files(void)
{
    struct wb_protections p;
    char path[PATH_BYTES];

    wb_sandbox_protections(&p);
    if (p.files == 0)
        return SKIPPED;
    if (can_open("mine/vault", O_RDWR) != 0 ||
        can_open("mine/vault-journal", O_RDWR | O_CREAT) != 0 ||
        can_open("mine", O_RDONLY | O_DIRECTORY) != 0)
        return 1;
    path_of(path, "mine/vault-journal");
    if (unlink(path) != 0)
        return 2;
    if (can_open("theirs/named", O_RDONLY) != 0 ||
        can_open("theirs/named", O_WRONLY) != EACCES)
        return 3;
    if (can_open("theirs/secret", O_RDONLY) != EACCES ||
        can_open("theirs/secret", O_WRONLY | O_TRUNC) != EACCES ||
        can_open("theirs/new", O_WRONLY | O_CREAT) != EACCES ||
        can_open("theirs", O_RDONLY | O_DIRECTORY) != EACCES ||
        open("/etc/passwd", O_RDONLY) >= 0)
        return 4;
    path_of(path, "theirs/secret");
    return refused(unlink(path), EACCES) ? 0 : 5;
}

static void
only_files_that_were_named_can_be_opened(void **state)
{
    (void)state;
    inside(try_files);
}

static void *
answer(void *of)
{
    *(int *)of = 42;
    pthread_exit(NULL);
}

static int
try_threads(void)
{
    pthread_t threads[4];
    int answers[4] = {0};

    for (int i = 0; i < 4; i++)
        if (pthread_create(&threads[i], NULL, answer, &answers[i]) != 0)
            return 1;
    for (int i = 0; i < 4; i++)
        if (pthread_join(threads[i], NULL) != 0 || answers[i] != 42)
            return 2;
    return 0;
}

static void
threads_start_and_end_as_before(void **state)
{
    (void)state;
    inside(try_threads);
}

static void
nothing_is_in_force_before_it_is_entered(void **state)
{
    struct wb_protections p = {true, 7, true};

    (void)state;
    wb_sandbox_protections(&p);
    assert_false(p.calls);
    assert_int_equal(p.files, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_network_programs_and_processes_are_out_of_reach),
        cmocka_unit_test(only_files_that_were_named_can_be_opened),
        cmocka_unit_test(threads_start_and_end_as_before),
        cmocka_unit_test(nothing_is_in_force_before_it_is_entered),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
