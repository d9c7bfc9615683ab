// SPDX-License-Identifier: BSD-2-Clause
/* image.c - an ELF file's headers, segments and sections. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vis.h>

#include "scope.h"
#include "usdt/elf/image_private.h"

static int read_file(int fd, uint64_t offset, char *buffer, size_t size)
{
	ssize_t got;

	for (; size > 0; size -= got, buffer += got, offset += got) {
		got = pread(fd, buffer, size, (off_t)offset);
		if (got < 0 && errno == EINTR)
			got = 0;
		else if (got < 0)
			return -errno;
		else if (got == 0)
			return -EIO;
	}
	return 0;
}

int image_read(const struct image *image, uint64_t offset, void *buffer,
	       size_t size)
{
	if (!image_holds(image, offset, size))
		return -EIO;
	if (image->fd >= 0)
		return read_file(image->fd, offset, buffer, size);
	memcpy(buffer, image->memory + offset, size);
	return 0;
}

/*
 * libelf makes room for all sections when it opens a file.  Numbers beyond 16
 * bits are in the size of the first section (System V ABI, "Sections").
 */
static bool is_sensible(const struct image *image, const GElf_Ehdr *header)
{
	bool wide = image->class == ELFCLASS64;
	size_t place = wide ? offsetof(Elf64_Shdr, sh_size)
			    : offsetof(Elf32_Shdr, sh_size);
	size_t width = wide ? sizeof(Elf64_Xword) : sizeof(Elf32_Word);
	char raw[sizeof(Elf64_Xword)];

	return header->e_shnum || !header->e_shoff ||
	       image_read(image, header->e_shoff + place, raw, width) ||
	       image_number(image, raw, width) <= IMAGE_SECTIONS;
}

static int take_header(struct image *image, Elf *elf, GElf_Ehdr *header,
		       struct err *e)
{
	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, header))
		return fail(e, ENOEXEC,
			    "it is a broken ELF file: it has an unknown class, "
			    "byte order or version, or ends within its header");
	image->class = gelf_getclass(elf);
	image->order = header->e_ident[EI_DATA];
	image->type = header->e_type;
	image->machine = header->e_machine;
	if (image->type != ET_EXEC && image->type != ET_DYN)
		return fail(e, ENOEXEC,
			    "it is neither a program nor a shared "
			    "library: its ELF type is %d",
			    image->type);
	if (!is_sensible(image, header))
		return fail(e, ENOEXEC,
			    "it is a broken ELF file: it has too "
			    "many sections");
	return 0;
}

/* A file of /proc has something to read but no size: it counts as empty. */
static int not_elf(const unsigned char *ident, size_t size, struct err *e)
{
	char shown[4 * SELFMAG + 1];

	if (size == 0)
		return fail(e, ENOEXEC,
			    "it is not an ELF file but empty: its size is 0");
	strvisx(shown, (const char *)ident, MIN(size, SELFMAG), VIS_OCTAL);
	return fail(e, ENOEXEC,
		    "it is not an ELF file: it begins with '%s', not with "
		    "'\\177ELF'",
		    shown);
}

/* Looks at the header alone first: see is_sensible(). */
static int open_elf(struct image *image, GElf_Ehdr *header, struct err *e)
{
	Elf64_Ehdr raw = { .e_type = ET_NONE };
	size_t size = MIN(image->size, sizeof(raw));
	int err = image_read(image, 0, &raw, size);

	if (err)
		return fail(e, -err, "cannot read its header: %s",
			    strerror(errno_clamp(-err)));
	if (memcmp(raw.e_ident, ELFMAG, SELFMAG) != 0)
		return not_elf(raw.e_ident, size, e);
	elf_version(EV_CURRENT);
	image->elf = elf_memory((char *)&raw, size);
	err = take_header(image, image->elf, header, e);
	elf_end(take(image->elf));
	if (err)
		return err;
	image->elf = image->memory ? elf_memory(image->memory, image->size)
				   : elf_begin(image->fd, ELF_C_READ, NULL);
	return take_header(image, image->elf, header, e);
}

static void segment_add(struct image *image, const GElf_Phdr *header)
{
	/* What a cut-off file has lost cannot be probed. */
	uint64_t offset = MIN(header->p_offset, image->size);
	uint64_t size = MIN(header->p_filesz, image->size - offset);
	struct image_segment segment = {
		.address = header->p_vaddr,
		.offset = header->p_offset,
		.file_size = MIN(size, UINT64_MAX - header->p_vaddr),
		.memory_size = header->p_memsz,
		.flags = header->p_flags,
	};

	switch (header->p_type) {
	case PT_LOAD:
		image->segments[image->nsegments++] = segment;
		break;
	case PT_NOTE:
		image_read_notes(image, segment.offset, segment.file_size,
				 header->p_align);
		break;
	case PT_GNU_EH_FRAME:
		image->unwind = segment;
		break;
	}
}

static int read_segments(struct image *image, const GElf_Ehdr *header,
			 struct err *e)
{
	size_t each = gelf_fsize(image->elf, ELF_T_PHDR, 1, EV_CURRENT);
	size_t count = header->e_phnum, i;
	GElf_Phdr segment;

	if (count == 0)
		return 0;
	if (header->e_phentsize != each || count > IMAGE_SEGMENT_BYTES / each ||
	    !gelf_getphdr(image->elf, 0, &segment))
		return fail(e, ENOEXEC,
			    "it is a broken ELF file: its table "
			    "of segments is malformed or beyond its end");
	image->segments = calloc(count, sizeof(*image->segments));
	if (!image->segments)
		return fail(e, ENOMEM, "no memory for the table of segments");
	for (i = 0; i < count; i++)
		if (gelf_getphdr(image->elf, (int)i, &segment))
			segment_add(image, &segment);
	return 0;
}

static void name_sections(struct image *image)
{
	GElf_Shdr header;
	const char *name;
	size_t i, names;

	if (elf_getshdrstrndx(image->elf, &names) ||
	    !image_strings(image, names, NULL))
		return;
	for (i = 0; i < image->nsections; i++) {
		gelf_getshdr(image->sections[i].scn, &header);
		name = elf_strptr(image->elf, names, header.sh_name);
		if (name)
			image->sections[i].name = name;
	}
}

static bool fill_sections(struct image *image, size_t count)
{
	GElf_Shdr header;
	Elf_Scn *scn;
	size_t i;

	for (i = 0; i < count; i++) {
		scn = elf_getscn(image->elf, i);
		if (!gelf_getshdr(scn, &header))
			return false;
		image->sections[i] = (struct section){
			.name = "",
			.where.offset = header.sh_offset,
			.where.size = header.sh_size,
			.where.address = header.sh_addr,
			.where.type = header.sh_type,
			.where.flags = header.sh_flags,
			.where.align = header.sh_addralign,
			.link = header.sh_link,
			.entry_size = header.sh_entsize,
			.scn = scn,
		};
	}
	image->nsections = count;
	name_sections(image);
	return true;
}

static int read_sections(struct image *image, const GElf_Ehdr *header,
			 struct err *e)
{
	size_t each = gelf_fsize(image->elf, ELF_T_SHDR, 1, EV_CURRENT), count;

	if (header->e_shoff == 0)
		return 0;
	image->sections_fault =
		"its table of sections is malformed or beyond its end";
	/* libelf takes a table that leaves the file for none. */
	if (header->e_shentsize != each ||
	    !image_holds(image, header->e_shoff, each) ||
	    elf_getshdrnum(image->elf, &count) || count < header->e_shnum)
		return 0;
	image->sections = calloc(count + 1, sizeof(*image->sections));
	if (!image->sections)
		return fail(e, ENOMEM, "no memory for the table of sections");
	if (fill_sections(image, count))
		image->sections_fault = NULL;
	return 0;
}

static void read_section_notes(struct image *image)
{
	const struct section *id = section_find(image, ".note.gnu.build-id");

	/* A debug file's segments speak of another file's bytes, so what a
	   section says goes over what they said. */
	if (id && id->where.type == SHT_NOTE)
		image_read_notes(image, id->where.offset, id->where.size, 4);
	if (section_find(image, ".go.buildinfo"))
		image->go = true;
}

int image_load(int fd, char *memory, uint64_t size, struct image **out,
	       struct err *e)
{
	struct image *image = calloc(1, sizeof(*image));
	GElf_Ehdr header;
	int err;

	if (!image) {
		fd_close(fd);
		free(memory);
		return fail(e, ENOMEM, "no memory for the file");
	}
	image->fd = fd;
	image->memory = memory;
	image->size = size;
	SLIST_INIT(&image->cuts);
	err = open_elf(image, &header, e);
	if (!err)
		err = read_segments(image, &header, e);
	if (!err)
		err = read_sections(image, &header, e);
	if (!err)
		err = image_find_code(image, e);
	if (err) {
		image_close(image);
		return err;
	}
	read_section_notes(image);
	*out = image;
	return 0;
}

int image_open(int fd, struct image **out, struct err *e)
{
	struct stat st;
	int own;

	if (fstat(fd, &st) < 0)
		return fail(e, errno, "cannot look at it: %s",
			    strerror(errno_clamp(errno)));
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "it is not a regular file");
	own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (own < 0)
		return fail(e, errno, "no descriptor for it: %s",
			    strerror(errno_clamp(errno)));
	return image_load(own, NULL, (uint64_t)st.st_size, out, e);
}

void image_close(struct image *image)
{
	struct cut *cut;

	if (!image)
		return;
	while ((cut = SLIST_FIRST(&image->cuts))) {
		SLIST_REMOVE_HEAD(&image->cuts, next);
		free(cut);
	}
	image_close(image->inside);
	image_close(image->outside);
	elf_end(image->elf);
	free(image->segments);
	free(image->sections);
	free(image->code);
	free(image->memory);
	fd_close(image->fd);
	free(image);
}
