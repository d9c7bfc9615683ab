// SPDX-License-Identifier: BSD-2-Clause
/* uprobe_sites.c - from functions to places in a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/uprobe/uprobe.h"
#include "attach/kind/uprobe/uprobe_search.h"
#include "scope.h"
#include "usdt/elf/insn.h"

enum { TOLD = 8 }; /* offsets in a sentence */

/* Keeps those that keep() wants, unless that were none. */
static void narrow(struct functions *f, bool (*keep)(const struct function *))
{
	size_t i, kept = 0;

	for (i = 0; i < f->count; i++)
		kept += keep(&f->list[i]);
	if (!kept)
		return;
	kept = 0;
	for (i = 0; i < f->count; i++)
		if (keep(&f->list[i]))
			f->list[kept++] = f->list[i];
	f->count = kept;
}

static bool is_function(const struct function *f)
{
	return f->type != STT_NOTYPE;
}

static bool is_default(const struct function *f)
{
	return f->default_version;
}

static size_t unique(struct functions *f)
{
	size_t i, kept = 0;

	functions_sort(f);
	for (i = 0; i < f->count; i++)
		if (!kept || f->list[kept - 1].offset != f->list[i].offset)
			f->list[kept++] = f->list[i];
	f->count = kept;
	return kept;
}

static int explain_several(const struct search *search, const char *path,
			   struct err *e)
{
	const struct functions *f = &search->exact;
	char offsets[TOLD * 24] = "";
	size_t i, used = 0;

	for (i = 0; i < f->count && i < TOLD; i++)
		used += (size_t)snprintf(offsets + used, sizeof(offsets) - used,
					 "%s0x%jx", i ? ", " : "",
					 (uintmax_t)f->list[i].offset);
	return fail(
		e, ENOTUNIQ,
		"%zu functions of '%s' are called '%s', at %s%s; give the offset of one instead of the symbol",
		f->count, path, search->wanted.name, offsets,
		f->count > TOLD ? ", ..." : "");
}

/* A file may have ten thousand; those at fault are only counted. */
static int add_site(const struct uprobe *u, const struct function *f,
		    uint64_t offset, struct target *target, struct err *e)
{
	struct site *site = target_add(target, f ? f->name : NULL);

	if (!site)
		return fail(e, ENOMEM, "no memory for the sites");
	site->offset = offset;
	site->symbol_offset = f ? offset - f->offset : 0;
	site->ref_ctr = u->ref_ctr_offset;
	return 0;
}

static int check_function(const struct uprobe *u, struct image *image,
			  const struct function *f, const struct target *target,
			  struct err *e)
{
	uint64_t offset = f->offset + u->offset;
	int err;

	if (f->type == STT_GNU_IFUNC)
		return uprobe_explain_ifunc(f, image, target->event.path, e);
	if (f->size && u->offset >= f->size)
		return fail(e, EINVAL,
			    "offset 0x%jx is beyond '%s', which has %ju bytes",
			    (uintmax_t)u->offset, f->name, (uintmax_t)f->size);
	if (target->event.ret && u->offset)
		return fail(
			e, EINVAL,
			"a return probe must be at the start of its function; write 0 to 'offset'");
	err = uprobe_check_end(image, f, offset, e);
	if (err)
		return err;
	return uprobe_check_site(image, f->offset, offset, target->event.path,
				 e);
}

static int one_site(const struct uprobe *u, struct image *image,
		    struct search *search, struct target *target, struct err *e)
{
	struct functions *f = &search->exact;
	int err = 0;

	narrow(f, is_function);
	if (unique(f) > 1 && !search->wanted.version)
		narrow(f, is_default);
	if (f->count > 1)
		return explain_several(search, target->event.path, e);
	if (!u->force)
		err = check_function(u, image, &f->list[0], target, e);
	if (err)
		return err;
	return add_site(u, &f->list[0], f->list[0].offset + u->offset, target,
			e);
}

static int all_sites(const struct uprobe *u, struct image *image,
		     struct search *search, struct target *target,
		     struct err *e)
{
	struct functions *f = &search->matching;
	size_t i;
	int err = 0;

	if (u->offset)
		return fail(
			e, EINVAL,
			"an offset cannot go with %s '%s'; write 0 to 'offset'",
			search->wanted.pattern
				? "the pattern"
				: "the name of several functions,",
			u->symbol);
	unique(f);
	for (i = 0; i < f->count && !err; i++) {
		err = u->force ? 0
			       : insn_probeable(image, f->list[i].offset, true,
						e);
		if (!err)
			err = add_site(u, &f->list[i], f->list[i].offset,
				       target, e);
		if (err == -EOPNOTSUPP) {
			target->left_out++;
			err = 0;
		}
	}
	if (!err && target->nsites == 0)
		return -EOPNOTSUPP; /* as the last one said */
	return err;
}

/* A plain name that only one function has is as good as a symbol. */
static bool is_single(struct search *search)
{
	struct functions none = { .count = 0 };

	if (!search->plain || search->wanted.pattern ||
	    unique(&search->matching) != 1)
		return false;
	search->exact = search->matching;
	search->matching = none;
	return true;
}

int uprobe_sites(const struct uprobe *u, struct image *image,
		 const struct opener *opener, struct target *target,
		 struct err *e)
{
	struct search search;
	int err = search_file(&search, u->symbol, image, target->event.path, e);

	if (err)
		goto out_clear;
	if (search.exact.count || is_single(&search))
		err = one_site(u, image, &search, target, e);
	else if (search.matching.count)
		err = all_sites(u, image, &search, target, e);
	else
		err = uprobe_explain_none(&search, image, opener,
					  target->event.path, e);
out_clear:
	search_clear(&search);
	return err;
}
