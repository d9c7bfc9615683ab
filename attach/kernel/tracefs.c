// SPDX-License-Identifier: BSD-2-Clause
/* tracefs.c - finding tracefs, and the tracepoints in it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <vis.h>

#include "attach/kernel/sysfile.h"
#include "attach/kernel/tracefs.h"
#include "attach/kernel/tracefs_name.h"
#include "scope.h"

#define CANONICAL "/sys/kernel/tracing"

enum { MAGIC = 0x74726163 }; /* TRACEFS_MAGIC of linux/magic.h, 4.1 */

/* Written by tracefs_setup() only. */
static struct {
	char root[PATH_MAX]; /* "" when there is none */
	struct err err; /* why */
} tracefs = {
	.err =
		{
			.code = ENODEV,
			.pos = ERR_NO_POS,
			.text = "tracefs has not been looked for",
		},
};

static bool is_tracefs(const char *path)
{
	struct statfs info;

	return !statfs(path, &info) && info.f_type == MAGIC;
}

static bool use(const char *path)
{
	if (strlen(path) >= sizeof(tracefs.root) || !is_tracefs(path))
		return false;
	strcpy(tracefs.root, path);
	return true;
}

/*
 * A line of proc(5) mountinfo: a whole tracefs (root "/"), not a directory of
 * one that somebody has bound elsewhere.
 */
static bool use_mount(const char *line)
{
	char root[PATH_MAX], where[PATH_MAX];

	if (!strstr(line, " - tracefs "))
		return false;
	if (sscanf(line, "%*s %*s %*s %4095s %4095s", root, where) != 2)
		return false;
	return !strcmp(root, "/") && strunvis(where, where) >= 0 && use(where);
}

static bool use_any_mount(void)
{
	scoped_file FILE *file = fopen("/proc/self/mountinfo", "re");
	scoped_free char *line = NULL;
	size_t room = 0;

	if (!file)
		return false;
	while (getline(&line, &room, file) > 0)
		if (use_mount(line))
			return true;
	return false;
}

static bool use_found(void)
{
	return use(CANONICAL) || use("/sys/kernel/debug/tracing") ||
	       use_any_mount();
}

static int mount_it(struct err *e)
{
	if (mount("tracefs", CANONICAL, "tracefs",
		  MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return fail(
			e, ENODEV,
			"tracefs is not mounted, and mounting it at '" CANONICAL
			"' failed: %s",
			strerror(errno_clamp(errno)));
	return use(CANONICAL) ? 0
			      : fail(e, ENODEV,
				     "no tracefs at '" CANONICAL
				     "' after mounting it");
}

static int setup(const char *path, bool may_mount, struct err *e)
{
	if (path)
		return use(path)
			       ? 0
			       : fail(e, ENODEV,
				      "no tracefs is mounted at '%s'; mount it with: mount -t tracefs tracefs %s",
				      path, path);
	if (use_found())
		return 0;
	if (may_mount)
		return mount_it(e);
	return fail(
		e, ENODEV,
		"tracefs is not mounted; mount it with: mount -t tracefs tracefs " CANONICAL);
}

int tracefs_setup(const char *path, bool may_mount, struct err *e)
{
	int err;

	tracefs.root[0] = '\0';
	err = setup(path, may_mount, &tracefs.err);
	if (err && e)
		*e = tracefs.err;
	return err;
}

const char *tracefs_root(struct err *e)
{
	if (tracefs.root[0])
		return tracefs.root;
	if (e)
		*e = tracefs.err;
	return NULL;
}

int tracefs_path(char *path, size_t size, struct err *e, const char *format,
		 ...)
{
	const char *root = tracefs_root(e);
	va_list args;
	size_t used;

	if (!root)
		return -ENODEV;
	used = snprintf(path, size, "%s/", root);
	va_start(args, format);
	used += vsnprintf(path + (used < size ? used : size),
			  used < size ? size - used : 0, format, args);
	va_end(args);
	return used < size
		       ? 0
		       : fail(e, ENAMETOOLONG,
			      "the path of tracefs is too long: '%s'", root);
}

int tracefs_event_id(const char *group, const char *name, uint32_t *id,
		     struct err *e)
{
	char path[PATH_MAX], text[16];
	int err;

	if (!tracefs_name_ok(group))
		return fail(e, EINVAL, "not a group of tracepoints: '%s'",
			    group);
	if (!tracefs_name_ok(name))
		return fail(e, EINVAL, "not the name of a tracepoint: '%s'",
			    name);
	err = tracefs_path(path, sizeof(path), e, "events/%s/%s/id", group,
			   name);
	if (err)
		return err;
	err = sysfile_read(path, text, sizeof(text));
	if (err == -ENOENT || err == -ENOTDIR)
		return fail(
			e, ENOENT,
			"no tracepoint '%s:%s' in this kernel or its loaded modules",
			group, name);
	if (err)
		return fail(e, -err, "cannot read '%s': %s", path,
			    strerror(errno_clamp(-err)));
	if (sscanf(text, "%" SCNu32, id) != 1)
		return fail(e, EIO, "no number in '%s'", path);
	return 0;
}

int tracefs_list_events(FILE *out, struct err *e)
{
	char path[PATH_MAX], chunk[16384];
	scoped_fd int fd = -1;
	ssize_t length;
	int err;

	err = tracefs_path(path, sizeof(path), e, "available_events");
	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(e, errno, "cannot read '%s': %s", path,
			    strerror(errno_clamp(errno)));
	while ((length = read(fd, chunk, sizeof(chunk))) > 0)
		fwrite(chunk, 1, length, out);
	return length ? fail(e, errno, "reading '%s' failed: %s", path,
			     strerror(errno_clamp(errno)))
		      : 0;
}
