/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_child.h - the child process that has a program run; private to
 * test_run.c.
 */
#ifndef ATTACH_PROGRAM_RUN_TEST_CHILD_H
#define ATTACH_PROGRAM_RUN_TEST_CHILD_H

#include "attach/kernel/abi.h"
#include "attach/program/run/test_run.h"

#define TEST_CHILD_NAME "probefs-run"

/*
 * Memory that the child has as well.  In attr places of bytes are counted from its
 * beginning; 0: none.
 */
struct test_shared {
	uid_t uid;
	gid_t gid;
	gid_t groups[TEST_GROUPS];
	size_t ngroups;
	uint64_t caps;
	bool netns; /* there is one to go to */
	union bpf_attr attr;
	int err; /* of the kernel, or of becoming the user; -errno */
	bool ran; /* err is of the kernel */
	bool done; /* the child has come to its end */
	char bytes[];
};

/*
 * fd: of shared, which is filled when it returns 0.  EINTR, EIO: see test_run.h;
 * EAGAIN: no process can be had.
 */
int test_child_run(int fd, int prog_fd, const struct test_run *run,
		   const struct test_shared *shared, struct err *e);

#endif
