// SPDX-License-Identifier: BSD-2-Clause
/*
 * per_cpu.c - the attacher of samples: a perf event, with a link, for each CPU or
 * thread.
 *
 * When a CPU goes offline its events end, and do not go on when it is back: the
 * kernel takes them off it (perf_event_exit_cpu_context(), 5.10 to 7.2), and says
 * nothing of it in the link.  So a CPU that has come online is given another event
 * and link, beside those that are there.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdlib.h>

#include "attach/attacher.h"
#include "attach/attachment_private.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/cpu_events.h"
#include "attach/kernel/features.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/sysfile.h"
#include "attach/kind/perf_event.h"
#include "scope.h"

enum { LIST = 4096 };

/* 1: by links; 0: by the ioctl.  -errno with *e filled: neither. */
static int by_links(const struct attachment *a, const struct attach_mode *mode,
		    struct err *e)
{
	struct err why;
	int has = feature_ask(FEATURE_PERF_LINK, &why);

	if (has < 0)
		return fail(e, -has, "%s", why.text);
	if (has && mode->ways & WAY_LINK)
		return 1;
	if (!(mode->ways & WAY_IOCTL))
		return fail(
			e, EOPNOTSUPP,
			"the attach_mode of this mount puts no program on such an event");
	if (a->cookie)
		return fail(
			e, EOPNOTSUPP,
			"a cookie needs a link on the event, which came with Linux 5.15");
	return 0;
}

static int put_program(const struct attachment *a, int perf_fd, bool links)
{
	return links ? bpf_link_perf(a->prog_fd, perf_fd, a->cookie)
		     : perf_set_program(perf_fd, a->prog_fd);
}

static int attach_one(struct attachment *a, struct site *site, bool links,
		      struct err *e)
{
	const struct sample_target *sample = &a->target.sample;
	uint64_t turn = cpu_turn(site->cpu);
	scoped_fd int fd =
		perf_sample(sample->type, sample->config, sample->period,
			    sample->frequency, (pid_t)site->tid, site->cpu);
	int link;

	if (fd < 0)
		return a->kind->explain(&a->target, site, true, -fd, e);
	link = put_program(a, fd, links);
	if (link < 0)
		return a->kind->explain(&a->target, site, false, -link, e);
	if (!links)
		link = take_fd(&fd);
	site->turn = turn;
	a->links[a->nlinks++] = (struct attach_fd){ .fd = link };
	return 0;
}

static int samples_attach(struct attachment *a, const struct attach_mode *mode,
			  struct err *e)
{
	int links = by_links(a, mode, e);
	size_t i;
	int err = links < 0 ? links : 0;

	for (i = 0; i < a->target.nsites && !err; i++)
		err = attach_one(a, &a->target.sites[i], links, e);
	if (err)
		links_drop(a);
	else
		a->way = links ? WAY_LINK : WAY_IOCTL;
	return err;
}

/* CPUs that come online */

static const struct site *site_of_cpu(const struct target *target, int cpu)
{
	size_t i;

	for (i = 0; i < target->nsites; i++)
		if (target->sites[i].cpu == cpu)
			return &target->sites[i];
	return NULL;
}

/* Its CPU has come online since its event was made. */
static bool has_ended(const struct site *site)
{
	return site->turn != cpu_turn(site->cpu);
}

static int by_cpu(const void *a, const void *b)
{
	const struct site *one = a, *two = b;

	return one->cpu < two->cpu ? -1 : one->cpu > two->cpu;
}

/* CPUs that are offline by now keep what they have. */
static int keep_sites(struct target *target, const struct target *old,
		      struct err *e)
{
	struct site *site;
	int cpu;
	size_t i;

	for (i = 0; i < old->nsites; i++) {
		cpu = old->sites[i].cpu;
		if (site_of_cpu(target, cpu))
			continue;
		site = target_add(target, old->sites[i].symbol);
		if (!site)
			return fail(e, ENOMEM, "no memory for a site");
		site->cpu = cpu;
		site->turn = old->sites[i].turn;
	}
	qsort(target->sites, target->nsites, sizeof(*target->sites), by_cpu);
	return 0;
}

static int keep_link(struct attachment *a, const struct attachment *old,
		     const struct site *was, struct site *site, struct err *e)
{
	int fd = fcntl(old->links[was - old->target.sites].fd, F_DUPFD_CLOEXEC,
		       0);

	if (fd < 0)
		return fail(e, errno, "no descriptor is left for a link");
	site->turn = was->turn;
	a->links[a->nlinks++] = (struct attach_fd){ .fd = fd };
	return 0;
}

/* ENODEV: the CPU has gone again. */
static int grow_one(struct attachment *a, const struct attachment *old,
		    struct site *site, struct err *e)
{
	const struct site *was = site_of_cpu(&old->target, site->cpu);
	int err;

	site->cookie = a->cookie;
	if (was && !has_ended(was))
		return keep_link(a, old, was, site, e);
	err = attach_one(a, site, old->way & WAY_LINK, e);
	return was && err == -ENODEV ? keep_link(a, old, was, site, e) : err;
}

static int samples_grow(struct attachment *a, const struct attachment *old,
			struct err *e)
{
	int err = keep_sites(&a->target, &old->target, e);
	struct attach_fd *room;
	size_t i;

	if (err)
		return err;
	room = reallocarray(a->links, a->target.nsites, sizeof(*room));
	if (!room)
		return fail(e, ENOMEM, "no memory for the links");
	a->links = room;
	for (i = 0; i < a->target.nsites && !err; i++)
		err = grow_one(a, old, &a->target.sites[i], e);
	return err;
}

/* The kernel makes the clocks events of PMUs of their own (perf_swevent_init()). */
static bool same_type(const struct sample_target *sample, uint32_t type)
{
	if (type == sample->type)
		return true;
	return sample->type == PERF_TYPE_SOFTWARE &&
	       sample->config <= PERF_COUNT_SW_TASK_CLOCK &&
	       type > PERF_TYPE_BREAKPOINT;
}

/* Before 6.6 it tells nothing of the event. */
static enum link_match samples_match(const struct attachment *a, size_t i,
				     const struct link_info *info)
{
	const struct sample_target *sample = &a->target.sample;

	if (info->type != BPF_LINK_TYPE_PERF_EVENT || i >= a->target.nsites)
		return LINK_OF_OTHER_TYPE;
	if (info->perf_type && (info->perf_type != BPF_PERF_EVENT_EVENT ||
				info->raw.perf.event.config != sample->config ||
				!same_type(sample, info->raw.perf.event.type)))
		return LINK_ELSEWHERE;
	return LINK_MATCHES;
}

static void samples_adopt(struct attachment *a, size_t i,
			  const struct link_info *info)
{
	a->way = WAY_LINK;
	a->target.cookies_told &= !!(info->has & LINK_HAS_COOKIE);
	a->target.sites[i].cookie = info->cookie;
}

/* The kernel does not tell the program of an event without a link. */
static bool samples_alive(const struct attachment *a)
{
	return a->way & WAY_IOCTL || link_alive(a->links[0].fd);
}

static void look_for_more(const struct target *target, struct fate *fate)
{
	char online[LIST];
	int cpu = -1;

	if (sysfile_read("/sys/devices/system/cpu/online", online,
			 sizeof(online)))
		return;
	do
		cpu = cpus_next(online, cpu + 1);
	while (cpu >= 0 && site_of_cpu(target, cpu));
	if (cpu >= 0)
		fate_set(
			fate, FATE_CHANGED,
			"CPU %d came online after the attach and has no event yet; attach the program again",
			cpu);
}

static void samples_look(const struct attachment *a,
			 const struct opener *opener, struct fate *fate)
{
	const struct target *target = &a->target;
	size_t i = 0;

	(void)opener;
	if (!target->sample.of_cpus)
		return;
	while (i < target->nsites && !has_ended(&target->sites[i]))
		i++;
	if (i < target->nsites)
		fate_set(
			fate, FATE_CHANGED,
			"CPU %d"
			" was offline after the attach, which ended its event; attach the program again",
			target->sites[i].cpu);
	else if (target->sample.everywhere)
		look_for_more(target, fate);
}

static void samples_show(const struct attachment *a,
			 const struct link_info *first, FILE *out)
{
	const struct sample_target *sample = &a->target.sample;

	(void)first;
	fprintf(out, "perf_type:\t%" PRIu32 "\nperf_config:\t0x%" PRIx64 "\n",
		sample->type, sample->config);
	fprintf(out, "%s:\t%" PRIu64 "\n",
		sample->period ? "sample_period" : "sample_frequency",
		sample->period ? sample->period : sample->frequency);
}

static void samples_show_sites(const struct attachment *a, FILE *out)
{
	const struct site *site;
	uint32_t id;
	size_t i;

	for (i = 0; i < a->target.nsites; i++) {
		site = &a->target.sites[i];
		if (site->tid)
			fprintf(out, "thread %" PRIu64, site->tid);
		if (site->cpu >= 0)
			fprintf(out, "%scpu %d", site->tid ? " " : "",
				site->cpu);
		fprintf(out, "\t%s\t", site->symbol);
		if (a->way & WAY_IOCTL || link_id(a->links[i].fd, &id))
			fputs("no link\n", out);
		else
			fprintf(out, "link %" PRIu32 "\n", id);
	}
}

const struct attacher attacher_samples = {
	.attach = samples_attach,
	.grow = samples_grow,
	.matches = samples_match,
	.adopt = samples_adopt,
	.alive = samples_alive,
	.look = samples_look,
	.show = samples_show,
	.show_sites = samples_show_sites,
};
