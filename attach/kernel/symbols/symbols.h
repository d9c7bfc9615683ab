/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * symbols.h - the functions of the running kernel, from /proc/kallsyms.
 *
 * Locking: thread-safe; a lock of its own inside, under which only files of
 * /proc and /sys are read.  The index is built at the first use and again when
 * /proc/modules has changed; it is counted, so a reader may keep one while
 * others rebuild.
 */
#ifndef ATTACH_KERNEL_SYMBOLS_SYMBOLS_H
#define ATTACH_KERNEL_SYMBOLS_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fail.h"

struct symbols; /* an index, immutable */

struct symbol {
	const char *name; /* valid while the index is held */
	const char *module; /* NULL for the kernel proper */
	uint64_t address; /* 0 when kptr_restrict hides it */
	uint64_t size; /* to the next symbol; 0 when unknown */
	char type; /* as in kallsyms: t, T, w, W, d, ... */
	bool blacklisted; /* kprobes may not be here; false when not known */
	bool shared; /* what is no function has the name too, most likely */
};

/* NULL with *e filled when kallsyms cannot be read, or is empty. */
const struct symbols *symbols_get(struct err *e);
void symbols_put(const struct symbols *s); /* NULL is fine */

/*
 * Calls each() for every function of that exact name; when there is none, for
 * everything else that has it (data, padding), which costs a scan of kallsyms.
 * module NULL is any, "vmlinux" the kernel proper.  Returns how many there
 * were.  What each() is given is valid during the call only.
 */
size_t symbols_find(const struct symbols *s, const char *module,
		    const char *name,
		    void (*each)(void *ctx, const struct symbol *symbol),
		    void *ctx);

/*
 * Functions that match the pattern (pattern.h), in order of address.  A
 * pattern without wildcards is looked up, not searched for.
 */
size_t symbols_match(const struct symbols *s, const char *module,
		     const char *pattern,
		     void (*each)(void *ctx, const struct symbol *symbol),
		     void *ctx);

/* The function that holds the address; false when there is none. */
bool symbols_at(const struct symbols *s, uint64_t address,
		struct symbol *symbol);

/* The module is loaded, or "vmlinux". */
bool module_loaded(const char *module);

/* kptr_restrict keeps the addresses from us: all are 0, all sizes unknown. */
bool symbols_hidden(const struct symbols *s);

/* It is text that runs once at boot and is gone (__init). */
bool symbols_is_init(const struct symbols *s, uint64_t address);

/*
 * Calls each() for what ftrace can trace (available_filter_functions), in the
 * kernel's order; module is NULL for the kernel proper.  ENODEV without
 * tracefs, else the errno of opening the list.
 */
int traceable_scan(void (*each)(void *ctx, const char *module,
				const char *name),
		   void *ctx);

/*
 * The same names for many questions.  NULL with *err when they cannot be read.
 */
struct traceable;

struct traceable *traceable_read(int *err);
/* How many functions of that name there are. */
size_t traceable_count(const struct traceable *t, const char *name);
void traceable_free(struct traceable *t); /* NULL is fine */

/* One question: both read a whole list.  1, 0, or -1 when unknown. */
int symbol_traceable(const char *name);
/* It is on the kprobe blacklist of debugfs. */
int symbol_blacklisted(const char *name);

/* Calls each() for every range of that list, [start, end); or -errno. */
int blacklist_scan(void (*each)(void *ctx, uint64_t start, uint64_t end,
				const char *name),
		   void *ctx);

#endif
