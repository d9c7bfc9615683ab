// SPDX-License-Identifier: BSD-2-Clause
/*
 * function.c - finding the kernel functions that a name means.
 *
 * A site has its address where kallsyms shows it; the kernel is given that
 * instead of the name only where the name is not unique.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/symbols/symbols.h"
#include "attach/kind/function.h"
#include "pattern.h"
#include "scope.h"
#include "usdt/elf/native.h"

/* What is wanted, and where it goes. */
struct search {
	const struct symbols *s; /* NULL: kallsyms cannot be read */
	const char *name; /* as written, the module as the kernel spells it */
	const char *module; /* NULL is any */
	const char *symbol;
	uint64_t offset;
	struct target *target;
};

/* Symbols found, in order of address. */
struct found {
	struct symbol *list;
	size_t count;
	bool failed; /* no memory */
};

static void found_add(void *ctx, const struct symbol *symbol)
{
	struct found *found = ctx;
	struct symbol *grown =
		array_room(found->list, found->count, sizeof(*grown));

	found->failed |= !grown;
	if (!grown)
		return;
	found->list = grown;
	found->list[found->count++] = *symbol;
}

static void ignore(void *ctx, const struct symbol *symbol)
{
	(void)ctx;
	(void)symbol;
}

static bool is_unique(const struct search *search, const char *name)
{
	return symbols_match(search->s, NULL, name, ignore, NULL) == 1;
}

/* Without kallsyms the kernel judges what was written. */
static int add_unseen(const struct search *search, const char *symbol,
		      uint64_t address, struct err *e)
{
	struct site *site = target_add(search->target, symbol);

	if (!site)
		return fail(e, ENOMEM, "no memory for a site");
	site->address = address;
	site->offset = address ? 0 : search->offset;
	if (search->module && !address)
		site->module = target_module(search->target, search->module);
	search->target->event.by_address = address;
	search->target->event.whole_functions = !address && !search->offset;
	return 0;
}

static int add_site(const struct search *search, const struct symbol *symbol,
		    uint64_t offset, struct err *e)
{
	struct target *target = search->target;
	struct site *site;

	if (symbol->size && offset >= symbol->size)
		return fail(e, EINVAL,
			    "offset 0x%" PRIx64
			    " is outside of '%s', which has %" PRIu64 " bytes",
			    offset, symbol->name, symbol->size);
	site = target_add(target, symbol->name);
	if (!site)
		return fail(e, ENOMEM, "no memory for a site");
	site->address = symbol->address;
	site->offset = offset;
	if (symbol->module)
		site->module = target_module(target, symbol->module);
	target->event.by_address |=
		symbol->address &&
		(symbol->shared || !is_unique(search, symbol->name));
	target->event.whole_functions &= !offset;
	return 0;
}

static int refuse_blacklisted(const struct symbol *symbol, struct err *e)
{
	return fail(
		e, EINVAL,
		"'%s' is on the kernel's list of functions that a kprobe could break (/sys/kernel/debug/kprobes/blacklist); probe a function that calls it",
		symbol->name);
}

/* Addresses */

static int resolve_address(const struct search *search, struct err *e)
{
	uint64_t address = strtoull(search->symbol, NULL, 16);
	struct symbol symbol;

	if (!search->s || symbols_hidden(search->s))
		return add_unseen(search, NULL, address + search->offset, e);
	if (!symbols_at(search->s, address, &symbol))
		return fail(e, EINVAL, "%s is not in a function of the kernel",
			    search->symbol);
	if (symbol.blacklisted)
		return refuse_blacklisted(&symbol, e);
	search->target->event.by_address = true;
	return add_site(search, &symbol,
			address - symbol.address + search->offset, e);
}

/* Single functions */

static const char *place_name(const struct symbol *symbol)
{
	return symbol->module ? symbol->module : "vmlinux";
}

static int refuse_several(const struct search *search,
			  const struct found *found, struct err *e)
{
	size_t i;

	fail(e, EADDRNOTAVAIL, "'%s' is the name of %zu functions",
	     search->name, found->count);
	if (symbols_hidden(search->s)) {
		fail_hint(
			e,
			"write an address instead; kernel.kptr_restrict hides them");
		return -EADDRNOTAVAIL;
	}
	fail_hint(e, "use one of 0x%" PRIx64 " (%s)", found->list[0].address,
		  place_name(&found->list[0]));
	for (i = 1; i < found->count; i++)
		fail_hint(e, "0x%" PRIx64 " (%s)", found->list[i].address,
			  place_name(&found->list[i]));
	return -EADDRNOTAVAIL;
}

static int refuse_data(const struct search *search, char type, struct err *e)
{
	/* __pfx_NAME, since 6.2, is of a type of text. */
	if (strchr("tTwW", type))
		return fail(
			e, EINVAL,
			"'%s' is the padding before a function; leave out the '__pfx_'",
			search->name);
	return fail(e, EINVAL,
		    "'%s' is data (of type %c in kallsyms), not a function",
		    search->name, type);
}

/* Names that somebody could have meant, best first. */
static void suggest(const struct search *search, struct err *e)
{
	bool loaded = !search->module || module_loaded(search->module);
	struct found found = { 0 };
	scoped_free char *suffixed = NULL;

	if (!loaded)
		fail_hint(e, "the module '%s' is not loaded", search->module);
	if (symbols_match(search->s, NULL, search->symbol, found_add, &found) &&
	    found.count) {
		fail_hint(e, "there is '%s:%s'", place_name(&found.list[0]),
			  search->symbol);
	} else if (asprintf(&suffixed, "%s.*", search->symbol) > 0 &&
		   symbols_match(search->s, search->module, suffixed, found_add,
				 &found) &&
		   found.count) {
		fail_hint(e, "the compiler made '%s' of it",
			  found.list[0].name);
	} else if (loaded) {
		fail_hint(
			e,
			"the compiler may have put it into its callers; see the file 'available'");
	}
	free(found.list);
}

static void keep_type(void *ctx, const struct symbol *symbol)
{
	*(char *)ctx = symbol->type;
}

static int refuse_missing(const struct search *search, struct err *e)
{
	char type;

	if (symbols_find(search->s, search->module, search->symbol, keep_type,
			 &type))
		return refuse_data(search, type, e);
	fail(e, ENOENT, "no such kernel function '%s'", search->name);
	suggest(search, e);
	return -ENOENT;
}

/* The symbol, or its name as a system call: sys_open, __x64_sys_open. */
static int look_up(const struct search *search, struct found *found,
		   struct err *e)
{
	scoped_free char *prefixed = NULL;

	symbols_match(search->s, search->module, search->symbol, found_add,
		      found);
	if (!found->count &&
	    asprintf(&prefixed, "%s%s", machine_native()->call_prefix,
		     search->symbol) > 0)
		symbols_match(search->s, search->module, prefixed, found_add,
			      found);
	return found->failed ? fail(e, ENOMEM, "no memory for symbols") : 0;
}

static int resolve_single(const struct search *search, struct err *e)
{
	struct found found = { 0 };
	int err = look_up(search, &found, e);

	if (err)
		goto out_free;
	if (!found.count)
		err = refuse_missing(search, e);
	else if (found.count > 1)
		err = refuse_several(search, &found, e);
	else if (found.list[0].blacklisted)
		err = refuse_blacklisted(&found.list[0], e);
	else
		err = add_site(search, &found.list[0], search->offset, e);
out_free:
	free(found.list);
	return err;
}

static int resolve_name(const struct search *search, struct err *e)
{
	bool kernel = search->module && !strcmp(search->module, "vmlinux");

	if (search->s && !(search->module && symbols_hidden(search->s)))
		return resolve_single(search, e);
	/* The kernel knows MODULE:SYMBOL, but not vmlinux:SYMBOL. */
	return add_unseen(search, kernel ? search->symbol : search->name, 0, e);
}

/*
 * There is no such list here, or not for us: the kernel judges a name then.
 * Any other errno (no descriptor, no memory) is of the moment.
 */
static bool is_lasting(int code)
{
	return code == ENOENT || code == EACCES || code == EPERM ||
	       code == ENODEV;
}

/* Patterns */

/*
 * The list has names only: when ftrace knows fewer functions of a name than
 * there are, nobody can tell which, and a pattern leaves them out.
 */
static bool all_traceable(const struct search *search,
			  const struct traceable *t, const char *name)
{
	size_t all = symbols_match(search->s, NULL, name, ignore, NULL);

	return all && traceable_count(t, name) >= all;
}

static bool can_probe(const struct search *search, const struct traceable *t,
		      const struct symbol *symbol)
{
	if (symbol->blacklisted)
		return false;
	return t ? all_traceable(search, t, symbol->name)
		 : !symbols_is_init(search->s, symbol->address);
}

static int add_traceable(const struct search *search, const struct found *found,
			 struct err *e)
{
	int err = 0;
	struct traceable *t = traceable_read(&err);
	const struct symbol *symbol;
	size_t i;

	if (!t && !is_lasting(-err))
		return fail(e, -err,
			    "cannot read available_filter_functions: %s",
			    strerror(errno_clamp(-err)));
	err = 0;
	for (i = 0; i < found->count && !err; i++) {
		symbol = &found->list[i];
		if (can_probe(search, t, symbol))
			err = add_site(search, symbol, 0, e);
		else
			search->target->left_out++;
	}
	traceable_free(t);
	return err;
}

static int resolve_pattern(const struct search *search, struct err *e)
{
	struct found found = { 0 };
	int err;

	if (!search->s)
		return fail(
			e, EOPNOTSUPP,
			"a pattern needs /proc/kallsyms, which cannot be read; name one function");
	if (search->offset)
		return fail(
			e, EINVAL,
			"an offset needs one function, not the pattern '%s'",
			search->name);
	search->target->pattern = true;
	symbols_match(search->s, search->module, search->symbol, found_add,
		      &found);
	if (found.failed)
		err = fail(e, ENOMEM, "no memory for symbols");
	else
		err = add_traceable(search, &found, e);
	free(found.list);
	if (err || search->target->nsites)
		return err;
	fail(e, ENOENT, "no kernel function that can be probed matches '%s'",
	     search->name);
	if (search->target->left_out)
		fail_hint(e, "%zu that match were left out",
			  search->target->left_out);
	return -ENOENT;
}

/* The kernel's modules have '_' where their files may have '-': modprobe(8). */
static void module_spell(char *name)
{
	char *colon = strchr(name, ':'), *at;

	for (at = name; colon && at < colon; at++)
		if (*at == '-')
			*at = '_';
}

static int resolve_search(struct search *search, struct err *e)
{
	if (function_is_address(search->symbol))
		return resolve_address(search, e);
	if (pattern_is(search->symbol))
		return resolve_pattern(search, e);
	return resolve_name(search, e);
}

int function_resolve(const char *name, uint64_t offset, struct target *target,
		     struct err *e)
{
	struct search search = { .offset = offset, .target = target };
	scoped_free char *spelt = strdup(name);
	scoped_free char *text = NULL;
	struct err why;
	char *symbol;
	int err;

	if (function_check(name, (struct span){ 0, strlen(name) }, &why))
		return fail(e, EINVAL, "the field 'symbol' is malformed: %s",
			    why.text);
	if (spelt)
		module_spell(spelt);
	text = spelt ? strdup(spelt) : NULL;
	if (!text)
		return fail(e, ENOMEM, "no memory for a name");
	symbol = text;
	if (strchr(text, ':'))
		search.module = strsep(&symbol, ":");
	search.name = spelt;
	search.symbol = symbol;
	search.s = symbols_get(&why);
	if (!search.s && !is_lasting(why.code))
		return fail(e, why.code, "%s", why.text);
	err = resolve_search(&search, e);
	symbols_put(search.s);
	return err;
}
