// SPDX-License-Identifier: BSD-2-Clause
/* value_parse.c - one value from text. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/map/bits.h"
#include "attach/kernel/map/scalar.h"
#include "attach/kernel/map/value.h"
#include "attach/kernel/map/value_draft.h"
#include "scope.h"

enum {
	BYTE = 8,
	STEPS = 1 << 20, /* of members that are looked at for their names */
};

struct parsing {
	const struct btf_index *index;
	struct reader reader;
	const char *ends; /* of a string without quotes */
	uint8_t *data;
	size_t size;
	uint64_t steps; /* that are left */
};

/* A part of the value. */
struct part {
	struct shape shape;
	uint64_t at; /* bit in the data */
	unsigned int bits; /* 0: as many as its type has */
};

static int take_part(struct parsing *p, const struct part *part, int depth);

static int refuse_type(const struct parsing *p)
{
	return fail_at(p->reader.e, EINVAL, reader_place(&p->reader),
		       "the type has no values that can be written");
}

static int take_scalar(struct parsing *p, const struct part *part)
{
	unsigned int bits = part->bits ? part->bits : part->shape.bits;
	uint64_t at = part->at + (part->bits ? 0 : part->shape.shift);
	unsigned __int128 number;
	int err;

	if (bits > part->shape.size * BYTE ||
	    at + bits > (uint64_t)p->size * BYTE)
		return refuse_type(p);
	err = scalar_take(&p->reader, p->index, &part->shape, bits, &number);
	if (!err)
		bits_put(p->data, at, bits, number);
	return err;
}

static int take_string(struct parsing *p, const struct part *part, bool top)
{
	reader_skip(&p->reader);
	if (!top && *p->reader.at != '"')
		return reader_refuse(&p->reader, "a string in double quotes");
	return reader_take_string(&p->reader, p->ends,
				  p->data + part->at / BYTE, part->shape.size);
}

/* The i-th of a struct or of an array. */
static bool part_at(struct parsing *p, const struct part *part, uint32_t i,
		    struct part *out)
{
	const struct shape *shape = &part->shape;
	struct member member;

	*out = (struct part){ .at = part->at };
	if (shape->kind == SHAPE_ARRAY) {
		out->at += i * shape->each * BYTE;
		return i < shape->count &&
		       shape_of(p->index, shape->element, &out->shape);
	}
	if (!shape_member(p->index, shape, i, &member) ||
	    !shape_of(p->index, member.type, &out->shape))
		return false;
	out->at += member.at;
	out->bits = member.bits;
	return !member.bits || out->shape.bits;
}

/* The member of that name; those of what has no name are the struct's. */
static bool find(struct parsing *p, const struct part *part, const char *name,
		 size_t length, struct part *out, uint32_t *place, int depth)
{
	struct member member;
	struct part below;
	uint32_t i, ignored;

	for (i = 0; depth && shape_member(p->index, &part->shape, i, &member);
	     i++) {
		if (!p->steps || !--p->steps)
			return false;
		*place = i;
		if (strlen(member.name) == length && length &&
		    !memcmp(member.name, name, length))
			return part_at(p, part, i, out);
		if (!member.name[0] && part_at(p, part, i, &below) &&
		    below.shape.kind == SHAPE_STRUCT &&
		    find(p, &below, name, length, out, &ignored, depth - 1))
			return true;
	}
	return false;
}

/* Where an item of a list goes: last is there for `[first ... last]`. */
struct slot {
	struct part part;
	uint32_t place; /* in the list's own array or struct */
	uint32_t first, last;
};

static int take_name(struct parsing *p, struct part *part, uint32_t *place)
{
	struct part whole = *part;
	size_t length = reader_word(&p->reader);
	const char *dot = memchr(p->reader.at, '.', length);

	if (dot)
		length = (size_t)(dot - p->reader.at);
	if (whole.shape.kind != SHAPE_STRUCT)
		return reader_refuse(&p->reader,
				     "'[' and the number of an element");
	if (!find(p, &whole, p->reader.at, length, part, place, SHAPE_DEPTH))
		return fail_at(p->reader.e, EINVAL, reader_place(&p->reader),
			       "there is no member '%.*s'", (int)length,
			       p->reader.at);
	p->reader.at += length;
	return 0;
}

static int take_place(struct parsing *p, struct slot *slot)
{
	struct part whole = slot->part;
	int err;

	if (whole.shape.kind != SHAPE_ARRAY)
		return reader_refuse(&p->reader, "the name of a member");
	err = reader_take_index(&p->reader, whole.shape.count, &slot->first);
	slot->last = slot->first;
	if (!err && reader_take(&p->reader, "..."))
		err = reader_take_index(&p->reader, whole.shape.count,
					&slot->last);
	if (err)
		return err;
	if (slot->last < slot->first)
		return fail_at(p->reader.e, EINVAL, reader_place(&p->reader),
			       "the range ends before it begins");
	if (!reader_take(&p->reader, "]"))
		return reader_refuse(&p->reader, "']'");
	return part_at(p, &whole, slot->first, &slot->part) ? 0
							    : refuse_type(p);
}

/* `.name`, `[1]`, `[1 ... 4]`, `.name[1].other`, and the sign behind. */
static int take_designator(struct parsing *p, struct slot *slot)
{
	uint32_t ignored;
	bool range = false;
	int err = 0, depth = 0;

	while (!err) {
		if (range && slot->last > slot->first)
			break;
		range = false;
		if (reader_take(&p->reader, ".")) {
			err = take_name(p, &slot->part,
					depth ? &ignored : &slot->place);
		} else if (reader_take(&p->reader, "[")) {
			range = true;
			err = take_place(p, slot);
			if (!depth)
				slot->place = slot->last;
		} else {
			break;
		}
		depth++;
	}
	if (!range)
		slot->first = slot->last = 0;
	if (err || !depth)
		return err;
	return reader_take(&p->reader, "=") ? 0
					    : reader_refuse(&p->reader, "'='");
}

/* What the first element of a range got, the others get. */
static int spread(struct parsing *p, const struct slot *slot)
{
	uint64_t from = slot->part.at / BYTE, each = slot->part.shape.size;
	uint32_t i, count = slot->last - slot->first;

	if (count && (slot->part.at % BYTE || from > p->size ||
		      each * (count + 1) > p->size - from))
		return refuse_type(p);
	for (i = 1; each && i <= count; i++)
		memcpy(p->data + from + i * each, p->data + from, each);
	return 0;
}

static int take_item(struct parsing *p, const struct part *list,
		     uint32_t *place, int depth)
{
	struct slot slot = { .part = *list, .place = *place };
	int err;

	reader_skip(&p->reader);
	if (*p->reader.at != '.' && *p->reader.at != '[') {
		if (!part_at(p, list, *place, &slot.part))
			return fail_at(p->reader.e, EINVAL,
				       reader_place(&p->reader),
				       "there are only %u values in the list",
				       list->shape.count);
	} else {
		err = take_designator(p, &slot);
		if (err)
			return err;
	}
	err = take_part(p, &slot.part, depth - 1);
	*place = slot.place + 1;
	return err ? err : spread(p, &slot);
}

static int take_list(struct parsing *p, const struct part *list, int depth)
{
	uint32_t place = 0;
	int err;

	if (!reader_take(&p->reader, "{"))
		return reader_refuse(&p->reader,
				     "'{' and the values of members");
	while (!reader_take(&p->reader, "}")) {
		err = take_item(p, list, &place, depth);
		if (err)
			return err;
		if (!reader_take(&p->reader, ",")) {
			if (reader_take(&p->reader, "}"))
				break;
			return reader_refuse(&p->reader, "',' or '}'");
		}
	}
	return 0;
}

static int take_part(struct parsing *p, const struct part *part, int depth)
{
	const struct shape *shape = &part->shape;
	bool list = shape->kind == SHAPE_ARRAY || shape->kind == SHAPE_STRUCT;

	if (!depth || shape->kind == SHAPE_BYTES ||
	    (list && (part->at % BYTE || part->at / BYTE > p->size ||
		      shape->size > p->size - part->at / BYTE)))
		return refuse_type(p);
	if (!list)
		return take_scalar(p, part);
	reader_skip(&p->reader);
	if (shape->is_string && *p->reader.at != '{')
		return take_string(p, part, depth == SHAPE_DEPTH);
	return take_list(p, part, depth);
}

int value_take(const struct btf_index *index, uint32_t type, const char *begin,
	       const char **text, const char *ends, void *data, size_t size,
	       struct err *e)
{
	scoped_free uint8_t *copy = malloc(size + !size);
	struct parsing p = {
		.index = index,
		.reader = { .begin = begin, .at = *text, .e = e },
		.ends = ends,
		.data = copy,
		.size = size,
		.steps = STEPS,
	};
	struct part whole = { .at = 0 };
	int err;

	if (!copy)
		return fail(e, ENOMEM, "no memory");
	memcpy(copy, data, size);
	if (!shape_of(index, type, &whole.shape) || whole.shape.size > size)
		return refuse_type(&p);
	err = take_part(&p, &whole, SHAPE_DEPTH);
	if (err)
		return err;
	memcpy(data, copy, size);
	*text = p.reader.at;
	return 0;
}

static int take_whole(const struct btf_index *index, uint32_t type,
		      const char *text, void *data, size_t size, struct err *e)
{
	scoped_free uint8_t *copy = malloc(size + !size);
	struct reader reader = { .begin = text, .at = text, .e = e };
	int err;

	if (!copy)
		return fail(e, ENOMEM, "no memory");
	memcpy(copy, data, size);
	err = value_take(index, type, text, &reader.at, NULL, copy, size, e);
	reader_skip(&reader);
	if (!err && *reader.at)
		err = reader_refuse(&reader, "nothing behind the value");
	if (!err)
		memcpy(data, copy, size);
	return err;
}

int value_parse(const struct btf_types *btf, uint32_t type, const char *text,
		void *data, size_t size, struct err *e)
{
	struct btf_index index;
	struct shape shape;
	int err = btf_index_make(&index, btf);

	if (err)
		return fail(e, -err, "no memory");
	if (shape_of(&index, type, &shape) && shape.kind == SHAPE_BYTES)
		err = value_parse_hex(text, data, size, e);
	else
		err = take_whole(&index, type, text, data, size, e);
	btf_index_clear(&index);
	return err;
}
