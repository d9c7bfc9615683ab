// SPDX-License-Identifier: BSD-2-Clause
/*
 * pin.c - fuzzing the paths of pins.
 *
 * Each byte is a component of a path in a small tree with symlinks.  What must
 * hold: what is opened is what the kernel finds by that path, or nothing if it
 * finds nothing; and its name, in its directory, is that of it and of no
 * symlink.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fs/user/named.h"
#include "scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const components[] = {
	"a", "b", "file", "near", "up", "far", "loop", "gone", ".", "..", "",
};

enum { COMPONENTS = sizeof(components) / sizeof(components[0]) };

static char top[] = "/tmp/probefs_fuzz.XXXXXX";

static void must(bool good)
{
	if (!good)
		abort();
}

static void clear(void)
{
	char *argv[] = { "rm", "-rf", top, NULL };

	execv("/bin/rm", argv);
}

static void fill(void)
{
	char path[PATH_MAX];

	must(mkdtemp(top) && !chdir(top) && !mkdir("a", 0755) &&
	     !mkdir("a/b", 0755) && !mkdir("b", 0755));
	snprintf(path, sizeof(path), "%s/a", top);
	must(!symlink(path, "a/b/far") && !symlink("../file", "a/up") &&
	     !symlink("b", "a/near") && !symlink("a/b/../near/far", "near") &&
	     !symlink("loop", "loop") && !symlink("nothing", "a/gone"));
	must(!close(open("file", O_CREAT | O_WRONLY | O_CLOEXEC, 0644)) &&
	     !close(open("a/b/file", O_CREAT | O_WRONLY | O_CLOEXEC, 0644)));
	must(!chdir("/") && !atexit(clear));
}

static char *path_of(const uint8_t *data, size_t size)
{
	char *path = NULL;
	size_t length, i;
	FILE *out = open_memstream(&path, &length);

	must(out);
	fputs(top, out);
	for (i = 0; i < size; i++)
		fprintf(out, "/%s", components[data[i] % COMPONENTS]);
	fclose(out);
	return path;
}

static bool same(int dir, const char *name, int flags, const struct stat *st)
{
	struct stat other;

	return !fstatat(dir, name, &other, flags) &&
	       other.st_ino == st->st_ino && other.st_dev == st->st_dev;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct caller caller = { .uid = getuid(), .gid = getgid() };
	scoped_free char *path = path_of(data, size);
	struct err e = { 0 };
	struct named named;
	struct stat st;
	bool there;

	if (!strcmp(top + strlen(top) - 6, "XXXXXX")) {
		fill();
		free(path);
		path = path_of(data, size);
	}
	caller.tid = (pid_t)syscall(SYS_gettid);
	there = strlen(path) < PATH_MAX && !stat(path, &st);
	if (named_open(&caller, path, &named, &e)) {
		must(!there && e.code && e.text[0]);
		must(named.fd < 0 && named.dir < 0 && !named.name);
		return 0;
	}
	must(there && same(named.fd, "", AT_EMPTY_PATH, &st));
	must(!S_ISLNK(st.st_mode) && (named.dir < 0) == !named.name);
	must(!named.name ||
	     (named.name[0] && !strchr(named.name, '/') &&
	      same(named.dir, named.name, AT_SYMLINK_NOFOLLOW, &st)));
	named_close(&named);
	return 0;
}
