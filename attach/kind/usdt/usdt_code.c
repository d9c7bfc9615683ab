// SPDX-License-Identifier: BSD-2-Clause
/*
 * usdt_code.c - the instruction that a note speaks of, if it is one.
 *
 * A probe of sys/sdt.h is a nop.  A file that was changed after its notes were
 * made (by a tool that moves code, or because the notes are another file's) has
 * something else there, in the middle of which a breakpoint kills the process.
 * So where there is no nop the place is looked into as that of a uprobe is.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "attach/kind/uprobe/uprobe.h"
#include "attach/kind/usdt/usdt.h"
#include "usdt/elf/insn.h"
#include "usdt/elf/native.h"

enum {
	/* Sites without a nop that are looked into: each may need all symbols
	   of the file.  No file has one. */
	LOOKED_INTO = 64,
};

static bool nop5;

void usdt_set_nop5(bool on)
{
	nop5 = on;
}

/* Both nops behind the nop that newer kernels make a call of; that of ten bytes
   the others cannot probe. */
static const struct {
	size_t size;
	unsigned char bytes[11];
} combos[] = {
	{ 6, { 0x90, 0x0f, 0x1f, 0x44, 0x00, 0x00 } },
	{ 11,
	  { 0x90, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00,
	    0x00 } },
};

uint64_t usdt_nop_length(int fd, uint64_t offset)
{
	unsigned char text[11];
	ssize_t n;
	size_t i;

	if (!nop5)
		return 0;
	n = pread(fd, text, sizeof(text), (off_t)offset);
	for (i = 0; i < COUNT(combos); i++)
		if (n >= (ssize_t)combos[i].size &&
		    !memcmp(text, combos[i].bytes, combos[i].size))
			return !insn_check(EM_X86_64, text + 1, (size_t)n - 1,
					   offset + 1, nop5, NULL);
	return 0;
}

/* By its first bytes; those of the prefixes stand before. */
static bool is_nop(int fd, uint64_t offset, const struct machine *machine)
{
	uint8_t text[16 + 1] = { 0 };
	const struct nop *nop = machine ? machine->nops : NULL;
	ssize_t n = pread(fd, text, sizeof(text) - 1, (off_t)offset);
	size_t at = 0;

	if (machine && machine->nop_prefixes)
		at = strspn((const char *)text, machine->nop_prefixes);
	for (; n > 0 && nop && nop->size; nop++)
		if ((size_t)n >= at + nop->size &&
		    !memcmp(text + at, nop->bytes, nop->size))
			return true;
	return false;
}

/* A note may be anywhere, so the kernel may misread what is there. */
static int check_insn(const struct target *target, const struct note *note,
		      uint16_t machine, struct err *e)
{
	uint64_t offset =
		note->offset + usdt_nop_length(target->fd, note->offset);
	uint8_t code[INSN_MAX];
	ssize_t n = pread(target->fd, code, sizeof(code), (off_t)offset);

	if (n < 0)
		return fail(e, errno, "cannot read its code: %s",
			    strerror(errno_clamp(errno)));
	return insn_check(machine, code, (size_t)n, offset, nop5, e);
}

/* By all that a uprobe at that offset is held against. */
static int look_into(struct usdt_code *code, const struct target *target,
		     uint64_t offset)
{
	const struct uprobe u = { .offset = offset };
	struct target alone;
	struct err ignored;
	int err;

	if (code->looked++ >= LOOKED_INTO)
		return -EINVAL;
	if (!code->image && image_open(target->fd, &code->image, &ignored))
		return -EINVAL;
	target_init(&alone);
	alone.event.place = PLACE_FILE;
	alone.event.path = target->event.path;
	err = uprobe_site_at(&u, code->image, &alone, &ignored);
	alone.event.path = NULL;
	target_clear(&alone);
	return err;
}

int usdt_check_code(struct usdt_code *code, const struct target *target,
		    const struct note *note, struct err *e)
{
	const struct usdt_own *own = target->own;
	uint16_t machine = own->file->notes->machine;
	int err = check_insn(target, note, machine, e);

	if (err || is_nop(target->fd, note->offset, machine_find(machine)))
		return err;
	if (!look_into(code, target, note->offset))
		return 0;
	return fail(
		e, EINVAL,
		"a site of %s:%s in '%s', at address 0x%" PRIx64
		", is no nop, nor another instruction that can be probed: the file was changed after its notes were made",
		note->provider, note->name, target->event.path, note->location);
}

void usdt_code_clear(struct usdt_code *code)
{
	image_close(code->image);
	*code = (struct usdt_code){ 0 };
}
