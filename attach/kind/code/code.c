// SPDX-License-Identifier: BSD-2-Clause
/* code.c - finding code by the names that BTF has for it. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/symbols/btf_search.h"
#include "attach/kind/code/code.h"
#include "scope.h"

static const char vmlinux[] = "vmlinux";

/* Of a module it goes on where vmlinux's ends. */
static int name_of(struct code *code, bool kernel)
{
	scoped_btf struct btf_types base = { 0 };
	scoped_btf struct btf_types btf = { 0 };
	bool module = kernel && strcmp(code->module, vmlinux) != 0;
	struct btf_entry entry;
	int err = kernel ? btf_read(&base, vmlinux, NULL) : 0;

	if (!err && (module || !kernel))
		err = btf_read_id(&btf, code->obj_id, module ? &base : NULL);
	if (err)
		return err;
	if (!btf_entry_of(module || !kernel ? &btf : &base, code->btf_id,
			  &entry))
		return -ENOENT;
	code->kind = entry.kind;
	snprintf(code->function, sizeof(code->function), "%s", entry.name);
	return 0;
}

int code_of_program(int prog_fd, struct code *code)
{
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);
	struct btf_object object;
	int err = bpf_info(prog_fd, &info, &size);

	*code = (struct code){ 0 };
	if (err || !info.attach_btf_id)
		return err;
	code->btf_id = info.attach_btf_id;
	code->obj_id = info.attach_btf_obj_id;
	if (!code->obj_id)
		return 0;
	err = btf_object_info(code->obj_id, &object);
	if (err)
		return err;
	snprintf(code->module, sizeof(code->module), "%s",
		 object.kernel ? object.name : "");
	return name_of(code, object.kernel);
}

void code_show(const struct code *code, char *text, size_t size)
{
	if (!code->btf_id)
		snprintf(text, size, "unknown");
	else if (!code->function[0])
		snprintf(text, size, "a function of a BPF program");
	else
		snprintf(text, size, "%s%s%s", code->module,
			 code->module[0] ? ":" : "", code->function);
}

static const struct btf_sought functions = { BTF_KIND_FUNC, "", "function" };
static const struct btf_sought hooks = {
	BTF_KIND_FUNC,
	CODE_LSM,
	"LSM hook",
};

int code_find(struct target *target, const char *prefix, const char *symbol,
	      struct err *e)
{
	struct btf_place place;
	int err =
		btf_search(prefix[0] ? &hooks : &functions, symbol, &place, e);

	if (err)
		return err;
	target->code.btf_id = place.btf_id;
	target->code.obj_id = place.obj_id;
	return 0;
}

int code_find_in_program(struct target *target, int prog_fd,
			 const char *function, struct err *e)
{
	struct btf_place place;
	uint32_t prog_id;
	int err = btf_search_program(prog_fd, function, &place, &prog_id, e);

	target->fd = prog_fd;
	if (err)
		return err;
	target->code.prog_id = prog_id;
	target->code.obj_id = place.obj_id;
	target->code.btf_id = place.btf_id;
	return 0;
}

/* Lists */

struct list {
	const struct btf_types *base;
	unsigned int kind;
	const char *prefix;
	const char *module; /* to print; NULL for vmlinux */
	FILE *out;
};

static int list_entry(void *ctx, const struct btf_entry *entry)
{
	const struct list *list = ctx;
	size_t length = strlen(list->prefix);

	if (entry->kind != list->kind ||
	    strncmp(entry->name, list->prefix, length) != 0 ||
	    !entry->name[length])
		return 0;
	if (list->module)
		fprintf(list->out, "%s:", list->module);
	fprintf(list->out, "%s\n", entry->name + length);
	return 0;
}

static int list_module(void *ctx, const char *module)
{
	scoped_btf struct btf_types btf = { 0 };
	struct list list = *(const struct list *)ctx;

	if (!strcmp(module, vmlinux))
		return btf_each(list.base, list_entry, &list);
	if (btf_read(&btf, module, list.base))
		return 0;
	/* Tracepoints have no module in their names. */
	list.module = list.kind == BTF_KIND_FUNC ? module : NULL;
	return btf_each(&btf, list_entry, &list);
}

int code_list(unsigned int kind, const char *prefix, FILE *out, struct err *e)
{
	scoped_btf struct btf_types base = { 0 };
	struct list list = {
		.base = &base,
		.kind = kind,
		.prefix = prefix,
		.out = out,
	};
	int err = btf_read(&base, vmlinux, NULL);

	if (err)
		return fail(e, err == -ENOENT ? EOPNOTSUPP : -err,
			    "the BTF of this kernel cannot be read: %s",
			    strerror(errno_clamp(-err)));
	return btf_each_module(list_module, &list);
}
