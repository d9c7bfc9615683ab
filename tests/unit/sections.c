// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* sections.c - what the names of sections say. */
#include <bpf/libbpf.h>
#include <errno.h>

#include "attach/kernel/link_names.h"
#include "attach/kernel/program.h"
#include "attach/program/sections.h"
#include "tests/unit/check.h"

/* A row for each that is more than its own name. */
static const struct {
	const char *text;
	const char *name, *rest; /* NULL: not known */
	const char *type, *attach_type;
	bool stays; /* it is not loaded unless asked for */
} cases_of[] = {
	{ "kprobe/do_exit", "kprobe", "do_exit", "kprobe", NULL, 0 },
	{ "?kprobe/do_exit", "kprobe", "do_exit", "kprobe", NULL, 1 },
	{ "kprobe", "kprobe", "", "kprobe", NULL, 0 },
	{ "kprobe/", "kprobe", "", "kprobe", NULL, 0 },
	{ "kprobe.multi/do_*", "kprobe.multi", "do_*", "kprobe",
	  "trace_kprobe_multi", 0 },
	{ "kretprobe.multi", "kretprobe.multi", "", "kprobe",
	  "trace_kprobe_multi", 0 },
	{ "uprobe.multi.s//bin/sh:main", "uprobe.multi.s", "/bin/sh:main",
	  "kprobe", "trace_uprobe_multi", 0 },
	{ "uprobe.session.s", "uprobe.session.s", "", "kprobe",
	  "trace_uprobe_session", 0 },
	{ "usdt/a:b:c", "usdt", "a:b:c", "kprobe", NULL, 0 },
	{ "tp/sched/sched_switch", "tp", "sched/sched_switch", "tracepoint",
	  NULL, 0 },
	{ "raw_tp.w/x", "raw_tp.w", "x", "raw_tracepoint_writable", NULL, 0 },
	{ "tp_btf/sys_enter", "tp_btf", "sys_enter", "tracing", "trace_raw_tp",
	  0 },
	{ "fexit.s/vfs_read", "fexit.s", "vfs_read", "tracing", "trace_fexit",
	  0 },
	{ "fexit.multi.s/a*", "fexit.multi.s", "a*", "tracing",
	  "trace_fexit_multi", 0 },
	{ "freplace/one", "freplace", "one", "ext", NULL, 0 },
	{ "lsm_cgroup/socket_bind", "lsm_cgroup", "socket_bind", "lsm",
	  "lsm_cgroup", 0 },
	{ "tc", "tc", "", "sched_cls", NULL, 0 },
	{ "tc/egress", "tc/egress", "", "sched_cls", "tcx_egress", 0 },
	{ "classifier/one", "classifier", "", "sched_cls", NULL, 0 },
	{ "xdp_drop", "xdp", "", "xdp", "xdp", 0 },
	{ "xdp/devmap", "xdp/devmap", "", "xdp", "xdp_devmap", 0 },
	{ "xdp/devmap/one", "xdp/devmap", "", "xdp", "xdp_devmap", 0 },
	{ "xdp.frags/cpumap", "xdp.frags/cpumap", "", "xdp", "xdp_cpumap", 0 },
	{ "cgroup/sock", "cgroup/sock", "", "cgroup_sock",
	  "cgroup_inet_sock_create", 0 },
	{ "cgroup/sock_release", "cgroup/sock_release", "", "cgroup_sock",
	  "cgroup_inet_sock_release", 0 },
	{ "cgroup/skb1", "cgroup/skb", "", "cgroup_skb", NULL, 0 },
	{ "sk_reuseport/migrate", "sk_reuseport/migrate", "", "sk_reuseport",
	  "sk_reuseport_select_or_migrate", 0 },
	{ "struct_ops/init", "struct_ops", "init", "struct_ops", NULL, 0 },
	{ "netfilter", "netfilter", "", "netfilter", "netfilter", 0 },
	{ "tcx", NULL, NULL, NULL, NULL, 0 },
	{ "tcx/ingres", NULL, NULL, NULL, NULL, 0 },
	{ "tcpdump", NULL, NULL, NULL, NULL, 0 },
	{ "kprobe.mult", NULL, NULL, NULL, NULL, 0 },
	{ "kprobe_exit", NULL, NULL, NULL, NULL, 0 },
	{ "xdp.frag", NULL, NULL, NULL, NULL, 0 },
	{ "cgroup/", NULL, NULL, NULL, NULL, 0 },
	{ ".text", NULL, NULL, NULL, NULL, 0 },
	{ "?", NULL, NULL, NULL, NULL, 1 },
	{ "", NULL, NULL, NULL, NULL, 0 },
};

static void test_found(void)
{
	const struct section_row *section;
	const char *rest;
	uint32_t type;
	size_t i;

	for (EACH(cases_of, i)) {
		section = sections_find(cases_of[i].text, &rest);
		check_number(cases_of[i].text, !cases_of[i].stays,
			     sections_autoload(cases_of[i].text));
		check_text(cases_of[i].text,
			   cases_of[i].name ? cases_of[i].name : "(none)",
			   section ? section->name : "(none)");
		if (!section || !cases_of[i].name)
			continue;
		check_text(cases_of[i].text, cases_of[i].rest, rest);
		check_text(cases_of[i].text, cases_of[i].type,
			   program_type_name(section->type));
		type = 0;
		check_number(cases_of[i].text, !!cases_of[i].attach_type,
			     cases_of[i].attach_type &&
				     attach_type_find(cases_of[i].attach_type,
						      &type));
		check_number(cases_of[i].text, type, section->attach_type);
	}
}

/* Each is found by its own name, and by that with a rest or a label. */
static void test_rows(void)
{
	const struct section_row *section;
	char text[64];
	const char *rest;
	size_t rows = 0;

	for (section = sections; section->name; section++, rows++) {
		check_true(section->name,
			   sections_find(section->name, &rest) == section);
		snprintf(text, sizeof(text), "?%s/9", section->name);
		check_true(text, sections_find(text, &rest) == section);
		check_text(text, section->rest == SECTION_LABEL ? "" : "9",
			   rest);
	}
	check_true("over a hundred", rows > 100);
}

/* What libbpf knows, too, is the same to it. */
static void test_libbpf(void)
{
	const struct section_row *section;
	enum bpf_attach_type attach_type;
	enum bpf_prog_type type;
	size_t known = 0;

	libbpf_set_print(NULL);
	for (section = sections; section->name; section++) {
		if (libbpf_prog_type_by_name(section->name, &type,
					     &attach_type))
			continue;
		known++;
		check_number(section->name, type, section->type);
		check_number(section->name, attach_type, section->attach_type);
	}
	check_true("libbpf 1.1 knows 80", known >= 80);
}

static void test_refusal(void)
{
	struct err e;

	check_number("refused", -EINVAL, sections_refuse("foo/bar", &e));
	check_holds("the fault", "the section 'foo/bar' names no type", e.text);
	check_holds("the first", " socket ", e.text);
	check_holds("once", " uprobe uretprobe ", e.text);
	check_holds("the last", " netfilter", e.text);
}

static void test_names(void)
{
	uint32_t type = 77;

	check_true("kprobe", program_type_find("kprobe", &type));
	check_number("kprobe", BPF_PROG_TYPE_KPROBE, type);
	check_true("Kprobe", !program_type_find("Kprobe", &type));
	check_true("type 2", !program_type_find("type 2", &type));
	check_number("untouched", BPF_PROG_TYPE_KPROBE, type);
	check_true("tcx_egress", attach_type_find("tcx_egress", &type));
	check_number("tcx_egress", 47, type);
	check_true("none", !attach_type_find("", &type));
}

static void test_targets(void)
{
	check_true("fentry", sections_need_target(BPF_PROG_TYPE_TRACING,
						  BPF_TRACE_FENTRY));
	check_true("fentry.multi",
		   !sections_need_target(BPF_PROG_TYPE_TRACING,
					 BPF_TRACE_FENTRY_MULTI));
	check_true("freplace", sections_need_target(BPF_PROG_TYPE_EXT, 0));
	check_true("lsm_cgroup",
		   sections_need_target(BPF_PROG_TYPE_LSM, BPF_LSM_CGROUP));
	check_true("kprobe", !sections_need_target(BPF_PROG_TYPE_KPROBE, 0));
}

int main(void)
{
	test_found();
	test_rows();
	test_libbpf();
	test_refusal();
	test_names();
	test_targets();
	return check_end("sections");
}
