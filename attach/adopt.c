// SPDX-License-Identifier: BSD-2-Clause
/* adopt.c - taking over links that somebody pinned. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "attach/attachment_private.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/link_info.h"
#include "attach/kernel/program.h"
#include "attach/loaded.h"
#include "scope.h"

enum { ENDBR = 4 }; /* bytes */

/* enum bpf_perf_event_type (6.6): entry and return of each place. */
static const uint32_t perf_types[][2] = {
	[PLACE_KERNEL] = { 3, 4 },
	[PLACE_FILE] = { 1, 2 },
	[PLACE_TRACEPOINT] = { 5, 5 },
};

static const uint32_t multi_types[] = {
	[PLACE_KERNEL] = BPF_LINK_TYPE_KPROBE_MULTI,
	[PLACE_FILE] = BPF_LINK_TYPE_UPROBE_MULTI,
	[PLACE_TRACEPOINT] = 0,
};

/*
 * The kernel gives a tracepoint without its group, and a function as it was told:
 * libbpf writes its module before it, we do not.
 */
static bool names_match(const char *ours, const char *told)
{
	const char *our_colon = strrchr(ours, ':');
	const char *told_colon = strrchr(told, ':');

	if (our_colon && told_colon)
		return !strcmp(ours, told);
	return !strcmp(our_colon ? our_colon + 1 : ours,
		       told_colon ? told_colon + 1 : told);
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * The kernel gives the name by which the file was told to it: a path, unless
 * whoever made the link had a descriptor of it.  In another mount namespace than
 * ours that path may mean nothing to us but its last name.
 */
static bool file_matches(const struct target *target,
			 const struct link_info *info)
{
	struct stat st;

	if (!link_told_path(info))
		return true;
	if (stat(info->name, &st))
		return target->path &&
		       !strcmp(last_name(info->name), last_name(target->path));
	return st.st_ino == target->mark.ino && st.st_dev == target->mark.dev;
}

/*
 * The address decides where both are known: a link that was made by address has
 * neither name nor offset.  A probe on a function's entry is behind its ENDBR
 * (arch_adjust_kprobe_addr() of arch/x86/kernel/kprobes/core.c, 5.18).
 */
static bool kernel_matches(const struct site *site,
			   const struct link_info *info)
{
	uint64_t where = site->address + site->offset;
	bool named = info->has & LINK_HAS_NAME && info->name[0];

	if (info->has & LINK_HAS_ADDRESS && site->address)
		return info->address == where ||
		       (site->symbol && !site->offset && !info->offset &&
			info->address == where + ENDBR);
	if (!named)
		return true;
	if (site->symbol && !names_match(site->symbol, info->name))
		return false;
	return !(info->has & LINK_HAS_OFFSET) || info->offset == site->offset;
}

static bool perf_matches(const struct target *target, const struct site *site,
			 const struct link_info *info)
{
	if (info->perf_type &&
	    info->perf_type != perf_types[target->place][target->ret])
		return false;
	switch (target->place) {
	case PLACE_KERNEL:
		return kernel_matches(site, info);
	case PLACE_FILE:
		return file_matches(target, info) &&
		       (!(info->has & LINK_HAS_OFFSET) ||
			(uint32_t)info->offset == (uint32_t)site->offset);
	case PLACE_TRACEPOINT:
		return !(info->has & LINK_HAS_NAME) || !info->name[0] ||
		       !site->symbol || names_match(site->symbol, info->name);
	}
	return false;
}

static uint64_t where_of(const struct target *target, size_t n)
{
	const struct site *site = &target->sites[n];

	return target->place == PLACE_FILE ? site->offset : site->address;
}

/* The link's site there; most often in the same place of the list. */
static const struct link_site *site_find(const struct link_info *info,
					 uint64_t where, size_t n)
{
	size_t i;

	if (n < info->nsites && info->sites[n].where == where)
		return &info->sites[n];
	for (i = 0; i < info->nsites; i++)
		if (info->sites[i].where == where)
			return &info->sites[i];
	return NULL;
}

static bool multi_matches(const struct target *target,
			  const struct link_info *info)
{
	size_t n;

	if (!(info->has & LINK_HAS_SITES))
		return true;
	if (info->nsites != target->nsites || info->ret != target->ret)
		return false;
	if (info->has & LINK_HAS_PID && info->pid != (uint32_t)target->pid)
		return false;
	if (target->place == PLACE_FILE && !file_matches(target, info))
		return false;
	for (n = 0; n < target->nsites; n++) {
		uint64_t where = where_of(target, n);

		if (where && !site_find(info, where, n))
			return false;
	}
	return true;
}

static int link_fits(const struct attachment *a, size_t i, int fd,
		     struct link_info *info, struct err *e)
{
	const struct target *target = &a->target;
	bool multi, fits;
	int err;

	err = link_info_get(fd, info);
	if (err)
		return fail(e, -err, "the kernel does not describe the link");
	multi = info->type == multi_types[target->place];
	if (!multi && info->type != BPF_LINK_TYPE_PERF_EVENT)
		return fail(e, EINVAL,
			    "link %" PRIu32 " is of type %s, not of a %s",
			    info->id, link_type_name(info->type),
			    a->kind->name);
	fits = multi ? multi_matches(target, info)
		     : perf_matches(target, &target->sites[i], info);
	if (!fits)
		return fail(
			e, EINVAL,
			"link %" PRIu32
			" is on another target than this probe, see the file 'link/%" PRIu32
			"'",
			info->id, info->id);
	return 0;
}

/* The sites get the cookies that the kernel has, where it tells them. */
static void take_cookies(struct attachment *a, size_t i,
			 const struct link_info *info)
{
	struct target *target = &a->target;
	const struct link_site *site;
	size_t n;

	target->cookies_told &= !!(info->has & LINK_HAS_COOKIE);
	if (info->type == BPF_LINK_TYPE_PERF_EVENT) {
		target->sites[i].cookie = info->cookie;
		return;
	}
	for (n = 0; n < target->nsites; n++) {
		site = site_find(info, where_of(target, n), n);
		if (site)
			target->sites[n].cookie = site->cookie;
	}
}

static int take_program(struct attachment *a, const struct link_info *info,
			struct err *e)
{
	int fd = bpf_prog_by_id(info->prog_id);

	if (fd < 0)
		return fail(e, -fd,
			    "the program of link %" PRIu32 " cannot be opened",
			    info->id);
	a->prog_fd = fd;
	return program_fits(a->kind, fd, e);
}

/* The kernel does not tell a session's link from another, but its program. */
static void find_session(struct attachment *a)
{
	if (a->way == WAY_MULTI &&
	    !program_loaded_for(a->prog_fd, &a->loaded, NULL) &&
	    a->loaded->session)
		a->way |= WAY_SESSION;
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
	if (!err)
		take_cookies(a, i, &info);
	if (!err && !i) {
		a->way = info.type == BPF_LINK_TYPE_PERF_EVENT ? WAY_LINK
							       : WAY_MULTI;
		err = take_program(a, &info, e);
		if (!err)
			find_session(a);
	}
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
	if (!err && a->way == WAY_LINK && a->nlinks != sites)
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
		a->links[a->nlinks++] = (struct link){ .fd = links[i] };
	err = adopt_all(a, e);
	if (err) {
		a->target.outlive = true; /* the pin is there still */
		attachment_free(a);
		return err;
	}
	fd_close(take_fd(&a->target.fd));
	target_warn_left_out(&a->target);
	*out = a;
	return 0;
}
