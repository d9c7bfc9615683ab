/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * function.h - kernel functions by the names that people write.
 *
 * A name is [MODULE:]SYMBOL, where SYMBOL is a function, a pattern with '*' and
 * '?', or an address, 0x... or as kallsyms prints it.
 */
#ifndef ATTACH_KIND_FUNCTION_H
#define ATTACH_KIND_FUNCTION_H

#include <stdbool.h>
#include <stdint.h>

#include "attach/kind/name.h"
#include "attach/kind/target.h"
#include "fail.h"

/* Grammar only: EINVAL, with the position in text. */
int function_check(const char *text, struct span span, struct err *e);

/* The symbol is an address: 0x..., or sixteen digits as kallsyms prints it. */
bool function_is_address(const char *symbol);

/*
 * Adds the sites that the name means on the running kernel, offset bytes after
 * each function's start.  Without kallsyms the one site has what was written,
 * for the kernel to judge.
 */
int function_resolve(const char *name, uint64_t offset, struct target *target,
		     struct err *e);

#endif
