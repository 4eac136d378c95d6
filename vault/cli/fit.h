/* vault/cli/fit.h - lines that fit the terminal. */
#ifndef WB_CLI_FIT_H
#define WB_CLI_FIT_H

#include <stdarg.h>
#include <stddef.h>
#include <witnessbox/error.h>

/* Adds to the line that is being written to standard output. A terminal gets it broken
 * between words where it is too long, and what follows stands below its last column;
 * anybody else gets it as it is. Safe text only: wide characters count two columns. */
void cli_fit_add(const char *bytes, size_t size);

/* Text longer than any line, as it is. */
void cli_fit_pass(const char *format, va_list args) WB_PRINTF(1, 0);

/* Gives out a line that has no end yet: before anything is flushed. */
void cli_fit_end(void);

#endif
