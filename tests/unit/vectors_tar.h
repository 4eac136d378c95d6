/* tests/unit/vectors_tar.h - the tar of a bag, made and taken apart. */
#ifndef WB_TESTS_VECTORS_TAR_H
#define WB_TESTS_VECTORS_TAR_H

#include "vectors.h"

/* A case of `ustar`: one member header. */
void vectors_ustar(const struct vector *c);

/* Headers, length and hash of the archive in a case of `bag`, which is then read in
 * pieces of 1,000 bytes. */
void vectors_archive(const struct vector *c);

#endif
