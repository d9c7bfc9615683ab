/* SPDX-License-Identifier: BSD-2-Clause */
/* btf_near.h - what may have been meant by a name that BTF has not. */
#ifndef ATTACH_KERNEL_SYMBOLS_BTF_NEAR_H
#define ATTACH_KERNEL_SYMBOLS_BTF_NEAR_H

#include "attach/kernel/btf.h"

/*
 * The nearest to name, of the entries of that kind in btf itself whose names
 * begin with prefix, less the prefix: one that it is a part of, or that differs
 * by two letters at most.  "" when there is none.
 */
void btf_near(const struct btf_types *btf, unsigned int kind,
	      const char *prefix, const char *name, char best[BTF_NAME]);

#endif
