// SPDX-License-Identifier: BSD-2-Clause
/* module.c - the directory of a module in sysfs. */
#include <stdio.h>
#include <sys/stat.h>

#include "attach/kernel/symbols/module.h"

/* MODULE_NAME_LEN of the kernel is 64 less a pointer. */
enum { MODULE_PATH = 96 };

uint64_t module_instance(const char *name)
{
	char path[MODULE_PATH];
	struct stat st;
	int length;

	length = snprintf(path, sizeof(path), "/sys/module/%s", name);
	if (length >= (int)sizeof(path) || stat(path, &st))
		return 0;
	return st.st_ino;
}
