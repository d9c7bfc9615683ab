// SPDX-License-Identifier: BSD-2-Clause
/*
 * feature_net.c - trying what this kernel can do on hooks of the network.
 *
 * A link is asked for on something that is not there, or that takes none: a
 * kernel that knows such links says so, and an old one does not know the question.
 */
#include <errno.h>
#include <limits.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/feature_tests.h"
#include "scope.h"

/* The loopback interface has this number in every namespace. */
enum { LOOPBACK = 1, ABSENT = INT_MAX, NO_FAMILY = 255 };

/* yes: the errno of a kernel that has such links. */
static int try_link(enum bpf_prog_type type, struct abi_link_create *create,
		    int yes, const char *since, struct err *e)
{
	scoped_fd int prog = feature_program(type, create->attach_type, e);
	scoped_fd int link = -1;

	if (prog < 0)
		return prog == -EINVAL
			       ? fail(e, EINVAL, "came with Linux %s", since)
			       : prog;
	create->prog_fd = (uint32_t)prog;
	link = bpf_link_make(create);
	return link == -yes ? 0 : feature_fail_old(e, link, since, "a link");
}

int test_netns_link(struct err *e)
{
	struct abi_link_create create = {
		.target_fd = UINT32_MAX,
		.attach_type = BPF_FLOW_DISSECTOR,
	};

	return try_link(BPF_PROG_TYPE_FLOW_DISSECTOR, &create, EBADF, "5.8", e);
}

int test_sk_lookup(struct err *e)
{
	struct abi_link_create create = {
		.target_fd = UINT32_MAX,
		.attach_type = BPF_SK_LOOKUP,
	};

	return try_link(BPF_PROG_TYPE_SK_LOOKUP, &create, EBADF, "5.9", e);
}

/*
 * Before, all but BPF_OK was one answer, and a run told 0 of it (91350fe15293 of
 * 6.1, bpf_flow_dissect()).
 */
int test_flow_dissector_continue(struct err *e)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K,
		  .dst_reg = BPF_REG_0,
		  .imm = ABI_FLOW_DISSECTOR_CONTINUE },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static const char packet[ETH_ZLEN];
	scoped_fd int prog =
		bpf_prog_load_insns(BPF_PROG_TYPE_FLOW_DISSECTOR, 0, 0,
				    "probefs_try", insns, COUNT(insns));
	uint32_t result = 0;
	int err = prog < 0
			  ? prog
			  : bpf_prog_try(prog, packet, sizeof(packet), &result);

	if (err)
		return feature_fail(e, err, "a run of a program");
	if (result == ABI_FLOW_DISSECTOR_CONTINUE)
		return 0;
	return fail(e, EOPNOTSUPP, "came with Linux 6.1");
}

/* No program that is loaded for the processor is for the device itself. */
int test_xdp_link(struct err *e)
{
	struct abi_link_create create = {
		.target_fd = LOOPBACK,
		.attach_type = BPF_XDP,
		.flags = XDP_FLAGS_HW_MODE,
	};

	return try_link(BPF_PROG_TYPE_XDP, &create, EOPNOTSUPP, "5.9", e);
}

int test_netfilter_link(struct err *e)
{
	struct abi_link_create create = {
		.attach_type = BPF_NETFILTER,
		.netfilter = { .pf = NO_FAMILY },
	};

	return try_link(BPF_PROG_TYPE_NETFILTER, &create, EAFNOSUPPORT, "6.4",
			e);
}

int test_tcx(struct err *e)
{
	struct abi_link_create create = {
		.target_fd = ABSENT,
		.attach_type = BPF_TCX_INGRESS,
	};

	return try_link(BPF_PROG_TYPE_SCHED_CLS, &create, ENODEV, "6.6", e);
}

int test_netkit(struct err *e)
{
	struct abi_link_create create = {
		.target_fd = ABSENT,
		.attach_type = BPF_NETKIT_PRIMARY,
	};

	int err = try_link(BPF_PROG_TYPE_SCHED_CLS, &create, ENODEV, "6.7", e);

	/* The stub of a kernel that was built without them says so, too. */
	return err == -EINVAL ? fail(e, EINVAL,
				     "came with Linux 6.7; needs CONFIG_NETKIT")
			      : err;
}

int test_cgroup_link(struct err *e)
{
	struct abi_link_create create = {
		.target_fd = UINT32_MAX,
		.attach_type = BPF_CGROUP_INET_EGRESS,
	};

	return try_link(BPF_PROG_TYPE_CGROUP_SKB, &create, EBADF, "5.7", e);
}

int test_cgroup_unix(struct err *e)
{
	struct abi_link_create create = {
		.target_fd = UINT32_MAX,
		.attach_type = BPF_CGROUP_UNIX_CONNECT,
	};

	return try_link(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, &create, EBADF, "6.7",
			e);
}

int test_cgroup_order(struct err *e)
{
	struct abi_link_create create = {
		.target_fd = UINT32_MAX,
		.attach_type = BPF_CGROUP_INET_EGRESS,
		.flags = ABI_F_BEFORE,
	};

	return try_link(BPF_PROG_TYPE_CGROUP_SKB, &create, EBADF, "6.17", e);
}

/* Of programs of this type the kernel does not ask what they were loaded for. */
int test_sockmap_link(struct err *e)
{
	struct abi_link_create create = {
		.target_fd = UINT32_MAX,
		.attach_type = BPF_SK_SKB_VERDICT,
	};

	return try_link(BPF_PROG_TYPE_SK_SKB, &create, EBADF, "6.10", e);
}
