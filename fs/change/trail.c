// SPDX-License-Identifier: BSD-2-Clause
/* trail.c - a path, component by component, under inotify(7). */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "fs/change/trail.h"
#include "scope.h"

enum {
	WATCH_ANY = IN_MOVE_SELF | IN_DELETE_SELF | IN_MASK_ADD,
	/* IN_ATTRIB: the number of its names has changed. */
	WATCH_LINK = WATCH_ANY | IN_ATTRIB,
	WATCH_FILE = WATCH_ANY | IN_ATTRIB | IN_CLOSE_WRITE,
	WATCH_NAMES = WATCH_ANY | IN_CREATE | IN_MOVED_TO,
	LINKS_MAX = 40, /* MAXSYMLINKS of linux/namei.h */
};

/* The way: the real directories so far, and what is left of the path. */
struct way {
	struct mandate *mandate;
	int inotify;
	struct trail *trail;
	char done[PATH_MAX]; /* without a slash at its end; "" is the root */
	char left[PATH_MAX];
	unsigned int links;
};

bool trail_has(const struct trail *trail, int watch)
{
	size_t i;

	for (i = 0; i < trail->count; i++)
		if (trail->watches[i] == watch)
			return true;
	return false;
}

bool trail_concerned(const struct trail *trail,
		     const struct inotify_event *event)
{
	if (!event->len)
		return trail_has(trail, event->wd);
	return event->wd == trail->waits && !strcmp(event->name, trail->name);
}

void trail_clear(struct trail *trail)
{
	free(trail->name);
	*trail = (struct trail){ .waits = -1 };
}

static int too_long(struct err *e)
{
	return fail(
		e, E2BIG,
		"the path leads through more than %d directories and links, so it cannot be followed",
		TRAIL_MAX);
}

/* By its descriptor: the name may mean something else by now. */
static int watch(struct way *w, int fd, uint32_t mask, struct err *e)
{
	struct trail *trail = w->trail;
	char path[32];
	int got;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	got = inotify_add_watch(w->inotify, path, mask);
	if (got < 0 && errno == ENOSPC)
		return fail(
			e, ENOSPC,
			"no watch is left (fs.inotify.max_user_watches), so the path cannot be followed");
	if (got < 0)
		return fail(e, errno, "'%s' cannot be watched: %s",
			    *w->done ? w->done : "/",
			    strerror(errno_clamp(errno)));
	if (trail_has(trail, got))
		return got;
	if (trail->count == TRAIL_MAX)
		return too_long(e);
	trail->watches[trail->count++] = got;
	return got;
}

/* Cuts the next component off what is left; "" at the end. */
static void next(struct way *w, char name[NAME_MAX + 1])
{
	const char *start = w->left + strspn(w->left, "/");
	size_t length = strcspn(start, "/");

	snprintf(name, NAME_MAX + 1, "%.*s", (int)length, start);
	memmove(w->left, start + length, strlen(start + length) + 1);
}

/* The name is not there: the directory tells when it comes. */
static int wait_for(struct way *w, const char *name, struct err *e)
{
	int got;

	scoped_fd int fd = mandate_look(w->mandate, *w->done ? w->done : "/",
					O_DIRECTORY, e);

	if (fd < 0)
		return fd;
	got = watch(w, fd, WATCH_NAMES, e);
	if (got < 0)
		return got;
	w->trail->name = strdup(name);
	if (!w->trail->name)
		return fail(e, ENOMEM, "no memory");
	w->trail->waits = got;
	return 0;
}

/* What a link says takes its place. */
static int follow_link(struct way *w, int fd, struct err *e)
{
	char target[PATH_MAX], left[PATH_MAX];
	ssize_t length = readlinkat(fd, "", target, sizeof(target) - 1);

	if (length < 0)
		return fail(e, errno, "a link cannot be read");
	target[length] = '\0';
	if (++w->links > LINKS_MAX)
		return fail(e, EXDEV,
			    "the path leads through links in a circle");
	if (target[0] == '/')
		w->done[0] = '\0';
	if (snprintf(left, sizeof(left), "%s/%s", target, w->left) >=
	    (int)sizeof(left))
		return too_long(e);
	strcpy(w->left, left);
	return 1;
}

/* 1: go on; 0: the end; or -errno. */
static int step(struct way *w, struct err *e)
{
	char name[NAME_MAX + 1], here[PATH_MAX + NAME_MAX + 2];
	struct statx st;
	int got;

	next(w, name);
	if (!*name)
		return 0;
	snprintf(here, sizeof(here), "%s/%s", w->done, name);
	if (strlen(here) >= sizeof(w->done))
		return too_long(e);
	scoped_fd int fd = mandate_look(w->mandate, here, O_NOFOLLOW, e);

	if (fd == -ENOENT)
		return wait_for(w, name, e);
	if (fd < 0)
		return fd;
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &st))
		return fail(e, errno, "cannot look at '%s'", here);
	got = watch(w, fd,
		    S_ISDIR(st.stx_mode)   ? (uint32_t)WATCH_ANY
		    : S_ISLNK(st.stx_mode) ? (uint32_t)WATCH_LINK
					   : (uint32_t)WATCH_FILE,
		    e);
	if (got < 0)
		return got;
	if (S_ISLNK(st.stx_mode))
		return follow_link(w, fd, e);
	strcpy(w->done, here);
	return S_ISDIR(st.stx_mode);
}

int trail_lay(int inotify, struct mandate *mandate, const char *path,
	      struct trail *trail, struct err *e)
{
	struct way *w = calloc(1, sizeof(*w));
	int more;

	*trail = (struct trail){ .waits = -1 };
	if (!w)
		return fail(e, ENOMEM, "no memory");
	w->mandate = mandate;
	w->inotify = inotify;
	w->trail = trail;
	snprintf(w->left, sizeof(w->left), "%s", path);
	do
		more = step(w, e);
	while (more > 0);
	free(w);
	return more;
}
