// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=fs */
/* load_target.c - what programs are loaded for, as BTF has it. */
#include <errno.h>
#include <unistd.h>

#include "attach/kernel/features.h"
#include "attach/kernel/symbols/btf_near.h"
#include "attach/program/builtin.h"
#include "attach/program/load_target.h"
#include "scope.h"
#include "tests/unit/check.h"

#define TRACING BPF_PROG_TYPE_TRACING

static const struct {
	enum bpf_prog_type type;
	uint32_t attach_type;
	const char *text;
	int err;
	const char *says; /* a part of the sentence */
} rows[] = {
	{ TRACING, BPF_TRACE_FENTRY, "vfs_read", 0, "" },
	{ TRACING, BPF_TRACE_FEXIT, "vmlinux:vfs_read", 0, "" },
	{ TRACING, BPF_MODIFY_RETURN, "vfs_read", 0, "" },
	{ TRACING, BPF_TRACE_FSESSION, "vfs_read", 0, "" },
	{ TRACING, BPF_TRACE_RAW_TP, "sched_switch", 0, "" },
	{ TRACING, BPF_TRACE_ITER, "task", 0, "" },
	{ BPF_PROG_TYPE_LSM, BPF_LSM_MAC, "file_open", 0, "" },
	{ BPF_PROG_TYPE_LSM, BPF_LSM_CGROUP, "file_open", 0, "" },
	{ TRACING, BPF_TRACE_FENTRY, "vfs_raed", -ENOENT,
	  "no function 'vfs_raed' in the BTF of this kernel and its loaded modules; there is 'vfs_read'" },
	{ TRACING, BPF_TRACE_FENTRY, "vmlinux:vfs_reads", -ENOENT,
	  "; there is 'vmlinux:vfs_read" },
	{ TRACING, BPF_TRACE_FENTRY, "no_such_module:f", -ENOENT,
	  "; no module 'no_such_module' with BTF is loaded" },
	{ TRACING, BPF_TRACE_RAW_TP, "sched_swich", -ENOENT,
	  "no tracepoint 'sched_swich'" },
	{ TRACING, BPF_TRACE_RAW_TP, "sched_swich", -ENOENT,
	  "; there is 'sched_switch'" },
	{ TRACING, BPF_TRACE_ITER, "tasks", -ENOENT, "; there is 'task'" },
	{ BPF_PROG_TYPE_LSM, BPF_LSM_MAC, "file_opens", -ENOENT,
	  "no LSM hook 'file_opens'" },
	{ BPF_PROG_TYPE_KPROBE, 0, "vfs_read", -EINVAL,
	  "of the type 'kprobe' is loaded for no target" },
	{ TRACING, BPF_TRACE_FENTRY_MULTI, "vfs_read", -EINVAL,
	  "of the attach type 'trace_fentry_multi' is loaded" },
	{ BPF_PROG_TYPE_EXT, 0, "vfs_read", -EINVAL,
	  "'vfs_read' is no function of a program; write id:N:FUNCTION" },
	{ TRACING, BPF_TRACE_ITER, "id:1:f", -EINVAL,
	  "'id:1:f' is a function of a program, no iterator" },
	{ TRACING, BPF_TRACE_FENTRY, "", -EINVAL, "name is missing" },
	{ TRACING, BPF_TRACE_FENTRY, "a b", -EINVAL, "has ' ' in it" },
	{ TRACING, BPF_TRACE_FENTRY, "a:", -EINVAL, "name is missing" },
	{ TRACING, BPF_TRACE_FENTRY, ":a", -EINVAL, "name is missing" },
	{ TRACING, BPF_TRACE_FENTRY, "id:x:a", -EINVAL, "is id:N:FUNCTION" },
	{ TRACING, BPF_TRACE_FENTRY, "id:0:a", -EINVAL, "is id:N:FUNCTION" },
	{ TRACING, BPF_TRACE_FENTRY, "id:4294967296:a", -EINVAL,
	  "is id:N:FUNCTION" },
};

static void test_kernel(void)
{
	struct load_target target;
	struct load_target_of of;
	struct err e;
	size_t i;
	int err;

	for (EACH(rows, i)) {
		of = (struct load_target_of){ rows[i].type, rows[i].attach_type,
					      rows[i].text, -1 };
		e.text[0] = '\0';
		target = (struct load_target){ 0 };
		err = load_target_find(&of, &target, &e);
		/* Some kernels have no programs on LSM hooks, and no BTF of
		   those. */
		if (err == -ENOENT && !rows[i].err &&
		    of.type == BPF_PROG_TYPE_LSM && !feature_has(FEATURE_LSM))
			continue;
		check_number(rows[i].text, rows[i].err, err);
		check_holds(rows[i].text, rows[i].says, e.text);
		if (err)
			continue;
		check_true(rows[i].text, target.btf_id > 0);
		check_number(rows[i].text, -1, target.btf_fd);
		check_number(rows[i].text, -1, target.prog_fd);
		load_target_clear(&target);
	}
}

static void test_program(void)
{
	const struct load_as as = { .type = BPF_PROG_TYPE_XDP };
	scoped_fd int fd = builtin_load(builtin_find("count"), &as, NULL);
	struct load_target_of of = { BPF_PROG_TYPE_EXT, 0, "id:1:probefs_count",
				     fd };
	struct load_target target = { 0 };
	struct err e = { 0 };

	check_true("loaded", fd >= 0);
	check_number("found", 0, load_target_find(&of, &target, &e));
	check_text("no sentence", "", e.text);
	check_true("id", target.btf_id > 0);
	check_number("program", fd, target.prog_fd);
	check_number("no module", -1, target.btf_fd);
	of.text = "id:1:count";
	check_number("missing", -ENOENT, load_target_find(&of, &target, &e));
	check_holds("missing",
		    "has no function 'count'; it has 'probefs_count'", e.text);
	of.type = BPF_PROG_TYPE_LSM;
	of.attach_type = BPF_LSM_MAC;
	check_number("a hook", -EINVAL, load_target_find(&of, &target, &e));
}

int main(void)
{
	if (feature_has(FEATURE_BTF))
		test_kernel();
	else
		check_skip("functions", "this kernel has no BTF");
	test_program();
	return check_end("load_target");
}
