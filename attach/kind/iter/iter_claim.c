// SPDX-License-Identifier: BSD-2-Clause
/*
 * iter_claim.c - which iterator a program and a link are for.
 *
 * The kernel tells it of a link (5.10), so one is made and dropped.  That shows,
 * too, whether the kernel knows the fields: an old one makes the link all the
 * same.  And a link that is made looks at what the program reads of a map's
 * elements, which replacing the program of a link does not.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/bpf_link.h"
#include "attach/kernel/program.h"
#include "attach/kind/iter/iter.h"
#include "attach/kind/refusal.h"
#include "scope.h"

static const struct iter_asked nothing;

static const struct iter_asked *asked_of(const struct target *target)
{
	return target->hook.data ? target->hook.data : &nothing;
}

/* The kernel looks at what it takes for a field of its own, whatever was meant. */
static unsigned int taken_by(const struct link_info *info)
{
	if (!strcmp(info->name, "cgroup"))
		return TAKES_CGROUP;
	if (!strncmp(info->name, "task", strlen("task")))
		return TAKES_TASK;
	return info->raw.iter.map_id ? TAKES_MAP : 0;
}

/* The kernel tells the root's id where none was asked for. */
static bool cgroup_matches(const struct target *target,
			   const struct link_info *info)
{
	const struct iter_asked *asked = asked_of(target);

	if (!asked->given)
		return true;
	if (asked->info.cgroup.order != info->raw.iter.cgroup.order)
		return false;
	return !asked->info.cgroup.cgroup_fd ||
	       target->hook.where_id == info->raw.iter.cgroup.id;
}

/* All but the name. */
static bool fields_match(const struct target *target,
			 const struct link_info *info)
{
	const struct iter_asked *asked = asked_of(target);
	unsigned int taken = taken_by(info);

	if (asked->given && asked->given != taken)
		return false;
	if (taken == TAKES_CGROUP)
		return cgroup_matches(target, info);
	if (taken == TAKES_TASK)
		return asked->info.task.tid == info->raw.iter.task.tid &&
		       asked->info.task.pid == info->raw.iter.task.pid;
	return target->hook.where_id == info->raw.iter.map_id;
}

bool iter_matches(const struct target *target, const struct link_info *info)
{
	const char *claim = target->hook.where;

	return (!claim || !strcmp(claim, info->name)) &&
	       fields_match(target, info);
}

static int refuse_claim(const struct target *target, int prog_fd,
			const char *name, struct err *e)
{
	struct program program = { 0 };

	program_info(prog_fd, &program);
	return fail(
		e, EINVAL,
		"program '%s' (id %" PRIu32
		") is for the iterator '%s', this probe is of '%s'; write that to 'target', or nothing",
		program.name, program.id, name, target->hook.where);
}

static int refuse_fields(const struct link_info *info, struct err *e)
{
	return fail(
		e, EINVAL,
		"the iterator '%s' looks at none of the fields that are written; clear them",
		info->name);
}

/* The site is named by what the program is for. */
static int check_claim(struct target *target, int prog_fd,
		       const struct link_info *info, struct err *e)
{
	char *name;

	if (target->hook.where && strcmp(target->hook.where, info->name) != 0)
		return refuse_claim(target, prog_fd, info->name, e);
	if (!fields_match(target, info))
		return refuse_fields(info, e);
	name = strdup(info->name);
	if (!name)
		return fail(e, ENOMEM, "no memory for a name");
	free(target->sites[0].symbol);
	target->sites[0].symbol = name;
	return 0;
}

int iter_arm(struct target *target, int prog_fd, uint64_t cookie, struct err *e)
{
	struct abi_link_create create = target->hook.create;
	struct link_info info = { 0 };
	int err;

	(void)cookie;
	create.prog_fd = (uint32_t)prog_fd;
	scoped_fd int fd = bpf_link_make(&create);
	if (fd < 0)
		return iter_explain(target, &target->sites[0], false, -fd, e);
	err = link_info_get(fd, &info);
	if (err)
		fail(e, -err, "the kernel does not describe the link");
	else
		err = check_claim(target, prog_fd, &info, e);
	link_info_clear(&info);
	return err;
}

int iter_rearm(struct target *target, int prog_fd, uint64_t *cookie,
	       struct err *e)
{
	return iter_arm(target, prog_fd, *cookie, e);
}

/* Sentences */

/* After "the iterator: ". */
static const struct refusal refusals[] = {
	{ EBADF, "it goes over a map; write its path to 'map'" },
	{ ENOENT, "this kernel has it no more; its module was unloaded" },
	{ E2BIG,
	  "this kernel's take no such field; those of tasks and of cgroups came with Linux 6.1" },
	{ 0 },
};

/* EINVAL is all that the kernel says of many things. */
static const char *invalid(const struct target *target)
{
	if (!asked_of(target)->given)
		return "the program was loaded for no iterator, or for one that needs a field ('map', 'cgroup')";
	if (asked_of(target)->given == TAKES_MAP)
		return "the program is for no iterator of a map, or not of maps of that type";
	return "the program was loaded for no iterator, or for one that takes no such field";
}

int iter_explain(const struct target *target, const struct site *site,
		 bool event, int code, struct err *e)
{
	const char *text = refusal_text(refusals, code);

	(void)event;
	if (code == EINVAL)
		text = invalid(target);
	/* bpf_iter_attach_map(): max_rdonly_access, max_rdwr_access. */
	if (code == EACCES && asked_of(target)->given == TAKES_MAP)
		text = "the program reads past the keys or the values of the map";
	if (!text)
		return refusal_explain("iterator", false, code, e);
	return fail(e, code, "the kernel refused the iterator '%s': %s",
		    site->symbol, text);
}

/* Lines of `info` */

void iter_show(const struct target *target, FILE *out)
{
	const struct iter_asked *asked = asked_of(target);
	const char *name = target->sites[0].symbol;

	fprintf(out, "iterator:\t%s\n", name);
	if (asked->given == TAKES_CGROUP)
		fprintf(out, "cgroup_id:\t%" PRIu64 "\ncgroup_order:\t%s\n",
			target->hook.where_id,
			iter_order_name(asked->info.cgroup.order));
	else if (asked->given == TAKES_MAP)
		fprintf(out, "map_id:\t%" PRIu64 "\n", target->hook.where_id);
	if (target->hook.netns_ino)
		fprintf(out, "netns_ino:\t%" PRIu64 "\n",
			target->hook.netns_ino);
}
