/* vault/cli/new.h - what commands that set a passphrase or parameters share. */
#ifndef WB_CLI_NEW_H
#define WB_CLI_NEW_H

#include "cli.h"

/* Where a new passphrase comes from, and the key file that goes with it. */
struct cli_new {
    struct cli_number fd;
    const char *file;
    const char *key_file;
    bool no_key_file;
};

/* clang-format off */
#define CLI_NEW_PASSPHRASE_ROWS(type, member)                                          \
    {.name = "new-passphrase-fd", .kind = CLI_NUMBER, .most = INT_MAX,                 \
     .offset = offsetof(type, member.fd), .value = "N",                                \
     .help = "read the new passphrase from this open descriptor"},                     \
    {.name = "new-passphrase-file", .kind = CLI_WORD,                                  \
     .offset = offsetof(type, member.file), .value = "FILE",                           \
     .help = "read the new passphrase from this file", .use = CLI_READS}

#define CLI_NEW_KEY_FILE_ROWS(type, member)                                            \
    {.name = "new-key-file", .kind = CLI_WORD,                                         \
     .offset = offsetof(type, member.key_file), .value = "FILE",                       \
     .help = "it opens only together with this file; else as this vault was opened",   \
     .use = CLI_READS},                                                                \
    {.name = "no-key-file", .kind = CLI_FLAG,                                          \
     .offset = offsetof(type, member.no_key_file),                                     \
     .help = "it opens without a key file"}

/* What the key derivation costs. */
struct cli_kdf {
    bool portable;
    struct cli_number memory, passes, lanes;
};

#define CLI_KDF_ROWS(type, member)                                                     \
    {.name = "portable", .kind = CLI_FLAG, .offset = offsetof(type, member.portable),  \
     .help = "a key derivation that small computers can bear: 256 MiB"},               \
    {.name = "kdf-memory", .kind = CLI_NUMBER, .least = 64, .most = 4096,              \
     .offset = offsetof(type, member.memory), .value = "MIB",                          \
     .help = "memory that one guess at the passphrase takes"},                         \
    {.name = "kdf-passes", .kind = CLI_NUMBER, .least = 3, .most = 64,                 \
     .offset = offsetof(type, member.passes), .value = "N",                            \
     .help = "times that this memory is gone through"},                                \
    {.name = "kdf-lanes", .kind = CLI_NUMBER, .least = 4, .most = 16,                  \
     .offset = offsetof(type, member.lanes), .value = "N",                             \
     .help = "how many processors can share the work"}
/* clang-format on */

/* Whether any of them was given; WB_ERR_USAGE for --portable together with the others.
 */
WB_CHECKED enum wb_status cli_kdf_given(
    const struct cli_kdf *from, bool *given, struct wb_error *e);
/* Those given into `to`, whose other numbers stay; --portable sets all three. */
void cli_kdf_put(struct wb_vault_options *to, const struct cli_kdf *from);
/* A warning where the memory is more than a small computer has. */
void cli_kdf_warn(uint32_t memory_mib);

/* Reads it (twice on a terminal, with an honest word about a weak one) and opens its
 * key file. `to` points into `p`; both are ended by cli_new_end, also after an error.
 */
WB_CHECKED enum wb_status cli_new_passphrase(struct cli *c, struct cli_passphrase *p,
    struct wb_new_passphrase *to, const struct cli_new *from, struct wb_error *e);
void cli_new_end(struct cli_passphrase *p, struct wb_new_passphrase *to);

/* An estimate for a passphrase that was just typed, unless it is strong. */
void cli_tell_strength(const struct cli *c, const struct cli_passphrase *p);

/* Rekeys, saying so; what `passphrase change` offers and `rekey` does. */
WB_CHECKED enum wb_status cli_rekey(struct cli *c, struct wb_error *e);

#endif
