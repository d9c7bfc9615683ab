// SPDX-License-Identifier: BSD-2-Clause
/*
 * vfs.c - what the tests do with files that no shell does.
 *
 * Prints "ok" or the name of the errno, unless said otherwise below.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static int say(long result)
{
	puts(result < 0 ? strerrorname_np(errno) : "ok");
	return 0;
}

/* All of the file, from that place on. */
static int run_read(char **args)
{
	off_t at = args[1] ? strtol(args[1], NULL, 10) : 0;
	int fd = open(args[0], O_RDONLY);
	char bytes[4096];
	ssize_t got = fd;

	while (got >= 0 && (got = pread(fd, bytes, sizeof(bytes), at)) > 0)
		at += got;
	return say(got);
}

static int run_noreplace(char **args)
{
	return say(renameat2(AT_FDCWD, args[0], AT_FDCWD, args[1],
			     RENAME_NOREPLACE));
}

static int run_exchange(char **args)
{
	return say(renameat2(AT_FDCWD, args[0], AT_FDCWD, args[1],
			     RENAME_EXCHANGE));
}

static int run_rename(char **args)
{
	return say(rename(args[0], args[1]));
}

/* So many bytes at the end of the file. */
static int run_fill(char **args)
{
	size_t size = strtoul(args[1], NULL, 10);
	int fd = open(args[0], O_WRONLY | O_CREAT | O_APPEND, 0600);
	char *bytes = calloc(1, size + 1);
	ssize_t length = 0;

	if (fd < 0 || !bytes)
		return say(-1);
	memset(bytes, 'x', size);
	while (size && length >= 0) {
		length = write(fd, bytes, size);
		size -= length > 0 ? (size_t)length : 0;
	}
	return say(length);
}

/* Opened by one user, written by root. */
static int run_foreign(char **args)
{
	uid_t uid = (uid_t)strtoul(args[0], NULL, 10);
	int fd;

	if (setegid(uid) || seteuid(uid))
		err(1, "seteuid");
	fd = open(args[1], O_WRONLY);
	if (fd < 0)
		err(1, "%s", args[1]);
	if (seteuid(0))
		err(1, "seteuid");
	return say(write(fd, args[2], strlen(args[2])));
}

/* Prints "ready" or "quiet": at once, after a wait, and after another read. */
static int run_poll(char **args)
{
	struct pollfd poll_fd = {
		.fd = open(args[0], O_RDONLY),
		.events = POLLIN | POLLPRI,
	};
	char text[4096];

	if (poll_fd.fd < 0 || read(poll_fd.fd, text, sizeof(text)) < 0)
		err(1, "%s", args[0]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts(poll(&poll_fd, 1, 0) ? "ready" : "quiet");
	puts(poll(&poll_fd, 1, atoi(args[1]) * 1000) ? "ready" : "quiet");
	/* From the start once more: what is read then is new. */
	if (pread(poll_fd.fd, text, sizeof(text), 0) < 0)
		err(1, "%s", args[0]);
	puts(poll(&poll_fd, 1, 0) ? "ready" : "quiet");
	return 0;
}

/* Two names change places all the time, until killed. */
static int run_flip(char **args)
{
	for (;;)
		if (renameat2(AT_FDCWD, args[0], AT_FDCWD, args[1],
			      RENAME_EXCHANGE))
			err(1, "%s", args[0]);
}

/* The text of the file is written as often as one can for so many seconds. */
static int run_hammer(char **args)
{
	time_t end = time(NULL) + atoi(args[2]);
	unsigned long good = 0;
	int fd = open(args[0], O_WRONLY);

	if (fd < 0)
		err(1, "%s", args[0]);
	while (time(NULL) < end)
		good += write(fd, args[1], strlen(args[1])) > 0;
	printf("%lu\n", good);
	return 0;
}

/* Prints the sizes of a block, and how many blocks, free blocks, files … are. */
static int run_statfs(char **args)
{
	struct statfs fs;

	if (statfs(args[0], &fs))
		err(1, "%s", args[0]);
	printf("%ju %ju %ju %ju %ju %ju %ju\n", (uintmax_t)fs.f_bsize,
	       (uintmax_t)fs.f_frsize, (uintmax_t)fs.f_blocks,
	       (uintmax_t)fs.f_bfree, (uintmax_t)fs.f_files,
	       (uintmax_t)fs.f_ffree, (uintmax_t)fs.f_namelen);
	return 0;
}

/* Prints what is in the file of the descriptor, from its start. */
static int run_reread(char **args)
{
	char text[4096];
	ssize_t length = pread(atoi(args[0]), text, sizeof(text), 0);

	if (length < 0)
		err(1, "%s", args[0]);
	return fwrite(text, 1, (size_t)length, stdout) != (size_t)length;
}

static int run_fsync(char **args)
{
	int fd = open(args[0], O_RDONLY);

	return say(fd < 0 ? -1 : fsync(fd));
}

static int run_mmap(char **args)
{
	int fd = open(args[0], O_RDWR);

	return say(mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED
			   ? -1
			   : 0);
}

/* The file has a capability from now on, permitted and effective. */
static int run_filecap(char **args)
{
	struct vfs_cap_data data = {
		.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
		.data[0].permitted = UINT32_C(1) << atoi(args[0]),
	};

	return setxattr(args[1], "security.capability", &data, XATTR_CAPS_SZ_2,
			0)
	       ? err(1, "%s", args[1]),
	       1 : 0;
}

/* Is not to be traced, and says so, until killed. */
static int run_undumpable(char **args)
{
	(void)args;
	if (prctl(PR_SET_DUMPABLE, 0))
		err(1, "prctl");
	say(0);
	fflush(stdout);
	return pause();
}

static volatile int swapping = 1;

/* Descriptor to[0] is by turns what to[1] and to[2] are. */
static void *swap_descriptors(void *arg)
{
	const int *to = arg;

	while (swapping) {
		dup2(to[1], to[0]);
		dup2(to[2], to[0]);
	}
	return NULL;
}

/*
 * Writes a reference to a descriptor so many times, which is by turns the one
 * told and that of the file itself.
 */
static int run_swap(char **args)
{
	int fd = open(args[0], O_WRONLY), times = atoi(args[2]);
	int to[3] = { 200, atoi(args[1]), fd };
	static const char text[] = "/proc/self/fd/200";
	pthread_t thread;

	if (fd < 0 || pthread_create(&thread, NULL, swap_descriptors, to))
		err(1, "%s", args[0]);
	while (times-- > 0)
		if (write(fd, text, sizeof(text) - 1) < 0 && errno != EINVAL &&
		    errno != ENOENT && errno != ETIMEDOUT)
			return say(-1);
	swapping = 0;
	pthread_join(thread, NULL);
	return say(0);
}

/* Runs a copy of the file that is in memory only, to answer lines. */
static int run_memfd(char **args)
{
	char *const words[] = { args[0], (char[]){ "-i" }, NULL };
	int in = open(args[0], O_RDONLY), fd = memfd_create("copy", 0);
	char *const none[] = { NULL };
	struct stat st;

	if (in < 0 || fd < 0 || fstat(in, &st) ||
	    sendfile(fd, in, NULL, (size_t)st.st_size) != st.st_size)
		err(1, "%s", args[0]);
	close(in);
	fexecve(fd, words, none);
	err(1, "%s", args[0]);
}

static const struct command {
	const char *name;
	int args;
	int (*run)(char **args);
	const char *usage;
} commands[] = {
	{ "read", 2, run_read, "FILE OFFSET" },
	{ "noreplace", 2, run_noreplace, "FROM TO" },
	{ "exchange", 2, run_exchange, "ONE OTHER" },
	{ "rename", 2, run_rename, "FROM TO" },
	{ "fill", 2, run_fill, "FILE SIZE" },
	{ "foreign", 3, run_foreign, "UID FILE TEXT" },
	{ "poll", 2, run_poll, "FILE SECONDS" },
	{ "flip", 2, run_flip, "ONE OTHER" },
	{ "hammer", 3, run_hammer, "FILE TEXT SECONDS" },
	{ "statfs", 1, run_statfs, "PATH" },
	{ "reread", 1, run_reread, "DESCRIPTOR" },
	{ "fsync", 1, run_fsync, "PATH" },
	{ "mmap", 1, run_mmap, "FILE" },
	{ "filecap", 2, run_filecap, "CAPABILITY FILE" },
	{ "undumpable", 0, run_undumpable, "" },
	{ "swap", 3, run_swap, "FILE DESCRIPTOR TIMES" },
	{ "memfd", 1, run_memfd, "FILE" },
};

static const size_t ncommands = sizeof(commands) / sizeof(commands[0]);

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 1 && i < ncommands; i++)
		if (!strcmp(commands[i].name, argv[1]) &&
		    argc - 2 == commands[i].args)
			return commands[i].run(argv + 2);
	for (i = 0; i < ncommands; i++)
		fprintf(stderr, "usage: vfs %s %s\n", commands[i].name,
			commands[i].usage);
	return 2;
}
