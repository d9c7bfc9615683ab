/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run_go.h - having a program run on what was written.
 */
#ifndef FS_PROG_RUN_GO_H
#define FS_PROG_RUN_GO_H

#include "fs/tree/area.h"

/* The write(2) to `go`: see struct file. */
int run_go(struct tree *tree, const struct caller *caller, uint64_t number,
	   char *value, struct err *e);

#endif
