/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pin.h - pinning programs and maps for the user who asks.
 */
#ifndef FS_PROG_PIN_H
#define FS_PROG_PIN_H

#include "fs/user/caller.h"

/* Pins what fd is of at the path, as the caller.  No lock. */
int pin_as(const struct caller *caller, int fd, const char *path,
	   struct err *e);

#endif
