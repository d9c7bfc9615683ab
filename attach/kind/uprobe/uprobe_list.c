// SPDX-License-Identifier: BSD-2-Clause
/* uprobe_list.c - what can be probed: a file's functions, mapped files. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/uprobe/binary.h"
#include "attach/kind/uprobe/mapped.h"
#include "attach/kind/uprobe/uprobe.h"
#include "scope.h"
#include "usdt/demangle/demangle.h"

static int by_offset(const void *left, const void *right)
{
	const struct function *a = left, *b = right;
	int order = (a->offset > b->offset) - (a->offset < b->offset);

	return order ? order : strcmp(a->name, b->name);
}

static int by_name(const void *left, const void *right)
{
	const struct function *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order ? order
		     : (a->offset > b->offset) - (a->offset < b->offset);
}

/* Versions are shown only where a name alone is not enough. */
static void drop_versions(struct functions *f)
{
	size_t first, end, i;

	if (f->count)
		qsort(f->list, f->count, sizeof(*f->list), by_name);
	for (first = 0; first < f->count; first = end) {
		for (end = first + 1; end < f->count; end++)
			if (strcmp(f->list[first].name, f->list[end].name) != 0)
				break;
		if (f->list[first].offset != f->list[end - 1].offset)
			continue;
		for (i = first; i < end; i++)
			f->list[i].version = NULL;
	}
}

static bool same(const struct function *a, const struct function *b)
{
	if (a->offset != b->offset || strcmp(a->name, b->name) != 0)
		return false;
	return !a->version || !b->version ||
	       strcmp(a->version, b->version) == 0;
}

static bool printable(const char *name)
{
	for (; *name; name++)
		if (iscntrl((unsigned char)*name))
			return false;
	return true;
}

/* Without memory for it, names are shown as they are. */
static void show_plain(struct demangler *d, const char *symbol, FILE *out)
{
	struct plain_name plain;

	if (d && demangle(d, symbol, &plain) && printable(plain.text))
		fprintf(out, "\t%s", plain.text);
}

static void show_functions(struct functions *f, FILE *out)
{
	struct demangler *d = demangler_make();
	const struct function *one;
	size_t i;

	drop_versions(f);
	if (f->count)
		qsort(f->list, f->count, sizeof(*f->list), by_offset);
	for (i = 0; i < f->count; i++) {
		one = &f->list[i];
		if (i && same(one, one - 1))
			continue;
		fputs(one->name, out);
		if (one->version)
			fprintf(out, one->default_version ? "@@%s" : "@%s@",
				one->version);
		fprintf(out, "\t0x%jx\t%ju", (uintmax_t)one->offset,
			(uintmax_t)one->size);
		show_plain(d, one->name, out);
		fputc('\n', out);
	}
	demangler_free(d);
}

static int take_function(void *ctx, const struct image_symbol *s)
{
	if (s->type != STT_FUNC || !s->in_text || !printable(s->name) ||
	    (s->version && !printable(s->version)))
		return 0;
	return functions_add(ctx, s);
}

static int list_functions(const struct uprobe *u, const struct opener *opener,
			  FILE *out, struct err *e)
{
	struct functions functions = { .count = 0 };
	struct image *image = NULL;
	struct binary binary;
	struct err inner;
	int err = binary_open(u->path, opener, &binary, e);

	if (!err)
		err = uprobe_image(binary.fd, binary.path, opener, true, &image,
				   e);
	if (err)
		goto out_clear;
	err = image_symbols(image, take_function, &functions, &inner);
	if (err == -ENOMEM)
		fail(e, ENOMEM, "no memory for the functions");
	else if (err)
		fail(e, -err, "cannot search '%s': %s", binary.path,
		     inner.text);
	else
		show_functions(&functions, out);
	free(functions.list);
	image_close(image);
out_clear:
	binary_clear(&binary);
	return err;
}

/* As it goes into a name, before the colon. */
static void show_escaped(const char *path, FILE *out)
{
	for (; *path; path++) {
		if (strchr("/%:@", *path) || iscntrl((unsigned char)*path))
			fprintf(out, "%%%02X", (unsigned char)*path);
		else
			fputc(*path, out);
	}
}

static int list_files(const struct opener *opener, FILE *out, struct err *e)
{
	struct mapped mapped;
	int err = mapped_files(opener, &mapped, e);
	size_t i;

	for (i = 0; !err && i < mapped.count; i++) {
		show_escaped(mapped.list[i], out);
		fprintf(out, "\t%s\n", mapped.list[i]);
	}
	mapped_clear(&mapped);
	return err;
}

int uprobe_available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	const struct uprobe *u = spec;

	if (!u)
		return list_files(opener, out, e);
	if (!u->path)
		return fail(
			e, ENODATA,
			"the field 'path' is not set; write the binary's path to it");
	return list_functions(u, opener, out, e);
}
