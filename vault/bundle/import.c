/* vault/bundle/import.c - entering a vault: inspected whole, then stored at once. */
#include "../base/fail.h"
#include "../base/file.h"
#include "reader.h"
#include "store.h"

static enum wb_status
read_file(struct wb_vault *v, const char *path, const struct wb_readmits *readmits,
    int *fd, struct wb_identity_keys *keys, struct wb_bundle_report **report,
    struct wb_error *e)
{
    enum wb_status st;

    if ((st = wb_store_need_unlocked(v, e)) != WB_OK ||
        (st = wb_file_open(fd, path, e)) != WB_OK ||
        (st = wb_identity_open(v, keys, e)) != WB_OK)
        return st;
    return wb_within(
        e, wb_reader_pass(report, v, *fd, keys->age, readmits, e), "%s", path);
}

enum wb_status
wb_inspect(struct wb_vault *v, const char *path, struct wb_bundle_report **report,
    struct wb_error *e)
{
    struct wb_identity_keys keys = {0};
    int fd = -1;
    enum wb_status st = read_file(v, path, NULL, &fd, &keys, report, e);

    wb_identity_wipe(&keys);
    wb_file_close(&fd);
    return st;
}

/* Unknown is not forged: the signature holds, but whose key it is nobody here said. */
static enum wb_status
check_trust(const struct wb_bundle_report *report, int flags, struct wb_error *e)
{
    if ((flags & WB_IMPORT_ACCEPT) != 0 || report->trust == WB_TRUST_VERIFIED)
        return WB_OK;
    if (report->trust == WB_TRUST_UNKNOWN)
        return wb_fail(e, WB_ERR_POLICY,
            "signed by a key that no contact has: add the sender's card with `contact "
            "add`, compare the key, `contact verify`; or import with --accept");
    return wb_fail(e, WB_ERR_POLICY,
        "signed by the contact %s, whose key was not compared yet: compare it and "
        "`contact verify`; or import with --accept",
        report->contact.label);
}

static enum wb_status
store(struct wb_vault *v, struct wb_bundle_report *report, int fd,
    struct wb_secret *identity, struct wb_error *e)
{
    struct wb_change *c = NULL;
    enum wb_status st;

    if (report->present + report->refused == wb_report_record_count(report))
        return WB_OK; /* nothing new, so nothing changes */
    if ((st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    if ((st = wb_store_pass(c, report, fd, identity, e)) == WB_OK)
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}

enum wb_status
wb_import(struct wb_vault *v, const char *path, int flags,
    struct wb_bundle_report **report, struct wb_error *e)
{
    return wb_import_readmitting(v, path, flags, NULL, report, e);
}

enum wb_status
wb_import_readmitting(struct wb_vault *v, const char *path, int flags,
    const struct wb_readmits *readmits, struct wb_bundle_report **report,
    struct wb_error *e)
{
    struct wb_bundle_report *read = NULL;
    struct wb_identity_keys keys = {0};
    int fd = -1;
    enum wb_status st = read_file(v, path, readmits, &fd, &keys, &read, e);

    if (st == WB_OK && (st = check_trust(read, flags, e)) == WB_OK)
        st = store(v, read, fd, keys.age, e);
    if (st == WB_OK) {
        *report = read;
        read = NULL; /* handed over */
    }
    wb_report_free(&read);
    wb_identity_wipe(&keys);
    wb_file_close(&fd);
    return st;
}
