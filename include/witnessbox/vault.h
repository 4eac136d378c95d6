/* include/witnessbox/vault.h - the vault file: made, opened, unlocked, closed. */
#ifndef WITNESSBOX_VAULT_H
#define WITNESSBOX_VAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

/* An open vault: one regular file, held by an exclusive lock from wb_vault_open to
 * wb_vault_close. Not for use by two threads at once. All sizes are in bytes, all text
 * is UTF-8. */
struct wb_vault;

/* How a new vault is made. Zeros mean the default. */
struct wb_vault_options {
    const char *name; /* pseudonym on our card, 1 to 128 bytes; NULL: "unnamed" */
    uint32_t kdf_memory_mib; /* Argon2id memory, 64 to 4,096; default 256 */
    uint32_t kdf_passes;     /* 3 to 64; default 3 */
    uint32_t kdf_lanes;      /* 4 to 16; default 4 */
    bool has_key_file;       /* the passphrase opens only together with a key file, */
    int key_file;            /* read from this open descriptor to its end */
    /* A field vault (field.h) for the owner of this collect point, 32 bytes; NULL: an
     * ordinary vault. It has no card, so `name` stays NULL. */
    const uint8_t *owner;
};

/* Sets the memory, passes and lanes so that opening takes about a second here: memory
 * first, up to 1 GiB and half of what is available, then passes. Takes a second or so
 * itself. WB_ERR_MEMORY when not even the least memory (64 MiB) is to be had. */
WB_API WB_CHECKED enum wb_status wb_vault_calibrate(
    struct wb_vault_options *options, struct wb_error *e);

/* Makes the file at `path`, mode 0600, with one passphrase slot, our identity and the
 * first log entries; whole or not at all. Refuses an existing file (WB_ERR_USAGE) and
 * an empty or non-UTF-8 passphrase (WB_ERR_VALUE). The passphrase is 1 to 1,024 bytes,
 * normalized as vault/store/FORMAT.md section 4 says; the caller wipes its copy. */
WB_API WB_CHECKED enum wb_status wb_vault_create(const char *path,
    const struct wb_vault_options *options, const char *passphrase, size_t size,
    struct wb_error *e);

enum wb_open_flags {
    WB_OPEN_READ = 1, /* for reading only: a read-only medium is fine */
};

/* Opens and locks the file after checking it as hostile (FORMAT.md section 2); waits up
 * to five seconds for another process, then WB_ERR_BUSY naming it. WB_ERR_NOT_FOUND
 * without a file; WB_ERR_FORMAT, WB_ERR_TOO_NEW or WB_ERR_INTEGRITY when it is not what
 * a vault must be: nothing was executed or changed. The vault is locked until
 * wb_vault_unlock. */
WB_API WB_CHECKED enum wb_status wb_vault_open(
    struct wb_vault **v, const char *path, int flags, struct wb_error *e);

/* WB_ERR_PASSPHRASE when no slot opens; WB_ERR_INTEGRITY when one does and header or
 * state disagree; WB_ERR_MEMORY when the key derivation wants more memory than there
 * is. On any error the vault is as it was. */
WB_API WB_CHECKED enum wb_status wb_vault_unlock(
    struct wb_vault *v, const char *passphrase, size_t size, struct wb_error *e);

/* The key file that the passphrase needs, before wb_vault_unlock: all bytes from the
 * open descriptor's position to its end, 1 byte to 16 MiB. */
WB_API WB_CHECKED enum wb_status wb_vault_key_file(
    struct wb_vault *v, int fd, struct wb_error *e);

WB_API bool wb_vault_is_locked(const struct wb_vault *v);

/* Rolls back what was not committed, wipes all keys, lets go of the file, nulls; NULL
 * is fine. */
WB_API void wb_vault_close(struct wb_vault **v);

/* What can be said of an unlocked vault in passing. */
struct wb_vault_info {
    char vault[33];      /* vault id, hexadecimal */
    uint64_t generation; /* of the header */
    uint32_t kdf_memory_mib;
    uint32_t kdf_passes;
    uint32_t kdf_lanes;
    unsigned passphrases; /* slots in use */
    uint64_t revisions;   /* stored */
    uint64_t files;       /* attachments stored */
    uint64_t entries;     /* of the newest log tree */
    uint64_t bytes;       /* of the file */
    bool field_vault;
    bool keys_locked; /* false: some key memory could not be locked against swapping */
};
WB_API WB_CHECKED enum wb_status wb_vault_info(
    struct wb_vault *v, struct wb_vault_info *info, struct wb_error *e);

/* A warning that a finished call left behind, or NULL: things that did not fail but
 * that the user should know (a journal that could not be wiped). Cleared by asking.
 * Lives until the next call. */
WB_API const char *wb_vault_warning(struct wb_vault *v);

#endif
