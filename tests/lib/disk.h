/* tests/lib/disk.h - a disk that loses power: what is done to the files of one folder
 * is recorded at the system call, and any state that a crash may leave can be made of
 * it.
 *
 * The model is the one that POSIX promises and no more: a write, a truncation or a name
 * is durable only after the fsync of its file or of the folder. Until then each of them
 * may be there or not, in any combination, and a write may be there in some of its
 * sectors; what lies between may be zeros or old bytes of something else. A program
 * that links this file has its calls, and those of SQLite, go through it. */
#ifndef WB_TESTS_DISK_H
#define WB_TESTS_DISK_H

#include <stddef.h>
#include <stdint.h>

/* Begins a recording; all that is in the folder is durable. One folder, without folders
 * in it, one recording at a time. */
void disk_watch(const char *folder);
/* Ends it. Answers how many steps there were: changes and syncs. */
size_t disk_stop(void);

/* Makes the folder what a power failure after `step` steps of the recording may have
 * left, one of many: `seed` chooses. */
void disk_lose_power(size_t step, uint64_t seed);

/* Forgets the recording. */
void disk_forget(void);

#endif
