// SPDX-License-Identifier: BSD-2-Clause
/*
 * usdt_twice.c - a library of usdt_target.c loaded twice into one process.
 *
 *	usdt_twice LIBRARY -i   a line fires the probes of both, and answers
 */
#include <dlfcn.h>
#include <err.h>
#include <stdio.h>

enum {
	TWICE = 2,
};

static void (*load(const char *library))(void)
{
	void *handle = dlmopen(LM_ID_NEWLM, library, RTLD_NOW);
	void (*fire)(void);

	if (!handle)
		errx(1, "%s", dlerror());
	*(void **)&fire = dlsym(handle, "usdt_fire");
	if (!fire)
		errx(1, "%s", dlerror());
	return fire;
}

int main(int argc, char **argv)
{
	void (*fire[TWICE])(void);
	char line[64];
	int i;

	if (argc < 2)
		errx(2, "usage: usdt_twice LIBRARY -i");
	for (i = 0; i < TWICE; i++)
		fire[i] = load(argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (scanf("%63s", line) == 1) {
		for (i = 0; i < TWICE; i++)
			fire[i]();
		puts("ok");
	}
	return 0;
}
