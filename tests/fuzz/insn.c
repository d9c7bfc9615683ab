// SPDX-License-Identifier: BSD-2-Clause
/*
 * insn.c - any bytes as instructions.
 *
 * The first byte is the machine: 32 or 64 bits.  An instruction is what its own
 * bytes say: those behind it change neither its length nor whether it can be
 * probed, and without its last byte it is none.  A breakpoint goes to
 * beginnings alone: insn_place() says of every byte of code what one pass over
 * it says.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "usdt/elf/insn.h"
#include "usdt/elf/insn_x86.h"

enum {
	CODE = 0x100, /* where it is in the file */
	MOST = 512, /* bytes of code: insn_place() begins anew for each */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy that ends where its memory does, for AddressSanitizer. */
static uint8_t *copy(const uint8_t *code, size_t size)
{
	uint8_t *bytes = malloc(size + !size);

	if (!bytes)
		abort();
	return memcpy(bytes, code, size);
}

static size_t length_of(const uint8_t *code, size_t size, unsigned int bits)
{
	uint8_t *bytes = copy(code, size);
	size_t length = x86_length(bytes, size, bits);

	free(bytes);
	return length;
}

static const char *refused_of(const uint8_t *code, size_t size,
			      unsigned int bits)
{
	uint8_t *bytes = copy(code, size);
	const char *refused = x86_refused(bytes, size, bits, false);

	free(bytes);
	return refused;
}

static void check_alone(const uint8_t *code, size_t size, unsigned int bits)
{
	size_t length = length_of(code, size, bits);
	const char *refused = refused_of(code, size, bits);

	if (length > size || length > X86_INSN_MAX)
		abort();
	if (length == 0)
		return;
	if (length_of(code, length, bits) != length ||
	    length_of(code, length - 1, bits) != 0 ||
	    refused_of(code, length, bits) != refused)
		abort();
}

static struct image *make(const uint8_t *code, size_t size, unsigned int bits)
{
	Elf64_Ehdr wide = { .e_ident = ELFMAG,
			    .e_type = ET_DYN,
			    .e_machine = EM_X86_64 };
	int fd = memfd_create("insn", MFD_CLOEXEC);
	struct image *image = NULL;

	wide.e_ident[EI_CLASS] = ELFCLASS64;
	wide.e_ident[EI_DATA] = ELFDATA2LSB;
	wide.e_ident[EI_VERSION] = EV_CURRENT;
	if (bits == 32)
		wide.e_machine = EM_386;
	if (fd < 0 || pwrite(fd, &wide, sizeof(wide), 0) < 0 ||
	    pwrite(fd, code, size, CODE) < 0 || image_open(fd, &image, NULL))
		abort();
	close(fd);
	return image;
}

static void check_place(const struct image *image, size_t offset, size_t last,
			size_t next, bool known)
{
	uint64_t before, after;
	int place =
		insn_place(image, CODE, CODE + offset, &before, &after, NULL);
	int want = !known	    ? INSN_UNKNOWN
		   : offset == last ? INSN_BOUNDARY
				    : INSN_INSIDE;

	if (place != want)
		abort();
	if (place == INSN_INSIDE &&
	    (before != CODE + last || after != CODE + next))
		abort();
}

/* Goes once over the code, and compares. */
static void check_places(const uint8_t *code, size_t size, unsigned int bits)
{
	struct image *image = make(code, size, bits);
	size_t at = 0, next = 0, offset;

	for (offset = 0; offset < size; offset++) {
		if (offset == next) {
			at = next;
			next += x86_length(code + at, size - at, bits);
		}
		check_place(image, offset, at, next, offset == at || next > at);
		if (next == at && offset > at)
			break;
	}
	image_close(image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int bits;
	size_t i;

	if (size < 2)
		return 0;
	bits = data[0] & 1 ? 32 : 64;
	data++;
	size = size - 1 > MOST ? MOST : size - 1;
	for (i = 0; i < size; i++)
		check_alone(data + i, size - i, bits);
	check_places(data, size, bits);
	return 0;
}
