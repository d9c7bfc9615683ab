/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image_private.h - what the files of image_*.c share; nobody else's.
 */
#ifndef USDT_ELF_IMAGE_PRIVATE_H
#define USDT_ELF_IMAGE_PRIVATE_H

#include <elf.h>
#include <gelf.h>
#include <libelf.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "usdt/elf/image.h"

enum {
	/* No more segments start as a program: fs/binfmt_elf.c,
	   load_elf_phdrs(), takes 64 KiB of program headers. */
	IMAGE_SEGMENT_BYTES = 65536,
	IMAGE_SECTIONS = 1 << 16, /* some 400 bytes each, libelf's and ours */
	IMAGE_NOTE_BYTES = 1 << 16, /* of one segment or section of notes */
	/* Of all sections read; those of another byte order take twice that. */
	IMAGE_TABLE_BYTES = 1 << 29,
	/* The time libelf needs for another byte order grows with the square:
	   version_xlate.h, where definitions may share their names. */
	IMAGE_VERSION_BYTES = 1 << 15,
	IMAGE_DEBUGDATA_BYTES = 1 << 26, /* .gnu_debugdata, unpacked */
	IMAGE_BUILD_ID = 64, /* bytes; 20 (SHA-1) is usual */
};

struct section {
	const char *name; /* "" when it has none */
	struct image_section where;
	uint32_t link;
	uint64_t entry_size;
	Elf_Scn *scn;
	bool counted; /* among the bytes read */
};

/* A section of instructions, in the file. */
struct code {
	uint64_t start, end;
};

/* A name that was cut from its version. */
struct cut {
	SLIST_ENTRY(cut) next;
	char name[];
};

struct image {
	int fd; /* -1 when the bytes are in memory */
	char *memory; /* owned */
	uint64_t size; /* of either */
	Elf *elf;
	uint64_t read; /* bytes that elf keeps */
	int class, order;
	uint16_t type, machine;
	size_t nsegments;
	struct image_segment *segments; /* PT_LOAD only */
	struct image_segment unwind; /* PT_GNU_EH_FRAME */
	size_t nsections;
	struct section *sections;
	size_t ncode;
	struct code *code; /* in order, and apart */
	bool code_lacks; /* a section of instructions has no bytes */
	const char *sections_fault; /* why there are none, or NULL */
	char build_id[2 * IMAGE_BUILD_ID + 1];
	bool go;
	SLIST_HEAD(, cut) cuts;
	size_t cut_bytes;
	int (*debug_open)(const void *ctx, const char *path);
	const void *debug_ctx;
	const char *file;
	bool looked_inside, looked_outside;
	struct image *inside; /* .gnu_debugdata, or NULL */
	struct image *outside; /* separate debug file, or NULL */
};

/*
 * A member of an ELF structure at raw, in the class and byte order of the file,
 * as a number.  raw need not be aligned.
 */
uint64_t image_number(const struct image *image, const void *raw, size_t width);

/* clang-format off */
#define ELF_WIDTH(structure, member) sizeof(((structure *)NULL)->member)

#define ELF_GET(image, raw, structure, member)                               \
	((image)->class == ELFCLASS64                                        \
	 ? image_number(image, (const char *)(raw) +                         \
			offsetof(Elf64_##structure, member),                 \
			ELF_WIDTH(Elf64_##structure, member))                \
	 : image_number(image, (const char *)(raw) +                         \
			offsetof(Elf32_##structure, member),                 \
			ELF_WIDTH(Elf32_##structure, member)))
/* clang-format on */

#define ELF_SIZE(image, structure)                                \
	((image)->class == ELFCLASS64 ? sizeof(Elf64_##structure) \
				      : sizeof(Elf32_##structure))

/* Takes over fd or memory (the other is -1, NULL) whatever happens. */
int image_load(int fd, char *memory, uint64_t size, struct image **out,
	       struct err *e);

/* True when the file has all those bytes. */
bool image_holds(const struct image *image, uint64_t offset, uint64_t size);

/*
 * What libelf reads goes through image_count(), which says no before the sum
 * is more than is sensible.
 */
bool image_count(struct image *image, uint64_t size);
/* The bytes of a section, kept until image_close(), or NULL with *e filled. */
Elf_Data *image_data(struct image *image, struct section *from, struct err *e);
/*
 * True when elf_strptr() may be used with that section, or false with *e
 * filled.  Without a NUL at its very end each call would search for the last.
 */
bool image_strings(struct image *image, size_t index, struct err *e);
struct section *section_find(const struct image *image, const char *name);
struct section *section_of_type(const struct image *image, uint32_t type);

/* Fills code from the sections. */
int image_find_code(struct image *image, struct err *e);

/* Fills build_id and go from the notes in that part of the file. */
void image_read_notes(struct image *image, uint64_t offset, uint64_t size,
		      uint64_t align);

/* The image of .gnu_debugdata, of the debug file; NULL when there is none. */
struct image *image_inside(struct image *image);
struct image *image_outside(struct image *image);

/* The version of each symbol of .dynsym. */
struct versions;
struct version {
	const char *name; /* NULL when it has none */
	const char *library; /* NULL for a definition */
	bool hidden; /* NAME@VERSION, not NAME@@VERSION */
};
/* NULL when the file has no versions, or only broken ones. */
struct versions *versions_load(struct image *image);
void versions_free(struct versions *versions); /* NULL is fine */
struct version versions_of(const struct versions *versions, size_t symbol);

#endif
