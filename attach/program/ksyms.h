/* SPDX-License-Identifier: BSD-2-Clause */
/* ksyms.h - the lines of /proc/kallsyms that an object asks for: its .ksyms. */
#ifndef ATTACH_PROGRAM_KSYMS_H
#define ATTACH_PROGRAM_KSYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Writes the lines of those names, as the kernel would show them to a user that
 * may see addresses, or may not.  A name that the kernel has not has no line; 0,
 * or -errno when /proc/kallsyms cannot be read.
 */
int ksyms_show(const char *const *names, size_t count, bool addresses,
	       FILE *out);

#endif
