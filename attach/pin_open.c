// SPDX-License-Identifier: BSD-2-Clause
/* pin_open.c - opening what is pinned. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "attach/kernel/bpf.h"
#include "attach/pin.h"
#include "scope.h"

enum { FD_PATH = 32 }; /* "/proc/self/fd/N" */

static int open_one(int place, struct err *e)
{
	char path[FD_PATH];
	int fd, read_only;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", place);
	/* A program or map that may only be read will do; links open only for
	   both. */
	fd = bpf_get(path, false);
	if (fd == -EACCES || fd == -EPERM) {
		read_only = bpf_get(path, true);
		fd = read_only == -EINVAL ? fd : read_only;
	}
	if (fd == -EACCES)
		return fail(
			e, EACCES,
			"you may not use the pinned object: a program needs read permission, a link read and write");
	if (fd < 0)
		return fail(e, -fd, "cannot open the pinned object: %s",
			    strerror(errno_clamp(-fd)));
	return fd;
}

static int open_numbered(int place, int **fds, size_t *nfds, struct err *e)
{
	char entry[16];
	int fd, *more;

	for (;;) {
		snprintf(entry, sizeof(entry), "%zu", *nfds);
		scoped_fd int inner =
			openat(place, entry, O_PATH | O_CLOEXEC | O_NOFOLLOW);

		if (inner < 0 && errno == ENOENT)
			break;
		if (inner < 0)
			return fail(e, errno,
				    "cannot open '%s' in the directory: %s",
				    entry, strerror(errno_clamp(errno)));
		more = reallocarray(*fds, *nfds + 1, sizeof(**fds));
		if (!more)
			return fail(e, ENOMEM, "no memory");
		*fds = more;
		fd = open_one(inner, e);
		if (fd < 0)
			return fd;
		(*fds)[(*nfds)++] = fd;
		if (bpf_object_of(fd) != BPF_OBJECT_LINK)
			return fail(
				e, EINVAL,
				"'%s' in the directory is not a link, but a %s",
				entry, bpf_object_name(bpf_object_of(fd)));
	}
	return *nfds ? 0
		     : fail(e, EISDIR,
			    "a directory, with no links pinned in it as 0, 1, ...");
}

int pin_open(int place, int **fds, size_t *nfds, struct err *e)
{
	struct stat st;
	int err = 0;

	*fds = NULL;
	*nfds = 0;
	if (fstat(place, &st))
		return fail(e, errno, "cannot look at the pin");
	if (!pin_in_bpffs(place))
		return fail(
			e, EINVAL,
			"not in a bpffs, so it is no pinned object; pin the program with 'bpftool prog pin' or 'bpftool prog load'");
	if (S_ISDIR(st.st_mode)) {
		err = open_numbered(place, fds, nfds, e);
	} else {
		*fds = malloc(sizeof(**fds));
		if (!*fds)
			return fail(e, ENOMEM, "no memory");
		(*fds)[0] = open_one(place, e);
		if ((*fds)[0] < 0)
			err = (*fds)[0];
		else
			*nfds = 1;
	}
	if (!err)
		return 0;
	while (*nfds)
		fd_close((*fds)[--*nfds]);
	free(*fds);
	*fds = NULL;
	return err;
}
