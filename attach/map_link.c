// SPDX-License-Identifier: BSD-2-Clause
/*
 * map_link.c - the attacher of maps of struct_ops: a link registers what is in
 * the map, and no program of a probe's runs by itself.
 *
 * Where others have a program, an attachment of these has the map: prog_fd.  The
 * link has no place, so any of the type can be the probe's.
 */
#include <errno.h>
#include <inttypes.h>

#include "attach/attacher.h"
#include "attach/attachment_private.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/link/link_update.h"
#include "scope.h"

int map_fits(int fd, struct err *e)
{
	enum bpf_object object = bpf_object_of(fd);
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);
	int err;

	if (object != BPF_OBJECT_MAP)
		return fail(e, EINVAL, "a map is needed, this is a %s",
			    bpf_object_name(object));
	err = bpf_info(fd, &info, &size);
	if (err)
		return fail(e, -err, "the kernel does not describe the map");
	if (info.type != BPF_MAP_TYPE_STRUCT_OPS)
		return fail(e, EINVAL,
			    "map '%s' (id %" PRIu32
			    ") is of another type than struct_ops",
			    info.name, info.id);
	if (info.map_flags & ABI_MAP_F_LINK)
		return 0;
	return fail(
		e, EINVAL,
		"map '%s' (id %" PRIu32
		") was made without BPF_F_LINK, so that it is registered without a link: declare it in '.struct_ops.link'",
		info.name, info.id);
}

static int map_attach(struct attachment *a, const struct attach_mode *mode,
		      struct err *e)
{
	struct abi_link_create request = a->target.hook.create;
	int fd;

	(void)mode;
	request.prog_fd = (uint32_t)a->prog_fd;
	fd = bpf_link_make(&request);
	if (fd < 0)
		return a->kind->explain(&a->target, &a->target.sites[0], false,
					-fd, e);
	a->links[0] = (struct attach_fd){ .fd = fd };
	a->nlinks = 1;
	a->way = WAY_LINK;
	return 0;
}

static int map_load_as(const struct kind *kind, const struct target *target,
		       const struct attach_mode *mode, struct load_as *as,
		       struct err *e)
{
	(void)target;
	(void)mode;
	(void)as;
	return fail(e, EINVAL, "a %s takes a map, and no program", kind->name);
}

static int hint_other(const struct attachment *a, struct err *e)
{
	struct link_content now;

	if (!link_content(a->links[0].fd, &now))
		fail_hint(e, "to replace that, write 'MAP if id:%" PRIu32 "'",
			  now.id);
	return -EPERM;
}

/*
 * By its lock, which compares the maps: see link_update.h.  Where a map cannot
 * take the place of this one (of another struct, or of another name), or the
 * struct knows no update, another link may.
 */
static int map_update(struct attachment *a, int old_fd, struct err *e)
{
	uint32_t old_id;
	int err = link_content_id(old_fd, BPF_OBJECT_MAP, &old_id);

	if (err)
		return fail(e, -err, "the kernel does not describe the map");
	err = link_update(a->links[0].fd, a->prog_fd, old_id, e);
	if (err == -EPERM)
		return hint_other(a, e);
	return err == -EINVAL || err == -EOPNOTSUPP ? -ENOTSUP : err;
}

static enum link_match map_matches(const struct attachment *a, size_t i,
				   const struct link_info *info)
{
	return i || info->type != a->target.hook.link_type ? LINK_OF_OTHER_TYPE
							   : LINK_MATCHES;
}

static void map_adopt(struct attachment *a, size_t i,
		      const struct link_info *info)
{
	(void)i;
	(void)info;
	a->way = WAY_LINK;
}

static bool map_alive(const struct attachment *a)
{
	return link_alive(a->links[0].fd);
}

static void map_show(const struct attachment *a, const struct link_info *first,
		     FILE *out)
{
	(void)first;
	a->kind->show(&a->target, out);
}

static void map_show_sites(const struct attachment *a, FILE *out)
{
	struct bpf_map_info info = { 0 };
	uint32_t id, size = sizeof(info);

	if (!link_id(a->links[0].fd, &id) &&
	    !bpf_info(a->prog_fd, &info, &size))
		fprintf(out, "-\t%s\tlink %" PRIu32 "\n", info.name, id);
}

/* The name is taken (EEXIST), or there is one at a time (EBUSY). */
static bool in_the_way(const struct attachment *old, int fd, int err)
{
	(void)old;
	(void)fd;
	return err == -EBUSY || err == -EEXIST;
}

const struct attacher attacher_map = {
	.attach = map_attach,
	.load_as = map_load_as,
	.update = map_update,
	.matches = map_matches,
	.adopt = map_adopt,
	.alive = map_alive,
	.show = map_show,
	.show_sites = map_show_sites,
	.in_the_way = in_the_way,
};
