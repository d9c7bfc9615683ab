// SPDX-License-Identifier: BSD-2-Clause
/* features.c - what this kernel can do: the table, and the answers. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "attach/kernel/feature_tests.h"
#include "attach/kernel/features.h"

enum { DENIALS = 3 };

struct row {
	const char *name;
	const char *since;
	int (*test)(struct err *e);
	int denials[DENIALS]; /* the errnos that mean no; 0 is none */
	bool passing; /* a no may become a yes, so it is not kept */
};

/* clang-format off */
static const struct row rows[FEATURE_COUNT] = {
	[FEATURE_KPROBE_PMU] = {
		.name = "kprobe_pmu",
		.since = "4.17",
		.test = test_kprobe_pmu,
		.denials = { ENODEV },
	},
	[FEATURE_UPROBE_PMU] = {
		.name = "uprobe_pmu",
		.since = "4.17",
		.test = test_uprobe_pmu,
		.denials = { ENODEV },
	},
	[FEATURE_UPROBE_REF_CTR] = {
		.name = "uprobe_ref_ctr",
		.since = "4.20",
		.test = test_ref_ctr,
		.denials = { ENODEV, EOPNOTSUPP },
	},
	[FEATURE_KPROBE_TRACEFS] = {
		.name = "kprobe_tracefs",
		.since = "4.1",
		.test = test_kprobe_tracefs,
		.denials = { ENOENT, ENODEV },
	},
	[FEATURE_UPROBE_TRACEFS] = {
		.name = "uprobe_tracefs",
		.since = "4.3",
		.test = test_uprobe_tracefs,
		.denials = { ENOENT, ENODEV },
	},
	[FEATURE_PERF_LINK] = {
		.name = "perf_link",
		.since = "5.15",
		.test = test_perf_link,
		.denials = { EINVAL },
	},
	[FEATURE_COOKIE] = {
		.name = "cookie",
		.since = "5.15",
		.test = test_cookie,
		.denials = { EINVAL },
	},
	[FEATURE_KPROBE_MULTI] = {
		.name = "kprobe_multi",
		.since = "5.18",
		.test = test_kprobe_multi,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_UPROBE_MULTI] = {
		.name = "uprobe_multi",
		.since = "6.6",
		.test = test_uprobe_multi,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_UPROBE_MULTI_PID] = {
		.name = "uprobe_multi_pid",
		.since = "6.10",
		.test = test_uprobe_multi_pid,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_KPROBE_SESSION] = {
		.name = "kprobe_session",
		.since = "6.10",
		.test = test_kprobe_session,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_UPROBE_SESSION] = {
		.name = "uprobe_session",
		.since = "6.13",
		.test = test_uprobe_session,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_LINK_INFO_PERF] = {
		.name = "link_info_perf",
		.since = "6.6",
		.test = test_link_info_perf,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_LINK_IDS] = {
		.name = "link_ids",
		.since = "5.8",
		.test = test_link_ids,
		.denials = { EINVAL },
	},
	[FEATURE_SLEEPABLE] = {
		.name = "sleepable_uprobe",
		.since = "6.0",
		.test = test_sleepable,
		.denials = { EINVAL },
	},
	[FEATURE_RINGBUF] = {
		.name = "ringbuf",
		.since = "5.8",
		.test = test_ringbuf,
		.denials = { EINVAL },
	},
	[FEATURE_ITER] = {
		.name = "iter",
		.since = "5.8",
		.test = test_iter,
		.denials = { EINVAL },
	},
	[FEATURE_BTF] = {
		.name = "btf",
		.since = "5.4",
		.test = test_btf,
		.denials = { ENOENT },
	},
	/* What hides addresses is a setting, and debugfs may be mounted. */
	[FEATURE_KALLSYMS] = {
		.name = "kallsyms",
		.since = "2.6",
		.test = test_kallsyms,
		.denials = { ENOENT },
		.passing = true,
	},
	[FEATURE_KPROBE_BLACKLIST] = {
		.name = "kprobe_blacklist",
		.since = "3.16",
		.test = test_blacklist,
		.denials = { ENOENT },
		.passing = true,
	},
	[FEATURE_NETNS_LINK] = {
		.name = "netns_link",
		.since = "5.8",
		.test = test_netns_link,
		.denials = { EINVAL },
	},
	[FEATURE_SK_LOOKUP] = {
		.name = "sk_lookup",
		.since = "5.9",
		.test = test_sk_lookup,
		.denials = { EINVAL },
	},
	[FEATURE_FLOW_CONTINUE] = {
		.name = "flow_dissector_continue",
		.since = "6.1",
		.test = test_flow_dissector_continue,
		.denials = { EOPNOTSUPP },
	},
	[FEATURE_XDP_LINK] = {
		.name = "xdp_link",
		.since = "5.9",
		.test = test_xdp_link,
		.denials = { EINVAL },
	},
	[FEATURE_NETFILTER_LINK] = {
		.name = "netfilter_link",
		.since = "6.4",
		.test = test_netfilter_link,
		.denials = { EINVAL },
	},
	[FEATURE_TCX] = {
		.name = "tcx",
		.since = "6.6",
		.test = test_tcx,
		.denials = { EINVAL },
	},
	[FEATURE_NETKIT] = {
		.name = "netkit",
		.since = "6.7",
		.test = test_netkit,
		.denials = { EINVAL },
	},
	[FEATURE_LINK_UPDATE] = {
		.name = "link_update",
		.since = "5.7",
		.test = test_link_update,
		.denials = { EINVAL },
	},
	[FEATURE_LINK_DETACH] = {
		.name = "link_detach",
		.since = "5.9",
		.test = test_link_detach,
		.denials = { EINVAL },
	},
	[FEATURE_PROG_TEST_RUN] = {
		.name = "prog_test_run",
		.since = "4.12",
		.test = test_prog_test_run,
		.denials = { EINVAL },
	},
	[FEATURE_CGROUP_LINK] = {
		.name = "cgroup_link",
		.since = "5.7",
		.test = test_cgroup_link,
		.denials = { EINVAL },
	},
	[FEATURE_CGROUP_UNIX] = {
		.name = "cgroup_unix",
		.since = "6.7",
		.test = test_cgroup_unix,
		.denials = { EINVAL },
	},
	[FEATURE_CGROUP_ORDER] = {
		.name = "cgroup_order",
		.since = "6.17",
		.test = test_cgroup_order,
		.denials = { EINVAL },
	},
	[FEATURE_SOCKMAP_LINK] = {
		.name = "sockmap_link",
		.since = "6.10",
		.test = test_sockmap_link,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_RAW_TP_COOKIE] = {
		.name = "raw_tracepoint_cookie",
		.since = "6.10",
		.test = test_raw_tp_cookie,
		.denials = { EINVAL },
	},
	[FEATURE_FENTRY] = {
		.name = "fentry",
		.since = "5.5",
		.test = test_fentry,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_TRACING_LINK] = {
		.name = "tracing_cookie",
		.since = "5.19",
		.test = test_tracing_link,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_FSESSION] = {
		.name = "fsession",
		.since = "7.0",
		.test = test_fsession,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_LSM] = {
		.name = "lsm",
		.since = "5.7",
		.test = test_lsm,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_STRUCT_OPS_LINK] = {
		.name = "struct_ops_link",
		.since = "6.4",
		.test = test_struct_ops_link,
		.denials = { EINVAL },
	},
	[FEATURE_LSM_CGROUP] = {
		.name = "lsm_cgroup",
		.since = "6.0",
		.test = test_lsm_cgroup,
		.denials = { EINVAL, EOPNOTSUPP },
	},
	[FEATURE_ITER_FIELDS] = {
		.name = "iter_fields",
		.since = "6.1",
		.test = test_iter_fields,
		.denials = { EINVAL, E2BIG, EOPNOTSUPP },
	},
	[FEATURE_TRACING_MULTI] = {
		.name = "tracing_multi", .since = "7.2",
		.test = test_tracing_multi, .denials = { EINVAL, EOPNOTSUPP },
	},
};
/* clang-format on */

enum answer {
	ANSWER_UNKNOWN, /* not asked, or only what tells of the moment */
	ANSWER_YES,
	ANSWER_NO,
};

/* why_not is written once, before the answer is no. */
static struct {
	pthread_mutex_t lock;
	_Atomic enum answer answer;
	struct err why_not;
} answers[FEATURE_COUNT] = {
	[0 ... FEATURE_COUNT - 1] = { .lock = PTHREAD_MUTEX_INITIALIZER },
};

bool feature_denied_by(enum feature feature, int code)
{
	int i;

	for (i = 0; i < DENIALS; i++)
		if (code && rows[feature].denials[i] == code)
			return true;
	return false;
}

/* With the feature's lock held.  As feature_ask(). */
static int try_locked(enum feature feature, struct err *e)
{
	const struct row *row = &rows[feature];
	struct err why = { 0 };
	int err = row->test(&why);

	if (!err) {
		answers[feature].answer = ANSWER_YES;
		return 1;
	}
	if (e)
		*e = why;
	if (!feature_denied_by(feature, -err))
		return err;
	if (!row->passing) {
		answers[feature].why_not = why;
		answers[feature].answer = ANSWER_NO;
	}
	return 0;
}

int feature_ask(enum feature feature, struct err *e)
{
	int has = 0;

	if (answers[feature].answer == ANSWER_UNKNOWN) {
		pthread_mutex_lock(&answers[feature].lock);
		if (answers[feature].answer == ANSWER_UNKNOWN)
			has = try_locked(feature, e);
		pthread_mutex_unlock(&answers[feature].lock);
		if (answers[feature].answer == ANSWER_UNKNOWN)
			return has;
	}
	if (answers[feature].answer == ANSWER_YES)
		return 1;
	if (e)
		*e = answers[feature].why_not;
	return 0;
}

bool feature_has(enum feature feature)
{
	return feature_ask(feature, NULL) == 1;
}

static bool is_forbidden(int err)
{
	return err == -EPERM || err == -EACCES || err == -EROFS;
}

int feature_fits(enum feature feature, const char *lack, struct err *e)
{
	struct err why = { 0 };
	int has = feature_ask(feature, &why);

	if (has > 0)
		return has;
	if (has && !is_forbidden(has))
		return fail(e, -has, "%s", why.text);
	fail(e, has ? -has : EOPNOTSUPP, "%s: %s", lack, why.text);
	return 0;
}

int feature_need(enum feature feature, const char *lack, struct err *e)
{
	struct err why = { 0 };
	int has = feature_fits(feature, lack, &why);

	if (has > 0)
		return 0;
	return fail(e, has ? -has : why.code, "%s", why.text);
}

void features_show(FILE *out)
{
	struct err why;
	const char *word;
	int i, has;

	for (i = 0; i < FEATURE_COUNT; i++) {
		has = feature_ask(i, &why);
		word = has > 0			   ? "yes"
		       : !has || is_forbidden(has) ? "no"
						   : "unknown";
		fprintf(out, "%s\t%s\tsince %s", rows[i].name, word,
			rows[i].since);
		if (has <= 0)
			fprintf(out, "\t%s", why.text);
		putc('\n', out);
	}
}
