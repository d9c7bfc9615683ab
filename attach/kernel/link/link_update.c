// SPDX-License-Identifier: BSD-2-Clause
/* link_update.c - BPF_LINK_UPDATE and BPF_LINK_DETACH, with their sentences. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/link/link_ended.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/link/link_update.h"
#include "attach/kernel/program.h"
#include "scope.h"

enum { LOCKS = 64 }; /* links whose ids differ by that share one */

static pthread_mutex_t locks[LOCKS] = {
	[0 ... LOCKS - 1] = PTHREAD_MUTEX_INITIALIZER,
};

int link_content(int fd, struct link_content *content)
{
	struct abi_link_info info = { 0 };
	uint32_t size = sizeof(info);
	int err = bpf_info(fd, &info, &size);

	if (err)
		return err;
	*content = (struct link_content){
		.link_id = info.id,
		.link_type = info.type,
		.object = BPF_OBJECT_PROG,
		.id = info.prog_id,
	};
	if (info.type == BPF_LINK_TYPE_CGROUP)
		content->attach_type = info.cgroup.attach_type;
	if (info.type == BPF_LINK_TYPE_STRUCT_OPS) {
		content->object = BPF_OBJECT_MAP;
		content->id = info.map.map_id;
	}
	return 0;
}

int link_content_id(int fd, enum bpf_object object, uint32_t *id)
{
	struct bpf_map_info map = { 0 };
	struct program program;
	uint32_t size = sizeof(map);
	int err;

	if (object == BPF_OBJECT_MAP) {
		err = bpf_info(fd, &map, &size);
		*id = map.id;
		return err;
	}
	err = program_info(fd, &program);
	*id = err ? 0 : program.id;
	return err;
}

static int refuse_other(const struct link_content *now, struct err *e)
{
	struct program program = { .name = "" };
	scoped_fd int fd = now->object == BPF_OBJECT_PROG && now->id
				   ? bpf_prog_by_id(now->id)
				   : -1;

	if (fd >= 0 && !program_info(fd, &program) && program.name[0])
		return fail(e, EPERM,
			    "the link has another program by now, '%s' (id %u)",
			    program.name, now->id);
	return fail(e, EPERM, "the link has another %s by now, of the id %u",
		    bpf_object_name(now->object), now->id);
}

/* Links of these types have no operation for it, in all kernels up to 7.2. */
static bool is_fixed(uint32_t type)
{
	static const uint32_t fixed[] = {
		BPF_LINK_TYPE_RAW_TRACEPOINT, BPF_LINK_TYPE_TRACING,
		BPF_LINK_TYPE_PERF_EVENT,     BPF_LINK_TYPE_KPROBE_MULTI,
		BPF_LINK_TYPE_UPROBE_MULTI,   BPF_LINK_TYPE_NETFILTER,
		BPF_LINK_TYPE_TRACING_MULTI,
	};
	size_t i;

	for (i = 0; i < COUNT(fixed); i++)
		if (fixed[i] == type)
			return true;
	return false;
}

static int explain(int err, int link_fd, const struct link_content *was,
		   struct err *e)
{
	struct link_content now = *was;
	const char *type = link_type_name(was->link_type);

	switch (-err) {
	case EPERM:
		link_content(link_fd, &now);
		return refuse_other(&now, e);
	case ENOLINK:
		return fail(e, ENOLINK,
			    "what the link was attached to has gone");
	case EINVAL:
	case EOPNOTSUPP:
		if (is_fixed(was->link_type))
			return fail(
				e, EOPNOTSUPP,
				"a link of type %s keeps its program: make another link, then end this one",
				type);
		return fail(
			e, EINVAL,
			"a %s of another type, or loaded for something else, cannot take the place of that of a link of type %s",
			bpf_object_name(was->object), type);
	default:
		return fail(e, -err, "the kernel does not update the link: %s",
			    strerror(errno_clamp(-err)));
	}
}

static int replace(int link_fd, int new_fd, const struct link_content *was,
		   struct err *e)
{
	bool is_map = was->object == BPF_OBJECT_MAP;
	int err;

	if (was->link_type == BPF_LINK_TYPE_CGROUP &&
	    bpf_link_try_cgroup(new_fd, was->attach_type) == -EINVAL)
		return explain(-EINVAL, link_fd, was, e);
	scoped_fd int old =
		is_map ? bpf_map_by_id(was->id) : bpf_prog_by_id(was->id);

	if (!was->id || old == -ENOENT)
		return explain(-ENOLINK, link_fd, was, e);
	if (old < 0)
		return fail(e, -old, "cannot open the %s that the link has",
			    bpf_object_name(was->object));
	err = is_map ? bpf_link_replace_map(link_fd, new_fd, old)
		     : bpf_link_replace(link_fd, new_fd, old);
	return err ? explain(err, link_fd, was, e) : 0;
}

/* The lock of the link is held. */
static int update(int link_fd, int new_fd, uint32_t old_id, struct err *e)
{
	struct link_content now;
	uint32_t new_id;
	int err = link_content(link_fd, &now);

	if (err)
		return fail(e, -err, "the kernel does not describe the link");
	err = link_content_id(new_fd, now.object, &new_id);
	if (err)
		return fail(e, -err, "the kernel does not describe the %s",
			    bpf_object_name(now.object));
	if (new_id == now.id)
		return 0;
	if (old_id && old_id != now.id)
		return refuse_other(&now, e);
	return replace(link_fd, new_fd, &now, e);
}

int link_update(int link_fd, int new_fd, uint32_t old_id, struct err *e)
{
	pthread_mutex_t *lock;
	uint32_t id;
	int err = link_id(link_fd, &id);

	if (err)
		return fail(e, -err, "the kernel does not describe the link");
	lock = &locks[id % LOCKS];
	pthread_mutex_lock(lock);
	err = update(link_fd, new_fd, old_id, e);
	pthread_mutex_unlock(lock);
	return err;
}

int link_detach(int link_fd, struct err *e)
{
	struct link_content content = { .link_type = 0 };
	int err = bpf_link_end(link_fd);

	link_content(link_fd, &content);
	if (!err && content.link_type == BPF_LINK_TYPE_NETFILTER)
		link_ended_add(content.link_id);
	if (!err)
		return 0;
	switch (-err) {
	case EOPNOTSUPP:
		return fail(
			e, EOPNOTSUPP,
			"a link of type %s ends with its last holder: see 'holders' and 'pin'",
			link_type_name(content.link_type));
	case EINVAL:
		return fail(
			e, EOPNOTSUPP,
			"this kernel detaches no links: that came with Linux 5.9");
	case ENOLINK:
		return fail(e, ENOLINK, "the link has been detached before");
	default:
		return fail(e, -err, "the kernel does not detach the link: %s",
			    strerror(errno_clamp(-err)));
	}
}
