/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * map.h - maps of the kernel: what they are, their pairs and variables as text.
 *
 * A line a pair, `KEY: VALUE`, by the map's types in BTF (value.h); without BTF a
 * key or a value is its bytes.  Values per CPU are a list, `{1, 2}`, of one for
 * each possible CPU.  Objects are read as `id:N`, sockets as `cookie:N`.
 *
 * Every fd is borrowed, and has been looked at: it is a map's.
 */
#ifndef ATTACH_KERNEL_MAP_MAP_H
#define ATTACH_KERNEL_MAP_MAP_H

#include <stdio.h>

#include "attach/kernel/abi.h"
#include "attach/kernel/map/map_type.h"
#include "fail.h"

/* key:\tvalue lines, as in fdinfo. */
int map_show(int fd, FILE *out, struct err *e);

/* What the kernel says of it; members that it does not know are 0. */
int map_info(int fd, struct bpf_map_info *info, struct err *e);

/*
 * The pairs, as they come: memory does not grow with their number.  Pairs that
 * are deleted meanwhile are left out; a map that changes faster than it is read
 * ends with EBUSY.
 *
 * Locking: the reader's own lock, under which bpf(2) is called; no other is taken
 * under it.
 */
struct map_reader;

int map_reader_open(int fd, struct map_reader **out, struct err *e);
/* As read(2): 0 is the end. */
ssize_t map_reader_read(struct map_reader *reader, char *buffer, size_t size,
			struct err *e);
void map_reader_close(struct map_reader *reader); /* NULL is fine */

/* Opens what a value refers to: a descriptor, which is the callee's to close. */
struct map_opener {
	int (*open)(void *ctx, enum map_holds holds, const char *text,
		    struct err *e);
	void *ctx;
};

/*
 * `KEY: VALUE`, `KEY = VALUE` or `KEY VALUE`.  A value for each CPU is a list; one
 * value is for all.  Members that are left out are 0 in a new pair, else as they
 * are.
 */
int map_put(int fd, const char *text, const struct map_opener *opener,
	    struct err *e);
int map_delete(int fd, const char *text, struct err *e);

/*
 * The variable of an object in the map of its section, by the kernel's BTF of the
 * map; size bytes at offset.
 */
struct map_variable {
	const char *name;
	uint32_t offset, size;
};

int map_variable_show(int fd, const struct map_variable *variable, FILE *out,
		      struct err *e);
/* Only its own bytes are written.  EPERM: it is constant. */
int map_variable_put(int fd, const struct map_variable *variable,
		     const char *text, struct err *e);

#endif
