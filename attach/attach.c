// SPDX-License-Identifier: BSD-2-Clause
/*
 * attach.c - putting a program on sites, all or none.
 *
 * A program that was loaded for a multi link gets one, or is refused.  For any
 * other there are routes: a source of events together with a way for the program
 * to get on them.  Routes are tried in the order of the table; the next one is
 * tried when this one cannot make the events.
 *
 * A program gets on an event by a link, where the kernel has them, and what the
 * link says is final: it compares what the program was loaded for with what it
 * is put on.  PERF_EVENT_IOC_SET_BPF does not, and a helper that then reads a
 * context of another kind panics the kernel.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/attachment.h"
#include "attach/bpf.h"
#include "attach/features.h"
#include "attach/loaded.h"
#include "attach/perf.h"
#include "attach/tracefs.h"
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

/* The events, one for each site */

static int pmu_open(const struct attachment *a, const struct site *site,
		    struct link *link, struct err *e)
{
	const struct target *target = &a->target;
	char path[FD_PATH];

	(void)link;
	(void)e;
	switch (target->place) {
	case PLACE_KERNEL:
		if (target->by_address)
			return perf_kprobe_address(site->address + site->offset,
						   target->ret);
		return perf_kprobe(site->symbol, site->offset, target->ret);
	case PLACE_FILE:
		return perf_uprobe(fd_path(target, path), site->offset,
				   site->ref_ctr, target->pid, target->ret);
	case PLACE_TRACEPOINT:
		return perf_tracepoint(site->event_id, target->pid);
	}
	return -EINVAL;
}

static int tracefs_open(const struct attachment *a, const struct site *site,
			struct link *link, struct err *e)
{
	const struct target *target = &a->target;
	bool file = target->place == PLACE_FILE;
	scoped_free char *where = NULL;
	char path[FD_PATH];
	uint32_t id;
	int err, len;

	if (target->place == PLACE_TRACEPOINT)
		return perf_tracepoint(site->event_id, target->pid);
	if (file && site->ref_ctr)
		len = asprintf(&where, "%s:0x%" PRIx64 "(0x%" PRIx64 ")",
			       fd_path(target, path), site->offset,
			       site->ref_ctr);
	else if (file)
		len = asprintf(&where, "%s:0x%" PRIx64, fd_path(target, path),
			       site->offset);
	else if (target->by_address)
		len = asprintf(&where, "0x%" PRIx64,
			       site->address + site->offset);
	else
		len = asprintf(&where, "%s+0x%" PRIx64, site->symbol,
			       site->offset);
	if (len < 0)
		return -ENOMEM;
	err = tracefs_make(file ? TRACEFS_UPROBES : TRACEFS_KPROBES,
			   target->ret, target->maxactive,
			   site->symbol ? site->symbol : "address", where,
			   &link->event, &id, e);
	return err ? err : perf_tracepoint(id, target->pid);
}

static int cookie_refused(struct err *e)
{
	return fail(
		e, EOPNOTSUPP,
		"a cookie needs a link on the event (5.15); this kernel or attach_mode has only the ioctl");
}

/* For the ioctl: 1 when a link took the program, 0 where there are none. */
static int check_by_link(const struct attachment *a, int perf_fd, struct err *e)
{
	int has = feature_ask(FEATURE_PERF_LINK, e), link;

	if (has <= 0)
		return has;
	link = bpf_link_perf(a->prog_fd, perf_fd, 0);
	fd_close(link);
	return link < 0 ? link : 1;
}

static int hook_ioctl(const struct attachment *a, const struct site *site,
		      int perf_fd, struct err *e)
{
	int err;

	if (site->cookie)
		return cookie_refused(e);
	err = check_by_link(a, perf_fd, e);
	return err < 0 ? err : perf_set_program(perf_fd, a->prog_fd);
}

/*
 * Puts the program on the event: *fd becomes what keeps it there, which may be
 * perf_fd.  *hooks becomes the way.  *e is filled where the errno alone would
 * not tell.
 */
static int hook(const struct attachment *a, const struct site *site,
		int perf_fd, unsigned int *hooks, int *fd, struct err *e)
{
	int has = *hooks & WAY_LINK ? feature_ask(FEATURE_PERF_LINK, e) : 0;

	if (has < 0)
		return has;
	if (!has && !(*hooks & WAY_IOCTL))
		return -EOPNOTSUPP;
	*hooks = has ? WAY_LINK : WAY_IOCTL;
	e->code = 0;
	*fd = has ? bpf_link_perf(a->prog_fd, perf_fd, site->cookie)
		  : hook_ioctl(a, site, perf_fd, e);
	if (*fd < 0)
		return *fd;
	if (has)
		close(perf_fd);
	else
		*fd = perf_fd;
	return 0;
}

static int event_open(struct attachment *a, const struct site *site,
		      unsigned int source, struct link *link, struct err *e)
{
	struct err why = { 0 };
	int err, perf_fd;

	if (source == WAY_TRACEFS)
		perf_fd = tracefs_open(a, site, link, &why);
	else
		perf_fd = pmu_open(a, site, link, &why);
	if (perf_fd >= 0)
		return perf_fd;
	err = a->kind->explain(&a->target, site, true, -perf_fd, e);
	if (why.code)
		fail_hint(e, "%s", why.text);
	link_drop(link);
	return err;
}

/* *made: there was an event, so another source of events helps no further. */
static int site_attach(struct attachment *a, size_t i, unsigned int source,
		       unsigned int *hooks, bool *made, struct err *e)
{
	const struct site *site = &a->target.sites[i];
	struct link link = { .fd = -1 };
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

static int each_attach(struct attachment *a, unsigned int source,
		       unsigned int hooks, bool *made, struct err *e)
{
	size_t i;
	int err;

	for (i = 0; i < a->target.nsites; i++) {
		err = site_attach(a, i, source, &hooks, made, e);
		if (err) {
			links_drop(a);
			return err;
		}
	}
	a->way = source | hooks;
	return 0;
}

static int pmu_fits(const struct attachment *a, struct err *e)
{
	const struct target *target = &a->target;
	enum feature pmu = target->place == PLACE_KERNEL ? FEATURE_KPROBE_PMU
							 : FEATURE_UPROBE_PMU;

	if (target->place == PLACE_TRACEPOINT)
		return 1;
	if (target->maxactive) {
		fail(e, EOPNOTSUPP,
		     "maxactive needs an event of tracefs; a perf event has a fixed number");
		return 0;
	}
	return feature_fits(pmu, "there is no perf PMU for such probes", e);
}

static int tracefs_fits(const struct attachment *a, struct err *e)
{
	bool kernel = a->target.place == PLACE_KERNEL;

	if (a->target.place == PLACE_TRACEPOINT)
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
	*e = refusal;
	return -refusal.code;
}

/* Only programs of type kprobe can be loaded for several things. */
static int attach_any(struct attachment *a, const struct attach_mode *mode,
		      struct err *e)
{
	int err = 0;

	a->loaded = loaded_find(0);
	if (a->kind->prog_type == BPF_PROG_TYPE_KPROBE)
		err = program_loaded_for(a->prog_fd, &a->loaded, e);
	if (err)
		return err;
	return a->loaded->type ? multi_attach(a, mode, e)
			       : attach_events(a, mode, e);
}

int attachment_make(const struct kind *kind, const struct attach_mode *mode,
		    struct target *target, int prog_fd, uint64_t cookie,
		    struct attachment **out, struct err *e)
{
	struct attachment *a = attachment_new(kind, target);
	size_t i;
	int err;

	if (!a) {
		fd_close(prog_fd);
		return fail(e, ENOMEM, "no memory for the sites");
	}
	a->prog_fd = prog_fd;
	a->cookie = cookie;
	for (i = 0; i < a->target.nsites; i++)
		a->target.sites[i].cookie = cookie;
	err = program_fits(kind, prog_fd, e);
	if (!err && kind->arm)
		err = kind->arm(&a->target, prog_fd, cookie, e);
	if (!err)
		err = attach_any(a, mode, e);
	if (err) {
		attachment_free(a);
		return err;
	}
	fd_close(take_fd(&a->target.fd));
	*out = a;
	return 0;
}
