/* tests/lib/disk.c - a disk that loses power: recorded at the system call, played back
 * with what was not synced lost in part. */
#undef _FILE_OFFSET_BITS /* both names of each call are defined here */
#undef _FORTIFY_SOURCE
#include "disk.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "room.h"

enum { FILES_MAX = 64, NAME_BYTES = 64, SECTOR = 512, NEAR = 6 };

/* ---- the recording ---- */

enum step_kind { STEP_WRITE, STEP_RESIZE, STEP_SYNC, STEP_NAME, STEP_SYNC_FOLDER };

/* A name is given to a file (or taken away: no file), as one step with the name that it
 * had before, if it is renamed. */
struct step {
    enum step_kind kind;
    int file; /* number in `files`, or -1 */
    char name[NAME_BYTES], old[NAME_BYTES];
    off_t at; /* or the new size */
    uint8_t *bytes;
    size_t size;
};

static struct file {
    ino_t inode;
    uint8_t *bytes; /* when the recording began */
    size_t size;
} files[FILES_MAX];
static int file_count;

static struct entry {
    char name[NAME_BYTES];
    int file;
} entries[FILES_MAX]; /* when the recording began */
static size_t entry_count;

static struct step *steps;
static size_t step_count, step_room;
static char folder[ROOM_PATH_BYTES];
static ino_t folder_inode;
static bool watching;

static struct step *
step_new(enum step_kind kind, int file)
{
    if (step_count == step_room) {
        step_room = step_room == 0 ? 256 : step_room * 2;
        steps = realloc(steps, step_room * sizeof *steps);
        assert_non_null(steps);
    }
    steps[step_count] = (struct step){.kind = kind, .file = file};
    return &steps[step_count++];
}

static int
file_of(int fd)
{
    struct stat info;

    if (!watching || fstat(fd, &info) != 0)
        return -1;
    for (int i = file_count - 1; i >= 0; i--) /* the newest of this number */
        if (files[i].inode == info.st_ino)
            return i;
    return -1;
}

static bool
is_folder(int fd)
{
    struct stat info;

    return watching && fstat(fd, &info) == 0 && info.st_ino == folder_inode;
}

/* The last part of a path into the folder; NULL for others. */
static const char *
name_in_folder(int directory, const char *path)
{
    size_t size = strlen(folder);

    if (!watching)
        return NULL;
    if (strchr(path, '/') == NULL)
        return directory != AT_FDCWD && is_folder(directory) ? path : NULL;
    return strncmp(path, folder, size) == 0 && path[size] == '/' ? path + size + 1
                                                                 : NULL;
}

static int
file_new(int fd)
{
    struct stat info;

    assert_int_equal(fstat(fd, &info), 0);
    assert_true(file_count < FILES_MAX);
    files[file_count] = (struct file){.inode = info.st_ino};
    return file_count++;
}

static void
note_name(const char *name, int file, const char *old)
{
    struct step *s = step_new(STEP_NAME, file);

    room_text(s->name, sizeof s->name, "%s", name);
    room_text(s->old, sizeof s->old, "%s", old == NULL ? "" : old);
}

static void
note_write(int fd, const void *bytes, ssize_t size, off_t at)
{
    int file = size > 0 ? file_of(fd) : -1;
    struct step *s;

    if (file < 0)
        return;
    s = step_new(STEP_WRITE, file);
    s->at = at;
    s->size = (size_t)size;
    s->bytes = malloc(s->size);
    assert_non_null(s->bytes);
    memcpy(s->bytes, bytes, s->size);
}

static void
note_sync(int fd)
{
    int file = file_of(fd);

    if (file >= 0)
        step_new(STEP_SYNC, file);
    else if (is_folder(fd))
        step_new(STEP_SYNC_FOLDER, -1);
}

/* ---- the calls ---- */

/* The function behind one that is defined here. ISO C knows no such conversion. */
#define BEHIND(type, name)                                                             \
    ((union {                                                                          \
        void *object;                                                                  \
        type function;                                                                 \
    }){dlsym(RTLD_NEXT, name)}                                                         \
            .function)

static int
open_at(int directory, const char *path, int flags, mode_t mode)
{
    typedef int openat_function(int, const char *, int, ...);
    const char *name = name_in_folder(directory, path);
    struct stat info;
    bool was_there =
        fstatat(directory, path, &info, AT_SYMLINK_NOFOLLOW) == 0 || name == NULL;
    int fd = BEHIND(openat_function *, "openat")(directory, path, flags, mode);

    if (fd >= 0 && !was_there)
        note_name(name, file_new(fd), NULL);
    if (fd >= 0 && was_there && (flags & O_TRUNC) != 0 && file_of(fd) >= 0)
        step_new(STEP_RESIZE, file_of(fd));
    return fd;
}

static mode_t
mode_of(int flags, va_list args)
{
    return (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
}

/* SQLite is to find them. */
#pragma GCC visibility push(default)

#define OPEN(call)                                                                     \
    int call(const char *path, int flags, ...)                                         \
    {                                                                                  \
        va_list args;                                                                  \
        mode_t mode;                                                                   \
                                                                                       \
        va_start(args, flags);                                                         \
        mode = mode_of(flags, args);                                                   \
        va_end(args);                                                                  \
        return open_at(AT_FDCWD, path, flags, mode);                                   \
    }
#define OPENAT(call)                                                                   \
    int call(int directory, const char *path, int flags, ...)                          \
    {                                                                                  \
        va_list args;                                                                  \
        mode_t mode;                                                                   \
                                                                                       \
        va_start(args, flags);                                                         \
        mode = mode_of(flags, args);                                                   \
        va_end(args);                                                                  \
        return open_at(directory, path, flags, mode);                                  \
    }
#define PWRITE(call)                                                                   \
    ssize_t call(int fd, const void *bytes, size_t size, off_t at)                     \
    {                                                                                  \
        typedef ssize_t pwrite_function(int, const void *, size_t, off_t);             \
        ssize_t done = BEHIND(pwrite_function *, "pwrite")(fd, bytes, size, at);       \
                                                                                       \
        note_write(fd, bytes, done, at);                                               \
        return done;                                                                   \
    }
#define FTRUNCATE(call)                                                                \
    int call(int fd, off_t size)                                                       \
    {                                                                                  \
        typedef int ftruncate_function(int, off_t);                                    \
        int rc = BEHIND(ftruncate_function *, "ftruncate")(fd, size);                  \
                                                                                       \
        if (rc == 0 && file_of(fd) >= 0)                                               \
            step_new(STEP_RESIZE, file_of(fd))->at = size;                             \
        return rc;                                                                     \
    }
#define SYNC(call)                                                                     \
    int call(int fd)                                                                   \
    {                                                                                  \
        typedef int sync_function(int);                                                \
        int rc = BEHIND(sync_function *, #call)(fd);                                   \
                                                                                       \
        if (rc == 0)                                                                   \
            note_sync(fd);                                                             \
        return rc;                                                                     \
    }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
PWRITE(pwrite)
PWRITE(pwrite64)
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)
SYNC(fsync)
SYNC(fdatasync)

ssize_t
write(int fd, const void *bytes, size_t size)
{
    typedef ssize_t write_function(int, const void *, size_t);
    off_t at = file_of(fd) < 0 ? 0 : lseek(fd, 0, SEEK_CUR);
    ssize_t done = BEHIND(write_function *, "write")(fd, bytes, size);

    note_write(fd, bytes, done, at);
    return done;
}

int
unlinkat(int directory, const char *path, int flags)
{
    typedef int unlinkat_function(int, const char *, int);
    int rc = BEHIND(unlinkat_function *, "unlinkat")(directory, path, flags);
    const char *name = name_in_folder(directory, path);

    if (rc == 0 && name != NULL)
        note_name(name, -1, NULL);
    return rc;
}

int
unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

static int
file_at(int directory, const char *path)
{
    int fd = openat(directory, path, O_RDONLY | O_CLOEXEC), file = file_of(fd);

    close(fd);
    return file;
}

int
renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    typedef int renameat2_function(int, const char *, int, const char *, unsigned);
    int rc = BEHIND(renameat2_function *, "renameat2")(from, old, to, new, flags);
    const char *name = name_in_folder(to, new);

    if (rc == 0 && name != NULL)
        note_name(name, file_at(to, new), name_in_folder(from, old));
    return rc;
}

#pragma GCC visibility pop

/* ---- playing it back ---- */

void
disk_forget(void)
{
    for (size_t i = 0; i < step_count; i++)
        free(steps[i].bytes);
    for (int i = 0; i < file_count; i++)
        free(files[i].bytes);
    free(steps);
    steps = NULL;
    step_count = step_room = entry_count = 0;
    file_count = 0;
}

static void
take_file(void *cookie, const char *name, const char *path)
{
    struct stat info;
    struct file *f = &files[file_count];

    (void)cookie;
    assert_true(file_count < FILES_MAX);
    assert_int_equal(lstat(path, &info), 0);
    f->inode = info.st_ino;
    f->bytes = room_read(path, &f->size);
    room_text(entries[entry_count].name, NAME_BYTES, "%s", name);
    entries[entry_count++].file = file_count++;
}

void
disk_watch(const char *path)
{
    struct stat info;

    disk_forget();
    room_text(folder, sizeof folder, "%s", path);
    assert_int_equal(stat(path, &info), 0);
    folder_inode = info.st_ino;
    room_each_file(path, take_file, NULL);
    watching = true;
}

size_t
disk_stop(void)
{
    watching = false;
    return step_count;
}

/* How much of what was not synced is there. */
enum luck { NOTHING, EVERYTHING, BEGINNING, ENDING, ANYTHING, LUCKS };

struct failure {
    uint64_t random;
    enum luck writes, names;
    size_t step, beginning; /* where it fails; where it begins or ends */
    bool noise;             /* in sectors that were never written */
};

static uint64_t
draw(struct failure *f, uint64_t below)
{
    f->random =
        f->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (f->random >> 33) % below;
}

static bool
survives(struct failure *f, enum luck luck, size_t step)
{
    switch (luck) {
    case NOTHING:
        return false;
    case BEGINNING:
        return step < f->beginning;
    case ENDING: /* the later ones first */
        return step >= f->beginning;
    case ANYTHING:
        return draw(f, 2) == 0;
    default:
        return true;
    }
}

/* A file while it is played back. */
struct image {
    uint8_t *bytes;
    size_t size;
};

static void
resize(struct image *i, size_t size)
{
    uint8_t *grown = realloc(i->bytes, size + 1);

    assert_non_null(grown);
    if (size > i->size)
        memset(grown + i->size, 0, size - i->size);
    i->bytes = grown;
    i->size = size;
}

static void
put(struct image *i, const struct step *s, size_t from, size_t size)
{
    size_t at = (size_t)s->at + from;

    if (at + size > i->size)
        resize(i, at + size);
    memcpy(i->bytes + at, s->bytes + from, size);
}

/* Sectors of one write, some of them; where it made the file longer, noise perhaps in
 * the others. */
static void
put_torn(struct image *i, const struct step *s, struct failure *f)
{
    size_t end = (size_t)s->at + s->size, was = i->size;

    if (f->noise && end > was) {
        resize(i, end);
        room_noise(i->bytes + was, end - was, f->random);
    }
    for (size_t from = 0, size; from < s->size; from += size) {
        size = SECTOR - ((size_t)s->at + from) % SECTOR;
        size = size < s->size - from ? size : s->size - from;
        if (draw(f, 2) == 0)
            put(i, s, from, size);
    }
}

static void
apply(struct image *i, const struct step *s)
{
    if (s->kind == STEP_RESIZE)
        resize(i, (size_t)s->at);
    else
        put(i, s, 0, s->size);
}

static void
play_file(struct image *image, int file, struct failure *f)
{
    size_t synced = 0;

    *image = (struct image){0};
    resize(image, files[file].size);
    if (files[file].size > 0)
        memcpy(image->bytes, files[file].bytes, files[file].size);
    for (size_t n = 0; n < f->step; n++)
        if (steps[n].kind == STEP_SYNC && steps[n].file == file)
            synced = n;
    for (size_t n = 0; n < f->step; n++) {
        const struct step *s = &steps[n];

        if (s->file != file || (s->kind != STEP_WRITE && s->kind != STEP_RESIZE))
            continue;
        if (n < synced || survives(f, f->writes, n))
            apply(image, s);
        else if (f->writes == ANYTHING && s->kind == STEP_WRITE && draw(f, 2) == 0)
            put_torn(image, s, f);
    }
}

static void
give_name(int *file_by_name, char (*names)[NAME_BYTES], size_t *count, const char *name,
    int file)
{
    size_t i = 0;

    while (i < *count && strcmp(names[i], name) != 0)
        i++;
    assert_true(i < FILES_MAX);
    if (i == *count)
        room_text(names[(*count)++], NAME_BYTES, "%s", name);
    file_by_name[i] = file;
}

static size_t
play_names(int *file_by_name, char (*names)[NAME_BYTES], struct failure *f)
{
    size_t count = 0, synced = 0;

    for (size_t i = 0; i < entry_count; i++)
        give_name(file_by_name, names, &count, entries[i].name, entries[i].file);
    for (size_t n = 0; n < f->step; n++)
        if (steps[n].kind == STEP_SYNC_FOLDER)
            synced = n;
    for (size_t n = 0; n < f->step; n++) {
        const struct step *s = &steps[n];

        if (s->kind != STEP_NAME || (n >= synced && !survives(f, f->names, n)))
            continue;
        give_name(file_by_name, names, &count, s->name, s->file);
        if (s->old[0] != '\0')
            give_name(file_by_name, names, &count, s->old, -1);
    }
    return count;
}

static void
remove_file(void *cookie, const char *name, const char *path)
{
    (void)cookie;
    (void)name;
    assert_int_equal(remove(path), 0);
}

void
disk_lose_power(size_t step, uint64_t seed)
{
    static char names[FILES_MAX][NAME_BYTES];
    int file_by_name[FILES_MAX];
    struct failure f = {.random = seed * 2 + 1, .step = step};
    char path[ROOM_PATH_BYTES];
    size_t count;

    assert_true(step <= step_count && !watching);
    (void)draw(&f, 2);
    f.writes = (enum luck)draw(&f, LUCKS);
    f.names = (enum luck)draw(&f, LUCKS);
    f.beginning = draw(&f, 2) == 0 || step < NEAR ? (size_t)draw(&f, step + 1)
                                                  : step - (size_t)draw(&f, NEAR);
    f.noise = draw(&f, 2) == 0;
    room_each_file(folder, remove_file, NULL);
    count = play_names(file_by_name, names, &f);
    for (size_t i = 0; i < count; i++) {
        struct image image;

        if (file_by_name[i] < 0)
            continue;
        play_file(&image, file_by_name[i], &f);
        room_text(path, sizeof path, "%s/%s", folder, names[i]);
        room_write(path, image.bytes, image.size);
        free(image.bytes);
    }
}
