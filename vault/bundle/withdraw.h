/* vault/bundle/withdraw.h - what a withdrawal concerns, from the inside. */
#ifndef WB_BUNDLE_WITHDRAW_H
#define WB_BUNDLE_WITHDRAW_H

#include <witnessbox/withdraw.h>

#include "../record/record.h"
#include "closure.h"

enum { WB_MENTION_BYTES = WB_ID_TEXT_BYTES + WB_ROOT_TEXT_BYTES };

/* A consent in force; kinds and purposes as they are recorded. */
struct wb_withdrawn_consent {
    struct wb_id id, about;
    const char *purpose;
    bool foreign;
};

/* Something that somebody has: "id@root", as in their handoff. */
struct wb_mention {
    size_t told; /* number of who has it */
    char line[WB_MENTION_BYTES];
};

struct wb_withdrawal {
    struct wb_arena arena;
    struct wb_vault *v;
    struct wb_id target;
    struct wb_buf consents; /* of struct wb_withdrawn_consent */
    struct wb_closure graph;
    struct wb_buf records;  /* of struct wb_concerned, by id */
    struct wb_buf roots;    /* of uint8_t[WB_ROOT_BYTES], theirs */
    struct wb_buf told;     /* of struct wb_told */
    struct wb_buf mentions; /* of struct wb_mention */
};

#endif
