// SPDX-License-Identifier: BSD-2-Clause
/* value.c - one value as text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/map/bits.h"
#include "attach/kernel/map/shape.h"
#include "attach/kernel/map/value.h"
#include "attach/kernel/map/value_draft.h"

enum {
	BYTE = 8,
	RUN = 16, /* as many equal elements are told as one */
	FLOAT_DIGITS = 6, /* those that come back are tried from here on */
	FLOAT_TEXT = 64,
	TEXT_LIMIT = 64 << 20,
	STEPS = 1 << 16, /* of members, beside those that a byte has */
	STEPS_BYTE = 16,
};

struct showing {
	const struct btf_index *index;
	const uint8_t *data;
	size_t size;
	uint64_t steps; /* that are left */
	struct draft *out;
};

static int show(struct showing *s, const struct shape *shape, uint64_t at,
		unsigned int bits, int depth);

/* As few digits as give the number again. */
static void show_float(struct draft *out, const uint8_t *data, size_t size)
{
	char text[FLOAT_TEXT] = "";
	long double number = 0, again;
	double wide;
	float narrow;
	int digits = FLOAT_DIGITS;

	memcpy(&narrow, data, sizeof(narrow));
	number = narrow;
	if (size == sizeof(wide)) {
		memcpy(&wide, data, sizeof(wide));
		number = wide;
	} else if (size == sizeof(number)) {
		memcpy(&number, data, sizeof(number));
	}
	do {
		snprintf(text, sizeof(text), "%.*Lg", digits, number);
		again = strtold(text, NULL);
		if (size == sizeof(narrow))
			again = (float)again;
		else if (size == sizeof(wide))
			again = (double)again;
	} while (again != number && digits++ < FLOAT_TEXT / 2);
	draft_text(out, text);
}

static void show_enum(const struct showing *s, const struct shape *shape,
		      draft_uint number, unsigned int bits)
{
	struct enumerator enumerator;
	uint32_t i;

	for (i = 0; shape_enumerator(s->index, shape, i, &enumerator); i++)
		if (enumerator.name[0] &&
		    bits_mask(enumerator.value, bits) == number) {
			draft_name(s->out, enumerator.name);
			return;
		}
	if (shape->is_signed)
		draft_signed(s->out, bits_extend(number, bits));
	else
		draft_unsigned(s->out, number);
}

static void show_char(const struct showing *s, const struct shape *shape,
		      draft_uint number, unsigned int bits)
{
	if (number >= ' ' && number < 0x7f) {
		draft_char(s->out, '\'');
		draft_escaped(s->out, (unsigned char)number, '\'');
		draft_char(s->out, '\'');
	} else if (shape->is_signed) {
		draft_signed(s->out, bits_extend(number, bits));
	} else {
		draft_unsigned(s->out, number);
	}
}

static void show_number(const struct showing *s, const struct shape *shape,
			draft_uint number, unsigned int bits)
{
	if (shape->kind == SHAPE_BOOL && number <= 1)
		draft_text(s->out, number ? "true" : "false");
	else if (shape->kind == SHAPE_CHAR)
		show_char(s, shape, number, bits);
	else if (shape->kind == SHAPE_ENUM)
		show_enum(s, shape, number, bits);
	else if (shape->kind == SHAPE_POINTER || shape->kind == SHAPE_FLOAT)
		draft_hex(s->out, number);
	else if (shape->is_signed)
		draft_signed(s->out, bits_extend(number, bits));
	else
		draft_unsigned(s->out, number);
}

static bool is_known_float(const struct shape *shape)
{
	return shape->kind == SHAPE_FLOAT &&
	       (shape->size == sizeof(float) || shape->size == sizeof(double) ||
		shape->size == sizeof(long double));
}

static int show_scalar(const struct showing *s, const struct shape *shape,
		       uint64_t at, unsigned int bits)
{
	if (!bits) {
		at += shape->shift;
		bits = shape->bits;
	} else if (bits > shape->size * BYTE) {
		return -EINVAL;
	}
	if (at + bits > (uint64_t)s->size * BYTE)
		return -EINVAL;
	if (is_known_float(shape) && at % BYTE == 0)
		show_float(s->out, s->data + at / BYTE, shape->size);
	else
		show_number(s, shape, bits_get(s->data, at, bits), bits);
	return 0;
}

/* Without the zeros at its end, which come back by themselves. */
static void show_string(const struct showing *s, const uint8_t *data,
			size_t size)
{
	size_t i;

	while (size && !data[size - 1])
		size--;
	draft_char(s->out, '"');
	for (i = 0; i < size; i++)
		draft_escaped(s->out, data[i], '"');
	draft_char(s->out, '"');
}

/* How many elements from the i-th on are alike. */
static uint32_t run_length(const uint8_t *data, const struct shape *array,
			   uint32_t i)
{
	const uint8_t *first = data + i * array->each;
	uint32_t end = i + 1;

	while (end < array->count &&
	       !memcmp(first, data + end * array->each, array->each))
		end++;
	return end - i;
}

static void show_range(struct draft *out, uint32_t first, uint32_t last)
{
	draft_char(out, '[');
	draft_unsigned(out, first);
	draft_text(out, " ... ");
	draft_unsigned(out, last);
	draft_text(out, "] = ");
}

static int show_elements(struct showing *s, const struct shape *array,
			 const struct shape *element, uint64_t at, int depth)
{
	uint32_t i, run;
	int err = 0;

	draft_char(s->out, '{');
	for (i = 0; i < array->count && array->each && !err; i += run) {
		run = run_length(s->data + at / BYTE, array, i);
		if (i)
			draft_text(s->out, ", ");
		if (run >= RUN)
			show_range(s->out, i, i + run - 1);
		else
			run = 1;
		err = show(s, element, at + i * array->each * BYTE, 0, depth);
	}
	draft_char(s->out, '}');
	return err;
}

static int show_array(struct showing *s, const struct shape *shape, uint64_t at,
		      int depth)
{
	struct shape element;

	if (at % BYTE || at / BYTE > s->size ||
	    shape->size > s->size - at / BYTE ||
	    !shape_of(s->index, shape->element, &element))
		return -EINVAL;
	if (shape->is_string) {
		show_string(s, s->data + at / BYTE, shape->size);
		return 0;
	}
	return show_elements(s, shape, &element, at, depth);
}

/* The members of what has no name are as those of what it is in. */
static int show_members(struct showing *s, const struct shape *shape,
			uint64_t at, bool *first, int depth)
{
	struct member member;
	struct shape below;
	uint32_t i;
	int err = 0;

	for (i = 0; !err && shape_member(s->index, shape, i, &member); i++) {
		if (!depth || !s->steps-- ||
		    !shape_of(s->index, member.type, &below))
			return -EINVAL;
		if (!member.name[0] && below.kind == SHAPE_STRUCT) {
			err = show_members(s, &below, at + member.at, first,
					   depth - 1);
			continue;
		}
		if (!member.name[0])
			continue;
		draft_text(s->out, *first ? "." : ", .");
		*first = false;
		draft_name(s->out, member.name);
		draft_text(s->out, " = ");
		err = show(s, &below, at + member.at, member.bits, depth - 1);
	}
	return err;
}

static int show_struct(struct showing *s, const struct shape *shape,
		       uint64_t at, int depth)
{
	bool first = true;
	int err;

	draft_char(s->out, '{');
	err = show_members(s, shape, at, &first, depth);
	draft_char(s->out, '}');
	return err;
}

static int show(struct showing *s, const struct shape *shape, uint64_t at,
		unsigned int bits, int depth)
{
	if (!depth || !s->steps-- || s->out->failed || (bits && !shape->bits))
		return -EINVAL;
	if (shape->kind == SHAPE_STRUCT)
		return show_struct(s, shape, at, depth);
	if (shape->kind == SHAPE_ARRAY)
		return show_array(s, shape, at, depth - 1);
	if (shape->kind == SHAPE_BYTES)
		return -EINVAL;
	return show_scalar(s, shape, at, bits);
}

int value_draft(const struct btf_index *index, uint32_t type, const void *data,
		size_t size, struct draft *out)
{
	struct showing s = {
		.index = index,
		.data = data,
		.size = size,
		.steps = STEPS + (uint64_t)STEPS_BYTE * size,
		.out = out,
	};
	struct shape shape;

	if (!shape_of(index, type, &shape) || shape.size > size)
		return -EINVAL;
	if (shape.kind == SHAPE_BYTES) {
		draft_bytes(out, data, size);
		return 0;
	}
	return show(&s, &shape, 0, 0, SHAPE_DEPTH);
}

/* What was drafted, or nothing of it. */
static int print(struct draft *draft, int err, FILE *out)
{
	if (!err && draft->failed)
		err = draft->used < draft->limit ? -ENOMEM : -EINVAL;
	if (!err && draft->used &&
	    fwrite(draft->data, 1, draft->used, out) != draft->used)
		err = -EIO;
	draft_clear(draft);
	return err;
}

int value_show(const struct btf_types *btf, uint32_t type, const void *data,
	       size_t size, FILE *out)
{
	struct draft draft = { .limit = TEXT_LIMIT };
	struct btf_index index;
	int err = btf_index_make(&index, btf);

	if (err)
		return err;
	err = value_draft(&index, type, data, size, &draft);
	btf_index_clear(&index);
	return print(&draft, err, out);
}

int value_type(const struct btf_types *btf, uint32_t type, FILE *out)
{
	struct draft draft = { .limit = TEXT_LIMIT };
	struct btf_index index;
	int err = btf_index_make(&index, btf);

	if (err)
		return err;
	err = value_draft_type(&index, type, &draft);
	btf_index_clear(&index);
	return print(&draft, err, out);
}
