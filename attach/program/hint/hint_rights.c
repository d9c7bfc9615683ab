// SPDX-License-Identifier: BSD-2-Clause
/* hint_rights.c - which rights bpf(2) asks for, and which are missing. */
#include <linux/capability.h>
#include <linux/version.h>
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/program.h"
#include "attach/program/hint/hint_private.h"

#define BPF	(1ULL << CAP_BPF)
#define PERFMON (1ULL << CAP_PERFMON)
#define NET	(1ULL << CAP_NET_ADMIN)
#define ADMIN	(1ULL << CAP_SYS_ADMIN)

/*
 * kernel/bpf/syscall.c, 5.8 to 7.2: is_net_admin_prog_type() and
 * is_perfmon_prog_type().
 */
static const uint64_t rights[] = {
	[BPF_PROG_TYPE_SOCKET_FILTER] = 0,
	[BPF_PROG_TYPE_KPROBE] = PERFMON,
	[BPF_PROG_TYPE_SCHED_CLS] = NET,
	[BPF_PROG_TYPE_SCHED_ACT] = NET,
	[BPF_PROG_TYPE_TRACEPOINT] = PERFMON,
	[BPF_PROG_TYPE_XDP] = NET,
	[BPF_PROG_TYPE_PERF_EVENT] = PERFMON,
	[BPF_PROG_TYPE_CGROUP_SOCK] = NET,
	[BPF_PROG_TYPE_LWT_IN] = NET,
	[BPF_PROG_TYPE_LWT_OUT] = NET,
	[BPF_PROG_TYPE_LWT_XMIT] = NET,
	[BPF_PROG_TYPE_SOCK_OPS] = NET,
	[BPF_PROG_TYPE_SK_SKB] = NET,
	[BPF_PROG_TYPE_CGROUP_DEVICE] = NET,
	[BPF_PROG_TYPE_SK_MSG] = NET,
	[BPF_PROG_TYPE_RAW_TRACEPOINT] = PERFMON,
	[BPF_PROG_TYPE_CGROUP_SOCK_ADDR] = NET,
	[BPF_PROG_TYPE_LWT_SEG6LOCAL] = NET,
	[BPF_PROG_TYPE_FLOW_DISSECTOR] = NET,
	[BPF_PROG_TYPE_CGROUP_SYSCTL] = NET,
	[BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE] = PERFMON,
	[BPF_PROG_TYPE_CGROUP_SOCKOPT] = NET,
	[BPF_PROG_TYPE_TRACING] = PERFMON,
	[BPF_PROG_TYPE_STRUCT_OPS] = PERFMON,
	[BPF_PROG_TYPE_EXT] = NET | PERFMON,
	[BPF_PROG_TYPE_LSM] = PERFMON,
	[BPF_PROG_TYPE_NETFILTER] = NET,
};

static const struct {
	uint64_t right;
	const char *name;
} names[] = {
	{ BPF, "CAP_BPF" },
	{ PERFMON, "CAP_PERFMON" },
	{ NET, "CAP_NET_ADMIN" },
	{ ADMIN, "CAP_SYS_ADMIN" },
};

uint64_t hint_rights_of(enum bpf_prog_type type)
{
	unsigned int number = type;

	return BPF | (number < COUNT(rights) ? rights[number] : 0);
}

/* map_create() of kernel/bpf/syscall.c. */
static uint64_t map_rights(uint32_t type)
{
	switch (type) {
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_SOCKHASH:
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
	case BPF_MAP_TYPE_XSKMAP:
		return BPF | NET;
	default:
		return BPF;
	}
}

static uint64_t missing(const struct hint_of *of,
			const struct hint_kernel *kernel)
{
	uint64_t needs = BPF;

	if (of->caps & ADMIN)
		return 0;
	if (kernel->release < KERNEL_VERSION(5, 8, 0))
		return ADMIN;
	if (of->step == HINT_PROGRAM)
		needs = hint_rights_of(of->type);
	else if (of->step == HINT_MAP)
		needs = map_rights(of->type);
	return needs & ~of->caps;
}

static void list(uint64_t needs, char *text, size_t size)
{
	size_t used = 0, i;

	for (i = 0; i < COUNT(names) && used < size; i++)
		if (needs & names[i].right)
			used += (size_t)snprintf(text + used, size - used,
						 "%s%s", used ? " and " : "",
						 names[i].name);
}

/* Programs of two types can be anybody's, unless the administrator forbids it. */
static bool anybody(const struct hint_of *of)
{
	return of->step == HINT_PROGRAM &&
	       (of->type == BPF_PROG_TYPE_SOCKET_FILTER ||
		of->type == BPF_PROG_TYPE_CGROUP_SKB);
}

void hint_rights(const struct hint_of *of, const struct hint_kernel *kernel,
		 struct err *e)
{
	uint64_t lacks = missing(of, kernel);
	char text[128];

	list(lacks, text, sizeof(text));
	if (lacks && anybody(of) && kernel->unprivileged > 0)
		fail_hint(
			e,
			"the writer lacks %s, and kernel.unprivileged_bpf_disabled is %d",
			text, kernel->unprivileged);
	else if (lacks && of->step == HINT_PROGRAM)
		fail_hint(e, "the type '%s' takes %s, which the writer lacks",
			  program_type_name(of->type), text);
	else if (lacks)
		fail_hint(e, "the writer lacks %s", text);
	else if (kernel->release < KERNEL_VERSION(5, 11, 0) &&
		 of->memlock != RLIM_INFINITY)
		fail_hint(
			e,
			"before Linux 5.11 RLIMIT_MEMLOCK counts, of which the writer has %llu bytes (ulimit -l, LimitMEMLOCK=)",
			(unsigned long long)of->memlock);
	else if (kernel->nested)
		fail_hint(
			e,
			"the capabilities of a user namespace are not enough for bpf(2)");
	else
		fail_hint(e,
			  "a security module or a seccomp filter forbids it");
}
