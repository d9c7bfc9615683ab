// SPDX-License-Identifier: BSD-2-Clause
/* hint_version.c - what is newer than a kernel: types, attach types, flags. */
#include <linux/version.h>
#include <stdio.h>

#include "array.h"
#include "attach/kernel/link_names.h"
#include "attach/kernel/program.h"
#include "attach/program/hint/hint_private.h"

struct since {
	uint32_t number;
	uint32_t release;
};

#define IN(major, minor) KERNEL_VERSION(major, minor, 0)

/* Of all of them, those that came with Linux 5.5 and later. */
static const struct since types[] = {
	{ BPF_PROG_TYPE_TRACING, IN(5, 5) },
	{ BPF_PROG_TYPE_STRUCT_OPS, IN(5, 6) },
	{ BPF_PROG_TYPE_EXT, IN(5, 6) },
	{ BPF_PROG_TYPE_LSM, IN(5, 7) },
	{ BPF_PROG_TYPE_SK_LOOKUP, IN(5, 9) },
	{ BPF_PROG_TYPE_SYSCALL, IN(5, 14) },
	{ BPF_PROG_TYPE_NETFILTER, IN(6, 4) },
};

static const struct since attach_types[] = {
	{ BPF_MODIFY_RETURN, IN(5, 7) },
	{ BPF_TRACE_ITER, IN(5, 8) },
	{ BPF_CGROUP_INET4_GETPEERNAME, IN(5, 8) },
	{ BPF_CGROUP_INET6_GETPEERNAME, IN(5, 8) },
	{ BPF_CGROUP_INET4_GETSOCKNAME, IN(5, 8) },
	{ BPF_CGROUP_INET6_GETSOCKNAME, IN(5, 8) },
	{ BPF_XDP_DEVMAP, IN(5, 8) },
	{ BPF_XDP_CPUMAP, IN(5, 9) },
	{ BPF_CGROUP_INET_SOCK_RELEASE, IN(5, 9) },
	{ BPF_SK_SKB_VERDICT, IN(5, 13) },
	{ BPF_SK_REUSEPORT_SELECT, IN(5, 14) },
	{ BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, IN(5, 14) },
	{ BPF_PERF_EVENT, IN(5, 15) },
	{ BPF_TRACE_KPROBE_MULTI, IN(5, 18) },
	{ BPF_LSM_CGROUP, IN(6, 0) },
	{ BPF_NETFILTER, IN(6, 4) },
	{ BPF_TCX_INGRESS, IN(6, 6) },
	{ BPF_TCX_EGRESS, IN(6, 6) },
	{ BPF_TRACE_UPROBE_MULTI, IN(6, 6) },
	{ BPF_CGROUP_UNIX_CONNECT, IN(6, 7) },
	{ BPF_CGROUP_UNIX_SENDMSG, IN(6, 7) },
	{ BPF_CGROUP_UNIX_RECVMSG, IN(6, 7) },
	{ BPF_CGROUP_UNIX_GETPEERNAME, IN(6, 7) },
	{ BPF_CGROUP_UNIX_GETSOCKNAME, IN(6, 7) },
	{ BPF_NETKIT_PRIMARY, IN(6, 7) },
	{ BPF_NETKIT_PEER, IN(6, 7) },
	{ BPF_TRACE_KPROBE_SESSION, IN(6, 10) },
	{ BPF_TRACE_UPROBE_SESSION, IN(6, 13) },
	{ BPF_TRACE_FSESSION, IN(7, 0) },
	{ BPF_TRACE_FENTRY_MULTI, IN(7, 2) },
	{ BPF_TRACE_FEXIT_MULTI, IN(7, 2) },
	{ BPF_TRACE_FSESSION_MULTI, IN(7, 2) },
};

static const struct since flags[] = {
	{ BPF_F_SLEEPABLE, IN(5, 10) },
	{ BPF_F_XDP_HAS_FRAGS, IN(5, 18) },
};

/* enum bpf_map_type. */
static const struct since maps[] = {
	{ BPF_MAP_TYPE_STRUCT_OPS, IN(5, 6) },
	{ BPF_MAP_TYPE_RINGBUF, IN(5, 8) },
	{ BPF_MAP_TYPE_INODE_STORAGE, IN(5, 10) },
	{ BPF_MAP_TYPE_TASK_STORAGE, IN(5, 11) },
	{ BPF_MAP_TYPE_BLOOM_FILTER, IN(5, 16) },
	{ BPF_MAP_TYPE_USER_RINGBUF, IN(6, 1) },
	{ 32, IN(6, 2) }, /* BPF_MAP_TYPE_CGRP_STORAGE */
	{ 33, IN(6, 9) }, /* BPF_MAP_TYPE_ARENA */
	{ 34, IN(6, 19) }, /* BPF_MAP_TYPE_INSN_ARRAY */
};

/* 0: it is older than the tables. */
static uint32_t since(const struct since *rows, size_t count, uint32_t number)
{
	while (count--)
		if (rows[count].number == number)
			return rows[count].release;
	return 0;
}

static bool newer(uint32_t release, const struct hint_kernel *kernel,
		  const char *noun, const char *name, struct err *e)
{
	if (release <= kernel->release)
		return false;
	fail_hint(e, "the %s '%s' came with Linux %u.%u", noun, name,
		  release >> 16, release >> 8 & 255);
	return true;
}

static bool program_newer(const struct hint_of *of,
			  const struct hint_kernel *kernel, struct err *e)
{
	uint32_t i;

	if (newer(since(types, COUNT(types), of->type), kernel, "program type",
		  program_type_name(of->type), e) ||
	    newer(since(attach_types, COUNT(attach_types), of->attach_type),
		  kernel, "attach type", attach_type_name(of->attach_type), e))
		return true;
	for (i = 0; i < COUNT(flags); i++)
		if (of->flags & flags[i].number &&
		    newer(flags[i].release, kernel, "flag",
			  flags[i].number == BPF_F_SLEEPABLE ? "sleepable"
							     : "xdp_has_frags",
			  e))
			return true;
	/* kernel/bpf/verifier.c: "uprobe" among what may sleep. */
	return of->type == BPF_PROG_TYPE_KPROBE &&
	       of->flags & BPF_F_SLEEPABLE &&
	       newer(IN(6, 0), kernel, "section", "uprobe.s", e);
}

bool hint_version(const struct hint_of *of, const struct hint_kernel *kernel,
		  struct err *e)
{
	uint32_t release = since(maps, COUNT(maps), of->type);

	if (of->step == HINT_PROGRAM)
		return program_newer(of, kernel, e);
	if (of->step != HINT_MAP || release <= kernel->release)
		return false;
	fail_hint(e, "maps of the type %u came with Linux %u.%u", of->type,
		  release >> 16, release >> 8 & 255);
	return true;
}
