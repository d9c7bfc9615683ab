/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * node.h - the numbers of nodes.
 *
 * A node's number says by itself what the node is: an area, an object in it and
 * a slot of that object.  It is never a pointer and never used again for
 * something else, so it means the same to whatever process serves the tree, and
 * forgetting one needs no work.
 *
 *	63      56 55                               8 7       0
 *	+---------+----------------------------------+---------+
 *	|  area   |              object              |  slot   |
 *	+---------+----------------------------------+---------+
 */
#ifndef FS_TREE_NODE_H
#define FS_TREE_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum area_number {
	AREA_ROOT, /* object 0; its directory is FUSE_ROOT_ID */
	AREA_KIND, /* object: place in kinds[] */
	AREA_PROGS, /* object 0 */
	AREA_LINKS, /* object 0 */
	AREA_PROG, /* object: id of a program of the kernel */
	AREA_LINK, /* object: id of a link */
	AREA_SCRATCH_FILE, /* object: serial number */
	AREA_SCRATCH_DIR,
	AREA_LOADED, /* prog/NAME; object: its serial number */
	AREA_MEMBERS, /* in it program/, map/, data/; object: see fs/prog */
	AREA_LOADED_PROGRAM, /* program/P */
	AREA_LOADED_MAP, /* map/M */
	AREA_VARIABLE, /* data/V, a file */
	AREA_LOADED_RUN, /* program/P/run */
	AREA_PROG_RUN, /* prog/ID/run; object: id of the program */
	AREA_BUILTIN, /* object: place in builtins[] */
	AREA_PROBE =
		16, /* plus the place in kinds[]; object: id of the probe */
};

enum slot {
	SLOT_SELF = 1, /* the directory itself */
	SLOT_FILES = 2, /* plus the row in the area's table of files */
	SLOT_FIELDS = 64, /* plus the row in the kind's fields */
	SLOT_BUILTINS = 96, /* plus the row in builtins[] */
	SLOT_END = 128,
};

struct node {
	unsigned int area;
	uint64_t object;
	unsigned int slot;
};

static inline uint64_t node_number(unsigned int area, uint64_t object,
				   unsigned int slot)
{
	return (uint64_t)area << 56 | object << 8 | slot;
}

static inline struct node node_of(uint64_t number)
{
	return (struct node){
		.area = (unsigned int)(number >> 56),
		.object = number << 8 >> 16,
		.slot = number & 0xff,
	};
}

/* Kinds are numbered by their place in kinds[], as are areas of probes. */
static inline unsigned int node_probe_area(size_t place)
{
	return AREA_PROBE + (unsigned int)place;
}

/* The place of the kind that the node belongs to. */
static inline bool node_kind(struct node node, size_t *place)
{
	*place = node.area == AREA_KIND ? node.object : node.area - AREA_PROBE;
	return node.area == AREA_KIND || node.area >= AREA_PROBE;
}

static inline bool node_is_scratch(struct node node)
{
	return node.area == AREA_SCRATCH_FILE || node.area == AREA_SCRATCH_DIR;
}

#endif
