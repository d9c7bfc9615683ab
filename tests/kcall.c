// SPDX-License-Identifier: BSD-2-Clause
/*
 * kcall.c - calls functions of the kernel a known number of times.
 *
 * kcall COUNT: sched_rr_get_interval(2), which nobody else calls.
 * kcall -s COUNT: so many threads are inside of pause(2) at once, and leave it.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int call(long count)
{
	struct timespec interval;

	while (count-- > 0)
		if (sched_rr_get_interval(0, &interval))
			return 1;
	return 0;
}

enum { MAX_SLEEPERS = 256 };

static _Atomic pid_t tids[MAX_SLEEPERS];

static void *sleeper(void *tid)
{
	atomic_store((_Atomic pid_t *)tid, gettid());
	pause();
	return NULL;
}

/* The file begins with the number of the system call that the thread is in. */
static bool sleeps(pid_t tid)
{
	char path[64], text[16] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", tid);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	return strtol(text, NULL, 10) == SYS_pause;
}

static int sleep_many(long count)
{
	pthread_t thread;
	long i;

	if (count > MAX_SLEEPERS)
		return 1;
	for (i = 0; i < count; i++)
		if (pthread_create(&thread, NULL, sleeper, &tids[i]))
			return 1;
	for (i = 0; i < count; i++)
		while (!tids[i] || !sleeps(tids[i]))
			usleep(1000);
	/* The end of the process gets them all out of the system call. */
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2)
		return call(strtol(argv[1], NULL, 10));
	if (argc == 3 && !strcmp(argv[1], "-s"))
		return sleep_many(strtol(argv[2], NULL, 10));
	fputs("usage: kcall [-s] COUNT\n", stderr);
	return 2;
}
