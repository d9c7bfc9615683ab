/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * claim.h - what a program was loaded for, against what a probe names.
 *
 * The kernel tells it of a program since 6.0, and of the link that it has made.
 */
#ifndef ATTACH_KIND_CODE_CLAIM_H
#define ATTACH_KIND_CODE_CLAIM_H

#include "attach/kernel/link/link_info.h"
#include "attach/kind/kind.h"
#include "attach/kind/target.h"

struct code_claim {
	const struct kind *kind;
	struct target *target;
	int prog_fd;
};

/*
 * EINVAL when the program is known to be for something else.  The target's name
 * becomes what the program is for where it has none, and its code.multi whether
 * that is any functions, by one link.
 */
int code_claim_check(const struct code_claim *claim, struct err *e);

/* EINVAL: the kernel has made that link, which is on something else. */
int code_claim_refuse(const struct code_claim *claim,
		      const struct link_info *info, struct err *e);

#endif
