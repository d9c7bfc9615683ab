// SPDX-License-Identifier: BSD-2-Clause
/*
 * routes.c - the attacher of events: a program on all sites, or on none.
 *
 * A program that was loaded for a multi link gets one, or is refused.  For any
 * other there are routes: a source of events together with a way for the
 * program to get on them.  Routes are tried in the order of the table; the next
 * one is tried when this one cannot make the events.
 *
 * A program gets on an event by a link, where the kernel has them, and what the
 * link says is final: it compares what the program was loaded for with what it
 * is put on.  PERF_EVENT_IOC_SET_BPF does not, and a helper that then reads a
 * context of another kind panics the kernel.
 */
#include <errno.h>

#include "attach/attacher.h"
#include "attach/attachment_private.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/features.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/program.h"
#include "attach/kernel/tracefs.h"
#include "attach/known_path.h"
#include "attach/loaded.h"
#include "scope.h"

/* clang-format off */
const struct attach_mode attach_modes[] = {
	{
		.name = "auto",
		.ways = WAY_MULTI | WAY_PMU | WAY_TRACEFS | WAY_LINK | WAY_IOCTL,
		.help = "the first way that works",
	},
	{
		.name = "multi",
		.ways = WAY_MULTI,
		.help = "one multi link for all sites (5.18, 6.6)",
	},
	{
		.name = "link",
		.ways = WAY_PMU | WAY_LINK,
		.help = "a perf event and a link for each site (5.15)",
	},
	{
		.name = "ioctl",
		.ways = WAY_PMU | WAY_IOCTL,
		.help = "a perf event for each site, no link, so no cookie and no pin",
	},
	{
		.name = "tracefs",
		.ways = WAY_TRACEFS | WAY_LINK | WAY_IOCTL,
		.help = "an event of tracefs for each site, with a link where there are links",
	},
	{
		.name = "tracefs-ioctl",
		.ways = WAY_TRACEFS | WAY_IOCTL,
		.help = "an event of tracefs for each site, no link",
	},
	{ 0 },
};
/* clang-format on */

/* The number of BPF_LINK_CREATE's attach type for a multi link on the place. */
static uint32_t multi_type_of(const struct target *target)
{
	return target->event.place == PLACE_FILE ? BPF_TRACE_UPROBE_MULTI
						 : BPF_TRACE_KPROBE_MULTI;
}

/* A program on an event */

static int cookie_refused(struct err *e)
{
	return fail(
		e, EOPNOTSUPP, "a cookie needs a link on the event: %s",
		feature_has(FEATURE_PERF_LINK)
			? "the attach_mode of this mount makes no links"
			: "this kernel has none, they came with Linux 5.15");
}

/* A link for each site; where there can be one for all, that is the way out. */
static void advise(const struct target *target, int code, struct err *e)
{
	if (code == EMFILE && target->event.place != PLACE_TRACEPOINT)
		fail_hint(
			e,
			"or use a program loaded for a multi link, which needs one for all places");
}

/*
 * The ioctl does not check what the program was loaded for, so where there are
 * links one has to take it first.
 */
static int hook_ioctl(const struct attachment *a, const struct site *site,
		      int perf_fd, bool check, struct err *e)
{
	int link;

	if (site->cookie)
		return cookie_refused(e);
	link = check ? bpf_link_perf(a->prog_fd, perf_fd, 0) : -1;
	if (check && link < 0)
		return link;
	fd_close(link);
	return perf_set_program(perf_fd, a->prog_fd);
}

/*
 * Puts the program on the event: *fd becomes what keeps it there, which may be
 * perf_fd.  *hooks becomes the way.  *e is filled where the errno alone would
 * not tell, and else has the code 0.
 */
static int hook(const struct attachment *a, const struct site *site,
		int perf_fd, unsigned int *hooks, int *fd, struct err *e)
{
	int has = feature_ask(FEATURE_PERF_LINK, e);

	if (has < 0)
		return has;
	if (!has && !(*hooks & WAY_IOCTL))
		return fail(
			e, EOPNOTSUPP,
			"this kernel has no links on events, which came with Linux 5.15");
	/* It says why there are none, which is no failure here. */
	e->code = 0;
	*hooks = has && *hooks & WAY_LINK ? WAY_LINK : WAY_IOCTL;
	*fd = *hooks == WAY_LINK
		      ? bpf_link_perf(a->prog_fd, perf_fd, site->cookie)
		      : hook_ioctl(a, site, perf_fd, has, e);
	if (*fd < 0)
		return *fd;
	if (*hooks == WAY_LINK)
		close(perf_fd);
	else
		*fd = perf_fd;
	return 0;
}

/* *made: there was an event, so another source of events helps no further. */
static int site_attach(struct attachment *a, size_t i, unsigned int source,
		       unsigned int *hooks, bool *made, struct err *e)
{
	struct site *site = &a->target.sites[i];
	struct attach_fd link = { .fd = -1 };
	struct err why = { 0 };
	int perf_fd, err;

	perf_fd = event_open(a, site, source, &link, e);
	*made = perf_fd >= 0;
	if (perf_fd < 0)
		return perf_fd;
	err = hook(a, site, perf_fd, hooks, &link.fd, &why);
	if (!err) {
		a->links[a->nlinks++] = link;
		return 0;
	}
	fd_close(perf_fd);
	link.fd = -1;
	link_drop(&link);
	if (why.code)
		*e = why;
	else
		a->kind->explain(&a->target, site, false, -err, e);
	return -e->code;
}

/*
 * Of a pattern: the place cannot have a probe, or not one with a program of
 * this type, as an event made in kprobe_events, which only takes those of
 * kprobes.
 */
static bool may_leave_out(const struct target *target, bool made, int err)
{
	if (!target->pattern)
		return false;
	if (made)
		return target->event.place == PLACE_TRACEPOINT &&
		       err == -EINVAL;
	return err == -EINVAL || err == -ENOENT || err == -EADDRNOTAVAIL ||
	       err == -EOPNOTSUPP;
}

static int each_attach(struct attachment *a, unsigned int source,
		       unsigned int hooks, bool *made, struct err *e)
{
	struct target *target = &a->target;
	size_t i = 0;
	int err = 0;

	if (target->event.place == PLACE_FILE && !target->event.known)
		target->event.known =
			known_path(target->fd, &target->event.mark);
	while (i < target->nsites) {
		err = site_attach(a, i, source, &hooks, made, e);
		if (!err)
			i++;
		else if (may_leave_out(target, *made, err) &&
			 target->nsites > 1)
			target_leave_out(target, i);
		else
			break;
	}
	if (i < target->nsites) {
		links_drop(a);
		return err;
	}
	a->way = source | hooks;
	return 0;
}

static int pmu_fits(const struct attachment *a, struct err *e)
{
	const struct target *target = &a->target;
	enum feature pmu = target->event.place == PLACE_KERNEL
				   ? FEATURE_KPROBE_PMU
				   : FEATURE_UPROBE_PMU;

	if (target->event.place == PLACE_TRACEPOINT)
		return 1;
	if (target->event.maxactive) {
		fail(e, EOPNOTSUPP,
		     "maxactive needs an event of tracefs; a perf event has a fixed number");
		return 0;
	}
	return feature_fits(pmu, "there is no perf PMU for such probes", e);
}

static int tracefs_fits(const struct attachment *a, struct err *e)
{
	bool kernel = a->target.event.place == PLACE_KERNEL;

	if (a->target.event.place == PLACE_TRACEPOINT)
		return 1;
	if (!tracefs_root(e))
		return 0;
	return feature_fits(kernel ? FEATURE_KPROBE_TRACEFS
				   : FEATURE_UPROBE_TRACEFS,
			    kernel ? "no kprobes here, see the file 'features'"
				   : "no uprobes here, see the file 'features'",
			    e);
}

struct route {
	enum way source;
	/*
	 * 1, or 0 with *e filled when it is not for such a probe or kernel;
	 * -errno when that cannot be known now.
	 */
	int (*fits)(const struct attachment *a, struct err *e);
};

static const struct route routes[] = {
	{ .source = WAY_PMU, .fits = pmu_fits },
	{ .source = WAY_TRACEFS, .fits = tracefs_fits },
};

/*
 * EINVAL: an old PMU that takes no '.' in a name.  EOPNOTSUPP: not in this
 * kernel.  ENODEV: no such PMU.
 */
static bool worth_another_way(int err)
{
	return err == -EINVAL || err == -EOPNOTSUPP || err == -ENODEV;
}

/* The sentence is that of the last way tried, or else not even fit to be. */
static int attach_events(struct attachment *a, const struct attach_mode *mode,
			 struct err *e)
{
	struct err refusal = { 0 };
	bool tried = false, made = false;
	size_t i;
	int err;

	multi_refuse(a, &refusal);
	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		const struct route *route = &routes[i];

		if (!(mode->ways & route->source))
			continue;
		err = route->fits(a, tried ? NULL : &refusal);
		if (err > 0) {
			tried = true;
			err = each_attach(a, route->source, mode->ways, &made,
					  &refusal);
			if (!err)
				return 0;
		}
		if (err && (made || !worth_another_way(err)))
			break;
	}
	advise(&a->target, refusal.code, &refusal);
	*e = refusal;
	return -refusal.code;
}

/* Only programs of type kprobe can be loaded for several things. */
static int attach_any(struct attachment *a, const struct attach_mode *mode,
		      struct err *e)
{
	int err = 0;

	a->loaded = loaded_find(0);
	if (kind_accepts(a->kind, BPF_PROG_TYPE_KPROBE))
		err = program_loaded_for(a->prog_fd, &a->loaded, e);
	if (err)
		return err;
	return a->loaded->type ? multi_attach(a, mode, e)
			       : attach_events(a, mode, e);
}

/*
 * A built-in program is loaded for a multi link where that is the best.  Of a
 * mode that is not known only the first is asked for.
 */
static int load_as(const struct kind *kind, const struct target *target,
		   const struct attach_mode *mode, struct load_as *as,
		   struct err *e)
{
	int multi = mode ? multi_is_best(target, mode, e) : 0;

	(void)kind;
	if (multi > 0)
		as->attach_type = multi_type_of(target);
	return multi < 0 ? multi : 0;
}

static void loaded_as(const struct attachment *a, struct load_as *as)
{
	if (a->way & WAY_MULTI)
		as->attach_type = multi_type_of(&a->target);
}

/*
 * What is there may be all that is in the way: the same program, one of the 64
 * that a tracepoint takes, of which the kernel complains first, or what it has
 * of the room in the program.
 */
static bool in_the_way(const struct attachment *old, int prog_fd, int err)
{
	if (err == -E2BIG)
		return old->target.event.place == PLACE_TRACEPOINT;
	if (err == -ENOSPC)
		return old->target.event.takes_room;
	return err == -EEXIST && program_same(old->prog_fd, prog_fd);
}

const struct attacher attacher_events = {
	.attach = attach_any,
	.load_as = load_as,
	.loaded_as = loaded_as,
	.matches = events_match,
	.adopt = events_adopt,
	.alive = events_alive,
	.look = events_look,
	.show = events_show,
	.show_sites = events_show_sites,
	.in_the_way = in_the_way,
};
