// SPDX-License-Identifier: BSD-2-Clause
/* mapped.c - reading /proc/PID/maps of all processes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "array.h"
#include "attach/kind/uprobe/mapped.h"
#include "scope.h"

enum { FILES_MAX = 1 << 16 }; /* lines of all maps, before sorting */

/* A file as one process has it; the first process of equal ones is kept. */
struct entry {
	unsigned int root; /* struct process, root_id */
	pid_t pid;
	char *path; /* below that root; owned */
	char *range; /* of addresses, where no path leads to it; owned */
};

struct entries {
	size_t count;
	struct entry *list;
};

static void entry_clear(struct entry *entry)
{
	free(entry->path);
	free(entry->range);
}

static bool is_listed(const struct entries *entries, const struct entry *entry)
{
	const struct entry *last;

	if (!entries->count)
		return false;
	last = &entries->list[entries->count - 1];
	return last->root == entry->root && !strcmp(last->path, entry->path);
}

/* Takes the strings of the entry over. */
static int add(struct entries *entries, struct entry *entry)
{
	struct entry *grown;

	if (!entry->path) {
		entry_clear(entry);
		return -ENOMEM;
	}
	if (entries->count == FILES_MAX || is_listed(entries, entry)) {
		entry_clear(entry);
		return 0;
	}
	grown = array_room(entries->list, entries->count, sizeof(*grown));
	if (!grown) {
		entry_clear(entry);
		return -ENOMEM;
	}
	entries->list = grown;
	entries->list[entries->count++] = *entry;
	return 0;
}

static bool is_deleted(const char *path)
{
	static const char gone[] = " (deleted)";
	size_t length = strlen(path);

	return length >= sizeof(gone) &&
	       !strcmp(path + length - (sizeof(gone) - 1), gone);
}

/* The path below the root directory, or NULL. */
static const char *below(const char *path, const char *root)
{
	size_t length = strlen(root);

	if (strncmp(path, root, length) != 0 || path[length] != '/')
		return NULL;
	return path + length;
}

/* proc(5): address perms offset dev inode path. */
static int add_line(struct entries *entries, const struct process *process,
		    char *line)
{
	struct entry entry = { .root = process->root_id, .pid = process->pid };
	char range[64], perms[8];
	const char *path = strchr(line, '/'), *inner;

	line[strcspn(line, "\n")] = '\0';
	if (!path || !strncmp(path, "//", 2) ||
	    sscanf(line, "%63s %7s", range, perms) != 2 || perms[2] != 'x')
		return 0;
	inner = is_deleted(path) ? NULL : below(path, process->root);
	if (inner) {
		entry.path = strdup(inner);
		return add(entries, &entry);
	}
	/* What has no path is told apart by its inode, which is before that. */
	inner = strchr(strchr(line, ':'), ' ');
	entry.path = strdup(inner);
	entry.range = strdup(range);
	if (entry.range)
		return add(entries, &entry);
	entry_clear(&entry);
	return -ENOMEM;
}

static int add_process(void *arg, const struct process *process)
{
	int fd = fcntl(process->maps, F_DUPFD_CLOEXEC, 0), err = 0;
	scoped_free char *line = NULL;
	size_t size = 0;
	scoped_file FILE *maps = fd < 0 ? NULL : fdopen(fd, "r");

	if (!maps) {
		fd_close(fd);
		return -ENOMEM;
	}
	while (!err && getline(&line, &size, maps) > 0)
		err = add_line(arg, process, line);
	return err;
}

static int by_path(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = (a->root > b->root) - (a->root < b->root);

	if (!order)
		order = strcmp(a->path, b->path);
	return order ? order : (a->pid > b->pid) - (a->pid < b->pid);
}

static bool same_file(int a, int b)
{
	struct stat one, other;

	return !fstat(a, &one) && !fstat(b, &other) &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* What a path of the user's leads to as well needs no process. */
static char *path_in_root(const struct entry *entry,
			  const struct opener *opener)
{
	char *path = NULL;
	struct err e;

	if (asprintf(&path, "/proc/%d/root%s", entry->pid, entry->path) < 0)
		return NULL;
	scoped_fd int theirs = opener->open(opener->ctx, path, O_PATH, &e);
	scoped_fd int own = opener->open(opener->ctx, entry->path, O_PATH, &e);

	if (theirs >= 0 && (own < 0 || !same_file(theirs, own)))
		return path;
	free(path);
	return theirs < 0 ? NULL : strdup(entry->path);
}

/* Of what is in memory only, most is no program. */
static char *path_in_maps(const struct entry *entry,
			  const struct opener *opener)
{
	static const char elf[] = "\177ELF";
	char magic[sizeof(elf)] = "", *path = NULL;
	struct err e;

	if (asprintf(&path, "/proc/%d/map_files/%s", entry->pid, entry->range) <
	    0)
		return NULL;
	scoped_fd int fd =
		opener->open(opener->ctx, path, O_RDONLY | O_NONBLOCK, &e);

	if (fd >= 0 && pread(fd, magic, sizeof(elf) - 1, 0) > 0 &&
	    !strcmp(magic, elf))
		return path;
	free(path);
	return NULL;
}

static char *path_of(const struct entry *entry, const struct opener *opener)
{
	if (entry->range)
		return path_in_maps(entry, opener);
	return entry->root ? path_in_root(entry, opener) : strdup(entry->path);
}

static bool same_entry(const struct entry *a, const struct entry *b)
{
	return a->root == b->root && !strcmp(a->path, b->path);
}

static int take_paths(const struct entries *entries,
		      const struct opener *opener, struct mapped *mapped)
{
	size_t i;
	char *path;

	mapped->list = calloc(entries->count + 1, sizeof(*mapped->list));
	if (!mapped->list)
		return -ENOMEM;
	for (i = 0; i < entries->count; i++) {
		if (i && same_entry(&entries->list[i], &entries->list[i - 1]))
			continue;
		path = path_of(&entries->list[i], opener);
		if (path)
			mapped->list[mapped->count++] = path;
	}
	return 0;
}

static int by_text(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

static void drop_twins(struct mapped *mapped)
{
	size_t i, kept = 0;

	if (mapped->count)
		qsort(mapped->list, mapped->count, sizeof(*mapped->list),
		      by_text);
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
	struct entries entries = { .count = 0 };
	int err = 0;
	size_t i;

	*mapped = (struct mapped){ .count = 0 };
	if (opener->processes)
		err = opener->processes(opener->ctx, add_process, &entries, e);
	if (!err && entries.count) {
		qsort(entries.list, entries.count, sizeof(*entries.list),
		      by_path);
		err = take_paths(&entries, opener, mapped);
	}
	for (i = 0; i < entries.count; i++)
		entry_clear(&entries.list[i]);
	free(entries.list);
	drop_twins(mapped);
	return err == -ENOMEM ? fail(e, ENOMEM, "no memory to list files")
			      : err;
}

void mapped_clear(struct mapped *mapped)
{
	size_t i;

	for (i = 0; i < mapped->count; i++)
		free(mapped->list[i]);
	free(mapped->list);
	*mapped = (struct mapped){ .count = 0 };
}
