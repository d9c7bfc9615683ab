/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * features.h - what this kernel can do, found by trying, never by version.
 *
 * Locking: thread-safe.  Each feature is tried once, when it is first asked
 * for, without side effects; the answer is kept.
 */
#ifndef ATTACH_FEATURES_H
#define ATTACH_FEATURES_H

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
	FEATURE_LINK_INFO_PERF,
	FEATURE_LINK_IDS,
	FEATURE_SLEEPABLE,
	FEATURE_RINGBUF,
	FEATURE_BTF,
	FEATURE_KALLSYMS, /* with addresses */
	FEATURE_KPROBE_BLACKLIST,
	FEATURE_COUNT
};

bool feature_has(enum feature feature);

/*
 * Why there is none: "LACK: ...", with EPERM, EACCES or EROFS where that is
 * all that is in the way, else EOPNOTSUPP.  False.
 */
bool feature_refuse(enum feature feature, const char *lack, struct err *e);

/* name\tyes|no\tsince KERNEL[\twhy not]: the root file `features`. */
void features_show(FILE *out);

#endif
