// SPDX-License-Identifier: BSD-2-Clause
/* mapped.c - reading /proc/PID/maps of all processes. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "attach/mapped.h"
#include "scope.h"

enum { FILES_MAX = 1 << 16 }; /* lines of all maps, before sorting */

static int add_file(struct mapped *files, const char *path)
{
	char **grown;

	if (files->count == FILES_MAX ||
	    (files->count && strcmp(files->list[files->count - 1], path) == 0))
		return 0;
	if ((files->count & (files->count - 1)) == 0) {
		grown = reallocarray(files->list,
				     files->count ? 2 * files->count : 1,
				     sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		files->list = grown;
	}
	files->list[files->count] = strdup(path);
	if (!files->list[files->count])
		return -ENOMEM;
	files->count++;
	return 0;
}

/* proc(5): address perms offset dev inode path. */
static int add_line(struct mapped *files, char *line)
{
	static const char gone[] = " (deleted)";
	char *path = strchr(line, '/'), *perms = strchr(line, ' ');
	size_t length;

	line[strcspn(line, "\n")] = '\0';
	if (!path || !perms || strlen(perms) < 4 || perms[3] != 'x')
		return 0;
	length = strlen(path);
	if (length >= sizeof(gone) &&
	    strcmp(path + length - (sizeof(gone) - 1), gone) == 0)
		return 0;
	return strncmp(path, "//", 2) == 0 ? 0 : add_file(files, path);
}

static int add_process(struct mapped *files, const struct opener *opener,
		       const char *pid)
{
	struct err ignored;
	char path[64];
	scoped_free char *line = NULL;
	size_t size = 0;
	int fd, result = 0;

	snprintf(path, sizeof(path), "/proc/%.20s/maps", pid);
	fd = opener->open(opener->ctx, path, O_RDONLY | O_CLOEXEC, &ignored);
	if (fd < 0)
		return 0; /* gone, or not the user's to see */
	scoped_file FILE *maps = fdopen(fd, "r");

	if (!maps) {
		fd_close(fd);
		return -ENOMEM;
	}
	while (!result && getline(&line, &size, maps) > 0)
		result = add_line(files, line);
	return result;
}

static int collect_files(struct mapped *files, const struct opener *opener,
			 struct err *e)
{
	struct dirent *entry;
	DIR *proc = NULL;
	int fd, result = 0;

	fd = opener->open(opener->ctx, "/proc",
			  O_RDONLY | O_DIRECTORY | O_CLOEXEC, e);
	if (fd < 0)
		return fd;
	proc = fdopendir(fd);
	if (!proc) {
		fd_close(fd);
		return fail(e, ENOMEM, "no memory to list processes");
	}
	while (!result && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			result = add_process(files, opener, entry->d_name);
	closedir(proc);
	return result ? fail(e, -result, "no memory to list files") : 0;
}

static int by_text(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

static void drop_twins(struct mapped *mapped)
{
	size_t i, kept = 0;

	for (i = 0; i < mapped->count; i++) {
		if (kept && !strcmp(mapped->list[i], mapped->list[kept - 1]))
			free(mapped->list[i]);
		else
			mapped->list[kept++] = mapped->list[i];
	}
	mapped->count = kept;
}

int mapped_files(const struct opener *opener, struct mapped *mapped,
		 struct err *e)
{
	int result;

	*mapped = (struct mapped){ .count = 0 };
	result = collect_files(mapped, opener, e);
	if (mapped->count)
		qsort(mapped->list, mapped->count, sizeof(*mapped->list),
		      by_text);
	drop_twins(mapped);
	return result;
}

void mapped_clear(struct mapped *mapped)
{
	size_t i;

	for (i = 0; i < mapped->count; i++)
		free(mapped->list[i]);
	free(mapped->list);
	*mapped = (struct mapped){ .count = 0 };
}
