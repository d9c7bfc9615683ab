// SPDX-License-Identifier: BSD-2-Clause
/*
 * feature_link.c - trying what this kernel can do with links and programs that
 * are there.
 *
 * Nothing has the descriptor -1: a kernel that knows the command says so, and an
 * old one does not know the command.
 */
#include <errno.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/feature_tests.h"
#include "scope.h"

static int expect_no_file(int err, const char *since, const char *what,
			  struct err *e)
{
	return err == -EBADF ? 0 : feature_fail_old(e, err, since, what);
}

int test_link_update(struct err *e)
{
	return expect_no_file(bpf_link_replace(-1, -1, -1), "5.7", "an update",
			      e);
}

int test_link_detach(struct err *e)
{
	return expect_no_file(bpf_link_end(-1), "5.9", "a detach", e);
}

int test_prog_test_run(struct err *e)
{
	uint32_t result;

	return expect_no_file(bpf_prog_try(-1, NULL, 0, &result), "4.12",
			      "a run", e);
}

/*
 * Before, a map of struct_ops had no flags.  Where the kernel has them, it gets as
 * far as the type (bpf_struct_ops_map_alloc()), which is an integer.
 */
int test_struct_ops_link(struct err *e)
{
	scoped_fd int fd = bpf_try_struct_ops();

	if (fd == -KERNEL_ENOTSUPP)
		return 0;
	return feature_fail_old(e, fd, "6.4", "a map of struct_ops");
}
