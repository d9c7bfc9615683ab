// SPDX-License-Identifier: BSD-2-Clause
/* pin_object.c - pins of any program or link. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <vis.h>

#include "attach/kernel/link/link_info.h"
#include "attach/kernel/program.h"
#include "attach/pin_object.h"
#include "attach/pin_private.h"
#include "scope.h"

enum {
	ENTRIES = 65536, /* looked at in all */
	DEPTH = 16, /* of directories */
	MOUNTS = 64,
	FD_PATH = 32, /* "/proc/self/fd/N" */
};

struct search {
	enum bpf_object object;
	uint32_t id;
	size_t left; /* entries that may still be looked at */
	dev_t seen[MOUNTS]; /* devices of the mounts that were looked through */
	size_t nseen;
	FILE *out;
};

static uint32_t id_of(int fd, enum bpf_object object)
{
	struct program program;
	uint32_t id = 0;

	if (bpf_object_of(fd) != object)
		return 0;
	if (object == BPF_OBJECT_LINK)
		return link_id(fd, &id) ? 0 : id;
	return program_info(fd, &program) ? 0 : program.id;
}

/* A link opens for reading and writing only, a program for either. */
static bool is_pin_of(int place, enum bpf_object object, uint32_t id)
{
	char path[FD_PATH];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", place);
	scoped_fd int fd = bpf_get(path, object != BPF_OBJECT_LINK);

	return fd >= 0 && id_of(fd, object) == id;
}

int pin_object(int fd, int dir, const char *name, struct err *e)
{
	enum bpf_object object = bpf_object_of(fd);
	char path[PATH_MAX];
	int err;

	if (!pin_in_bpffs(dir))
		return fail(
			e, EPERM,
			"the directory of '%s' is not in a bpffs; one is usually mounted at /sys/fs/bpf",
			name);
	if (strlen(name) > NAME_MAX)
		return pin_explain(-ENAMETOOLONG, name, e);
	scoped_fd int there = pin_open_name(dir, name, O_PATH);

	if (there >= 0 && is_pin_of(there, object, id_of(fd, object)))
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, name);
	err = bpf_pin(fd, path);
	return err ? pin_explain(err, name, e) : 0;
}

static void look_in(struct search *search, int dir, const char *path,
		    int depth);

static void look_at(struct search *search, int dir, const char *path,
		    const char *name, int depth)
{
	scoped_fd int place = pin_open_name(dir, name, O_PATH);
	scoped_free char *whole = NULL;
	struct stat st;
	char *safe;

	if (place < 0 || fstat(place, &st) || !pin_in_bpffs(place) ||
	    asprintf(&whole, "%s/%s", strcmp(path, "/") ? path : "", name) < 0)
		return;
	if (S_ISDIR(st.st_mode)) {
		look_in(search, place, whole, depth + 1);
		return;
	}
	if (!is_pin_of(place, search->object, search->id) ||
	    stravis(&safe, whole, VIS_TAB | VIS_NL | VIS_CSTYLE) < 0)
		return;
	fprintf(search->out, "%s\n", safe);
	free(safe);
}

/* place: O_PATH of the directory, which is opened anew for reading. */
static void look_in(struct search *search, int place, const char *path,
		    int depth)
{
	int fd = openat(place, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir) {
		fd_close(fd);
		return;
	}
	while (search->left && depth < DEPTH && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		search->left--;
		look_at(search, dirfd(dir), path, entry->d_name, depth);
	}
	closedir(dir);
}

static bool is_seen(struct search *search, dev_t dev)
{
	size_t i;

	for (i = 0; i < search->nseen; i++)
		if (search->seen[i] == dev)
			return true;
	if (search->nseen == MOUNTS)
		return true;
	search->seen[search->nseen++] = dev;
	return false;
}

/* Octal escapes of proc(5): a blank, a tab, a newline, a backslash. */
static void unescape(char *path)
{
	char *to = path;
	unsigned int code;

	while (*path) {
		if (path[0] == '\\' && sscanf(path + 1, "%3o", &code) == 1) {
			*to++ = (char)code;
			path += 4;
		} else {
			*to++ = *path++;
		}
	}
	*to = '\0';
}

/* The same bpffs may be mounted at several places: the first will do. */
static void look_at_mount(struct search *search, char *path)
{
	struct stat st;

	unescape(path);
	scoped_fd int place = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (place < 0 || fstat(place, &st) || !pin_in_bpffs(place) ||
	    is_seen(search, st.st_dev))
		return;
	look_in(search, place, path, 0);
}

/* ID PARENT MAJOR:MINOR ROOT PATH OPTIONS FIELDS... - TYPE SOURCE OPTIONS */
static char *bpffs_of(char *line)
{
	char *path = line, *type = strstr(line, " - ");
	int i;

	if (!type || strncmp(type, " - bpf ", strlen(" - bpf ")) != 0)
		return NULL;
	for (i = 0; i < 4 && path; i++) {
		path = strchr(path, ' ');
		path = path ? path + 1 : NULL;
	}
	if (path)
		path[strcspn(path, " ")] = '\0';
	return path;
}

int pin_object_list(enum bpf_object object, uint32_t id, FILE *out,
		    struct err *e)
{
	struct search search = {
		.object = object,
		.id = id,
		.left = ENTRIES,
		.out = out,
	};
	scoped_file FILE *mounts = fopen("/proc/self/mountinfo", "re");
	scoped_free char *line = NULL;
	size_t size = 0;
	char *path;

	if (!mounts)
		return fail(e, errno, "the mounts cannot be listed: %s",
			    strerror(errno_clamp(errno)));
	while (getline(&line, &size, mounts) > 0) {
		path = bpffs_of(line);
		if (path)
			look_at_mount(&search, path);
	}
	if (!search.left)
		fprintf(out, "# only %d names have been looked at\n", ENTRIES);
	return 0;
}
