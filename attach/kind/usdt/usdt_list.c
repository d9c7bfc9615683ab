// SPDX-License-Identifier: BSD-2-Clause
/* usdt_list.c - the static probes of a file, and of all mapped files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/uprobe/binary.h"
#include "attach/kind/uprobe/mapped.h"
#include "attach/kind/usdt/usdt.h"
#include "scope.h"

enum { LINES_MAX = 1 << 18 }; /* of the list of all mapped files */

static int list_file(const struct usdt *u, const struct opener *opener,
		     FILE *out, struct err *e)
{
	const struct index_file *file = NULL;
	const struct note *note = NULL;
	struct binary binary;
	int err = binary_open(u->path, opener, &binary, e);

	if (!err)
		err = usdt_file(binary.fd, binary.path, &file, e);
	if (!err)
		err = usdt_check_notes(file->notes, binary.path, e);
	binary_clear(&binary);
	while (!err && (note = notes_next(file->notes, note, NULL, NULL)))
		note_show(note, out);
	usdt_file_put(file);
	return err;
}

static int by_name(const void *left, const void *right)
{
	const struct note *const *a = left, *const *b = right;
	int order = strcmp((*a)->provider, (*b)->provider);

	return order ? order : strcmp((*a)->name, (*b)->name);
}

/* One line a probe, however many sites it has. */
static size_t list_probes(const char *path, const struct notes *notes,
			  FILE *out)
{
	scoped_free const struct note **sorted =
		calloc(notes->count + 1, sizeof(*sorted));
	size_t i, lines = 0;

	if (!sorted)
		return 0;
	for (i = 0; i < notes->count; i++)
		sorted[i] = &notes->note[i];
	qsort(sorted, notes->count, sizeof(*sorted), by_name);
	for (i = 0; i < notes->count; i++) {
		if (i && !by_name(&sorted[i - 1], &sorted[i]))
			continue;
		note_show_text(path, out);
		fputc('\t', out);
		note_show_text(sorted[i]->provider, out);
		fputc('\t', out);
		note_show_text(sorted[i]->name, out);
		fputc('\n', out);
		lines++;
	}
	return lines;
}

/* A file that is no ELF file, or not the user's to read, has no probes. */
static int list_mapped(const struct opener *opener, FILE *out, struct err *e)
{
	const struct index_file *file;
	struct mapped mapped;
	struct err ignored;
	size_t i, lines = 0;
	int err = mapped_files(opener, &mapped, e);

	for (i = 0; i < mapped.count && !err && lines < LINES_MAX; i++) {
		scoped_fd int fd = opener->open(
			opener->ctx, mapped.list[i],
			O_RDONLY | O_NONBLOCK | O_CLOEXEC, &ignored);

		if (fd < 0 || usdt_file(fd, mapped.list[i], &file, &ignored))
			continue;
		lines += list_probes(mapped.list[i], file->notes, out);
		usdt_file_put(file);
	}
	mapped_clear(&mapped);
	return err;
}

int usdt_available(const void *spec, const struct opener *opener, FILE *out,
		   struct err *e)
{
	const struct usdt *u = spec;

	if (!u)
		return list_mapped(opener, out, e);
	if (!u->path)
		return fail(
			e, ENODATA,
			"the field 'path' is not set; write the binary's path to it");
	return list_file(u, opener, out, e);
}
