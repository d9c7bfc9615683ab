// SPDX-License-Identifier: BSD-2-Clause
/* uprobe_missing.c - why a name means no function of a file, and what to do. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/uprobe/binary.h"
#include "attach/kind/uprobe/uprobe_search.h"

enum {
	TOLD = 8, /* versions in a sentence */
	NEEDED = 32, /* libraries that are looked through */
};

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

/* The library among those that the file needs which has the function. */
struct needed {
	const struct opener *opener;
	const char *symbol;
	size_t count;
	char found[256];
};

static int is_defined(void *ctx, const struct image_symbol *s)
{
	const char *symbol = ctx;

	return s->in_text && !s->undefined && s->type != STT_OBJECT &&
	       strcmp(s->name, symbol) == 0;
}

static void try_library(void *ctx, const char *library)
{
	struct needed *n = ctx;
	struct image *image = NULL;
	struct binary binary;

	if (n->found[0] || n->count++ >= NEEDED)
		return;
	if (binary_open(library, n->opener, &binary, NULL) == 0 &&
	    image_open(binary.fd, &image, NULL) == 0 &&
	    image_symbols(image, is_defined, (char *)(uintptr_t)n->symbol,
			  NULL) == 1)
		snprintf(n->found, sizeof(n->found), "%s", library);
	image_close(image);
	binary_clear(&binary);
}

static bool find_needed(struct needed *n, const struct search *search,
			struct image *image, const struct opener *opener)
{
	*n = (struct needed){ .opener = opener, .symbol = search->wanted.name };
	if (!search->wanted.pattern)
		image_needed(image, try_library, n);
	return n->found[0];
}

static int explain_import(const struct search *search, struct image *image,
			  const struct opener *opener, const char *path,
			  struct err *e)
{
	struct libraries libraries = { .used = 0 };
	struct needed needed;

	fail(e, EOPNOTSUPP,
	     "'%s' is imported by '%s', not defined in it; probe the library that defines it",
	     search->wanted.name, path);
	if (search->library) {
		fail_hint(e, "it is '%s'", search->library);
	} else if (find_needed(&needed, search, image, opener)) {
		fail_hint(e, "it is '%s'", needed.found);
	} else {
		image_needed(image, add_library, &libraries);
		if (libraries.used)
			fail_hint(e, "it is among %s", libraries.text);
	}
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

static void suggest(const struct search *search, struct image *image,
		    const struct opener *opener, struct err *e)
{
	struct image_section section;
	struct needed needed;
	bool all = search->debug || image_section(image, ".symtab", &section);

	if (search->made)
		fail_hint(e, "the compiler made '%s' of it", search->made);
	else if (find_needed(&needed, search, image, opener))
		fail_hint(e, "'%s' has it", needed.found);
	else if (!all)
		fail_hint(
			e,
			"the file is stripped and shows only what it exports; install its debug symbols, or give the offset");
	else if (search->wanted.pattern)
		fail_hint(e, "see the file 'available'");
	else
		fail_hint(
			e,
			"the compiler may have put it into its callers; see the file 'available'");
}

int uprobe_explain_none(const struct search *search, struct image *image,
			const struct opener *opener, const char *path,
			struct err *e)
{
	const struct wanted *w = &search->wanted;

	if (search->others.count)
		return explain_version(search, path, e);
	if (search->imported)
		return explain_import(search, image, opener, path, e);
	if (search->data)
		return fail(
			e, EINVAL,
			"'%s' of '%s' is data, not a function; the file 'available' has the functions",
			w->name, path);
	fail(e, ENOENT, "no function %s'%s'%s%s in '%s'",
	     w->pattern ? "matches " : "", w->name,
	     w->version ? " of version " : "", w->version ? w->version : "",
	     path);
	suggest(search, image, opener, e);
	return -ENOENT;
}

/* What is called as the indirect function is, and further. */
struct implementation {
	const struct function *of;
	char name[128];
	size_t count;
	size_t stem; /* length of __memcmp_ in __memcmp_sse2 */
	bool alike; /* all begin with that */
};

/*
 * The length of __sin_ in __sin_fma for sin; 0 for __sinh_fma and __asin_fma,
 * which are others.
 */
static size_t stem_length(const char *text, const char *name)
{
	size_t blanks = strspn(text, "_"), length = strlen(name);

	blanks -= strspn(name, "_") < blanks ? strspn(name, "_") : blanks;
	if (strncmp(text + blanks, name, length) != 0 ||
	    !strchr("_.", text[blanks + length]) || !text[blanks + length])
		return 0;
	return blanks + length + 1;
}

/* glibc calls what chooses memcmp_ifunc, in its debug symbols. */
static bool chooses(const struct image_symbol *s, const struct function *of)
{
	static const char suffix[] = "_ifunc";
	size_t length = strlen(s->name), tail = sizeof(suffix) - 1;

	return s->offset == of->offset ||
	       (length > tail && strcmp(s->name + length - tail, suffix) == 0);
}

static int add_implementation(void *ctx, const struct image_symbol *s)
{
	struct implementation *i = ctx;
	size_t stem = stem_length(s->name, i->of->name);

	if (s->type != STT_FUNC || !s->in_text || !stem || chooses(s, i->of))
		return 0;
	if (i->count++ == 0) {
		snprintf(i->name, sizeof(i->name), "%s", s->name);
		i->stem = stem;
		i->alike = stem < sizeof(i->name);
	} else if (stem != i->stem || strncmp(s->name, i->name, stem) != 0) {
		i->alike = false;
	}
	return 0;
}

int uprobe_explain_ifunc(const struct function *f, struct image *image,
			 const char *path, struct err *e)
{
	struct implementation i = { .of = f };

	image_symbols(image, add_implementation, &i, NULL);
	fail(e, EINVAL,
	     "'%s' of '%s' is an indirect function: its code at 0x%jx only chooses the one that is called; probe that one, or write 1 to 'force' to probe the choosing",
	     f->name, path, (uintmax_t)f->offset);
	if (i.count && i.alike)
		fail_hint(e, "'%.*s*' matches them all, such as '%s'",
			  (int)i.stem, i.name, i.name);
	else if (i.count)
		fail_hint(e, "'*%s*' matches them all, such as '%s'", f->name,
			  i.name);
	else
		fail_hint(
			e,
			"its debug symbols, where they are installed, name them; try '*%s*'",
			f->name);
	return -EINVAL;
}
