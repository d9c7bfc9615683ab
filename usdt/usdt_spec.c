// SPDX-License-Identifier: BSD-2-Clause
/* usdt_spec.c - the two layouts of struct __bpf_usdt_spec. */
#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "usdt/elf/native.h"
#include "usdt/usdt_fetch.h"

/* struct __bpf_usdt_arg_spec up to libbpf 1.6. */
struct arg_old {
	uint64_t val_off;
	uint32_t arg_type;
	int16_t reg_off;
	uint8_t arg_signed;
	int8_t arg_bitshift;
};

/*
 * From 1.7.  There the index is a bit-field of 12 bits and the shift one of 4,
 * and both fall into the half word at 10: eight more bits do not fit behind.
 */
struct arg_index {
	uint64_t val_off;
	uint8_t arg_type;
	uint8_t gap;
	uint16_t index;
	uint8_t reserved;
	uint8_t gap2;
	int16_t reg_off;
	uint8_t arg_signed;
	int8_t arg_bitshift;
	uint8_t tail[6];
};

struct spec_old {
	struct arg_old args[SPEC_ARGS];
	uint64_t cookie;
	int16_t arg_cnt;
	uint8_t tail[6];
};

struct spec_index {
	struct arg_index args[SPEC_ARGS];
	uint64_t cookie;
	int16_t arg_cnt;
	uint8_t tail[6];
};

_Static_assert(sizeof(struct spec_old) == SPEC_SIZE_OLD, "layout");
_Static_assert(sizeof(struct spec_index) == SPEC_SIZE_INDEX, "layout");
_Static_assert(offsetof(struct arg_index, reg_off) == 14, "layout");

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ORDER_HOST ELFDATA2LSB
#else
#define ORDER_HOST ELFDATA2MSB
#endif

int spec_check_size(uint32_t value_size, struct err *e)
{
	if (value_size == SPEC_SIZE_OLD || value_size == SPEC_SIZE_INDEX)
		return 0;
	return fail(e, EOPNOTSUPP,
		    "the program's __bpf_usdt_specs has values of %u bytes: "
		    "usdt.bpf.h of libbpf has %d, or %d since 1.7",
		    value_size, SPEC_SIZE_OLD, SPEC_SIZE_INDEX);
}

bool spec_native(uint16_t machine, int class, int order)
{
	const struct machine *native = machine_native();

	return machine == native->number && native->regs.count &&
	       class == ELFCLASS64 && order == ORDER_HOST;
}

void spec_check_arg(const struct spec_site *site, uint32_t size, size_t number,
		    struct usdt_arg *arg)
{
	struct fetch fetch;

	fetch_make(site, size, number, arg, &fetch);
}

static int8_t bitshift(const struct usdt_arg *arg)
{
	return arg->size >= 1 && arg->size <= 8 ? (int8_t)(64 - 8 * arg->size)
						: 0;
}

static void store_old(struct spec_old *spec, size_t number,
		      const struct usdt_arg *arg, const struct fetch *fetch)
{
	spec->args[number] = (struct arg_old){
		.val_off = fetch->value,
		.arg_type = fetch->type,
		.reg_off = (int16_t)(fetch->reg > 0 ? fetch->reg : 0),
		.arg_signed = arg->is_signed,
		.arg_bitshift = bitshift(arg),
	};
}

static void store_index(struct spec_index *spec, size_t number,
			const struct usdt_arg *arg, const struct fetch *fetch)
{
	unsigned int index = fetch->index > 0 ? (unsigned int)fetch->index : 0;
	unsigned int shift = fetch->type == FETCH_INDEX ? fetch->shift : 0;

	/* Bit-fields begin at the low end here, and at the high end there. */
	if (ORDER_HOST == ELFDATA2LSB)
		index |= shift << 12;
	else
		index = index << 4 | shift;
	spec->args[number] = (struct arg_index){
		.val_off = fetch->value,
		.arg_type = (uint8_t)fetch->type,
		.index = (uint16_t)index,
		.reg_off = (int16_t)(fetch->reg > 0 ? fetch->reg : 0),
		.arg_signed = arg->is_signed,
		.arg_bitshift = bitshift(arg),
	};
}

size_t spec_encode(const struct spec_site *site, uint32_t size,
		   const char *text, uint64_t cookie, struct usdt_spec *spec)
{
	struct spec_old old = { .cookie = cookie };
	struct spec_index index = { .cookie = cookie };
	struct usdt_args args;
	struct usdt_arg arg;
	struct fetch fetch;
	size_t count = 0;

	usdt_args_begin(&args, site->machine, site->class, text);
	for (; usdt_args_next(&args, &arg); count++) {
		if (count >= SPEC_ARGS)
			continue;
		fetch_make(site, size, count, &arg, &fetch);
		store_old(&old, count, &arg, &fetch);
		store_index(&index, count, &arg, &fetch);
	}
	/* No spec is all zeros, so that those can mean that there is none. */
	if (!count) {
		old.args[0].arg_type = SPEC_UNAVAILABLE;
		index.args[0].arg_type = SPEC_UNAVAILABLE;
	}
	old.arg_cnt = (int16_t)(count < SPEC_ARGS ? count : SPEC_ARGS);
	index.arg_cnt = old.arg_cnt;

	*spec = (struct usdt_spec){ .size = size };
	if (size == SPEC_SIZE_INDEX)
		memcpy(spec->bytes, &index, sizeof(index));
	else
		memcpy(spec->bytes, &old, sizeof(old));
	return count;
}

void spec_show(const struct spec_site *site, uint32_t size, const char *text,
	       const char *separator, FILE *out)
{
	struct usdt_args args;
	struct usdt_arg arg;
	size_t number = 0;

	usdt_args_begin(&args, site->machine, site->class, text);
	for (; usdt_args_next(&args, &arg); number++) {
		spec_check_arg(site, size, number, &arg);
		fprintf(out, "%sarg%zu: ", number ? separator : "", number + 1);
		usdt_arg_show(&arg, out);
	}
}

uint64_t spec_cookie(const struct usdt_spec *spec)
{
	size_t at = spec->size == SPEC_SIZE_INDEX
			    ? offsetof(struct spec_index, cookie)
			    : offsetof(struct spec_old, cookie);
	uint64_t cookie;

	memcpy(&cookie, spec->bytes + at, sizeof(cookie));
	return cookie;
}

bool spec_equal(const struct usdt_spec *a, const struct usdt_spec *b)
{
	return a->size == b->size && !memcmp(a->bytes, b->bytes, a->size);
}

/* FNV-1a */
uint64_t spec_hash(const struct usdt_spec *spec)
{
	uint64_t hash = 0xcbf29ce484222325;
	uint32_t i;

	for (i = 0; i < spec->size; i++)
		hash = (hash ^ spec->bytes[i]) * 0x100000001b3;
	return hash;
}
