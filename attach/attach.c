// SPDX-License-Identifier: BSD-2-Clause
/*
 * attach.c - putting a program on sites, all or none.
 *
 * A route is a source of events together with a way for the program to get on
 * them.  Routes are tried in the order of the table; the next one is tried when
 * this one does not exist here, or does not take this program: the kernel does
 * not tell what a program was loaded for, so EINVAL is how one finds out.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/attachment.h"
#include "attach/bpf.h"
#include "attach/features.h"
#include "attach/link.h"
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

/* The multi route */

static bool multi_fits(const struct attachment *a, struct err *e)
{
	switch (a->target.place) {
	case PLACE_KERNEL:
		if (!a->target.whole_functions || a->target.maxactive) {
			fail(e, EOPNOTSUPP,
			     "a multi link takes functions that ftrace knows, at their first instruction, and no maxactive");
			return false;
		}
		if (feature_has(FEATURE_KPROBE_MULTI))
			return true;
		break;
	case PLACE_FILE:
		/* Before 6.10 its pid meant one thread: 46ba0e49b642. */
		if (feature_has(a->target.pid ? FEATURE_UPROBE_MULTI_PID
					      : FEATURE_UPROBE_MULTI))
			return true;
		break;
	case PLACE_TRACEPOINT:
		fail(e, EOPNOTSUPP, "there is no multi link for tracepoints");
		return false;
	}
	fail(e, EOPNOTSUPP,
	     "this kernel has no multi links for such probes; see the file 'features'");
	return false;
}

static int multi_attach(struct attachment *a, unsigned int source,
			unsigned int hooks, struct err *e)
{
	bool kernel = a->target.place == PLACE_KERNEL;
	int fd = multi_link(a);

	(void)hooks;
	if (fd == -EINVAL)
		return fail(e, EINVAL,
			    "the program was not loaded for a multi link%s",
			    kernel ? ", or ftrace does not know a function"
				   : "");
	/* 7.2 says it of an address that ftrace does not know. */
	if (fd == -ENOENT && kernel)
		fd = -ESRCH;
	if (fd < 0)
		return a->kind->explain(&a->target, &a->target.sites[0], false,
					-fd, e);
	a->way = source;
	a->links[0] = (struct link){ .fd = fd };
	a->nlinks = 1;
	return 0;
}

/* The routes with an event for each site */

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

/* Puts the program on the event; takes the event over when it succeeds. */
static int hook(const struct attachment *a, const struct site *site,
		int perf_fd, unsigned int *hooks, int *fd)
{
	int err = -EOPNOTSUPP;

	if (*hooks & WAY_LINK && feature_has(FEATURE_PERF_LINK)) {
		*fd = bpf_link_perf(a->prog_fd, perf_fd, site->cookie);
		if (*fd >= 0) {
			close(perf_fd);
			*hooks = WAY_LINK;
			return 0;
		}
		err = *fd;
		if (err != -EINVAL)
			return err;
	}
	/* A program for multi links goes on an event by the ioctl alone. */
	if (!(*hooks & WAY_IOCTL) || site->cookie)
		return err;
	err = perf_set_program(perf_fd, a->prog_fd);
	if (err)
		return err;
	*fd = perf_fd;
	*hooks = WAY_IOCTL;
	return 0;
}

static int cookie_refused(struct err *e)
{
	return fail(
		e, EOPNOTSUPP,
		"a cookie needs a link on the event (5.15); this kernel or attach_mode has only the ioctl");
}

static int site_attach(struct attachment *a, size_t i, unsigned int source,
		       unsigned int *hooks, struct err *e)
{
	const struct site *site = &a->target.sites[i];
	struct link link = { .fd = -1 };
	struct err why = { 0 };
	int perf_fd, err;

	if (source == WAY_TRACEFS)
		perf_fd = tracefs_open(a, site, &link, &why);
	else
		perf_fd = pmu_open(a, site, &link, &why);
	if (perf_fd < 0) {
		err = a->kind->explain(&a->target, site, true, -perf_fd, e);
		if (why.code)
			fail_hint(e, "%s", why.text);
		link_drop(&link);
		return err;
	}
	err = hook(a, site, perf_fd, hooks, &link.fd);
	if (!err) {
		a->links[a->nlinks++] = link;
		return 0;
	}
	fd_close(perf_fd);
	link_drop(&link);
	if (err == -EOPNOTSUPP && site->cookie)
		return cookie_refused(e);
	return a->kind->explain(&a->target, site, false, -err, e);
}

static int each_attach(struct attachment *a, unsigned int source,
		       unsigned int hooks, struct err *e)
{
	size_t i;
	int err;

	for (i = 0; i < a->target.nsites; i++) {
		err = site_attach(a, i, source, &hooks, e);
		if (err) {
			links_drop(a);
			return err;
		}
	}
	a->way = source | hooks;
	return 0;
}

static bool pmu_fits(const struct attachment *a, struct err *e)
{
	const struct target *target = &a->target;
	enum feature pmu = target->place == PLACE_KERNEL ? FEATURE_KPROBE_PMU
							 : FEATURE_UPROBE_PMU;

	if (target->place == PLACE_TRACEPOINT)
		return true;
	if (target->maxactive) {
		fail(e, EOPNOTSUPP,
		     "maxactive needs an event of tracefs; a perf event has a fixed number");
		return false;
	}
	if (feature_has(pmu))
		return true;
	return feature_refuse(pmu, "there is no perf PMU for such probes", e);
}

static bool tracefs_fits(const struct attachment *a, struct err *e)
{
	bool kernel = a->target.place == PLACE_KERNEL;
	enum feature events =
		kernel ? FEATURE_KPROBE_TRACEFS : FEATURE_UPROBE_TRACEFS;

	if (a->target.place == PLACE_TRACEPOINT || !tracefs_root(e))
		return a->target.place == PLACE_TRACEPOINT;
	if (feature_has(events))
		return true;
	return feature_refuse(
		events,
		kernel ? "no kprobes here, see the file 'features'"
		       : "no uprobes here, see the file 'features'",
		e);
}

struct route {
	enum way source;
	/* False, with *e filled, when it is not for such a probe or kernel. */
	bool (*fits)(const struct attachment *a, struct err *e);
	int (*attach)(struct attachment *a, unsigned int source,
		      unsigned int hooks, struct err *e);
};

static const struct route routes[] = {
	{ .source = WAY_MULTI, .fits = multi_fits, .attach = multi_attach },
	{ .source = WAY_PMU, .fits = pmu_fits, .attach = each_attach },
	{ .source = WAY_TRACEFS, .fits = tracefs_fits, .attach = each_attach },
};

/*
 * EINVAL: not for this program, or an old PMU that takes no '.' in a name.
 * EOPNOTSUPP: not in this kernel.  ENODEV: no such PMU.  ESRCH: a function that
 * kprobe_multi cannot take, for ftrace does not know it.
 */
static bool worth_another_way(int err)
{
	return err == -EINVAL || err == -EOPNOTSUPP || err == -ENODEV ||
	       err == -ESRCH;
}

/* The sentence is that of the last way tried, or else not even fit to be. */
static int attach_any(struct attachment *a, const struct attach_mode *mode,
		      struct err *e)
{
	struct err refusal = { 0 };
	bool tried = false;
	size_t i;
	int err;

	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		const struct route *route = &routes[i];

		if (!(mode->ways & route->source) ||
		    !route->fits(a, tried ? NULL : &refusal))
			continue;
		tried = true;
		err = route->attach(a, route->source, mode->ways, &refusal);
		if (!err)
			return 0;
		if (!worth_another_way(err))
			break;
	}
	*e = refusal;
	return -refusal.code;
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

bool attachment_wants_multi(const struct target *target,
			    const struct attach_mode *mode)
{
	struct attachment probe = { .target = *target };

	return mode->ways & WAY_MULTI && multi_fits(&probe, NULL);
}
