/* vault/base/sandbox.c - a process that cannot leak: seccomp for calls, Landlock for
 * files. */
#include <witnessbox/sandbox.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"
#include "mem.h"

/* Of the kernel's interface, for headers that are older: landlock(7). */
#define ACCESS_TRUNCATE (UINT64_C(1) << 14) /* since version 3 */
enum { VERSION_REFER = 2, VERSION_TRUNCATE = 3 };

#define ACCESS_FILE_READ ((uint64_t)LANDLOCK_ACCESS_FS_READ_FILE)
#define ACCESS_FILE (ACCESS_FILE_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE)
#define ACCESS_READ (ACCESS_FILE_READ | LANDLOCK_ACCESS_FS_READ_DIR)
#define ACCESS_WRITE                                                                   \
    (ACCESS_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |         \
        LANDLOCK_ACCESS_FS_REMOVE_FILE)
#define ACCESS_MAKE (ACCESS_WRITE | LANDLOCK_ACCESS_FS_MAKE_DIR)
/* Everything of version 1, execution of programs included, is refused where no rule
 * gives it back. */
#define ACCESS_ALL ((UINT64_C(1) << 13) - 1)

static struct wb_protections in_force;

/* ---- files ---- */

/* Of a path that is open: what of `access` can be given to what it is. Pipes have no
 * place in a file system and need no rule. */
static enum wb_status
allow(int ruleset, const char *path, uint64_t access, struct wb_error *e)
{
    struct landlock_path_beneath_attr rule = {0};
    struct stat info;
    int os_errno = 0;

    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return WB_OK; /* not there: who opens it will say so */
    if (fstat(rule.parent_fd, &info) != 0 || !S_ISDIR(info.st_mode))
        access &= ACCESS_FILE;
    rule.allowed_access = access;
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) !=
        0)
        os_errno = errno;
    (void)close(rule.parent_fd);
    if (os_errno != 0 && os_errno != EBADFD)
        return wb_fail_os(e, os_errno, "sandbox: %s", path);
    return WB_OK;
}

/* The folder of a file; with `climb` the lowest one that is there. */
static enum wb_status
allow_folder(
    int ruleset, const char *path, uint64_t rights, bool climb, struct wb_error *e)
{
    char *folder = wb_mem_string(path);
    enum wb_status st;
    char *slash;

    if (folder == NULL)
        return wb_fail_memory(e);
    do {
        slash = strrchr(folder, '/');
        if (slash != NULL)
            slash[slash == folder ? 1 : 0] = '\0';
    } while (climb && slash != NULL && slash != folder && access(folder, F_OK) != 0);
    st = allow(ruleset, slash == NULL ? "." : folder, rights, e);
    wb_mem_free(folder);
    return st;
}

static enum wb_status
allow_path(
    int ruleset, uint64_t handled, const struct wb_sandbox_path *p, struct wb_error *e)
{
    switch (p->use) {
    case WB_SANDBOX_READ:
        return allow(ruleset, p->path, ACCESS_READ & handled, e);
    case WB_SANDBOX_WRITE:
        return allow(ruleset, p->path, ACCESS_WRITE & handled, e);
    case WB_SANDBOX_BESIDE:
        return allow_folder(ruleset, p->path, ACCESS_WRITE & handled, false, e);
    case WB_SANDBOX_MAKE:
        return allow_folder(ruleset, p->path, ACCESS_MAKE & handled, true, e);
    }
    return wb_fail(e, WB_ERR_INTERNAL, "sandbox: no such use");
}

/* What every command may need: who holds a lock (/proc), a terminal, random bytes. */
static enum wb_status
allow_usual(int ruleset, uint64_t handled, struct wb_error *e)
{
    static const struct {
        const char *path;
        uint64_t access;
    } usual[] = {
        {"/proc", ACCESS_READ},
        {"/dev/urandom", ACCESS_FILE_READ},
        {"/dev/zero", ACCESS_FILE_READ},
        {"/dev/null", ACCESS_FILE},
        {"/dev/tty", ACCESS_FILE},
    };
    enum wb_status st = WB_OK;

    for (size_t i = 0; st == WB_OK && i < sizeof usual / sizeof usual[0]; i++)
        st = allow(ruleset, usual[i].path, usual[i].access & handled, e);
    return st;
}

static enum wb_status
limit_files(const struct wb_sandbox_rules *rules, struct wb_error *e)
{
    long version = syscall(
        SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    struct landlock_ruleset_attr attr = {.handled_access_fs = ACCESS_ALL};
    enum wb_status st;
    int ruleset;

    if (version < 1)
        return WB_OK; /* the kernel has none */
    if (version >= VERSION_REFER)
        attr.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= VERSION_TRUNCATE)
        attr.handled_access_fs |= ACCESS_TRUNCATE;
    ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (ruleset < 0)
        return wb_fail_os(e, errno, "sandbox");
    st = allow_usual(ruleset, attr.handled_access_fs, e);
    for (size_t i = 0; st == WB_OK && i < rules->count; i++)
        st = allow_path(ruleset, attr.handled_access_fs, &rules->paths[i], e);
    if (st == WB_OK && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        st = wb_fail_os(e, errno, "sandbox");
    (void)close(ruleset);
    if (st == WB_OK)
        in_force.files = (unsigned)version;
    return st;
}

/* ---- calls ---- */

/* Answered with EPERM. Names, because libseccomp knows their numbers on every machine;
 * one that it does not know does not exist there. */
static const char *const refused[] = {
    /* the network, and what is left to do with a socket that was inherited */
    "socket", "socketpair", "socketcall", "connect", "bind", "listen", "accept",
    "accept4", "sendto", "sendmsg", "sendmmsg", "recvmsg", "recvmmsg",
    /* other programs and processes */
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv",
    "process_vm_writev", "process_madvise", "pidfd_open", "pidfd_getfd", "kcmp",
    "setns", "unshare",
    /* ways around a filter, or into the kernel */
    "io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd", "bpf",
    "perf_event_open", "modify_ldt", "add_key", "request_key", "keyctl",
    "open_by_handle_at", "name_to_handle_at", "memfd_create", "memfd_secret",
    /* what only an administrator does */
    "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree",
    "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "swapon", "swapoff",
    "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module",
    "reboot", "acct", "quotactl", "syslog", "iopl", "ioperm", "settimeofday",
    "clock_settime", "adjtimex", "clock_adjtime", "mknod", "mknodat"};

static int
refuse(scmp_filter_ctx filter, const char *name)
{
    int number = seccomp_syscall_resolve_name(name);
    int rc = number == __NR_SCMP_ERROR
        ? 0
        : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);

    return rc == -EDOM ? 0 : rc; /* not on this machine */
}

/* A new process is a clone that is no thread. What clone3 is asked for lies in memory
 * that a filter cannot see: without it the C library takes clone. Typing into the
 * terminal would be done by the shell after us. */
static int
refuse_some(scmp_filter_ctx filter)
{
    int rc = 0;

/* The leak checker of gcc's sanitizer ends a program from a process of its own. */
#ifndef __SANITIZE_ADDRESS__
    rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
        SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
#endif
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
            SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, TIOCSTI));
    return rc;
}

static bool
is_needed(const char *name)
{
#ifdef __SANITIZE_ADDRESS__
    return strcmp(name, "ptrace") == 0;
#else
    (void)name;
    return false;
#endif
}

static enum wb_status
limit_calls(struct wb_error *e)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int rc = 0;

    if (filter == NULL)
        return wb_fail_memory(e);
    for (size_t i = 0; rc == 0 && i < sizeof refused / sizeof refused[0]; i++)
        rc = is_needed(refused[i]) ? 0 : refuse(filter, refused[i]);
    if (rc == 0)
        rc = refuse_some(filter);
    if (rc != 0) {
        seccomp_release(filter);
        return wb_fail_os(e, -rc, "sandbox");
    }
    in_force.calls = seccomp_load(filter) == 0; /* else the kernel has none */
    seccomp_release(filter);
    return WB_OK;
}

/* ---- both ---- */

static void *
end_thread(void *unused)
{
    pthread_exit(unused);
}

/* When a first thread ends, the C library loads its unwinder: while files are open. */
static void
load_unwinder(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, end_thread, NULL) == 0)
        (void)pthread_join(thread, NULL);
}

enum wb_status
wb_sandbox_enter(const struct wb_sandbox_rules *rules, struct wb_error *e)
{
    enum wb_status st;

    load_unwinder();
    /* no privileges by a program that has some, and the condition of both filters */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return wb_fail_os(e, errno, "sandbox");
    if ((st = limit_files(rules, e)) != WB_OK)
        return st;
    return limit_calls(e);
}

void
wb_sandbox_protections(struct wb_protections *p)
{
    *p = in_force;
    p->unreadable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}
