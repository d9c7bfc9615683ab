// SPDX-License-Identifier: BSD-2-Clause
/* load_target.c - what a program is loaded for, sought in BTF. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/link_names.h"
#include "attach/kernel/program.h"
#include "attach/kernel/symbols/btf_search.h"
#include "attach/program/load_target.h"
#include "scope.h"

/* How BTF names them: tools/lib/bpf/libbpf.c, btf_get_kernel_prefix_kind(). */
static const struct btf_sought tracepoints = { BTF_KIND_TYPEDEF, "btf_trace_",
					       "tracepoint" };
static const struct btf_sought iterators = { BTF_KIND_FUNC, "bpf_iter_",
					     "iterator" };
static const struct btf_sought hooks = { BTF_KIND_FUNC, "bpf_lsm_",
					 "LSM hook" };
static const struct btf_sought functions = { BTF_KIND_FUNC, "", "function" };
static const struct btf_sought replaced = { BTF_KIND_FUNC, "",
					    "function of a program" };

static const struct {
	enum bpf_prog_type type;
	uint32_t attach_type;
	const struct btf_sought *sought;
} rows[] = {
	{ BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, &tracepoints },
	{ BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, &iterators },
	{ BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, &functions },
	{ BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, &functions },
	{ BPF_PROG_TYPE_TRACING, BPF_MODIFY_RETURN, &functions },
	{ BPF_PROG_TYPE_TRACING, BPF_TRACE_FSESSION, &functions },
	{ BPF_PROG_TYPE_LSM, BPF_LSM_MAC, &hooks },
	{ BPF_PROG_TYPE_LSM, BPF_LSM_CGROUP, &hooks },
	{ BPF_PROG_TYPE_EXT, 0, &replaced },
};

static const char id_prefix[] = "id:";

bool load_target_program(const char *text, uint32_t *id, const char **function)
{
	size_t at = sizeof(id_prefix) - 1;
	uint64_t number = 0;

	if (strncmp(text, id_prefix, at) != 0)
		return false;
	for (; text[at] >= '0' && text[at] <= '9'; at++) {
		number = number * 10 + (uint64_t)(text[at] - '0');
		if (number > UINT32_MAX)
			return false;
	}
	if (!number || text[at] != ':')
		return false;
	*id = (uint32_t)number;
	*function = text + at + 1;
	return true;
}

static int check_name(const char *text, const char *name, size_t room,
		      struct err *e)
{
	size_t length = strspn(
		name,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$-");

	if (!name[0])
		return fail_at(e, EINVAL, (size_t)(name - text),
			       "a function's name is missing");
	if (name[length])
		return fail_at(e, EINVAL, (size_t)(name + length - text),
			       "no name of a function has '%c' in it",
			       name[length]);
	if (length >= room)
		return fail_at(e, EINVAL, (size_t)(name - text),
			       "the name is longer than any of the kernel's");
	return 0;
}

int load_target_check(const char *text, struct err *e)
{
	const char *colon = strchr(text, ':'), *function;
	char module[BTF_OBJECT_NAME];
	uint32_t id;
	int err;

	if (load_target_program(text, &id, &function))
		return check_name(text, function, BTF_NAME, e);
	if (!strncmp(text, id_prefix, sizeof(id_prefix) - 1))
		return fail_at(e, EINVAL, sizeof(id_prefix) - 1,
			       "a function of a program is id:N:FUNCTION");
	if (!colon)
		return check_name(text, text, BTF_NAME, e);
	if ((size_t)(colon - text) >= sizeof(module))
		return fail_at(e, EINVAL, 0, "no module's name is that long");
	snprintf(module, sizeof(module), "%.*s", (int)(colon - text), text);
	err = check_name(module, module, sizeof(module), e);
	return err ? err : check_name(text, colon + 1, BTF_NAME, e);
}

static int find_in_program(const struct load_target_of *of,
			   const char *function, struct load_target *target,
			   struct err *e)
{
	struct btf_place place;
	uint32_t id;
	int err = btf_search_program(of->prog_fd, function, &place, &id, e);

	if (!err)
		*target = (struct load_target){ place.btf_id, -1, of->prog_fd };
	return err;
}

static int find_in_kernel(const struct load_target_of *of,
			  const struct btf_sought *sought,
			  struct load_target *target, struct err *e)
{
	struct btf_place place;
	int fd = -1, err = btf_search(sought, of->text, &place, e);

	if (err)
		return err;
	/* The kernel takes vmlinux's without a descriptor. */
	if (strcmp(place.module, "vmlinux") != 0) {
		fd = place.obj_id ? bpf_btf_by_id(place.obj_id) : -ENOENT;
		if (fd < 0)
			return fail(
				e, -fd,
				"the BTF of the module '%s' cannot be opened: %s",
				place.module, strerror(errno_clamp(-fd)));
	}
	*target = (struct load_target){ place.btf_id, fd, -1 };
	return 0;
}

static int refuse_type(const struct load_target_of *of, struct err *e)
{
	if (of->type == BPF_PROG_TYPE_TRACING || of->type == BPF_PROG_TYPE_LSM)
		return fail(
			e, EINVAL,
			"a program of the attach type '%s' is loaded for no target",
			attach_type_name(of->attach_type));
	return fail(e, EINVAL,
		    "a program of the type '%s' is loaded for no target",
		    program_type_name(of->type));
}

static const struct btf_sought *sought_for(const struct load_target_of *of)
{
	bool any = of->type == BPF_PROG_TYPE_EXT;
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		if (rows[i].type == of->type &&
		    (any || rows[i].attach_type == of->attach_type))
			return rows[i].sought;
	return NULL;
}

int load_target_find(const struct load_target_of *of,
		     struct load_target *target, struct err *e)
{
	const struct btf_sought *sought = sought_for(of);
	const char *name;
	bool in_program;
	uint32_t id;
	int err = load_target_check(of->text, e);

	if (err)
		return err;
	if (!sought)
		return refuse_type(of, e);
	in_program = load_target_program(of->text, &id, &name);
	if (!in_program && sought != &replaced)
		return find_in_kernel(of, sought, target, e);
	if (!in_program)
		return fail(e, EINVAL, "'%s' is no %s; write id:N:FUNCTION",
			    of->text, sought->noun);
	if (of->prog_fd < 0 || (sought != &functions && sought != &replaced))
		return fail(e, EINVAL, "'%s' is a function of a program, no %s",
			    of->text, sought->noun);
	return find_in_program(of, name, target, e);
}

void load_target_clear(struct load_target *target)
{
	if (target->btf_fd >= 0)
		close(target->btf_fd);
	target->btf_fd = -1;
}
