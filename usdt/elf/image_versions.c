// SPDX-License-Identifier: BSD-2-Clause
/*
 * image_versions.c - symbol versions.
 *
 * .gnu.version has a number for each symbol of .dynsym; .gnu.version_d names
 * the numbers of the versions defined here, .gnu.version_r those of the
 * versions asked of other libraries (Linux Standard Base Core, "Symbol
 * Versioning").  Both are lists linked by relative offsets, which may only lead
 * forward.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "usdt/elf/image_private.h"

enum {
	VERSION_HIDDEN = 0x8000,
	VERSION_COUNT = 0x8000,
	VERSION_FIRST = 2, /* 0 is local, 1 global without a version */
};

struct versions {
	struct image *image;
	Elf_Data *numbers;
	Elf_Data *table; /* that is read, and the section of its strings */
	size_t strings;
	int room; /* entries that may still come: lists may overlap */
	size_t count; /* of names, by number; files have a few dozen */
	struct version *names;
};

static bool table_load(struct versions *v, uint32_t type)
{
	struct section *section = section_of_type(v->image, type);

	if (!section || !image_strings(v->image, section->link, NULL))
		return false;
	v->strings = section->link;
	v->table = image_data(v->image, section, NULL);
	return v->table;
}

static const char *string(const struct versions *v, size_t offset)
{
	return elf_strptr(v->image->elf, v->strings, offset);
}

/* The offset as libelf takes it: -1, which is none, when it is outside. */
static int within(const struct versions *v, uint64_t offset)
{
	return offset < v->table->d_size ? (int)offset : -1;
}

static bool grow(struct versions *v, size_t count)
{
	struct version *grown = reallocarray(v->names, count, sizeof(*grown));

	if (!grown)
		return false;
	memset(grown + v->count, 0, (count - v->count) * sizeof(*grown));
	v->names = grown;
	v->count = count;
	return true;
}

static void version_set(struct versions *v, size_t number, const char *name,
			const char *library)
{
	number &= VERSION_COUNT - 1;
	if (number < VERSION_FIRST || !name)
		return;
	if (number < v->count || grow(v, MAX(number + 1, 2 * v->count)))
		v->names[number] = (struct version){ name, library, false };
}

static void read_defined(struct versions *v)
{
	uint64_t at = 0;
	GElf_Verdef def;
	GElf_Verdaux aux;

	do {
		if (!gelf_getverdef(v->table, within(v, at), &def))
			return;
		if (!(def.vd_flags & VER_FLG_BASE) &&
		    gelf_getverdaux(v->table, within(v, at + def.vd_aux), &aux))
			version_set(v, def.vd_ndx, string(v, aux.vda_name),
				    NULL);
		at += def.vd_next;
	} while (def.vd_next);
}

static void read_needed_of(struct versions *v, uint64_t at, const char *library)
{
	GElf_Vernaux aux;

	do {
		if (!gelf_getvernaux(v->table, within(v, at), &aux))
			return;
		version_set(v, aux.vna_other, string(v, aux.vna_name), library);
		at += aux.vna_next;
	} while (aux.vna_next && --v->room > 0);
}

static void read_needed(struct versions *v)
{
	uint64_t at = 0;
	GElf_Verneed need;

	do {
		if (!gelf_getverneed(v->table, within(v, at), &need))
			return;
		read_needed_of(v, at + need.vn_aux, string(v, need.vn_file));
		at += need.vn_next;
	} while (need.vn_next && --v->room > 0);
}

struct versions *versions_load(struct image *image)
{
	struct section *numbers = section_of_type(image, SHT_GNU_versym);
	struct versions *v;

	if (!numbers)
		return NULL;
	v = calloc(1, sizeof(*v));
	if (!v)
		return NULL;
	v->image = image;
	v->room = VERSION_COUNT;
	v->numbers = image_data(image, numbers, NULL);
	if (!v->numbers) {
		free(v);
		return NULL;
	}
	if (table_load(v, SHT_GNU_verdef))
		read_defined(v);
	if (table_load(v, SHT_GNU_verneed))
		read_needed(v);
	return v;
}

void versions_free(struct versions *versions)
{
	if (versions)
		free(versions->names);
	free(versions);
}

struct version versions_of(const struct versions *v, size_t symbol)
{
	struct version none = { NULL, NULL, false }, version;
	GElf_Versym number;

	if (!v || !gelf_getversym(v->numbers, (int)symbol, &number) ||
	    (number & (VERSION_COUNT - 1)) >= v->count)
		return none;
	version = v->names[number & (VERSION_COUNT - 1)];
	version.hidden = number & VERSION_HIDDEN;
	return version;
}
