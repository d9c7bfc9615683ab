// SPDX-License-Identifier: BSD-2-Clause
/*
 * objects.c - what loading an object takes: by probefs, by bpftool, by libbpf.
 *
 * objects DIR OBJECT PIN ROUNDS: DIR is a prog/NAME that has the object.  Prints
 * the medians of the three, in microseconds.
 */
#include <bpf/libbpf.h>
#include <spawn.h>
#include <sys/wait.h>

#include "tests/bench/bench.h"

extern char **environ;

static double by_probefs(const char *dir)
{
	char path[4096];
	double start, end;

	snprintf(path, sizeof(path), "%s/load", dir);
	start = now();
	put(path, "1");
	end = now();
	put(path, "0");
	return end - start;
}

static double by_bpftool(const char *object, const char *pin)
{
	const char *argv[] = { "bpftool", "prog", "load", object, pin, NULL };
	double start = now(), end;
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, (char **)(uintptr_t)argv,
			 environ) ||
	    waitpid(pid, &status, 0) != pid || status)
		errx(1, "bpftool cannot load %s", object);
	end = now();
	unlink(pin);
	return end - start;
}

static double by_libbpf(const char *path)
{
	double start = now(), end;
	struct bpf_object *object = bpf_object__open(path);

	if (!object || bpf_object__load(object))
		errx(1, "libbpf cannot load %s", path);
	end = now();
	bpf_object__close(object);
	return end - start;
}

int main(int argc, char **argv)
{
	struct series ours = { 0 }, tool = { 0 }, library = { 0 };
	long rounds;

	if (argc != 5)
		errx(2, "usage: objects DIR OBJECT PIN ROUNDS");
	libbpf_set_print(NULL);
	for (rounds = number(argv[4]); rounds > 0; rounds--) {
		series_add(&ours, by_probefs(argv[1]));
		series_add(&tool, by_bpftool(argv[2], argv[3]));
		series_add(&library, by_libbpf(argv[2]));
	}
	printf("%.0f %.0f %.0f\n", median(&ours), median(&tool),
	       median(&library));
	return 0;
}
