// SPDX-License-Identifier: BSD-2-Clause
/* make.c - making and removing prog/NAME. */
#include <errno.h>

#include "fs/prog/make.h"
#include "fs/tree/attr.h"
#include "fs/tree/dirs.h"
#include "fs/user/owner.h"

int upload_mkdir(struct tree *tree, const struct caller *caller, uint64_t dir,
		 const char *name, mode_t mode, uint64_t *number, struct err *e)
{
	struct stat attr = {
		.st_uid = caller->uid,
		.st_gid = caller->gid,
		.st_mode = mode & 0777,
	};
	struct upload *upload;
	struct stat above;
	int err;

	owner_refresh();
	pthread_mutex_lock(&tree->lock);
	if (!attr_get(tree, dir, &above) && above.st_mode & S_ISGID) {
		attr.st_gid = above.st_gid;
		attr.st_mode |= S_ISGID;
	}
	err = upload_make(tree, name, &attr, &upload, e);
	if (!err)
		*number = upload_number(upload);
	pthread_mutex_unlock(&tree->lock);
	return err;
}

/* The kernel holds the lock of prog/ meanwhile, so that nobody is waited for. */
int upload_rmdir(struct tree *tree, uint64_t dir, const char *name,
		 struct err *e)
{
	struct upload *upload;
	uint64_t number;
	int err = dir_lookup(tree, dir, name, &number);

	if (err)
		return fail(e, -err, "there is no '%s'", name);
	if (node_of(number).slot != SLOT_SELF)
		return fail(e, ENOTDIR, "'%s' is no directory", name);
	if (node_of(number).area != AREA_LOADED)
		return fail(
			e, EPERM,
			"'%s' is a program of the kernel, which is listed here and not removed",
			name);
	err = upload_claim(tree, number, NULL, &upload, e);
	if (!err)
		upload_remove(tree, upload);
	return err;
}
