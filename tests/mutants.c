// SPDX-License-Identifier: BSD-2-Clause
/*
 * mutants.c - damaged copies of an object, written to `object` and loaded.
 *
 * mutants DIR OBJECT COUNT [SEED]: DIR is a prog/NAME.  Each copy is another by
 * a few bytes, or shorter; then its programs are looked at and it is loaded.
 * Instructions stay as they are: what the verifier makes of any is the kernel's
 * to be tested with, and a fault of it would be of the machine that runs this.
 *
 * Says how many were loaded, refused, and how many killed their loader; fails
 * when one got another errno than an object can bring about.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PARTS = 128, /* of the object that hold instructions */
	CHANGES = 8, /* at most, in a copy */
	SHORTER = 16, /* one in so many is cut */
};

struct part {
	size_t start, end;
};

struct object {
	uint8_t *bytes, *copy;
	size_t size;
	struct part parts[PARTS];
	size_t nparts;
};

static uint64_t seed;

/* xorshift64*; the same for the same seed, on each machine. */
static uint64_t any(uint64_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (seed * UINT64_C(2685821657736338717) >> 16) % below;
}

static void read_object(const char *path, struct object *object)
{
	FILE *in = fopen(path, "re");

	if (!in || fseek(in, 0, SEEK_END))
		err(2, "%s", path);
	object->size = (size_t)ftell(in);
	rewind(in);
	object->bytes = malloc(object->size);
	object->copy = malloc(object->size);
	if (!object->bytes || !object->copy ||
	    fread(object->bytes, 1, object->size, in) != object->size)
		errx(2, "%s: not read", path);
	fclose(in);
}

static void find_instructions(struct object *object)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_memory((char *)object->bytes, object->size);
	if (!elf)
		errx(2, "no ELF file");
	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) ||
		    !(header.sh_flags & SHF_EXECINSTR) || !header.sh_size)
			continue;
		if (object->nparts == PARTS)
			errx(2, "too many sections");
		object->parts[object->nparts++] =
			(struct part){ header.sh_offset,
				       header.sh_offset + header.sh_size };
	}
	elf_end(elf);
}

static bool is_instruction(const struct object *object, size_t at)
{
	size_t i;

	for (i = 0; i < object->nparts; i++)
		if (at >= object->parts[i].start && at < object->parts[i].end)
			return true;
	return false;
}

/* How many bytes of the copy there are. */
static size_t mutate(struct object *object)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
	uint64_t changes = 1 + any(CHANGES);
	size_t at;

	memcpy(object->copy, object->bytes, object->size);
	while (changes--) {
		at = any(object->size);
		if (is_instruction(object, at))
			continue;
		if (any(2))
			object->copy[at] ^= (uint8_t)(1u << any(8));
		else
			object->copy[at] = values[any(sizeof(values))];
	}
	return any(SHORTER) ? object->size : any(object->size);
}

/* 0 or the errno. */
static int put(const char *dir, const char *name, const void *bytes,
	       size_t size)
{
	char path[4096];
	int fd, code = 0;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (size && write(fd, bytes, size) != (ssize_t)size)
		code = errno;
	if (close(fd) && !code)
		code = errno;
	return code;
}

static void look(const char *dir, const char *name)
{
	char path[4096], text[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	while (read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
}

/* What bpf(2), libbpf and the limits of an answer have for bad objects. */
static const int refusals[] = {
	EINVAL,	    ENOENT,   E2BIG,	ENOMEM,	      EPERM,   EACCES,
	EOPNOTSUPP, ERANGE,   ESRCH,	EIO,	      ENODATA, EFAULT,
	EBADF,	    ENOTUNIQ, EEXIST,	EOVERFLOW,    ENOSPC,  EBUSY,
	ENOTSUP,    ENOEXEC,  EMSGSIZE, ENAMETOOLONG,
};

static bool is_refusal(int code)
{
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i] == code)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	unsigned long count, i, loaded = 0, refused = 0, died = 0;
	struct object object = { .nparts = 0 };
	size_t size;
	int code;

	if (argc < 4 || argc > 5)
		errx(2, "usage: mutants DIR OBJECT COUNT [SEED]");
	count = strtoul(argv[3], NULL, 10);
	seed = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;
	read_object(argv[2], &object);
	find_instructions(&object);
	for (i = 0; i < count; i++) {
		size = mutate(&object);
		code = put(argv[1], "object", object.copy, size);
		if (code)
			errx(1, "mutant %lu: object: %s", i, strerror(code));
		look(argv[1], "info");
		code = put(argv[1], "load", "1", 1);
		loaded += !code;
		refused += code && code != EIO;
		died += code == EIO;
		if (code && !is_refusal(code))
			errx(1, "mutant %lu: load: %s", i, strerror(code));
	}
	printf("loaded %lu refused %lu died %lu\n", loaded, refused, died);
	return 0;
}
