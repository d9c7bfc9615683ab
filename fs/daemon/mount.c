// SPDX-License-Identifier: BSD-2-Clause
/* mount.c - where probefs is to be mounted, and mounting it there. */
#include <errno.h>
#include <fcntl.h>
#include <fstab.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vis.h>

#include "fs/daemon/mount.h"
#include "scope.h"

#define TYPE "fuse.probefs"

enum { ANSWER_MS = 5000 };

/* A line of mountinfo: Documentation/filesystems/proc.rst, section 3.5. */
struct entry {
	int id;
	unsigned int major, minor;
	bool probefs;
};

int mount_enter(const char *namespace, struct err *e)
{
	bool is_pid = !namespace[strspn(namespace, "0123456789")];
	scoped_free char *path = NULL;

	if (is_pid && !access(namespace, F_OK))
		return fail(
			e, EINVAL,
			"'%s' is a process and a file; write '/proc/%s/ns/mnt' or './%s'",
			namespace, namespace, namespace);
	if (asprintf(&path, is_pid ? "/proc/%s/ns/mnt" : "%s", namespace) < 0)
		return fail(e, ENOMEM, "no memory");

	scoped_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNS))
		return fail(e, errno, "cannot enter mount namespace '%s': %s",
			    namespace, strerror(errno_clamp(errno)));
	return 0;
}

/* The id of the mount that a path leads to, which is the topmost there. */
static int mount_id(const char *path)
{
	scoped_fd int fd = open(path, O_PATH | O_CLOEXEC);
	char info[64], line[128];
	int id = -1;

	if (fd < 0)
		return -errno;
	snprintf(info, sizeof(info), "/proc/self/fdinfo/%d", fd);

	scoped_file FILE *file = fopen(info, "re");

	if (!file)
		return -errno;
	while (id < 0 && fgets(line, sizeof(line), file))
		sscanf(line, "mnt_id: %d", &id);
	return id < 0 ? -ENOENT : id;
}

/* True if the line is of the mount, and the mount is right at dir. */
static bool entry_read(char *line, const char *dir, int id, struct entry *entry)
{
	scoped_free char *place = malloc(strlen(line) + 1);
	const char *type = strstr(line, " - ");
	char *start = line, *word;
	int i;

	if (!place || !type)
		return false;
	if (sscanf(line, "%d %*d %u:%u", &entry->id, &entry->major,
		   &entry->minor) != 3 ||
	    entry->id != id)
		return false;
	entry->probefs = !strncmp(type + 3, TYPE " ", sizeof(TYPE));
	for (i = 0; i < 5; i++)
		word = strsep(&start, " ");
	/* Blanks and backslashes are there as \040 and so on. */
	return word && strunvis(place, word) >= 0 && !strcmp(place, dir);
}

/* 1 and the topmost mount at dir, or 0 if there is none. */
static int entry_find(const char *dir, struct entry *entry, struct err *e)
{
	int id = mount_id(dir);
	scoped_file FILE *file = fopen("/proc/self/mountinfo", "re");
	scoped_free char *line = NULL;
	size_t size = 0;

	if (!file || id < 0)
		return fail(e, file ? -id : errno,
			    "cannot tell what is mounted at '%s': %s", dir,
			    strerror(errno_clamp(file ? -id : errno)));
	while (getline(&line, &size, file) > 0)
		if (entry_read(line, dir, id, entry))
			return 1;
	return 0;
}

int mount_resolve(struct options *o, struct err *e)
{
	struct entry entry;
	struct stat st;
	char *path = realpath(o->mountpoint, NULL);
	int found;

	if (!path)
		return fail(e, errno, "cannot mount on '%s': %s", o->mountpoint,
			    strerror(errno_clamp(errno)));
	free(o->mountpoint);
	o->mountpoint = path;
	found = entry_find(path, &entry, e);
	if (found < 0)
		return found;
	/* Its mounter knew that it was one, and its daemon may hang. */
	if (found && entry.probefs)
		return 0;
	if (stat(path, &st))
		return fail(e, errno, "cannot mount on '%s': %s", path,
			    strerror(errno_clamp(errno)));
	if (!S_ISDIR(st.st_mode))
		return fail(e, ENOTDIR, "cannot mount on '%s': %s", path,
			    strerror(errno_clamp(ENOTDIR)));
	return 0;
}

/* Of a child of ours, that ends whatever becomes of the parent. */
static void ask_and_exit(const char *path)
{
	struct statx stx;

	/* A reader of all of our output need not wait for this process. */
	close_range(0, ~0U, 0);
	_exit(statx(AT_FDCWD, path, AT_STATX_FORCE_SYNC | AT_SYMLINK_NOFOLLOW,
		    STATX_TYPE, &stx)
		      ? errno
		      : 0);
}

static int wait_for(pid_t child)
{
	scoped_fd int fd = pidfd_open(child, 0);
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int status;

	if (fd < 0)
		return -errno;
	if (poll(&poll_fd, 1, ANSWER_MS) <= 0) {
		kill(child, SIGKILL);
		return -ETIMEDOUT;
	}
	if (waitpid(child, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

/*
 * What the file system itself says, not the kernel, which keeps the attributes
 * of a root for an hour: ENOTCONN at once when it is dead.  A process that
 * waits for one that is alive but stuck cannot always be killed, so another one
 * asks.
 */
static int ask(const char *path)
{
	pid_t child = fork();

	if (child < 0)
		return -errno;
	if (!child)
		ask_and_exit(path);
	return wait_for(child);
}

static int explain_living(const char *dir, int answer, struct err *e)
{
	fail(e, EBUSY, "already mounted on '%s'", dir);
	if (answer == -ETIMEDOUT)
		fail_hint(
			e,
			"its daemon has not answered for %d seconds; end it, or unmount it with 'umount -l'",
			ANSWER_MS / 1000);
	else
		fail_hint(e, "unmount it first");
	return -EBUSY;
}

int mount_clear(const struct options *o, struct err *e)
{
	struct entry entry;
	int found, answer;

	while ((found = entry_find(o->mountpoint, &entry, e)) > 0) {
		if (!entry.probefs)
			return 0;
		answer = ask(o->mountpoint);
		if (answer != -ENOTCONN)
			return explain_living(o->mountpoint, answer, e);
		if (umount2(o->mountpoint, MNT_DETACH))
			return fail(
				e, errno,
				"cannot unmount the dead probefs on '%s': %s",
				o->mountpoint, strerror(errno_clamp(errno)));
	}
	return found;
}

static int fuse_open(struct err *e)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	fail(e, errno, "cannot open '/dev/fuse': %s",
	     strerror(errno_clamp(errno)));
	if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
		fail_hint(e, "load the module with 'modprobe fuse'");
	return -e->code;
}

int mount_has_fuse(struct err *e)
{
	int fd = fuse_open(e);

	fd_close(fd);
	return fd < 0 ? fd : 0;
}

/* A word of SELinux is taken only where SELinux is on. */
static int mount_failed(const struct options *o, int code, struct err *e)
{
	fail(e, code, "cannot mount on '%s': %s", o->mountpoint,
	     strerror(errno_clamp(code)));
	if (code == EINVAL && o->context)
		fail_hint(e, "is SELinux on, as '%s' needs?", o->context);
	return -e->code;
}

int mount_make(const struct options *o, struct mount *m, struct err *e)
{
	const char *source = o->fsname ? o->fsname : o->source;
	scoped_free char *data = NULL;
	scoped_fd int fd = fuse_open(e);
	struct entry entry;

	if (fd < 0)
		return fd;
	if (asprintf(
		    &data,
		    "fd=%d,rootmode=40000,user_id=0,group_id=0,default_permissions,allow_other%s%s",
		    fd, o->context ? "," : "",
		    o->context ? o->context : "") < 0)
		return fail(e, ENOMEM, "no memory");
	if (mount(source, o->mountpoint, TYPE, o->flags, data))
		return mount_failed(o, errno, e);
	m->dev = 0;
	if (entry_find(o->mountpoint, &entry, NULL) > 0)
		m->dev = makedev(entry.major, entry.minor);
	m->dir = o->mountpoint;
	m->fd = take_fd(&fd);
	return 0;
}

void mount_detach(const struct mount *m)
{
	struct pollfd poll_fd = { .fd = m->fd };
	struct entry entry;

	/*
	 * POLLERR: unmounted, and the device number may be that of the probefs
	 * which somebody mounted here since.
	 */
	if (poll(&poll_fd, 1, 0) || entry_find(m->dir, &entry, NULL) <= 0)
		return;
	if (entry.probefs && makedev(entry.major, entry.minor) == m->dev)
		umount2(m->dir, MNT_DETACH | UMOUNT_NOFOLLOW);
}

/*
 * mount(8) adds the words of fstab to those of the user.  What fstab has was
 * meant for the mount, and is no wish for a change.
 */
static bool is_from_fstab(const struct options *o)
{
	const struct fstab *line = getfsfile(o->mountpoint);
	struct options given;
	bool same;

	if (!line)
		return false;
	options_init(&given);
	given.sloppy = true;
	same = !options_parse(&given, line->fs_mntops, NULL) && given.fixed &&
	       !strcmp(given.fixed, o->fixed);
	options_free(&given);
	endfsent();
	return same;
}

int mount_remount(const struct options *o, struct err *e)
{
	struct entry entry;
	int found = entry_find(o->mountpoint, &entry, e);

	if (found < 0)
		return found;
	if (!found || !entry.probefs)
		return fail(e, EINVAL, "remount: no probefs on '%s'",
			    o->mountpoint);
	if (o->fixed && !is_from_fstab(o))
		return fail(
			e, EINVAL,
			"remount: only ro, rw and the flags of mount(2) can change, not '%s'; unmount and mount again",
			o->fixed);
	if (mount(NULL, o->mountpoint, NULL, o->flags, NULL))
		return fail(e, errno, "remount of '%s': %s", o->mountpoint,
			    strerror(errno_clamp(errno)));
	return 0;
}
