/* tests/lib/vectors_vault.h - a vault in memory whose keys are those of a case. */
#ifndef WB_TESTS_VECTORS_VAULT_H
#define WB_TESTS_VECTORS_VAULT_H

#include "store/session.h"
#include "vectors.h"

/* An empty vault without a file: all keys zero, one epoch, next rows zero. */
struct wb_vault *vectors_vault_new(void);
/* Nulls. */
void vectors_vault_free(struct wb_vault **v);

/* A member of the case becomes a key of the vault. */
void vectors_key(const struct vector *c, const char *member, struct wb_secret *key);

/* The one value that a query answers, ?1 being a row number. */
struct vector_bytes vectors_query(
    const struct vector *c, struct wb_vault *v, const char *sql, uint64_t row);

/* Runs an insert of (?1 row, ?2 bytes). */
void vectors_insert(const struct vector *c, struct wb_vault *v, const char *sql,
    uint64_t row, const void *bytes, size_t size);

#endif
