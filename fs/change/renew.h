/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * renew.h - making a probe anew without a write.
 */
#ifndef FS_CHANGE_RENEW_H
#define FS_CHANGE_RENEW_H

#include "fs/tree/tree.h"
#include "fs/user/mandate.h"

/*
 * If the probe follows its file, and the file that the mandate finds by the
 * probe's texts is not the one that is attached, or was changed: attaches to
 * that one, then drops the old link.  *path is then where the file was found,
 * owned by the caller; NULL: there was nothing to do.  EBUSY while somebody
 * else has the probe; ENOENT when it is gone, or no file is there.  No lock.
 */
int change_renew(struct tree *tree, struct mandate *mandate, uint64_t number,
		 char **path, struct err *e);

#endif
