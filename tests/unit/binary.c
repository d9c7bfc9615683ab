// SPDX-License-Identifier: BSD-2-Clause
/* binary.c - finding the file of a program or library. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "attach/binary.h"

static int plain_open(void *ctx, const char *path, int flags, struct err *e)
{
	int fd = open(path, flags);

	(void)ctx;
	return fd < 0 ? fail(e, errno, "cannot open '%s'", path) : fd;
}

/* What is opened ends in want, or want is an errno. */
static const struct {
	const char *name, *want;
} rows[] = {
	{ "sh", "/sh" },
	{ "libc.so.6", "/libc.so.6" },
	{ "/bin/sh", "/bin/sh" },
	{ "", "EINVAL" },
	{ "bin/sh", "EINVAL" },
	{ "./sh", "EINVAL" },
	{ "/", "EINVAL" },
	{ "/dev/null", "EINVAL" },
	{ "/no/such/file", "ENOENT" },
	{ "no-such-program", "ENOENT" },
	{ "libnone.so.1", "ENOENT" },
	{ "/bin/sh/x", "ENOTDIR" },
};

int main(void)
{
	const struct opener opener = { .open = plain_open };
	size_t i, n = sizeof(rows) / sizeof(rows[0]), length, tail;
	struct binary binary;
	const char *got;
	int failures = 0;
	struct err e;

	for (i = 0; i < n; i++) {
		got = binary_open(rows[i].name, &opener, &binary, &e)
			      ? errno_name(e.code)
			      : binary.path;
		length = strlen(got);
		tail = strlen(rows[i].want);
		if (length < tail ||
		    strcmp(got + length - tail, rows[i].want)) {
			printf("'%s': expected %s, got %s\n", rows[i].name,
			       rows[i].want, got);
			failures++;
		}
		binary_clear(&binary);
	}
	if (failures)
		return 1;
	printf("ok binary: %zu cases\n", n);
	return 0;
}
