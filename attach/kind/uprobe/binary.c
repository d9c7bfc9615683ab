// SPDX-License-Identifier: BSD-2-Clause
/* binary.c - finding and opening the file of a program or library. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "attach/kind/uprobe/binary.h"
#include "scope.h"
#include "usdt/elf/native.h"

static const char *const program_dirs[] = {
	"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin",
	"/sbin",	   "/bin",	     NULL,
};

static int check_name(const char *name, struct err *e)
{
	if (!*name)
		return fail(
			e, EINVAL,
			"no binary is named; write its path, or a file name such as 'libc.so.6', to 'path'");
	if (strlen(name) >= PATH_MAX)
		return fail(e, ENAMETOOLONG,
			    "the path has %zu bytes; the kernel takes %d",
			    strlen(name), PATH_MAX - 1);
	if (name[0] != '/' && strchr(name, '/'))
		return fail(
			e, EINVAL,
			"'%s' is a relative path; write an absolute one, or a file name alone",
			name);
	return 0;
}

/* O_NONBLOCK: a FIFO that nobody writes must not stop us. */
static int open_at(const char *path, const struct opener *opener,
		   struct binary *binary, struct err *e)
{
	struct stat st;
	scoped_fd int fd =
		opener->open(opener->ctx, path,
			     O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, e);

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return fail(e, errno, "cannot look at '%s': %s", path,
			    strerror(errno_clamp(errno)));
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "'%s' is not a regular file", path);
	binary->path = strdup(path);
	if (!binary->path)
		return fail(e, ENOMEM, "no memory for a path");
	binary->fd = take_fd(&fd);
	binary->mark = file_mark_of(&st);
	return 0;
}

static bool worth_telling(const struct err *e)
{
	return e->code != ENOENT && e->code != ENOTDIR;
}

static int not_found(const char *name, const char *const *dirs, struct err *e)
{
	char list[ERR_TEXT / 2] = "";
	size_t used = 0;

	for (; *dirs && used < sizeof(list); dirs++)
		used += (size_t)snprintf(list + used, sizeof(list) - used,
					 "%s%s", used ? ", " : "", *dirs);
	fail(e, ENOENT, "no file '%s' in %s", name, list);
	if (!strstr(name, ".so"))
		fail_hint(
			e,
			"the dynamic linker knows no library '%s.so.*' either",
			name);
	fail_hint(e, "write its absolute path to 'path'");
	return -ENOENT;
}

/* The first that can be opened; else the first reason that is not absence. */
static int search(const char *name, const char *const *dirs,
		  const struct opener *opener, struct binary *binary,
		  struct err *e)
{
	struct err now, kept = { .code = 0 };
	char path[PATH_MAX];
	size_t i;

	for (i = 0; dirs[i]; i++) {
		if (snprintf(path, sizeof(path), "%s/%s", dirs[i], name) >=
		    (int)sizeof(path))
			continue;
		if (open_at(path, opener, binary, &now) == 0)
			return 0;
		if (worth_telling(&now) && !kept.code)
			kept = now;
	}
	if (!kept.code)
		return not_found(name, dirs, e);
	if (e)
		*e = kept;
	return -kept.code;
}

/* libssl.so.1.1 is libssl.so.3 by now; "libssl" of either. */
static void suggest_library(const char *name, const struct opener *opener,
			    struct err *e)
{
	const char *so = strstr(name, ".so");
	struct ldcache_match matches[LDCACHE_MATCHES];
	scoped_free char *base = strndup(name, (size_t)(so - name));

	if (!base)
		return;
	if (ldcache_match(base, opener, matches))
		fail_hint(e, "there is '%s'", matches[0].name);
	ldcache_clear(matches);
}

static int search_library(const char *name, const struct opener *opener,
			  struct binary *binary, struct err *e)
{
	const char *const *own = machine_native()->library_dirs;
	const char *const dirs[] = {
		own[0], own[1],	    "/lib64",	      "/usr/lib64",
		"/lib", "/usr/lib", "/usr/local/lib", NULL,
	};
	scoped_free char *cached = ldcache_find(name, opener);
	int err;

	if (cached && open_at(cached, opener, binary, e) == 0)
		return 0;
	err = search(name, dirs, opener, binary, e);
	if (err == -ENOENT)
		suggest_library(name, opener, e);
	return err;
}

static int refuse_several(const char *name, size_t count,
			  const struct ldcache_match *matches, struct err *e)
{
	size_t i;

	fail(e, ENOTUNIQ, "%zu libraries are called '%s'; write one of them",
	     count, name);
	for (i = 0; i < count && i < LDCACHE_MATCHES; i++)
		fail_hint(e, "'%s'", matches[i].name);
	return -ENOTUNIQ;
}

/* The same file may have several names: libssl.so and libssl.so.3. */
static int open_one(const char *name, const struct ldcache_match *matches,
		    size_t count, const struct opener *opener,
		    struct binary *binary, struct err *e)
{
	struct binary other;
	size_t i;
	int err = count > LDCACHE_MATCHES
			  ? refuse_several(name, count, matches, e)
			  : open_at(matches[0].path, opener, binary, e);
	bool same;

	for (i = 1; !err && i < count; i++) {
		other = (struct binary){ .fd = -1 };
		same = open_at(matches[i].path, opener, &other, NULL) ||
		       (other.mark.dev == binary->mark.dev &&
			other.mark.ino == binary->mark.ino);
		binary_clear(&other);
		if (!same)
			err = refuse_several(name, count, matches, e);
	}
	return err;
}

/* libssl: not a program, but one library of the dynamic linker's cache. */
static int search_program(const char *name, const struct opener *opener,
			  struct binary *binary, struct err *e)
{
	int err = search(name, program_dirs, opener, binary, e);
	struct ldcache_match matches[LDCACHE_MATCHES];
	size_t count;

	if (err != -ENOENT)
		return err;
	count = ldcache_match(name, opener, matches);
	if (count)
		err = open_one(name, matches, count, opener, binary, e);
	ldcache_clear(matches);
	return err;
}

int binary_open(const char *name, const struct opener *opener,
		struct binary *binary, struct err *e)
{
	int err;

	*binary = (struct binary){ .fd = -1 };
	err = check_name(name, e);
	if (err)
		return err;
	if (name[0] == '/')
		return open_at(name, opener, binary, e);
	if (strstr(name, ".so"))
		return search_library(name, opener, binary, e);
	return search_program(name, opener, binary, e);
}

void binary_clear(struct binary *binary)
{
	free(binary->path);
	fd_close(binary->fd);
	*binary = (struct binary){ .fd = -1 };
}
