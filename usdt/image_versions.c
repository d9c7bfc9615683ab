// SPDX-License-Identifier: BSD-2-Clause
/*
 * image_versions.c - symbol versions.
 *
 * .gnu.version has a number for each symbol of .dynsym; .gnu.version_d names
 * the numbers of the versions defined here, .gnu.version_r those of the
 * versions asked of other libraries (Linux Standard Base Core, "Symbol
 * Versioning").  Both are lists linked by relative offsets, so the steps are
 * bounded by the table's size.
 */
#include <stdlib.h>
#include <string.h>

#include "usdt/image_private.h"

enum {
	VERSION_HIDDEN = 0x8000,
	VERSION_COUNT = 0x8000,
	VERSION_FIRST = 2, /* 0 is local, 1 global without a version */
};

struct versions {
	const struct image *image;
	const struct blob *numbers;
	struct version names[VERSION_COUNT];
};

/* A table of versions and its strings. */
struct table {
	const struct blob *entries;
	const struct blob *strings;
};

static bool table_load(struct image *image, uint32_t type, struct table *table)
{
	const struct section *section = section_of_type(image, type);

	if (!section || section->link >= image->nsections)
		return false;
	table->entries = image_blob(image, section, NULL);
	table->strings =
		image_blob(image, &image->sections[section->link], NULL);
	return table->entries && table->strings;
}

static const char *table_at(const struct table *table, uint64_t at, size_t size)
{
	if (at > table->entries->size || size > table->entries->size - at)
		return NULL;
	return table->entries->data + at;
}

static void version_set(struct versions *v, uint64_t number, const char *name,
			const char *library)
{
	number &= VERSION_COUNT - 1;
	if (number >= VERSION_FIRST && name)
		v->names[number] = (struct version){ name, library, false };
}

static void read_defined(struct versions *v, const struct table *table)
{
	const struct image *im = v->image;
	uint64_t at = 0, next = 1, budget = table->entries->size;
	const char *raw, *aux;

	for (; next && budget; at += next, budget--) {
		raw = table_at(table, at, sizeof(Elf64_Verdef));
		if (!raw)
			return;
		next = ELF_GET(im, raw, Verdef, vd_next);
		aux = table_at(table, at + ELF_GET(im, raw, Verdef, vd_aux),
			       sizeof(Elf64_Verdaux));
		if (!aux || (ELF_GET(im, raw, Verdef, vd_flags) & VER_FLG_BASE))
			continue;
		version_set(v, ELF_GET(im, raw, Verdef, vd_ndx),
			    blob_string(table->strings,
					ELF_GET(im, aux, Verdaux, vda_name)),
			    NULL);
	}
}

static void read_needed_of(struct versions *v, const struct table *table,
			   uint64_t at, const char *library, uint64_t *budget)
{
	const struct image *im = v->image;
	uint64_t next = 1;
	const char *raw;

	for (; next && *budget; at += next, --*budget) {
		raw = table_at(table, at, sizeof(Elf64_Vernaux));
		if (!raw)
			return;
		next = ELF_GET(im, raw, Vernaux, vna_next);
		version_set(v, ELF_GET(im, raw, Vernaux, vna_other),
			    blob_string(table->strings,
					ELF_GET(im, raw, Vernaux, vna_name)),
			    library);
	}
}

static void read_needed(struct versions *v, const struct table *table)
{
	const struct image *im = v->image;
	uint64_t at = 0, next = 1, budget = table->entries->size;
	const char *raw;

	for (; next && budget; at += next, budget--) {
		raw = table_at(table, at, sizeof(Elf64_Verneed));
		if (!raw)
			return;
		next = ELF_GET(im, raw, Verneed, vn_next);
		read_needed_of(v, table, at + ELF_GET(im, raw, Verneed, vn_aux),
			       blob_string(table->strings,
					   ELF_GET(im, raw, Verneed, vn_file)),
			       &budget);
		if (!budget)
			return;
	}
}

struct versions *versions_load(struct image *image)
{
	const struct section *numbers = section_of_type(image, SHT_GNU_versym);
	struct versions *v;
	struct table table;

	if (!numbers)
		return NULL;
	v = calloc(1, sizeof(*v)); /* sparse: untouched pages cost nothing */
	if (!v)
		return NULL;
	v->image = image;
	v->numbers = image_blob(image, numbers, NULL);
	if (!v->numbers) {
		free(v);
		return NULL;
	}
	if (table_load(image, SHT_GNU_verdef, &table))
		read_defined(v, &table);
	if (table_load(image, SHT_GNU_verneed, &table))
		read_needed(v, &table);
	return v;
}

void versions_free(struct versions *versions)
{
	free(versions);
}

struct version versions_of(const struct versions *v, size_t symbol)
{
	struct version none = { NULL, NULL, false }, version;
	uint64_t number;

	if (!v || symbol >= v->numbers->size / sizeof(Elf64_Half))
		return none;
	number = image_number(v->image,
			      v->numbers->data + symbol * sizeof(Elf64_Half),
			      sizeof(Elf64_Half));
	version = v->names[number & (VERSION_COUNT - 1)];
	version.hidden = number & VERSION_HIDDEN;
	return version;
}
