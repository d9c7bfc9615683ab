// SPDX-License-Identifier: BSD-2-Clause
/* tracefs_event.c - making and removing events of our own in tracefs. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "array.h"
#include "attach/kernel/tracefs.h"
#include "attach/kernel/tracefs_name.h"
#include "scope.h"

/* WRITE_BUFSIZE of kernel/trace/trace.c: a command with its newline and NUL. */
enum { COMMAND = 4096 };

/* KRETPROBE_MAXACTIVE_MAX of kernel/trace/trace_kprobe.c, 4.12. */
enum { MAXACTIVE = 4096 };

struct list {
	const char *file;
	const char *missing;
};

static const struct list lists[] = {
	[TRACEFS_KPROBES] =
		{
			.file = "kprobe_events",
			.missing = "CONFIG_KPROBE_EVENTS, Linux 2.6.33",
		},
	[TRACEFS_UPROBES] =
		{
			.file = "uprobe_events",
			.missing = "CONFIG_UPROBE_EVENTS, Linux 3.5",
		},
};

/*
 * The group is of the process that makes the first event: a daemon forks
 * between tracefs_setup() and that.  Constant once it is known; with a start
 * time that was not read it would be a dead daemon's, whose events are removed.
 */
static struct {
	pthread_mutex_t lock;
	bool known; /* guarded by lock */
	char group[TRACEFS_NAME];
} own = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* NULL with *e filled when our start time cannot be read now. */
static const char *group_of_ours(struct err *e)
{
	uint32_t start;
	int err = 0;

	pthread_mutex_lock(&own.lock);
	if (!own.known) {
		err = process_start(getpid(), &start);
		if (!err)
			tracefs_group_make(getpid(), start, own.group);
		own.known = !err;
	}
	pthread_mutex_unlock(&own.lock);
	if (!err)
		return own.group;
	fail(e, -err, "cannot read when this process began: %s",
	     strerror(errno_clamp(-err)));
	return NULL;
}

static int number_make(enum tracefs_list list, uint64_t *number)
{
	if (getrandom(number, sizeof(*number), 0) != sizeof(*number))
		return -errno;
	*number = (*number | 2) & ~1ULL; /* never 0 */
	*number |= list;
	return 0;
}

static enum tracefs_list list_of(uint64_t number)
{
	return number & 1;
}

/* Without O_TRUNC, which would remove every event of the machine. */
static int list_open(const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* One command a write: the kernel takes what it gets in one call as lines. */
static int list_write(int fd, const char *command)
{
	return write(fd, command, strlen(command)) < 0 ? -errno : 0;
}

static int remove_event(const char *path, const char *group, const char *event)
{
	char command[2 * TRACEFS_NAME + sizeof("-:/\n")];
	scoped_fd int fd = list_open(path);

	snprintf(command, sizeof(command), "-:%s/%s\n", group, event);
	return fd < 0 ? fd : list_write(fd, command);
}

/*
 * error_log (5.2) holds the last eight faults of everybody:
 *
 *	[  123.456] trace_uprobe: error: Failed to find the given file
 *	  Command: p:GROUP/EVENT /nowhere:0x10
 */
static bool log_find(const char *event, char *text, size_t size)
{
	static const char mark[] = ": error: ";
	scoped_file FILE *file = NULL;
	scoped_free char *line = NULL;
	size_t room = 0;
	char path[PATH_MAX], *fault;

	if (tracefs_path(path, sizeof(path), NULL, "error_log"))
		return false;
	file = fopen(path, "re");
	text[0] = '\0';
	while (file && getline(&line, &room, file) > 0) {
		fault = strstr(line, mark);
		if (fault) {
			fault[strcspn(fault, "\n")] = '\0';
			snprintf(text, size, "%s", fault + strlen(mark));
		} else if (strstr(line, "Command: ") && strstr(line, event)) {
			return text[0] != '\0';
		}
	}
	return false;
}

static int fail_open(enum tracefs_list list, int code, const char *path,
		     struct err *e)
{
	switch (code) {
	case ENOENT:
		return fail(e, EOPNOTSUPP, "this kernel has no %s (%s)",
			    lists[list].file, lists[list].missing);
	case EROFS:
		return fail(
			e, EROFS,
			"'%s' is on a read-only tracefs; make it writable with: mount -o remount,rw %s",
			path, tracefs_root(NULL));
	case EACCES:
	case EPERM:
		return fail(
			e, code,
			"the kernel forbids to write '%s'; it needs CAP_DAC_OVERRIDE, and no lockdown=confidentiality",
			path);
	default:
		return fail(e, code, "cannot write '%s': %s", path,
			    strerror(errno_clamp(code)));
	}
}

static int fail_make(const char *event, const char *where, int code,
		     struct err *e)
{
	char fault[128];

	if (log_find(event, fault, sizeof(fault)))
		return fail(e, code, "the kernel refuses an event at '%s': %s",
			    where, fault);
	return fail(e, code, "the kernel refuses an event at '%s': %s", where,
		    strerror(errno_clamp(code)));
}

/* The kernel splits a command at blanks and drops what follows a '#'. */
static int where_check(const char *where, struct err *e)
{
	size_t plain = strcspn(where, " \t\n\v\f\r#");

	if (!*where)
		return fail(e, EINVAL, "an event needs a place");
	if (where[plain])
		return fail_at(e, EINVAL, plain,
			       "tracefs takes no blanks and no '#': '%s'",
			       where);
	return 0;
}

static int command_make(char *command, bool ret, uint32_t maxactive,
			const char *group, const char *event, const char *where)
{
	char active[sizeof("4294967295")] = "";

	if (maxactive)
		snprintf(active, sizeof(active), "%u", maxactive);
	return snprintf(command, COMMAND, "%c%s:%s/%s %s\n", ret ? 'r' : 'p',
			active, group, event, where);
}

/* The list, for writing, and its path. */
static int list_find(enum tracefs_list list, char *path, size_t size,
		     struct err *e)
{
	int fd = tracefs_path(path, size, e, "%s", lists[list].file);

	if (fd)
		return fd;
	fd = list_open(path);
	return fd < 0 ? fail_open(list, -fd, path, e) : fd;
}

int tracefs_make(enum tracefs_list list, bool ret, uint32_t maxactive,
		 const char *label, const char *where, uint64_t *number,
		 uint32_t *id, struct err *e)
{
	char path[PATH_MAX], event[TRACEFS_NAME], command[COMMAND];
	const char *group;
	scoped_fd int fd = -1;
	int err;

	/* uprobe_events takes r8: too, for a name of its own choice. */
	if (list != TRACEFS_KPROBES || !ret)
		maxactive = 0;
	if (maxactive > MAXACTIVE)
		return fail(e, ERANGE, "maxactive %u is more than %d",
			    maxactive, MAXACTIVE);
	err = where_check(where, e);
	if (err)
		return err;
	fd = list_find(list, path, sizeof(path), e);
	if (fd < 0)
		return fd;
	group = group_of_ours(e);
	if (!group)
		return -e->code;
	if (number_make(list, number))
		return fail(e, EIO, "no random number for the event's name");
	tracefs_event_make(label, *number, event);
	if (command_make(command, ret, maxactive, group, event, where) >=
	    COMMAND)
		return fail(e, E2BIG, "the place is too long for tracefs: '%s'",
			    where);
	err = list_write(fd, command);
	if (err)
		return fail_make(event, where, -err, e);
	err = tracefs_event_id(group, event, id, e);
	if (err)
		remove_event(path, group, event);
	return err;
}

/* Calls each() for every event of a probefs in the list until it is not 0. */
static int list_walk(const char *path,
		     int (*each)(void *ctx, const char *group,
				 const char *event),
		     void *ctx)
{
	scoped_file FILE *file = fopen(path, "re");
	scoped_free char *line = NULL;
	char group[TRACEFS_NAME], event[TRACEFS_NAME];
	size_t room = 0;
	uint32_t pid, start;
	int err = 0;

	if (!file)
		return -errno;
	while (!err && getline(&line, &room, file) > 0)
		if (tracefs_line_parse(line, group, event) &&
		    tracefs_group_parse(group, &pid, &start))
			err = each(ctx, group, event);
	return err;
}

struct wanted {
	uint64_t number;
	char group[TRACEFS_NAME], event[TRACEFS_NAME];
};

static int match_number(void *ctx, const char *group, const char *event)
{
	struct wanted *wanted = ctx;
	uint64_t number;

	if (!tracefs_event_parse(event, &number) || number != wanted->number)
		return 0;
	strcpy(wanted->group, group);
	strcpy(wanted->event, event);
	return 1;
}

int tracefs_remove(uint64_t number)
{
	struct wanted wanted = { .number = number };
	char path[PATH_MAX];
	int err;

	err = tracefs_path(path, sizeof(path), NULL, "%s",
			   lists[list_of(number)].file);
	if (!err)
		err = list_walk(path, match_number, &wanted);
	if (err <= 0)
		return err == -ENOENT ? 0 : err;
	err = remove_event(path, wanted.group, wanted.event);
	return err == -ENOENT ? 0 : err;
}

static int add_orphan(void *ctx, const char *group, const char *event)
{
	FILE *out = ctx;

	if (tracefs_group_dead(group))
		fprintf(out, "%s%c%s%c", group, '\0', event, '\0');
	return 0;
}

/* Removing while reading would make the reader skip lines. */
static int collect_list(const char *path)
{
	scoped_free char *names = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&names, &size);
	const char *group, *event;
	int removed = 0;

	if (!out)
		return 0;
	list_walk(path, add_orphan, out);
	if (fclose(out))
		return 0;
	for (group = names; group < names + size;
	     group = event + strlen(event) + 1) {
		event = group + strlen(group) + 1;
		removed += !remove_event(path, group, event);
	}
	return removed;
}

int tracefs_collect(void)
{
	char path[PATH_MAX];
	int removed = 0;
	size_t i;

	for (i = 0; i < COUNT(lists); i++)
		if (!tracefs_path(path, sizeof(path), NULL, "%s",
				  lists[i].file))
			removed += collect_list(path);
	return removed;
}
