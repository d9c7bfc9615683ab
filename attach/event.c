// SPDX-License-Identifier: BSD-2-Clause
/*
 * event.c - making the events that programs are put on, one for each site.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/attachment_private.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/tracefs.h"
#include "attach/known_path.h"
#include "scope.h"
#include "usdt/elf/native.h"

/* By the file's path, for all that ask of the event; or else by descriptor. */
static int file_open(const struct target *target, const struct site *site)
{
	char path[FD_PATH];
	int fd = -1;

	if (target->event.known)
		fd = perf_uprobe(target->event.known, site->offset,
				 site->ref_ctr, target->pid, target->event.ret);
	if (fd >= 0 &&
	    known_path_holds(target->event.known, &target->event.mark))
		return fd;
	fd_close(fd);
	return perf_uprobe(fd_path(target, path), site->offset, site->ref_ctr,
			   target->pid, target->event.ret);
}

static int pmu_open(const struct attachment *a, const struct site *site,
		    struct attach_fd *link, struct err *e)
{
	const struct target *target = &a->target;

	(void)link;
	(void)e;
	switch (target->event.place) {
	case PLACE_KERNEL:
		if (target->event.by_address)
			return perf_kprobe_address(site->address + site->offset,
						   target->event.ret);
		return perf_kprobe(site->symbol, site->offset,
				   target->event.ret);
	case PLACE_FILE:
		return file_open(target, site);
	case PLACE_TRACEPOINT:
		return perf_tracepoint(site->event_id, target->pid);
	}
	return -EINVAL;
}

/* Where the site is, as kprobe_events and uprobe_events take it. */
static int place_print(const struct target *target, const struct site *site,
		       char **where)
{
	char path[FD_PATH];

	if (target->event.place == PLACE_FILE && site->ref_ctr)
		return asprintf(where, "%s:0x%" PRIx64 "(0x%" PRIx64 ")",
				fd_path(target, path), site->offset,
				site->ref_ctr);
	if (target->event.place == PLACE_FILE)
		return asprintf(where, "%s:0x%" PRIx64, fd_path(target, path),
				site->offset);
	if (target->event.by_address)
		return asprintf(where, "0x%" PRIx64,
				site->address + site->offset);
	return asprintf(where, "%s+0x%" PRIx64, site->symbol, site->offset);
}

static int tracefs_open(const struct attachment *a, const struct site *site,
			struct attach_fd *link, struct err *e)
{
	const struct target *target = &a->target;
	scoped_free char *where = NULL;
	uint32_t id;
	int err;

	if (target->event.place == PLACE_TRACEPOINT)
		return perf_tracepoint(site->event_id, target->pid);
	if (place_print(target, site, &where) < 0)
		return -ENOMEM;
	err = tracefs_make(target->event.place == PLACE_FILE ? TRACEFS_UPROBES
							     : TRACEFS_KPROBES,
			   target->event.ret, target->event.maxactive,
			   site->symbol ? site->symbol : "address", where,
			   &link->event, &id, e);
	return err ? err : perf_tracepoint(id, target->pid);
}

static int source_open(const struct attachment *a, const struct site *site,
		       unsigned int source, struct attach_fd *link,
		       struct err *e)
{
	return source == WAY_TRACEFS ? tracefs_open(a, site, link, e)
				     : pmu_open(a, site, link, e);
}

/*
 * EINVAL is what tracefs says of an unknown symbol since 6.12.
 */
static bool is_unknown(const struct attachment *a, const struct site *site,
		       unsigned int source, int err)
{
	if (a->target.event.place != PLACE_KERNEL ||
	    a->target.event.by_address || site->address || !site->symbol ||
	    strchr(site->symbol, ':'))
		return false;
	return err == -ENOENT || (err == -EINVAL && source == WAY_TRACEFS);
}

char *site_platform_name(const struct site *site)
{
	char *name;

	if (asprintf(&name, "%s%s", machine_native()->call_prefix,
		     site->symbol) < 0)
		return NULL;
	return name;
}

/*
 * Where kallsyms told nothing, the name of a system call is tried as it is and
 * then with the prefix that it has on this machine.
 */
static int prefixed_open(const struct attachment *a, struct site *site,
			 unsigned int source, struct attach_fd *link)
{
	char *written = site->symbol;
	struct err ignored;
	int fd;

	site->symbol = site_platform_name(site);
	fd = site->symbol ? source_open(a, site, source, link, &ignored)
			  : -ENOMEM;
	if (fd < 0) {
		free(site->symbol);
		site->symbol = written;
	} else {
		free(written);
	}
	return fd;
}

int event_open(const struct attachment *a, struct site *site,
	       unsigned int source, struct attach_fd *link, struct err *e)
{
	struct err why = { 0 };
	int fd = source_open(a, site, source, link, &why), other = -ENOENT;

	if (fd < 0 && is_unknown(a, site, source, fd))
		other = prefixed_open(a, site, source, link);
	if (fd >= 0 || other >= 0)
		return fd >= 0 ? fd : other;
	a->kind->explain(&a->target, site, true, -fd, e);
	if (why.code)
		fail_hint(e, "%s", why.text);
	link_drop(link);
	return -e->code;
}
