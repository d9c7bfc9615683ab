// SPDX-License-Identifier: BSD-2-Clause
/*
 * feature_code.c - trying what this kernel can do with programs on functions, raw
 * tracepoints and iterators.
 *
 * bpf_fentry_test1() is there to be tried on: only BPF_PROG_TEST_RUN calls it.
 */
#include <errno.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/btf.h"
#include "attach/kernel/feature_tests.h"
#include "attach/kernel/sysfile.h"
#include "scope.h"

int test_raw_tp_cookie(struct err *e)
{
	scoped_fd int prog =
		feature_program(BPF_PROG_TYPE_RAW_TRACEPOINT, 0, e);
	int err;

	if (prog < 0)
		return prog;
	err = bpf_raw_tp_open("no such tracepoint", prog, 1);
	return err == -ENOENT ? 0
			      : feature_fail_old(e, err, "6.10", "opening one");
}

/* A function of vmlinux, whose id stays what it is: 5 MB need reading for it. */
struct function {
	const char *name;
	_Atomic uint32_t id;
};

static int find(struct function *function, struct err *e)
{
	struct btf_types btf = { 0 };
	int err;

	if (function->id)
		return 0;
	err = btf_read(&btf, "vmlinux", NULL);
	if (!err)
		function->id = btf_find(&btf, BTF_KIND_FUNC, function->name);
	btf_clear(&btf);
	if (err == -ENOENT)
		return fail(e, EOPNOTSUPP, "needs CONFIG_DEBUG_INFO_BTF");
	if (err)
		return feature_fail(e, err, "reading BTF");
	return function->id
		       ? 0
		       : fail(e, EOPNOTSUPP, "the kernel has no %s() to try on",
			      function->name);
}

static int load(enum bpf_prog_type type, uint32_t attach_type,
		struct function *function, const char *since, struct err *e)
{
	int err = find(function, e);
	int fd;

	if (err)
		return err;
	fd = bpf_prog_trivial_for(type, attach_type, function->id, 0);
	return fd < 0 ? feature_fail_old(e, fd, since,
					 "a trivial program does not load")
		      : fd;
}

static struct function fentry_test = { .name = "bpf_fentry_test1" };

static int load_tracing(uint32_t attach_type, const char *since, struct err *e)
{
	return load(BPF_PROG_TYPE_TRACING, attach_type, &fentry_test, since, e);
}

int test_fentry(struct err *e)
{
	scoped_fd int prog = load_tracing(BPF_TRACE_FENTRY, "5.5", e);

	return prog < 0 ? prog : 0;
}

int test_fsession(struct err *e)
{
	scoped_fd int prog = load_tracing(BPF_TRACE_FSESSION, "7.0", e);

	return prog < 0 ? prog : 0;
}

int test_tracing_link(struct err *e)
{
	scoped_fd int prog = load_tracing(BPF_TRACE_FENTRY, "5.5", e);
	struct abi_link_create request = {
		.prog_fd = (uint32_t)prog,
		.attach_type = BPF_TRACE_FENTRY,
		.tracing.cookie = 1,
	};
	scoped_fd int link = -1;

	if (prog < 0)
		return prog;
	link = bpf_link_make(&request);
	return link < 0 ? feature_fail_old(e, link, "5.19", "a link") : 0;
}

/* What an old kernel does not know has to be 0 (bpf_check_uarg_tail_zero()). */
int test_iter_fields(struct err *e)
{
	static struct function iterator = { .name = "bpf_iter_task" };
	const union abi_iter_info info = { .task.pid = (uint32_t)getpid() };
	scoped_fd int prog = load(BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER,
				  &iterator, "5.8", e);
	struct abi_link_create request = {
		.prog_fd = (uint32_t)prog,
		.attach_type = BPF_TRACE_ITER,
		.iter = { .info = (uintptr_t)&info, .info_len = sizeof(info) },
	};
	scoped_fd int link = -1;

	if (prog < 0)
		return prog;
	link = bpf_link_make(&request);
	if (link == -E2BIG)
		return fail(e, E2BIG, "came with Linux 6.1");
	return link < 0 ? feature_fail_old(e, link, "6.1", "a link") : 0;
}

/* E2BIG: others' programs fill the function, which only such a link is told. */
int test_tracing_multi(struct err *e)
{
	int err = find(&fentry_test, e);
	scoped_fd int prog = -1;
	scoped_fd int link = -1;
	uint32_t id = fentry_test.id;

	if (err)
		return err;
	prog = bpf_prog_trivial(BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY_MULTI);
	if (prog < 0)
		return feature_fail_old(e, prog, "7.2",
					"a trivial program does not load");
	link = bpf_link_tracing_multi(prog, BPF_TRACE_FENTRY_MULTI, &id, NULL,
				      1);
	return link < 0 && link != -E2BIG
		       ? feature_fail_old(e, link, "7.2", "a link")
		       : 0;
}

/* Where securityfs is not mounted the kernel is believed to have it. */
static int expect_lsm(struct err *e)
{
	char list[1024];

	if (sysfile_read("/sys/kernel/security/lsm", list, sizeof(list)) ||
	    strstr(list, "bpf"))
		return 0;
	return fail(
		e, EOPNOTSUPP,
		"'bpf' is not among the security modules, so none would run: add it to lsm= of the kernel's command line");
}

int test_lsm(struct err *e)
{
	static struct function hook = { .name = "bpf_lsm_file_open" };
	scoped_fd int prog =
		load(BPF_PROG_TYPE_LSM, BPF_LSM_MAC, &hook, "5.7", e);

	return prog < 0 ? prog : expect_lsm(e);
}

/* No cgroup has the descriptor -1. */
int test_lsm_cgroup(struct err *e)
{
	static struct function hook = { .name = "bpf_lsm_socket_bind" };
	scoped_fd int prog =
		load(BPF_PROG_TYPE_LSM, BPF_LSM_CGROUP, &hook, "6.0", e);
	int link;

	if (prog < 0)
		return prog;
	link = bpf_link_try_cgroup(prog, BPF_LSM_CGROUP);
	return link == -EBADF ? expect_lsm(e)
			      : feature_fail_old(e, link, "6.0", "a link");
}
