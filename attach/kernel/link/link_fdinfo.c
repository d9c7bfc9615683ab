// SPDX-License-Identifier: BSD-2-Clause
/* link_fdinfo.c - reading the functions of a tracing_multi link. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/link/link_fdinfo.h"
#include "scope.h"

enum { LINE = 1024 };

/* "NAME+0x4/0x20", and " [MODULE]" of a module's: MODULE:NAME. */
static void name_put(char *text, FILE *names)
{
	char *module = strchr(text, '[');

	if (module) {
		module++;
		fprintf(names, "%.*s:", (int)strcspn(module, "]\n"), module);
	}
	text[strcspn(text, "+ \n")] = '\0';
	fprintf(names, "%s", text);
	putc('\0', names);
}

/* "OBJ-ID\t BTF-ID\t COOKIE\t FUNCTION" */
static bool line_parse(char *text, struct link_raw *raw, size_t i, FILE *names)
{
	uint64_t cookie;
	uint32_t obj, id;
	int at = 0;

	if (sscanf(text, "%" SCNu32 " %" SCNu32 " %" SCNu64 " %n", &obj, &id,
		   &cookie, &at) != 3 ||
	    !at)
		return false;
	raw->info.tracing_multi.obj_id = obj;
	raw->where[i] = id;
	raw->cookies[i] = cookie;
	name_put(text + at, names);
	return true;
}

static int lines_parse(FILE *in, struct link_raw *raw, size_t count)
{
	char text[LINE];
	size_t size, i = 0;
	int err = link_raw_alloc(raw, count);
	FILE *names = err ? NULL : open_memstream(&raw->names, &size);

	if (!names)
		return -ENOMEM;
	while (i < count && fgets(text, sizeof(text), in))
		i += line_parse(text, raw, i, names);
	err = fclose(names) ? -ENOMEM : 0;
	if (!err && i < count)
		link_raw_clear(raw);
	else if (!err)
		raw->info.tracing_multi.count = (uint32_t)count;
	return err;
}

int link_fdinfo_parse(FILE *in, struct link_raw *raw)
{
	char text[LINE];
	uint32_t type = 0, count = 0;

	while (fgets(text, sizeof(text), in) && strncmp(text, "obj-id", 6))
		if (sscanf(text, "attach_type: %" SCNu32, &type) != 1)
			sscanf(text, "cnt: %" SCNu32, &count);
	raw->info.tracing_multi.attach_type = type;
	if (count > ABI_MULTI_SITES)
		return -E2BIG;
	return count ? lines_parse(in, raw, count) : 0;
}

int link_fdinfo_get(int fd, struct link_raw *raw)
{
	char path[sizeof("/proc/self/fdinfo/-2147483648")];
	scoped_file FILE *in = NULL;

	if (raw->info.type != BPF_LINK_TYPE_TRACING_MULTI)
		return 0;
	memset(&raw->info.tracing_multi, 0, sizeof(raw->info.tracing_multi));
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	in = fopen(path, "re");
	return in ? link_fdinfo_parse(in, raw) : 0;
}
