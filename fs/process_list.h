/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process_list.h - the processes that a user may look into.
 *
 * Locking: none may be held.
 */
#ifndef FS_PROCESS_LIST_H
#define FS_PROCESS_LIST_H

#include "attach/kind.h"
#include "fs/caller.h"

/* As struct opener has it. */
int process_list(const struct caller *caller, process_taker *take, void *arg,
		 struct err *e);

#endif
