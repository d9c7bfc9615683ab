// SPDX-License-Identifier: BSD-2-Clause
/* tracefs_profile.c - the misses of kprobes that are events of tracefs. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "attach/kernel/tracefs.h"
#include "attach/kernel/tracefs_name.h"
#include "attach/kernel/tracefs_profile.h"
#include "scope.h"

static int by_number(const void *left, const void *right)
{
	const struct profile_event *a = left, *b = right;

	return (a->number > b->number) - (a->number < b->number);
}

/* "  EVENT  HITS  MISSED": probes_profile_seq_show() of trace_kprobe.c. */
static bool line_parse(const char *line, struct profile_event *event)
{
	char name[TRACEFS_NAME];

	return sscanf(line, "%63s %*u %" SCNu64, name, &event->missed) == 2 &&
	       tracefs_event_parse(name, &event->number);
}

void profile_read(struct profile *profile)
{
	struct profile_event event;
	char path[PATH_MAX], line[512];
	scoped_file FILE *in = NULL;
	FILE *out;
	size_t size;

	*profile = (struct profile){ 0 };
	if (tracefs_path(path, sizeof(path), NULL, "kprobe_profile"))
		return;
	in = fopen(path, "re");
	out = in ? open_memstream((char **)&profile->events, &size) : NULL;
	if (!out)
		return;
	while (fgets(line, sizeof(line), in))
		if (line_parse(line, &event))
			fwrite(&event, sizeof(event), 1, out);
	if (fclose(out))
		return;
	profile->count = size / sizeof(event);
	qsort(profile->events, profile->count, sizeof(event), by_number);
}

void profile_clear(struct profile *profile)
{
	free(profile->events);
	*profile = (struct profile){ 0 };
}

bool profile_missed(const struct profile *profile, uint64_t number,
		    uint64_t *missed)
{
	struct profile_event wanted = { .number = number };
	const struct profile_event *found =
		profile->count
			? bsearch(&wanted, profile->events, profile->count,
				  sizeof(wanted), by_number)
			: NULL;

	if (found)
		*missed = found->missed;
	return found;
}
