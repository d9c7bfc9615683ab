// SPDX-License-Identifier: BSD-2-Clause
/* link_live.c - what this kernel says of links. */
#include <errno.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/features.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/tracefs.h"
#include "scope.h"
#include "tests/unit/check.h"

static void test_no_link(void)
{
	struct link_info info;
	struct err e;

	check_number("no descriptor", -EBADFD, link_info_get(-1, &info));
	check_number("no such link", -ENOENT,
		     link_show(2147483646, stdout, &e));
	check_text("no such link", "no link has the id 2147483646", e.text);
}

/* The name and the path are what the event was made with. */
static void test_uprobe(void)
{
	scoped_fd int prog = bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, 0);
	scoped_fd int event = perf_uprobe("/proc/self/exe", 0x10, 0, 0, true);
	scoped_fd int link = bpf_link_perf(prog, event, 77);
	struct link_info info;

	check_number("uretprobe", 0, link_info_get(link, &info));
	check_number("type", BPF_LINK_TYPE_PERF_EVENT, info.type);
	if (feature_has(FEATURE_LINK_INFO_PERF)) {
		check_text("path", "/proc/self/exe", info.name);
		check_number("perf type", BPF_PERF_EVENT_URETPROBE,
			     info.perf_type);
		check_number("offset", 0x10, info.offset);
		check_true("ret", info.ret);
	}
	check_number("cookie", info.has & LINK_HAS_COOKIE ? 77 : 0,
		     info.cookie);
	link_info_clear(&info);
}

static void test_tracepoint(void)
{
	scoped_fd int prog = bpf_prog_trivial(BPF_PROG_TYPE_TRACEPOINT, 0);
	scoped_fd int event = -1;
	scoped_fd int link = -1;
	struct link_info info;
	uint32_t id = 0;
	struct err e;

	if (tracefs_event_id("syscalls", "sys_enter_acct", &id, &e) &&
	    tracefs_event_id("sched", "sched_process_hang", &id, &e)) {
		check_skip("tracepoint link", e.text);
		return;
	}
	event = perf_tracepoint(id, 0);
	link = bpf_link_perf(prog, event, 0);
	check_number("tracepoint", 0, link_info_get(link, &info));
	if (info.has & LINK_HAS_NAME)
		check_true("name",
			   !strcmp(info.name, "sys_enter_acct") ||
				   !strcmp(info.name, "sched_process_hang"));
	check_number("cookie", 0, info.cookie);
	link_info_clear(&info);
}

static void test_uprobe_multi(void)
{
	static const uint64_t offsets[] = { 0x10, 0x20 }, cookies[] = { 7, 8 };
	scoped_fd int prog =
		bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, BPF_TRACE_UPROBE_MULTI);
	scoped_fd int link = bpf_link_uprobe_multi(prog, BPF_TRACE_UPROBE_MULTI,
						   true, "/proc/self/exe", 2,
						   offsets, NULL, cookies, 0);
	struct link_info info;

	check_number("uprobe_multi", 0, link_info_get(link, &info));
	check_number("type", BPF_LINK_TYPE_UPROBE_MULTI, info.type);
	if (info.has & LINK_HAS_SITES) {
		check_number("sites", 2, info.nsites);
		check_number("where", 0x20, info.sites[1].where);
		check_number("cookie", 8, info.sites[1].cookie);
		check_true("ret", info.ret);
		check_number("pid", 0, info.pid);
		check_number("path", '/', info.name[0]);
	}
	link_info_clear(&info);
}

/* A function that only the kernel's own tests call; 5.7. */
#define HARMLESS "bpf_fentry_test1"

static void test_kprobe(void)
{
	scoped_fd int prog = bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, 0);
	scoped_fd int event = perf_kprobe(HARMLESS, 0, true);
	scoped_fd int link = bpf_link_perf(prog, event, 78);
	struct link_info info;

	check_number("kretprobe", 0, link_info_get(link, &info));
	if (feature_has(FEATURE_LINK_INFO_PERF)) {
		check_text("symbol", HARMLESS, info.name);
		check_number("perf type", BPF_PERF_EVENT_KRETPROBE,
			     info.perf_type);
		check_true("ret", info.ret);
		check_true("address", info.address != 0);
	}
	check_number("missed", 0, info.missed);
	check_number("cookie", info.has & LINK_HAS_COOKIE ? 78 : 0,
		     info.cookie);
	link_info_clear(&info);
}

static void test_kprobe_multi(void)
{
	static const char *const syms[] = { HARMLESS };
	static const uint64_t cookies[] = { 79 };
	scoped_fd int prog =
		bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI);
	scoped_fd int link = bpf_link_kprobe_multi(
		prog, BPF_TRACE_KPROBE_MULTI, true, 1, syms, NULL, cookies);
	struct link_info info;

	check_number("kprobe_multi", 0, link_info_get(link, &info));
	check_number("type", BPF_LINK_TYPE_KPROBE_MULTI, info.type);
	if (info.has & LINK_HAS_SITES) {
		check_number("sites", 1, info.nsites);
		check_true("where", info.sites[0].where != 0);
		check_true("ret", info.ret);
	}
	if (info.has & LINK_HAS_COOKIE)
		check_number("cookie", 79, info.sites[0].cookie);
	link_info_clear(&info);
}

static void test_links(void)
{
	test_uprobe();
	test_tracepoint();
	if (feature_has(FEATURE_UPROBE_MULTI))
		test_uprobe_multi();
	if (feature_has(FEATURE_KPROBE_PMU))
		test_kprobe();
	if (feature_has(FEATURE_KPROBE_MULTI))
		test_kprobe_multi();
}

int main(void)
{
	scoped_fd int prog = bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, 0);

	if (prog < 0) {
		check_skip("link_live", "not allowed here");
		return EXIT_SUCCESS;
	}
	tracefs_setup(NULL, true, NULL);
	test_no_link();
	if (feature_has(FEATURE_PERF_LINK))
		test_links();
	else
		check_skip("link_live", "no perf links");
	return check_end("link_live");
}
