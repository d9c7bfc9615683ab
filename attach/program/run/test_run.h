/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_run.h - running a program on what the user gives it: BPF_PROG_TEST_RUN.
 *
 * The kernel runs a program in the thread that asks, so that the program finds
 * that thread's memory, and one of type syscall its descriptors, too.  So a child
 * process asks, our own program anew, that has no descriptor but the program and
 * is the user; and it can be ended when a million runs take too long.
 *
 * What a type takes and gives, by the kernel's net/bpf/test_run.c and others:
 *
 *	socket_filter, sched_cls, sched_act, cgroup_skb, lwt_...
 *		data: 14 bytes at least, to about a page; ctx: struct __sk_buff,
 *		and back; repeat
 *	xdp	data: 14 bytes at least; ctx: struct xdp_md (5.15), and back;
 *		repeat; live frames and batch_size (5.18)
 *	flow_dissector
 *		data: 14 bytes at least, and back struct bpf_flow_keys; ctx: the
 *		flags in one; repeat
 *	sk_lookup
 *		ctx: struct bpf_sk_lookup, and back; repeat; 5.13
 *	netfilter
 *		data: an Ethernet and an IP header at least; ctx: struct
 *		nf_hook_state; repeat; 6.4
 *	raw_tracepoint
 *		ctx: the arguments, 8 bytes each; cpu; 5.10
 *	tracing	nothing: bpf_fentry_test1() and the like are called, which runs
 *		what is attached to them; fentry and fexit 5.5, fmod_ret 5.7
 *	struct_ops
 *		ctx: the arguments, 8 bytes each, of bpf_dummy_ops only; 5.16
 *	syscall	ctx: anything, changed in place; 5.14
 *
 * What is in no row is asked of the kernel as it is.
 *
 * Locking: none is needed; the call waits for the child.
 */
#ifndef ATTACH_PROGRAM_TEST_RUN_H
#define ATTACH_PROGRAM_TEST_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "fail.h"

enum {
	TEST_BYTES = 1 << 20, /* of data and of ctx */
	/* What data can grow by without ENOSPC: XDP_PACKET_HEADROOM and 2. */
	TEST_DATA_MORE = 258,
	TEST_GROUPS = 256,
	TEST_CTX_OUT = 4096, /* more than any struct that the kernel gives */
};

struct test_bytes {
	char *bytes;
	size_t size;
};

struct test_run {
	struct test_bytes data, ctx; /* borrowed */
	uint32_t repeat; /* 0 is 1 */
	bool on_cpu; /* cpu says on which */
	uint32_t cpu;
	uint32_t flags; /* BPF_F_TEST_... */
	uint32_t batch_size;
	int netns; /* in which it runs; -1: ours; borrowed */
	uid_t uid; /* as whom */
	gid_t gid;
	const gid_t *groups; /* borrowed */
	size_t ngroups; /* TEST_GROUPS at most */
	uint64_t caps; /* effective; of these what bpf(2) asks for */
	/* Asked now and then: true ends the child.  NULL: never. */
	bool (*interrupted)(void *ctx);
	void *ctx_of_user;
};

struct test_result {
	uint32_t retval;
	bool timed; /* the kernel has measured */
	uint32_t duration; /* ns of one run, the mean */
	struct test_bytes data, ctx; /* owned */
};

/*
 * EOPNOTSUPP: the kernel does not run programs of that type; EINVAL: it takes
 * something else; EINTR; EIO: the child died.  ENOSPC: data was larger than there
 * is room for, and *out has what there was room for; else *out is untouched on
 * failure.
 */
int test_run(int prog_fd, const struct test_run *run, struct test_result *out,
	     struct err *e);
void test_result_clear(struct test_result *result);

/*
 * In the process that is the child, by the first thing that main() does: whether
 * it is one, by its arguments; it does not return then.
 */
void test_main_if_child(int argc, char **argv);

#endif
