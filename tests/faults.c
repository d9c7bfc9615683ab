// SPDX-License-Identifier: BSD-2-Clause
/*
 * faults.c - touches as many fresh pages as a line says, and answers "ok": so many
 * page faults, once the first line has made all else be there.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void touch(size_t pages)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE), i;
	volatile char *at = mmap(NULL, pages * size, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		err(1, "mmap");
	madvise((void *)(uintptr_t)at, pages * size, MADV_NOHUGEPAGE);
	for (i = 0; i < pages; i++)
		at[i * size] = 1;
	munmap((void *)(uintptr_t)at, pages * size);
}

int main(void)
{
	char line[64];

	while (fgets(line, sizeof(line), stdin)) {
		touch(strtoul(line, NULL, 10));
		puts("ok");
		fflush(stdout);
	}
	return 0;
}
