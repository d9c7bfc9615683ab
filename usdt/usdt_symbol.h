/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usdt_symbol.h - the addresses of the symbols that arguments name.
 *
 * All the names of all the notes of a probe are looked up in one walk over the
 * tables of the file, which may be long: do it once a probe, and only for files
 * that are attached to, not for listing.
 *
 * Lifetime: names point into the notes, which must outlive the symbols.
 * Locking: none; constant once made.
 */
#ifndef USDT_USDT_SYMBOL_H
#define USDT_USDT_SYMBOL_H

#include <stddef.h>
#include <stdint.h>

#include "fail.h"
#include "usdt/note.h"

struct spec_symbols;

/*
 * Looks in the image and, if it has an opener for them, its debug file.  Broken
 * tables are as tables without symbols: arguments become unavailable.
 */
int spec_symbols_make(struct image *image, const struct note *const *notes,
		      size_t count, struct spec_symbols **out, struct err *e);
void spec_symbols_free(struct spec_symbols *symbols); /* NULL is fine */

/* For spec_site.find; ctx is the struct spec_symbols. */
int spec_symbols_find(void *ctx, const char *name, size_t length,
		      uint64_t *address);

#endif
