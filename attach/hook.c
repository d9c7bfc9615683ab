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
#include "attach/kernel/in_netns.h"
#include "attach/kernel/program.h"
#include "scope.h"

static int create(void *request)
{
	return bpf_link_make(request);
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
	(void)info;
	a->way = WAY_LINK;
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

static int open_output(const struct attachment *a, struct err *e)
{
	int fd;

	if (!(a->kind->traits & KIND_OUTPUT))
		return fail(e, EOPNOTSUPP, "a %s has no output", a->kind->name);
	fd = bpf_iter_run(a->links[0].fd);
	if (fd < 0)
		return fail(e, -fd, "no run of the iterator could be made: %s",
			    strerror(errno_clamp(-fd)));
	return fd;
}

const struct attacher attacher_hook = {
	.attach = hook_attach,
	.update = hook_update,
	.matches = hook_matches,
	.adopt = hook_adopt,
	.alive = hook_alive,
	.show = hook_show,
	.show_sites = hook_show_sites,
	.open_output = open_output,
	.in_the_way = in_the_way,
};
