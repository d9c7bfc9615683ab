// SPDX-License-Identifier: BSD-2-Clause
/* place.c - finding a cgroup. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "attach/kernel/link/cgroup_path.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/sysfile.h"
#include "attach/kind/cgroup/place.h"
#include "scope.h"

const char cgroup_gone[] =
	"the cgroup was removed, or another tool has detached the program";

int cgroup_name(const char *text, struct span span, char **path, struct err *e)
{
	if (span.start == span.end)
		return fail_at(
			e, EINVAL, span.start,
			"the cgroup is missing; write %%2F for the root of all");
	return name_unescape(text, span, path, e);
}

static bool is_cgroup(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC;
}

/*
 * Where the next cgroup2 is mounted: the fifth field of a line of mountinfo
 * (proc(5)), of which the type comes after " - ".  NULL: no more.  In *line.
 */
static char *next_mount(FILE *mounts, char **line, size_t *size)
{
	static const char type[] = " - cgroup2 ";
	char *rest, *field = NULL;
	int i;

	while (getline(line, size, mounts) > 0) {
		rest = *line;
		if (!strstr(rest, type))
			continue;
		for (i = 0; i < 5; i++)
			field = strsep(&rest, " ");
		if (!field)
			continue;
		sysfile_unmangle(field);
		return field;
	}
	return NULL;
}

/* A descriptor of the user's mount, whose path *where becomes. */
static int open_mount(const struct opener *opener, char **where, struct err *e)
{
	int fd = opener->open(opener->ctx, "/proc/self/mountinfo", O_RDONLY, e);
	scoped_file FILE *mounts = fd < 0 ? NULL : fdopen(fd, "r");
	scoped_free char *line = NULL;
	size_t size = 0;
	char *path;

	if (fd < 0)
		return fd;
	if (!mounts) {
		close(fd);
		return fail(e, ENOMEM, "no memory for the list of mounts");
	}
	while ((path = next_mount(mounts, &line, &size))) {
		scoped_fd int mount = opener->open(opener->ctx, path,
						   O_PATH | O_DIRECTORY, NULL);

		if (mount < 0 || !is_cgroup(mount))
			continue;
		*where = strdup(path);
		return *where ? take_fd(&mount) : fail(e, ENOMEM, "no memory");
	}
	return fail(
		e, ENOENT,
		"no cgroup2 is mounted where you are; mount one, or write an absolute path to 'path'");
}

/* The whole path of one that is told from the mount on. */
static int whole_path(const char *path, const struct opener *opener,
		      char **whole, struct err *e)
{
	scoped_free char *mount = NULL;
	int length;

	if (path[0] == '/' && path[1]) {
		*whole = strdup(path);
		return *whole ? 0 : fail(e, ENOMEM, "no memory for a path");
	}
	scoped_fd int fd = open_mount(opener, &mount, e);

	if (fd < 0)
		return fd;
	length = path[0] == '/' ? asprintf(whole, "%s", mount)
				: asprintf(whole, "%s/%s", mount, path);
	if (length >= 0)
		return 0;
	*whole = NULL;
	return fail(e, ENOMEM, "no memory for a path");
}

static int check_access(const struct opener *opener, int fd, const char *path,
			struct err *e)
{
	int err = opener->access ? opener->access(opener->ctx, fd, W_OK) : 0;

	if (err == -EROFS)
		return fail(
			e, EROFS,
			"'%s' is on a mount that is read-only, and to attach to a cgroup takes the right to write to it",
			path);
	return err ? fail(e, -err,
			  "you may not write to '%s', which attaching to a cgroup takes",
			  path)
		   : 0;
}

static int open_cgroup(const char *path, const struct opener *opener,
		       struct err *e)
{
	scoped_fd int fd =
		opener->open(opener->ctx, path, O_PATH | O_DIRECTORY, e);
	int err;

	if (fd < 0)
		return fd;
	if (!is_cgroup(fd))
		return fail(
			e, EINVAL,
			"'%s' is no cgroup of version 2; a path below where those are mounted is written without a '/' before it",
			path);
	err = check_access(opener, fd, path, e);
	return err ? err : take_fd(&fd);
}

int cgroup_find(const char *path, const struct opener *opener,
		struct target *target, struct err *e)
{
	struct hook_target *hook = &target->hook;
	struct stat st;
	int err;

	if (!path)
		return fail(
			e, EINVAL,
			"the field 'path' is empty; write the path of a cgroup to it, '/' for the root of all");
	err = whole_path(path, opener, &hook->where, e);
	if (err)
		return err;
	target->fd = open_cgroup(hook->where, opener, e);
	if (target->fd < 0)
		return target->fd;
	if (fstat(target->fd, &st))
		return fail(e, errno, "cannot look at '%s'", hook->where);
	/* cgroup_id() of include/linux/cgroup.h is the inode's number. */
	hook->where_id = st.st_ino;
	hook->create.target_fd = (uint32_t)target->fd;
	hook->link_type = BPF_LINK_TYPE_CGROUP;
	return 0;
}

int cgroup_by_id(uint64_t id)
{
	scoped_file FILE *mounts = fopen("/proc/self/mountinfo", "re");
	scoped_free char *line = NULL;
	int found = -ENODEV;
	size_t size = 0;
	const char *path;

	while (mounts && found < 0 &&
	       (path = next_mount(mounts, &line, &size))) {
		/* To decode a handle the mount has to be open for reading. */
		scoped_fd int mount =
			open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (mount >= 0 && is_cgroup(mount))
			found = cgroup_open(mount, id);
	}
	return found;
}

bool cgroup_matches(const struct target *target, const struct link_info *info)
{
	const struct hook_target *hook = &target->hook;

	return info->raw.cgroup.cgroup_id == hook->where_id &&
	       info->raw.cgroup.attach_type == hook->create.attach_type;
}

int cgroup_explain(const struct target *target, int code, struct err *e)
{
	const char *where = target->hook.where;

	switch (code) {
	case ENOENT: /* css_tryget_online_from_dir() */
	case ENODEV:
		return fail(e, code, "the cgroup '%s' has been removed", where);
	case EPERM:
		/* hierarchy_allows_attach(); it is not asked of capabilities. */
		return fail(
			e, code,
			"a program without a link is on this hook of '%s', or of a cgroup above it, and was put there so that no other may be beside it (BPF_PROG_ATTACH without BPF_F_ALLOW_MULTI); it has to go first, and rights do not help: see 'bpftool cgroup tree'",
			where);
	case E2BIG: /* BPF_CGROUP_MAX_PROGS */
		return fail(
			e, code,
			"64 programs are on this hook of '%s' already, and the kernel takes no more",
			where);
	default:
		return 0;
	}
}
