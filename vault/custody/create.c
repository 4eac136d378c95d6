/* vault/custody/create.c - a new vault: file, keys, identity, first log entries. */
#include "../base/fail.h"
#include "../base/file.h"
#include "../base/mem.h"
#include "identity.h"
#include "log.h"

static const struct wb_kdf_params kdf_default = {256 * 1024, 3, 4};

static struct wb_kdf_params
choose_kdf(const struct wb_vault_options *o)
{
    struct wb_kdf_params kdf = kdf_default;

    if (o->kdf_memory_mib !=
        0) /* above the cap: refused there, not wrapped around here */
        kdf.memory_kib = o->kdf_memory_mib > UINT32_MAX / 1024
            ? UINT32_MAX
            : o->kdf_memory_mib * 1024;
    if (o->kdf_passes != 0)
        kdf.passes = o->kdf_passes;
    if (o->kdf_lanes != 0)
        kdf.lanes = o->kdf_lanes;
    return kdf;
}

static enum wb_status
add_identity(struct wb_change *c, const char *name, struct wb_error *e)
{
    struct wb_vault *v = wb_change_vault(c);
    struct wb_identity_keys keys = {0};
    struct wb_record *r = NULL;
    enum wb_status st;

    if ((st = wb_identity_new(&r, &keys, v, name, e)) == WB_OK &&
        (st = wb_change_store(c, WB_ACTION_ADD, r, NULL, e)) == WB_OK)
        wb_store_state(v)->identity = r->id;
    wb_record_free(&r);
    wb_identity_wipe(&keys);
    return st;
}

/* Inside the first transaction: the entry "create", then who we are. A field vault has
 * no secrets of ours, so that none can be taken from it. */
static enum wb_status
fill(struct wb_vault *v, const char *name, struct wb_error *e)
{
    struct wb_change *c = NULL;
    enum wb_status st;

    if ((st = wb_change_begin(&c, v, e)) != WB_OK)
        return st;
    if ((st = wb_change_entry(c, WB_ACTION_CREATE, NULL, e)) == WB_OK &&
        (wb_store_is_blind(v) || (st = add_identity(c, name, e)) == WB_OK))
        st = wb_change_commit(&c, e);
    wb_change_rollback(&c);
    return st;
}

enum wb_status
wb_vault_create(const char *path, const struct wb_vault_options *options,
    const char *passphrase, size_t size, struct wb_error *e)
{
    const char *name = options->name == NULL ? "unnamed" : options->name;
    struct wb_pass pass = {passphrase, size, NULL};
    struct wb_kdf_params kdf = choose_kdf(options);
    struct wb_secret *key_file = NULL;
    struct wb_file_out out;
    struct wb_vault *v = NULL;
    char *temporary = NULL;
    enum wb_status st;

    if (options->owner != NULL && options->name != NULL)
        return wb_fail(e, WB_ERR_USAGE, "name: a field vault has no card to put it on");
    if ((st = wb_kdf_check(&kdf, e)) != WB_OK)
        return wb_fail(e, WB_ERR_USAGE, "%s", e == NULL ? "" : e->message);
    if (options->has_key_file &&
        (st = wb_store_key_file_read(&key_file, options->key_file, e)) != WB_OK)
        return st;
    pass.key_file = key_file;
    if ((st = wb_file_out_open(&out, path, e)) != WB_OK) {
        wb_secret_free(&key_file);
        return st;
    }
    temporary = wb_file_out_path(&out, path);
    if (temporary == NULL)
        st = wb_fail_memory(e);
    else if ((st = wb_store_create(&v, temporary, &kdf, &pass, options->owner, e)) ==
        WB_OK)
        st = fill(v, name, e);
    wb_vault_close(&v); /* lets go of the file before it gets its name */
    if (st == WB_OK)
        st = wb_file_out_publish(&out, e);
    wb_file_out_close(&out);
    wb_mem_free(temporary);
    wb_secret_free(&key_file);
    return st;
}
