/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * features.h - what this kernel can do, found by trying, never by version.
 *
 * Locking: thread-safe.  A test has no side effects.  A yes is kept, and a no
 * when the errno of the test is one that means no; any other errno (no
 * descriptor left, not allowed) tells of the moment, so the test is asked again
 * the next time.
 */
#ifndef ATTACH_KERNEL_FEATURES_H
#define ATTACH_KERNEL_FEATURES_H

#include <stdbool.h>
#include <stdio.h>

#include "fail.h"

enum feature {
	FEATURE_KPROBE_PMU,
	FEATURE_UPROBE_PMU,
	FEATURE_UPROBE_REF_CTR,
	FEATURE_KPROBE_TRACEFS,
	FEATURE_UPROBE_TRACEFS,
	FEATURE_PERF_LINK,
	FEATURE_COOKIE,
	FEATURE_KPROBE_MULTI,
	FEATURE_UPROBE_MULTI,
	FEATURE_UPROBE_MULTI_PID, /* its pid is a process, not a thread */
	FEATURE_KPROBE_SESSION,
	FEATURE_UPROBE_SESSION,
	FEATURE_LINK_INFO_PERF,
	FEATURE_LINK_IDS,
	FEATURE_SLEEPABLE,
	FEATURE_RINGBUF,
	FEATURE_ITER,
	FEATURE_BTF,
	FEATURE_KALLSYMS, /* with addresses */
	FEATURE_KPROBE_BLACKLIST,
	FEATURE_NETNS_LINK,
	FEATURE_SK_LOOKUP,
	FEATURE_FLOW_CONTINUE, /* a flow dissector may leave it to the kernel */
	FEATURE_XDP_LINK,
	FEATURE_NETFILTER_LINK,
	FEATURE_TCX,
	FEATURE_NETKIT,
	FEATURE_LINK_UPDATE,
	FEATURE_LINK_DETACH,
	FEATURE_PROG_TEST_RUN,
	FEATURE_CGROUP_LINK,
	FEATURE_CGROUP_UNIX, /* the hooks of unix sockets */
	FEATURE_CGROUP_ORDER,
	FEATURE_SOCKMAP_LINK,
	FEATURE_RAW_TP_COOKIE,
	FEATURE_FENTRY, /* and fexit, fmod_ret, freplace: trampolines */
	FEATURE_TRACING_LINK, /* LINK_CREATE for these, with a cookie */
	FEATURE_FSESSION,
	FEATURE_LSM, /* and its programs run */
	FEATURE_STRUCT_OPS_LINK,
	FEATURE_LSM_CGROUP, /* and its programs run */
	FEATURE_ITER_FIELDS, /* of tasks and of cgroups */
	FEATURE_TRACING_MULTI, /* a program on several functions, one link */
	FEATURE_COUNT
};

/* 1: yes.  0: no, with the reason in *e.  -errno: the test failed, in *e why. */
int feature_ask(enum feature feature, struct err *e);

/* The same where a failed test is as good as a no. */
bool feature_has(enum feature feature);

/*
 * For a way to attach that needs the feature and is one of several: 1; 0 with
 * "LACK: ..." in *e where this kernel has it not (EOPNOTSUPP) or does not allow
 * it (EPERM, EACCES, EROFS); -errno with *e filled when that is not known.
 */
int feature_fits(enum feature feature, const char *lack, struct err *e);

/*
 * 0 where the kernel has the feature; else -errno with "LACK: ..." in *e, as above.
 */
int feature_need(enum feature feature, const char *lack, struct err *e);

/* The errno is one by which the feature's test says that there is none. */
bool feature_denied_by(enum feature feature, int code);

/* name\tyes|no|unknown\tsince KERNEL[\twhy not]: the root file `features`. */
void features_show(FILE *out);

#endif
