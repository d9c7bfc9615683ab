// SPDX-License-Identifier: BSD-2-Clause
/* uprobe_sites.c - from a function's name to places in a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/insn.h"
#include "attach/name.h"
#include "attach/uprobe.h"
#include "scope.h"

enum { TOLD = 8 }; /* offsets in a sentence */

/* What `symbol` asks for, taken apart. */
struct wanted {
	char *name; /* owned */
	const char *version; /* or NULL; within name */
	bool default_only; /* @@ */
	bool pattern;
};

struct search {
	struct wanted wanted;
	struct functions exact, matching;
	bool data; /* the name is of something else */
	bool debug; /* there are debug symbols */
	bool imported;
	struct functions others; /* of the name, but of another version */
	const char *library; /* that it is imported from, or NULL */
};

static int wanted_parse(const char *text, struct wanted *w, struct err *e)
{
	char *at;

	w->name = strdup(text);
	if (!w->name)
		return fail(e, ENOMEM, "no memory for a name");
	w->pattern = name_is_pattern(text);
	at = strchr(w->name, '@');
	if (!at)
		return 0;
	*at++ = '\0';
	w->default_only = *at == '@';
	w->version = at + w->default_only;
	if (!w->name[0] || !w->version[0] || strchr(w->version, '@'))
		return fail(
			e, EINVAL,
			"'%s' is not of the form SYMBOL, SYMBOL@VERSION or SYMBOL@@VERSION",
			text);
	return 0;
}

/* '*' and '?' only: '[' is a plain byte of Go's names. */
static bool matches(const char *pattern, const char *name)
{
	const char *star = NULL, *resume = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = name;
		} else if (*pattern == *name || *pattern == '?') {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

static bool version_fits(const struct wanted *w, const struct image_symbol *s)
{
	if (!w->version)
		return true;
	return s->version && strcmp(s->version, w->version) == 0 &&
	       (!w->default_only || s->default_version || s->undefined);
}

static int search_exact(struct search *search, const struct image_symbol *s)
{
	if (s->undefined) {
		search->imported = true;
		if (s->library)
			search->library = s->library;
		return 0;
	}
	if (!s->in_text || s->type == STT_OBJECT) {
		search->data = true;
		return 0;
	}
	return functions_add(&search->exact, s);
}

static int search_other(struct search *search, const struct image_symbol *s)
{
	return s->in_text ? functions_add(&search->others, s) : 0;
}

static int search_symbol(void *ctx, const struct image_symbol *s)
{
	struct search *search = ctx;
	const struct wanted *w = &search->wanted;

	search->debug |= s->debug;
	if (strcmp(s->name, w->name) == 0)
		return version_fits(w, s) ? search_exact(search, s)
					  : search_other(search, s);
	if (w->pattern && s->type == STT_FUNC && s->in_text &&
	    matches(w->name, s->name) && version_fits(w, s))
		return functions_add(&search->matching, s);
	return 0;
}

static void search_clear(struct search *search)
{
	free(search->wanted.name);
	free(search->exact.list);
	free(search->matching.list);
	free(search->others.list);
}

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

struct libraries {
	char text[ERR_TEXT / 2];
	size_t used;
};

static void add_library(void *ctx, const char *library)
{
	struct libraries *l = ctx;
	int n = snprintf(l->text + l->used, sizeof(l->text) - l->used, "%s'%s'",
			 l->used ? ", " : "", library);

	if (n > 0 && (size_t)n < sizeof(l->text) - l->used)
		l->used += (size_t)n;
	else
		l->text[l->used] = '\0';
}

static int explain_import(const struct search *search, struct image *image,
			  const char *path, struct err *e)
{
	struct libraries libraries = { .used = 0 };

	if (search->library)
		add_library(&libraries, search->library);
	else
		image_needed(image, add_library, &libraries);
	fail(e, EOPNOTSUPP,
	     "'%s' is imported by '%s', not defined in it; probe the library that defines it",
	     search->wanted.name, path);
	if (libraries.used)
		fail_hint(e, "it is among %s", libraries.text);
	return -EOPNOTSUPP;
}

static int explain_version(const struct search *search, const char *path,
			   struct err *e)
{
	const struct functions *f = &search->others;
	size_t i;

	fail(e, ENOENT, "no version '%s%s' of '%s' in '%s'",
	     search->wanted.default_only ? "@@" : "@", search->wanted.version,
	     search->wanted.name, path);
	for (i = 0; i < f->count && i < TOLD; i++)
		fail_hint(e, "there is '%s%s%s'", f->list[i].name,
			  !f->list[i].version	       ? ""
			  : f->list[i].default_version ? "@@"
						       : "@",
			  f->list[i].version ? f->list[i].version : "");
	return -ENOENT;
}

static int explain_none(const struct search *search, struct image *image,
			const char *path, struct err *e)
{
	struct image_section section;

	if (search->others.count)
		return explain_version(search, path, e);
	if (search->imported)
		return explain_import(search, image, path, e);
	if (search->data)
		return fail(e, EINVAL, "'%s' of '%s' is data, not a function",
			    search->wanted.name, path);
	fail(e, ENOENT, "no function %s'%s'%s%s in '%s'",
	     search->wanted.pattern ? "matches " : "", search->wanted.name,
	     search->wanted.version ? " of version " : "",
	     search->wanted.version ? search->wanted.version : "", path);
	if (!search->debug && !image_section(image, ".symtab", &section))
		fail_hint(
			e,
			"the file is stripped and shows only what it exports; install its debug symbols, or give the offset");
	return -ENOENT;
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

static int check_ifunc(const struct function *f, const char *path,
		       struct err *e)
{
	return fail(
		e, EINVAL,
		"'%s' of '%s' is an indirect function: its code at 0x%jx only chooses the one that is called; probe that one, or write 1 to 'force' to probe the choosing",
		f->name, path, (uintmax_t)f->offset);
}

static int check_function(const struct uprobe *u, struct image *image,
			  const struct function *f, const struct target *target,
			  struct err *e)
{
	uint64_t offset = f->offset + u->offset;
	int result;

	if (f->type == STT_GNU_IFUNC)
		return check_ifunc(f, target->path, e);
	if (f->size && u->offset >= f->size)
		return fail(e, EINVAL,
			    "offset 0x%jx is beyond '%s', which has %ju bytes",
			    (uintmax_t)u->offset, f->name, (uintmax_t)f->size);
	if (target->ret && u->offset)
		return fail(
			e, EINVAL,
			"a return probe must be at the start of its function; write 0 to 'offset'");
	result = uprobe_check_end(image, f, offset, e);
	if (result)
		return result;
	return uprobe_check_site(image, f->offset, offset, target->path, e);
}

static int one_site(const struct uprobe *u, struct image *image,
		    struct search *search, struct target *target, struct err *e)
{
	struct functions *f = &search->exact;
	int result = 0;

	narrow(f, is_function);
	if (unique(f) > 1 && !search->wanted.version)
		narrow(f, is_default);
	if (f->count > 1)
		return explain_several(search, target->path, e);
	if (!u->force)
		result = check_function(u, image, &f->list[0], target, e);
	if (result)
		return result;
	return add_site(u, &f->list[0], f->list[0].offset + u->offset, target,
			e);
}

static int all_sites(const struct uprobe *u, struct image *image,
		     struct search *search, struct target *target,
		     struct err *e)
{
	struct functions *f = &search->matching;
	size_t i, left = 0;
	int result = 0;

	if (u->offset)
		return fail(
			e, EINVAL,
			"an offset cannot go with the pattern '%s'; write 0 to 'offset'",
			u->symbol);
	unique(f);
	for (i = 0; i < f->count && !result; i++) {
		result = u->force ? 0
				  : insn_probeable(image, f->list[i].offset,
						   true, e);
		if (!result)
			result = add_site(u, &f->list[i], f->list[i].offset,
					  target, e);
		else if (result == -EOPNOTSUPP && ++left)
			result = 0;
	}
	if (!result && target->nsites == 0)
		return -EOPNOTSUPP; /* as the last one said */
	if (!result && left)
		uprobe_warn(
			target,
			"%zu functions that match begin with an instruction that the kernel cannot probe, and were left out",
			left);
	return result;
}

int uprobe_sites(const struct uprobe *u, struct image *image,
		 struct target *target, struct err *e)
{
	struct search search = { .data = false };
	struct err inner;
	int result = wanted_parse(u->symbol, &search.wanted, e);

	if (result)
		goto out_clear;
	result = image_symbols(image, search_symbol, &search, &inner);
	if (result == -ENOMEM)
		fail(e, ENOMEM, "no memory for the functions");
	else if (result)
		fail(e, -result, "cannot search '%s': %s", target->path,
		     inner.text);
	else if (search.exact.count)
		result = one_site(u, image, &search, target, e);
	else if (search.matching.count)
		result = all_sites(u, image, &search, target, e);
	else
		result = explain_none(&search, image, target->path, e);
out_clear:
	search_clear(&search);
	return result;
}
