// SPDX-License-Identifier: BSD-2-Clause
/* shape.c - from a type's id to what its values look like. */
#include <string.h>

#include "array.h"
#include "attach/kernel/map/shape.h"

enum { BYTE = 8, LARGEST_INT = 16, POINTER = 8 };

static const char *entry_at(const struct btf_index *index, uint32_t id,
			    struct btf_entry *entry)
{
	if (!id || id >= index->btf->id_end)
		return NULL;
	return btf_entry_at(index->btf, id, index->at[id], entry);
}

static bool is_name(unsigned int kind)
{
	return kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_CONST ||
	       kind == BTF_KIND_VOLATILE || kind == BTF_KIND_RESTRICT ||
	       kind == BTF_KIND_TYPE_TAG || kind == BTF_KIND_VAR;
}

/* The number of bits is at its end, where it begins behind the encoding. */
static bool take_int(struct shape *shape)
{
	uint32_t data;

	memcpy(&data, shape->tail, sizeof(data));
	shape->kind = SHAPE_INT;
	shape->size = shape->entry.type;
	shape->bits = BTF_INT_BITS(data);
	shape->shift = BTF_INT_OFFSET(data);
	shape->is_signed = BTF_INT_ENCODING(data) & BTF_INT_SIGNED;
	if (BTF_INT_ENCODING(data) & BTF_INT_BOOL)
		shape->kind = SHAPE_BOOL;
	/* Clang says of a char no more than its name. */
	else if (shape->size == 1 && (BTF_INT_ENCODING(data) & BTF_INT_CHAR ||
				      !strcmp(shape->entry.name, "char")))
		shape->kind = SHAPE_CHAR;
	return shape->size <= LARGEST_INT && shape->bits &&
	       shape->shift + shape->bits <= shape->size * BYTE;
}

static bool take_enum(struct shape *shape)
{
	shape->kind = SHAPE_ENUM;
	shape->size = shape->entry.type;
	shape->bits = (uint8_t)(shape->size * BYTE);
	shape->is_signed = shape->entry.flag;
	return shape->size && shape->size <= sizeof(uint64_t);
}

static bool take_float(struct shape *shape)
{
	shape->kind = SHAPE_FLOAT;
	shape->size = shape->entry.type;
	shape->bits = (uint8_t)(shape->size * BYTE);
	return shape->size && shape->size <= LARGEST_INT;
}

/*
 * For kernels before 5.13 libbpf makes a struct of a FLOAT, which keeps its name;
 * no struct has that of a keyword.
 */
static bool is_float(const struct btf_entry *entry)
{
	return !entry->count && entry->kind == BTF_KIND_STRUCT &&
	       (!strcmp(entry->name, "float") ||
		!strcmp(entry->name, "double") ||
		!strcmp(entry->name, "long double"));
}

static bool take_pointer(struct shape *shape)
{
	shape->kind = SHAPE_POINTER;
	shape->size = POINTER;
	shape->bits = POINTER * BYTE;
	return true;
}

static bool take_struct(struct shape *shape)
{
	if (is_float(&shape->entry))
		return take_float(shape);
	shape->kind = SHAPE_STRUCT;
	shape->size = shape->entry.type;
	shape->count = shape->entry.count;
	return true;
}

static bool take_bytes(struct shape *shape)
{
	shape->kind = SHAPE_BYTES;
	return true;
}

/* By the kind in BTF; NULL: it has no values. */
static bool (*const takes[])(struct shape *shape) = {
	[BTF_KIND_INT] = take_int,	  [BTF_KIND_PTR] = take_pointer,
	[BTF_KIND_STRUCT] = take_struct,  [BTF_KIND_UNION] = take_struct,
	[BTF_KIND_ENUM] = take_enum,	  [BTF_KIND_FWD] = take_bytes,
	[BTF_KIND_DATASEC] = take_struct, [BTF_KIND_FLOAT] = take_float,
	[BTF_KIND_ENUM64] = take_enum,
};

/* Below names; below arrays too when their elements are to be counted. */
static bool walk(const struct btf_index *index, uint32_t id,
		 struct shape *shape, uint64_t *elements)
{
	struct btf_array array;
	int step;

	for (step = 0; step < SHAPE_NAMES; step++) {
		shape->tail = entry_at(index, id, &shape->entry);
		if (!shape->tail)
			return false;
		id = shape->entry.type;
		if (is_name(shape->entry.kind))
			continue;
		if (shape->entry.kind != BTF_KIND_ARRAY || !elements)
			return true;
		memcpy(&array, shape->tail, sizeof(array));
		id = array.type;
		*elements *= array.nelems;
		if (*elements > UINT32_MAX)
			return false;
	}
	return false;
}

static bool take_array(const struct btf_index *index, struct shape *shape)
{
	struct shape below = { .kind = SHAPE_ARRAY };
	struct btf_array array;
	uint64_t elements = 1;

	memcpy(&array, shape->tail, sizeof(array));
	shape->kind = SHAPE_ARRAY;
	shape->element = array.type;
	shape->count = array.nelems;
	if (!walk(index, array.type, &below, &elements) ||
	    below.entry.kind >= COUNT(takes) || !takes[below.entry.kind] ||
	    !takes[below.entry.kind](&below))
		return false;
	shape->each = elements * below.size;
	if (shape->each > UINT32_MAX)
		return false;
	shape->size = shape->each * shape->count;
	if (below.kind == SHAPE_CHAR && walk(index, array.type, &below, NULL))
		shape->is_string = below.entry.kind == BTF_KIND_INT;
	return true;
}

bool shape_of(const struct btf_index *index, uint32_t type, struct shape *shape)
{
	*shape = (struct shape){ .kind = SHAPE_BYTES };
	if (!type)
		return true;
	if (!walk(index, type, shape, NULL))
		return false;
	if (shape->entry.kind == BTF_KIND_ARRAY)
		return take_array(index, shape);
	return shape->entry.kind < COUNT(takes) && takes[shape->entry.kind] &&
	       takes[shape->entry.kind](shape);
}

/* A variable of a section has its name. */
static bool take_variable(const struct btf_index *index,
			  const struct shape *shape, uint32_t i,
			  struct member *member)
{
	struct btf_var_secinfo info;
	struct btf_entry entry;

	memcpy(&info, shape->tail + i * sizeof(info), sizeof(info));
	if (!entry_at(index, info.type, &entry))
		return false;
	member->name = entry.name;
	member->type = info.type;
	member->at = (uint64_t)info.offset * BYTE;
	return true;
}

bool shape_member(const struct btf_index *index, const struct shape *shape,
		  uint32_t i, struct member *member)
{
	struct btf_member found;

	*member = (struct member){ 0 };
	if (i >= shape->count)
		return false;
	if (shape->entry.kind == BTF_KIND_DATASEC)
		return take_variable(index, shape, i, member);
	memcpy(&found, shape->tail + i * sizeof(found), sizeof(found));
	member->name = btf_string(index->btf, found.name_off);
	member->type = found.type;
	member->at = found.offset;
	if (shape->entry.flag) {
		member->at = BTF_MEMBER_BIT_OFFSET(found.offset);
		member->bits = BTF_MEMBER_BITFIELD_SIZE(found.offset);
	}
	return member->name;
}

bool shape_enumerator(const struct btf_index *index, const struct shape *shape,
		      uint32_t i, struct enumerator *enumerator)
{
	struct btf_enum64 wide;
	struct btf_enum found;

	if (i >= shape->entry.count)
		return false;
	if (shape->entry.kind == BTF_KIND_ENUM64) {
		memcpy(&wide, shape->tail + i * sizeof(wide), sizeof(wide));
		enumerator->value =
			(uint64_t)wide.val_hi32 << 32 | wide.val_lo32;
		enumerator->name = btf_string(index->btf, wide.name_off);
	} else {
		memcpy(&found, shape->tail + i * sizeof(found), sizeof(found));
		/* Old compilers say of no enum that it is signed. */
		enumerator->value = (uint64_t)(int64_t)found.val;
		if (!shape->is_signed && found.val < 0)
			enumerator->value = (uint32_t)found.val;
		enumerator->name = btf_string(index->btf, found.name_off);
	}
	return enumerator->name;
}
