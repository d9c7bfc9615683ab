// SPDX-License-Identifier: BSD-2-Clause
/*
 * hooks.c - attaching, replacing and detaching on hooks, by files and by bpf(2).
 *
 * hooks MOUNT FIRST SECOND CASE ROUNDS prints medians in microseconds, by the
 * files and by the calls beneath them, of each of the three.  FIRST and SECOND
 * are pins of programs for the hook of CASE; a case without updates prints 0 for
 * them.  The network is that of the caller, the cgroup is BENCH_CGROUP.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/netfilter.h>
#include <net/if.h>
#include <sys/stat.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/perf.h"
#include "tests/bench/bench.h"

struct hook {
	const char *name; /* of the probe, with its kind */
	int (*link)(int prog);
	bool updates;
};

static int on_target(int prog, int target, uint32_t attach_type)
{
	struct abi_link_create create = {
		.prog_fd = (uint32_t)prog,
		.target_fd = (uint32_t)target,
		.attach_type = attach_type,
	};

	return bpf_link_make(&create);
}

static int on_file(int prog, const char *path, uint32_t attach_type)
{
	int target = open(path, O_RDONLY | O_CLOEXEC);
	int link = target < 0 ? -1 : on_target(prog, target, attach_type);

	if (target >= 0)
		close(target);
	return link;
}

static int link_tcx(int prog)
{
	return on_target(prog, (int)if_nametoindex("lo"), BPF_TCX_EGRESS);
}

static int link_xdp(int prog)
{
	return on_target(prog, (int)if_nametoindex("v1"), BPF_XDP);
}

static int link_lookup(int prog)
{
	return on_file(prog, "/proc/self/ns/net", BPF_SK_LOOKUP);
}

static int link_cgroup(int prog)
{
	return on_file(prog, getenv("BENCH_CGROUP"), BPF_CGROUP_INET_EGRESS);
}

static int link_netfilter(int prog)
{
	struct abi_link_create create = {
		.prog_fd = (uint32_t)prog,
		.attach_type = BPF_NETFILTER,
		.netfilter = { .pf = NFPROTO_IPV4,
			       .hooknum = NF_INET_LOCAL_IN,
			       .priority = 7 },
	};

	return bpf_link_make(&create);
}

static int link_raw_tp(int prog)
{
	return bpf_raw_tp_open("sched_process_hang", prog, 0);
}

/* clang-format off */
static const struct hook hooks[] = {
	{ "tcx/lo:egress", link_tcx, true },
	{ "xdp/v1", link_xdp, true },
	{ "netns/sk_lookup", link_lookup, true },
	{ "cgroup/bench", link_cgroup, true },
	{ "netfilter/ipv4:input:7", link_netfilter, false },
	{ "raw_tracepoint/sched_process_hang", link_raw_tp, false },
	{ 0 },
};
/* clang-format on */

/* Of each of the three. */
struct times {
	struct series attach, update, detach;
};

static double timed_put(const char *attach, const char *text)
{
	double start = now();

	put(attach, text);
	return now() - start;
}

static void by_files(struct times *times, const char *attach, char *const *pins,
		     bool updates)
{
	series_add(&times->attach, timed_put(attach, pins[0]));
	if (updates)
		series_add(&times->update, timed_put(attach, pins[1]));
	series_add(&times->detach, timed_put(attach, "\n"));
}

static int program_at(const char *pin)
{
	int prog = bpf_get(pin, false);

	if (prog < 0)
		errx(1, "%s: %s", pin, strerror(-prog));
	return prog;
}

static void by_calls(struct times *times, const struct hook *hook,
		     char *const *pins)
{
	double start = now();
	int first = program_at(pins[0]), second, link = hook->link(first);

	if (link < 0)
		errx(1, "cannot link '%s': %s", hook->name, strerror(-link));
	series_add(&times->attach, now() - start);
	start = now();
	second = program_at(pins[1]);
	if (hook->updates && bpf_link_replace(link, second, first))
		errx(1, "cannot update '%s'", hook->name);
	if (hook->updates)
		series_add(&times->update, now() - start);
	start = now();
	close(link);
	series_add(&times->detach, now() - start);
	close(first);
	close(second);
}

static double median_of(const struct series *series)
{
	return series->count ? median(series) : 0;
}

int main(int argc, char **argv)
{
	struct times ours = { 0 }, reference = { 0 };
	const struct hook *hook = hooks;
	char attach[PATH_MAX];
	long rounds;

	if (argc != 6)
		errx(2, "usage: hooks MOUNT FIRST SECOND CASE ROUNDS");
	while (hook->name && strcmp(hook->name, argv[4]) != 0)
		hook++;
	if (!hook->name)
		errx(2, "no case '%s'", argv[4]);
	must_fit(snprintf(attach, sizeof(attach), "%s/%s/attach", argv[1],
			  argv[4]),
		 sizeof(attach));
	for (rounds = number(argv[5]); rounds > 0; rounds--) {
		by_files(&ours, attach, argv + 2, hook->updates);
		by_calls(&reference, hook, argv + 2);
	}
	printf("%.1f %.1f %.1f %.1f %.1f %.1f\n", median_of(&ours.attach),
	       median_of(&reference.attach), median_of(&ours.update),
	       median_of(&reference.update), median_of(&ours.detach),
	       median_of(&reference.detach));
	return 0;
}
