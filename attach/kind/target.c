// SPDX-License-Identifier: BSD-2-Clause
/* target.c - building and freeing a list of sites. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>

#include "array.h"
#include "attach/kernel/symbols/module.h"
#include "attach/kind/kind.h"
#include "attach/kind/target.h"
#include "scope.h"

void target_init(struct target *target)
{
	*target = (struct target){
		.fd = -1,
		.pidfd = -1,
		.hook = { .anchor = -1, .netns = -1 },
	};
}

static void site_clear(struct site *site)
{
	free(site->symbol);
	free(site->note);
}

static void event_clear(struct event_target *event)
{
	size_t i;

	for (i = 0; i < event->nmodules; i++)
		free(event->modules[i].name);
	free(event->modules);
	free(event->path);
	free(event->known);
}

static void hook_clear(struct hook_target *hook)
{
	free(hook->where);
	free(hook->data);
	fd_close(hook->anchor);
	fd_close(hook->netns);
}

void target_clear(struct target *target)
{
	size_t i;

	for (i = 0; i < target->nsites; i++)
		site_clear(&target->sites[i]);
	free(target->sites);
	event_clear(&target->event);
	hook_clear(&target->hook);
	free(target->warning);
	if (target->own)
		target->own_free(target->own, target->outlive);
	fd_close(target->fd);
	fd_close(target->pidfd);
	target_init(target);
}

static bool same_netfilter(const struct abi_link_create *a,
			   const struct abi_link_create *b)
{
	return a->netfilter.pf == b->netfilter.pf &&
	       a->netfilter.hooknum == b->netfilter.hooknum &&
	       a->netfilter.priority == b->netfilter.priority;
}

bool target_same_hook(const struct target *a, const struct target *b)
{
	const struct hook_target *one = &a->hook, *other = &b->hook;

	return one->link_type == other->link_type &&
	       one->create.attach_type == other->create.attach_type &&
	       one->where_id == other->where_id &&
	       one->netns_ino == other->netns_ino &&
	       (one->link_type != BPF_LINK_TYPE_NETFILTER ||
		same_netfilter(&one->create, &other->create));
}

struct file_mark file_mark_of(const struct stat *st)
{
	return (struct file_mark){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = (uint64_t)st->st_size,
		.mtime = st->st_mtim,
		.ctime = st->st_ctim,
	};
}

void target_set_file(struct target *target, char *path, int fd,
		     const struct file_mark *mark)
{
	target->event.path = path;
	target->fd = fd;
	target->event.mark = *mark;
}

/*
 * The process of a thread: what the kernel looks at is their common memory, and
 * only a process has a descriptor before 6.9.
 */
static pid_t process_of(pid_t tid)
{
	char path[32];
	int pid = tid;
	char line[128];

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	scoped_file FILE *status = fopen(path, "re");

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "Tgid: %d", &pid) == 1)
			break;
	return pid;
}

int target_set_pid(struct target *target, const struct opener *opener,
		   pid_t pid, struct err *e)
{
	pid_t leader;

	target->pid = pid;
	if (pid && opener->find_pid)
		target->pid = opener->find_pid(opener->ctx, pid, e);
	if (target->pid <= 0)
		return target->pid;
	leader = process_of(target->pid);
	/* It would not be that thread alone, as may be meant. */
	if (leader != target->pid)
		return fail(
			e, EINVAL,
			"%d is a thread of process %d, and a probe is in all threads or none; write %d",
			pid, leader, leader);
	target->pidfd = pidfd_open(leader, 0);
	if (target->pidfd >= 0)
		return 0;
	if (errno == ESRCH)
		return fail(e, ESRCH, "there is no process %d", pid);
	return fail(e, errno, "process %d cannot be opened: %s", pid,
		    strerror(errno_clamp(errno)));
}

uint32_t target_module(struct target *target, const char *name)
{
	size_t i = target->event.nmodules;
	struct target_module *grown;

	while (i--)
		if (!strcmp(target->event.modules[i].name, name))
			return (uint32_t)i + 1;
	grown = array_room(target->event.modules, target->event.nmodules,
			   sizeof(*grown));
	if (!grown)
		return 0;
	target->event.modules = grown;
	grown += target->event.nmodules;
	grown->name = strdup(name);
	if (!grown->name)
		return 0;
	grown->instance = module_instance(name);
	return (uint32_t)++target->event.nmodules;
}

struct site *target_add(struct target *target, const char *symbol)
{
	struct site *site, *grown;

	grown = array_room(target->sites, target->nsites, sizeof(*grown));
	if (!grown)
		return NULL;
	target->sites = grown;
	site = &target->sites[target->nsites];
	*site = (struct site){ 0 };
	if (symbol) {
		site->symbol = strdup(symbol);
		if (!site->symbol)
			return NULL;
	}
	target->nsites++;
	return site;
}

void target_leave_out(struct target *target, size_t site)
{
	site_clear(&target->sites[site]);
	target->nsites--;
	target->left_out++;
	memmove(&target->sites[site], &target->sites[site + 1],
		(target->nsites - site) * sizeof(*target->sites));
}

void target_warn(struct target *target, const char *format, ...)
{
	char *sentence = NULL, *both = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&sentence, format, args);
	va_end(args);
	if (length < 0)
		return;
	if (!target->warning) {
		target->warning = sentence;
		return;
	}
	if (asprintf(&both, "%s; %s", target->warning, sentence) >= 0) {
		free(target->warning);
		target->warning = both;
	}
	free(sentence);
}

void target_warn_go(struct target *target)
{
	target_warn(
		target,
		"'%s' is a Go program: a return probe crashes it when a stack moves",
		target->event.path);
}

void target_warn_left_out(struct target *target)
{
	if (target->left_out)
		target_warn(
			target,
			"%zu of %zu places that match cannot be probed, and were left out",
			target->left_out, target->left_out + target->nsites);
}
