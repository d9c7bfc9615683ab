/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fail.h - an error that a person can act on.
 *
 * A function that a user's text can make fail takes a struct err last, returns
 * the negative errno, and fills the struct exactly when it fails.  The struct
 * belongs to the caller, holds no pointers and needs no freeing.
 */
#ifndef FAIL_H
#define FAIL_H

#include <stddef.h>

enum {
	ERR_TEXT = 512, /* bytes of the sentence, NUL included */
	ERR_NO_POS = -1, /* no place in the input is at fault */
	/* FUSE refuses a reply of 512 and more (fs/fuse/dev.c,
	   fuse_dev_do_write()); the caller then hangs. */
	ERRNO_LARGEST = 511,
};

struct err {
	int code; /* positive errno, 1..ERRNO_LARGEST */
	int pos; /* byte of the input at fault, or ERR_NO_POS */
	char text[ERR_TEXT]; /* lower case, no full stop; vis(3)-safe */
};

/* Fills *e (which may be NULL) and returns -code, clamped. */
int fail(struct err *e, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As fail(); pos is where in the user's text the fault begins. */
int fail_at(struct err *e, int code, size_t pos, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Adds to the sentence of a failure, after "; ".  A NULL e is ignored. */
void fail_hint(struct err *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* include/linux/errno.h, ENOTSUPP; no libc has it. */
enum { KERNEL_ENOTSUPP = 524 };

/*
 * A positive errno that may leave the program: the kernel's internal 524
 * (ENOTSUPP) becomes EOPNOTSUPP, anything outside 1..ERRNO_LARGEST EIO.
 */
int errno_clamp(int code);

/* "EINVAL" for 22; "E?" for a number without a name.  Static. */
const char *errno_name(int code);

#endif
