// SPDX-License-Identifier: BSD-2-Clause
/*
 * file.c - fuzzing whole ELF files: notes, symbols of their arguments, index.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/check_notes.h"
#include "usdt/note_cache.h"
#include "usdt/usdt_spec.h"
#include "usdt/usdt_symbol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_symbols(int fd)
{
	struct spec_symbols *symbols;
	const struct note *first;
	struct image *image;
	struct notes *notes;
	uint64_t address;
	struct err e;

	if (image_open(fd, &image, &e))
		return;
	must(!notes_read(image, &notes, &e));
	first = notes->note;
	if (!spec_symbols_make(image, &first, notes->count > 0, &symbols, &e)) {
		spec_symbols_find(symbols, "x", 1, &address);
		spec_symbols_free(symbols);
	}
	notes_free(notes);
	image_close(image);
}

static void check_index(int fd)
{
	struct index *index = index_make(INDEX_BYTES);
	const struct index_file *file;
	struct err e;

	if (!index_get(index, fd, &file, &e)) {
		must(file->notes != NULL);
		index_put(index, file);
	}
	index_free(index);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	check_notes(fd);
	check_symbols(fd);
	check_index(fd);
	close(fd);
	return 0;
}
