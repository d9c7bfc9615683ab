// SPDX-License-Identifier: BSD-2-Clause
/*
 * usdt.c - static probes through files, against the calls beneath them.
 *
 * usdt second MOUNT PROGRAM FILE ROUNDS attaches the pinned PROGRAM to probes
 * that FILE has (tests/usdt_notes.c), one after the other, while the first of
 * them stays; prints medians in microseconds of each until attached, by files
 * and by a link made directly, and then of whole cycles.
 *
 * usdt removal DIR COUNT removes DIR1, DIR2, ... each in a thread; usdt detach
 * DIR COUNT writes nothing to the files attach of them, likewise.  Prints the
 * microseconds until all are done.
 */
#include <limits.h>
#include <pthread.h>
#include <sys/stat.h>

#include "attach/kernel/bpf.h"
#include "tests/bench/bench.h"

enum {
	TEXT_OFFSET = 0x4000, /* of the first probe in FILE */
	THREADS = 64,
};

struct times {
	struct series cycle, attached;
};

static void probe_dir(char *dir, const char *mount, const char *file, int i)
{
	char name[NAME_MAX + 1], *to = name;

	for (; *file && to < name + sizeof(name) - 4; file++)
		if (*file == '/')
			to = stpcpy(to, "%2F");
		else
			*to++ = *file;
	*to = '\0';
	must_fit(snprintf(dir, PATH_MAX, "%s/usdt/%s:many:probe_%06d", mount,
			  name, i),
		 PATH_MAX);
}

static void attach_files(const char *dir, const char *pin)
{
	char attach[PATH_MAX + 8];

	snprintf(attach, sizeof(attach), "%s/attach", dir);
	if (mkdir(dir, 0755))
		err(1, "mkdir %s", dir);
	put(attach, pin);
}

static void through_files(struct times *times, const char *dir, const char *pin)
{
	double start = now();

	attach_files(dir, pin);
	series_add(&times->attached, now() - start);
	if (rmdir(dir))
		err(1, "rmdir %s", dir);
	series_add(&times->cycle, now() - start);
}

static void directly(struct times *times, const char *file, const char *pin,
		     int i)
{
	uint64_t offset = (uint64_t)TEXT_OFFSET + (uint64_t)i;
	double start = now();
	int prog = bpf_get(pin, false);
	int link = bpf_link_uprobe_multi(prog, BPF_TRACE_UPROBE_MULTI, false,
					 file, 1, &offset, NULL, NULL, 0);

	if (link < 0)
		errx(1, "cannot link: %s", strerror(-link));
	series_add(&times->attached, now() - start);
	close(link);
	close(prog);
	series_add(&times->cycle, now() - start);
}

static int run_second(char **args)
{
	struct times ours = { 0 }, reference = { 0 };
	char first[PATH_MAX], dir[PATH_MAX];
	int i, rounds = (int)number(args[3]);

	probe_dir(first, args[0], args[2], 0);
	attach_files(first, args[1]);
	for (i = 1; i <= rounds; i++) {
		probe_dir(dir, args[0], args[2], i);
		through_files(&ours, dir, args[1]);
		directly(&reference, args[2], args[1], i);
	}
	rmdir(first);
	printf("%.1f %.1f %.1f %.1f\n", median(&ours.attached),
	       median(&reference.attached), median(&ours.cycle),
	       median(&reference.cycle));
	return 0;
}

static void *remove_one(void *path)
{
	if (rmdir(path))
		err(1, "rmdir %s", (const char *)path);
	return NULL;
}

static void *detach_one(void *path)
{
	char attach[PATH_MAX + 8];

	snprintf(attach, sizeof(attach), "%s/attach", (const char *)path);
	put(attach, "\n");
	return NULL;
}

static int at_once(char **args, void *(*one)(void *path))
{
	static char paths[THREADS][PATH_MAX];
	pthread_t threads[THREADS];
	int i, count = (int)number(args[1]);
	double start;

	if (count > THREADS)
		errx(2, "at most %d", THREADS);
	for (i = 0; i < count; i++)
		must_fit(snprintf(paths[i], PATH_MAX, "%s%d", args[0], i + 1),
			 PATH_MAX);
	start = now();
	for (i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, one, paths[i]))
			errx(1, "no thread");
	for (i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	printf("%.1f\n", now() - start);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[1], "second"))
		return run_second(argv + 2);
	if (argc == 4 && !strcmp(argv[1], "removal"))
		return at_once(argv + 2, remove_one);
	if (argc == 4 && !strcmp(argv[1], "detach"))
		return at_once(argv + 2, detach_one);
	errx(2, "usage: usdt second MOUNT PROGRAM FILE ROUNDS | "
		"removal DIR COUNT | detach DIR COUNT");
}
