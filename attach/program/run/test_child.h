/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_child.h - the child process that has a program run; private to
 * test_run.c.
 */
#ifndef ATTACH_PROGRAM_TEST_CHILD_H
#define ATTACH_PROGRAM_TEST_CHILD_H

#include "attach/kernel/abi.h"
#include "attach/program/run/test_run.h"

/* Memory that the child has as well.  Addresses in attr are of it. */
struct test_shared {
	union bpf_attr attr;
	int err; /* of the kernel, or of becoming the user; -errno */
	bool ran; /* err is of the kernel */
	bool done; /* the child has come to its end */
	char bytes[];
};

/*
 * *shared is filled when it returns 0.  EINTR, EIO: see test_run.h; EAGAIN: no
 * process can be had.
 */
int test_child_run(int prog_fd, const struct test_run *run,
		   struct test_shared *shared, struct err *e);

#endif
