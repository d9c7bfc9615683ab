// SPDX-License-Identifier: BSD-2-Clause
/* btf_search.c - where BTF has a function or a tracepoint of that name. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/symbols/btf_near.h"
#include "attach/kernel/symbols/btf_search.h"
#include "scope.h"

static const char vmlinux[] = "vmlinux";

/* A search through the modules. */
struct search {
	const struct btf_sought *sought;
	const struct btf_types *base;
	const char *name; /* in BTF */
	struct btf_place *place; /* btf_id 0: not found yet */
	struct err *e;
};

static void found(struct search *search, const char *module, uint32_t id)
{
	search->place->btf_id = id;
	snprintf(search->place->module, sizeof(search->place->module), "%s",
		 module);
}

static int search_module(void *ctx, const char *module)
{
	scoped_btf struct btf_types btf = { 0 };
	struct search *search = ctx;
	uint32_t id;

	/* One that is unloaded meanwhile has nothing. */
	if (!strcmp(module, vmlinux) || btf_read(&btf, module, search->base))
		return 0;
	id = btf_find(&btf, search->sought->kind, search->name);
	if (!id)
		return 0;
	if (search->place->btf_id)
		return fail(
			search->e, ENOTUNIQ,
			"the modules '%s' and '%s' both have a %s '%s'; write MODULE:FUNCTION",
			search->place->module, module, search->sought->noun,
			search->name + strlen(search->sought->prefix));
	found(search, module, id);
	return 0;
}

/* In one module, or in vmlinux and then in all. */
static int search_all(struct search *search, const char *module)
{
	bool any = !module[0];
	uint32_t id = 0;

	if (any || !strcmp(module, vmlinux))
		id = btf_find(search->base, search->sought->kind, search->name);
	if (id)
		found(search, vmlinux, id);
	else if (any)
		return btf_each_module(search_module, search);
	else
		search_module(search, module);
	return 0;
}

static int fail_missing(const struct search *search, const char *symbol,
			const char *module, struct err *e)
{
	const struct btf_sought *sought = search->sought;
	bool other = module[0] && strcmp(module, vmlinux) != 0;
	scoped_btf struct btf_types btf = { 0 };
	char near[BTF_NAME];

	fail(e, ENOENT,
	     "no %s '%s' in the BTF of this kernel and its loaded modules",
	     sought->noun, symbol);
	if (other && btf_read(&btf, module, search->base)) {
		fail_hint(e, "no module '%s' with BTF is loaded", module);
		return -ENOENT;
	}
	btf_near(other ? &btf : search->base, sought->kind, sought->prefix,
		 search->name + strlen(sought->prefix), near);
	if (near[0])
		fail_hint(e, "there is '%s%s%s'", module, module[0] ? ":" : "",
			  near);
	return -ENOENT;
}

int btf_search(const struct btf_sought *sought, const char *symbol,
	       struct btf_place *place, struct err *e)
{
	scoped_btf struct btf_types base = { 0 };
	char name[BTF_NAME], module[BTF_OBJECT_NAME] = "";
	struct btf_place here = { 0 };
	struct search search = {
		.sought = sought,
		.base = &base,
		.name = name,
		.place = &here,
		.e = e,
	};
	const char *colon = strchr(symbol, ':');
	int err = btf_read(&base, vmlinux, NULL);

	if (err)
		return fail(e, err == -ENOENT ? EOPNOTSUPP : -err,
			    "the BTF of this kernel cannot be read: %s",
			    strerror(errno_clamp(-err)));
	if (colon)
		snprintf(module, sizeof(module), "%.*s", (int)(colon - symbol),
			 symbol);
	snprintf(name, sizeof(name), "%s%s", sought->prefix,
		 colon ? colon + 1 : symbol);
	err = search_all(&search, module);
	if (!err && !here.btf_id)
		err = fail_missing(&search, symbol, module, e);
	if (err)
		return err;
	/* Before 5.11 it has none; there 0 is vmlinux. */
	if (btf_object_find(here.module, &here.obj_id))
		here.obj_id = 0;
	*place = here;
	return 0;
}

int btf_search_program(int prog_fd, const char *function,
		       struct btf_place *place, uint32_t *prog_id,
		       struct err *e)
{
	scoped_btf struct btf_types btf = { 0 };
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info), id;
	char near[BTF_NAME];
	int err = bpf_info(prog_fd, &info, &size);

	if (!err && !info.btf_id)
		return fail(e, EINVAL,
			    "program %u has no BTF, which names its functions",
			    info.id);
	if (!err)
		err = btf_read_id(&btf, info.btf_id, NULL);
	if (err)
		return fail(e, -err, "the program's BTF cannot be read: %s",
			    strerror(errno_clamp(-err)));
	id = btf_find(&btf, BTF_KIND_FUNC, function);
	if (!id) {
		btf_near(&btf, BTF_KIND_FUNC, "", function, near);
		fail(e, ENOENT, "program %u has no function '%s'", info.id,
		     function);
		if (near[0])
			fail_hint(e, "it has '%s'", near);
		return -ENOENT;
	}
	*place = (struct btf_place){ .btf_id = id, .obj_id = info.btf_id };
	*prog_id = info.id;
	return 0;
}
