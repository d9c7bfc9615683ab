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

#include "array.h"
#include "scope.h"
#include "usdt/elf/image_private.h"

enum {
	CRC_BYTES = 1 << 28, /* of a debug file without a build-id */
};

#define DEBUG_ROOT "/usr/lib/debug"

/* Pages of the buffer that are not written to cost nothing. */
static char *unpack(const Elf_Data *packed, size_t *size)
{
	uint64_t memory = IMAGE_DEBUGDATA_BYTES; /* of the dictionary */
	uint8_t *out = malloc(IMAGE_DEBUGDATA_BYTES);
	size_t at = 0;

	*size = 0;
	if (out && lzma_stream_buffer_decode(&memory, 0, NULL, packed->d_buf,
					     &at, packed->d_size, out, size,
					     IMAGE_DEBUGDATA_BYTES) == LZMA_OK)
		return realloc(out, *size);
	free(out);
	return NULL;
}

static struct image *open_inside(struct image *image)
{
	struct section *section = section_find(image, ".gnu_debugdata");
	const Elf_Data *packed;
	struct image *inside = NULL;
	size_t size;
	char *plain;

	if (!section || section->where.size > IMAGE_DEBUGDATA_BYTES)
		return NULL;
	packed = image_data(image, section, NULL);
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

/* The name in .gnu_debuglink and the checksum behind it; NULL when none. */
static const char *link_read(struct image *image, uint32_t *crc)
{
	struct section *section = section_find(image, ".gnu_debuglink");
	const Elf_Data *data;
	const char *name;
	size_t length, at;

	data = section ? image_data(image, section, NULL) : NULL;
	if (!data || data->d_size >= PATH_MAX)
		return NULL;
	name = data->d_buf;
	length = strnlen(name, data->d_size);
	at = (length + 4) & ~(size_t)3; /* a NUL, then padding */
	if (at + sizeof(*crc) > data->d_size || memchr(name, '/', length))
		return NULL;
	*crc = (uint32_t)image_number(image, name + at, sizeof(*crc));
	return name;
}

static struct image *open_by_link(struct image *image)
{
	static const char *const places[] = {
		"%.*s%s",
		"%.*s.debug/%s",
		DEBUG_ROOT "%.*s%s",
	};
	struct image *debug = NULL;
	const char *slash, *name;
	char path[PATH_MAX];
	uint32_t crc;
	size_t i;

	slash = image->file ? strrchr(image->file, '/') : NULL;
	name = slash ? link_read(image, &crc) : NULL;
	if (!name)
		return NULL;
	for (i = 0; !debug && i < COUNT(places); i++) {
		snprintf(path, sizeof(path), places[i],
			 (int)(slash + 1 - image->file), image->file, name);
		debug = open_debug(image, path, &crc);
	}
	return debug;
}

struct image *image_outside(struct image *image)
{
	/* A file with .symtab has all that a debug file would tell. */
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
