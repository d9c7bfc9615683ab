// SPDX-License-Identifier: BSD-2-Clause
/*
 * left.c - left DIR PIDS PROGRAMS: what a test may leave behind, a line each.
 *
 * The programs with one of the ids PROGRAMS and those that come with probefs,
 * and the links with such a program, unless a process has them (then they are
 * somebody else's, who works meanwhile); the events in tracefs of the daemons
 * PIDS; what is mounted below DIR.  PIDS and PROGRAMS are numbers with blanks
 * between.
 */
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/program.h"
#include "attach/kernel/tracefs_name.h"
#include "scope.h"

/* kind is "prog" or "link", as in the key of fdinfo that tells the id. */
struct object {
	const char *kind;
	uint32_t id;
	char program[PROG_NAME];
	bool held;
};

static struct object *objects;
static size_t nobjects;

static bool among(const char *numbers, uint32_t wanted)
{
	char *end;

	for (; *numbers; numbers = end) {
		if (strtoul(numbers, &end, 10) == wanted && end > numbers)
			return true;
		end += strspn(end, " ");
		if (end == numbers)
			errx(2, "not numbers: '%s'", numbers);
	}
	return false;
}

static void add_if_ours(const char *kind, uint32_t id, uint32_t prog_id,
			const char *programs)
{
	scoped_fd int fd = bpf_prog_by_id(prog_id);
	struct program program;

	if (fd < 0 || program_info(fd, &program))
		return;
	if (!among(programs, prog_id) && strncmp(program.name, "probefs_", 8))
		return;
	objects = reallocarray(objects, nobjects + 1, sizeof(*objects));
	if (!objects)
		err(2, "objects");
	objects[nobjects] = (struct object){ .kind = kind, .id = id };
	strcpy(objects[nobjects++].program, program.name);
}

static void collect(const char *programs)
{
	struct link_info info;
	uint32_t id;

	for (id = 0; !bpf_prog_next(&id);)
		add_if_ours("prog", id, id, programs);
	for (id = 0; !bpf_link_next(&id);) {
		scoped_fd int fd = bpf_link_by_id(id);

		if (fd >= 0 && !link_info_get(fd, &info))
			add_if_ours("link", id, info.prog_id, programs);
	}
}

/* "prog_id:\t12" or "link_id:\t12" */
static void mark_held(const char *line)
{
	const char *id = strstr(line, "_id:");
	size_t i;

	for (i = 0; id && i < nobjects; i++)
		if (!strncmp(line, objects[i].kind, (size_t)(id - line)) &&
		    strtoul(id + strlen("_id:"), NULL, 10) == objects[i].id)
			objects[i].held = true;
}

static void read_fdinfo(const char *process)
{
	char path[sizeof("/proc//fdinfo/") + 2 * NAME_MAX], line[256];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo", process);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		scoped_file FILE *file = NULL;

		snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", process,
			 entry->d_name);
		file = fopen(path, "re");
		while (file && fgets(line, sizeof(line), file))
			mark_held(line);
	}
	if (dir)
		closedir(dir);
}

static void show_objects(const char *programs)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	size_t i;

	if (!proc)
		err(2, "/proc");
	collect(programs);
	while (nobjects && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			read_fdinfo(entry->d_name);
	closedir(proc);
	for (i = 0; i < nobjects; i++)
		if (!objects[i].held)
			printf("%s %" PRIu32 " %s\n", objects[i].kind,
			       objects[i].id, objects[i].program);
}

static void show_events(const char *list, const char *pids)
{
	scoped_file FILE *file = fopen(list, "re");
	char line[8192], group[TRACEFS_NAME], event[TRACEFS_NAME];
	uint32_t pid, start;

	while (file && fgets(line, sizeof(line), file))
		if (tracefs_line_parse(line, group, event) &&
		    tracefs_group_parse(group, &pid, &start) &&
		    among(pids, pid))
			printf("event %s", line);
}

static void show_mounts(const char *dir)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *mount;
	size_t length = strlen(dir);

	while (mounts && (mount = getmntent(mounts)))
		if (!strncmp(mount->mnt_dir, dir, length) &&
		    mount->mnt_dir[length] == '/')
			printf("mount %s\n", mount->mnt_dir);
	if (mounts)
		endmntent(mounts);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		errx(2, "usage: left DIR PIDS PROGRAMS");
	show_objects(argv[3]);
	show_events("/sys/kernel/tracing/kprobe_events", argv[2]);
	show_events("/sys/kernel/tracing/uprobe_events", argv[2]);
	show_mounts(argv[1]);
	free(objects);
	return 0;
}
