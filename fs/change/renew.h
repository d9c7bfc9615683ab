/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * renew.h - making a probe anew, or more of it, without a write.
 */
#ifndef FS_CHANGE_RENEW_H
#define FS_CHANGE_RENEW_H

#include "fs/tree/tree.h"
#include "fs/user/mandate.h"

struct renewal {
	bool done; /* something else is attached */
	char *path; /* where the file was found, or NULL; the caller's to free */
};

/*
 * If the probe follows its file, and the file that the mandate finds by the
 * probe's texts is not the one that is attached, or was changed: attaches to
 * that one, then drops the old link.  If it is on each CPU, and there are more by
 * now: adds links for these.  *renewal is filled in any case.  EBUSY while
 * somebody else has the probe; ENOENT when it is gone, or no file is there.  No
 * lock.
 */
int change_renew(struct tree *tree, struct mandate *mandate, uint64_t number,
		 struct renewal *renewal, struct err *e);

#endif
