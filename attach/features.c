// SPDX-License-Identifier: BSD-2-Clause
/* features.c - trying what this kernel can do. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "attach/bpf.h"
#include "attach/features.h"
#include "attach/link.h"
#include "attach/perf.h"
#include "attach/sysfile.h"
#include "attach/tracefs.h"
#include "scope.h"

#define BLACKLIST "/sys/kernel/debug/kprobes/blacklist"

static int fail_old(struct err *e, const char *since)
{
	return fail(e, EOPNOTSUPP, "came with Linux %s", since);
}

static int fail_other(struct err *e, int rc, const char *what)
{
	return fail(e, -rc, "%s: %s", what, strerror(errno_clamp(-rc)));
}

static int fail_rights(struct err *e, int rc, const char *what)
{
	char lockdown[64];

	fail_other(e, rc, what);
	if (rc != -EPERM && rc != -EACCES)
		return rc;
	sysfile_read("/sys/kernel/security/lockdown", lockdown,
		     sizeof(lockdown));
	if (strstr(lockdown, "[confidentiality]"))
		fail_hint(e, "the kernel is locked down to confidentiality");
	else if (perf_paranoid() > 1)
		fail_hint(e, "kernel.perf_event_paranoid is %d",
			  perf_paranoid());
	return rc;
}

static int program(enum bpf_prog_type type, uint32_t expected, struct err *e)
{
	int fd = bpf_prog_trivial(type, expected);

	return fd < 0 ? fail_other(e, fd, "a trivial program does not load")
		      : fd;
}

/* The PMU looked at an impossible probe and refused it for what it is. */
static int judge_pmu(int rc, const char *config, struct err *e)
{
	if (rc == -ENOENT || rc == -EINVAL)
		return 0;
	if (rc == -ENODEV)
		return fail(e, ENODEV, "came with Linux 4.17; needs %s",
			    config);
	return fail_rights(e, rc, "perf_event_open(2) refuses");
}

static int test_kprobe_pmu(struct err *e)
{
	scoped_fd int fd = perf_kprobe("no such symbol", 0, false);

	return judge_pmu(fd, "CONFIG_KPROBE_EVENTS", e);
}

static int test_uprobe_pmu(struct err *e)
{
	scoped_fd int fd = perf_uprobe("/", 0, 0, 0, false);

	return judge_pmu(fd, "CONFIG_UPROBE_EVENTS", e);
}

static int test_ref_ctr(struct err *e)
{
	return perf_uprobe_has_ref_ctr() ? 0 : fail_old(e, "4.20");
}

/* Opening for appending changes nothing. */
static int test_events_file(const char *file, const char *config, struct err *e)
{
	scoped_fd int fd = -1;
	char path[PATH_MAX];
	int rc;

	rc = tracefs_path(path, sizeof(path), e, "%s", file);
	if (rc)
		return rc;
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return fail(e, ENOENT, "needs %s", config);
	return fd < 0 ? fail_rights(e, -errno, path) : 0;
}

static int test_kprobe_tracefs(struct err *e)
{
	return test_events_file("kprobe_events", "CONFIG_KPROBE_EVENTS", e);
}

static int test_uprobe_tracefs(struct err *e)
{
	return test_events_file("uprobe_events", "CONFIG_UPROBE_EVENTS", e);
}

/* EBADF: it missed the event, so it knows what it is about. */
static int test_perf_link(struct err *e)
{
	scoped_fd int prog = program(BPF_PROG_TYPE_KPROBE, 0, e);
	scoped_fd int link = -1;

	if (prog < 0)
		return prog;
	link = bpf_link_perf(prog, -1, 0);
	return link == -EBADF ? 0 : fail_old(e, "5.15");
}

static int test_load(const struct bpf_insn *insns, size_t count, uint32_t flags,
		     const char *since, struct err *e)
{
	scoped_fd int prog = bpf_prog_load_insns(BPF_PROG_TYPE_KPROBE, 0, flags,
						 "probefs_try", insns, count);

	if (prog >= 0)
		return 0;
	return prog == -EINVAL ? fail_old(e, since)
			       : fail_other(e, prog, "loading a program");
}

static const struct bpf_insn get_cookie[] = {
	{ .code = BPF_JMP | BPF_CALL, .imm = ABI_HELPER_GET_ATTACH_COOKIE },
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

static int test_cookie(struct err *e)
{
	int rc = test_perf_link(e);

	return rc ? rc : test_load(get_cookie, 3, 0, "5.15", e);
}

static int test_sleepable(struct err *e)
{
	return test_load(get_cookie + 1, 2, BPF_F_SLEEPABLE, "6.0", e);
}

/*
 * Nobody maps the first page (vm.mmap_min_addr): an array there is what a
 * multi link stumbles over once it has agreed to all else, with EFAULT.
 */
static int test_kprobe_multi(struct err *e)
{
	scoped_fd int prog =
		program(BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI, e);
	scoped_fd int link = -1;

	if (prog < 0)
		return prog;
	link = bpf_link_kprobe_multi(prog, false, 1, NULL,
				     (const uint64_t *)sizeof(uint64_t), NULL);
	if (link == -EFAULT)
		return 0;
	if (link == -EOPNOTSUPP)
		return fail(e, EOPNOTSUPP, "needs CONFIG_FPROBE");
	return link == -EINVAL ? fail_old(e, "5.18")
			       : fail_other(e, link, "a multi link");
}

/* A directory cannot be probed: EBADF is the answer of a kernel that looked. */
static int try_uprobe_multi(uint32_t pid, struct err *e)
{
	scoped_fd int prog =
		program(BPF_PROG_TYPE_KPROBE, BPF_TRACE_UPROBE_MULTI, e);
	scoped_fd int link = -1;
	uint64_t offset = 0;

	if (prog < 0)
		return prog;
	link = bpf_link_uprobe_multi(prog, false, "/", 1, &offset, NULL, NULL,
				     pid);
	return link == -EBADF ? 0 : fail_old(e, "6.6");
}

static int test_uprobe_multi(struct err *e)
{
	return try_uprobe_multi(0, e);
}

/*
 * Before 46ba0e49b642 (6.10 and stable kernels) the pid was compared with the
 * thread's; the same change made a negative one EINVAL.
 */
static int test_uprobe_multi_pid(struct err *e)
{
	int rc = test_uprobe_multi(e);

	if (rc)
		return fail(e, -rc, "there is no uprobe_multi");
	rc = try_uprobe_multi(UINT32_MAX, NULL);
	return rc == -EOPNOTSUPP
		       ? 0
		       : fail(e, EOPNOTSUPP,
			      "its pid matches one thread only, until Linux 6.10");
}

static int test_link_info_perf(struct err *e)
{
	scoped_fd int prog = program(BPF_PROG_TYPE_PERF_EVENT, 0, e);
	scoped_fd int event = -1;
	scoped_fd int link = -1;
	struct link_info info;
	int rc;

	if (prog < 0)
		return prog;
	event = perf_idle();
	if (event < 0)
		return fail_rights(e, event, "perf_event_open(2) refuses");
	link = bpf_link_perf(prog, event, 0);
	if (link < 0)
		return fail_old(e, "6.6");
	rc = link_info_get(link, &info);
	link_info_clear(&info);
	return !rc && info.perf_type ? 0 : fail_old(e, "6.6");
}

/* No id is that large. */
static int test_link_ids(struct err *e)
{
	uint32_t id = INT_MAX - 1;
	int rc = bpf_link_next(&id);

	if (!rc || rc == -ENOENT)
		return 0;
	return rc == -EINVAL ? fail_old(e, "5.8")
			     : fail_other(e, rc, "looking through the links");
}

static int test_ringbuf(struct err *e)
{
	scoped_fd int fd = bpf_map_ringbuf(sysconf(_SC_PAGESIZE));

	if (fd >= 0)
		return 0;
	return fd == -EINVAL ? fail_old(e, "5.8")
			     : fail_other(e, fd, "making a map");
}

static int test_btf(struct err *e)
{
	return access("/sys/kernel/btf/vmlinux", R_OK)
		       ? fail(e, errno, "needs CONFIG_DEBUG_INFO_BTF")
		       : 0;
}

/* Per-CPU variables come first and may truly be at 0; functions are not. */
static int test_kallsyms(struct err *e)
{
	scoped_file FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long long address;
	char line[1024], type;

	if (!file)
		return fail_other(e, -errno, "/proc/kallsyms");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx %c", &address, &type) != 2 ||
		    toupper((unsigned char)type) != 'T')
			continue;
		return address ? 0
			       : fail(e, EPERM,
				      "kernel.kptr_restrict hides addresses");
	}
	return fail(e, ENOENT, "no function in /proc/kallsyms");
}

static int test_blacklist(struct err *e)
{
	return access(BLACKLIST, R_OK)
		       ? fail(e, errno, "no " BLACKLIST "; mount debugfs")
		       : 0;
}

/* 0 when the kernel can, else -errno with the reason in *e. */
struct row {
	const char *name;
	const char *since;
	int (*test)(struct err *e);
};

/* clang-format off */
static const struct row rows[FEATURE_COUNT] = {
	[FEATURE_KPROBE_PMU] = { "kprobe_pmu", "4.17", test_kprobe_pmu },
	[FEATURE_UPROBE_PMU] = { "uprobe_pmu", "4.17", test_uprobe_pmu },
	[FEATURE_UPROBE_REF_CTR] = { "uprobe_ref_ctr", "4.20", test_ref_ctr },
	[FEATURE_KPROBE_TRACEFS] = {
		"kprobe_tracefs", "4.1", test_kprobe_tracefs,
	},
	[FEATURE_UPROBE_TRACEFS] = {
		"uprobe_tracefs", "4.3", test_uprobe_tracefs,
	},
	[FEATURE_PERF_LINK] = { "perf_link", "5.15", test_perf_link },
	[FEATURE_COOKIE] = { "cookie", "5.15", test_cookie },
	[FEATURE_KPROBE_MULTI] = { "kprobe_multi", "5.18", test_kprobe_multi },
	[FEATURE_UPROBE_MULTI] = { "uprobe_multi", "6.6", test_uprobe_multi },
	[FEATURE_UPROBE_MULTI_PID] = {
		"uprobe_multi_pid", "6.10", test_uprobe_multi_pid,
	},
	[FEATURE_LINK_INFO_PERF] = {
		"link_info_perf", "6.6", test_link_info_perf,
	},
	[FEATURE_LINK_IDS] = { "link_ids", "5.8", test_link_ids },
	[FEATURE_SLEEPABLE] = { "sleepable_uprobe", "6.0", test_sleepable },
	[FEATURE_RINGBUF] = { "ringbuf", "5.8", test_ringbuf },
	[FEATURE_BTF] = { "btf", "5.4", test_btf },
	[FEATURE_KALLSYMS] = { "kallsyms", "2.6", test_kallsyms },
	[FEATURE_KPROBE_BLACKLIST] = {
		"kprobe_blacklist", "3.16", test_blacklist,
	},
};
/* clang-format on */

/* Written once each, by whoever asks first. */
static struct {
	pthread_mutex_t lock;
	atomic_bool tried;
	bool has;
	int code;
	char why_not[ERR_TEXT];
} answers[FEATURE_COUNT] = {
	[0 ... FEATURE_COUNT - 1] = { .lock = PTHREAD_MUTEX_INITIALIZER },
};

static void try(enum feature feature)
{
	struct err e = { 0 };

	answers[feature].has = !rows[feature].test(&e);
	if (!answers[feature].has)
		strcpy(answers[feature].why_not, e.text);
	answers[feature].code = e.code;
	answers[feature].tried = true;
}

bool feature_has(enum feature feature)
{
	if (!answers[feature].tried) {
		pthread_mutex_lock(&answers[feature].lock);
		if (!answers[feature].tried)
			try(feature);
		pthread_mutex_unlock(&answers[feature].lock);
	}
	return answers[feature].has;
}

bool feature_refuse(enum feature feature, const char *lack, struct err *e)
{
	int code = feature_has(feature) ? 0 : answers[feature].code;
	bool curable = code == EPERM || code == EACCES || code == EROFS;

	fail(e, curable ? code : EOPNOTSUPP, "%s: %s", lack,
	     answers[feature].why_not);
	return false;
}

void features_show(FILE *out)
{
	bool has;

	for (int i = 0; i < FEATURE_COUNT; i++) {
		has = feature_has(i);
		fprintf(out, "%s\t%s\tsince %s", rows[i].name,
			has ? "yes" : "no", rows[i].since);
		if (!has)
			fprintf(out, "\t%s", answers[i].why_not);
		putc('\n', out);
	}
}
