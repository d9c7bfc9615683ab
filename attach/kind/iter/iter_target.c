// SPDX-License-Identifier: BSD-2-Clause
/* iter_target.c - what the fields of an iterator's probe stand for. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/features.h"
#include "attach/kind/iter/iter.h"
#include "attach/kind/net.h"
#include "scope.h"

static const struct iterator {
	const char *name;
	unsigned int takes;
} iterators[] = {
	{ "bpf_map_elem", TAKES_MAP },
	{ "bpf_sk_storage_map", TAKES_MAP },
	{ "sockmap", TAKES_MAP },
	{ "task", TAKES_TASK },
	{ "task_file", TAKES_TASK },
	{ "task_vma", TAKES_TASK },
	{ "cgroup", TAKES_CGROUP },
	{ "bpf_link", 0 },
	{ "bpf_map", 0 },
	{ "bpf_prog", 0 },
	{ "dmabuf", 0 },
	{ "kmem_cache", 0 },
	{ "ksym", 0 },
	{ "ipv6_route", TAKES_NETNS },
	{ "netlink", TAKES_NETNS },
	{ "tcp", TAKES_NETNS },
	{ "udp", TAKES_NETNS },
	{ "unix", TAKES_NETNS },
	/* Of any other the kernel has to say what it takes. */
	{ NULL, TAKES_MAP | TAKES_TASK | TAKES_CGROUP | TAKES_NETNS },
};

static const struct iterator *iterator_find(const char *name)
{
	const struct iterator *iterator = iterators;

	while (iterator->name && (!name || strcmp(iterator->name, name) != 0))
		iterator++;
	return iterator;
}

static const struct {
	unsigned int takes;
	const char *fields;
} takings[] = {
	{ TAKES_MAP, "'map'" },
	{ TAKES_TASK, "'pid' and no 'tid'" },
	{ TAKES_CGROUP, "'cgroup' and no 'order'" },
};

/* What the fields stand for */

static unsigned int given_of(const struct iter *iter)
{
	return (iter->map ? TAKES_MAP : 0u) |
	       (iter->pid || iter->tid ? TAKES_TASK : 0u) |
	       (iter->cgroup || iter->order ? TAKES_CGROUP : 0u);
}

static int check_given(const struct iter *iter, unsigned int given,
		       struct err *e)
{
	const struct iterator *iterator = iterator_find(iter->target);
	size_t i;

	if (given & (given - 1))
		return fail(
			e, EINVAL,
			"no iterator takes a map, a process and a cgroup; write one of the fields only");
	if (iter->pid && iter->tid)
		return fail(
			e, EINVAL,
			"a process or a thread; write one of 'pid' and 'tid' only");
	for (i = 0; i < sizeof(takings) / sizeof(takings[0]); i++)
		if (given & ~iterator->takes & takings[i].takes)
			return fail(e, EINVAL, "the iterator '%s' takes no %s",
				    iter->target, takings[i].fields);
	if (iterator->takes == TAKES_MAP && !given)
		return fail(
			e, EINVAL,
			"the iterator '%s' goes over a map; write its path to 'map'",
			iter->target);
	return 0;
}

static int add_map(const struct iter *iter, const struct opener *opener,
		   struct target *target, union abi_iter_info *info,
		   struct err *e)
{
	struct bpf_map_info map = { 0 };
	uint32_t size = sizeof(map);
	int fd = opener->object(opener->ctx, iter->map, BPF_OBJECT_MAP, e);

	if (fd < 0)
		return fd;
	target->fd = fd;
	if (bpf_info(fd, &map, &size))
		return fail(e, EINVAL, "the kernel does not describe '%s'",
			    iter->map);
	target->hook.where_id = map.id;
	info->map.map_fd = (uint32_t)fd;
	return 0;
}

/* 6.9: of a thread, too (PIDFD_THREAD); before, when it ends is not noticed. */
static int watch_thread(struct target *target, pid_t tid, struct err *e)
{
	target->pidfd = pidfd_open(target->pid, O_EXCL);
	if (target->pidfd < 0 && kill(target->pid, 0) && errno == ESRCH)
		return fail(e, ESRCH, "there is no thread %d", tid);
	return 0;
}

static int add_task(const struct iter *iter, const struct opener *opener,
		    struct target *target, union abi_iter_info *info,
		    struct err *e)
{
	int err;

	if (iter->pid) {
		err = target_set_pid(target, opener, iter->pid, e);
		info->task.pid = (uint32_t)target->pid;
		return err;
	}
	target->pid = iter->tid;
	if (opener->find_pid)
		target->pid = opener->find_pid(opener->ctx, iter->tid, e);
	if (target->pid < 0)
		return target->pid;
	info->task.tid = (uint32_t)target->pid;
	return watch_thread(target, iter->tid, e);
}

static int add_cgroup(const struct iter *iter, const struct opener *opener,
		      struct target *target, union abi_iter_info *info,
		      struct err *e)
{
	struct statfs fs;
	struct stat st;
	int fd;

	info->cgroup.order =
		iter->order ? iter->order : ABI_CGROUP_ITER_DESCENDANTS_PRE;
	if (!iter->cgroup)
		return 0;
	fd = opener->open(opener->ctx, iter->cgroup, O_RDONLY | O_DIRECTORY, e);
	if (fd < 0)
		return fd;
	target->fd = fd;
	if (fstatfs(fd, &fs) || fstat(fd, &st))
		return fail(e, errno, "cannot look at '%s'", iter->cgroup);
	if (fs.f_type != CGROUP2_SUPER_MAGIC && fs.f_type != CGROUP_SUPER_MAGIC)
		return fail(e, EINVAL, "'%s' is no cgroup", iter->cgroup);
	target->hook.where_id = st.st_ino;
	info->cgroup.cgroup_fd = (uint32_t)fd;
	return 0;
}

static int check_kernel(unsigned int given, struct err *e)
{
	if (given == TAKES_MAP)
		return 0;
	return feature_need(
		FEATURE_ITER_FIELDS,
		"the iterators of this kernel take no process and no cgroup",
		e);
}

static int add_info(const struct iter *iter, unsigned int given,
		    const struct opener *opener, struct target *target,
		    struct err *e)
{
	struct abi_link_create *create = &target->hook.create;
	struct iter_asked *asked;
	union abi_iter_info *info;
	int err = check_kernel(given, e);

	if (err)
		return err;
	asked = calloc(1, sizeof(*asked));
	if (!asked)
		return fail(e, ENOMEM, "no memory for an iterator");
	asked->given = given;
	info = &asked->info;
	target->hook.data = asked;
	create->iter.info = (uintptr_t)info;
	create->iter.info_len = sizeof(*info);
	if (given == TAKES_MAP)
		return add_map(iter, opener, target, info, e);
	if (given == TAKES_TASK)
		return add_task(iter, opener, target, info, e);
	return add_cgroup(iter, opener, target, info, e);
}

int iter_resolve(const void *spec, const struct opener *opener,
		 struct target *target, struct err *e)
{
	const struct iter *iter = spec;
	unsigned int takes = iterator_find(iter->target)->takes;
	unsigned int given = given_of(iter);
	int err = check_given(iter, given, e);

	if (err)
		return err;
	target->hook.create.attach_type = BPF_TRACE_ITER;
	target->hook.link_type = BPF_LINK_TYPE_ITER;
	if (iter->target) {
		target->hook.where = strdup(iter->target);
		if (!target->hook.where)
			return fail(e, ENOMEM, "no memory for a name");
	}
	if (takes == TAKES_CGROUP)
		given = TAKES_CGROUP;
	if (given)
		err = add_info(iter, given, opener, target, e);
	/* Sockets and routes are those of the namespace of the writer. */
	if (!err && takes & TAKES_NETNS && !given)
		err = net_enter(target, NULL, opener, e);
	if (err)
		return err;
	return target_add(target, iter->target ? iter->target : "-")
		       ? 0
		       : fail(e, ENOMEM, "no memory for a site");
}
