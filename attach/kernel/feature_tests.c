// SPDX-License-Identifier: BSD-2-Clause
/* feature_tests.c - trying what this kernel can do. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/feature_tests.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/sysfile.h"
#include "attach/kernel/tracefs.h"
#include "scope.h"

#define BLACKLIST "/sys/kernel/debug/kprobes/blacklist"

static bool is_rights(int code)
{
	return code == EPERM || code == EACCES;
}

int feature_fail(struct err *e, int err, const char *what)
{
	return fail(e, -err, "%s: %s%s", what,
		    is_rights(-err) ? "not allowed: " : "",
		    strerror(errno_clamp(-err)));
}

static int fail_rights(struct err *e, int err, const char *what)
{
	char lockdown[64];

	err = feature_fail(e, err, what);
	if (!is_rights(-err))
		return err;
	sysfile_read("/sys/kernel/security/lockdown", lockdown,
		     sizeof(lockdown));
	if (strstr(lockdown, "[confidentiality]"))
		fail_hint(e, "the kernel is locked down to confidentiality");
	else if (perf_paranoid() > 1)
		fail_hint(e, "kernel.perf_event_paranoid is %d",
			  perf_paranoid());
	return err;
}

int feature_fail_old(struct err *e, int err, const char *since,
		     const char *what)
{
	return err == -EINVAL ? fail(e, EINVAL, "came with Linux %s", since)
			      : feature_fail(e, err, what);
}

int feature_program(enum bpf_prog_type type, uint32_t expected, struct err *e)
{
	int fd = bpf_prog_trivial(type, expected);

	return fd < 0 ? feature_fail(e, fd, "a trivial program does not load")
		      : fd;
}

/* The PMU looked at an impossible probe and refused it for what it is. */
static int judge_pmu(int err, const char *config, struct err *e)
{
	if (err == -ENOENT || err == -EINVAL)
		return 0;
	if (err == -ENODEV)
		return fail(e, ENODEV, "came with Linux 4.17; needs %s",
			    config);
	return fail_rights(e, err, "perf_event_open(2) refuses");
}

int test_kprobe_pmu(struct err *e)
{
	scoped_fd int fd = perf_kprobe("no such symbol", 0, false);

	return judge_pmu(fd, "CONFIG_KPROBE_EVENTS", e);
}

int test_uprobe_pmu(struct err *e)
{
	scoped_fd int fd = perf_uprobe("/", 0, 0, 0, false);

	return judge_pmu(fd, "CONFIG_UPROBE_EVENTS", e);
}

int test_ref_ctr(struct err *e)
{
	int err = perf_uprobe_ref_ctr();

	if (err == -EOPNOTSUPP)
		return fail(e, EOPNOTSUPP, "came with Linux 4.20");
	return err ? feature_fail(e, err, "the uprobe PMU") : 0;
}

/* Opening for appending changes nothing. */
static int test_events_file(const char *file, const char *config, struct err *e)
{
	scoped_fd int fd = -1;
	char path[PATH_MAX];
	int err;

	err = tracefs_path(path, sizeof(path), e, "%s", file);
	if (err)
		return err;
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return fail(e, ENOENT, "needs %s", config);
	return fd < 0 ? fail_rights(e, -errno, path) : 0;
}

int test_kprobe_tracefs(struct err *e)
{
	return test_events_file("kprobe_events", "CONFIG_KPROBE_EVENTS", e);
}

int test_uprobe_tracefs(struct err *e)
{
	return test_events_file("uprobe_events", "CONFIG_UPROBE_EVENTS", e);
}

/* EBADF: it missed the event, so it knows what it is about. */
int test_perf_link(struct err *e)
{
	scoped_fd int prog = feature_program(BPF_PROG_TYPE_KPROBE, 0, e);
	scoped_fd int link = -1;

	if (prog < 0)
		return prog;
	link = bpf_link_perf(prog, -1, 0);
	return link == -EBADF ? 0 : feature_fail_old(e, link, "5.15", "a link");
}

static int test_load(const struct bpf_insn *insns, size_t count, uint32_t flags,
		     const char *since, struct err *e)
{
	scoped_fd int prog = bpf_prog_load_insns(BPF_PROG_TYPE_KPROBE, 0, flags,
						 "probefs_try", insns, count);

	return prog >= 0
		       ? 0
		       : feature_fail_old(e, prog, since, "loading a program");
}

static const struct bpf_insn get_cookie[] = {
	{ .code = BPF_JMP | BPF_CALL, .imm = ABI_HELPER_GET_ATTACH_COOKIE },
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

int test_cookie(struct err *e)
{
	int err = test_perf_link(e);

	return err ? err : test_load(get_cookie, 3, 0, "5.15", e);
}

int test_sleepable(struct err *e)
{
	return test_load(get_cookie + 1, 2, BPF_F_SLEEPABLE, "6.0", e);
}

static int try_kprobe_multi(uint32_t type, const char *since, struct err *e)
{
	scoped_fd int prog = feature_program(BPF_PROG_TYPE_KPROBE, type, e);
	int err;

	if (prog < 0)
		return prog;
	err = bpf_try_kprobe_multi(prog, type);
	if (err == -EFAULT)
		return 0;
	if (err == -EOPNOTSUPP)
		return fail(e, EOPNOTSUPP, "needs CONFIG_FPROBE");
	return feature_fail_old(e, err, since, "a multi link");
}

int test_kprobe_multi(struct err *e)
{
	return try_kprobe_multi(BPF_TRACE_KPROBE_MULTI, "5.18", e);
}

int test_kprobe_session(struct err *e)
{
	return try_kprobe_multi(BPF_TRACE_KPROBE_SESSION, "6.10", e);
}

static int try_uprobe_multi(uint32_t type, const char *since, struct err *e)
{
	scoped_fd int prog = feature_program(BPF_PROG_TYPE_KPROBE, type, e);
	int err;

	if (prog < 0)
		return prog;
	err = bpf_try_uprobe_multi(prog, type, 0);
	if (err == -EOPNOTSUPP)
		return fail(e, EOPNOTSUPP, "needs CONFIG_UPROBES");
	return err == -EBADF ? 0
			     : feature_fail_old(e, err, since, "a multi link");
}

int test_uprobe_multi(struct err *e)
{
	return try_uprobe_multi(BPF_TRACE_UPROBE_MULTI, "6.6", e);
}

int test_uprobe_session(struct err *e)
{
	return try_uprobe_multi(BPF_TRACE_UPROBE_SESSION, "6.13", e);
}

/*
 * Before 46ba0e49b642 (6.10 and stable kernels) the pid was compared with the
 * thread's; the same change made a negative one EINVAL.
 */
int test_uprobe_multi_pid(struct err *e)
{
	scoped_fd int prog = -1;
	int err = test_uprobe_multi(e);

	if (err == -EINVAL || err == -EOPNOTSUPP)
		return fail(e, -err, "there is no uprobe_multi");
	if (err)
		return err;
	prog = feature_program(BPF_PROG_TYPE_KPROBE, BPF_TRACE_UPROBE_MULTI, e);
	if (prog < 0)
		return prog;
	err = bpf_try_uprobe_multi(prog, BPF_TRACE_UPROBE_MULTI, UINT32_MAX);
	if (err == -EINVAL)
		return 0;
	if (err == -EBADF)
		return fail(
			e, EOPNOTSUPP,
			"its pid matches one thread only, until Linux 6.10");
	return feature_fail(e, err, "a multi link");
}

int test_link_info_perf(struct err *e)
{
	scoped_fd int prog = feature_program(BPF_PROG_TYPE_PERF_EVENT, 0, e);
	scoped_fd int event = -1;
	scoped_fd int link = -1;
	struct abi_link_info info = { 0 };
	uint32_t size = sizeof(info);
	int err;

	if (prog < 0)
		return prog;
	event = perf_idle();
	if (event < 0)
		return fail_rights(e, event, "perf_event_open(2) refuses");
	link = bpf_link_perf(prog, event, 0);
	if (link < 0)
		return feature_fail_old(e, link, "6.6", "a link");
	err = bpf_info(link, &info, &size);
	if (err)
		return feature_fail(e, err, "asking about a link");
	return info.perf.type ? 0 : fail(e, EOPNOTSUPP, "came with Linux 6.6");
}

/* No id is that large. */
int test_link_ids(struct err *e)
{
	uint32_t id = INT_MAX - 1;
	int err = bpf_link_next(&id);

	if (!err || err == -ENOENT)
		return 0;
	return feature_fail_old(e, err, "5.8", "looking through the links");
}

int test_ringbuf(struct err *e)
{
	scoped_fd int fd = bpf_map_ringbuf(sysconf(_SC_PAGESIZE));

	return fd >= 0 ? 0 : feature_fail_old(e, fd, "5.8", "making a map");
}

/* There is no such link. */
int test_iter(struct err *e)
{
	int err = bpf_iter_run(-1);

	return err == -EBADF ? 0
			     : feature_fail_old(e, err, "5.8", "making a run");
}

int test_btf(struct err *e)
{
	return access("/sys/kernel/btf/vmlinux", R_OK)
		       ? fail(e, errno, "needs CONFIG_DEBUG_INFO_BTF")
		       : 0;
}

/* Per-CPU variables come first and may truly be at 0; functions are not. */
int test_kallsyms(struct err *e)
{
	scoped_file FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long long address;
	char line[1024], type;

	if (!file)
		return feature_fail(e, -errno, "/proc/kallsyms");
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

int test_blacklist(struct err *e)
{
	return access(BLACKLIST, R_OK)
		       ? fail(e, errno, "no " BLACKLIST "; mount debugfs")
		       : 0;
}
