// SPDX-License-Identifier: BSD-2-Clause
/* multi.c - making one link on several functions, and knowing it again. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kind/code/multi.h"
#include "scope.h"

/*
 * How many functions of a pattern are sought that the kernel refuses though
 * ftrace knows them; one by one, and each takes some calls.  7.2 has a list of 8
 * (btf_id_deny of kernel/bpf/verifier.c), and of 30 that never return, for exits
 * (noreturn_deny).
 */
enum { REFUSED = 64 };

static const uint32_t types[][2] = {
	{ BPF_TRACE_FENTRY, BPF_TRACE_FENTRY_MULTI },
	{ BPF_TRACE_FEXIT, BPF_TRACE_FEXIT_MULTI },
	{ BPF_TRACE_FSESSION, BPF_TRACE_FSESSION_MULTI },
};

uint32_t code_multi_type(uint32_t attach_type)
{
	size_t i;

	for (i = 0; i < COUNT(types); i++)
		if (types[i][0] == attach_type)
			return types[i][1];
	return 0;
}

/* What such a link wants as arrays. */
struct columns {
	uint32_t *ids;
	uint64_t *cookies;
};

static void scope_columns(struct columns *columns)
{
	free(columns->ids);
	free(columns->cookies);
}

#define scoped_columns __attribute__((cleanup(scope_columns)))

static int columns_make(const struct target *target, struct columns *columns)
{
	size_t n = target->nsites, i;

	columns->ids = calloc(n, sizeof(*columns->ids));
	columns->cookies = calloc(n, sizeof(*columns->cookies));
	if (!columns->ids || !columns->cookies)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		columns->ids[i] = target->sites[i].btf_id;
		columns->cookies[i] = target->sites[i].cookie;
	}
	return 0;
}

static int link_make(const struct target *target, int prog_fd)
{
	scoped_columns struct columns columns = { 0 };
	int err = columns_make(target, &columns);

	return err ? err
		   : bpf_link_tracing_multi(
			     prog_fd, code_multi_type(target->code.attach_type),
			     columns.ids, columns.cookies,
			     (uint32_t)target->nsites);
}

/* Seeking what the kernel refuses, with a program that does nothing. */
struct trial {
	int prog_fd;
	uint32_t type;
	const uint32_t *ids;
	size_t refused[REFUSED]; /* places in ids, rising */
	size_t count;
};

static bool is_refusal(int err)
{
	return err == -EINVAL || err == -ENOENT || err == -EOPNOTSUPP;
}

/* The halves of what is refused, until there is one; each is told of once. */
static int trial_run(struct trial *trial, size_t from, size_t count)
{
	int err, fd = bpf_link_tracing_multi(trial->prog_fd, trial->type,
					     trial->ids + from, NULL,
					     (uint32_t)count);

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	if (!is_refusal(fd) || trial->count == REFUSED)
		return fd;
	if (count == 1) {
		trial->refused[trial->count++] = from;
		return 0;
	}
	err = trial_run(trial, from, count / 2);
	return err ? err
		   : trial_run(trial, from + count / 2, count - count / 2);
}

static int program_make(const struct target *target, uint32_t type)
{
	scoped_fd int btf = bpf_btf_by_id(target->code.obj_id);

	return btf < 0 ? btf
		       : bpf_prog_trivial_for(BPF_PROG_TYPE_TRACING, type, 0,
					      btf);
}

/* ENOENT when there is nothing that could be left out. */
static int leave_out(struct target *target)
{
	scoped_columns struct columns columns = { 0 };
	struct trial trial = { .type = code_multi_type(
				       target->code.attach_type) };
	scoped_fd int prog = program_make(target, trial.type);
	int err = columns_make(target, &columns);

	if (err || prog < 0)
		return err ? err : prog;
	trial.prog_fd = prog;
	trial.ids = columns.ids;
	err = trial_run(&trial, 0, target->nsites);
	if (err || !trial.count || trial.count == target->nsites)
		return err ? err : -ENOENT;
	while (trial.count)
		target_leave_out(target, trial.refused[--trial.count]);
	return 0;
}

int code_multi_link(struct target *target, int prog_fd)
{
	int fd = link_make(target, prog_fd);

	if (!is_refusal(fd) || !target->pattern || leave_out(target))
		return fd;
	return link_make(target, prog_fd);
}

static int site_compare(const void *key, const void *element)
{
	const struct link_site *a = key, *b = element;

	return (a->where > b->where) - (a->where < b->where);
}

/* The kernel has them in the order of their ids. */
static const struct link_site *site_find(const struct link_info *info,
					 uint32_t btf_id)
{
	struct link_site key = { .where = btf_id };

	return bsearch(&key, info->sites, info->nsites, sizeof(key),
		       site_compare);
}

bool code_multi_matches(const struct target *target,
			const struct link_info *info)
{
	size_t i;

	if (!(info->has & LINK_HAS_SITES))
		return true;
	if (info->nsites != target->nsites ||
	    info->raw.tracing_multi.obj_id != target->code.obj_id ||
	    info->raw.tracing_multi.attach_type !=
		    code_multi_type(target->code.attach_type))
		return false;
	for (i = 0; i < target->nsites; i++)
		if (!site_find(info, target->sites[i].btf_id))
			return false;
	return true;
}

void code_multi_adopt(struct target *target, const struct link_info *info)
{
	const struct link_site *site;
	size_t i;

	target->code.multi = true;
	target->cookies_told &= !!(info->has & LINK_HAS_COOKIE);
	for (i = 0; i < target->nsites; i++) {
		site = site_find(info, target->sites[i].btf_id);
		if (site)
			target->sites[i].cookie = site->cookie;
	}
}
