// SPDX-License-Identifier: BSD-2-Clause
/* jail.c - a file system of its own for the loader. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "array.h"
#include "attach/kernel/btf.h"
#include "attach/program/loader/jail.h"
#include "scope.h"

/* A tmpfs, mounted where it hides nothing that this process goes on to use. */
static int make_root(struct err *e)
{
	scoped_fd int fs = fsopen("tmpfs", FSOPEN_CLOEXEC);

	if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0755", 0) ||
	    fsconfig(fs, FSCONFIG_SET_STRING, "size", "96m", 0) ||
	    fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return jail_fail("tmpfs", e);
	scoped_fd int root = fsmount(fs, FSMOUNT_CLOEXEC,
				     MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
					     MOUNT_ATTR_NOEXEC);

	if (root < 0)
		return jail_fail("fsmount", e);
	/* Its mounts are not the daemon's; and none of ours gets there. */
	if (unshare(CLONE_NEWNS))
		return jail_fail("unshare", e);
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL))
		return jail_fail("mount", e);
	if (move_mount(root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH))
		return jail_fail("move_mount", e);
	return take_fd(&root);
}

/* The directories above the last name of a relative path. */
static int make_parents(int root, const char *path)
{
	char dir[PATH_MAX];
	const char *slash;

	for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
		if (mkdirat(root, dir, 0755) && errno != EEXIST)
			return -1;
	}
	return 0;
}

static int make_file(int root, const char *path)
{
	if (make_parents(root, path))
		return -1;
	return openat(root, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0444);
}

static int bind_fd(int what, int root, const char *path)
{
	scoped_fd int tree = open_tree(
		what, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);

	return tree < 0 ? -1
			: move_mount(tree, "", root, path,
				     MOVE_MOUNT_F_EMPTY_PATH);
}

/* What the host lacks is lacking there, too. */
static int bind_path(const char *from, int root, const char *path)
{
	scoped_fd int what = open(from, O_PATH | O_CLOEXEC);
	struct stat attr;
	int place;

	if (what < 0)
		return 0;
	if (fstat(what, &attr) || make_parents(root, path))
		return -1;
	if (S_ISDIR(attr.st_mode))
		return mkdirat(root, path, 0755) ? -1
						 : bind_fd(what, root, path);
	place = make_file(root, path);
	fd_close(place);
	return place < 0 ? -1 : bind_fd(what, root, path);
}

/* Small files that are read whole: their content of now. */
static int copy_path(const char *from, int root, const char *path)
{
	scoped_fd int in = open(from, O_RDONLY | O_CLOEXEC);
	char data[4096];
	ssize_t size = in < 0 ? -1 : read(in, data, sizeof(data));

	if (size < 0)
		return 0;
	scoped_fd int out = make_file(root, path);

	return out < 0 || write(out, data, (size_t)size) != size ? -1 : 0;
}

static const struct {
	const char *path; /* with the leading '/' */
	int (*put)(const char *from, int root, const char *path);
} files[] = {
	{ "/sys/kernel/btf", bind_path },
	{ "/proc/config.gz", bind_path },
	/* Ubuntu's: what LINUX_KERNEL_VERSION is there. */
	{ "/proc/version_signature", copy_path },
	{ "/sys/devices/system/cpu/possible", copy_path },
	/* libbpf makes a kprobe to see whether system calls have wrappers. */
	{ "/sys/bus/event_source/devices/kprobe/type", copy_path },
};

static int fill_root(int root, struct err *e)
{
	char config[sizeof("/boot/config-") +
		    sizeof(((struct utsname *)NULL)->release)];
	struct utsname kernel;
	size_t i;

	for (i = 0; i < COUNT(files); i++)
		if (files[i].put(files[i].path, root, files[i].path + 1))
			return jail_fail(files[i].path, e);
	if (uname(&kernel))
		return jail_fail("uname", e);
	snprintf(config, sizeof(config), "/boot/config-%s", kernel.release);
	if (bind_path(config, root, config + 1))
		return jail_fail(config, e);
	return 0;
}

/*
 * The old root goes: its mounts are then held up by nobody here.  That needs no
 * CAP_SYS_CHROOT, but a root that is a mount, and not the initramfs.
 */
static int change_root(int root, struct err *e)
{
	if (fchdir(root))
		return jail_fail("fchdir", e);
	if (!syscall(SYS_pivot_root, ".", "."))
		return umount2(".", MNT_DETACH) ? jail_fail("umount", e) : 0;
	if (chroot("."))
		return jail_fail("pivot_root, chroot", e);
	return 0;
}

/* It may be from where we have no path to, so it cannot be mounted. */
static int copy_types(int in, int root, struct err *e)
{
	struct stat attr;
	off_t done = 0;
	ssize_t size = 1;

	if (fstat(in, &attr))
		return jail_fail("fstat", e);
	if (!S_ISREG(attr.st_mode))
		return fail(e, EINVAL, "'btf' is no regular file");
	if (attr.st_size > BTF_SIZE_MAX)
		return fail(
			e, EFBIG,
			"'btf' is larger than %d MiB; give it types without code, as 'bpftool btf dump' and pahole make them",
			BTF_SIZE_MAX >> 20);
	scoped_fd int out = make_file(root, &JAIL_BTF[1]);

	while (out >= 0 && size > 0 && done < attr.st_size)
		size = sendfile(out, in, &done, (size_t)(attr.st_size - done));
	return out < 0 || size < 0 ? jail_fail("types of another kernel", e)
				   : 0;
}

int jail_enter(int btf_fd, int *kallsyms, struct err *e)
{
	scoped_fd int root = make_root(e);
	int err;

	if (root < 0)
		return root;
	err = fill_root(root, e);
	if (err)
		return err;
	if (btf_fd >= 0)
		err = copy_types(btf_fd, root, e);
	if (err)
		return err;
	scoped_fd int symbols = make_file(root, "proc/kallsyms");

	if (symbols < 0)
		return jail_fail("proc/kallsyms", e);
	err = change_root(root, e);
	if (!err)
		*kallsyms = take_fd(&symbols);
	return err;
}
