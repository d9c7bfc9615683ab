// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* link_names.c - the kernel's words for links, and what fdinfo says of one. */
#include <string.h>

#include "attach/kernel/link/link_fdinfo.h"
#include "attach/kernel/link/link_members.h"
#include "attach/kernel/link/link_raw.h"
#include "tests/unit/check.h"

static void test_names(void)
{
	int i;

	check_text("type 7", "perf_event", link_type_name(7));
	check_text("type 15", "tracing_multi", link_type_name(15));
	check_text("type 99", "type 99", link_type_name(99));
	check_text("type -1", "type 4294967295", link_type_name(UINT32_MAX));
	check_text("attach type 0", "cgroup_inet_ingress", attach_type_name(0));
	check_text("attach type 43", "lsm_cgroup", attach_type_name(43));
	check_text("attach type 48", "trace_uprobe_multi",
		   attach_type_name(48));
	check_text("attach type 61", "trace_fsession_multi",
		   attach_type_name(61));
	check_text("attach type 62", "type 62", attach_type_name(62));
	for (i = 0; i < 62; i++)
		check_true("no hole in the table",
			   strncmp(attach_type_name(i), "type ", 5));
}

/* As 7.2 wrote it, and cut short. */
static void test_fdinfo(void)
{
	static const char text[] =
		"link_type:\ttracing_multi\nattach_type:\t59\ncnt:\t2\n"
		"obj-id\t btf-id\t cookie\t func\n"
		"3\t 68384\t 8\t bpf_fentry_test1+0x4/0x20\n"
		"3\t 68386\t 18446744073709551615\t p9_show+0x0/0x50 [9p]\n";
	struct link_raw raw = { .info.type = BPF_LINK_TYPE_TRACING_MULTI };
	FILE *in = fmemopen((char *)(uintptr_t)text, sizeof(text) - 1, "r");

	check_number("fdinfo", 0, link_fdinfo_parse(in, &raw));
	fclose(in);
	check_number("functions", 2, raw.nsites);
	check_number("type", 59, raw.info.tracing_multi.attach_type);
	check_number("object", 3, raw.info.tracing_multi.obj_id);
	check_number("id", 68386, raw.where[1]);
	check_number("cookie", -1, (int64_t)raw.cookies[1]);
	check_text("function", "bpf_fentry_test1", raw.names);
	check_text("of a module", "9p:p9_show",
		   raw.names + sizeof("bpf_fentry_test1"));
	link_raw_clear(&raw);
	in = fmemopen((char *)(uintptr_t)text, sizeof(text) / 2, "r");
	check_number("half", 0, link_fdinfo_parse(in, &raw));
	fclose(in);
	check_number("functions", 0, raw.nsites);
}

int main(void)
{
	test_names();
	test_fdinfo();
	return check_end("link_names");
}
