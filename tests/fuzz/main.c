/* tests/fuzz/main.c - for libFuzzer; WB_FUZZ names the target. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct fuzz_target *target;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *name = getenv("WB_FUZZ");

    (void)argc;
    (void)argv;
    target = name == NULL ? NULL : fuzz_find(name);
    if (target == NULL) {
        (void)fprintf(stderr, "WB_FUZZ names the target\n");
        exit(2);
    }
    fuzz_start();
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    (void)target->run(bytes, size);
    return 0;
}
