// SPDX-License-Identifier: BSD-2-Clause
/* multi_find.c - the functions that a pattern means for one link. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/btf_function.h"
#include "attach/kernel/symbols/symbols.h"
#include "attach/kind/code/code.h"
#include "attach/kind/code/multi.h"
#include "pattern.h"
#include "scope.h"

static const char vmlinux[] = "vmlinux";

/* In what runs around each program: btf_id_deny, kernel/bpf/verifier.c of 7.2. */
static const char *const denied[] = {
	"migrate_disable",   "migrate_enable",	  "___migrate_enable",
	"__rcu_read_lock",   "__rcu_read_unlock", "rcu_read_unlock_strict",
	"preempt_count_add", "preempt_count_sub",
};

/* Functions that ftrace knows, of one module, that match. */
struct names {
	const char *module, *pattern;
	char **list;
	size_t count;
	bool failed; /* no memory */
};

static void names_add(void *ctx, const char *module, const char *name)
{
	struct names *names = ctx;
	char **grown, *copy;

	if (strcmp(module ? module : vmlinux, names->module) != 0 ||
	    !pattern_match(names->pattern, name))
		return;
	grown = array_room(names->list, names->count, sizeof(*grown));
	names->list = grown ? grown : names->list;
	copy = grown ? strdup(name) : NULL;
	if (copy)
		names->list[names->count++] = copy;
	names->failed |= !copy;
}

static void names_clear(struct names *names)
{
	while (names->count)
		free(names->list[--names->count]);
	free(names->list);
	names->list = NULL;
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int names_read(struct names *names, struct err *e)
{
	int err = traceable_scan(names_add, names);

	if (err)
		return fail(
			e, -err,
			"a pattern needs available_filter_functions of tracefs, which cannot be read: %s",
			strerror(errno_clamp(-err)));
	if (names->failed)
		return fail(e, ENOMEM, "no memory for names");
	if (names->count)
		qsort(names->list, names->count, sizeof(*names->list),
		      name_compare);
	return 0;
}

static bool is_denied(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(denied); i++)
		if (!strcmp(denied[i], name))
			return true;
	return false;
}

/* Of several with one name nobody can tell which the kernel would take. */
static bool names_have_one(const struct names *names, const char *name)
{
	char *const *found =
		names->count ? bsearch(&name, names->list, names->count,
				       sizeof(*names->list), name_compare)
			     : NULL;
	char *const *end = names->list + names->count;

	if (!found)
		return false;
	return (found == names->list || strcmp(found[-1], name) != 0) &&
	       (found + 1 == end || strcmp(found[1], name) != 0);
}

struct search {
	const struct names *names;
	struct btf_index index;
	struct target *target;
};

static int add_site(const struct search *search, const struct btf_entry *entry)
{
	const char *module = search->names->module;
	scoped_free char *name = NULL;
	struct site *site;

	if (strcmp(module, vmlinux) != 0 &&
	    asprintf(&name, "%s:%s", module, entry->name) < 0)
		return -ENOMEM;
	site = target_add(search->target, name ? name : entry->name);
	if (!site)
		return -ENOMEM;
	site->btf_id = entry->id;
	return 0;
}

static int add_function(void *ctx, const struct btf_entry *entry)
{
	const struct search *search = ctx;

	if (entry->kind != BTF_KIND_FUNC ||
	    !pattern_match(search->names->pattern, entry->name))
		return 0;
	if (names_have_one(search->names, entry->name) &&
	    !is_denied(entry->name) &&
	    btf_function_passes(&search->index, entry))
		return add_site(search, entry);
	search->target->left_out++;
	return 0;
}

static int add_functions(const struct names *names, const struct btf_types *btf,
			 struct target *target, struct err *e)
{
	struct search search = { .names = names, .target = target };
	int err = btf_index_make(&search.index, btf);

	if (!err)
		err = btf_each(btf, add_function, &search);
	btf_index_clear(&search.index);
	if (err)
		return fail(e, -err, "no memory for the functions");
	if (target->nsites)
		return 0;
	fail(e, ENOENT, "no function of '%s' that can be traced matches '%s'",
	     names->module, names->pattern);
	if (target->left_out)
		fail_hint(e, "%zu that match were left out", target->left_out);
	return -ENOENT;
}

static int fail_btf(const char *module, int err, struct err *e)
{
	if (err == -ENOENT && strcmp(module, vmlinux) != 0)
		return fail(e, ENOENT,
			    "the module '%s' is not loaded, or it has no BTF",
			    module);
	return fail(e, err == -ENOENT ? EOPNOTSUPP : -err,
		    "the BTF of '%s' cannot be read: %s", module,
		    strerror(errno_clamp(-err)));
}

static int find(const struct names *names, struct target *target, struct err *e)
{
	scoped_btf struct btf_types base = { 0 };
	scoped_btf struct btf_types btf = { 0 };
	bool module = strcmp(names->module, vmlinux) != 0;
	int err = btf_read(&base, vmlinux, NULL);

	if (err)
		return fail_btf(vmlinux, err, e);
	if (module)
		err = btf_read(&btf, names->module, &base);
	if (!err)
		err = btf_object_find(names->module, &target->code.obj_id);
	if (err)
		return fail_btf(names->module, err, e);
	return add_functions(names, module ? &btf : &base, target, e);
}

int code_multi_find(struct target *target, const char *symbol, struct err *e)
{
	const char *colon = strchr(symbol, ':');
	char module[BTF_OBJECT_NAME] = "vmlinux", *dash;
	struct names names = {
		.module = module,
		.pattern = colon ? colon + 1 : symbol,
	};
	int err;

	if (colon)
		snprintf(module, sizeof(module), "%.*s", (int)(colon - symbol),
			 symbol);
	/* The kernel's modules have '_' where their files may have '-'. */
	while ((dash = strchr(module, '-')))
		*dash = '_';
	target->pattern = true;
	err = names_read(&names, e);
	if (!err)
		err = find(&names, target, e);
	names_clear(&names);
	return err;
}
