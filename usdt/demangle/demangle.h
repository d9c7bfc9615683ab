/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * demangle.h - the names of C++ and Rust as people read them.
 *
 * Symbols come from files of others, so nothing here believes them: a name has
 * a bounded length, depth, number of steps and size in plain text, all memory
 * is taken at once by demangler_make(), and what does not fit has no plain
 * name.  So has what is rare: a symbol without a plain name is no failure.
 *
 * libiberty does not do it, since it bounds neither its text nor its work: a
 * symbol of 300 bytes, 40 conversions in one another, keeps it busy for hours.
 *
 * The plain names are those of nm -C and c++filt, but for blanks in odd places.
 * C++ is that of the Itanium ABI (itanium-cxx-abi.github.io, "Mangling"), Rust
 * both manglings (RFC 2603, and the one that looks like C++).
 *
 * Locking: none; one thread a demangler.
 */
#ifndef USDT_DEMANGLE_DEMANGLE_H
#define USDT_DEMANGLE_DEMANGLE_H

#include <stdbool.h>
#include <stddef.h>

struct demangler;

struct plain_name {
	const char *text; /* the demangler's, until it is used again */
	/* The qualified name in it: no return type, no parameters. */
	size_t start, end;
	/* Where the name's own template arguments begin; else end. */
	size_t bare_end;
	/* The compiler made it of a part of the function: f() [clone .cold]. */
	bool clone;
};

struct demangler *demangler_make(void); /* NULL without memory */
void demangler_free(struct demangler *d); /* NULL is fine */

/* False when the symbol has no plain name. */
bool demangle(struct demangler *d, const char *symbol, struct plain_name *out);

/* It has worked more than any real file asks for: it finds nothing any more. */
bool demangler_spent(const struct demangler *d);

/*
 * True when a person who wrote `text` means this function: its plain name, its
 * plain name without what it returns, its qualified name, or that without its
 * template arguments.  Blanks count only between two words, [abi:...] only
 * where the person wrote one.
 */
bool plain_name_is(const struct plain_name *plain, const char *text);

/* A copy without the blanks that do not count; false when room is too small. */
bool plain_name_squeeze(const char *text, size_t length, char *out,
			size_t room);

#endif
