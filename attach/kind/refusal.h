/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * refusal.h - what the kernel's refusals mean for every kind of probe.
 */
#ifndef ATTACH_KIND_REFUSAL_H
#define ATTACH_KIND_REFUSAL_H

#include <stdbool.h>

#include "fail.h"

/* A row of a kind's table, which ends with the code 0. */
struct refusal {
	int code; /* within 1..511: that of errno_clamp() */
	const char *text;
};

/* What the table says of the code; NULL: nothing. */
const char *refusal_text(const struct refusal *rows, int code);

/*
 * The end of a kind's explain(): fills *e for the refusal of what, as in
 * "kprobe on 'vfs_read'", and returns -code.  event: making the event failed;
 * else putting the program on it did.
 */
int refusal_explain(const char *what, bool event, int code, struct err *e);

/* The kernel is locked down to confidentiality: kernel_lockdown(7). */
bool locked_down(void);

#endif
