// SPDX-License-Identifier: BSD-2-Clause
/* ksyms.c - the lines of /proc/kallsyms that an object asks for. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/symbols/kallsyms.h"
#include "attach/program/ksyms.h"
#include "scope.h"

struct wanted {
	const char **names; /* in order */
	size_t count;
	bool addresses;
	FILE *out;
};

static int compare(const void *a, const void *b)
{
	const char *const *one = a, *const *other = b;

	return strcmp(*one, *other);
}

static bool show(void *ctx, const struct kallsym *line)
{
	const struct wanted *wanted = ctx;

	if (!bsearch(&line->name, wanted->names, wanted->count,
		     sizeof(wanted->names[0]), compare))
		return true;
	fprintf(wanted->out, "%016" PRIx64 " %c %s",
		wanted->addresses ? line->address : 0, line->type, line->name);
	if (line->module)
		fprintf(wanted->out, "\t[%s]", line->module);
	fputc('\n', wanted->out);
	return true;
}

int ksyms_show(const char *const *names, size_t count, bool addresses,
	       FILE *out)
{
	scoped_free const char **sorted = calloc(count, sizeof(*sorted));
	struct wanted wanted = { sorted, count, addresses, out };
	scoped_file FILE *in = kallsyms_open();

	if (!count)
		return 0;
	if (!sorted)
		return -ENOMEM;
	if (!in)
		return -errno;
	memcpy(sorted, names, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare);
	kallsyms_scan(in, show, &wanted);
	return 0;
}
