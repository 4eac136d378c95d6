/* tests/lib/program.h - the real programs of a format, run as its counterparts. */
#ifndef WB_TESTS_PROGRAM_H
#define WB_TESTS_PROGRAM_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "cm.h"

/* Not inlined: many lines would make a large frame of a test. */
#define PROGRAM_HELPER static __attribute__((noinline, unused))

enum { PROGRAM_FOLDER_BYTES = 96, PROGRAM_LINE_BYTES = 384 };

/* Whether the PATH has it. A test that needs it skips otherwise. */
PROGRAM_HELPER bool
program_is_there(const char *name)
{
    const char *path = getenv("PATH");
    char *copy = strdup(path == NULL ? "" : path), *rest = copy, *folder;
    char file[PROGRAM_LINE_BYTES];
    bool found = false;

    while (!found && (folder = strsep(&rest, ":")) != NULL)
        found =
            snprintf(file, sizeof file, "%s/%s", folder, name) < PROGRAM_LINE_BYTES &&
            access(file, X_OK) == 0;
    free(copy);
    return found;
}

/* A folder of its own for a test, to be removed with program_sweep. */
PROGRAM_HELPER void
program_folder(char folder[static PROGRAM_FOLDER_BYTES])
{
    const char *base = getenv("TMPDIR");

    assert_true(snprintf(folder, PROGRAM_FOLDER_BYTES, "%s/wb-test-XXXXXX",
                    base == NULL ? "/tmp" : base) < PROGRAM_FOLDER_BYTES);
    assert_non_null(mkdtemp(folder));
}

/* Runs a command line of the shell in the folder, its output into the files `output`
 * and `errors` there; returns the exit status. */
PROGRAM_HELPER int
program_run(const char *folder, const char *command)
{
    char line[PROGRAM_LINE_BYTES];
    int status;

    assert_true((size_t)snprintf(line, sizeof line,
                    "cd '%s' && { %s; } >output 2>errors </dev/null", folder,
                    command) < sizeof line);
    status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

PROGRAM_HELPER void
program_sweep(const char *folder)
{
    char line[PROGRAM_LINE_BYTES];

    assert_true(
        (size_t)snprintf(line, sizeof line, "rm -rf '%s'", folder) < sizeof line);
    assert_int_equal(system(line), 0);
}

/* A file of the folder, whole. */
PROGRAM_HELPER void
program_write(const char *folder, const char *name, const void *bytes, size_t size)
{
    char file[PROGRAM_LINE_BYTES];
    FILE *f;

    assert_true(
        snprintf(file, sizeof file, "%s/%s", folder, name) < PROGRAM_LINE_BYTES);
    f = fopen(file, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    assert_int_equal(fclose(f), 0);
}

/* Appends it to a buffer. */
PROGRAM_HELPER void
program_read(const char *folder, const char *name, struct wb_buf *out)
{
    char file[PROGRAM_LINE_BYTES];
    struct wb_error e = {0};

    assert_true(
        snprintf(file, sizeof file, "%s/%s", folder, name) < PROGRAM_LINE_BYTES);
    if (wb_file_load(out, file, &e) != WB_OK)
        fail_msg("%s", e.message);
}

#endif
