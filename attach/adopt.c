// SPDX-License-Identifier: BSD-2-Clause
/* adopt.c - taking over links that somebody pinned. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "attach/attacher.h"
#include "attach/attachment_private.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/program.h"
#include "scope.h"

static int link_fits(const struct attachment *a, size_t i, int fd,
		     struct link_info *info, struct err *e)
{
	int err = link_info_get(fd, info);

	if (err)
		return fail(e, -err, "the kernel does not describe the link");
	switch (attacher_of(a->kind)->matches(a, i, info)) {
	case LINK_MATCHES:
		return 0;
	case LINK_OF_OTHER_TYPE:
		return fail(e, EINVAL,
			    "link %" PRIu32 " is of type %s, not of a %s",
			    info->id, link_type_name(info->type),
			    a->kind->name);
	case LINK_ELSEWHERE:
		break;
	}
	return fail(e, EINVAL,
		    "link %" PRIu32
		    " is on another target than this probe, see 'link/%" PRIu32
		    "/info'",
		    info->id, info->id);
}

static int take_program(struct attachment *a, const struct link_info *info,
			struct err *e)
{
	bool map = a->kind->traits & KIND_MAP;
	int fd = map ? bpf_map_by_id(info->raw.map.map_id)
		     : bpf_prog_by_id(info->prog_id);

	if (fd < 0)
		return fail(e, -fd,
			    "the %s of link %" PRIu32 " cannot be opened",
			    map ? "map" : "program", info->id);
	a->prog_fd = fd;
	return program_fits(a->kind, fd, e);
}

/* All are of one program, and of one kind of link: *first is that of link 0. */
static int same_as_first(const struct link_info *info, size_t i,
			 struct link_info *first, struct err *e)
{
	if (!i)
		*first = (struct link_info){ .type = info->type,
					     .id = info->id,
					     .prog_id = info->prog_id };
	if (info->prog_id != first->prog_id)
		return fail(
			e, EINVAL,
			"the links of the pin are of several programs: link %" PRIu32
			" of %" PRIu32 ", link %" PRIu32 " of %" PRIu32,
			first->id, first->prog_id, info->id, info->prog_id);
	if (info->type != first->type)
		return fail(e, EINVAL,
			    "the links of the pin are of several types: %s, %s",
			    link_type_name(first->type),
			    link_type_name(info->type));
	return 0;
}

static int adopt_one(struct attachment *a, size_t i, struct link_info *first,
		     struct err *e)
{
	struct link_info info = { 0 };
	int err;

	err = link_fits(a, i, a->links[i].fd, &info, e);
	if (!err)
		err = same_as_first(&info, i, first, e);
	if (!err && !i)
		err = take_program(a, &info, e);
	if (!err)
		attacher_of(a->kind)->adopt(a, i, &info);
	link_info_clear(&info);
	return err;
}

/* Closes the links, which nothing takes over. */
static int refuse_all(const int *links, size_t nlinks, struct target *target,
		      struct err *e)
{
	size_t sites = target->nsites, i;

	for (i = 0; i < nlinks; i++)
		fd_close(links[i]);
	target_clear(target);
	return fail(e, EINVAL,
		    "the pin holds %zu links, this probe has %zu sites", nlinks,
		    sites);
}

static int adopt_all(struct attachment *a, struct err *e)
{
	size_t sites = a->target.nsites, i;
	struct link_info first;
	int err = 0;

	for (i = 0; i < a->nlinks && !err; i++)
		err = adopt_one(a, i, &first, e);
	if (!err && !(a->way & WAY_MULTI) && a->nlinks != sites)
		err = fail(e, EINVAL,
			   "the link is on one site, this probe has %zu",
			   sites);
	if (err)
		return err;
	a->cookie = a->target.sites[0].cookie;
	return a->kind->rearm
		       ? a->kind->rearm(&a->target, a->prog_fd, &a->cookie, e)
		       : 0;
}

int attachment_adopt(const struct kind *kind, struct target *target,
		     const int *links, size_t nlinks, struct attachment **out,
		     struct err *e)
{
	struct attachment *a;
	size_t i;
	int err;

	if (nlinks != 1 && nlinks != target->nsites)
		return refuse_all(links, nlinks, target, e);
	a = attachment_new(kind, target);
	if (!a) {
		refuse_all(links, nlinks, target, e);
		return fail(e, ENOMEM, "no memory for the sites");
	}
	a->adopted = true;
	a->target.cookies_told = true;
	for (i = 0; i < nlinks; i++)
		a->links[a->nlinks++] = (struct attach_fd){ .fd = links[i] };
	err = adopt_all(a, e);
	if (err) {
		a->target.outlive = true; /* the pin is there still */
		attachment_free(a);
		return err;
	}
	attachment_done(a);
	*out = a;
	return 0;
}
