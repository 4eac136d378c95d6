/* vault/crypto/calibrate.h - Argon2id parameters that take about a second here. */
#ifndef WB_CRYPTO_CALIBRATE_H
#define WB_CRYPTO_CALIBRATE_H

#include "kdf.h"

enum { WB_CALIBRATE_TARGET_MS = 1000, WB_CALIBRATE_MEMORY_MAX_KIB = 1024 * 1024 };

/* Chooses memory and passes (lanes stay those of the floor) so that one derivation
 * takes about WB_CALIBRATE_TARGET_MS: memory first, up to `memory_max_kib` in whole 16
 * MiB, then passes; where the floor takes longer, it is the floor. `measure` says how
 * many microseconds a derivation with these parameters takes; it is asked twice at
 * most, for 64 and 256 MiB. */
WB_CHECKED enum wb_status wb_calibrate_with(struct wb_kdf_params *chosen,
    uint32_t memory_max_kib,
    enum wb_status (*measure)(
        uint64_t *microseconds, const struct wb_kdf_params *p, struct wb_error *e),
    struct wb_error *e);

/* The same by real runs on this machine, with at most 1 GiB and half of the memory that
 * is available. WB_ERR_MEMORY when there is not enough for the floor. */
WB_CHECKED enum wb_status wb_calibrate(
    struct wb_kdf_params *chosen, struct wb_error *e);

#endif
