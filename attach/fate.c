// SPDX-License-Identifier: BSD-2-Clause
/* fate.c - whether what is attached is still there, and still the same. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "attach/fate.h"
#include "attach/kernel/module.h"
#include "attach/kernel/tracefs.h"
#include "scope.h"

static void __attribute__((format(printf, 3, 4)))
set(struct fate *fate, enum fate_is is, const char *format, ...)
{
	va_list args;

	fate->is = is;
	va_start(args, format);
	if (vasprintf(&fate->text, format, args) < 0)
		fate->text = NULL;
	va_end(args);
}

void fate_clear(struct fate *fate)
{
	free(fate->text);
	*fate = (struct fate){ .is = FATE_WHOLE };
}

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
	module = &a->target.modules[site->module - 1];
	now = module_instance(module->name);
	if (!module->instance || now == module->instance)
		return false;
	return !now || !(a->way & WAY_TRACEFS) || a->target.by_address ||
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
	switch (a->target.place) {
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
		set(fate, all ? FATE_GONE : FATE_CHANGED,
		    "%sthe tracepoint '%s' was removed", count ? count : "",
		    site->symbol);
		return;
	}
	module = target->modules[site->module - 1].name;
	set(fate, all ? FATE_GONE : FATE_CHANGED,
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

/* Files */

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static struct timespec time_of(const struct statx_timestamp *t)
{
	return (struct timespec){ .tv_sec = t->tv_sec, .tv_nsec = t->tv_nsec };
}

/* What is known without asking a server that may not answer. */
static bool mark_of(int fd, struct file_mark *mark)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS,
		  &st))
		return false;
	*mark = (struct file_mark){
		.dev = makedev(st.stx_dev_major, st.stx_dev_minor),
		.ino = st.stx_ino,
		.size = st.stx_size,
		.mtime = time_of(&st.stx_mtime),
		.ctime = time_of(&st.stx_ctime),
	};
	return true;
}

/* NULL: nothing. */
static const char *what_changed(const struct file_mark *was,
				const struct file_mark *now)
{
	if (now->size != was->size)
		return "size";
	if (!same_time(&now->mtime, &was->mtime))
		return "mtime";
	return same_time(&now->ctime, &was->ctime) ? NULL : "ctime";
}

bool file_differs(const struct file_mark *was, int fd, struct err *e)
{
	struct file_mark now;
	const char *what;

	if (!mark_of(fd, &now))
		return false;
	if (now.dev != was->dev || now.ino != was->ino) {
		fail(e, ENOENT,
		     "the file of that path is another by now; attach the program again to probe that one");
		return true;
	}
	what = what_changed(was, &now);
	if (what)
		fail(e, ENOENT,
		     "the file was changed in place after the attach (its %s is another), so the probe may be inside of other code and kill who runs it; attach the program again",
		     what);
	return what;
}

static void look_at_file(const struct target *target,
			 const struct opener *opener, struct fate *fate)
{
	struct err e;
	scoped_fd int fd = opener->open(opener->ctx, target->path, O_PATH, &e);

	if (fd == -ENOENT || fd == -ENOTDIR)
		set(fate, FATE_GONE,
		    "no file is at '%s' any more; processes that run the old one are still probed",
		    target->path);
	else if (fd >= 0 && file_differs(&target->mark, fd, &e))
		set(fate, FATE_CHANGED, "%s", e.text);
}

/* A descriptor of a process is readable once the process has exited. */
bool target_has_exited(const struct target *target)
{
	struct pollfd poll_fd = { .fd = target->pidfd, .events = POLLIN };

	return target->pidfd >= 0 && poll(&poll_fd, 1, 0) == 1;
}

void attachment_fate(const struct attachment *a, const struct opener *opener,
		     struct fate *fate)
{
	const struct target *target = &a->target;

	*fate = (struct fate){ .is = FATE_WHOLE };
	if (!attachment_alive(a))
		set(fate, FATE_GONE, "the kernel has taken the link away");
	else if (target_has_exited(target))
		set(fate, FATE_GONE, "process %d has exited", target->pid);
	else if (target->place != PLACE_FILE)
		look_at_sites(a, fate);
	else if (opener)
		look_at_file(target, opener, fate);
}
