/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * symbol_index.h - the functions of kallsyms in five megabytes.
 *
 * Inside of symbols.h: included by symbols.c, which keeps an index and answers
 * from it, and by the tests, which build one from a text.
 */
#ifndef ATTACH_KERNEL_SYMBOLS_SYMBOL_INDEX_H
#define ATTACH_KERNEL_SYMBOLS_SYMBOL_INDEX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * A function is sixteen bytes, a link of its hash chain, and its name.  What is
 * no function (data, and the padding __pfx_NAME that 6.2 and later put before
 * each) only matters for where the function before it ends: of a run of those
 * the first is kept, without its name.
 */
struct entry {
	uint64_t address;
	uint32_t name; /* offset in names; not a function's: of the next */
	uint16_t module; /* index in modules; 0 is the kernel proper */
	char type; /* 0: not a function */
	bool blacklisted : 1;
	bool shared : 1; /* something that is no function has the name too */
};

struct symbols {
	atomic_uint users;
	struct entry *entries; /* by address */
	uint32_t nentries;
	uint32_t *chains; /* per entry: the next of its hash, + 1; 0 ends */
	uint32_t *heads; /* per hash: the first entry, + 1 */
	uint32_t nheads; /* a power of two */
	char *names;
	uint32_t names_used;
	uint32_t *modules; /* offsets in names */
	uint32_t nmodules;
};

/* NULL without memory.  The caller is its one user. */
struct symbols *symindex_make(FILE *kallsyms);
void symindex_free(struct symbols *s); /* NULL is fine */

/* The first entry whose address is higher; nentries when there is none. */
uint32_t symindex_above(const struct symbols *s, uint64_t address);

/* The first of the hash's chain, + 1, or 0. */
uint32_t symindex_first(const struct symbols *s, const char *name);

/* "" for the kernel proper. */
const char *symindex_module(const struct symbols *s, uint32_t module);

uint32_t symindex_hash(const char *name);

#endif
