/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.h - an ELF file as probes see it: segments, symbols, sections.
 *
 * The file is read with pread(2), never mapped: a file that shrinks while it is
 * read gives an error, not a SIGBUS.  Nothing is believed that was not checked
 * against the file's size.
 *
 * Lifetime: an image keeps its own duplicate of the descriptor.  Strings handed
 * out live as long as the image.  Locking: none; one thread an image.
 */
#ifndef USDT_ELF_IMAGE_H
#define USDT_ELF_IMAGE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fail.h"

struct image;

struct image_segment { /* PT_LOAD */
	uint64_t address; /* p_vaddr */
	uint64_t offset; /* p_offset */
	uint64_t file_size;
	uint64_t memory_size;
	uint32_t flags; /* PF_R | PF_W | PF_X */
};

struct image_symbol {
	const char *name;
	const char *version; /* of .gnu.version, or NULL */
	const char *library; /* that an import is from, or NULL */
	bool default_version; /* NAME@@VERSION */
	bool undefined; /* imported: defined by another object */
	uint64_t address; /* st_value */
	uint64_t size; /* st_size, 0 when not told */
	uint64_t offset; /* in the file; only when in_text */
	bool in_text; /* image_code_end() knows its place */
	unsigned char type; /* STT_FUNC, STT_GNU_IFUNC, STT_OBJECT, ... */
	bool debug; /* from .gnu_debugdata or a separate debug file */
};

/*
 * fd must be open for reading.  ENOEXEC: not ELF, not ET_EXEC or ET_DYN, or so
 * broken that nothing can be said.  EINVAL: not a regular file.  A file whose
 * sections alone are broken, or gone, has segments and no symbols.  Sentences
 * do not name the file: only the caller knows its name.
 */
int image_open(int fd, struct image **out, struct err *e);
void image_close(struct image *image); /* NULL is fine */

uint16_t image_machine(const struct image *image); /* e_machine: EM_X86_64 */
uint16_t image_type(const struct image *image); /* ET_EXEC or ET_DYN */
int image_class(const struct image *image); /* ELFCLASS32 or 64 */
int image_order(const struct image *image); /* ELFDATA2LSB or MSB */
uint64_t image_size(const struct image *image); /* of the file, in bytes */

/* *count segments in the order of the program headers. */
const struct image_segment *image_segments(const struct image *image,
					   size_t *count);

/* The PT_LOAD that holds the file offset (or the address); NULL when none. */
const struct image_segment *image_segment_at(const struct image *image,
					     uint64_t offset);
const struct image_segment *image_segment_of(const struct image *image,
					     uint64_t address);

/*
 * Where the instructions end among which the file offset is: those of its
 * section with SHF_EXECINSTR or, in a file without such, of its executable
 * segment.  0 when there are none.
 */
uint64_t image_code_end(const struct image *image, uint64_t offset);
/* True when the instructions are in another file: of this one strip(1) or
   objcopy --only-keep-debug left the symbols. */
bool image_is_debug(const struct image *image);

/* Exactly size bytes at the offset; EIO when the file is too short. */
int image_read(const struct image *image, uint64_t offset, void *buffer,
	       size_t size);

/*
 * Calls each() for every symbol of .dynsym, .symtab, .gnu_debugdata and, with
 * a debug opener, the separate debug file named by build-id or .gnu_debuglink,
 * in that order (only .dynsym knows the versions), functions and objects alike,
 * undefined ones too.  A symbol that stands in several tables is told once.
 * Stops when each() returns non-zero and returns that.  A debug file that is
 * missing or broken is as none.  ENOEXEC: the file's own tables are broken;
 * EFBIG: they are larger than is sensible.
 */
int image_symbols(struct image *image,
		  int (*each)(void *ctx, const struct image_symbol *symbol),
		  void *ctx, struct err *e);

/*
 * How a separate debug file is opened: path is absolute, such as
 * "/usr/lib/debug/.build-id/ab/cdef.debug".  A descriptor or -errno; NULL
 * (the default) is to look for none.  file is the absolute path of the image,
 * beside which .gnu_debuglink is looked for; it may be NULL, and like ctx must
 * last until the last image_symbols().
 */
void image_set_debug_opener(struct image *image,
			    int (*open)(const void *ctx, const char *path),
			    const void *ctx, const char *file);

/*
 * Calls each() for the libraries that the file asks for (DT_NEEDED), in their
 * order.
 */
void image_needed(struct image *image,
		  void (*each)(void *ctx, const char *library), void *ctx);

/*
 * The function that holds the file offset, by the unwind table (.eh_frame_hdr),
 * which stripped files keep: *start and *end are file offsets, and end 0 when
 * it is not told.  False when there is none.
 */
bool image_frame_at(const struct image *image, uint64_t offset, uint64_t *start,
		    uint64_t *end);

/* A section by name: offset, size, address.  False when there is none. */
struct image_section {
	uint64_t offset, size, address;
	uint32_t type;
	uint64_t flags;
	uint64_t align; /* sh_addralign */
};
bool image_section(const struct image *image, const char *name,
		   struct image_section *section);

/* The build-id in hexadecimal, or NULL. */
const char *image_build_id(const struct image *image);

/* A Go binary (.go.buildinfo): return probes crash it (golang/go#22008). */
bool image_is_go(const struct image *image);

/* "x86-64", "AArch64", ... for sentences; "machine 999" needs the number. */

#endif
