/* vault/bundle/finish.c - a bundle that was handed over and has no name yet: the
 * computer stopped between the two. */
#include <stdio.h>
#include <string.h>
#include <witnessbox/query.h>

#include "../base/fail.h"
#include "../base/file.h"
#include "../base/text.h"
#include "../crypto/hash.h"
#include "handoff.h"

enum { READ_BYTES = 4 * 1024 };

/* A value of `file` (FORMAT.md section 8): path, slash, temporary name. */
bool
wb_handoff_unfinished(
    struct wb_unfinished *u, const struct wb_record *handoff, size_t index)
{
    struct wb_value_view value;
    const char *slash;

    if (!wb_record_value(handoff, "file", index, &value) ||
        value.size >= sizeof u->path || (slash = strrchr(value.text, '/')) == NULL ||
        strlen(slash + 1) >= sizeof u->temporary)
        return false;
    memcpy(u->path, value.text, (size_t)(slash - value.text));
    u->path[slash - value.text] = '\0';
    memcpy(u->temporary, slash + 1, strlen(slash + 1) + 1);
    return true;
}

static const char *
last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

struct finishing {
    const char *path, *name; /* as it is asked for, and the last part of that */
    int folder;              /* characters of the path before the name */
    struct wb_finished *finished;
    struct wb_id handoff; /* whose file is there */
    enum wb_status st;
    struct wb_error why; /* listing has an error of its own */
    char at[PATH_MAX];   /* where `place` says that a file lies */
};

static bool
waits_for(const struct wb_record *r, const char *name)
{
    struct wb_unfinished u;

    for (size_t i = 0; wb_handoff_unfinished(&u, r, i); i++)
        if (strcmp(last_part(u.path), name) == 0)
            return true;
    return false;
}

static enum wb_status
place(struct finishing *f, const char *name, struct wb_error *e)
{
    int size = snprintf(f->at, sizeof f->at, "%.*s%s", f->folder, f->path, name);

    if ((size_t)size >= sizeof f->at)
        return wb_fail(e, WB_ERR_USAGE, "%s: the path is too long", f->path);
    return WB_OK;
}

static enum wb_status
open_in(int *fd, struct finishing *f, const char *name, struct wb_error *e)
{
    enum wb_status st = place(f, name, e);

    return st == WB_OK ? wb_file_open(fd, f->at, e) : st;
}

static enum wb_status
add_file(struct wb_sha256 *hash, int fd, struct wb_error *e)
{
    uint8_t bytes[READ_BYTES];
    size_t got;
    enum wb_status st;

    do {
        if ((st = wb_file_read(fd, bytes, sizeof bytes, &got, e)) == WB_OK)
            wb_sha256_add(hash, bytes, got);
    } while (st == WB_OK && got == sizeof bytes);
    return st;
}

/* Each part under its temporary name, or under its own where it has that already. */
static enum wb_status
check_hash(struct finishing *f, const struct wb_record *r, struct wb_error *e)
{
    char text[2 * WB_HASH_BYTES + 1];
    uint8_t digest[WB_HASH_BYTES];
    struct wb_sha256 hash;
    struct wb_unfinished u;
    enum wb_status st = WB_OK;

    wb_sha256_init(&hash);
    for (size_t i = 0; st == WB_OK && wb_handoff_unfinished(&u, r, i); i++) {
        int fd = -1;

        st = open_in(&fd, f, u.temporary, e);
        if (st == WB_ERR_NOT_FOUND &&
            (st = open_in(&fd, f, last_part(u.path), e)) != WB_OK)
            return wb_fail(e, st,
                "%s: is not here, nor %s: name the folder where it was written, or "
                "export again",
                last_part(u.path), u.temporary);
        if (st == WB_OK)
            st = add_file(&hash, fd, e);
        wb_file_close(&fd);
    }
    if (st != WB_OK)
        return st;
    wb_sha256_end(&hash, digest);
    wb_hex_encode(text, digest, sizeof digest);
    if (strcmp(text, wb_record_text(r, "sha256")) != 0)
        return wb_fail(e, WB_ERR_INTEGRITY,
            "%s: what lies here is not the bundle that was handed over (SHA-256): "
            "remove it and export again",
            f->name);
    return WB_OK;
}

static enum wb_status
publish_one(struct finishing *f, const struct wb_unfinished *u, struct wb_error *e)
{
    struct wb_file_out out;
    int fd = -1;
    enum wb_status st = open_in(&fd, f, u->temporary, e);

    wb_file_close(&fd);
    if (st == WB_ERR_NOT_FOUND)
        return WB_OK; /* it has its name */
    if (st != WB_OK || (st = place(f, last_part(u->path), e)) != WB_OK ||
        (st = wb_file_out_resume(&out, f->at, u->temporary, e)) != WB_OK)
        return st;
    st = wb_file_out_publish(&out, e);
    wb_file_out_close(&out);
    return st;
}

/* The first whose file is there; where none is, why the last one is not. */
static bool
try(void *cookie, const struct wb_record *r)
{
    struct finishing *f = cookie;
    struct wb_unfinished u;

    if (!waits_for(r, f->name))
        return true;
    if ((f->st = check_hash(f, r, &f->why)) != WB_OK)
        return true;
    f->handoff = r->id;
    (void)snprintf(f->finished->bundle, sizeof f->finished->bundle, "%s",
        wb_record_text(r, "bundle"));
    (void)snprintf(f->finished->sha256, sizeof f->finished->sha256, "%s",
        wb_record_text(r, "sha256"));
    for (size_t i = 0; f->st == WB_OK && wb_handoff_unfinished(&u, r, i); i++)
        f->st = publish_one(f, &u, &f->why);
    return false;
}

enum wb_status
wb_export_finish(struct wb_vault *v, const char *path, struct wb_finished *finished,
    struct wb_error *e)
{
    const struct wb_list_filter handoffs = {.kind = "handoff"};
    struct wb_finished found;
    struct finishing f = {.path = path,
        .name = last_part(path),
        .folder = (int)(last_part(path) - path),
        .finished = &found};
    uint64_t damaged;
    enum wb_status st;

    f.st = wb_fail(&f.why, WB_ERR_NOT_FOUND,
        "%s: no bundle of this vault waits for that name; see `handoffs`", path);
    if ((st = wb_list(v, &handoffs, try, &f, &damaged, e)) != WB_OK)
        return st;
    if (f.st != WB_OK)
        return wb_fail(e, f.st, "%s", f.why.message);
    if ((st = wb_handoff_named(v, &f.handoff, e)) == WB_OK)
        *finished = found;
    return st;
}
