// SPDX-License-Identifier: BSD-2-Clause
/*
 * btf.c - fuzzing the reader of BTF, alone and as a module's on itself.
 *
 * What must hold: each type that was accepted is found again by its id, with
 * the same name; ids go on without a hole; a name found has an id of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/btf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

struct walk {
	const struct btf_types *btf;
	uint32_t next;
};

static int seen(void *ctx, const struct btf_entry *entry)
{
	struct walk *walk = ctx;
	struct btf_entry again;
	uint32_t first;

	must(entry->id == walk->next++);
	if (entry->id % 64)
		return 0;
	must(btf_entry_of(walk->btf, entry->id, &again));
	must(!strcmp(again.name, entry->name) && again.kind == entry->kind);
	first = btf_find(walk->btf, entry->kind, entry->name);
	must(first && first <= entry->id);
	return 0;
}

static void check(const struct btf_types *btf, uint32_t first)
{
	struct walk walk = { btf, first };

	must(!btf_each(btf, seen, &walk));
	must(walk.next == btf->id_end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct btf_types btf, split;

	if (btf_parse(&btf, data, size, NULL))
		return 0;
	check(&btf, 1);
	if (!btf_parse(&split, data, size, &btf))
		check(&split, btf.id_end);
	return 0;
}
