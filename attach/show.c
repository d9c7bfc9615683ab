// SPDX-License-Identifier: BSD-2-Clause
/*
 * show.c - an attachment as text: the kernel's word first, ours where that
 * kernel has none.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/fate.h"
#include "attach/kernel/link_info.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/program.h"
#include "attach/kernel/tracefs_profile.h"

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
static bool look(const struct attachment *a, size_t i, struct link_info *info)
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

/* With the misses, where only the event tells them. */
static bool look_missed(const struct attachment *a, size_t i,
			const struct profile *profile, struct link_info *info)
{
	if (!look(a, i, info))
		return false;
	if (!(info->has & LINK_HAS_MISSED) && a->links[i].event &&
	    profile_missed(profile, a->links[i].event, &info->missed))
		info->has |= LINK_HAS_MISSED;
	return true;
}

/* Before 6.7 it leaves out the returns that were too many to be followed. */
static bool has_profile(const struct attachment *a)
{
	return a->target.place == PLACE_KERNEL && a->way & WAY_TRACEFS &&
	       !a->target.ret;
}

bool attachment_alive(const struct attachment *a)
{
	uint32_t id = 0;

	if (!a->nlinks)
		return false;
	if (a->way & WAY_IOCTL)
		return !perf_program_id(a->links[0].fd, &id) && id;
	return !link_prog_id(a->links[0].fd, &id) && id;
}

bool attachment_is(const struct attachment *a, const int *links, size_t nlinks)
{
	struct link_info ours, other;
	bool same = nlinks == a->nlinks && !(a->way & WAY_IOCTL);
	size_t i;

	for (i = 0; i < nlinks && same; i++) {
		memset(&other, 0, sizeof(other));
		same = look(a, i, &ours) && !link_info_get(links[i], &other) &&
		       ours.id == other.id;
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
		if (!look(a, i, &info))
			continue;
		fprintf(out, " %" PRIu32, info.id);
		link_info_clear(&info);
	}
	fputc('\n', out);
}

static void show_program(const struct attachment *a, FILE *out)
{
	struct program program;

	if (program_info(a->prog_fd, &program))
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

/* The sum over the links. */
static void show_missed(const struct attachment *a, FILE *out)
{
	struct profile profile = { 0 };
	struct link_info info;
	bool counted = false;
	uint64_t missed = 0;
	size_t i;

	if (has_profile(a))
		profile_read(&profile);
	for (i = 0; i < a->nlinks; i++) {
		if (!look_missed(a, i, &profile, &info))
			continue;
		counted |= info.has & LINK_HAS_MISSED;
		missed += info.missed;
		link_info_clear(&info);
	}
	profile_clear(&profile);
	if (counted)
		fprintf(out, "missed:\t%" PRIu64 "\n", missed);
}

/*
 * The kernel gives a probed file as it was named to it, which for a perf event
 * is our descriptor of it: then the path that was found is all there is.
 */
static void show_file(const struct attachment *a, const struct link_info *info,
		      FILE *out)
{
	const struct target *target = &a->target;

	fprintf(out, "file:\t%s\n",
		link_told_path(info) ? info->name : target->path);
	fprintf(out, "inode:\t%" PRIx64 ":%" PRIu64 "\n", target->mark.dev,
		target->mark.ino);
	if (target->nsites == 1 && info->has & LINK_HAS_REF_CTR)
		fprintf(out, "ref_ctr:\t0x%" PRIx64 "\n",
			info->nsites ? info->sites[0].ref_ctr : info->ref_ctr);
}

/* Where the one link is; the file `sites` tells of several. */
static void show_place(const struct attachment *a, const struct link_info *info,
		       FILE *out)
{
	if (a->target.place == PLACE_FILE)
		show_file(a, info, out);
	else if (a->target.nsites == 1 && info->has & LINK_HAS_NAME &&
		 info->name[0])
		fprintf(out, "%s:\t%s\n",
			a->target.place == PLACE_KERNEL ? "function" : "event",
			info->name);
	if (a->target.nsites == 1 && info->has & LINK_HAS_ADDRESS)
		fprintf(out, "address:\t0x%" PRIx64 "\n", info->address);
}

void attachment_show_info(const struct attachment *a, FILE *out)
{
	struct link_info first;
	bool told = look(a, 0, &first);

	fprintf(out, "backend:\t%s\nsites:\t%zu\n", attachment_backend(a),
		a->target.nsites);
	if (told)
		show_ids(a, &first, out);
	show_program(a, out);
	if (told) {
		show_place(a, &first, out);
		fprintf(out, "cookie:\t%" PRIu64 "\n", first_cookie(a, &first));
		show_missed(a, out);
		link_info_clear(&first);
	}
	if (a->adopted)
		fputs("adopted:\tyes\n", out);
	if (a->target.warning)
		fprintf(out, "warning:\t%s\n", a->target.warning);
}

struct line {
	uint64_t where;
	const char *symbol;
	uint64_t from_symbol;
	uint32_t link_id;
	const struct link_info *info;
};

static void show_line(const struct line *line, FILE *out)
{
	if (line->where)
		fprintf(out, "0x%" PRIx64, line->where);
	else
		fputc('-', out);
	fprintf(out, "\t%s", line->symbol ? line->symbol : "-");
	if (line->symbol && line->from_symbol)
		fprintf(out, "+0x%" PRIx64, line->from_symbol);
	if (line->link_id)
		fprintf(out, "\tlink %" PRIu32, line->link_id);
	else
		fputs("\tno link", out);
	if (line->info->has & LINK_HAS_MISSED)
		fprintf(out, "\tmissed %" PRIu64, line->info->missed);
}

static uint64_t site_where(const struct attachment *a, const struct site *site,
			   const struct link_info *info)
{
	if (a->target.place == PLACE_FILE)
		return site->offset;
	if (info->has & LINK_HAS_ADDRESS)
		return info->address;
	return site->address ? site->address + site->offset : 0;
}

void attachment_show_sites(const struct attachment *a, FILE *out)
{
	bool multi = a->way & WAY_MULTI;
	bool file = a->target.place == PLACE_FILE;
	struct link_info info = { 0 };
	struct profile profile = { 0 };
	size_t i;

	if (multi && !look(a, 0, &info))
		return;
	if (has_profile(a))
		profile_read(&profile);
	for (i = 0; i < a->target.nsites; i++) {
		const struct site *site = &a->target.sites[i];
		struct line line = { .symbol = site->symbol, .info = &info };

		if (!multi && !look_missed(a, i, &profile, &info))
			continue;
		line.where = site_where(a, site, &info);
		line.from_symbol = file ? site->symbol_offset : site->offset;
		line.link_id = info.id;
		show_line(&line, out);
		if (site_is_lost(a, site))
			fputs("\tgone", out);
		if (site->note)
			fprintf(out, "\t%s", site->note);
		fputc('\n', out);
		if (!multi)
			link_info_clear(&info);
	}
	profile_clear(&profile);
	if (multi)
		link_info_clear(&info);
}
