/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.h - object files of users: what is in one, and loading it.
 *
 * A file that a user has made is parsed and loaded by a child process, never
 * here: libbpf dies of slightly damaged ones.  The child has the ids, the groups
 * and of the capabilities those that bpf(2) asks for of the user that it works
 * for, sees no file system but its own, and can make few system calls; what it
 * answers is looked at byte by byte.  So a user gets what bpf(2) would give.
 *
 * An object is constant once it is made, but for its count of holders.
 *
 * Locking: none is needed; a call waits for the child.
 */
#ifndef ATTACH_PROGRAM_OBJECT_H
#define ATTACH_PROGRAM_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "attach/kernel/abi.h"
#include "fail.h"

enum {
	OBJECT_PROGRAMS = 4096, /* of an object */
	OBJECT_MAPS = 1024, /* libbpf's own ones included */
	OBJECT_VARIABLES = 16384,
	OBJECT_ANSWER = 16 << 20, /* bytes, of the child */
	OBJECT_TEXT = 4096, /* bytes of a name or a value, NUL included */
	OBJECT_SECONDS = 120, /* of CPU, of the child */
};

/* As whom the child loads. */
struct loader_as {
	uid_t uid;
	gid_t gid;
	const gid_t *groups; /* borrowed */
	size_t ngroups;
	/* Effective, in our user namespace; the child has of these CAP_BPF,
	   CAP_PERFMON, CAP_NET_ADMIN and CAP_SYS_ADMIN at most. */
	uint64_t caps;
	rlim_t memlock; /* RLIMIT_MEMLOCK, which counts before 5.11 */
	bool addresses; /* kallsyms would tell the user addresses */
};

/*
 * What is set before loading: a file below prog/NAME and what was written to
 * it, as "program/P/type" and "kprobe", "map/M/max_entries", "data/V".
 */
struct object_setting {
	const char *path;
	const char *value;
	/* What the value refers to, where that is a program or a map: `target`
	   as id:N:FUNCTION, `reuse`; else -1.  Borrowed. */
	int fd;
};

struct object_request {
	/* Before the names of its variables' maps, "web.bss"; NULL: "object". */
	const char *name;
	int fd; /* the bytes: a sealed memfd; borrowed, as are the next */
	int btf_fd; /* types of another kernel; -1: those of this one */
	int log_fd; /* the verifier's log is written to it; -1: nowhere */
	uint32_t log_level; /* BPF_LOG_...; 0: a log only when it fails */
	struct loader_as as;
	const struct object_setting *settings;
	size_t nsettings;
	/* Asked now and then: true ends the child.  NULL: never. */
	bool (*interrupted)(void *ctx);
	void *ctx;
};

/* The strings are never NULL. */
struct object_program {
	char *name; /* of its function */
	char *section;
	char *kernel_name; /* that it is loaded by, as the kernel wants it */
	char *target; /* [MODULE:]FUNCTION, id:N:FUNCTION; "": none */
	uint32_t type; /* BPF_PROG_TYPE_...; 0: not known by its section */
	uint32_t attach_type; /* expected */
	uint32_t flags; /* BPF_F_... of BPF_PROG_LOAD */
	uint32_t insns;
	bool autoload;
	char tag[17]; /* hexadecimal, before it is loaded; "": not known */
	int fd; /* -1: not loaded; owned */
};

struct object_map {
	char *name; /* in the object; variables have `.data` and the like */
	uint32_t type, key_size, value_size, max_entries, flags;
	bool variables; /* its values are the object's variables */
	int fd; /* -1: not loaded; owned */
};

struct object_variable {
	char *name;
	char *type; /* in C */
	char *value; /* as text, from the object or the settings */
	uint32_t map; /* place in maps[] */
	uint32_t offset; /* bytes, in the one value of the map */
	uint32_t size; /* bytes */
	bool constant; /* .rodata: only before it is loaded */
};

struct object {
	unsigned int holders; /* by __atomic builtins */
	char *license;
	char *needs; /* what of the kernel it asks for, "key:\tvalue" lines */
	struct object_program *programs;
	size_t nprograms;
	struct object_map *maps;
	size_t nmaps;
	struct object_variable *variables;
	size_t nvariables;
};

/*
 * What is in it, with the settings: no kernel is asked.  EINVAL: it is no BPF
 * object, or a setting does not fit; EIO: the child died; E2BIG: too much is in
 * it; EPERM: the child cannot be confined.
 */
int object_inspect(const struct object_request *request, struct object **out,
		   struct err *e);

/*
 * The same, and loads it, all or nothing.  The errno of bpf(2), with what is to
 * be done about it; EINTR: the user was interrupted.
 */
int object_load(const struct object_request *request, struct object **out,
		struct err *e);

struct object *object_hold(struct object *object);
void object_put(struct object *object); /* NULL is fine */

/*
 * In the process that is the child, by the first thing that main() does: whether
 * it is one, by its arguments; it does not return then.
 */
void loader_main_if_child(int argc, char **argv);

#endif
