/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mount.h - where probefs is to be mounted, and mounting it there.
 *
 * probefs calls mount(2) itself: libfuse knows half of the words that fstab may
 * hold, and refuses the rest.
 *
 * Nothing here waits for a file system: a path is only walked, never asked
 * about, until mountinfo has told whose it is; and a probefs that is there is
 * asked by another process, for some seconds.
 */
#ifndef FS_DAEMON_MOUNT_H
#define FS_DAEMON_MOUNT_H

#include <sys/types.h>

#include "fail.h"
#include "fs/daemon/options.h"

struct mount {
	const char *dir; /* of the options */
	int fd; /* /dev/fuse; belongs to the caller of mount_make() */
	dev_t dev; /* of the file system, valid while the connection is */
};

/* Enters the mount namespace of -N: a process id, or a path. */
int mount_enter(const char *namespace, struct err *e);

/* Makes o->mountpoint absolute, and sees to it that it is a directory. */
int mount_resolve(struct options *o, struct err *e);

/*
 * Takes dead mounts of probefs away from the mount point.  EBUSY if a living
 * one is there: a second would hide it.
 */
int mount_clear(const struct options *o, struct err *e);

/* Tells what is wrong with /dev/fuse. */
int mount_has_fuse(struct err *e);

int mount_make(const struct options *o, struct mount *m, struct err *e);

/* Unmounts, also when busy, if it is still ours and not yet unmounted. */
void mount_detach(const struct mount *m);

/* Changes the flags of what is mounted; EINVAL if other options are given. */
int mount_remount(const struct options *o, struct err *e);

#endif
