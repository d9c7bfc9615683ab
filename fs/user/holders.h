/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * holders.h - the processes that have a descriptor of a program or a link.
 *
 * Other things hold such objects as well: pins, links of their program, program
 * arrays, perf events.  Those are not found here.
 */
#ifndef FS_USER_HOLDERS_H
#define FS_USER_HOLDERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "attach/kernel/bpf.h"
#include "fail.h"

enum { HOLDER_COMM = 64 };

struct holder {
	pid_t pid; /* in our pid namespace */
	int fd;
	char comm[HOLDER_COMM]; /* as one word of printable characters */
};

/*
 * Tells each that is found, as long as tell() wants more.  So many processes
 * and descriptors are looked at; *whole: all that there are.
 */
int holders_each(enum bpf_object object, uint32_t id,
		 bool (*tell)(void *arg, const struct holder *holder),
		 void *arg, bool *whole, struct err *e);

#endif
