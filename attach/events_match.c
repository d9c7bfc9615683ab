// SPDX-License-Identifier: BSD-2-Clause
/*
 * events_match.c - whether links that somebody made are on the places of a
 * target, and what they tell.
 */
#include <string.h>
#include <sys/stat.h>

#include "attach/attachment_private.h"
#include "attach/loaded.h"

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
 * The kernel gives a tracepoint without its group, and a function as it was
 * told: libbpf writes its module before it, we do not.
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
 * the maker of the link had a descriptor of it.  In another mount namespace
 * than ours that path may mean nothing to us but its last name.
 */
static bool file_matches(const struct target *target,
			 const struct link_info *info)
{
	struct stat st;

	if (!link_told_path(info))
		return true;
	if (stat(info->name, &st))
		return target->event.path &&
		       !strcmp(last_name(info->name),
			       last_name(target->event.path));
	return st.st_ino == target->event.mark.ino &&
	       st.st_dev == target->event.mark.dev;
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
	    info->perf_type !=
		    perf_types[target->event.place][target->event.ret])
		return false;
	switch (target->event.place) {
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

	return target->event.place == PLACE_FILE ? site->offset : site->address;
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
	if (info->nsites != target->nsites || info->ret != target->event.ret)
		return false;
	if (info->has & LINK_HAS_PID && info->pid != (uint32_t)target->pid)
		return false;
	if (target->event.place == PLACE_FILE && !file_matches(target, info))
		return false;
	for (n = 0; n < target->nsites; n++) {
		uint64_t where = where_of(target, n);

		if (where && !site_find(info, where, n))
			return false;
	}
	return true;
}

static enum link_match match_if(bool it_does)
{
	return it_does ? LINK_MATCHES : LINK_ELSEWHERE;
}

enum link_match events_match(const struct attachment *a, size_t i,
			     const struct link_info *info)
{
	const struct target *target = &a->target;

	if (info->type == multi_types[target->event.place])
		return match_if(multi_matches(target, info));
	if (info->type != BPF_LINK_TYPE_PERF_EVENT || i >= target->nsites)
		return LINK_OF_OTHER_TYPE;
	return match_if(perf_matches(target, &target->sites[i], info));
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

/* The kernel does not tell a session's link from another, but its program. */
static void find_session(struct attachment *a)
{
	if (a->way == WAY_MULTI &&
	    !program_loaded_for(a->prog_fd, &a->loaded, NULL) &&
	    a->loaded->session)
		a->way |= WAY_SESSION;
}

void events_adopt(struct attachment *a, size_t i, const struct link_info *info)
{
	take_cookies(a, i, info);
	if (i)
		return;
	a->way = info->type == BPF_LINK_TYPE_PERF_EVENT ? WAY_LINK : WAY_MULTI;
	find_session(a);
}
