/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shape.h - what a value of a type looks like, below its names and qualifiers.
 *
 * Types can be anybody's: ones that contain themselves have no shape, and who
 * walks them counts the steps.
 */
#ifndef ATTACH_KERNEL_MAP_SHAPE_H
#define ATTACH_KERNEL_MAP_SHAPE_H

#include "attach/kernel/btf_function.h"

enum {
	SHAPE_DEPTH = 32, /* of structs in structs */
	SHAPE_NAMES = 64, /* of typedefs, and of dimensions */
};

enum shape_kind {
	SHAPE_INT,
	SHAPE_BOOL,
	SHAPE_CHAR,
	SHAPE_ENUM,
	SHAPE_FLOAT,
	SHAPE_POINTER,
	SHAPE_ARRAY,
	SHAPE_STRUCT, /* or a union, or a section */
	SHAPE_BYTES, /* of which the type tells nothing */
};

struct shape {
	enum shape_kind kind;
	struct btf_entry entry; /* of the type below the names */
	const char *tail; /* what follows it in BTF */
	uint64_t size; /* bytes; 0 for SHAPE_BYTES */
	bool is_signed;
	bool is_string; /* an array of char */
	uint8_t bits; /* of a number */
	uint8_t shift; /* where in its bytes an INT has them */
	uint32_t element; /* type of an array's */
	uint32_t count; /* elements or members */
	uint64_t each; /* bytes of an element */
};

/* False: no value can be of that type. */
bool shape_of(const struct btf_index *index, uint32_t type,
	      struct shape *shape);

/* One member of a struct, union or section. */
struct member {
	const char *name; /* "": its own members are the struct's */
	uint32_t type;
	uint64_t at; /* bit in the struct */
	unsigned int bits; /* 0: all that its type has */
};

/* False: there is none. */
bool shape_member(const struct btf_index *index, const struct shape *shape,
		  uint32_t i, struct member *member);

/* One of an enum's. */
struct enumerator {
	const char *name;
	uint64_t value; /* as wide as the enum, the sign extended */
};

bool shape_enumerator(const struct btf_index *index, const struct shape *shape,
		      uint32_t i, struct enumerator *enumerator);

#endif
