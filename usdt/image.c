// SPDX-License-Identifier: BSD-2-Clause
/* image.c - an ELF file's headers, segments and sections. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scope.h"
#include "usdt/image_private.h"

uint64_t image_number(const struct image *image, const void *raw, size_t width)
{
	const unsigned char *at = raw;
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < width; i++)
		value = value << 8 |
			at[image->order == ELFDATA2MSB ? i : width - 1 - i];
	return value;
}

bool image_holds(const struct image *image, uint64_t offset, uint64_t size)
{
	return offset <= image->size && size <= image->size - offset;
}

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

static int read_part(const struct image *image, uint64_t offset, void *buffer,
		     size_t size, const char *what, struct err *e)
{
	int result = image_read(image, offset, buffer, size);

	if (result)
		return fail(e, -result, "cannot read its %s: %s", what,
			    strerror(-result));
	return 0;
}

static int check_ident(const unsigned char *ident, struct err *e)
{
	if (memcmp(ident, ELFMAG, SELFMAG) != 0)
		return fail(e, ENOEXEC,
			    "it is not an ELF file: it begins with "
			    "'%.4s', not with '\\177ELF'",
			    (const char *)ident);
	if (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64)
		return fail(e, ENOEXEC,
			    "it is a broken ELF file: its class "
			    "is %d, not 1 or 2",
			    ident[EI_CLASS]);
	if (ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB)
		return fail(e, ENOEXEC,
			    "it is a broken ELF file: its byte "
			    "order is %d, not 1 or 2",
			    ident[EI_DATA]);
	return 0;
}

static int read_header(struct image *image, char *header, struct err *e)
{
	size_t size = sizeof(Elf64_Ehdr);
	unsigned char *ident = (unsigned char *)header;
	int result;

	if (image->size < sizeof(Elf32_Ehdr))
		return fail(e, ENOEXEC,
			    "it is not an ELF file: it has only "
			    "%ju bytes",
			    (uintmax_t)image->size);
	if (image->size < size)
		size = image->size;
	result = read_part(image, 0, header, size, "header", e);
	if (!result)
		result = check_ident(ident, e);
	if (result)
		return result;
	image->class = ident[EI_CLASS];
	image->order = ident[EI_DATA];
	if (size < ELF_SIZE(image, Ehdr))
		return fail(e, ENOEXEC,
			    "it is a broken ELF file: it ends "
			    "within its header");
	image->type = ELF_GET(image, header, Ehdr, e_type);
	image->machine = ELF_GET(image, header, Ehdr, e_machine);
	if (image->type != ET_EXEC && image->type != ET_DYN)
		return fail(e, ENOEXEC,
			    "it is neither a program nor a shared "
			    "library: its ELF type is %d",
			    image->type);
	return 0;
}

static struct image_segment segment_get(const struct image *image,
					const char *raw)
{
	struct image_segment s = {
		.address = ELF_GET(image, raw, Phdr, p_vaddr),
		.offset = ELF_GET(image, raw, Phdr, p_offset),
		.file_size = ELF_GET(image, raw, Phdr, p_filesz),
		.memory_size = ELF_GET(image, raw, Phdr, p_memsz),
		.flags = ELF_GET(image, raw, Phdr, p_flags),
	};

	/* What a cut-off file has lost cannot be probed. */
	if (s.offset > image->size)
		s.file_size = 0;
	else if (s.file_size > image->size - s.offset)
		s.file_size = image->size - s.offset;
	if (s.file_size > UINT64_MAX - s.address)
		s.file_size = UINT64_MAX - s.address;
	return s;
}

static void segment_add(struct image *image, const char *raw)
{
	struct image_segment segment = segment_get(image, raw);

	switch (ELF_GET(image, raw, Phdr, p_type)) {
	case PT_LOAD:
		image->segments[image->nsegments++] = segment;
		break;
	case PT_NOTE:
		image_read_notes(image, segment.offset, segment.file_size,
				 ELF_GET(image, raw, Phdr, p_align));
		break;
	case PT_GNU_EH_FRAME:
		image->unwind = segment;
		break;
	}
}

static int read_segments(struct image *image, const char *header, struct err *e)
{
	size_t count = ELF_GET(image, header, Ehdr, e_phnum);
	size_t each = ELF_SIZE(image, Phdr);
	uint64_t offset = ELF_GET(image, header, Ehdr, e_phoff);
	scoped_free char *raw = NULL;
	size_t i;
	int result;

	if (count == 0)
		return 0;
	if (ELF_GET(image, header, Ehdr, e_phentsize) != each ||
	    count > IMAGE_SEGMENT_BYTES / each ||
	    !image_holds(image, offset, count * each))
		return fail(e, ENOEXEC,
			    "it is a broken ELF file: its table "
			    "of segments is malformed or beyond its end");
	raw = malloc(count * each);
	image->segments = calloc(count, sizeof(*image->segments));
	if (!raw || !image->segments)
		return fail(e, ENOMEM, "no memory for the table of segments");
	result = read_part(image, offset, raw, count * each,
			   "table of segments", e);
	for (i = 0; !result && i < count; i++)
		segment_add(image, raw + i * each);
	return result;
}

static struct section section_get(const struct image *image, const char *raw)
{
	return (struct section){
		.name = "",
		.where =
			{
				.offset = ELF_GET(image, raw, Shdr, sh_offset),
				.size = ELF_GET(image, raw, Shdr, sh_size),
				.address = ELF_GET(image, raw, Shdr, sh_addr),
				.type = ELF_GET(image, raw, Shdr, sh_type),
				.flags = ELF_GET(image, raw, Shdr, sh_flags),
			},
		.link = ELF_GET(image, raw, Shdr, sh_link),
		.info = ELF_GET(image, raw, Shdr, sh_info),
		.entry_size = ELF_GET(image, raw, Shdr, sh_entsize),
	};
}

/* How many sections there are, and which one has their names. */
static int count_sections(const struct image *image, const char *header,
			  uint64_t *count, uint64_t *names)
{
	uint64_t offset = ELF_GET(image, header, Ehdr, e_shoff);
	size_t each = ELF_SIZE(image, Shdr);
	char raw[sizeof(Elf64_Shdr)];
	struct section first;

	*count = ELF_GET(image, header, Ehdr, e_shnum);
	*names = ELF_GET(image, header, Ehdr, e_shstrndx);
	if (offset == 0)
		return 0;
	if (ELF_GET(image, header, Ehdr, e_shentsize) != each ||
	    image_read(image, offset, raw, each))
		return -ENOEXEC;
	/* Numbers of 16 bits that were too small are in the first section:
	   System V ABI, "Sections", "extended section header" rules. */
	first = section_get(image, raw);
	if (*count == 0)
		*count = first.where.size;
	if (*names == SHN_XINDEX)
		*names = first.link;
	if (*count > IMAGE_SECTIONS ||
	    !image_holds(image, offset, *count * each))
		return -ENOEXEC;
	return 0;
}

static void name_sections(struct image *image, const char *raw, uint64_t index)
{
	const struct blob *names = NULL;
	const char *name;
	size_t i;

	if (index < image->nsections)
		names = image_blob(image, &image->sections[index], NULL);
	for (i = 0; names && i < image->nsections; i++) {
		name = blob_string(
			names, ELF_GET(image, raw + i * ELF_SIZE(image, Shdr),
				       Shdr, sh_name));
		if (name)
			image->sections[i].name = name;
	}
}

static int read_sections(struct image *image, const char *header, struct err *e)
{
	uint64_t offset = ELF_GET(image, header, Ehdr, e_shoff);
	size_t each = ELF_SIZE(image, Shdr), i;
	uint64_t count, names;
	scoped_free char *raw = NULL;

	if (count_sections(image, header, &count, &names)) {
		image->sections_fault = "its table of sections is malformed "
					"or beyond its end";
		return 0;
	}
	if (offset == 0 || count == 0)
		return 0;
	raw = malloc(count * each);
	image->sections = calloc(count, sizeof(*image->sections));
	if (!raw || !image->sections)
		return fail(e, ENOMEM, "no memory for the table of sections");
	if (image_read(image, offset, raw, count * each)) {
		image->sections_fault = "its table of sections is unreadable";
		return 0;
	}
	for (i = 0; i < count; i++)
		image->sections[i] = section_get(image, raw + i * each);
	image->nsections = count;
	name_sections(image, raw, names);
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
	char header[sizeof(Elf64_Ehdr)];
	int result;

	if (!image) {
		fd_close(fd);
		free(memory);
		return fail(e, ENOMEM, "no memory for the file");
	}
	image->fd = fd;
	image->memory = memory;
	image->size = size;
	SLIST_INIT(&image->blobs);
	result = read_header(image, header, e);
	if (!result)
		result = read_segments(image, header, e);
	if (!result)
		result = read_sections(image, header, e);
	if (result) {
		image_close(image);
		return result;
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
		return fail(e, errno, "cannot look at it: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "it is not a regular file");
	own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (own < 0)
		return fail(e, errno, "no descriptor for it: %s",
			    strerror(errno));
	return image_load(own, NULL, (uint64_t)st.st_size, out, e);
}

void image_close(struct image *image)
{
	struct blob *blob;

	if (!image)
		return;
	while ((blob = SLIST_FIRST(&image->blobs))) {
		SLIST_REMOVE_HEAD(&image->blobs, next);
		free(blob);
	}
	image_close(image->inside);
	image_close(image->outside);
	free(image->segments);
	free(image->sections);
	free(image->memory);
	fd_close(image->fd);
	free(image);
}
