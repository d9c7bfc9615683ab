/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * module.h - a module of the kernel, and whether it is still the same.
 *
 * Locking: thread-safe.
 */
#ifndef ATTACH_KERNEL_SYMBOLS_MODULE_H
#define ATTACH_KERNEL_SYMBOLS_MODULE_H

#include <stdint.h>

/*
 * A number that a loaded module has until it is unloaded, and that none has
 * after it: the inode of its directory in sysfs (fs/kernfs/dir.c gives each
 * number out once).  0 when the module is not loaded, is no module, or when
 * there is no sysfs.
 */
uint64_t module_instance(const char *name);

#endif
