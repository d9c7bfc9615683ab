/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysfile.h - small files of /proc and /sys, read in one gulp.
 */
#ifndef ATTACH_KERNEL_SYSFILE_H
#define ATTACH_KERNEL_SYSFILE_H

#include <stddef.h>

/* The first size - 1 bytes and a NUL.  0 or -errno; "" then. */
int sysfile_read(const char *path, char *text, size_t size);

/* The decimal number that the file begins with; missing when there is none. */
int sysfile_number(const char *path, int missing);

/*
 * Undoes in place how show_mountinfo() of fs/proc_namespace.c writes a path: \040
 * is a blank.
 */
void sysfile_unmangle(char *text);

#endif
