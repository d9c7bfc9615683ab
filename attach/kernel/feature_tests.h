/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * feature_tests.h - trying what this kernel can do; private to features.c.
 *
 * Each test returns 0 when the kernel can, else -errno with the reason in *e.
 * It has no side effects.  Which errno means "no" is a column of the table in
 * features.c.
 */
#ifndef ATTACH_KERNEL_FEATURE_TESTS_H
#define ATTACH_KERNEL_FEATURE_TESTS_H

#include <stdint.h>

#include "attach/kernel/abi.h"
#include "fail.h"

/* What the tests have in common: a program that loads, and two sentences. */
int feature_program(enum bpf_prog_type type, uint32_t expected, struct err *e);
int feature_fail(struct err *e, int err, const char *what);
/* EINVAL is what a kernel says of a command or a flag that it does not know. */
int feature_fail_old(struct err *e, int err, const char *since,
		     const char *what);

int test_kprobe_pmu(struct err *e);
int test_uprobe_pmu(struct err *e);
int test_ref_ctr(struct err *e);
int test_kprobe_tracefs(struct err *e);
int test_uprobe_tracefs(struct err *e);
int test_perf_link(struct err *e);
int test_cookie(struct err *e);
int test_kprobe_multi(struct err *e);
int test_uprobe_multi(struct err *e);
int test_uprobe_multi_pid(struct err *e);
int test_kprobe_session(struct err *e);
int test_uprobe_session(struct err *e);
int test_link_info_perf(struct err *e);
int test_link_ids(struct err *e);
int test_sleepable(struct err *e);
int test_ringbuf(struct err *e);
int test_iter(struct err *e);
int test_iter_fields(struct err *e);
int test_btf(struct err *e);
int test_kallsyms(struct err *e);
int test_blacklist(struct err *e);
int test_netns_link(struct err *e);
int test_sk_lookup(struct err *e);
int test_flow_dissector_continue(struct err *e);
int test_xdp_link(struct err *e);
int test_netfilter_link(struct err *e);
int test_tcx(struct err *e);
int test_netkit(struct err *e);
int test_link_update(struct err *e);
int test_link_detach(struct err *e);
int test_prog_test_run(struct err *e);
int test_cgroup_link(struct err *e);
int test_cgroup_unix(struct err *e);
int test_cgroup_order(struct err *e);
int test_sockmap_link(struct err *e);
int test_raw_tp_cookie(struct err *e);
int test_fentry(struct err *e);
int test_fsession(struct err *e);
int test_tracing_link(struct err *e);
int test_lsm(struct err *e);
int test_struct_ops_link(struct err *e);
int test_lsm_cgroup(struct err *e);
int test_tracing_multi(struct err *e);

#endif
