/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * member.h - what is in an object: its programs, maps and variables, as nodes.
 *
 * program/, map/ and data/ of prog/NAME are nodes of AREA_MEMBERS, whose object is
 * the id of the struct upload and which of the three it is.  What is in them has
 * for its object the serial number of the content and its place there, so that the
 * node finds nothing when the bytes are others.
 *
 * TO ADD A FILE to program/P or map/M: a row in the table of its area
 * (area_loaded_program.c, map/area_map.c) with a function that shows it,
 * which gets the member by member_get().  What it says can be set before loading
 * when the row is SETTING(): what is written is then a setting of the path of the
 * file below prog/NAME ("map/M/max_entries"), which the child accepts or refuses
 * (fs/prog/act.h), and the shown text is from the object that it answers.  A file
 * that does something else has a `write` of its own, which may claim the struct
 * upload by upload_claim(); until it has, the member is held, not the claim.
 */
#ifndef FS_PROG_MEMBER_H
#define FS_PROG_MEMBER_H

#include "fs/prog/upload.h"
#include "fs/tree/area.h"

enum members { MEMBERS_PROGRAMS, MEMBERS_MAPS, MEMBERS_VARIABLES, NMEMBERS };

/* What the members of one sort are. */
struct member_sort {
	const char *dir;
	unsigned int area; /* of each */
	unsigned int slot; /* of its node in the directory */
	size_t (*count)(const struct object *object);
	const char *(*name)(const struct object *object, size_t index);
};

extern const struct member_sort member_sorts[NMEMBERS];

/* One of them. */
struct member {
	struct object *object; /* held */
	size_t index; /* in its array */
	bool is_loaded; /* it has a descriptor, if it was loaded */
	uid_t loader; /* as whom */
	uint64_t upload; /* number of prog/NAME */
};

/* ENOENT: it is gone.  No lock; the next too. */
int member_get(struct tree *tree, struct node node, struct member *out,
	       struct err *e);
void member_put(struct member *member);

/*
 * EPERM: another user has loaded it, with whose rights it would be used; who may
 * have it by its id may use it.  For whatever hands it on, or changes it.
 */
int member_check(const struct member *member, const struct caller *caller,
		 struct err *e);

/* A copy of a program's or map's descriptor; ENODATA: it is not loaded. */
int member_fd(const struct member *member, enum members sort, struct err *e);

static inline const struct object_program *
member_program(const struct member *member)
{
	return &member->object->programs[member->index];
}

static inline const struct object_map *member_map(const struct member *member)
{
	return &member->object->maps[member->index];
}

static inline const struct object_variable *
member_variable(const struct member *member)
{
	return &member->object->variables[member->index];
}

/* Of which sort the node's directory, or the member, is; NMEMBERS: of none. */
enum members member_sort_of(struct node node);

/* The file's path below prog/NAME, yours to free; NULL without memory. */
char *member_path(const struct member *member, struct node node,
		  const char *file);

static inline uint64_t member_number(enum members sort, uint64_t serial,
				     size_t index)
{
	return node_number(member_sorts[sort].area, serial << 16 | index,
			   member_sorts[sort].slot);
}

/*
 * A name in data/ that was unlinked is made again.  EEXIST: it is there; EPERM: the
 * object has no such variable.  No lock.
 */
int members_create(struct tree *tree, uint64_t dir, const char *name,
		   uint64_t *number);

static inline uint64_t members_number(uint64_t id, enum members sort)
{
	return node_number(AREA_MEMBERS, id << 2 | sort, SLOT_SELF);
}

#endif
