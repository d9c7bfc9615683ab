// SPDX-License-Identifier: BSD-2-Clause
/*
 * show.c - an attachment as text: the kernel's word first, ours where that
 * kernel has none.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/attacher.h"
#include "attach/attachment_private.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/program.h"
#include "scope.h"

static const struct {
	unsigned int way;
	const char *name;
} backends[] = {
	{ WAY_MULTI, "multi" },
	{ WAY_MULTI | WAY_SESSION, "session" },
	{ WAY_PMU | WAY_LINK, "pmu+link" },
	{ WAY_PMU | WAY_IOCTL, "pmu+ioctl" },
	{ WAY_TRACEFS | WAY_LINK, "tracefs+link" },
	{ WAY_TRACEFS | WAY_IOCTL, "tracefs+ioctl" },
	{ WAY_IOCTL, "ioctl" },
	{ WAY_LINK, "link" }, /* adopted: how its event was made is unknown */
};

const char *attachment_backend(const struct attachment *a)
{
	size_t i;

	for (i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
		if (backends[i].way == a->way)
			return backends[i].name;
	return "unknown";
}

/* What the kernel tells of one link; false when it has none any more. */
bool attachment_look(const struct attachment *a, size_t i,
		     struct link_info *info)
{
	int err;

	memset(info, 0, sizeof(*info));
	if (a->way & WAY_IOCTL)
		return !perf_program_id(a->links[i].fd, &info->prog_id);
	err = link_info_get(a->links[i].fd, info);
	if (err)
		link_info_clear(info);
	return !err;
}

bool attachment_is(const struct attachment *a, const int *links, size_t nlinks)
{
	struct link_info ours, other;
	bool same = nlinks == a->nlinks && !(a->way & WAY_IOCTL);
	size_t i;

	for (i = 0; i < nlinks && same; i++) {
		memset(&other, 0, sizeof(other));
		same = attachment_look(a, i, &ours) &&
		       !link_info_get(links[i], &other) && ours.id == other.id;
		link_info_clear(&ours);
		link_info_clear(&other);
	}
	return same;
}

static void show_ids(const struct attachment *a, const struct link_info *first,
		     FILE *out)
{
	struct link_info info;
	size_t i;

	if (a->way & WAY_IOCTL)
		return;
	fprintf(out, "link_type:\t%s\nlink_id:\t%" PRIu32,
		link_type_name(first->type), first->id);
	for (i = 1; i < a->nlinks; i++) {
		if (!attachment_look(a, i, &info))
			continue;
		fprintf(out, " %" PRIu32, info.id);
		link_info_clear(&info);
	}
	fputc('\n', out);
}

/* The one that the link has: others may have given it theirs. */
static void show_map(const struct attachment *a, FILE *out)
{
	uint32_t other = attachment_other_program(a);
	scoped_fd int fd = other ? bpf_map_by_id(other) : -1;
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);

	if (!bpf_info(fd >= 0 ? fd : a->prog_fd, &info, &size))
		fprintf(out, "map_id:\t%" PRIu32 "\nmap_name:\t%s\n", info.id,
			info.name);
}

/* The same. */
static void show_program(const struct attachment *a, FILE *out)
{
	uint32_t other = attachment_other_program(a);
	scoped_fd int fd = other ? bpf_prog_by_id(other) : -1;
	struct program program;

	if (program_info(fd >= 0 ? fd : a->prog_fd, &program))
		return;
	fprintf(out,
		"prog_id:\t%" PRIu32 "\nprog_name:\t%s\nprog_type:\t%s\n"
		"prog_tag:\t%s\nprog_run_cnt:\t%" PRIu64
		"\nprog_run_time_ns:\t%" PRIu64 "\nrecursion_misses:\t%" PRIu64
		"\n",
		program.id, program.name, program_type_name(program.type),
		program.tag, program.run_cnt, program.run_time_ns,
		program.recursion_misses);
}

/* Where the kind makes its own of the links' cookies, ours is what is meant. */
static uint64_t first_cookie(const struct attachment *a,
			     const struct link_info *info)
{
	if (info->has & LINK_HAS_COOKIE && !a->kind->arm)
		return info->nsites ? info->sites[0].cookie : info->cookie;
	return a->cookie;
}

static void warn_of_other(const struct attachment *a, FILE *out)
{
	const char *what = a->kind->traits & KIND_MAP ? "map" : "program";

	if (attachment_other_program(a))
		fprintf(out,
			"warning:\tthe link was given another %s than this probe's; write one to attach\n",
			what);
}

void attachment_show_info(const struct attachment *a, FILE *out)
{
	struct link_info first;
	bool told = attachment_look(a, 0, &first);

	fprintf(out, "backend:\t%s\nsites:\t%zu\n", attachment_backend(a),
		a->target.nsites);
	if (told)
		show_ids(a, &first, out);
	if (a->kind->traits & KIND_MAP)
		show_map(a, out);
	else
		show_program(a, out);
	/* Of an event that is no probe the kernel tells nothing before 5.15. */
	attacher_of(a->kind)->show(a, &first, out);
	if (a->kind->traits & KIND_COOKIE)
		fprintf(out, "cookie:\t%" PRIu64 "\n", first_cookie(a, &first));
	link_info_clear(&first);
	if (a->adopted)
		fputs("adopted:\tyes\n", out);
	warn_of_other(a, out);
	if (a->target.warning)
		fprintf(out, "warning:\t%s\n", a->target.warning);
}

void attachment_show_sites(const struct attachment *a, FILE *out)
{
	attacher_of(a->kind)->show_sites(a, out);
}
