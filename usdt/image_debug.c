// SPDX-License-Identifier: BSD-2-Clause
/*
 * image_debug.c - where a file's other symbols are.
 *
 * A stripped file may carry a packed ELF file in .gnu_debugdata (functions
 * only, as Fedora does), and may name a separate debug file by its build-id or
 * by .gnu_debuglink (gdb's manual, "Separate Debug Files").  Both are wishes:
 * when they cannot be had, the file is as it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope.h"
#include "usdt/image_private.h"

enum {
	NOTE_GO_BUILD_ID = 4, /* cmd/internal/buildid, note of "Go" */
	CRC_BYTES = 1 << 28, /* of a debug file without a build-id */
};

#define DEBUG_ROOT "/usr/lib/debug"

static uint64_t round_up(uint64_t size, uint64_t align)
{
	return (size + align - 1) & ~(align - 1);
}

static void take_note(struct image *image, uint64_t type, const char *name,
		      uint64_t name_size, const char *value, uint64_t size)
{
	uint64_t i;

	if (type == NOTE_GO_BUILD_ID && name_size == sizeof("Go") &&
	    memcmp(name, "Go", sizeof("Go")) == 0)
		image->go = true;
	if (type != NT_GNU_BUILD_ID || name_size != sizeof(ELF_NOTE_GNU) ||
	    memcmp(name, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) != 0)
		return;
	if (size < 2 || size > IMAGE_BUILD_ID)
		return;
	for (i = 0; i < size; i++)
		sprintf(image->build_id + 2 * i, "%02x",
			(unsigned char)value[i]);
}

void image_read_notes(struct image *image, uint64_t offset, uint64_t size,
		      uint64_t align)
{
	scoped_free char *notes = NULL;
	uint64_t at = 0, name_size, value_size, value, next;
	const char *raw;

	align = align == 8 ? 8 : 4;
	if (size > IMAGE_NOTE_BYTES)
		size = IMAGE_NOTE_BYTES;
	notes = malloc(size + 1);
	if (!notes || image_read(image, offset, notes, size))
		return;
	for (; at + sizeof(Elf64_Nhdr) <= size; at = next) {
		raw = notes + at;
		name_size = ELF_GET(image, raw, Nhdr, n_namesz);
		value_size = ELF_GET(image, raw, Nhdr, n_descsz);
		value = round_up(at + sizeof(Elf64_Nhdr) + name_size, align);
		next = round_up(value + value_size, align);
		if (value + value_size > size)
			return;
		take_note(image, ELF_GET(image, raw, Nhdr, n_type),
			  raw + sizeof(Elf64_Nhdr), name_size, notes + value,
			  value_size);
	}
}

/* Unpacks into a buffer that grows, up to the limit.  NULL when broken. */
static char *unpack(const struct blob *packed, size_t *size)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_ret result = LZMA_OK;
	size_t room = 0;
	char *out = NULL, *larger;

	if (lzma_stream_decoder(&stream, IMAGE_DEBUGDATA_BYTES, 0) != LZMA_OK)
		return NULL;
	stream.next_in = (const uint8_t *)packed->data;
	stream.avail_in = packed->size;
	while (result == LZMA_OK && room < IMAGE_DEBUGDATA_BYTES) {
		room = room ? 2 * room : 1 << 16;
		larger = realloc(out, room);
		if (!larger)
			break;
		out = larger;
		stream.next_out = (uint8_t *)out + stream.total_out;
		stream.avail_out = room - stream.total_out;
		result = lzma_code(&stream, LZMA_FINISH);
	}
	*size = stream.total_out;
	lzma_end(&stream);
	if (result == LZMA_STREAM_END)
		return out;
	free(out);
	return NULL;
}

static struct image *open_inside(struct image *image)
{
	const struct section *section = section_find(image, ".gnu_debugdata");
	const struct blob *packed;
	struct image *inside = NULL;
	size_t size;
	char *plain;

	if (!section || section->where.size > IMAGE_DEBUGDATA_BYTES)
		return NULL;
	packed = image_blob(image, section, NULL);
	plain = packed ? unpack(packed, &size) : NULL;
	if (plain)
		image_load(-1, plain, size, &inside, NULL);
	return inside;
}

struct image *image_inside(struct image *image)
{
	if (!image->looked_inside) {
		image->looked_inside = true;
		image->inside = open_inside(image);
	}
	return image->inside;
}

static bool crc_fits(const struct image *debug, uint32_t expected)
{
	scoped_free uint8_t *buffer = malloc(1 << 16);
	uint64_t at = 0;
	uint32_t crc = 0;
	size_t n;

	if (!buffer || debug->size > CRC_BYTES)
		return false;
	for (; at < debug->size; at += n) {
		n = debug->size - at < 1 << 16 ? debug->size - at : 1 << 16;
		if (image_read(debug, at, buffer, n))
			return false;
		crc = lzma_crc32(buffer, n, crc);
	}
	return crc == expected;
}

/* The debug file at path when it is of this image; crc may be NULL. */
static struct image *open_debug(struct image *image, const char *path,
				const uint32_t *crc)
{
	struct image *debug = NULL;
	int fd = image->debug_open(image->debug_ctx, path);
	const char *id;

	if (fd < 0)
		return NULL;
	image_open(fd, &debug, NULL);
	fd_close(fd);
	if (!debug)
		return NULL;
	id = image_build_id(debug);
	if (debug->class == image->class && debug->order == image->order &&
	    (id && image_build_id(image)
		     ? strcmp(id, image_build_id(image)) == 0
		     : crc && crc_fits(debug, *crc)))
		return debug;
	image_close(debug);
	return NULL;
}

static struct image *open_by_build_id(struct image *image)
{
	char path[sizeof(DEBUG_ROOT "/.build-id//.debug") +
		  sizeof(image->build_id)];

	if (!image_build_id(image))
		return NULL;
	snprintf(path, sizeof(path), DEBUG_ROOT "/.build-id/%.2s/%s.debug",
		 image->build_id, image->build_id + 2);
	return open_debug(image, path, NULL);
}

static struct image *open_by_link(struct image *image)
{
	static const char *const places[] = {
		"%.*s%s",
		"%.*s.debug/%s",
		DEBUG_ROOT "%.*s%s",
	};
	const struct section *section = section_find(image, ".gnu_debuglink");
	const struct blob *blob = NULL;
	struct image *debug = NULL;
	const char *slash;
	char path[PATH_MAX];
	uint64_t at;
	uint32_t crc;
	size_t i;

	if (section && section->where.size < PATH_MAX)
		blob = image_blob(image, section, NULL);
	slash = image->file ? strrchr(image->file, '/') : NULL;
	if (!blob || !slash || strchr(blob->data, '/'))
		return NULL;
	at = round_up(strlen(blob->data) + 1, 4);
	if (at + sizeof(crc) > blob->size)
		return NULL;
	crc = image_number(image, blob->data + at, sizeof(crc));
	for (i = 0; !debug && i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), places[i],
			 (int)(slash + 1 - image->file), image->file,
			 blob->data);
		debug = open_debug(image, path, &crc);
	}
	return debug;
}

struct image *image_outside(struct image *image)
{
	/* Who has .symtab has all that a debug file would tell. */
	if (image->looked_outside || !image->debug_open ||
	    section_of_type(image, SHT_SYMTAB))
		return image->outside;
	image->looked_outside = true;
	image->outside = open_by_build_id(image);
	if (!image->outside)
		image->outside = open_by_link(image);
	return image->outside;
}

void image_set_debug_opener(struct image *image,
			    int (*open)(const void *ctx, const char *path),
			    const void *ctx, const char *file)
{
	image->debug_open = open;
	image->debug_ctx = ctx;
	image->file = file;
}
