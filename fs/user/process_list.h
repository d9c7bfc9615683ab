/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process_list.h - the processes that a user may look into.
 *
 * Locking: none may be held.
 */
#ifndef FS_USER_PROCESS_LIST_H
#define FS_USER_PROCESS_LIST_H

#include "attach/kind/kind.h"
#include "fs/user/open_as.h"

/*
 * As struct opener has it, for thread tid with those credentials.  root: what
 * is / to it, with O_PATH.
 */
int process_list(const struct credentials *as, pid_t tid, int root,
		 process_taker *take, void *arg, struct err *e);

#endif
