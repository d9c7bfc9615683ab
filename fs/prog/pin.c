// SPDX-License-Identifier: BSD-2-Clause
/* pin.c - pinning as the user who asks. */
#include <errno.h>

#include "attach/pin_object.h"
#include "fs/prog/pin.h"
#include "scope.h"

int pin_as(const struct caller *caller, int fd, const char *path, struct err *e)
{
	const char *name;
	int err;

	if (!path[0])
		return fail(
			e, EINVAL,
			"a pin is removed by its path, with rm; 'pin' tells where they are");
	if (path[0] != '/')
		return fail_at(e, EINVAL, 0, "'%s' is not an absolute path",
			       path);
	scoped_fd int dir = caller_open_parent(caller, path, &name, e);

	if (dir < 0)
		return dir;
	err = caller_enter(caller, e);
	if (err)
		return err;
	err = pin_object(fd, dir, name, e);
	caller_leave();
	return err;
}
