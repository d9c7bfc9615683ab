/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reference.h - what a text refers to: a program, a map, links.
 */
#ifndef FS_USER_REFERENCE_H
#define FS_USER_REFERENCE_H

#include "attach/pin.h"
#include "attach/program/builtin.h"
#include "fs/user/caller.h"

/* Exactly one of the four is there. */
struct reference {
	enum bpf_object want; /* a map, or else a program or links */
	bool attaches; /* a probe, which asks for rights of its own */
	int prog_fd; /* -1: none; owned */
	int map_fd; /* -1: none; owned */
	const struct builtin *builtin; /* not loaded yet */
	int *links; /* pinned links; owned, as are they */
	size_t nlinks;
	struct pin place; /* of the links */
};

/* The nodes of this very mount, of which the tree knows what they are. */
struct own {
	/* Makes a reference of the node of that number; out->want is set. */
	int (*open)(const struct own *own, const struct caller *caller,
		    uint64_t number, struct reference *out, struct err *e);
	/*
	 * The same by a text: NAME, NAME/P, NAME/program/P or NAME/map/M, of what
	 * users have loaded.  1: there is no prog/NAME.  NULL: there is none at
	 * all.
	 */
	int (*find)(const struct own *own, const struct caller *caller,
		    const char *text, struct reference *out, struct err *e);
};

#define REFERENCE_NONE \
	((struct reference){ .prog_fd = -1, .map_fd = -1, .place = PIN_NONE })

/*
 * Finds it as the caller, to be attached.  want: BPF_OBJECT_MAP for a map,
 * anything else for a program or links; whether a program is of the right type
 * is for attachment_make() to say.
 */
int reference_open(const struct caller *caller, const char *text,
		   enum bpf_object want, struct reference *out, struct err *e);

/* Its program, or its map; borrowed, -1 for neither. */
int reference_fd(const struct reference *reference);

/* A descriptor of the one object of that type that the text refers to. */
int reference_object(const struct caller *caller, const char *text,
		     enum bpf_object type, struct err *e);

void reference_clear(struct reference *reference);

/* A line for each form of reference, for `help`. */
void reference_help(FILE *out);

#endif
