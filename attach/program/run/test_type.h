/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_type.h - what a type of program takes when it is run, and why the kernel
 * does not run it; private to test_run.c.
 */
#ifndef ATTACH_PROGRAM_TEST_TYPE_H
#define ATTACH_PROGRAM_TEST_TYPE_H

#include "attach/kernel/abi.h"
#include "attach/program/run/test_run.h"

enum test_part {
	TEST_DATA = 1 << 0,
	TEST_CTX = 1 << 1,
	TEST_REPEAT = 1 << 2,
	TEST_CPU = 1 << 3,
	TEST_DATA_BACK = 1 << 4,
	TEST_CTX_BACK = 1 << 5,
	TEST_CTX_RETURNED = 1 << 6, /* given back where it was given */
	TEST_CTX_IN_PLACE = 1 << 7, /* changed where it was given */
};

struct test_type {
	enum bpf_prog_type type;
	unsigned int parts; /* enum test_part */
	size_t min_data;
	const char *refusal; /* what EINVAL is about */
};

/* Never NULL: of what is in no row, a row that takes all there is. */
const struct test_type *test_type_of(enum bpf_prog_type type);

/* What the type does not take, without asking the kernel. */
int test_type_check(const struct test_type *row, enum bpf_prog_type type,
		    const struct test_run *run, struct err *e);

/* code: the kernel's errno, positive. */
int test_type_explain(const struct test_type *row, enum bpf_prog_type type,
		      const struct test_run *run, int code, struct err *e);

#endif
