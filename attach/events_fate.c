// SPDX-License-Identifier: BSD-2-Clause
/* events_fate.c - whether the places of events are still there. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/attachment_private.h"
#include "attach/fate.h"
#include "attach/kernel/symbols/module.h"
#include "attach/kernel/tracefs.h"
#include "scope.h"

/* Modules and tracepoints */

/*
 * An event of tracefs that names its module is armed again by the kernel when
 * the module comes back (trace_kprobe_module_callback()); any other kprobe is
 * dead from the unloading on.
 */
static bool module_is_lost(const struct attachment *a, const struct site *site)
{
	const struct target_module *module;
	uint64_t now;

	if (!site->module)
		return false;
	module = &a->target.event.modules[site->module - 1];
	now = module_instance(module->name);
	if (!module->instance || now == module->instance)
		return false;
	return !now || !(a->way & WAY_TRACEFS) || a->target.event.by_address ||
	       !site->symbol || !strchr(site->symbol, ':');
}

/* Only absence counts, or another number: tracefs may be out of reach. */
static bool tracepoint_is_lost(const struct site *site)
{
	scoped_free char *group = strdup(site->symbol);
	char *name = group;
	uint32_t id;
	int err;

	if (!group || !strsep(&name, ":") || !name ||
	    tracefs_root(NULL) == NULL)
		return false;
	err = tracefs_event_id(group, name, &id, NULL);
	return err == -ENOENT || (!err && id != site->event_id);
}

bool site_is_lost(const struct attachment *a, const struct site *site)
{
	switch (a->target.event.place) {
	case PLACE_KERNEL:
		return module_is_lost(a, site);
	case PLACE_TRACEPOINT:
		return tracepoint_is_lost(site);
	case PLACE_FILE:
		break;
	}
	return false;
}

static void tell_loss(const struct attachment *a, const struct site *site,
		      size_t lost, struct fate *fate)
{
	const struct target *target = &a->target;
	bool all = lost == target->nsites;
	scoped_free char *count = NULL;
	const char *module;

	if (target->nsites > 1 &&
	    asprintf(&count, "%zu of %zu sites are gone: ", lost,
		     target->nsites) < 0)
		count = NULL;
	if (!site->module) {
		fate_set(fate, all ? FATE_GONE : FATE_CHANGED,
			 "%sthe tracepoint '%s' was removed",
			 count ? count : "", site->symbol);
		return;
	}
	module = target->event.modules[site->module - 1].name;
	fate_set(
		fate, all ? FATE_GONE : FATE_CHANGED,
		module_instance(module)
			? "%sthe module '%s' was unloaded and loaded again; attach the program again"
			: "%sthe module '%s' was unloaded",
		count ? count : "", module);
}

static void look_at_sites(const struct attachment *a, struct fate *fate)
{
	const struct site *first = NULL;
	size_t i, lost = 0;

	for (i = 0; i < a->target.nsites; i++) {
		if (!site_is_lost(a, &a->target.sites[i]))
			continue;
		if (!lost++)
			first = &a->target.sites[i];
	}
	if (lost)
		tell_loss(a, first, lost, fate);
}

static void look_at_file(const struct target *target,
			 const struct opener *opener, struct fate *fate)
{
	struct err e;
	scoped_fd int fd =
		opener->open(opener->ctx, target->event.path, O_PATH, &e);

	if (fd == -ENOENT || fd == -ENOTDIR)
		fate_set(
			fate, FATE_GONE,
			"no file is at '%s' any more; processes that run the old one are still probed",
			target->event.path);
	else if (fd >= 0 && file_differs(&target->event.mark, fd, &e))
		fate_set(fate, FATE_CHANGED, "%s", e.text);
}

void events_look(const struct attachment *a, const struct opener *opener,
		 struct fate *fate)
{
	if (a->target.event.place != PLACE_FILE)
		look_at_sites(a, fate);
	else if (opener)
		look_at_file(&a->target, opener, fate);
}
