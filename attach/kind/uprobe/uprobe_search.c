// SPDX-License-Identifier: BSD-2-Clause
/* uprobe_search.c - looking through the symbols of a file for a name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/uprobe/uprobe_search.h"
#include "pattern.h"
#include "usdt/demangle/demangle.h"

enum {
	NAME_BYTES = 1 << 14, /* more than any plain name has */
	/* Comparisons with a pattern, in a file: some seconds.  The largest
	   programs have a million functions with names of a hundred bytes. */
	STEPS = 1 << 30,
};

static int wanted_parse(const char *text, struct wanted *w, struct err *e)
{
	char *at;

	w->name = strdup(text);
	if (!w->name)
		return fail(e, ENOMEM, "no memory for a name");
	w->pattern = pattern_is(text);
	at = strchr(w->name, '@');
	if (!at)
		return 0;
	*at++ = '\0';
	w->default_only = *at == '@';
	w->version = at + w->default_only;
	/* As in a name, where a '@' behind it tells it from a label. */
	if (!w->default_only && strlen(at) > 1 && at[strlen(at) - 1] == '@')
		at[strlen(at) - 1] = '\0';
	if (!w->name[0] || !w->version[0] || strchr(w->version, '@'))
		return fail(
			e, EINVAL,
			"'%s' is not of the form SYMBOL, SYMBOL@VERSION@ or SYMBOL@@VERSION",
			text);
	return 0;
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

/* What the compiler made of the function: NAME.isra.0 */
static bool is_made_of(const struct image_symbol *s, const char *name)
{
	size_t length = strlen(name);

	return s->type == STT_FUNC && s->in_text &&
	       strncmp(s->name, name, length) == 0 && s->name[length] == '.';
}

static int search_symbol(void *ctx, const struct image_symbol *s)
{
	struct search *search = ctx;
	const struct wanted *w = &search->wanted;

	search->debug |= s->debug;
	if (strcmp(s->name, w->name) == 0)
		return version_fits(w, s) ? search_exact(search, s)
					  : search_other(search, s);
	if (is_made_of(s, w->name))
		search->made = s->name;
	if (w->pattern && s->type == STT_FUNC && s->in_text &&
	    pattern_match_within(w->name, s->name, &search->steps) &&
	    version_fits(w, s))
		return functions_add(&search->matching, s);
	return search->steps ? 0 : -EFBIG;
}

struct plain_search {
	struct search *search;
	struct demangler *demangler;
	bool pattern; /* else the name as it is: f(char*) is both */
	const char *name; /* no "::" before it: plain names have none */
	char wanted[NAME_BYTES], text[NAME_BYTES]; /* squeezed */
};

static bool matches_part(struct plain_search *p, const char *text,
			 size_t length)
{
	return plain_name_squeeze(text, length, p->text, sizeof(p->text)) &&
	       pattern_match_within(p->wanted, p->text, &p->search->steps);
}

static bool matches_plain(struct plain_search *p,
			  const struct plain_name *plain)
{
	const char *name = plain->text + plain->start;

	if (plain->clone && !strstr(p->wanted, "[clone"))
		return false;
	return matches_part(p, name, strlen(name)) ||
	       matches_part(p, name, plain->end - plain->start) ||
	       matches_part(p, name, plain->bare_end - plain->start);
}

static int search_plain(void *ctx, const struct image_symbol *s)
{
	struct plain_search *p = ctx;
	const struct wanted *w = &p->search->wanted;
	struct plain_name plain;

	if (s->type != STT_FUNC || !s->in_text || !version_fits(w, s) ||
	    !demangle(p->demangler, s->name, &plain))
		return 0;
	if (p->pattern ? matches_plain(p, &plain)
		       : plain_name_is(&plain, p->name))
		return functions_add(&p->search->matching, s);
	return p->search->steps ? 0 : -EFBIG;
}

static int search_plain_names(struct search *search, struct image *image,
			      bool pattern, struct err *e)
{
	struct plain_search *p = calloc(1, sizeof(*p));
	int err = -ENOMEM;

	if (!p)
		return -ENOMEM;
	p->search = search;
	p->pattern = pattern;
	p->demangler = demangler_make();
	p->name = search->wanted.name;
	if (strncmp(p->name, "::", 2) == 0)
		p->name += 2;
	plain_name_squeeze(p->name, strlen(p->name), p->wanted,
			   sizeof(p->wanted));
	if (p->demangler)
		err = image_symbols(image, search_plain, p, e);
	if (!err && !search->matching.count && demangler_spent(p->demangler))
		err = fail(
			e, EFBIG,
			"its symbols are too many, or too odd, to be read as C++ or Rust; write the symbol itself");
	demangler_free(p->demangler);
	free(p);
	search->plain = search->matching.count;
	return err;
}

static bool found(const struct search *search)
{
	return search->exact.count || search->matching.count;
}

/* Other things of that name end the search as well. */
static bool known(const struct search *search)
{
	return found(search) || search->others.count || search->imported ||
	       search->data;
}

static int search_all(struct search *search, struct image *image, struct err *e)
{
	int err = image_symbols(image, search_symbol, search, e);

	if (!err && !known(search))
		err = search_plain_names(search, image, false, e);
	if (!err && !known(search) && search->wanted.pattern)
		err = search_plain_names(search, image, true, e);
	return err;
}

int search_file(struct search *search, const char *name, struct image *image,
		const char *path, struct err *e)
{
	struct err inner;
	int err;

	*search = (struct search){ .steps = STEPS };
	err = wanted_parse(name, &search->wanted, e);
	if (err)
		return err;
	err = search_all(search, image, &inner);
	if (err == -ENOMEM)
		return fail(e, ENOMEM, "no memory for the functions");
	if (err && !search->steps)
		return fail(
			e, EFBIG,
			"the symbols of '%s' are too many, or too odd, for that pattern; write one with fewer wildcards, or the symbol itself",
			path);
	if (err)
		return fail(e, -err, "cannot search '%s': %s", path,
			    inner.text);
	return 0;
}

void search_clear(struct search *search)
{
	free(search->wanted.name);
	free(search->exact.list);
	free(search->matching.list);
	free(search->others.list);
}
