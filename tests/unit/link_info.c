// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* link.c - decoding what kernels say of links. */
#include "attach/kernel/link/link_members.h"
#include "attach/kernel/link/link_raw.h"
#include "scope.h"
#include "tests/unit/check.h"

#define U LINK_UNTOLD

enum { BARE = LINK_HAS_NAME | LINK_HAS_OFFSET | LINK_HAS_RET };

/* What the kernel answers, and what is to become of it. */
struct answer {
	const char *what;
	struct abi_link_info info;
	uint32_t size;
	const char *name;
	struct link_info decoded; /* name and sites are compared apart */
	const char *shown;
};

/* clang-format off */
static const struct answer answers[] = {
	{
		.what = "uprobe, 6.18",
		.info = { .type = 7, .id = 5, .prog_id = 6, .perf = {
			.type = 1,
			.uprobe = { .offset = 0x1234, .cookie = 0,
				    .ref_ctr = 0x5678 },
		} },
		.size = 64,
		.name = "/bin/sh",
		.decoded = { .perf_type = 1, .offset = 0x1234,
			     .ref_ctr = 0x5678, .has = BARE | LINK_HAS_COOKIE |
			     LINK_HAS_REF_CTR },
		.shown = "path:\t/bin/sh\nevent_type:\tuprobe\n"
			 "offset:\t0x1234\nref_ctr_offset:\t0x5678\n"
			 "cookie:\t0\n",
	},
	{
		.what = "uretprobe, 6.12: no ref_ctr",
		.info = { .type = 7, .perf = {
			.type = 2,
			.uprobe = { .offset = 1, .cookie = 9, .ref_ctr = U },
		} },
		.size = 64,
		.name = "/bin/sh",
		.decoded = { .perf_type = 2, .offset = 1, .cookie = 9,
			     .ret = true, .has = BARE | LINK_HAS_COOKIE },
		.shown = "path:\t/bin/sh\nevent_type:\turetprobe\n"
			 "offset:\t0x1\ncookie:\t9\n",
	},
	{
		.what = "uprobe, 6.6: 48 bytes, no cookie",
		.info = { .type = 7, .perf = {
			.type = 1,
			.uprobe = { .offset = 1, .cookie = U },
		} },
		.size = 48,
		.name = "/bin/sh",
		.decoded = { .perf_type = 1, .offset = 1, .has = BARE },
		.shown = "path:\t/bin/sh\nevent_type:\tuprobe\n"
			 "offset:\t0x1\n",
	},
	{
		.what = "perf link, 6.1: nothing",
		.info = { .type = 7, .id = 5, .prog_id = 6 },
		.size = 48,
		.decoded = { .has = 0 },
		.shown = "",
	},
	{
		.what = "kretprobe, 6.12",
		.info = { .type = 7, .perf = {
			.type = 4,
			.kprobe = { .offset = 0, .address = 0xffffffff81000004,
				    .missed = 3, .cookie = 7 },
		} },
		.size = 64,
		.name = "vfs_read",
		.decoded = { .perf_type = 4, .address = 0xffffffff81000004,
			     .missed = 3, .cookie = 7, .ret = true,
			     .has = BARE | LINK_HAS_COOKIE | LINK_HAS_MISSED |
			     LINK_HAS_ADDRESS },
		.shown = "symbol:\tvfs_read\nevent_type:\tkretprobe\n"
			 "offset:\t0x0\naddress:\t0xffffffff81000004\n"
			 "missed:\t3\ncookie:\t7\n",
	},
	{
		.what = "kprobe by address, 6.7, address hidden",
		.info = { .type = 7, .perf = {
			.type = 3,
			.kprobe = { .missed = 0 },
		} },
		.size = 56,
		.decoded = { .perf_type = 3, .has = LINK_HAS_OFFSET |
			     LINK_HAS_RET | LINK_HAS_MISSED },
	},
	{
		.what = "tracepoint",
		.info = { .type = 7, .perf = {
			.type = 5, .tracepoint = { .cookie = 1 },
		} },
		.size = 64,
		.name = "sched_switch",
		.decoded = { .perf_type = 5, .cookie = 1,
			     .has = LINK_HAS_NAME | LINK_HAS_COOKIE },
		.shown = "tp_name:\tsched_switch\nevent_type:\ttracepoint\n"
			 "cookie:\t1\n",
	},
	{
		.what = "perf event",
		.info = { .type = 7, .perf = {
			.type = 6,
			.event = { .config = 3, .type = 6, .cookie = U },
		} },
		.size = 64,
		.decoded = { .perf_type = 6 },
		.shown = "event_type:\tevent\nperf_type:\t6\n"
			 "perf_config:\t0x3\n",
	},
	{
		.what = "raw tracepoint before 6.17",
		.info = { .type = 1, .raw_tracepoint = { .cookie = U } },
		.size = 64,
		.name = "sys_enter",
		.decoded = { .has = LINK_HAS_NAME },
		.shown = "tp_name:\tsys_enter\n",
	},
	{
		.what = "tracing",
		.info = { .type = 2, .tracing = {
			.attach_type = 24, .target_obj_id = 1,
			.target_btf_id = 99, .cookie = 4 } },
		.size = 64,
		.decoded = { .cookie = 4, .has = LINK_HAS_COOKIE },
		.shown = "attach_type:\ttrace_fentry\ntarget_obj_id:\t1\n"
			 "target_btf_id:\t99\ncookie:\t4\n",
	},
	{
		.what = "freplace",
		.info = { .type = 2, .tracing = { .target_obj_id = 7,
			.target_btf_id = 2, .cookie = U } },
		.size = 64,
		.shown = "attach_type:\tfreplace\ntarget_obj_id:\t7\n"
			 "target_btf_id:\t2\n",
	},
	{
		.what = "cgroup that is gone",
		.info = { .type = 3, .cgroup = { .attach_type = 1 } },
		.size = 64,
		.shown = "cgroup_id:\t0\nstate:\tdefunct\n"
			 "attach_type:\tcgroup_inet_egress\n",
	},
	{
		.what = "iterator of tasks",
		.info = { .type = 4, .iter = { .map_id = 77,
			.task = { .tid = 1, .pid = 2 } } },
		.size = 64,
		.name = "task_file",
		.decoded = { .has = LINK_HAS_NAME },
		.shown = "target_name:\ttask_file\ntid:\t1\npid:\t2\n",
	},
	{
		.what = "iterator of a map",
		.info = { .type = 4, .iter = { .map_id = 77 } },
		.size = 64,
		.name = "bpf_map_elem",
		.decoded = { .has = LINK_HAS_NAME },
		.shown = "target_name:\tbpf_map_elem\nmap_id:\t77\n",
	},
	{
		.what = "iterator of maps",
		.info = { .type = 4 },
		.size = 64,
		.name = "bpf_map",
		.decoded = { .has = LINK_HAS_NAME },
		.shown = "target_name:\tbpf_map\n",
	},
	{
		.what = "xdp",
		.info = { .type = 6, .netdev = { .ifindex = 2 } },
		.size = 64,
		.shown = "ifindex:\t2\n",
	},
	{
		.what = "tcx",
		.info = { .type = 11, .netdev = { 0, 46 } },
		.size = 64,
		.shown = "ifindex:\t0\nstate:\tdefunct\n"
			 "attach_type:\ttcx_ingress\n",
	},
	{
		.what = "netfilter",
		.info = { .type = 10, .netfilter = { 2, 3, -128, 1 } },
		.size = 64,
		.shown = "pf:\tipv4\nhook:\toutput\npriority:\t-128\n"
			 "flags:\t0x1\n",
	},
	{
		.what = "sockmap",
		.info = { .type = 14, .map = { 3, 38 } },
		.size = 64,
		.shown = "map_id:\t3\nattach_type:\tsk_skb_verdict\n",
	},
	{
		.what = "struct_ops",
		.info = { .type = 9, .map = { 3, 0 } },
		.size = 64,
		.shown = "map_id:\t3\n",
	},
	{
		.what = "netns",
		.info = { .type = 5, .netns = { 4026531840, 36 } },
		.size = 64,
		.shown = "netns_ino:\t4026531840\nattach_type:\tsk_lookup\n",
	},
	{
		.what = "uprobe_multi, 6.6: nothing",
		.info = { .type = 12 },
		.size = 48,
		.shown = "",
	},
	{
		.what = "a type of the future",
		.info = { .type = 99 },
		.size = 64,
		.shown = "",
	},
};
/* clang-format on */

static void fill(struct link_raw *raw, const struct answer *answer)
{
	memset(raw, 0, sizeof(*raw));
	raw->info = answer->info;
	raw->size = answer->size;
	if (answer->name)
		strcpy(raw->name, answer->name);
}

static void shown(const char *what, const struct link_raw *raw,
		  const char *expected)
{
	scoped_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	link_raw_show(raw, false, out);
	fclose(out);
	check_text(what, expected, text);
}

static void test_answer(const struct answer *answer)
{
	const struct link_info *expected = &answer->decoded;
	struct link_info info = { 0 };
	struct link_raw raw;

	fill(&raw, answer);
	check_number(answer->what, 0, link_raw_decode(&raw, &info));
	check_number(answer->what, answer->info.type, info.type);
	check_number(answer->what, answer->info.id, info.id);
	check_number(answer->what, answer->info.prog_id, info.prog_id);
	check_text(answer->what, answer->name ? answer->name : "", info.name);
	check_number(answer->what, expected->perf_type, info.perf_type);
	check_number(answer->what, expected->has, info.has);
	check_number(answer->what, expected->ret, info.ret);
	check_number(answer->what, expected->offset, info.offset);
	check_number(answer->what, expected->address, info.address);
	check_number(answer->what, expected->missed, info.missed);
	check_number(answer->what, expected->cookie, info.cookie);
	check_number(answer->what, expected->ref_ctr, info.ref_ctr);
	check_number(answer->what, 0, info.nsites);
	if (answer->shown)
		shown(answer->what, &raw, answer->shown);
	link_info_clear(&info);
}

static void test_kprobe_multi(void)
{
	struct link_info info = { 0 };
	struct link_raw raw = {
		.info = { .type = 8,
			  .kprobe_multi = { .count = 2,
					    .flags = 1,
					    .missed = U } },
		.size = 64,
	};

	check_number("alloc", 0, link_raw_alloc(&raw, 2));
	raw.where[0] = 0x10;
	raw.where[1] = 0x20;
	check_number("kprobe_multi", 0, link_raw_decode(&raw, &info));
	check_number("has", LINK_HAS_SITES | LINK_HAS_RET, info.has);
	check_true("ret", info.ret);
	check_number("sites", 2, info.nsites);
	check_number("where", 0x20, info.sites[1].where);
	check_number("cookie untold", 0, info.sites[1].cookie);
	check_number("ref_ctr untold", 0, info.sites[1].ref_ctr);
	shown("kprobe_multi", &raw,
	      "sites:\t2\nflags:\t0x1\nsite:\t0x10\nsite:\t0x20\n");
	link_info_clear(&info);
	link_raw_clear(&raw);
}

static void test_uprobe_multi(void)
{
	struct link_info info = { 0 };
	struct link_raw raw = {
		.info = { .type = 12,
			  .uprobe_multi = { .count = 2, .pid = 42 } },
		.size = 64,
		.name = "/bin/s\nh",
	};
	int i;

	link_raw_alloc(&raw, 2);
	for (i = 0; i < 2; i++) {
		raw.where[i] = 0x100000000 + i;
		raw.ref_ctrs[i] = i;
		raw.cookies[i] = i;
	}
	check_number("uprobe_multi", 0, link_raw_decode(&raw, &info));
	check_number("has",
		     LINK_HAS_NAME | LINK_HAS_SITES | LINK_HAS_RET |
			     LINK_HAS_PID | LINK_HAS_COOKIE | LINK_HAS_REF_CTR,
		     info.has);
	check_number("pid", 42, info.pid);
	check_number("where", 0x100000001, info.sites[1].where);
	check_number("ref_ctr", 1, info.sites[1].ref_ctr);
	check_number("cookie", 1, info.sites[1].cookie);
	shown("uprobe_multi", &raw,
	      "path:\t/bin/s\\nh\nsites:\t2\nflags:\t0x0\npid:\t42\n"
	      "site:\t0x100000000 cookie 0\n"
	      "site:\t0x100000001 ref_ctr_offset 0x1 cookie 1\n");
	link_info_clear(&info);
	link_raw_clear(&raw);
}

/* The kernel zeroes one member when what the link was attached to has gone. */
static void test_defunct(void)
{
	static const struct {
		uint32_t type;
		size_t offset; /* of what it zeroes; 0 is nothing */
	} rows[] = {
		{ BPF_LINK_TYPE_CGROUP,
		  offsetof(struct abi_link_info, cgroup) },
		{ BPF_LINK_TYPE_NETNS, offsetof(struct abi_link_info, netns) },
		{ BPF_LINK_TYPE_XDP, offsetof(struct abi_link_info, netdev) },
		{ BPF_LINK_TYPE_TCX, offsetof(struct abi_link_info, netdev) },
		{ BPF_LINK_TYPE_NETKIT,
		  offsetof(struct abi_link_info, netdev) },
		{ BPF_LINK_TYPE_STRUCT_OPS,
		  offsetof(struct abi_link_info, map) },
		{ BPF_LINK_TYPE_SOCKMAP, offsetof(struct abi_link_info, map) },
		{ BPF_LINK_TYPE_NETFILTER, 0 },
		{ BPF_LINK_TYPE_TRACING, 0 },
		{ BPF_LINK_TYPE_ITER, 0 },
		{ 99, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct abi_link_info info = { .type = rows[i].type };

		check_number("zeroed", rows[i].offset != 0,
			     link_defunct(&info));
		((char *)&info)[rows[i].offset ? rows[i].offset : 16] = 1;
		check_true("not zeroed", !link_defunct(&info));
	}
}

int main(void)
{
	size_t i;

	for (EACH(answers, i))
		test_answer(&answers[i]);
	test_kprobe_multi();
	test_uprobe_multi();
	test_defunct();
	return check_end("link");
}
