// SPDX-License-Identifier: BSD-2-Clause
/* spec_lock.c - locks between daemons on the ids of USDT spec maps. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/types.h>

#include "attach/kernel/tracefs.h"
#include "attach/kind/usdt/spec_lock.h"

int specs_lock_open(void)
{
	char path[PATH_MAX];
	struct err ignored;
	int fd;

	if (tracefs_path(path, sizeof(path), &ignored, "uprobe_events"))
		return -ENODEV;
	/* Without O_TRUNC, which would remove all events. */
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -errno
								     : -ENODEV;
}

/* Ids of maps are positive ints: kernel/bpf/syscall.c, bpf_map_alloc_id(). */
static bool set(int fd, uint32_t map, uint32_t id, short type)
{
	struct flock lock = {
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = (off_t)map << 32 | id,
		.l_len = 1,
	};

	return fd < 0 || !fcntl(fd, F_OFD_SETLK, &lock);
}

bool specs_lock_alone(int fd, uint32_t map, uint32_t id)
{
	return set(fd, map, id, F_WRLCK);
}

bool specs_lock_share(int fd, uint32_t map, uint32_t id)
{
	return set(fd, map, id, F_RDLCK);
}

void specs_lock_drop(int fd, uint32_t map, uint32_t id)
{
	set(fd, map, id, F_UNLCK);
}
