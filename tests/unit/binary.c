// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* binary.c - finding the file of a program or library. */
#include "attach/kind/uprobe/binary.h"
#include "tests/unit/check.h"
#include "tests/unit/plain_opener.h"

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
	{ "libc", "/libc.so.6" },
	{ "libm", "/libm.so.6" },
	{ "lib", "ENOENT" },
	{ "libnone", "ENOENT" },
	{ "/bin/sh/x", "ENOTDIR" },
};

/* The end that is wanted, when the path has it. */
static const char *end_of(const char *path, const char *want)
{
	size_t length = strlen(path), tail = strlen(want);

	return length < tail ? path : path + length - tail;
}

static void check_row(const char *name, const char *want)
{
	struct binary binary;
	struct err e;

	if (binary_open(name, &plain_opener, &binary, &e))
		check_text(name, want, errno_name(e.code));
	else
		check_text(name, want, end_of(binary.path, want));
	binary_clear(&binary);
}

int main(void)
{
	size_t i;

	for (EACH(rows, i))
		check_row(rows[i].name, rows[i].want);
	return check_end("binary");
}
