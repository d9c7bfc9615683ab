// SPDX-License-Identifier: BSD-2-Clause
/* holders.c - looking for descriptors of an object in /proc. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vis.h>

#include "fs/user/holders.h"
#include "scope.h"

enum {
	DESCRIPTORS = 1 << 20, /* looked at in all */
	COMM = 16, /* TASK_COMM_LEN of include/linux/sched.h */
	TEXT = 64,
};

struct search {
	enum bpf_object object;
	uint32_t id;
	bool (*tell)(void *arg, const struct holder *holder);
	void *arg;
	size_t left; /* descriptors that may still be looked at */
	bool more; /* are wanted */
};

/*
 * The line of fdinfo that has the id (kernel/bpf/syscall.c, ..._show_fdinfo).
 */
static const char *key_of(enum bpf_object object)
{
	return object == BPF_OBJECT_LINK ? "link_id:" : "prog_id:";
}

static bool has_id(int proc, const char *fd, const struct search *search)
{
	const char *key = key_of(search->object);
	char path[TEXT], line[256];
	bool found = false;
	int info;

	snprintf(path, sizeof(path), "fdinfo/%.20s", fd);
	info = openat(proc, path, O_RDONLY | O_CLOEXEC);
	scoped_file FILE *in = info < 0 ? NULL : fdopen(info, "re");

	while (in && !found && fgets(line, sizeof(line), in))
		found = !strncmp(line, key, strlen(key)) &&
			strtoul(line + strlen(key), NULL, 10) == search->id;
	return found;
}

static void read_comm(int proc, char comm[HOLDER_COMM])
{
	scoped_fd int fd = openat(proc, "comm", O_RDONLY | O_CLOEXEC);
	char text[COMM + 1];
	ssize_t length = fd < 0 ? 0 : read(fd, text, COMM);

	text[length > 0 ? length : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	strnvis(comm, HOLDER_COMM, text,
		VIS_SP | VIS_TAB | VIS_NL | VIS_CSTYLE);
}

static void look_at(struct search *search, int proc, pid_t pid, const char *fd)
{
	struct holder holder = { .pid = pid, .fd = atoi(fd) };
	char path[TEXT], text[TEXT];
	ssize_t length;

	snprintf(path, sizeof(path), "fd/%.20s", fd);
	length = readlinkat(proc, path, text, sizeof(text) - 1);
	if (length < 0)
		return;
	text[length] = '\0';
	if (bpf_object_named(text) != search->object ||
	    !has_id(proc, fd, search))
		return;
	read_comm(proc, holder.comm);
	search->more = search->tell(search->arg, &holder);
}

static DIR *open_dir(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir)
		fd_close(fd);
	return dir;
}

static void look_in(struct search *search, int all, const char *name)
{
	scoped_fd int proc =
		openat(all, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = proc < 0 ? NULL : open_dir(proc, "fd");
	const struct dirent *entry;

	if (!dir)
		return;
	while (search->more && search->left && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		search->left--;
		look_at(search, proc, (pid_t)atoi(name), entry->d_name);
	}
	closedir(dir);
}

int holders_each(enum bpf_object object, uint32_t id,
		 bool (*tell)(void *arg, const struct holder *holder),
		 void *arg, bool *whole, struct err *e)
{
	struct search search = {
		.object = object,
		.id = id,
		.tell = tell,
		.arg = arg,
		.left = DESCRIPTORS,
		.more = true,
	};
	DIR *proc = open_dir(AT_FDCWD, "/proc");
	const struct dirent *entry;

	if (!proc)
		return fail(e, errno, "the processes cannot be listed: %s",
			    strerror(errno_clamp(errno)));
	while (search.more && search.left && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			look_in(&search, dirfd(proc), entry->d_name);
	closedir(proc);
	*whole = search.more && search.left;
	return 0;
}
