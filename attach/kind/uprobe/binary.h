/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * binary.h - the file that a user means by the name of a program or library.
 */
#ifndef ATTACH_KIND_UPROBE_BINARY_H
#define ATTACH_KIND_UPROBE_BINARY_H

#include <stdint.h>

#include "attach/kind/kind.h"
#include "attach/kind/target.h"
#include "fail.h"

struct binary {
	int fd; /* for reading; owned */
	char *path; /* absolute, in the user's name space; owned */
	struct file_mark mark;
};

/*
 * Opens it as the user.  An absolute path is taken as it is.  A bare name with
 * ".so" in it is looked up as the dynamic linker would, by its cache and its
 * directories, any other as a shell would.  "libssl", where no program is
 * called so, is the one libssl.so.* of that cache.
 *
 * EINVAL: a relative path, or no regular file; ENOENT: found nowhere, and the
 * sentence says where it was looked for; ENOTUNIQ: several libraries are called
 * so.  binary_clear() whatever is returned.
 */
int binary_open(const char *name, const struct opener *opener,
		struct binary *binary, struct err *e);
void binary_clear(struct binary *binary);

/*
 * The path that the dynamic linker's cache has for the library, for programs of
 * this machine; NULL when it has none.  The caller's to free.
 */
char *ldcache_find(const char *library, const struct opener *opener);

enum { LDCACHE_MATCHES = 16 };

struct ldcache_match {
	char *name, *path; /* owned */
};

/*
 * The libraries of this machine in the cache that are called NAME.so or
 * NAME.so.ANYTHING, each name once; how many there are, of which the first
 * LDCACHE_MATCHES are told.  Each is the caller's: ldcache_clear().
 */
size_t ldcache_match(const char *name, const struct opener *opener,
		     struct ldcache_match matches[LDCACHE_MATCHES]);
void ldcache_clear(struct ldcache_match matches[LDCACHE_MATCHES]);

#endif
