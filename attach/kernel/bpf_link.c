// SPDX-License-Identifier: BSD-2-Clause
/* bpf_link.c - links by bpf(2), one function a command. */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/kernel/bpf_link.h"

/* As in bpf.c. */
static int bpf_call(int command, void *attr, size_t size)
{
	long result = syscall(SYS_bpf, command, attr, size);

	return result < 0 ? -errno : (int)result;
}

static __u64 address_of(const void *pointer)
{
	return (__u64)(uintptr_t)pointer;
}

int bpf_link_make(const struct abi_link_create *create)
{
	struct abi_link_create attr = *create;

	return bpf_call(BPF_LINK_CREATE, &attr, sizeof(attr));
}

int bpf_link_tracing_multi(int prog_fd, uint32_t attach_type,
			   const uint32_t *ids, const uint64_t *cookies,
			   uint32_t count)
{
	const struct abi_link_create create = {
		.prog_fd = (uint32_t)prog_fd,
		.attach_type = attach_type,
		.tracing_multi.ids = address_of(ids),
		.tracing_multi.cookies = address_of(cookies),
		.tracing_multi.cnt = count,
	};

	return bpf_link_make(&create);
}

int bpf_link_try_cgroup(int prog_fd, uint32_t attach_type)
{
	const struct abi_link_create create = {
		.prog_fd = (uint32_t)prog_fd,
		.target_fd = UINT32_MAX,
		.attach_type = attach_type,
	};

	return bpf_link_make(&create);
}

static int update(int link_fd, int new_fd, int old_fd)
{
	union bpf_attr attr = { 0 };

	attr.link_update.link_fd = (__u32)link_fd;
	attr.link_update.new_prog_fd = (__u32)new_fd;
	attr.link_update.flags = BPF_F_REPLACE;
	attr.link_update.old_prog_fd = (__u32)old_fd;
	return bpf_call(BPF_LINK_UPDATE, &attr, sizeof(attr));
}

int bpf_link_replace(int link_fd, int prog_fd, int old_fd)
{
	return update(link_fd, prog_fd, old_fd);
}

/* new_map_fd and old_map_fd (6.4) share the places of the programs'. */
int bpf_link_replace_map(int link_fd, int map_fd, int old_map_fd)
{
	return update(link_fd, map_fd, old_map_fd);
}

int bpf_link_end(int link_fd)
{
	union bpf_attr attr = { 0 };

	attr.link_detach.link_fd = (__u32)link_fd;
	return bpf_call(BPF_LINK_DETACH, &attr, sizeof(attr));
}

int bpf_raw_tp_open(const char *name, int prog_fd, uint64_t cookie)
{
	struct abi_raw_tracepoint attr = {
		.name = address_of(name),
		.prog_fd = (__u32)prog_fd,
		.cookie = cookie,
	};

	return bpf_call(BPF_RAW_TRACEPOINT_OPEN, &attr, sizeof(attr));
}

int bpf_iter_run(int link_fd)
{
	union bpf_attr attr = { 0 };

	attr.iter_create.link_fd = (__u32)link_fd;
	return bpf_call(BPF_ITER_CREATE, &attr, sizeof(attr));
}

int bpf_hook_query(uint32_t target, uint32_t attach_type, uint32_t query_flags,
		   uint32_t *prog_ids, uint32_t *link_ids, uint32_t *count,
		   uint64_t *revision)
{
	struct abi_prog_query attr = {
		.target = target,
		.attach_type = attach_type,
		.query_flags = query_flags,
		.prog_ids = address_of(prog_ids),
		.link_ids = address_of(link_ids),
		.count = *count,
	};
	int err = bpf_call(BPF_PROG_QUERY, &attr, sizeof(attr));

	*count = attr.count;
	if (revision)
		*revision = attr.revision;
	return err;
}
