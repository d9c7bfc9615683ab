// SPDX-License-Identifier: BSD-2-Clause
/* test_type.c - what types of programs take when they are run. */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/program.h"
#include "attach/program/run/test_type.h"

enum {
	TEST_PACKET = TEST_DATA | TEST_DATA_BACK | TEST_REPEAT | TEST_CTX,
	TEST_SKB = TEST_PACKET | TEST_CTX_BACK,
};

/* clang-format off */
#define SKB(type) \
	{ type, TEST_SKB, ETH_HLEN, "'data_in' has at most a page, less about 500 bytes; in 'ctx_in', a struct __sk_buff, only mark, priority, ifindex, ingress_ifindex, cb, tstamp, wire_len, gso_segs, gso_size and hwtstamp may be set" }

/* net/bpf/test_run.c and kernel/bpf/syscall.c, 5.10 to 7.2 */
static const struct test_type rows[] = {
	SKB(BPF_PROG_TYPE_SOCKET_FILTER),
	SKB(BPF_PROG_TYPE_SCHED_CLS),
	SKB(BPF_PROG_TYPE_SCHED_ACT),
	SKB(BPF_PROG_TYPE_CGROUP_SKB),
	SKB(BPF_PROG_TYPE_LWT_IN),
	SKB(BPF_PROG_TYPE_LWT_OUT),
	SKB(BPF_PROG_TYPE_LWT_XMIT),
	SKB(BPF_PROG_TYPE_LWT_SEG6LOCAL),
	{ BPF_PROG_TYPE_XDP, TEST_PACKET | TEST_CTX_RETURNED, ETH_HLEN,
	  "'data_in' has at most a page less about 600 bytes, or what multi-buffer programs take; 'ctx_in' is a struct xdp_md with data_end the size of 'data_in' (5.15)" },
	{ BPF_PROG_TYPE_FLOW_DISSECTOR, TEST_PACKET | TEST_CTX_RETURNED, ETH_HLEN,
	  "'data_in' has at most a page; of 'ctx_in', a struct bpf_flow_keys, only flags may be set" },
	{ BPF_PROG_TYPE_SK_LOOKUP, TEST_CTX | TEST_CTX_BACK | TEST_REPEAT, 0,
	  "'ctx_in' is a struct bpf_sk_lookup with family, protocol, addresses and ports" },
	{ (enum bpf_prog_type)BPF_PROG_TYPE_NETFILTER, TEST_PACKET | TEST_CTX_RETURNED,
	  ETH_HLEN + sizeof(struct iphdr),
	  "'data_in' is a frame of IPv4 or IPv6; of 'ctx_in', a struct nf_hook_state, only hook and pf may be set" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT, TEST_CTX | TEST_CPU, 0,
	  "'ctx_in' has 8 bytes an argument: all that the program reads, and 12 at most" },
	{ BPF_PROG_TYPE_TRACING, 0, 0, NULL },
	{ BPF_PROG_TYPE_STRUCT_OPS, TEST_CTX, 0,
	  "'ctx_in' has 8 bytes an argument of the function" },
	{ BPF_PROG_TYPE_SYSCALL, TEST_CTX | TEST_CTX_IN_PLACE, 0,
	  "'ctx_in' has all that the program reads, and 65535 bytes at most" },
};
/* clang-format on */

/* Of what a newer kernel may run. */
static const struct test_type unknown = {
	.parts = TEST_SKB | TEST_CPU,
	.refusal = "what such a program takes is not known here",
};

const struct test_type *test_type_of(enum bpf_prog_type type)
{
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		if (rows[i].type == type)
			return &rows[i];
	return &unknown;
}

/* Of a type of tracing the kernel looks at nothing that it is given. */
static int refuse_part(unsigned int part, enum bpf_prog_type type,
		       struct err *e)
{
	const char *name = program_type_name(type);

	if (part == TEST_DATA)
		return fail(
			e, EINVAL,
			"a program of type %s takes no data: empty 'data_in'",
			name);
	if (part == TEST_CTX)
		return fail(
			e, EINVAL,
			"a program of type %s takes no context: empty 'ctx_in'",
			name);
	if (part == TEST_REPEAT)
		return fail(
			e, EINVAL,
			"the kernel runs a program of type %s once: write 1 to 'repeat'",
			name);
	return fail(
		e, EINVAL,
		"only a program of type raw_tracepoint runs on a CPU of choice: empty 'cpu'");
}

int test_type_check(const struct test_type *row, enum bpf_prog_type type,
		    const struct test_run *run, struct err *e)
{
	const struct {
		unsigned int part;
		bool given;
	} parts[] = {
		{ TEST_DATA, run->data.size && type != BPF_PROG_TYPE_TRACING },
		{ TEST_CTX, run->ctx.size },
		{ TEST_REPEAT, run->repeat > 1 },
		{ TEST_CPU, run->on_cpu },
	};
	size_t i;

	for (i = 0; i < COUNT(parts); i++)
		if (parts[i].given && !(row->parts & parts[i].part))
			return refuse_part(parts[i].part, type, e);
	if (run->data.size >= row->min_data)
		return 0;
	return fail(
		e, EINVAL,
		"'data_in' has %zu bytes, and a program of type %s takes %zu at least: the headers of a packet",
		run->data.size, program_type_name(type), row->min_data);
}

static int explain_type(enum bpf_prog_type type, struct err *e)
{
	if (type == BPF_PROG_TYPE_TRACING)
		return fail(
			e, EOPNOTSUPP,
			"of type tracing the kernel runs programs for fentry, fexit and fmod_ret only");
	if (type == BPF_PROG_TYPE_STRUCT_OPS)
		return fail(
			e, EOPNOTSUPP,
			"of type struct_ops the kernel runs functions of bpf_dummy_ops only");
	return fail(e, EOPNOTSUPP,
		    "this kernel does not run programs of type %s for a test",
		    program_type_name(type));
}

static int explain_invalid(const struct test_type *row,
			   const struct test_run *run, struct err *e)
{
	fail(e, EINVAL, "the kernel does not take that: %s", row->refusal);
	if (run->flags || run->batch_size)
		fail_hint(e, "nor are 'flags' and 'batch_size' for every type");
	return -EINVAL;
}

/* clang-format off */
static const struct {
	int code;
	const char *text;
} others[] = {
	{ EPERM, "this kernel lets only CAP_BPF run programs, by kernel.unprivileged_bpf_disabled" },
	{ ENOSPC, "'data_out' is cut: the program made more of the data than there is room for" },
	{ E2BIG, "'ctx_in' is longer than what this kernel knows, and not zero there" },
	{ ENXIO, "there is no such CPU, or it is offline" },
	{ ENODEV, "there is no interface of the number in 'ctx_in'" },
	{ EINTR, "interrupted before all runs were done" },
};
/* clang-format on */

/* Of tracing: bpf_prog_test_run_tracing(), of what is none of the three. */
static bool is_refused_type(const struct test_type *row,
			    const struct test_run *run, int code)
{
	if (code == KERNEL_ENOTSUPP || code == EOPNOTSUPP)
		return true;
	return !row->refusal && !run->flags && !run->batch_size &&
	       (code == EINVAL || code == EFAULT);
}

int test_type_explain(const struct test_type *row, enum bpf_prog_type type,
		      const struct test_run *run, int code, struct err *e)
{
	size_t i;

	if (is_refused_type(row, run, code))
		return explain_type(type, e);
	if (code == EINVAL && row->refusal)
		return explain_invalid(row, run, e);
	for (i = 0; i < COUNT(others); i++)
		if (others[i].code == code)
			return fail(e, code, "%s", others[i].text);
	return fail(e, errno_clamp(code), "the kernel does not run it: %s",
		    strerror(errno_clamp(code)));
}
