// SPDX-License-Identifier: BSD-2-Clause
/*
 * hook.c - the attacher of hooks: one link on a hook of the kernel.
 *
 * The kind has filled in all that the kernel is asked for but the program, which
 * makes the link in the network namespace that the target names, if it names one.
 */
#include <errno.h>
#include <string.h>

#include "attach/attacher.h"
#include "attach/attachment_private.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/features.h"
#include "attach/kernel/in_netns.h"
#include "attach/kernel/program.h"
#include "scope.h"

static int create(void *request)
{
	return bpf_link_make(request);
}

/*
 * The link knows its place.  To keep the namespace would keep all that is in
 * it, and the anchor would stay attached: only a reader of an output needs the
 * first.
 */
static void settle(struct attachment *a, uint32_t link_id)
{
	struct hook_target *hook = &a->target.hook;

	hook->link_id = link_id;
	fd_close(take_fd(&hook->anchor));
	if (!(a->kind->traits & KIND_OUTPUT))
		fd_close(take_fd(&hook->netns));
}

static void settle_new(struct attachment *a)
{
	uint32_t id = 0;

	if (link_id(a->links[0].fd, &id))
		id = 0;
	settle(a, id);
}

static int hook_attach(struct attachment *a, const struct attach_mode *mode,
		       struct err *e)
{
	struct abi_link_create request = a->target.hook.create;
	int fd;

	(void)mode;
	request.prog_fd = (uint32_t)a->prog_fd;
	fd = in_netns(a->target.hook.netns, create, &request);
	if (fd < 0)
		return a->kind->explain(&a->target, &a->target.sites[0], false,
					-fd, e);
	a->links[0] = (struct attach_fd){ .fd = fd };
	a->nlinks = 1;
	a->way = WAY_LINK;
	settle_new(a);
	return 0;
}

/* Updating needs no namespace: the link knows its place. */
static int hook_update(struct attachment *a, int prog_fd, struct err *e)
{
	int err = bpf_link_replace(a->links[0].fd, a->prog_fd, prog_fd);

	/* EINVAL, EOPNOTSUPP: such links cannot be updated on this kernel. */
	if (err == -EINVAL || err == -EOPNOTSUPP)
		return -ENOTSUP;
	if (err && err != -EPERM)
		a->kind->explain(&a->target, &a->target.sites[0], false, -err,
				 e);
	settle_new(a);
	return err;
}

static enum link_match hook_matches(const struct attachment *a, size_t i,
				    const struct link_info *info)
{
	if (i || info->type != a->target.hook.link_type)
		return LINK_OF_OTHER_TYPE;
	return a->kind->matches(&a->target, info) ? LINK_MATCHES
						  : LINK_ELSEWHERE;
}

static void hook_adopt(struct attachment *a, size_t i,
		       const struct link_info *info)
{
	(void)i;
	a->way = WAY_LINK;
	settle(a, info->id);
}

static bool hook_alive(const struct attachment *a)
{
	return link_alive(a->links[0].fd);
}

static void hook_show(const struct attachment *a, const struct link_info *first,
		      FILE *out)
{
	(void)first;
	if (a->kind->show)
		a->kind->show(&a->target, out);
}

static void hook_show_sites(const struct attachment *a, FILE *out)
{
	uint32_t id;

	if (a->kind->show_sites)
		a->kind->show_sites(&a->target, out);
	else if (!link_id(a->links[0].fd, &id))
		fprintf(out, "-\t%s\tlink %u\n", a->target.sites[0].symbol, id);
}

/*
 * Only one program is taken (EBUSY), or not the same twice (EEXIST), or no more
 * than there are (E2BIG, ERANGE).
 */
static bool in_the_way(const struct attachment *old, int prog_fd, int err)
{
	(void)old;
	(void)prog_fd;
	return err == -EBUSY || err == -EEXIST || err == -E2BIG ||
	       err == -ERANGE;
}

/* What a program of ours is for is told by the hook. */
static int hook_load_as(const struct kind *kind, const struct target *target,
			const struct attach_mode *mode, struct load_as *as,
			struct err *e)
{
	uint32_t type = target->hook.create.attach_type;
	const struct accept *row = kind->accepts;
	struct err why;

	(void)mode;
	while (row->prog_type && row->attach_type != type)
		row++;
	if (!row->prog_type && kind->accepts->prog_type == BPF_PROG_TYPE_LSM)
		return fail(
			e, EINVAL,
			"a built-in program has to be loaded for a hook: the fields that say where come first");
	if (!row->prog_type)
		return 0;
	as->type = row->prog_type;
	as->attach_type = row->attach_type;
	as->neutral = row->neutral;
	/* Of most hooks there is none. */
	as->obj_id = target->code.obj_id;
	as->btf_id = target->code.btf_id;
	if (row->no_neutral)
		return fail(e, EOPNOTSUPP, "%s", row->no_neutral);
	if (!row->neutral_by || feature_ask(row->neutral_by, &why) > 0)
		return 0;
	return fail(
		e, EOPNOTSUPP,
		"on this kernel no program can be on %s without a change to what it does: %s",
		attach_type_name(type), why.text);
}

static int make_run(void *link_fd)
{
	return bpf_iter_run(*(int *)link_fd);
}

/* A run is of the network namespace in which it is made. */
static int open_output(const struct attachment *a, struct err *e)
{
	int fd;

	if (!(a->kind->traits & KIND_OUTPUT))
		return fail(e, EOPNOTSUPP, "a %s has no output", a->kind->name);
	if (target_has_exited(&a->target))
		return fail(e, ESRCH, "process %d has exited", a->target.pid);
	fd = in_netns(a->target.hook.netns, make_run, &a->links[0].fd);
	if (fd < 0)
		return fail(e, -fd, "no run of the iterator could be made: %s",
			    strerror(errno_clamp(-fd)));
	return fd;
}

const struct attacher attacher_hook = {
	.attach = hook_attach,
	.load_as = hook_load_as,
	.update = hook_update,
	.matches = hook_matches,
	.adopt = hook_adopt,
	.alive = hook_alive,
	.show = hook_show,
	.show_sites = hook_show_sites,
	.open_output = open_output,
	.in_the_way = in_the_way,
};
