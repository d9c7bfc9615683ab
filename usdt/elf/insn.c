// SPDX-License-Identifier: BSD-2-Clause
/*
 * insn.c - where instructions begin, and which of them can be probed.
 *
 * Boundaries are found by decoding from the function's start.  What is
 * particular to a machine is in its row (native.h).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scope.h"
#include "usdt/elf/insn.h"
#include "usdt/elf/native.h"

enum {
	DECODE_MAX = 1 << 22, /* bytes of one function; a tenth of a second */
};

/* Goes from *at as far as offset, or as far as the bytes make sense. */
static void decode(const struct machine *machine, const uint8_t *code,
		   size_t size, uint64_t *at, uint64_t offset, uint64_t *before)
{
	size_t length;

	while (*at < offset) {
		length = machine->length(code, size, machine->bits);
		if (length == 0)
			return;
		*before = *at;
		*at += length;
		code += length;
		size -= length;
	}
}

int insn_place(const struct image *image, uint64_t start, uint64_t offset,
	       uint64_t *before, uint64_t *after, struct err *e)
{
	const struct machine *machine = machine_find(image_machine(image));
	scoped_free uint8_t *code = NULL;
	uint64_t at = start, size = offset - start + INSN_MAX;
	int err;

	*before = *after = start;
	if (offset == start)
		return INSN_BOUNDARY;
	if (machine && machine->step) {
		*before = offset - (offset - start) % machine->step;
		*after = *before + machine->step;
		return *before == offset ? INSN_BOUNDARY : INSN_INSIDE;
	}
	if (!machine || !machine->length || offset < start ||
	    offset - start > DECODE_MAX || offset >= image_size(image))
		return INSN_UNKNOWN;
	if (size > image_size(image) - start)
		size = image_size(image) - start;
	code = malloc(size);
	if (!code)
		return fail(e, ENOMEM, "no memory to disassemble");
	err = image_read(image, start, code, size);
	if (err)
		return fail(e, -err, "cannot read its code: %s",
			    strerror(errno_clamp(-err)));
	decode(machine, code, size, &at, offset, before);
	*after = at;
	if (at < offset)
		*before = at;
	return at == offset  ? INSN_BOUNDARY
	       : at > offset ? INSN_INSIDE
			     : INSN_UNKNOWN;
}

int insn_check(uint16_t number, const uint8_t *code, size_t size,
	       uint64_t offset, bool entry, struct err *e)
{
	const struct machine *machine = machine_find(number);
	const char *refused = NULL;

	if (machine && machine->refused)
		refused = machine->refused(code, size, machine->bits, entry);
	if (!refused)
		return 0;
	return fail(
		e, EOPNOTSUPP,
		"the kernel cannot probe the instruction at 0x%jx: it is or has %s; probe the one before or after it",
		(uintmax_t)offset, refused);
}

int insn_probeable(const struct image *image, uint64_t offset, bool entry,
		   struct err *e)
{
	uint64_t size = image_size(image) - offset;
	uint8_t code[INSN_MAX];
	int err;

	if (size > sizeof(code))
		size = sizeof(code);
	err = image_read(image, offset, code, size);
	if (err)
		return fail(e, -err, "cannot read its code: %s",
			    strerror(errno_clamp(-err)));
	return insn_check(image_machine(image), code, size, offset, entry, e);
}
