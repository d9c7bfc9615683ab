/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kind.h - kinds of probe.
 *
 * A kind is one file in this directory and one row in kinds.c.  What makes a
 * probe of a kind is its spec: a struct of the kind's own, described member by
 * member in a table of fields, each of which is a file of the probe's directory.
 *
 * Locking: everything here is constant.  parse() is pure and may run under any
 * lock; resolve() and available() read files of the system and of the user's
 * and must run without one.
 */
#ifndef ATTACH_KIND_KIND_H
#define ATTACH_KIND_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "attach/kernel/abi.h"
#include "attach/kernel/bpf.h"
#include "fail.h"

struct binary; /* attach/kind/uprobe/binary.h */
struct target;
struct site;

/* How text becomes one C type and the reverse. */
struct type {
	/* The text has no newline.  On failure *value is as it was. */
	int (*parse)(void *value, const char *text, struct err *e);
	/* The canonical form, which parse() accepts; nothing when unset. */
	void (*show)(const void *value, FILE *out);
	/* Frees what parse() made and sets the value to its default. */
	void (*clear)(void *value);
	const char *form; /* what may be written, for help */
};

extern const struct type type_string; /* char *, NULL when unset; owned */
extern const struct type type_u64; /* decimal or 0x... */
extern const struct type type_u32;
extern const struct type type_s32; /* decimal, with a sign or without */
extern const struct type type_pid; /* pid_t, 0 is every process */
extern const struct type type_flag; /* bool: 0 or 1 */

#define TYPE_OF(member) \
	_Generic((member),          \
		char *: &type_string,   \
		uint64_t: &type_u64,    \
		uint32_t: &type_u32,    \
		pid_t: &type_pid,       \
		bool: &type_flag)

struct field {
	const char *name; /* of the file, and of the member */
	const struct type *type;
	size_t offset; /* of the member in the spec */
	const char *help;
};

/* clang-format off */
#define FIELD(spec, member, text)                          \
	{                                                  \
		.name = #member,                           \
		.type = TYPE_OF(((spec *)NULL)->member),   \
		.offset = offsetof(spec, member),          \
		.help = (text),                            \
	}
/* The same for a type that the member's does not tell. */
#define FIELD_OF(spec, member, of, text)                   \
	{                                                  \
		.name = #member,                           \
		.type = &(of),                             \
		.offset = offsetof(spec, member),          \
		.help = (text),                            \
	}
/* clang-format on */

/* A process that the user may look into; all of it is the lister's. */
struct process {
	pid_t pid; /* as the user calls it */
	int maps; /* /proc/PID/maps, open for reading */
	const char *root; /* its root directory as maps has it; "" is / */
	unsigned int root_id; /* equal roots are equal; 0 is the user's own */
};

/* Anything but 0 ends the list, and is what the lister returns. */
typedef int process_taker(void *arg, const struct process *process);

/*
 * Opens a path of the user's as that user, in the user's root and mount
 * namespace.  Returns a descriptor of the caller's, or -errno with *e filled.
 */
struct opener {
	int (*open)(void *ctx, const char *path, int flags, struct err *e);
	/* The process that the user calls pid, as we call it; or -errno. */
	pid_t (*find_pid)(void *ctx, pid_t pid, struct err *e);
	/* NULL: none are listed. */
	int (*processes)(void *ctx, process_taker *take, void *arg,
			 struct err *e);
	/*
	 * A descriptor of the network namespace at path, if the user may attach
	 * to what is in it; path NULL: of the user's own.  NULL: ours is meant,
	 * as in unit tests.
	 */
	int (*netns)(void *ctx, const char *path, struct err *e);
	/*
	 * 0, or -errno: the user may do that (access(2)) to what the descriptor
	 * is of.  NULL: whatever is asked.
	 */
	int (*access)(void *ctx, int fd, int mode);
	/*
	 * The program, map or link that a text refers to, as in `attach`.  A
	 * descriptor of the caller's; EINVAL when it is of another type.
	 */
	int (*object)(void *ctx, const char *text, enum bpf_object type,
		      struct err *e);
	/* What the user expects of the kernel has been looked at, and is true no
	   more because of what was done since. */
	bool again;
	void *ctx;
};

/* How programs get on the targets of a kind: the rows of attach/attacher.c. */
enum attacher_id {
	ATTACHER_EVENTS, /* an event at each site, or one multi link */
	ATTACHER_HOOK, /* one link on a hook of the kernel */
	ATTACHER_CODE, /* what the program was loaded for: a function, a hook */
	ATTACHER_SAMPLES, /* a perf event on each CPU */
	ATTACHER_MAP, /* a map of struct_ops, without a program */
};

enum kind_trait {
	KIND_COOKIE = 1 << 0, /* its links have a cookie, on some kernel */
	KIND_OUTPUT = 1 << 1, /* a probe has a file `output` */
	KIND_ALTERS = 1 << 2, /* changes traffic or results: root's, unless
				 the mount option allow names it */
	KIND_MAP = 1 << 3, /* it is a map that is attached */
};

/*
 * What programs a kind takes.  The kernel does not tell the expected attach
 * type of a program: it is what a built-in one is loaded with.
 */
struct accept {
	enum bpf_prog_type prog_type;
	uint32_t attach_type; /* expected; 0 where it does not matter */
	int neutral; /* what a program returns that changes nothing */
	unsigned int neutral_by; /* the feature without which it would change
				    something; 0: it never does */
	const char *no_neutral; /* why no constant is; NULL: one is */
	bool asks; /* bpf(2) asks for the capability at the attach, too, even of
		      who has loaded the program */
};

struct link_info;

struct kind {
	const char *name; /* directory under the mount */
	const char *grammar; /* of the names that mkdir accepts */
	const char *help; /* one sentence */
	const char *example; /* a name */
	const struct field *fields; /* ends with a nameless entry */
	size_t spec_size;
	const struct accept *accepts; /* the last has the type 0 */
	enum attacher_id attacher;
	unsigned int traits; /* KIND_... */
	/*
	 * The capability that loading a program of the kind needs: a user
	 * that attaches a program of somebody else's has to have it.  0:
	 * none, since to read the target is what it takes.
	 */
	int capability;
	bool lists; /* a probe has an `available` of its own */

	/*
	 * The spec that a directory's name stands for; spec is zeroed.  EINVAL
	 * with a position for a name outside the grammar.  On failure the spec
	 * may be half filled: spec_clear() it.
	 */
	int (*parse)(const char *name, void *spec, struct err *e);

	/*
	 * EINVAL names a field without which there is no target, and which is
	 * not set: a program that is written before it waits for it.  NULL:
	 * each name gives all of them.
	 */
	int (*check)(const void *spec, struct err *e);

	/*
	 * The sites that the spec means on this kernel, now.  target is empty
	 * (target_init()); on failure it may be half filled: target_clear() it.
	 * EINVAL names the field that is missing or wrong.
	 */
	int (*resolve)(const void *spec, const struct opener *opener,
		       struct target *target, struct err *e);

	/*
	 * Opens the file that has the sites, now: binary_clear() it whatever is
	 * returned.  NULL for kinds whose sites are in no file.
	 */
	int (*open)(const void *spec, const struct opener *opener,
		    struct binary *binary, struct err *e);

	/*
	 * What must be done for this program before it is attached, or NULL:
	 * may change the cookies of the sites, which are all `cookie`.  What it
	 * made belongs to target->own.
	 */
	int (*arm)(struct target *target, int prog_fd, uint64_t cookie,
		   struct err *e);

	/*
	 * The same for links that are taken over, whose cookies the sites have
	 * already: *cookie becomes the user's.
	 */
	int (*rearm)(struct target *target, int prog_fd, uint64_t *cookie,
		     struct err *e);

	/*
	 * Why the kernel refused the site with that (positive) errno, and what
	 * to do: fills *e and returns the errno to give, negative.  event says
	 * whether making the event failed, or putting the program on it.
	 */
	int (*explain)(const struct target *target, const struct site *site,
		       bool event, int code, struct err *e);

	/*
	 * Of kinds with a hook: the link, whose type is the target's, is on that
	 * target.  Of several answers that a kernel may owe, "yes" is right.
	 */
	bool (*matches)(const struct target *target,
			const struct link_info *info);

	/*
	 * The lines of `info` that are the kind's own, and those of `sites`; NULL
	 * for what the attacher has to say.
	 */
	void (*show)(const struct target *target, FILE *out);
	void (*show_sites)(const struct target *target, FILE *out);

	/* Why such a target is gone, as the end of a sentence. */
	const char *gone;

	/*
	 * What could be probed, a line each.  spec is NULL for the kind's own
	 * list; a spec is only given where `lists` is set.  ENODATA: the spec
	 * lacks what that depends on, which reads as nothing.
	 */
	int (*available)(const void *spec, const struct opener *opener,
			 FILE *out, struct err *e);
};

extern const struct kind *const kinds[]; /* ends with NULL */
const struct kind *kind_at(size_t place); /* in kinds[]; NULL: there is none */

/* "CAP_PERFMON", ...: of a kind whose capability is not 0.  Static. */
const char *kind_capability(const struct kind *kind);

/* The bits of kinds[] that users other than root may use by default. */
uint64_t kinds_of_users(void);

/* The row for programs of that type, or NULL. */
const struct accept *kind_accepts(const struct kind *kind,
				  enum bpf_prog_type type);

const struct kind *kind_find(const char *name); /* NULL when there is none */
const struct field *field_find(const struct kind *kind, const char *name);
size_t kind_field_count(const struct kind *kind);

/* Zeroed for the kind, its members at their defaults; NULL without memory. */
void *spec_make(const struct kind *kind);
void spec_clear(const struct kind *kind, void *spec); /* the members only */
void spec_free(const struct kind *kind, void *spec); /* NULL is fine */
int field_parse(const struct field *field, void *spec, const char *text,
		struct err *e);
void field_show(const struct field *field, const void *spec, FILE *out);

#endif
