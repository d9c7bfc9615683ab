// SPDX-License-Identifier: BSD-2-Clause
/* events_show.c - what the kernel says of links on places of events. */
#include <inttypes.h>

#include "attach/attachment_private.h"
#include "attach/fate.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/tracefs_profile.h"

/* With the misses, where only the event tells them. */
static bool look_missed(const struct attachment *a, size_t i,
			const struct profile *profile, struct link_info *info)
{
	if (!attachment_look(a, i, info))
		return false;
	if (!(info->has & LINK_HAS_MISSED) && a->links[i].event &&
	    profile_missed(profile, a->links[i].event, &info->missed))
		info->has |= LINK_HAS_MISSED;
	return true;
}

/* Before 6.7 it leaves out the returns that were too many to be followed. */
static bool has_profile(const struct attachment *a)
{
	return a->target.event.place == PLACE_KERNEL && a->way & WAY_TRACEFS &&
	       !a->target.event.ret;
}

bool events_alive(const struct attachment *a)
{
	uint32_t id = 0;

	if (a->way & WAY_IOCTL)
		return !perf_program_id(a->links[0].fd, &id) && id;
	return !link_prog_id(a->links[0].fd, &id) && id;
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
		link_told_path(info) ? info->name : target->event.path);
	fprintf(out, "inode:\t%" PRIx64 ":%" PRIu64 "\n",
		target->event.mark.dev, target->event.mark.ino);
	if (target->nsites == 1 && info->has & LINK_HAS_REF_CTR)
		fprintf(out, "ref_ctr:\t0x%" PRIx64 "\n",
			info->nsites ? info->sites[0].ref_ctr : info->ref_ctr);
}

/* Where the one link is; the file `sites` tells of several. */
static void show_place(const struct attachment *a, const struct link_info *info,
		       FILE *out)
{
	if (a->target.event.place == PLACE_FILE)
		show_file(a, info, out);
	else if (a->target.nsites == 1 && info->has & LINK_HAS_NAME &&
		 info->name[0])
		fprintf(out, "%s:\t%s\n",
			a->target.event.place == PLACE_KERNEL ? "function"
							      : "event",
			info->name);
	if (a->target.nsites == 1 && info->has & LINK_HAS_ADDRESS)
		fprintf(out, "address:\t0x%" PRIx64 "\n", info->address);
}

void events_show(const struct attachment *a, const struct link_info *first,
		 FILE *out)
{
	show_place(a, first, out);
	show_missed(a, out);
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
	if (a->target.event.place == PLACE_FILE)
		return site->offset;
	if (info->has & LINK_HAS_ADDRESS)
		return info->address;
	return site->address ? site->address + site->offset : 0;
}

void events_show_sites(const struct attachment *a, FILE *out)
{
	bool multi = a->way & WAY_MULTI;
	bool file = a->target.event.place == PLACE_FILE;
	struct link_info info = { 0 };
	struct profile profile = { 0 };
	size_t i;

	if (multi && !attachment_look(a, 0, &info))
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
